"""The questions about similarity: right answers are right, and known mistakes are named."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pages.shared.model.questions import mark
from pages.similarity.model.questions import TIE, growth, questions

Q, K, NAMES = np.array((2.0, 2.0)), np.array(((1.0, 4.0), (5.0, 1.0))), ("cherry", "laptop")


def ask(q=Q, k=K, query="apple", names=NAMES, score=-8.87, d=64):
    return questions(np.array(q, float), np.array(k, float), query, names, score, d)


def said(question, answer) -> str:
    verdict = mark(question, answer)
    assert not verdict.right
    return verdict.text


def test_the_dot_product():
    question = ask()[0]
    assert "apple = (2, 2) and cherry = (1, 4)" in question.text
    assert mark(question, 10).right
    assert "only the first product" in said(question, 2)
    assert "added all" in said(question, 9)
    assert "product of the lengths" in said(question, math.sqrt(8 * 17))
    assert "crosswise" in said(ask(q=(2, 1))[0], 9)


def test_the_cosine():
    question = ask()[1]
    assert "is 2.83, that of cherry 4.12; their dot product is 10.00" in question.text
    right = 10 / (2.83 * 4.12)
    assert mark(question, right).right and mark(question, 0.857).right
    assert "divide it by both" in said(question, 10)
    assert "one length" in said(question, 10 / 2.83)
    assert "scaled dot product" in said(question, 10 / math.sqrt(2))
    assert "sum of the lengths" in said(question, 10 / 6.95)


def test_the_cosine_with_a_zero_vector_is_what_was_decided():
    question = ask(k=((0, 0), (0, 0)))[1]
    assert mark(question, 0).right and "0 was decided" in question.working


def test_the_order():
    question = ask()[2]
    assert question.options == (*NAMES, TIE) and mark(question, "cherry").right
    assert "order by dot product" in said(question, "laptop")
    assert mark(ask(k=((0, 3), (4, 0)))[2], TIE).right


def test_the_scaled_score():
    question = ask()[3]
    assert mark(question, -8.87 / 8).right
    assert "itself: divide" in said(question, -8.87)
    assert "width itself" in said(question, -8.87 / 64)
    assert "Here the width is 64" in said(question, -8.87 / math.sqrt(2))


def test_what_happens_to_the_variance():
    question = growth(16, 4)
    assert mark(question, "It becomes 4 times as large.").right
    assert "more terms" in said(question, "It stays the same.")
    assert "standard deviation" in said(question, "It becomes 2 times as large.")
    assert "4 times as many" in said(question, "It becomes 16 times as large.")


def test_in_a_model_no_sum_of_many_terms_is_asked_for():
    found = ask(q=np.ones(32), k=np.eye(32)[:3], names=("0 a", "1 b", "2 c"))
    assert len(found) == 3 and "Dot product" not in found[0].text.split("**")[1]
    assert len(ask(q=np.ones(32), k=np.eye(32)[:1], names=("0 a",))) == 2


NUMBERS = some.floats(-1e6, 1e6)


@given(some.tuples(NUMBERS, NUMBERS), some.tuples(NUMBERS, NUMBERS), some.tuples(NUMBERS, NUMBERS))
def test_any_vectors_make_questions_with_their_right_answers(q, one, other):
    for question in ask(q, (one, other)):
        assert mark(question, question.answer).right
        assert "nan" not in (question.text + question.working).lower()
        for wrong, _sentence in question.mistakes:
            assert not mark(question, wrong).right


def test_markdown_in_a_name_stays_text():
    assert r"\*x\*" in ask(names=("*x*", "b"))[2].text


@pytest.mark.parametrize("d", [1, 2, 512])
def test_every_width(d):
    assert mark(ask(d=d, score=3.0)[3], 3 / math.sqrt(d)).right


def test_equal_lengths_are_not_called_longer():
    order = ask(k=np.array(((0.0, 1.0), (0.6, 0.8))))[2]
    assert mark(order, "laptop").right or mark(order, "\u2068laptop\u2069").right
    assert "longer" not in said(order, TIE)
