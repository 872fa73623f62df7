"""The questions about a step of decoding: right answers are right, and known mistakes are named."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.config import Config
from core.decoding import filter_logits
from pages.decoding.model.cache_costs import Step
from pages.decoding.model.questions import better, cached, further, questions, repeated, saved
from pages.shared.model.questions import mark
from tests import reference

LOGITS = np.array([1.25, 3.0, 2.4, -0.5, 2.1, 1.9, 0.3, 1.6, 0.8, -2.0, 0.1, 1.0, -1.0])
SURE = np.array([30.0, 2.0, 1.0, 0.5, 0.2, 0.1, 0.0, -1.0, -2.0, -3.0, -4.0, -5.0, -6.0])
FLAT = np.zeros(50)


def ask(logits: np.ndarray = LOGITS, temperature: float = 0.8, **filters):
    import torch

    probs = filter_logits(torch.tensor(logits), temperature=temperature, **filters).probs.numpy()
    return questions(logits, probs, temperature, lambda i: f"t{i}")


def said(question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def test_the_temperature_question():
    question = ask()[0]
    gap = 3.0 - 2.4
    assert "**1 t1** is 3.00, that of **2 t2** 2.40. At temperature 0.8" in question.text
    assert mark(question, math.exp(gap / 0.8)).right
    assert mark(question, round(math.exp(gap / 0.8), 1)).right  # worked out by hand from printed numbers
    assert "did not divide the logits" in said(question, math.exp(gap))
    assert "divided the probability by the temperature" in said(question, math.exp(gap) / 0.8)
    assert "multiplied by the temperature" in said(question, math.exp(gap * 0.8))
    assert "raise e to it" in said(question, gap / 0.8)
    assert "divide it by the temperature, then" in said(question, gap)
    assert "other way round" in said(question, math.exp(-gap / 0.8))
    assert f"{math.exp(gap / 0.8):.2f}" in question.working


def test_the_filter_question():
    question = ask()[1]
    shares = np.sort(reference.softmax(LOGITS / 0.8))[::-1][:3].round(3)
    assert ", ".join(f"{x:.3f}" for x in shares[:2]) + f" and {shares[2]:.3f}" in question.text
    assert mark(question, shares[0] / shares.sum()).right
    assert "forgot to renormalise after the filter" in said(question, shares[0])
    assert "do not become equally probable" in said(question, 1 / 3)
    assert "handed out evenly" in said(question, shares[0] + (1 - shares.sum()) / 3)
    assert "divide by it" in said(question, shares.sum())


def test_the_draw_question():
    question = ask()[2]
    draw = float(re.search(r"random number ([\d.]+) fall", question.text)[1])
    probs = reference.softmax(LOGITS / 0.8)
    assert reference.draw(probs, draw) == int(question.answer.split("t")[1])
    assert question.answer != question.options[0] and len(question.options) == 4
    assert mark(question, question.answer).right
    assert "took the largest, as greedy does" in said(question, question.options[0])
    for option in question.options:
        assert mark(question, option).text not in ("", "Not yet.")


def test_the_top_p_question():
    question = ask()[3]
    p = float(re.search(r"top-p = ([\d.]+) keep", question.text)[1])
    kept = np.count_nonzero(reference.filter_logits(LOGITS, 0.8, top_p=p))
    assert question.answer == kept == 4
    assert mark(question, kept).right
    assert "left out the token that crosses p" in said(question, kept - 1)
    assert "one too many" in said(question, kept + 1)
    assert "compared each share with p" in said(question, 0)


def test_the_draw_is_asked_with_the_filtered_probabilities():
    assert len(ask(top_k=2)[2].options) == 2
    assert "With the probabilities on screen" in ask(top_k=2)[2].text
    assert "With the shares on screen" in ask(top_k=1)[2].text  # one kept token: nothing to ask


def test_a_step_that_is_decided_is_asked_about_at_another_temperature():
    for question in ask(SURE, 1.0)[1:]:
        assert "At temperature 8" in question.text
    for question in ask(LOGITS, 1e-9)[1:]:
        assert "At temperature 1" in question.text
    assert "At temperature 0.5" in ask(LOGITS, 0.0)[0].text and "At temperature 0.5" in ask(LOGITS, 1.0)[0].text


@pytest.mark.parametrize("logits", [LOGITS, SURE, FLAT], ids=["mixed", "sure", "flat"])
@pytest.mark.parametrize("temperature", [0.0, 1e-9, 0.3, 1.0, 3.0])
@pytest.mark.parametrize("filters", [{}, {"top_k": 1}, {"top_p": 0.0}, {"min_p": 0.5}], ids=str)
def test_every_answer_is_a_number_or_an_option(logits, temperature, filters):
    for question in ask(logits, temperature, **filters):
        assert mark(question, question.answer).right
        assert question.answer in question.options if question.options else math.isfinite(question.answer)
        assert not re.search(r"nan|inf|\{[a-z]", question.text + question.working)


@given(some.lists(some.floats(-20, 20), min_size=4, max_size=40), some.floats(0, 3), some.integers(1, 50))
def test_no_mistake_is_marked_right(values, temperature, top_k):
    for question in ask(np.array(values), temperature, top_k=top_k):
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)


def test_a_token_is_shown_as_it_is():
    asked = questions(LOGITS, reference.softmax(LOGITS), 0.8, lambda i: "{a}*$" if i == 1 else f"t{i}")
    assert "1 \\{a\\}\\*\\$" in asked[2].text
    assert asked[2].options[0] == "1 {a}*$"


def test_the_penalty_question():
    above, below = repeated(3.0, "red", 1.2), repeated(-1.5, "red", 1.2)
    assert mark(above, 2.5).right and mark(below, -1.8).right
    assert "more probable" in said(above, 3.6) and "would rise" in said(below, -1.25)
    assert "no amount to take away" in said(above, 1.8) and "does pay" in said(above, 3.0)


def test_the_question_of_repetition_is_about_a_token_of_the_text():
    config = Config(vocab=13, d_model=12, n_heads=3, n_layers=2, d_ff=5, context=9, n_kv_heads=1)
    first, second = further(config, LOGITS, (3, 2, 2, 12), lambda i: f"t{i}")
    assert "**t2**" in first.text and mark(first, 2.4 / 1.2).right  # the largest of those that were seen
    assert mark(second, 2 * 2 * 4).right and "in the cache: 4." in second.text
    zeros = further(config, FLAT[:13], (0,), lambda i: f"t{i}")
    assert mark(zeros[0], 0.0).right


def test_the_cache_question():
    question = cached(7, 4, 192)
    assert mark(question, 1536).right
    assert "keys alone" in said(question, 768) and "one layer" in said(question, 384)
    assert "whole cache" in said(question, 1536 * 8) and "bytes" in said(question, 1536 * 4)


@pytest.mark.parametrize(("verdict", "answer"), [("Beam better", "higher score"), ("Beam same", "same text")])
def test_what_will_a_beam_find(verdict, answer):
    question = better(verdict, 3)
    assert answer in question.answer and question.answer in question.options and "width 3" in question.text


@pytest.mark.parametrize(
    ("times", "answer"), [(1.0, "less than 2"), (2.0, "2 to 5"), (12, "10 to 20"), (99, "50 times")]
)
def test_what_does_the_cache_spare(times, answer):
    question = saved(Step(17, 1000, round(1000 * times), 0, 0))
    assert answer in question.answer and question.answer in question.options
