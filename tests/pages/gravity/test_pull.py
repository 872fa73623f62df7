"""Words that pull each other: rounds, places, the arithmetic on a plane, questions and snippets."""

import contextlib
import io

import numpy as np
import pytest

from core import words
from core.attention import KINDS
from pages.gravity.model import export, pull, questions
from pages.shared.model import word_table
from pages.shared.model.questions import mark
from pages.shared.model.word_table import TABLE
from tests import reference


@pytest.fixture(scope="module")
def shipped():
    return words.load()


def values(panels: dict, name: str) -> np.ndarray:
    return np.array(next(p["values"] for p in panels["panels"] if p["id"] == name))


def by_hand(text: str, kind="scaled_dot", temperature=1.0, table=TABLE, n=pull.ROUNDS):
    vectors = word_table.by_hand(table)
    said = pull.sentence(text, vectors)
    return said, pull.rounds(said, vectors, kind, temperature, n)


def oracle(x: np.ndarray, kind: str, temperature: float, n: int) -> list[np.ndarray]:
    """Where the words are before the first round and after each."""
    found = [x]
    for _ in range(n):
        found.append(reference.attention(found[-1], found[-1], found[-1], kind=kind, temperature=temperature)[2])
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("temperature", [0.3, 1.0])
def test_rounds_are_the_oracles(shipped, kind, temperature):
    said = pull.sentence("An apple, and an orange!", shipped)
    trace = pull.rounds(said, shipped, kind, temperature)
    assert said.words == ("an", "apple", "and", "an", "orange")
    expected = oracle(shipped.rows(said.words), kind, temperature, pull.ROUNDS)
    plane = word_table.named_plane(shipped, shipped.rows(said.words), "computer", "fruit")
    np.testing.assert_allclose(pull.places(trace, plane), [plane.place(x) for x in expected], atol=1e-9)


def test_the_same_apple_goes_two_ways():
    (_, fruit), (_, phone) = (by_hand(f"an apple and an {w}") for w in ("orange", "phone"))
    np.testing.assert_array_equal(fruit[0].before[0], phone[0].before[0])
    np.testing.assert_allclose(phone[0].after[0], [3, 1])  # 8 against 8: half of the way
    assert fruit[-1].after[0, 0] < 2 < phone[-1].after[0, 0]


def test_with_the_word_vectors_too(shipped):
    ends = []
    for text in ("apple orange", "apple phone"):
        said = pull.sentence(text, shipped)
        trace = pull.rounds(said, shipped, "cosine", 0.3)
        ends.append(word_table.named_plane(shipped, trace[-1].after, word_table.TECHNOLOGY, word_table.FRUIT).points[0])
    assert ends[0][0] + 1 < ends[1][0] and ends[0][1] - 1 > ends[1][1]


@pytest.mark.parametrize("size", ["hand", "words"])
def test_the_arithmetic_on_the_plane_is_exact(shipped, size):
    vectors = shipped if size == "words" else word_table.by_hand()
    said = pull.sentence("apple orange phone cherry", vectors)
    step = pull.rounds(said, vectors, "cosine", 0.5)[1]
    plane = words.pca_plane(vectors.rows(said.words)) if size == "words" else pull.hand_plane(step.before)
    panels = pull.panels(said, step, plane, ("right", "up"), "cosine", 0.5)
    np.testing.assert_allclose(values(panels, "weights") @ values(panels, "x"), values(panels, "after"), atol=1e-12)
    rows = values(panels, "x" if size == "hand" else "rows")
    np.testing.assert_allclose(values(panels, "scores"), reference.similarity(rows, rows, "cosine"), atol=1e-12)
    np.testing.assert_allclose(values(panels, "weights"), reference.softmax(values(panels, "scores") / 0.5), atol=1e-12)


def test_the_move_in_writing():
    _said, trace = by_hand("apple phone")
    assert pull.move(trace[0].weights[0], trace[0].before) == (
        r"$0.50\cdot(2.00, 2.00) + 0.50\cdot(4.00, 0.00) = (3.00, 1.00)$"
    )


def test_what_becomes_of_words(shipped):
    said = pull.sentence("zzxq " + "apple " * 12, shipped)
    assert (len(said.words), said.left_out, list(said.unknown)) == (8, 4, ["zzxq"])
    assert pull.firsts(said) == [0]
    one, other = pull.sentence("an apple", shipped), pull.sentence("the phone an apple", shipped)
    assert pull.shared(one, other) == ["apple", "an"]
    assert (pull.follow(other, "apple"), pull.follow(other, "pear")) == (3, 0)


def test_words_only_come_closer(shipped):
    said = pull.sentence("an apple and an orange", shipped)
    trace = pull.rounds(said, shipped, "cosine", 0.3)
    spreads = [pull.spread(trace[0].before), *(pull.spread(step.after) for step in trace)]
    assert (np.diff(spreads) < 0).all()
    plane = words.pca_plane(trace[0].before)
    facts = pull.facts(trace, trace, (said, said), "apple", plane)
    assert (facts["a_spread"], facts["a_spread_end"]) == (spreads[0], spreads[-1])
    assert facts["a_own"] == trace[0].weights[1, 1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", [TABLE, np.zeros((4, 2)), TABLE * 1e6, -TABLE * 1e6])
def test_any_table_that_can_be_typed_stays_finite(kind, table):
    said, trace = by_hand("orange apple phone cherry", kind, 0.05, table)
    plane = pull.hand_plane(table)
    assert np.isfinite(pull.places(trace, plane)).all()
    pull.panels(said, trace[0], plane, ("a", "b"), kind, 0.05)
    for question in questions.questions(said, 1, trace[0], trace[0].before, kind, ("a", "b")):
        assert mark(question, question.answer).right
    questions.predict(said, 1, trace[0])  # None where all pull alike


@pytest.mark.parametrize("kind", KINDS)
def test_questions_and_their_mistakes(kind):
    said, trace = by_hand("apple orange cherry", kind)
    x = trace[0].before
    score, weight, place, strongest = questions.questions(said, 0, trace[0], x, kind, word_table.AXES)
    at = 2 if kind != "cosine" else int(trace[0].weights[0, 1:].argmax()) + 1
    assert score.answer == pytest.approx(reference.similarity(x, x, kind)[0, at])
    assert weight.answer == pytest.approx(trace[0].weights[0, at], abs=0.02)
    axis = int(np.abs(trace[0].after[0] - x[0]).argmax())
    assert place.answer == pytest.approx(trace[0].after[0, axis], abs=0.03)
    assert strongest.answer == said.labels[int(trace[0].weights[0].argmax())]
    others = {"dot": "plain dot product", "scaled_dot": "divided by √2", "cosine": "divided by both lengths"}
    for other, name in others.items():
        if other != kind:
            assert name in mark(score, float(reference.similarity(x, x, other)[0, at])).text
    assert "plain mean" in mark(place, x[:, axis].mean()).text


@pytest.mark.parametrize(
    ("text", "answer"), [("apple phone", questions.FAR[1]), ("apple orange", questions.FAR[0]), ("apple", None)]
)
def test_how_far_is_predicted_of_two_words(text, answer):
    said, trace = by_hand(text)
    guess = questions.predict(said, 0, trace[0])
    assert (guess and guess.answer) == answer


def test_who_pulls_is_predicted_of_more(shipped):
    said = pull.sentence("an apple and an orange", shipped)
    trace = pull.rounds(said, shipped, "cosine", 0.3)
    guess = questions.predict(said, 1, trace[0])
    assert guess.answer == "orange" and set(guess.options) == {"an", "and", "orange"}


def test_equal_words_pull_together():
    said, trace = by_hand("apple orange orange cherry", "cosine", 5.0)
    assert questions.predict(said, 0, trace[0]).answer == "orange"


def printed(code: str) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})
    return np.fromstring(out.getvalue().replace("[", " ").replace("]", " "), sep=" ")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("temperature", [0.3, 1.0])
def test_the_snippet_by_hand_prints_the_last_round(kind, temperature):
    said, trace = by_hand("apple orange phone", kind, temperature)
    numbers = printed(export.snippet(said.labels, trace, kind, temperature))
    last = trace[-1]
    np.testing.assert_allclose(numbers, np.concatenate([last.weights.ravel(), last.after.ravel()]), atol=0.006)


def test_the_snippet_of_the_word_vectors_prints_the_round(shipped):
    said = pull.sentence("an apple and an orange", shipped)
    trace = pull.rounds(said, shipped, "cosine", 0.3)
    plane = words.pca_plane(trace[0].before)
    numbers = printed(export.one_round(said.labels, trace[2], plane.place(trace[2].before), 0.3))
    expected = [trace[2].weights.ravel(), plane.place(trace[2].after).ravel()]
    np.testing.assert_allclose(numbers, np.concatenate(expected), atol=0.006)


def test_a_word_that_stands_twice_is_no_wrong_answer():
    said, trace = by_hand("apple orange apple phone")
    strongest = questions.questions(said, 0, trace[0], trace[0].before, "scaled_dot", word_table.AXES)[-1]
    best = int(trace[0].weights[0].argmax())
    twins = {said.labels[i] for i, word in enumerate(said.words) if word == said.words[best] and i != best}
    assert mark(strongest, said.labels[best]).right and not twins & set(strongest.options)


def test_words_that_pull_alike_are_not_asked_about():
    said, trace = by_hand("apple orange phone", table=np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 1.0], [0.0, 0.0]]))
    assert questions.predict(said, 0, trace[0]) is None


@pytest.mark.parametrize("kind", ["dot", "cosine"])
def test_only_a_scaled_score_has_a_root_to_forget(kind):
    said, trace = by_hand("apple orange phone", kind)
    asked = questions.questions(said, 0, trace[0], trace[0].before, kind, word_table.AXES)[0]
    assert not any("square root" in sentence for _wrong, sentence in asked.mistakes)


def test_equal_words_alone_leave_nothing_to_choose_from():
    said, trace = by_hand("apple apple")
    asked = questions.questions(said, 0, trace[0], trace[0].before, "scaled_dot", word_table.AXES)
    assert not any("Read the matrix" in question.text for question in asked)
