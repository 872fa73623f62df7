"""Questions about many heads: the answers are the numbers', known mistakes are named, and no two answers are alike."""

import numpy as np
import pytest
import torch

from pages.multi_head.model import head_steps, one_head, questions
from pages.multi_head.model.example import HEADS, LOVE, SWAPPED, Shape, divisors, run
from pages.shared.model.questions import mark

STORY = Shape(4, 6, 6, 32, 256, 4)
STATES = [
    head_steps.state(example, edits, n, kv)
    for example in (LOVE, SWAPPED)
    for n in HEADS
    for kv in divisors(n)
    for edits in ({}, {("W_o", 0, 1): 0.75, ("X", 0, 0): -2.0})
]


@pytest.mark.parametrize("state", STATES, ids=lambda s: f"{s.n_heads}-{s.n_kv_heads}")
def test_by_hand(state):
    asked = questions.by_hand(state)
    assert len(asked) == (3 if state.n_heads == 1 else 4)
    for question in asked:
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)
        assert question.working and "{" not in question.text.replace("{{", "")


def test_the_answers_are_those_of_the_matrices():
    state = head_steps.state(LOVE, {}, 2, 2)
    score, concat, output, count = questions.by_hand(state)
    assert abs(score.answer) == pytest.approx(6 / np.sqrt(2), abs=0.01)
    assert concat.answer == pytest.approx(state.now.concat[1, 3].item(), abs=0.006)
    col = 2  # of what the question says: "number 3 of the output"
    assert "number 3 of the output" in output.text
    assert output.answer == pytest.approx(state.now.output[1, col].item(), abs=0.011)
    assert count.answer == 64


def test_mistakes_have_names():
    state = head_steps.state(LOVE, {}, 2, 2)
    score, concat, _output, count = questions.by_hand(state)
    assert "divided by √d_head" in mark(score, score.answer * np.sqrt(2)).text
    assert "root of d_model" in mark(score, score.answer * np.sqrt(2) / 2).text
    heads = state.now.heads.output[:, 1, -1]
    assert "added the heads" in mark(concat, round(heads.sum().item(), 2)).text
    assert "share out the columns" in mark(count, 128).text
    assert "forgot one" in mark(count, 48).text


def test_one_head_looks_at_all_alike():
    state = head_steps.state(LOVE, {}, 2, 2)
    question = questions.first_look(state, run(state.given, 1), "1 head")
    assert question.answer == questions.SAME
    assert "where head 1 looks now" in mark(question, "0 You").text
    four = questions.first_look(state, run(state.given, 4), "4 heads")
    assert four.answer == "0 You"
    assert not four.mistakes


def test_half_is_lost():
    question = questions.best_one(one_head.curve()[7][1] / 2 + one_head.curve()[7][2] / 2)
    assert question.answer == "a half" and "50%" in question.working
    assert "only two numbers" in mark(question, "nothing").text


def test_in_a_model():
    column, count, cache, times = questions.in_model(STORY, 0.44, 0.11, "previous token")
    assert "column 129 " in column.text and column.answer == 5  # 4 heads of 32 columns come before it
    assert "Heads do not take turns" in mark(column, 129 % 6).text
    assert count.answer == 4 * 192**2
    assert cache.answer == 2 * 4 * 6 * 32 * 4
    assert "both are kept" in mark(cache, cache.answer / 2).text
    assert times.answer == pytest.approx(4)
    assert "divide instead" in mark(times, 0.33).text
    for question in (column, count, cache, times):
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)


def test_of_equal_first_words_only_one_stands_in_the_options():
    state = next(s for s in STATES if s.n_heads == 2)
    row = np.zeros((2, len(state.labels), len(state.labels)))
    row[..., 1:3] = 0.5
    heads = state.now.heads._replace(weights=torch.tensor(row))
    asked = questions.first_look(state, state.now._replace(heads=heads), "4 heads")
    assert len(asked.options) == len(state.labels) and asked.answer in asked.options
