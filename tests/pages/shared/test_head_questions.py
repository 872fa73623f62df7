"""The questions about one head: right answers are right, and known mistakes are named."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as some

from core import masks
from core.attention import attention
from pages.shared.model.head_questions import questions
from pages.shared.model.questions import Question, mark
from tests import reference


def head(t: int, d: int = 8, seed: int = 0):
    q, k, v = torch.randn(3, t, d, generator=torch.Generator().manual_seed(seed)) * 1.3
    return attention(q, k, v, masks.causal(t))


def labels(t: int) -> list[str]:
    return [f"{i} w{i % 3}" for i in range(t)]


def ask(t: int = 9, seed: int = 0, shown: range | None = None, d_model: int = 48) -> tuple[Question, ...]:
    return questions(head(t, seed=seed), labels(t), shown or range(t), d_model)


def said(question: Question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def stated(text: str) -> list[float]:
    """The numbers with two decimals in a question's text."""
    return [float(x.replace("−", "-")) for x in re.findall(r"[-−]?\d+\.\d\d", text.replace("\\", ""))]


def test_the_score_question():
    question = ask()[0]
    (product,) = stated(question.text)
    assert mark(question, product / math.sqrt(8)).right
    assert mark(question, round(product / math.sqrt(8), 2)).right
    assert "forgot to divide by the square root" in said(question, product)
    assert "d_head = 8 itself" in said(question, product / 8)
    assert "d_model = 48" in said(question, product / math.sqrt(48))
    assert said(question, 12345.0) == "Not yet."
    trace, shown = head(9), re.search(r"query of \*\*(\d+) .*key of \*\*(\d+) ", question.text)
    query, key = map(int, shown.groups())
    assert product == pytest.approx(float(trace.q[query] @ trace.k[key]), abs=0.005)
    assert query == 8
    assert key <= query


def test_the_weight_question():
    question, trace = ask()[1], head(9)
    query = int(re.search(r"that \*\*(\d+) ", question.text)[1])
    key = int(re.search(r"weight on \*\*(\d+) ", question.text)[1])
    scores = stated(question.text)
    np.testing.assert_allclose(scores, trace.scores[query, : query + 1], atol=0.0051)
    rounded = trace.scores.double().numpy().round(2)
    right = reference.softmax(np.array(scores))[key]
    assert mark(question, right).right
    assert mark(question, round(float(trace.weights[query, key]), 2)).right  # as read off the screen
    assert "masked after the softmax" in said(question, reference.softmax(rounded[query])[key])
    column = np.where(reference.causal(9, 9), rounded, -np.inf)[:, key]
    assert "down the column" in said(question, reference.softmax(column)[query])
    assert "the sum of the scores" in said(question, scores[key] / sum(scores))
    assert "divided by the sum over the row" in said(question, math.exp(scores[key]))


def test_the_output_question():
    question, trace = ask()[2], head(9)
    column = int(re.search(r"feature (\d+)", question.text)[1]) - 1
    rows = [stated(line) for line in question.text.splitlines()[4:]]
    weights, keys, values = np.transpose(rows)
    np.testing.assert_allclose(weights, trace.weights[2, :3], atol=0.0051)
    np.testing.assert_allclose(keys, trace.k[:3, column], atol=0.0051)
    np.testing.assert_allclose(values, trace.v[:3, column], atol=0.0051)
    assert mark(question, weights @ values).right
    assert "keys for values" in said(question, weights @ keys)
    assert "added the values up" in said(question, values.sum())
    assert "plain average" in said(question, values.mean())


def test_the_question_that_is_read_off_the_matrix():
    question, trace = ask()[3], head(9)
    query = int(re.search(r"does \*\*(\d+) ", question.text)[1])
    assert question.answer == labels(9)[trace.weights[query].argmax()]
    down, hidden = labels(9)[trace.weights[:, query].argmax()], labels(9)[trace.scores[query].argmax()]
    assert "down the column" in said(question, down)
    assert "comes later" in said(question, hidden)
    assert {question.answer, down, hidden, labels(9)[0]} <= set(question.options)
    assert [int(o.split()[0]) for o in question.options] == sorted({int(o.split()[0]) for o in question.options})


@given(t=some.integers(1, 30), seed=some.integers(0, 10_000))
def test_right_answers_are_right_and_mistakes_are_named(t, seed):
    made = ask(t, seed)
    assert len(made) == (3 if t == 1 else 4)
    for question in made:
        assert mark(question, question.answer).right
        known = [wrong for wrong, _ in question.mistakes]
        for i, (wrong, sentence) in enumerate(question.mistakes):
            verdict = mark(question, wrong)
            alike = [other for other in (question.answer, *known[:i]) if near(other, wrong)]
            assert alike or verdict.text == sentence


def near(one, other) -> bool:
    return one == other if isinstance(one, str) else abs(one - other) < 0.011


@given(seed=some.integers(0, 10_000))
def test_mistakes_can_be_told_from_the_right_answer(seed):
    """With a few tokens there is always a row and a feature where they lie apart."""
    for question in ask(12, seed)[1:3]:
        assert not any(near(wrong, question.answer) for wrong, _ in question.mistakes)


@given(start=some.integers(1, 20), seed=some.integers(0, 1000))
def test_in_a_window_the_answer_is_on_screen_if_it_can_be(start, seed):
    trace, shown = head(44, seed=seed), range(start, start + 24)
    possible = [i for i in shown if trace.weights[i].argmax() in shown]
    assume(possible)
    question = questions(trace, labels(44), shown, 48)[3]
    assert int(question.answer.split()[0]) in shown
    assert int(re.search(r"does \*\*(\d+) ", question.text)[1]) in shown


def test_a_single_token_has_weight_1():
    score, weight, output = ask(1)
    assert weight.answer == pytest.approx(1)
    assert output.answer == pytest.approx(
        float(head(1).v[0, int(re.search(r"feature (\d+)", output.text)[1]) - 1]), abs=0.01
    )
    assert math.isfinite(score.answer)


def test_workings_end_with_the_answer():
    for question in ask()[:3]:
        ending = question.working.rstrip("$").rsplit("=", 1)[1].strip().replace("−", "-")
        assert float(ending) == pytest.approx(question.answer, abs=0.0051)


def test_labels_are_shown_as_typed():
    texts = [q.text for q in questions(head(3), ["0 start", "1 **", "2 $x$"], range(3), 48)]
    assert "2 \\$x\\$" in texts[0]
    assert not re.search(r"(?<!\\)\$", "".join(texts))


def test_equal_scores_everywhere_still_make_questions():
    zero = torch.zeros(5, 4)
    for question in questions(attention(zero, zero, zero, masks.causal(5)), labels(5), range(5), 16):
        assert mark(question, question.answer).right
