"""The page Multi-head attention: by hand and in the story model, its numbers against the oracle's, and nonsense."""

import contextlib
import io
import json
import re

import numpy as np
import pyarrow as pa
import pytest

from core.tokenizer import SOS
from pages.multi_head.model.example import LOVE, WIDTH, numbers
from pages.multi_head.model.head_steps import STEPS
from pages.multi_head.model.head_steps import state as made
from pages.multi_head.model.questions import by_hand
from pages.shared import models, state
from tests import reference
from tests.core.same import numbers as parameters

PAGE = "pages/multi_head/page.py"
SMALL = {"multi_head_size": "Small model"}
LONG = (
    "Once upon a time, there was a little girl named Lily. She had a red ball and a blue car. "
    "One day she went to a park."
)


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panels(app, key: str = "multi_head_matrices") -> dict[str, np.ndarray]:
    return {p["id"]: np.array(p["values"], dtype=float) for p in component(app, key)["panels"]}


def words(app) -> str:
    text = " ".join(" ".join(e.value for k in ("markdown", "info", "error") for e in app.get(k)).split())
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def rows(app, place: int) -> list[dict]:
    proto = app.get("vega_lite_chart")[place].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_all().to_pylist()


def reveal(app):
    while shown := [b for b in app.button if b.label == "Just show me"]:
        shown[0].click().run()
    return app


def finite(app) -> None:
    assert not app.exception
    assert not re.search(r"\b(nan|inf)\b", words(app), re.IGNORECASE)
    for c in app.get("bidi_component"):
        assert "NaN" not in c.proto.json


def oracle(n_heads: int, n_kv: int, edits: dict | None = None) -> tuple[np.ndarray, np.ndarray]:
    given, kept = numbers(LOVE, edits), n_kv * WIDTH // n_heads
    p = {"w_q": given.w_q, "w_k": given.w_k[:, :kept], "w_v": given.w_v[:, :kept], "w_o": given.w_o}
    return reference.multi_head(given.x, given.x, p, n_heads, n_kv_heads=n_kv)


def layer(text: str, at: int) -> tuple[np.ndarray, np.ndarray]:
    """By the oracle: the weights (heads, t, t) and the output (t, d_model) of a layer's attention."""
    model = models.model("stories")
    p, c = parameters(model), vars(model.config)
    ids = [SOS, *models.tokenizer("stories").encode(text).ids]
    x = reference.embed(ids, p["embedding"], c)
    mask = reference.causal(len(ids), len(ids))
    for i, block in enumerate(p["blocks"].values()):
        z = reference.layer_norm(x, **block["norm1"])
        weights, output = reference.multi_head(z, z, block["attention"], c["n_heads"], mask)
        if i == at:
            return weights, output
        x = x + output
        x = x + reference.mlp(reference.layer_norm(x, **block["norm2"]), block["mlp"], c["activation"])


@pytest.mark.parametrize(("n", "kv"), [(1, 1), (2, 2), (2, 1), (4, 4), (4, 2)])
def test_by_hand_every_step_is_the_oracles(open_page, n, kv):
    link = {"multi_head_n": str(n)} | ({f"multi_head_kv_{n}": str(kv)} if kv != n else {})
    weights, output = oracle(n, kv)
    app = open_page(PAGE, **link, multi_head_step="3")
    for head in range(n):
        np.testing.assert_allclose(panels(app)[f"weights_{head + 1}"], weights[head], atol=1e-12)
    app = open_page(PAGE, **link, multi_head_step="7")
    np.testing.assert_allclose(panels(app)["output"], output, atol=1e-12)
    finite(app)


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_every_step_opens(open_page, step):
    app = open_page(PAGE, multi_head_step=str(step))
    assert f"Step {step} of {len(STEPS)}: **{STEPS[step - 1]}**" in words(app)
    finite(app)


def test_an_edit_in_the_link_runs_through_to_the_output(open_page):
    app = open_page(PAGE, multi_head_step="6", multi_head_edits="W_q.3.0=2;W_o.0.0=-1.5")
    edits = {("W_q", 3, 0): 2.0, ("W_o", 0, 0): -1.5}
    np.testing.assert_allclose(panels(app)["output"], oracle(2, 2, edits)[1], atol=1e-12)
    shown = {p["id"]: p for p in component(app, "multi_head_matrices")["panels"]}
    np.testing.assert_allclose(shown["output"]["base"], oracle(2, 2)[1], atol=1e-12)
    app.button(key="multi_head_reset").click().run()
    np.testing.assert_allclose(panels(app)["output"], oracle(2, 2)[1], atol=1e-12)
    assert "multi_head_edits" not in app.query_params


@pytest.mark.parametrize("edits", ["W_q.3.0=1e300", "W_q.9.9=1", "Z.0.0=1", "W_q.0.0=abc", "nonsense", "X.0.0=inf"])
def test_nonsense_among_the_edits_is_said(open_page, edits):
    app = open_page(PAGE, multi_head_edits=edits)
    finite(app)
    assert any(edits in w.value.replace("\\", "") for w in app.warning)
    np.testing.assert_allclose(panels(app)["W_q"], LOVE.w_q)


def test_the_largest_numbers_stay_numbers(open_page):
    edits = ";".join(f"{m}.{i}.{j}=1000000" for m in ("X", "W_q", "W_k") for i in range(3) for j in range(4))
    for step in ("1", "3", "7"):
        finite(reveal(open_page(PAGE, multi_head_edits=edits, multi_head_step=step)))


def test_what_if_is_shown_once_it_was_foretold(open_page):
    app = open_page(PAGE)
    assert not any("multi_head_whatif" in c.proto.id for c in app.get("bidi_component"))
    app = reveal(app)
    shown = panels(app, "multi_head_whatif")
    np.testing.assert_allclose(shown["output"], oracle(2, 2)[1], atol=1e-12)
    np.testing.assert_allclose(shown["other"], oracle(1, 1)[1], atol=1e-12)
    weight = oracle(2, 2)[0][0, 1, 0], oracle(1, 1)[0][0, 1, 0]
    assert (
        f"The row of **1 love** gave {weight[0]:.2f} to **0 You** in head 1; with 1 head it gives {weight[1]:.2f}"
        in words(app)
    )


def test_one_head_loses_half_and_two_nothing(open_page):
    app = reveal(open_page(PAGE, multi_head_share="0.8"))
    assert "With 0.80 on who and 0.20 on what, one head loses **50%**" in words(app)
    shown = panels(app, "multi_head_one")
    np.testing.assert_allclose(shown["mix_1"], [[0.8 * 1 + 0.2 * -1, 1.0]])
    np.testing.assert_allclose(shown["two"], shown["wanted"], atol=1e-8)
    who = [r["lost"] for r in rows(app, 0) if r.get("of") == "who" and r["share"] == 0.8]
    assert who == [pytest.approx(0.2**2 / (0.8**2 + 0.2**2))]


@pytest.mark.parametrize("width", ["4", "192", "512", "1024"])
def test_the_table_of_widths(open_page, width):
    app = open_page(PAGE, multi_head_width=width)
    table = app.table[0].value
    assert set(table.iloc[:, 2].str.strip("*")) == {f"{4 * int(width) ** 2:,}"}
    products = table.iloc[:, 0].str.strip("*").astype(int) * table["$d_k$"].str.strip("*").str.replace(",", "").astype(
        int
    )
    assert set(products) == {int(width)}


def test_the_cache_of_llama(open_page):
    app = open_page(PAGE, multi_head_tokens="8192")
    cells = app.table[1].value.astype(str).values.tolist()
    assert ["**8**", "**grouped-query**", "**328 kB**", "**2.68 GB**", "**12.5%**"] in cells
    assert "8,192 tokens take 2.68 GB" in words(app)


@pytest.mark.parametrize("text", ["", "one", "zzyzx qwrtp", "a b c d e f g h i j k l", "*Hi* $x$ [a](b)", "😀 안녕"])
def test_any_sentence_by_hand(open_page, text):
    app = open_page(PAGE, multi_head_example="Your sentence", text=text)
    finite(app)
    if re.search(r"\w", text):
        finite(reveal(app))


@pytest.mark.parametrize(
    "text", [state.DEFAULT_TEXT, "", "Once", "Once upon", "Lily likes Lily.", LONG, "a " * 300, "😀 안녕"]
)
def test_any_sentence_in_the_model(open_page, text):
    app = open_page(PAGE, **SMALL, text=text)
    finite(app)


@pytest.mark.parametrize(("at", "head"), [(1, 3), (3, 6), (4, 4)])
def test_in_the_model_the_layer_is_the_oracles(open_page, at, head):
    app = open_page(PAGE, **SMALL, layer=str(at), head=str(head), multi_head_start="5")
    weights, output = layer(state.DEFAULT_TEXT, at - 1)
    shown = panels(app, "multi_head_joined")
    np.testing.assert_allclose(shown["output"], output[-8:, :4], atol=2e-3)
    np.testing.assert_allclose(shown["concat"] @ shown["W_o"] + shown["rest"], shown["output"], atol=1e-4)
    mean = panels(app, "multi_head_mean")
    np.testing.assert_allclose(mean["mean"], weights.mean(0), atol=1e-3)
    np.testing.assert_allclose(mean["one"], weights[head - 1], atol=1e-3)
    key = weights[head - 1, -1].argmax()
    assert f"head {head} gives {weights[head - 1, -1, key]:.2f} of the weight of **9 was**" in words(app)


def test_heads_are_named_in_the_grid_and_in_words(open_page):
    app = open_page(PAGE, **SMALL, layer="3", head="6")
    grid = component(app, "multi_head_grid")
    assert grid["names"][2][5] == "previous token"
    assert "Layer 3, head 6: **previous token**" in words(app)
    nameless = sum(row.count("no simple pattern") for row in grid["names"])
    assert f"{nameless} of 24 heads have **no simple pattern**" in words(app)
    bar = next(r for r in rows(app, 0) if r["pattern"] == "previous token")
    weights = layer(state.DEFAULT_TEXT, 2)[0][5]
    assert bar["here"] == pytest.approx(np.mean([weights[i, i - 1] for i in range(2, len(weights))]), abs=1e-3)


@pytest.mark.parametrize("name", ["stories-100", "stories-400", "stories-1700"])
def test_heads_of_a_model_in_training(open_page, name):
    app = open_page(PAGE, **SMALL, model=name)
    finite(app)
    assert len(component(app, "multi_head_grid")["names"]) == 4


def test_choosing_a_head_moves_the_page(open_page):
    app = open_page(PAGE, **SMALL)
    app.session_state.layer, app.session_state.head = 4, 3
    app.run()
    assert "Layer 4, head 3" in words(app)


@pytest.mark.parametrize(
    "name", ["multi_head_n", "multi_head_size", "multi_head_step", "multi_head_width", "multi_head_share"]
)
def test_a_link_with_nonsense_shows_the_usual_view(open_page, name):
    app = open_page(PAGE, **{name: "sculpture"})
    if name == "multi_head_share":  # it is read when it is shown
        app = reveal(app)
    finite(app)
    assert ["sculpture" in w.value for w in app.warning] == [True]


@pytest.mark.parametrize("link", [{"multi_head_n": "4", "multi_head_kv_4": "2"}, SMALL], ids=["hand", "small"])
def test_the_snippet_prints_the_numbers_of_the_page(open_page, link):
    app = open_page(PAGE, **link, multi_head_step="6")
    names = {}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(app.code[0].value, names)
    output = panels(app, "multi_head_joined" if link is SMALL else "multi_head_matrices")["output"]
    np.testing.assert_allclose(names["output"], output[-1] if link is SMALL else output, atol=2e-3)
    assert said.getvalue()
    assert app.code[1].value.startswith("def multi_head_attention(")


def test_right_answers_are_marked_right(open_page):
    app = open_page(PAGE)
    answers = [q.answer for q in by_hand(made(LOVE, {}, 2, 2))]
    boxes = [box for box in app.text_input if box.key.startswith("multi_head_check")]
    for box, value in zip(boxes, answers, strict=True):
        box.set_value(str(value))
    app.run()
    assert app.session_state.progress["multi_head_check"] == (4, 4)


@pytest.mark.parametrize("typed", ["147456", "147 456", "147.456,0", "147456.0"])
def test_an_answer_stands_as_it_was_typed(open_page, typed):
    app = open_page(PAGE, **SMALL)
    box = next(box for box in app.text_input if box.label == "Your answer")
    box.set_value(typed).run()
    assert app.text_input(key=box.key).value == typed and not app.warning


@pytest.mark.parametrize("typed", ["1,234", "about 3", "1/0", "−", "9" * 40])
def test_an_answer_that_is_no_number_is_said_and_stays(open_page, typed):
    app = open_page(PAGE)
    box = next(box for box in app.text_input if box.label == "Your answer")
    box.set_value(typed).run()
    assert app.text_input(key=box.key).value == typed
    assert [*app.success, *app.exception] == [] and len(app.warning) + len(app.error) == 1


def test_rows_are_queries_only_where_they_ask(open_page):
    named = [
        component(open_page(PAGE, multi_head_step=str(n)), "multi_head_matrices")["axes"]["query"]["name"]
        for n in (1, 2, 3)
    ]
    assert named == ["word", "word", "query"]


def test_the_page_keeps_little(open_page):
    app = open_page(PAGE, **SMALL, text=LONG)
    kept = [app.session_state[key] for key in app.session_state._state.filtered_state]
    assert len(repr(kept)) < 10_000
