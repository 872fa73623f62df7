"""Self-attention by hand: every matrix is the oracle's, whatever was changed; panels, written arithmetic, questions."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.self_attention.model import by_hand, questions
from pages.shared.model import asking, edits, hand
from pages.shared.model.questions import mark
from tests.pages.self_attention.test_export import EDITS, WIDE, oracle

KINDS = ("scaled_dot", "dot", "cosine")
SHAPES = by_hand.shapes(hand.LOVE)
places = st.sampled_from(sorted(SHAPES)).flatmap(
    lambda name: st.tuples(st.just(name), st.integers(0, 2), st.integers(0, 2))
)


def close(got, expected) -> None:
    np.testing.assert_allclose(np.asarray(got), expected, rtol=1e-9, atol=1e-9)


def check(worked, expected) -> None:
    for name in ("q", "k", "v", "scores", "weights", "output"):
        close(getattr(worked.trace, name), expected[name])


@given(st.dictionaries(places, st.floats(-5, 5), max_size=6), st.sampled_from(KINDS))
def test_any_changes_give_the_oracles_numbers(changed, kind):
    check(by_hand.work(hand.LOVE, changed, kind), oracle(hand.LOVE, changed, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_other_shapes_too(kind):
    check(by_hand.work(WIDE, {}, kind), oracle(WIDE, {}, kind))


@pytest.mark.parametrize("value", [edits.LARGEST, -edits.LARGEST, 0.0])
@pytest.mark.parametrize("kind", KINDS)
def test_extreme_numbers_stay_numbers(value, kind):
    changed = {(name, i, j): value for name in ("X", "W_q", "W_k", "W_v") for i in range(3) for j in range(3)}
    now = by_hand.work(hand.LOVE, changed, kind)
    assert all(np.isfinite(np.asarray(x)).all() for x in by_hand.values(now))
    close(now.trace.weights.sum(-1), 1)
    by_hand.everything(now, now)
    questions.questions(now, 1)
    row = asking.asked(now.trace, 1, hand.LOVE.labels, kind=kind, added=now.added[1])
    assert not re.search("nan|inf|e[+]", asking.scores(row) + asking.softmax(row) + asking.context(row))


def test_a_score_that_was_set_stays_when_weights_change():
    now = by_hand.work(hand.LOVE, EDITS)
    assert now.trace.scores[1, 0].item() == pytest.approx(2.5, abs=1e-12) and now.changed
    assert np.count_nonzero(now.added) == 1


def by_name(pipeline) -> dict:
    return {p["id"]: p for p in pipeline["panels"]}


def test_panels_hold_the_numbers_and_mark_what_changed():
    before, now = (by_hand.work(hand.LOVE, e) for e in ({}, {("W_v", 0, 0): 9.0}))
    found = by_name(by_hand.everything(now, before))
    changed = {name for name, p in found.items() if p["values"] != p["base"]}
    assert changed == {"W_v", "v", "output"}
    assert "added" not in found
    close(found["output"]["values"], oracle(hand.LOVE, {("W_v", 0, 0): 9.0})["output"])
    assert [name for name, p in found.items() if p.get("editable")] == ["X", "W_q", "W_k", "W_v", "scores"]


def test_an_added_score_is_part_of_the_arithmetic():
    before, now = (by_hand.work(hand.LOVE, e) for e in ({}, {("scores", 2, 1): 0.5}))
    found = by_name(by_hand.everything(now, before))
    assert found["scores"]["rule"]["plus"] == "added"
    close(np.array(found["added"]["values"]) + np.array(found["scores"]["base"]), found["scores"]["values"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("at", range(len(by_hand.STEPS)))
def test_each_step_shows_the_row_of_the_word_that_asks(at, kind):
    now, expected = by_hand.work(WIDE, EDITS, kind), oracle(WIDE, EDITS, kind)
    found = by_name(by_hand.step(now, now, at, 5))
    assert found.keys() == {n for n in tuple(by_hand.STEPS.values())[at] if n != "added" or now.changed}
    for name, panel in found.items():
        if name == "added":
            continue
        alone = name in ("q", "scores", "weights", "output") or (name == "X" and at == 0)
        close(panel["values"], expected[name][5:6] if alone else expected[name])
        assert not (alone and panel.get("editable"))


def results(text: str) -> list[float]:
    """The numbers that the lines of a formula come to."""
    return [float(x) for x in re.findall(r"(?<!sum} )&= ([-\d.]+) ", text)]


@pytest.mark.parametrize("kind", KINDS)
def test_written_arithmetic_comes_to_the_numbers(kind):
    now, expected = by_hand.work(hand.LOVE, EDITS, kind), oracle(hand.LOVE, EDITS, kind)
    row = asking.asked(now.trace, 1, hand.LOVE.labels, kind=kind, added=now.added[1], digits=6)
    np.testing.assert_allclose(results(asking.scores(row)), expected["scores"][1], atol=1e-6)
    np.testing.assert_allclose(results(asking.softmax(row)), expected["weights"][1], atol=1e-6)
    np.testing.assert_allclose(results(asking.context(row)), expected["output"][1], atol=1e-6)
    x, w = now.hand.x[1], now.hand.w_q
    np.testing.assert_allclose(results(asking.product(x, w, "q", "query", 6)), expected["q"][1], atol=1e-6)


def test_words_cannot_break_a_formula():
    assert asking.name(r"1 \} $x$ %") == r"\text{1  x }"


def test_one_raised_score_changes_its_row_alone():
    now = by_hand.work(hand.LOVE)
    after, key = by_hand.raised(now, 1, hand.LOVE, {})
    moved = (after.trace.weights - now.trace.weights).abs() > 1e-12
    assert moved[1].all() and not moved[[0, 2]].any() and key == 0
    assert (after.trace.scores - now.trace.scores)[1, 0].item() == pytest.approx(1)


def test_facts_are_the_traces():
    expected = oracle(hand.LOVE)
    found = by_hand.facts(by_hand.work(hand.LOVE), 1)
    assert (found["most"], found["popular"]) == ("2 statistics", "2 statistics")
    assert found["most_weight"] == pytest.approx(expected["weights"][1, 2])
    assert found["column"] == pytest.approx(expected["weights"][:, 2].sum())
    assert found["there"] == f"{expected['scores'][1, 2]:.2f}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("example", [hand.LOVE, WIDE], ids=["love", "wide"])
def test_questions_ask_for_the_numbers_on_screen(example, kind):
    now, expected = by_hand.work(example, {}, kind), oracle(example, {}, kind)
    first, second, *rest = questions.questions(now, 1)
    column = int(re.search(r"number (\d)", first.text)[1]) - 1
    assert first.answer == pytest.approx(expected["q"][1, column], abs=0.02)
    assert any(second.answer == pytest.approx(s, abs=0.1) for s in expected["scores"][1])
    for question in (first, second, *rest):
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)
        assert question.mistakes and "$" in question.working


def test_a_word_without_end_is_cut_short_in_questions():
    now = by_hand.work(hand.LOVE._replace(words=("You", "x" * 3000, "statistics")), {}, "dot")
    asked = [*questions.questions(now, 1), questions.raised(now, 0, 1)]
    assert all("xxx…" in question.text and "x" * 30 not in question.text for question in asked)


def test_the_row_changes_and_the_usual_guesses_are_answered():
    question = questions.raised(by_hand.work(hand.LOVE), 1, 0)
    assert mark(question, questions.ROW).right and "from 0.97 to 1.97" in question.text.replace("\\", "")
    assert {wrong for wrong, _ in question.mistakes} == set(question.options) - {questions.ROW}


@pytest.mark.parametrize("kind", ["dot", "cosine"])
def test_only_a_scaled_score_has_a_root_to_forget(kind):
    asked = questions.score(by_hand.work(hand.LOVE, {}, kind), 1)
    assert not any("square root." in sentence for _wrong, sentence in asked.mistakes)
