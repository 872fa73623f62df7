"""The class of friends: rounds, spread, camps, panels and questions against the formulas."""

import re

import numpy as np
import pytest

from pages.friends.model import friends, questions
from pages.friends.model.friends import FRIENDS, JOEY, ROUNDS, TABLE
from pages.shared.model import asking
from pages.shared.model.questions import mark
from tests.pages.friends.test_export import oracle, spread

WAYS = [("dot", 1.0), ("dot", 0.25), ("scaled_dot", 1.0), ("cosine", 0.5)]


@pytest.mark.parametrize(("kind", "t"), WAYS)
def test_rounds_and_spreads_are_the_oracles(kind, t):
    rounds, expected = friends.play(TABLE, kind, t), oracle(TABLE, kind, t)
    for one, found in zip(rounds, expected, strict=True):
        for name in ("before", "scores", "weights", "after"):
            np.testing.assert_allclose(getattr(one, name), found[name], atol=1e-12)
    wanted = [spread(f["before"]) for f in expected] + [spread(expected[-1]["after"])]
    np.testing.assert_allclose(friends.spreads(rounds), wanted, atol=1e-12)
    assert len(wanted) == ROUNDS + 1


@pytest.mark.parametrize(("kind", "t"), WAYS)
def test_panels_hold_a_round(kind, t):
    one = friends.play(TABLE, kind, t)[0]
    found = {p["id"]: p for p in friends.panels(one, kind, t, base=one)["panels"]}
    np.testing.assert_allclose(found["revised"]["values"], one.after)
    assert found["X"]["editable"] and found["weights"]["rule"]["temperature"] == t
    assert "revised" not in {p["id"] for p in friends.panels(one, kind, t, revealed=False)["panels"]}


def test_the_table_is_worth_a_prediction():
    """Joey looks most at Phoebe, more than at himself, and becomes most like Monika."""
    facts = friends.facts(friends.play(TABLE, "dot", 1.0), JOEY)
    assert (facts["most"], facts["like"], facts["camps"]) == ("Phoebe", "Monika", 1)
    assert facts["most_weight"] > facts["own"]
    question = questions.becomes(friends.play(TABLE, "dot", 1.0)[0], JOEY)
    assert mark(question, "Monika").right and "another ends closer" in mark(question, "Phoebe").text
    assert set(question.options) == {*friends.FRIENDS} - {friends.FRIENDS[JOEY]}


def test_in_the_cold_there_are_camps():
    facts = friends.facts(friends.play(TABLE, "dot", 0.25), JOEY)
    assert (facts["camps"], facts["groups"]) == (3, "Chandler, Rachael; Monika, Phoebe, Joey; Ross")


def test_camps_join_along_a_chain():
    line = np.array([[0.0], [1.0], [2.0], [10.0], [11.0], [30.0]])
    assert friends.camps(line, 1.0) == [["Joey"], ["Monika", "Phoebe", "Chandler"], ["Rachael", "Ross"]]


@pytest.mark.parametrize("value", [1e6, -1e6, 0.0])
@pytest.mark.parametrize("kind", ["dot", "scaled_dot", "cosine"])
def test_extreme_traits_stay_numbers(value, kind):
    traits = np.array(TABLE)
    traits[0], traits[1, 2] = value, -value
    rounds = friends.play(traits, kind, 0.1)
    assert np.isfinite(friends.spreads(rounds)).all()
    for friend in range(len(FRIENDS)):
        row = friends.asked(rounds[0], friend, kind, 0.1, 2)
        written = asking.scores(row) + asking.softmax(row) + asking.context(row, friends.TRAITS)
        assert not re.search("nan|inf", written)
        friends.facts(rounds, friend)
        questions.questions(rounds[0], friend, 0.1)


@pytest.mark.parametrize(("kind", "t"), WAYS)
@pytest.mark.parametrize("friend", range(len(FRIENDS)))
def test_questions_can_be_answered_and_mistakes_are_none(friend, kind, t):
    one = friends.play(TABLE, kind, t)[0]
    asked = (*questions.questions(one, friend, t), questions.becomes(one, friend))
    assert len(asked) == 4
    for question in asked:
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _sentence in question.mistakes)
    weight, trait = asked[:2]
    assert any(weight.answer == pytest.approx(w, abs=0.03) for w in one.weights[friend])
    assert any(trait.answer == pytest.approx(x, abs=0.03) for x in one.after[friend])


def test_a_written_row_comes_to_the_numbers():
    one = friends.play(TABLE, "scaled_dot", 0.5)[0]
    row = friends.asked(one, JOEY, "scaled_dot", 0.5, 6)
    for text, values in (
        (asking.scores(row), one.scores),
        (asking.softmax(row), one.weights),
        (asking.context(row, friends.TRAITS), one.after),
    ):
        found = [float(x) for x in re.findall(r"(?<!sum} )&= ([-\d.]+) ", text)]
        np.testing.assert_allclose(found, values[JOEY], atol=1e-6)
