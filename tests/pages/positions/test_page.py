"""The page Positions: its numbers against the oracle's, at both sizes, with odd sentences, links and answers."""

import contextlib
import io
import json
import re

import numpy as np
import pyarrow as pa
import pytest

from core import words
from pages.positions import sentence
from pages.positions.model import order
from pages.positions.model.questions import CHANGES, STAYS
from pages.shared import models, state
from pages.shared.model import hand
from tests import reference
from tests.core.same import numbers
from tests.pages.conftest import go

PAGE = "pages/positions/page.py"
DOG = hand.example("dog bites man", words.load(), width=sentence.WIDTH)
SMALL = {"positions_size": "Small model"}


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panel(app, key: str, name: str) -> np.ndarray:
    values = next(p["values"] for p in component(app, key)["panels"] if p["id"] == name)
    return np.array([[-np.inf if x is None else x for x in row] for row in values])


ALT = {
    "heat": "Heat map",
    "waves": "Lines by position",
    "distance": ("PE(p)", "cosine by", "q·k by"),
    "moves": "How far each output",
    "circle": "Arrows",
}


def chart(app, name: str) -> list[dict]:
    found = next(c.proto for c in app.get("vega_lite_chart") if c.proto.alt.startswith(ALT[name]))
    return pa.ipc.open_stream(found.datasets[0].data.data).read_all().to_pylist()


def text_of(app) -> str:
    text = " ".join(" ".join(m.value for m in app.markdown).split())
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def reveal(app):
    next(b for b in app.button if b.key == "positions_predict_show").click().run()
    assert not app.exception
    return app


def outputs(example, kind: str, places=(0, 1, 2), masked=False) -> np.ndarray:
    """Outputs by the oracle, each word in its first place."""
    x = example.x[list(places)]
    t, d = x.shape
    x = x + reference.sinusoidal(t, d) if kind == "sinusoidal" else x
    q, k, v = (x @ w for w in (example.w_q, example.w_k, example.w_v))
    output = reference.attention(q, k, v, reference.causal(t, t) if masked else True)[2]
    return output[np.argsort(places)]


def test_nothing_is_shown_before_the_prediction(open_page):
    app = open_page(PAGE)
    assert not app.exception
    assert not any("positions_both" in c.proto.id for c in app.get("bidi_component"))
    assert "no output moved by more than" not in text_of(app)


@pytest.mark.parametrize("answer", [STAYS, CHANGES])
def test_a_prediction_reveals_it(open_page, answer):
    app = open_page(PAGE)
    next(r for r in app.radio if r.key.startswith("positions_predict")).set_value(answer).run()
    assert "no output moved by more than" in text_of(app)
    assert bool(app.success) == (answer == STAYS)


@pytest.mark.parametrize(
    ("setting", "kind", "masked"),
    [
        ("no positions", "none", False),
        ("no positions, causal mask", "none", True),
        ("with positions", "sinusoidal", False),
    ],
)
def test_both_outputs_and_the_difference_are_the_oracles(open_page, setting, kind, masked):
    app = reveal(open_page(PAGE, positions_setting=setting, positions_order="bites man dog"))
    one, other = outputs(DOG, kind, masked=masked), outputs(DOG, kind, (1, 2, 0), masked)
    for name, expected in (("A", one), ("B", other), ("difference", one - other)):
        np.testing.assert_allclose(panel(app, "positions_both_hand", name), expected, rtol=0, atol=1e-12)
    moved = {(r["setting"], r["token"]): r["distance"] for r in chart(app, "moves")}
    for label, distance in zip(DOG.labels, np.linalg.norm(one - other, axis=1), strict=True):
        assert moved[setting, label] == pytest.approx(distance, abs=1e-12)


def test_every_number_can_be_changed(open_page):
    app = reveal(open_page(PAGE, positions_every="true", positions_step="8", positions_setting="with positions",
                           positions_edits="x.0.0=-1.5;w_v.3.3=2"))  # fmt: skip
    x, w_v = DOG.x.copy(), DOG.w_v.copy()
    x[0, 0], w_v[3, 3] = -1.5, 2
    changed = DOG._replace(x=x, w_v=w_v)
    np.testing.assert_allclose(panel(app, "positions_steps", "x"), x)
    np.testing.assert_allclose(panel(app, "positions_steps", "output"), outputs(changed, "sinusoidal"), atol=1e-12)
    np.testing.assert_allclose(panel(app, "positions_both_hand", "A"), outputs(changed, "sinusoidal"), atol=1e-12)
    next(b for b in app.button if b.key == "positions_reset").click().run()
    np.testing.assert_allclose(panel(app, "positions_steps", "x"), DOG.x)


def test_sinusoidal_numbers_are_the_oracles(open_page):
    app = open_page(PAGE, positions_width="16", positions_base="100", positions_pair_16="3", positions_row="7")
    pe = reference.sinusoidal(100, 16, 100.0)
    waves = [r for r in chart(app, "waves") if r["whole"]]
    for name, column in (("sine (5)", 4), ("cosine (6)", 5)):
        np.testing.assert_allclose([r["value"] for r in waves if r["which"] == name], pe[:, column], atol=1e-9)
    dots = [r["value"] for r in chart(app, "distance") if r.get("kind") == "dots"]
    np.testing.assert_allclose(dots, pe @ pe[7], atol=1e-9)
    assert f"PE(7)·PE(7+3) = **{pe[7] @ pe[10]:.4f}**" in text_of(app)
    assert f"= **{2 * np.pi * 100 ** (4 / 16):.1f}** positions" in text_of(app)


def test_learned_rows_are_the_models(open_page):
    app = open_page(PAGE, positions_way="Learned", positions_learned_row="9", positions_dimension_stories="5")
    table = models.model("stories").embedding.positions.double().numpy()
    waves = [r["value"] for r in chart(app, "waves")]
    np.testing.assert_allclose(waves, np.concatenate([table[:, 4], table[:, 5]]), atol=1e-9)
    unit = table / np.linalg.norm(table, axis=1, keepdims=True)
    dots = [r["value"] for r in chart(app, "distance") if r.get("kind") == "dots"]
    np.testing.assert_allclose(dots, unit @ unit[9], atol=1e-9)
    assert "There is no row 256" in text_of(app)
    assert len(chart(app, "heat")) == 3  # a picture, not 49,152 marks


def test_rotary_numbers_are_the_oracles(open_page):
    app = open_page(PAGE, positions_way="Rotary", positions_m="9", positions_n="4", positions_shift="6")
    q, k = (DOG.x[2] @ DOG.w_q)[None], (DOG.x[0] @ DOG.w_k)[None]
    at = lambda m, n: float(reference.rotary(q, offset=m)[0] @ reference.rotary(k, offset=n)[0])  # noqa: E731
    said = text_of(app).replace("−", "-")
    assert "| **at their places** | 9 | 4 " in said
    assert said.count(f"**{at(9, 4):.3f}**") == 2
    assert f"{at(9, 10):.3f} |" in said
    arrow = next(r for r in chart(app, "circle") if r.get("said") == "q at 15")
    np.testing.assert_allclose([arrow["x"], arrow["y"]], reference.rotary(q, offset=15)[0, :2], atol=1e-9)


def test_alibi_numbers_are_the_oracles(open_page):
    app = open_page(PAGE, positions_way="ALiBi", positions_heads="6", positions_head_6="5")
    q, k, v = (DOG.x @ w for w in (DOG.w_q, DOG.w_k, DOG.w_v))
    bias = reference.alibi(6, 3, 3)[4]
    scores, weights, output = reference.attention(q, k, v, bias=bias)
    for name, expected in (("bias", bias), ("scores", scores), ("weights", weights), ("output", output)):
        np.testing.assert_allclose(panel(app, "positions_alibi", name), expected, atol=1e-12)
    assert "slope of head 5 is **0.5**" in text_of(app)


def test_what_if_compares_two_kinds(open_page):
    app = open_page(PAGE, positions_a="Rotary", positions_b="ALiBi")
    q, k, v = (DOG.x @ w for w in (DOG.w_q, DOG.w_k, DOG.w_v))
    a = reference.attention(reference.rotary(q), reference.rotary(k), v)[1]
    b = reference.attention(q, k, v, bias=reference.alibi(8, 3, 3)[0])[1]
    for name, expected in (("A", a), ("B", b), ("difference", a - b)):
        np.testing.assert_allclose(panel(app, "positions_whatif_hand", name), expected, atol=1e-12)
    assert f"up to **{np.abs(a - b).max():.2f}**" in text_of(app)


def test_in_the_model_order_goes_unseen_without_positions_and_mask(open_page):
    app = reveal(open_page(PAGE, **SMALL, layer="3", head="4"))
    difference = panel(app, "positions_both_small", "difference")
    assert difference.shape == (sentence.MOST, sentence.MOST)
    assert np.abs(difference).max() < 1e-4
    app = reveal(open_page(PAGE, **SMALL, layer="3", head="4", positions_setting="with positions"))
    ids = app_ids()
    p, c = numbers(models.model("stories")), vars(models.model("stories").config)
    x = reference.embed(list(ids), p["embedding"], c)
    mask = reference.causal(len(ids), len(ids))
    for i in ("0", "1"):
        x = reference.block(x, p["blocks"][i], c, mask)
    block = p["blocks"]["2"]
    z = reference.layer_norm(x, **block["norm1"])
    weights = reference.multi_head(z, z, block["attention"], c["n_heads"], mask)[0][3]
    np.testing.assert_allclose(panel(app, "positions_both_small", "A"), weights, atol=2e-3)


def app_ids() -> tuple[int, ...]:
    return (1, *models.tokenizer("stories").encode(state.DEFAULT_TEXT).ids)[: sentence.MOST]


@pytest.mark.parametrize("way", ["Sinusoidal", "Learned", "Rotary", "ALiBi"])
@pytest.mark.parametrize("text", ["", "Once", "Once upon", "안녕 😀", "a " * 300, "**b** $x$ {t} | <b>"])
def test_odd_sentences(open_page, way, text):
    app = open_page(PAGE, **SMALL, positions_way=way, text=text)
    assert not app.exception
    app = open_page(PAGE, positions_example="Your sentence", positions_way=way, text=text)
    assert not app.exception
    assert bool(app.error) == (text == "")


def test_a_single_word_has_no_other_order(open_page):
    app = open_page(PAGE, positions_example="Your sentence", text="Once")
    assert "One word has no other order" in text_of(app)
    assert "One word has no other order" in text_of(open_page(PAGE, **SMALL, text="Once"))


@pytest.mark.parametrize("preset", sentence.PRESETS)
def test_another_example_offers_its_own_orders(open_page, preset):
    app = reveal(open_page(PAGE, positions_order="man dog bites"))
    app.session_state.positions_example = preset
    app.run()
    assert not app.exception
    found = hand.example(preset, words.load(), width=sentence.WIDTH)
    np.testing.assert_allclose(panel(app, "positions_whatif_hand", "A"), order.hand_head(found).weights, atol=1e-12)


@pytest.mark.parametrize(
    "link",
    [
        {"positions_way": "Wrong"},
        {"positions_base": "0"},
        {"positions_base": "1e999"},
        {"positions_base": "nan"},
        {"positions_width": "7"},
        {"positions_order": "nobody bites"},
        {"positions_edits": "x.9.9=1"},
        {"positions_edits": "x.0.0=inf"},
        {"positions_m": "-1"},
        {"positions_row": "x"},
    ],
    ids=str,
)
def test_a_bad_link_shows_the_usual_view_and_says_so(open_page, link):
    way = {"positions_way": "Rotary"} if "positions_m" in link else {}
    app = open_page(PAGE, **way, **link)
    assert not app.exception
    assert any("does not exist here" in w.value for w in app.warning)


def test_largest_numbers_stay_numbers(open_page):
    edits = ";".join(f"{name}.{i}.{j}=1000000" for name in order.EDITABLE for i in range(3) for j in range(4))
    for way in ("Rotary", "ALiBi"):
        app = reveal(open_page(PAGE, positions_edits=edits, positions_way=way, positions_setting="with positions"))
        assert not app.exception
        assert "nan" not in text_of(app).lower()
        assert np.isfinite(panel(app, "positions_both_hand", "difference")).all()


def test_the_code_prints_the_pages_numbers(open_page):
    app = reveal(open_page(PAGE))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    stayed, moved = printed.getvalue().split("\n", 1)
    assert stayed == "True"
    shown = [r["distance"] for r in chart(app, "moves") if r["setting"] == "with positions"]
    np.testing.assert_allclose(np.fromstring(moved.strip("[]\n"), sep=" "), shown, atol=0.006)
    assert [block.value.split("(")[0] for block in app.code[1:]] == ["def sinusoidal", "def rotary", "def alibi"]


def test_questions_are_about_the_numbers_on_screen(open_page):
    app = open_page(PAGE)
    boxes = [n for n in app.text_input if n.key.startswith("positions_check")]
    assert len(boxes) == 3
    assert "The vector of **2 man** begins with 0.85" in text_of(app)
    boxes[0].set_value(f"{0.85 + np.sin(2):.6f}".replace(".", ",")).run()
    assert [s.value for s in app.success] == ["Right."]


def test_every_chart_says_what_it_shows(open_page):
    for way in ("Sinusoidal", "Learned", "Rotary", "ALiBi"):
        app = reveal(open_page(PAGE, positions_way=way))
        assert all(len(c.proto.alt) > 30 for c in app.get("vega_lite_chart"))


def test_the_page_keeps_little_and_is_found_again(open_page):
    app = reveal(open_page(PAGE, positions_way="Rotary"))
    assert len(repr([app.session_state[k] for k in app.session_state._state.filtered_state])) < 10_000
    go(app, "pages/home/page.py")
    go(app, PAGE)
    assert not app.exception


def test_the_same_word_twice_has_one_output(open_page):
    app = reveal(open_page(PAGE, positions_example="only she said that she loved him"))
    assert "**1 she** and **4 she** even have the same output" in text_of(app)
    shown = panel(app, "positions_both_hand", "A")
    np.testing.assert_allclose(shown[1], shown[4], rtol=0, atol=1e-12)
    assert "even have the same output" not in text_of(reveal(open_page(PAGE)))
