"""The page Self-attention against the oracle: changes, steps, links, bad input; by hand and in a model."""

import contextlib
import io
import json
import re

import numpy as np
import pytest

from pages.self_attention.model import by_hand, questions
from pages.shared import models, state
from pages.shared.matrices import Change, Edit
from pages.shared.model import hand
from tests.pages.conftest import go
from tests.pages.inside.test_page import Oracle, component, labels_of
from tests.pages.self_attention.test_export import oracle

PAGE = "pages/self_attention/page.py"
SMALL = {"self_attention_size": "Small model"}
LONG = "Once upon a time, there was a girl named Lily. She had a red ball and a blue car and a cat and a dog."


def shown(app, key: str) -> dict[str, np.ndarray]:
    panels = component(app, f"self_attention_{key}")["panels"]
    return {p["id"]: np.array([[-np.inf if x is None else x for x in row] for row in p["values"]]) for p in panels}


def words(app) -> str:
    text = " ".join(" ".join(m.value for m in app.markdown).split())
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def check(app, edits, kind) -> None:
    found, expected = shown(app, "all"), oracle(hand.LOVE, edits, kind)
    for name in ("X", "W_q", "W_k", "W_v", "q", "k", "v", "scores", "weights", "output"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("kind", "label"), [("scaled_dot", None), ("dot", "Dot"), ("cosine", "Cosine")])
def test_every_matrix_is_the_oracles(open_page, kind, label):
    app = open_page(PAGE, **({"self_attention_kind": label} if label else {}))
    assert not app.exception and not app.warning
    check(app, {}, kind)
    compared, other = shown(app, "whatif"), "dot" if kind == "scaled_dot" else "scaled_dot"
    mine, theirs = (oracle(hand.LOVE, kind=k)["weights"] for k in (kind, other))
    np.testing.assert_allclose(compared["difference"], mine - theirs, atol=1e-12)


def test_a_change_comes_from_the_link_and_is_undone(open_page):
    app = open_page(PAGE, self_attention_edits="W_q.0.1=0.9;scores.1.0=3")
    edits = {("W_q", 0, 1): 0.9, ("scores", 1, 0): 3.0}
    check(app, edits, "scaled_dot")
    changed = [p["id"] for p in component(app, "self_attention_all")["panels"] if p["values"] != p["base"]]
    assert changed == ["W_q", "q", "added", "scores", "weights", "output"]
    app.button(key="self_attention_reset").click().run()
    check(app, {}, "scaled_dot")
    assert "self_attention_edits" not in app.query_params


def test_what_is_typed_into_a_matrix_is_taken(open_page):
    app = open_page(PAGE)
    app.session_state.self_attention_edits = {("X", 2, 1): -4.5}  # what hand.editor does
    app.run()
    check(app, {("X", 2, 1): -4.5}, "scaled_dot")
    assert app.query_params["self_attention_edits"] == "X.2.1=-4.5"


@pytest.mark.parametrize("at", range(6))
def test_each_step_puts_its_numbers_into_the_formula(open_page, at):
    app, expected = open_page(PAGE, self_attention_step=str(at + 1), digits="5"), oracle(hand.LOVE)
    formula = next(m.value for m in app.markdown if "begin{aligned}" in m.value)
    found = [float(x) for x in re.findall(r"(?<!sum} )&= ([-\d.]+) ", formula)]
    name = ("q", "k", "v", "scores", "weights", "output")[at]
    np.testing.assert_allclose(found, expected[name][1], atol=1e-5)
    np.testing.assert_allclose(shown(app, "one")[name][0 if at in (0, 3, 4, 5) else 1], expected[name][1])


def test_another_word_asks(open_page):
    app = open_page(PAGE, self_attention_word="2 statistics", self_attention_step="6")
    np.testing.assert_allclose(shown(app, "one")["output"], oracle(hand.LOVE)["output"][2:])
    assert "**2 statistics** looks most at" in words(app)


def test_the_words_quote_the_numbers(open_page):
    text, expected = words(open_page(PAGE)), oracle(hand.LOVE)
    assert f"looks most at **2 statistics** ({expected['weights'][1].max():.2f})" in text
    assert f"The column of **2 statistics** sums to {expected['weights'][:, 2].sum():.2f}" in text


def test_the_word_that_asks_may_be_gone_in_another_sentence(open_page):
    own = {"self_attention_example": "Your sentence", "text": "Dogs bark loudly"}
    app = open_page(PAGE, **own, self_attention_word="2 loudly")
    assert "**2 loudly** looks most at" in words(app)
    app.text_input(key="text").set_value("Cats sleep").run()
    assert not app.exception and not app.warning
    assert "**1 sleep** looks most at" in words(app)
    app.text_input(key="text").set_value("Sleep").run()
    assert not app.exception and "A word alone looks at itself" in words(app)


def test_a_similarity_is_not_compared_with_itself(open_page):
    app = open_page(PAGE)
    app.segmented_control(key="self_attention_kind").set_value("dot").run()
    assert not app.exception and app.segmented_control(key="self_attention_other").value == "scaled_dot"
    assert np.abs(shown(app, "whatif")["difference"]).max() > 0.01


def test_what_one_score_does_is_shown_after_it_was_said(open_page):
    app = open_page(PAGE)
    assert not any("self_attention_raised" in c.proto.id for c in app.get("bidi_component"))
    radio = next(r for r in app.radio if r.key.startswith("self_attention_raise"))
    radio.set_value(questions.CELL).run()
    assert "Not that one alone" in app.info[0].value
    found = shown(app, "raised")["difference"]
    assert (np.abs(found[1]) > 1e-9).all() and not found[[0, 2]].any()
    assert found[1].sum() == pytest.approx(0)


ODD = {
    "one word": "statistics",
    "emoji": "😀 👍🏽",
    "Korean": "안녕하세요 친구",
    "right to left": "مرحبا يا صديقي",
    "Markdown and TeX": r"**b** $x$ \query{a} {n} % # ^ & ~ \\",
    "a formula of a spreadsheet": "=1+1 @x",
    "many words": "one two three four five six seven eight nine ten",
    "controls": "a\x00b\x07c",
    "the same twice": "the the the",
}


@pytest.mark.parametrize("step", ["1", "4", "5", "6"])
@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_sentence_by_hand(open_page, text, step):
    app = open_page(PAGE, text=text, self_attention_example="Your sentence", self_attention_step=step)
    assert not app.exception and not app.error
    found = hand.example(text, models.word_vectors(), 1)
    np.testing.assert_allclose(shown(app, "all")["output"], oracle(found)["output"], atol=1e-9)
    assert len(app.code) > 0


def test_no_word_is_said(open_page):
    app = open_page(PAGE, text="  ", self_attention_example="Your sentence")
    assert not app.exception and "type a sentence" in app.error[0].value


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("kind", "Manhattan"),
        ("word", "7 you"),
        ("step", "9"),
        ("step", "x"),
        ("size", "Huge"),
        ("edits", "X.0.0=1e300"),
    ],
)
def test_nonsense_in_the_link_is_said_and_replaced(open_page, name, raw):
    app = open_page(PAGE, **{f"self_attention_{name}": raw})
    assert not app.exception
    assert [raw in w.value.replace("\\", "") for w in app.warning] == [True]
    check(app, {}, "scaled_dot")


def test_a_million_everywhere_is_still_shown(open_page):
    link = ";".join(
        f"{m}.{i}.{j}={s}1000000" for m, s in (("X", ""), ("W_q", "-"), ("W_k", "")) for i in range(3) for j in range(3)
    )
    for step in ("1", "4", "5", "6"):
        app = open_page(PAGE, self_attention_edits=link, self_attention_step=step)
        assert not app.exception
        np.testing.assert_allclose(shown(app, "all")["weights"].sum(1), 1)


def test_the_snippet_prints_the_numbers_of_the_page(open_page):
    app = open_page(PAGE, self_attention_edits="W_v.0.1=0.9;scores.1.0=3")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    rows = [np.fromstring(line.strip(" []"), sep=" ") for line in printed.getvalue().splitlines()]
    found = shown(app, "all")
    np.testing.assert_allclose(rows, np.vstack([found["weights"], found["output"]]), atol=6e-5)


def test_right_answers_are_marked_right(open_page):
    app = open_page(PAGE)
    asked = questions.questions(by_hand.work(hand.LOVE), 1)
    boxes = [b for b in app.text_input if b.key.startswith("self_attention_check")]
    for box, question in zip(boxes, asked, strict=True):
        box.set_value(str(question.answer))
    app.run()
    assert [s.value for s in app.success] == ["Right."] * 4
    assert app.session_state.progress["self_attention_check"] == (4, 4)


# In the story model


def head_of(text: str):
    q, k, v, scores, weights, output = Oracle(text).heads[state.DEFAULTS["layer"] - 1][state.DEFAULTS["head"] - 1]
    return {"q": q, "k": k, "v": v, "scores": scores, "weights": weights, "output": output}


@pytest.mark.parametrize("at", range(4))
def test_a_row_of_the_models_head(open_page, at):
    app, expected = open_page(PAGE, **SMALL, self_attention_small_step=str(at + 1)), head_of(state.DEFAULT_TEXT)
    assert not app.exception and not app.warning
    for name, values in shown(app, "one").items():
        if name != "masked":
            wanted = expected[name] if name in ("k", "v") else expected[name][-1:]
            np.testing.assert_allclose(values, wanted, atol=3e-3)


@pytest.mark.parametrize("text", [state.DEFAULT_TEXT, LONG, "", "Once"], ids=["usual", "long", "empty", "one"])
@pytest.mark.parametrize("at", range(4))
def test_any_sentence_in_the_model(open_page, text, at):
    app = open_page(PAGE, **SMALL, text=text, self_attention_small_step=str(at + 1))
    assert not app.exception
    np.testing.assert_allclose(shown(app, "matrices")["weights"], head_of(text)["weights"][-24:, -24:], atol=3e-3)


def test_scores_and_mask_of_the_head_can_be_changed(open_page):
    link = {"self_attention_change": "true", "self_attention_head_edits": "scores.3.1=4;mask.2.5=1"}
    app, expected = open_page(PAGE, **SMALL, **link), head_of(state.DEFAULT_TEXT)
    scores, mask = expected["scores"].copy(), Oracle(state.DEFAULT_TEXT).mask.copy()
    scores[3, 1], mask[2, 5] = 4.0, True
    masked = np.where(mask, scores, -np.inf)
    weights = np.exp(masked) / np.exp(masked).sum(1, keepdims=True)
    found = shown(app, "matrices")
    np.testing.assert_allclose(found["weights"], weights, atol=3e-3)
    np.testing.assert_allclose(found["output"], weights @ expected["v"], atol=6e-3)
    assert "Outputs that changed: **2** of 10. **2 had** moved furthest" in words(app)
    app.button(key="self_attention_head_reset").click().run()
    np.testing.assert_allclose(shown(app, "matrices")["weights"], expected["weights"], atol=3e-3)
    assert "self_attention_head_edits" not in app.query_params


def test_changes_do_not_follow_to_another_head_or_sentence(open_page):
    app = open_page(PAGE, **SMALL, self_attention_change="true", self_attention_head_edits="mask.2.5=1")
    app.session_state.head = 2
    app.run()
    assert app.session_state.self_attention_head_edits == {}
    assert "self_attention_head_edits" not in app.query_params


def test_a_cell_of_a_later_window_is_a_cell_of_the_sentence(open_page, monkeypatch):
    from pages.shared import attention_head, matrices

    taken = {}
    monkeypatch.setattr(attention_head.matrices, "show", lambda *_a, on_edit=None, **_k: taken.update(on_edit=on_edit))
    app = open_page(PAGE, **SMALL, text=LONG, self_attention_change="true")
    assert not app.exception and matrices.show
    first = len(labels_of(LONG)) - 24
    edit = Edit("scores", (Change(1, 0, 2.5),))
    assert taken["on_edit"] is not None and first > 0
    kept = {}
    monkeypatch.setattr("streamlit.session_state", kept)
    taken["on_edit"](edit)
    assert kept == {"self_attention_head_edits": {("scores", first + 1, first): 2.5}}


def test_inside_the_model_can_be_changed_too(open_page):
    app = open_page("pages/inside/page.py", inside_change="true", inside_head_edits="scores.3.1=4")
    assert not app.exception and not app.warning
    panels = {p["id"]: p for p in component(app, "inside_matrices")["panels"]}
    assert panels["scores"]["values"][3][1] == pytest.approx(4, abs=1e-5)
    assert panels["weights"]["values"][3] != panels["weights"]["base"][3]
    assert panels["weights"]["values"][4] == panels["weights"]["base"][4]


def test_sizes_can_be_changed_and_come_back(open_page):
    app = open_page(PAGE, self_attention_edits="X.0.0=2")
    app.segmented_control(key="self_attention_size").set_value("small").run()
    assert not app.exception
    app.segmented_control(key="self_attention_size").set_value("hand").run()
    check(app, {("X", 0, 0): 2.0}, "scaled_dot")
    go(app, "pages/home/page.py")
    go(app, PAGE)
    assert not app.exception


def test_the_page_keeps_little(open_page):
    app = open_page(PAGE, **SMALL, text=LONG)
    kept = [app.session_state[key] for key in app.session_state._state.filtered_state]
    assert len(repr(kept)) < 10_000 and json.dumps(list(app.query_params))


def test_digits_changed_at_the_head_reach_the_one_word_too(open_page):
    app = open_page(PAGE, self_attention_size="Small model")
    app.segmented_control(key="digits").set_value(5).run()
    assert {component(app, f"self_attention_{name}")["digits"] for name in ("one", "matrices")} == {5}
    formula = open_page(PAGE, self_attention_size="Small model", self_attention_small_step="3")
    assert r"\text{weight}_i = e^{s_i}" in words(formula)
