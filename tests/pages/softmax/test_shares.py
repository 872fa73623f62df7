"""Softmax taken apart: against the oracle, against real number formats, against finite differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.attention import slope
from pages.softmax.model import shares
from tests import reference

SCORES = some.lists(some.floats(-50, 50), min_size=1, max_size=8).map(np.array)


@given(SCORES, some.floats(0.05, 20))
def test_the_steps_lead_to_the_oracles_shares(scores, temperature):
    found = shares.steps(scores, temperature)
    np.testing.assert_allclose(found.shares, reference.softmax(scores, temperature), atol=1e-12)
    np.testing.assert_allclose(found.powers / found.total, found.shares, atol=1e-12)
    assert found.below.max() == 0 and found.powers.max() == 1
    assert found.shares.sum() == pytest.approx(1)


def test_hand_numbers():
    e = math.e
    np.testing.assert_allclose(shares.shares(np.array([1.0, 0.0])), (e / (1 + e), 1 / (1 + e)))
    assert shares.shares(np.array([-7.0])).tolist() == [1.0]


@given(SCORES, some.floats(-1000, 1000))
def test_a_constant_changes_nothing(scores, c):
    np.testing.assert_allclose(shares.shares(scores + c), shares.shares(scores), atol=1e-9)
    names, all_of_them = list(map(str, scores)), range(len(scores))
    panels = {p["id"]: p["values"] for p in shares.shifted(scores, c, 1.0, names, all_of_them)["panels"]}
    np.testing.assert_allclose(panels["difference"], 0, atol=1e-9)


@pytest.mark.parametrize(("name", "first"), [("float16", 12), ("float32", 89), ("float64", 710)])
def test_where_a_format_overflows(name, first):
    assert shares.first_overflow(name) == first
    assert math.isinf(shares.naive(np.array([float(first)]), name).powers[0])
    assert math.isfinite(shares.naive(np.array([first - 1.0]), name).powers[0])
    assert shares.naive(np.array([first - 1.0, 0.0]), name).works
    assert not shares.naive(np.array([float(first), 0.0]), name).works


def test_naive_underflow_is_no_number_either():
    found = shares.naive(np.array([-200.0, -201.0]), "float32")
    assert found.total == 0 and np.isnan(found.shares).all() and not found.works
    np.testing.assert_allclose(shares.stable(np.array([-200.0, -201.0])), reference.softmax(np.array([1.0, 0.0])), 1e-6)


def test_naive_runs_in_the_format_itself():
    found = shares.naive(np.array([1.0, 2.0]), "float16")
    assert found.powers.dtype == found.shares.dtype == np.float16
    assert found.works and shares.naive(np.array([1.0, 2.0]), "float32").powers.dtype == np.float32


def test_plain_division():
    np.testing.assert_allclose(shares.plain(np.array([3.0, 1.0])), (0.75, 0.25))
    np.testing.assert_allclose(shares.plain(np.array([2.0, -1.0])), (2, -1))
    for nothing in ([2.0, -2.0], [0.0], [0.1, 0.2, -0.3]):
        assert shares.plain(np.array(nothing)) is None


@given(SCORES)
def test_the_jacobian_is_the_derivative(scores):
    h = 1e-6
    p = shares.shares(scores)
    steps = np.eye(len(scores)) * h
    measured = (reference.softmax(scores + steps) - reference.softmax(scores - steps)).T / (2 * h)
    np.testing.assert_allclose(shares.jacobian(p), measured, atol=1e-7)
    np.testing.assert_allclose(shares.jacobian(p).sum(0), 0, atol=1e-12)
    assert slope(p) == pytest.approx(np.trace(shares.jacobian(p)), abs=1e-12)


def test_the_jacobian_as_matrices():
    p = shares.shares(np.array([2.0, 1.0, 0.1]))
    panels = {x["id"]: np.array(x["values"]) for x in shares.jacobian_panels(p, ("a", "b", "c"))["panels"]}
    np.testing.assert_allclose(panels["diag"] - panels["outer"], panels["jacobian"], atol=1e-12)
    np.testing.assert_allclose(panels["jacobian"], np.diag(p) - np.outer(p, p), atol=1e-12)


def test_saturation_kills_it():
    assert slope(shares.shares(np.array([20.0, 0.0, 0.0]))) < 1e-7
    assert np.abs(shares.jacobian(shares.shares(np.array([100.0, 0.0])))).max() < 1e-30


def test_entropy():
    assert shares.entropy(np.array([1.0, 0.0])) == 0 and str(shares.entropy(np.array([1.0, 0.0]))) == "0.0"
    facts = shares.entropy_facts(np.full(4, 0.25))
    assert facts == pytest.approx({"nats": math.log(4), "bits": 2, "most": math.log(4), "like": 4})


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("2 1 0.1 -1", [2, 1, 0.1, -1]),
        ("2\t1\t0.1", [2, 1, 0.1]),
        ("2\n1\n", [2, 1]),
        ("2,1,0.1", [2, 1, 0.1]),
        ("2, 1, 0.1", [2, 1, 0.1]),
        ("0,5 1,5", [0.5, 1.5]),
        ("0,5; 1,5;", [0.5, 1.5]),
        ("−1 +2 1e3", [-1, 2, 1000]),
        ("7", [7]),
        ("1 2 3 4 5 6 7 8", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_scores_can_be_typed_and_pasted(text, scores):
    assert shares.parse(text) == scores
    assert shares.parse(shares.write(scores)) == scores


@pytest.mark.parametrize(
    "text", ["", "  ", ",", "a", "1 two", "1e300", "inf", "nan", "1 2 3 4 5 6 7 8 9", "1;;x", "😀"]
)
def test_what_is_no_score_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"^[^\n]+\.$"):
        shares.parse(text)


def test_sharper_scores_are_held_against_those_on_screen():
    p, then = (shares.shares(np.array([2.0, 1.0]) * f) for f in (1, 10))
    panels = {x["id"]: np.array(x["values"]) for x in shares.sharpened(p, then, 10, ("a", "b"))["panels"]}
    np.testing.assert_allclose(panels["difference"], shares.jacobian(then) - shares.jacobian(p), atol=1e-12)


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([3, 1], "works"),
        ([3, 0], "works"),
        ([2, -1], "negative"),
        ([2, -2], "zero"),
        ([1, 1, 1], "equal"),
        ([-1, -1], "equal"),
        ([-1, -2], "reversed"),
        ([0, -1], "reversed"),
        ([3], "alone"),
        ([0.5], "alone"),
    ],
)
def test_what_plain_division_makes_of_scores(scores, said):
    assert shares.verdict(np.array(scores, dtype=float)) == said


@pytest.mark.parametrize(("scores", "said"), [([1, 1], "equal"), ([2, 1, -3], "stays"), ([800, 1], "rounded")])
def test_what_is_said_of_the_order(scores, said):
    assert shares.order(np.array(scores, dtype=float), 1.0) == said


def test_over_temperatures():
    found = shares.over_temperatures(np.array([2.0, 1.0, 0.0]), np.array([0.05, 1.0, 20.0]))
    assert found[0, 0] > 0.999 and np.abs(found[2] - 1 / 3).max() < 0.05
    np.testing.assert_allclose(found[1], reference.softmax(np.array([2.0, 1.0, 0.0])))


def test_notice_names_the_largest_and_the_smallest():
    facts = shares.notice(np.array([1.0, 3.0, -2.0]), 1.0, ("a", "b", "c"))
    assert (facts["best"], facts["last"], facts["n"]) == ("b", "c", 3)
    assert facts["most"] == pytest.approx(reference.softmax(np.array([1.0, 3.0, -2.0]))[1])
