"""The page Masking: its numbers against the oracle's, masks drawn and linked, odd input, links and answers."""

import contextlib
import io
import json
import re

import numpy as np
import pyarrow as pa
import pytest

from core import masks, words
from core.text import words as words_of
from pages.masking import chosen_mask as shared
from pages.masking.chosen_mask import NAMES
from pages.masking.model import example, questions
from pages.masking.model.example import GREETING
from pages.shared import models, state
from pages.shared.matrices import Change, Edit
from pages.shared.model import hand
from tests import reference

PAGE = "pages/masking/page.py"
T = len(GREETING.words)
DEFAULT = [f"{i} {word}" for i, word in enumerate(GREETING.words)]
SMALL = {"masking_size": "Small model"}
EVERY = [pytest.param(kind, id=kind) for kind in masks.KINDS]


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def matrices(app, key: str = "masking_matrices") -> dict[str, np.ndarray]:
    panels = component(app, key)["panels"]
    return {p["id"]: np.array([[-np.inf if x is None else x for x in row] for row in p["values"]]) for p in panels}


def charts(app) -> list[list[dict]]:
    found = (c.proto for c in app.get("vega_lite_chart"))
    return [pa.ipc.open_stream(p.datasets[0].data.data).read_all().to_pylist() for p in found]


def bars(rows: list[dict]) -> np.ndarray:
    """(ways, words)"""
    ways = list(dict.fromkeys(r["way"] for r in rows))
    return np.array([[r["x"] for r in rows if r["way"] == way] for way in ways])


def said(app) -> str:
    return re.sub(r"[⁦-⁩]|\\(?=\W)", "", " ".join(" ".join(m.value for m in app.markdown).split()))


def show(app, key: str):
    app.button(key=key).click().run()
    assert not app.exception
    return app


def head(text: str, pads: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and values of the usual head, in float64 from the model's own queries and keys."""
    ids = (1, *models.tokenizer("stories").encode(text).ids)[: 24 - pads]
    layer, at = (state.DEFAULTS[name] - 1 for name in ("layer", "head"))
    heads = models.trace("stories", (*ids, *[0] * pads)).blocks[layer].attention.heads
    q, k, v = (x[0, at].double().numpy() for x in (heads.q, heads.k, heads.v))
    return reference.similarity(q, k), v


def expect(shown: dict, scores, mask, v, tolerance: float) -> None:
    weights = reference.softmax(np.where(mask, scores, -np.inf))
    close = {"atol": tolerance, "rtol": tolerance}
    np.testing.assert_allclose(shown["scores"], scores, **close)
    np.testing.assert_array_equal(shown["mask"], mask)
    np.testing.assert_allclose(shown["masked"], np.where(mask, scores, -np.inf), **close)
    np.testing.assert_allclose(shown["weights"], weights, **close)
    np.testing.assert_allclose(shown["output"], weights @ v, **close)


def oracle_mask(kind: str, t: int, pads: int, window: int = 3) -> np.ndarray:
    padding = np.broadcast_to(reference.padding([t - pads], t)[0], (t, t))
    causal = reference.causal(t, t)
    made = {"none": np.ones((t, t), bool), "causal": causal, "padding": padding, "both": causal & padding}
    return {**made, "window": reference.sliding_window(t, window)}[kind]


@pytest.mark.parametrize("kind", EVERY)
def test_by_hand_the_matrices_are_the_oracles(open_page, kind):
    app = open_page(PAGE, masking_kind=NAMES[kind])
    assert not app.exception
    pads = 2 if kind in ("padding", "both") else 0
    x = np.vstack([GREETING.x, np.zeros((pads, 3))])
    scores, v = reference.similarity(x @ GREETING.w_q, x @ GREETING.w_k), x @ GREETING.w_v
    expect(matrices(app), scores, oracle_mask(kind, T + pads, pads), v, 1e-9)


@pytest.mark.parametrize("kind", EVERY)
def test_a_head_of_the_story_model_is_the_oracles(open_page, kind):
    app = open_page(PAGE, masking_kind=NAMES[kind], **SMALL)
    assert not app.exception
    pads = 2 if kind in ("padding", "both") else 0
    scores, v = head(state.DEFAULT_TEXT, pads)
    expect(matrices(app, "masking_small_matrices"), scores, oracle_mask(kind, len(scores), pads), v, 2e-3)


def test_width_and_padding_come_from_the_link(open_page):
    app = open_page(PAGE, masking_kind="Sliding window", masking_window="2")
    np.testing.assert_array_equal(matrices(app)["mask"], reference.sliding_window(T, 2))
    app = open_page(PAGE, masking_kind="Padding", masking_pads="4")
    assert matrices(app)["mask"].shape == (10, 10)
    assert not matrices(app)["mask"][:, T:].any()


@pytest.mark.parametrize("size", [{}, SMALL], ids=["hand", "small"])
def test_a_drawn_mask_comes_from_the_link(open_page, size):
    app = open_page(PAGE, masking_kind="Drawn by hand", masking_drawn="1.0-3-25", **size)
    assert not app.exception
    shown = matrices(app, "masking_small_matrices" if size else "masking_matrices")
    t = len(shown["mask"])
    expected = reference.causal(t, t)
    expected[0, 0], expected[2, :3] = False, [True, False, True]
    np.testing.assert_array_equal(shown["mask"], expected)
    assert not shown["weights"][0].any()
    assert not shown["output"][0].any()
    assert component(app, "masking_small" if size else "masking_matrices")["axes"]["key"]["labels"][-1].endswith("pad")
    assert "Nothing to look at." in said(app)
    assert f"masked for **{component(app, 'masking_ways')['axes']['key']['labels'][0]}**" in said(app)


def flip(app, monkeypatch, row: int, col: int, value: int) -> None:
    """What a click on a cell of the mask does, before the page runs again."""
    now = shared.Setting("causal", 0, 3)
    with monkeypatch.context() as patch:
        patch.setattr(shared.st, "session_state", app.session_state)
        shared.draw(Edit("mask", (Change(row, col, value),)), now, masks.causal(T))
    app.run()


def test_a_flipped_cell_changes_its_row_alone_and_stands_in_the_link(open_page, monkeypatch):
    app = open_page(PAGE)
    before = matrices(app)
    flip(app, monkeypatch, 2, 4, 1)
    after = matrices(app)
    assert (after["mask"] != before["mask"]).sum() == 1
    assert np.abs(after["weights"] - before["weights"]).max(1).nonzero()[0].tolist() == [2]
    assert "0.1-3-17-f-1f-3f" in app.query_params["masking_drawn"]


def test_changed_numbers_come_from_the_link_and_can_be_undone(open_page):
    app = open_page(PAGE, masking_edits="scores.1.0=4;v.0.2=-3")
    shown = matrices(app)
    assert shown["scores"][1, 0] == 4
    assert shown["v"][0, 2] == -3
    scores, v = (x.numpy().copy() for x in example.by_hand(GREETING))
    scores[1, 0], v[0, 2] = 4, -3
    expect(shown, scores, reference.causal(T, T), v, 1e-9)
    panels = {p["id"]: p for p in component(app, "masking_matrices")["panels"]}
    assert panels["weights"]["base"] != panels["weights"]["values"]
    show(app, "masking_reset")
    assert matrices(app)["scores"][1, 0] == pytest.approx(example.by_hand(GREETING)[0][1, 0].item())


def test_one_score_of_the_model_can_be_changed(open_page):
    app = open_page(PAGE, masking_small_edits="scores.3.1=9", **SMALL)
    assert matrices(app, "masking_small_matrices")["weights"][3, 1] > 0.99


@pytest.mark.parametrize("row", DEFAULT)
def test_one_row_in_three_ways(open_page, row):
    app, query = open_page(PAGE, masking_row=row), DEFAULT.index(row)
    scores = example.by_hand(GREETING)[0].numpy()
    mask = reference.causal(T, T)[query]
    free = reference.softmax(scores[query])
    shown = matrices(app, "masking_ways")
    late = free * mask
    np.testing.assert_allclose(shown["shares"], [late / late.sum(), late, late / late.sum()], atol=1e-9)
    np.testing.assert_allclose(shown["sums"][:, 0], [1, late.sum(), 1], atol=1e-9)
    hidden = free[~mask].sum()
    told = f"taken {hidden:.3f} with them" if hidden else "Nothing is masked for"
    assert told in said(app)


def test_the_table_of_number_formats(open_page):
    table = open_page(PAGE).table[0].value
    assert table["the number there"].tolist()[:3] == ["−∞", "−1e9", "−∞"]
    assert "overflow" in table.iloc[2, -1]
    assert (table.iloc[4, 3:] == ["**NaN**", "**NaN**", "**NaN** in every cell"]).all()
    assert table.iloc[1, -1] == f"{1 / T:.3f} for each: all alike"
    assert "ends at ±65,504" in said(open_page(PAGE))


@pytest.mark.parametrize("kind", ["causal", "window", "none"])
def test_the_leak_by_hand(open_page, kind):
    app = open_page(PAGE, masking_kind=NAMES[kind])
    still = len(app.get("vega_lite_chart"))
    show(app, "masking_predict_show")
    assert len(app.get("vega_lite_chart")) == still + 1
    x = GREETING.x.copy()
    x[4] = hand.example("we", words.load()).x[0]
    mask = oracle_mask(kind, T, 0)

    def outputs(x):
        q, k, v = x @ GREETING.w_q, x @ GREETING.w_k, x @ GREETING.w_v
        _, free, output = reference.attention(q, k, v)
        return np.array([output, reference.attention(q, k, v, mask)[2], (free * mask) @ v])

    moved = np.linalg.norm(outputs(x) - outputs(GREETING.x), axis=-1)
    np.testing.assert_allclose(bars(charts(app)[0]), moved, atol=1e-9)
    counts = (moved > 1e-6).sum(1)
    free, before, after = counts
    assert f"before the softmax **{before}**, with zero after it **{after}**, without a mask **{free}**" in said(app)


def test_a_prediction_opens_the_leak(open_page):
    app = open_page(PAGE)
    question = questions.moved(masks.causal(T), DEFAULT, 4)
    box = next(b for b in app.text_input if b.key.startswith("masking_predict"))
    box.set_value("6").run()
    assert any("without a mask" in i.value for i in app.info)
    box = next(b for b in app.text_input if b.key.startswith("masking_predict"))
    box.set_value(str(question.answer)).run()
    assert any(s.value == "Right." for s in app.success)
    assert len(charts(app)) == 3


@pytest.mark.parametrize("token", ["3 a", "8 name"])
def test_the_leak_in_the_model(open_page, token):
    app = show(open_page(PAGE, masking_token=token, **SMALL), "masking_predict_small_show")
    free, masked = bars(charts(app)[0])
    at = int(token.split()[0])
    assert not masked[:at].any()
    assert (masked[at:] > 1e-6).all()
    assert (free > 1e-6).all()
    assert f"of 10: with the mask {10 - at}, none of them before {token}" in said(app).replace("**", "")


def test_the_batch(open_page):
    app = open_page(PAGE, masking_second="You are fine , thanks a lot to you")
    other = hand.example("You are fine , thanks a lot to you", words.load())
    assert len(other.words) == 8
    shown = matrices(app, "masking_batch")
    x = np.vstack([GREETING.x, np.zeros((2, 3))])
    q, k, v = x @ GREETING.w_q, x @ GREETING.w_k, x @ GREETING.w_v
    np.testing.assert_allclose(shown["open"], reference.attention(q, k, v)[1], atol=1e-9)
    np.testing.assert_allclose(
        shown["closed"], reference.attention(q, k, v, reference.padding([T], 8)[0])[1], atol=1e-9
    )
    free, masked = bars(charts(app)[0])
    assert (free > 1e-3).all()
    np.testing.assert_allclose(masked, 0, atol=1e-12)


def test_equally_long_sentences_need_no_padding(open_page):
    app = open_page(PAGE, masking_second="one two three four five six")
    assert "equally long" in said(app)
    assert not app.exception


def test_the_mood_is_told_as_computed(open_page):
    from pages.masking.model import mood

    found = mood.mood(words.load(), "a terrible film with a good end")
    app = open_page(PAGE, masking_mood="a terrible film with a good end")
    np.testing.assert_allclose(bars(charts(app)[-1]), [*found.seen, found.own])
    told = said(app).replace("**", "").replace("−", "-")
    free, causal = found.verdicts
    assert f"the verdict is {free:.2f}, with the causal mask {causal:.2f}" in told


def test_both_decoders_are_taught(open_page):
    from pages.masking.model import dice

    app = show(open_page(PAGE), "masking_teach")
    free, masked = dice.learn(False), dice.learn(True)
    rows = charts(app)[-1]
    assert [r["loss"] for r in rows] == pytest.approx([*free.losses, *masked.losses])
    assert f"{masked.writing:.2f} against {free.writing:.2f}" in said(app)


@pytest.mark.parametrize("size", [{}, SMALL], ids=["hand", "small"])
def test_the_snippet_prints_the_rows_of_the_page(open_page, size):
    app = open_page(PAGE, masking_kind="Causal and padding", **size)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names: dict = {}
        exec(app.code[0].value, names)
    shown = matrices(app, "masking_small_matrices" if size else "masking_matrices")
    t = len(shown["mask"])
    rows = slice((t - 2) // 2 - 2, (t - 2) // 2 + 1)
    np.testing.assert_allclose(names["weights"], shown["weights"][rows], atol=2e-4)
    np.testing.assert_allclose(names["output"], shown["output"][rows, : names["v"].shape[1]], atol=2e-3)


def test_right_answers_are_marked_right(open_page):
    app = open_page(PAGE)
    at = example.look(*example.by_hand(GREETING), masks.causal(T))
    asked = questions.questions(at, DEFAULT)
    boxes = [b for b in app.text_input if b.key.startswith("masking_check")]
    typed = [q.answer for q in asked if not q.options]
    for box, value in zip(boxes, typed, strict=True):
        box.set_value(str(value))
    app.radio[-1].set_value("−∞")
    app.run()
    assert [s.value for s in app.success] == ["Right."] * 5
    assert app.session_state.progress["masking_check"] == (5, 5)


@pytest.mark.parametrize(
    ("name", "raw"),
    [("kind", "Diagonal"), ("drawn", "5.1-3"), ("drawn", "0.xyz"), ("drawn", "1-3-7"), ("row", "9 zebra"),
     ("pads", "77"), ("window", "0"), ("edits", "W.0.0=1"), ("edits", "scores.0.0=1e300"), ("size", "Huge")],
)  # fmt: skip
def test_nonsense_in_the_link_is_said_and_replaced(open_page, name, raw):
    more = {"pads": {"masking_kind": "Padding"}, "window": {"masking_kind": "Sliding window"}}.get(name, {})
    app = open_page(PAGE, **{f"masking_{name}": raw}, **more)
    assert not app.exception
    assert [raw in warning.value.replace("\\", "") for warning in app.warning] == [True]
    assert np.isfinite(matrices(app)["weights"]).all()


TEXTS = ["", "   ", "a", "고양이 🐈", "**bold** $x$ {y}", "word " * 100, "? ! ,", "x" * 500, "<script>"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("size", ["By hand", "Small model"])
def test_any_sentence(open_page, text, size):
    app = open_page(PAGE, text=text, masking_size=size, masking_example="Your sentence")
    assert not app.exception
    if size == "By hand" and not words_of(text):
        assert "no word" in app.error[0].value
        return
    shown = matrices(app, "masking_small_matrices" if size == "Small model" else "masking_matrices")
    assert np.isfinite(shown["weights"]).all()
    np.testing.assert_allclose(shown["weights"].sum(1), 1, atol=1e-6)


@pytest.mark.parametrize("key", ["masking_word", "masking_second", "masking_mood"])
@pytest.mark.parametrize("text", ["", "  ", "xyzzyx", "고양이", "a" * 30])
def test_any_text_in_the_small_boxes(open_page, key, text):
    app = show(open_page(PAGE, **{key: text}), "masking_predict_show") if key != "masking_word" else open_page(PAGE)
    app.text_input(key=key).set_value(text).run()
    assert not app.exception


@pytest.mark.parametrize("text", ["", " ", "🐈", "unbelievable", "x"])
def test_any_token_can_be_put_in(open_page, text):
    app = show(open_page(PAGE, **SMALL), "masking_predict_small_show")
    app.text_input(key="masking_piece").set_value(text).run()
    assert not app.exception


def test_every_cell_masked(open_page):
    app = open_page(PAGE, masking_kind="Drawn by hand", masking_drawn="0.0-0-0-0-0-0")
    assert not app.exception
    assert not matrices(app)["output"].any()
    assert "there is nothing to share" in said(app)
    show(app, "masking_predict_show")
    assert not bars(charts(app)[0])[1].any()


def test_the_same_word_moves_nothing_and_that_is_said(open_page):
    assert "so nothing moves" in said(open_page(PAGE, masking_word="You", masking_replaced="4 you"))
    app = open_page(PAGE, masking_size="Small model", text="Once upon a time", masking_token="4 time",
                    masking_piece="time")  # fmt: skip
    assert "so nothing moves" in said(app) and not app.warning


def test_one_word_has_one_mood(open_page):
    app = open_page(PAGE, masking_mood="good")
    assert "A single word hears only itself" in said(app) and not app.exception
