"""Questions about a mask: right answers, named mistakes, and masks that leave nothing to ask."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from core import masks
from pages.masking.model import example
from pages.masking.model import questions as asked
from pages.masking.model.example import GREETING
from pages.shared.model.questions import mark
from tests import reference

T = len(GREETING.words)


def look(mask: torch.Tensor | None = None) -> example.Look:
    return example.look(*example.by_hand(GREETING), masks.causal(T) if mask is None else mask)


def said(question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def test_all_right_answers_are_right():
    questions = asked.questions(look(), GREETING.labels)
    assert len(questions) == 5
    assert all(mark(q, q.answer).right for q in questions)


def test_the_weight_is_the_oracles_from_the_printed_scores():
    at = look()
    query = asked.telling(at)
    question = asked.questions(at, GREETING.labels)[0]
    scores = at.scores[query].numpy().round(2)
    expected = reference.softmax(scores[: query + 1])
    assert question.answer == pytest.approx(expected.max())
    assert question.answer == pytest.approx(at.weights[query].max().item(), abs=0.006)
    assert "masked after the softmax" in said(question, reference.softmax(scores)[expected.argmax()])
    assert question.working.endswith(f"= {expected.max():.2f}$")


def test_the_sum_that_is_left():
    question = asked.questions(look(), GREETING.labels)[1]
    assert "−∞ before the softmax" in said(question, 1.0)
    assert "what was lost" in said(question, 1 - question.answer)


@pytest.mark.parametrize("t", range(1, 25))
def test_counting_masked_cells(t):
    question = asked.count(t)
    assert question.answer == (~masks.causal(t)).sum()
    assert not mark(question, t * (t + 1) / 2).right or t == 0


def test_half_precision():
    question = asked.half()
    assert question.answer == "−∞"
    assert "lowest finite" in said(question, "−65,504")
    assert "65,504" in question.working


@given(some.integers(1, 9), some.integers(0, 999))
def test_who_moves_is_found_by_replacing(t, seed):
    random = torch.Generator().manual_seed(seed)
    mask = torch.rand(t, t, generator=random) < 0.5
    q, k, v = (torch.randn(t, 3, generator=random, dtype=torch.float64) for _ in range(3))
    at = seed % t
    outputs = []
    for shift in (0.0, 0.7):
        x = [z.clone() for z in (q, k, v)]
        for z in x:
            z[at] += shift
        outputs.append(torch.tensor(reference.attention(*(z.numpy() for z in x), mask.numpy())[2]))
    moved = ((outputs[1] - outputs[0]).norm(dim=-1) > 1e-9).sum().item()
    question = asked.moved(mask, [f"{i} w" for i in range(t)], at)
    assert moved == question.answer  # a query with a single key keeps its output when only the query changes


def test_the_row_for_the_column_is_named():
    question = asked.moved(masks.causal(T), GREETING.labels, 1)
    assert question.answer == 5
    assert "in its column" in said(question, 2)
    assert "without a mask" in said(question, 6)


@pytest.mark.parametrize("mask", [torch.zeros(T, T), torch.ones(T, T), torch.eye(T)])
def test_masks_that_leave_less_to_ask(mask):
    questions = asked.questions(look(mask.bool()), GREETING.labels)
    assert len(questions) == 3
    assert all(mark(q, q.answer).right for q in questions)


@given(some.integers(0, 2**36 - 1))
def test_any_mask_makes_questions(bits):
    mask = torch.tensor([[bool(bits >> (6 * i + j) & 1) for j in range(6)] for i in range(6)])
    for question in asked.questions(look(mask), GREETING.labels):
        assert mark(question, question.answer).right
        assert question.options or math.isfinite(question.answer)


def test_scores_beyond_all_bounds_are_not_worked_out_by_hand():
    at = look()
    scores = at.scores.clone()
    scores[1] = torch.tensor([800.0, 800.0, 802.0, 0.0, 0.0, 0.0])
    questions = asked.questions(example.look(scores, at.v, at.mask), GREETING.labels)
    assert asked.telling(example.look(scores, at.v, at.mask)) == 1 and "Weight" not in questions[0].text


def test_padding_is_not_replaced_by_a_word():
    t, words = 6, 2
    mask = torch.ones(t, t, dtype=torch.bool)
    mask[:, words:] = False
    labels = ["0 dogs", "1 run", "2 pad", "3 pad", "4 pad", "5 pad"]
    leak = asked.questions(look(mask), labels)[-1]
    assert "1 run" in leak.text.replace("\\", "") and leak.answer == t


def test_a_word_that_nobody_sees_is_not_said_to_be_seen():
    mask = torch.eye(T, dtype=torch.bool)
    mask[2] = False
    question = asked.moved(mask, GREETING.labels, 2)
    assert mark(question, 0).right and "Others" not in said(question, 1)
