"""The lesson Positions: its questions, and its code."""

import contextlib
import io
import math

import numpy as np
import pytest

from core import words
from pages.positions.model import order
from pages.positions.model.export import snippet
from pages.positions.model.questions import BLIND, CHANGES, PLACE, STAYS, TELLS, predict, questions
from pages.shared.model import hand
from pages.shared.model.questions import mark
from tests import reference

LABELS = ["0 dog", "1 bites", "2 man"]
Q, K = np.array([0.5, -1.0, 2.0, 0.25]), np.array([1.5, 1.0, -0.5, 3.0])
ASKED = questions(LABELS, 0.85, Q, K)


def said(question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def test_prediction():
    question = predict("0 dog")
    assert "**0 dog**" in question.text
    assert mark(question, STAYS).right
    assert "row moves with its word" in said(question, PLACE)
    assert "no neighbours" in said(question, CHANGES)


def test_a_row_is_added():
    question = ASKED[0]
    assert mark(question, 0.85 + math.sin(2)).right
    assert "cosine" in said(question, 0.85 + math.cos(2))
    assert "degrees" in said(question, 0.85 + math.sin(math.radians(2)))
    assert "not put beside it" in said(question, 0.85 + 0.0)


def test_both_shifted():
    question = ASKED[1]
    q, k = (reference.rotary(x[None], offset=at)[0] for x, at in ((Q, 5), (K, 2)))
    assert mark(question, q @ k).right
    far = reference.rotary(Q[None], offset=15)[0] @ k
    assert "distance is larger" in said(question, far)
    assert "not added to the score" in said(question, q @ k + 10)


def test_penalty():
    question, score = ASKED[2], round(Q @ K / 2, 2)
    assert mark(question, score - 0.5).right
    assert "You added" in said(question, score + 0.5)
    assert "multiplied by the distance" in said(question, score - 0.25)
    assert "distance itself" in said(question, score - 2)


def test_the_mask_tells():
    assert mark(ASKED[3], TELLS).right
    assert "all see all" in said(ASKED[3], BLIND)


@pytest.mark.parametrize("n", [1, 2, 12])
def test_any_length_can_be_asked_about(n):
    for question in questions([f"{i} w" for i in range(n)], 0.0, Q * 1e6, K * 1e6):
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)


@pytest.mark.parametrize(
    ("text", "other"),
    [("dog bites man", (1, 0, 2)), ("it's the dog's “bone”, not 'mine'", (5, 1, 2, 3, 4, 0)), ("dog", (0,))],
)
def test_the_code_prints_the_pages_numbers(text, other):
    example = hand.example(text, words.load(), width=4)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet(example, other), {})
    stayed, moved = printed.getvalue().split("\n", 1)
    assert stayed == "True"
    expected = order.hand_moves(example, other)["told"].distances
    np.testing.assert_allclose(np.fromstring(moved.strip().strip("[]"), sep=" "), expected, atol=0.006)
