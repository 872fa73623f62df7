"""The questions about softmax: right answers are right, and known mistakes are named."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pages.shared.model.questions import mark
from pages.softmax.model.questions import questions, shift
from tests import reference

SCORES, NAMES = np.array([2.0, 1.0, 0.1, -1.0]), ("s₁", "s₂", "s₃", "s₄")


def ask(scores=SCORES, temperature=1.0):
    scores = np.array(scores, float)
    return questions(scores, [f"s{i}" for i in range(len(scores))], temperature)


def said(question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def test_the_share():
    question = ask()[0]
    assert mark(question, reference.softmax(SCORES)[0]).right
    assert "sum of the scores" in said(question, 2 / 2.1)
    assert "all scores were equal" in said(question, 0.25)
    assert "hardmax" in said(question, 1)
    assert "divide it by the sum over all" in said(question, math.exp(2))


def test_the_ratio():
    question = ask(temperature=0.5)[1]
    assert mark(question, math.exp(2)).right
    assert "difference of the scores" in said(question, 1.0)
    assert "now raise e" in said(ask(temperature=0.8)[1], 1.25)
    assert "at temperature 1" in said(question, math.exp(1))
    assert "other way round" in said(question, math.exp(-2))


def test_the_derivative():
    question = ask()[2]
    p = round(float(reference.softmax(SCORES)[1]), 2)
    assert mark(question, p * (1 - p)).right
    assert "share itself" in said(question, p)
    assert "multiply by p" in said(question, 1 - p)
    assert "−p²" in said(question, -p * p)


def test_the_limit_of_float16():
    question = ask()[3]
    assert mark(question, 12).right
    assert "still fits" in said(question, 11)
    assert "float32" in said(question, 89)
    assert "number of bits" in said(question, 16)
    assert "logarithm" in said(question, 65504)


def test_a_constant_is_predicted():
    question = shift(100)
    assert "Add 100" in question.text and mark(question, "It stays the same.").right
    assert "cancels" in said(question, "It grows.") and "cancels" in said(question, "It shrinks.")


def test_a_single_score_has_no_ratio():
    assert len(ask([3.0])) == 3


@pytest.mark.parametrize("scores", [[1, 1, 1, 1], [0, 0], [1e6, -1e6], [2, 1, -1, -2], [-1000, -1000.5]])
@pytest.mark.parametrize("temperature", [0.05, 1.0, 5.0])
def test_odd_scores(scores, temperature):
    for question in ask(scores, temperature):
        assert mark(question, question.answer).right and math.isfinite(question.answer)


@given(some.lists(some.floats(-1e6, 1e6), min_size=1, max_size=8), some.floats(0.05, 5))
def test_any_scores_make_questions_with_their_right_answers(scores, temperature):
    for question in ask(scores, temperature):
        assert mark(question, question.answer).right
        assert not any(x in (question.text + question.working).lower() for x in ("nan", "inf"))
        for wrong, _sentence in question.mistakes:
            assert not mark(question, wrong).right
