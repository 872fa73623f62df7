"""Vectors compared: the three scores against the oracle, angles, and which key comes first by which score."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra import numpy as arrays

from pages.similarity.model import comparing
from pages.similarity.model.comparing import CHANGES, PRESETS, compare, disagreement, ranks, verdict, what_if
from tests import reference

NUMBERS = some.floats(-100, 100, allow_subnormal=False).map(lambda x: round(x, 3) + 0.0)


@given(arrays.arrays(float, (3, 5), elements=NUMBERS), arrays.arrays(float, 5, elements=NUMBERS))
def test_the_scores_are_the_oracles(k, q):
    found = compare(q, k)
    for kind, scores in zip(("dot", "cosine", "scaled_dot"), found.table, strict=True):
        np.testing.assert_allclose(scores, reference.similarity(q[None], k, kind)[0], atol=1e-9)
    assert (np.abs(found.cosine) <= 1 + 1e-12).all()
    known = ~np.isnan(found.angle)
    np.testing.assert_allclose(np.cos(np.radians(found.angle[known])), found.cosine[known], atol=1e-9)
    assert (np.isnan(found.angle) == (found.lengths * found.length == 0)).all()


def test_hand_numbers():
    found = compare((3, 4), ((4, 3), (-3, -4), (-4, 3), (0, 0)))
    np.testing.assert_allclose(found.dot, (24, -25, 0, 0))
    np.testing.assert_allclose(found.cosine, (0.96, -1, 0, 0))
    np.testing.assert_allclose(found.scaled_dot, np.array((24, -25, 0, 0)) / math.sqrt(2))
    np.testing.assert_allclose(found.angle, (math.degrees(math.acos(0.96)), 180, 90, np.nan))
    assert found.length == 5 and found.lengths.tolist() == [5, 5, 5, 0]


def test_a_tiny_angle_is_not_lost():
    assert compare((1, 0), ((1, 1e-9),)).angle[0] == pytest.approx(math.degrees(1e-9), rel=1e-6)


def test_numbers_at_the_limit_do_not_overflow():
    found = compare((1e6, -1e6), ((1e6, 1e6), (1e6, -1e6)))
    assert np.isfinite(found.table).all()
    np.testing.assert_allclose(found.cosine, (0, 1), atol=1e-12)


def test_the_presets_show_what_they_are_named_for():
    parts = {name: verdict(compare(p.q, p.k), p.query, p.names)[0] for name, p in PRESETS.items()}
    assert parts == {
        "They disagree": "Disagree",
        "A tie": "Tie",
        "Opposite": "Agree",
        "A zero vector": "Zero",
    }
    opposite = PRESETS["Opposite"]
    np.testing.assert_allclose(compare(opposite.q, opposite.k).cosine, (-1, 0), atol=1e-12)


@pytest.mark.parametrize(
    ("q", "k", "part"),
    [
        ((1, 0), ((2, 0), (1, 0)), "Tie"),
        ((1, 0), ((1, 5), (1, 0)), "Tie by dot"),
        ((1, 0), ((1, 2), (1, -2)), "Same"),
        ((1, 0), ((3, 0), (1, 1)), "Agree"),
        ((1, 0), ((3, 4), (1, 0)), "Disagree"),
        ((1, 0), ((-3, 4), (-1, 0)), "Disagree below zero"),
        ((0, 0), ((-3, 4), (-1, 0)), "Zero"),
    ],
)
def test_the_verdict_fits(q, k, part):
    assert verdict(compare(q, k), "q", ("a", "b"))[0] == part


@given(arrays.arrays(float, (4, 3), elements=NUMBERS), arrays.arrays(float, 3, elements=NUMBERS))
def test_a_disagreement_is_one(k, q):
    found = compare(q, k)
    if pair := disagreement(found):
        assert found.dot[pair.by_dot] > found.dot[pair.by_cosine]
        assert found.cosine[pair.by_dot] < found.cosine[pair.by_cosine]
        longer = found.lengths[pair.by_dot] > found.lengths[pair.by_cosine]
        assert longer == (found.dot[pair.by_dot] > 0)  # what the lesson's two sentences say


def test_the_quoted_values_are_those_of_the_pair():
    part, facts = verdict(compare((2, 2), ((1, 4), (5, 1))), "apple", ("cherry", "laptop"))
    assert part == "Disagree"
    assert (facts["dot_first"], facts["cos_first"]) == ("laptop", "cherry")
    assert (facts["dot_a"], facts["dot_b"], facts["cos_a"], facts["cos_b"]) == ("12.00", "10.00", "0.857", "0.832")
    assert facts["long"] == pytest.approx(math.sqrt(26)) and facts["short"] == pytest.approx(math.sqrt(17))


def test_equal_scores_share_a_place():
    assert ranks(np.array([3.0, 5.0, 3.0 + 1e-12, -1.0])) == [2, 1, 2, 4]


@pytest.mark.parametrize("change", CHANGES)
def test_what_if_holds_both_against_each_other(change):
    q, k = np.array((2.0, 2.0)), np.array(((1.0, 4.0), (5.0, 1.0)))
    panels = {p["id"]: np.array(p["values"]) for p in what_if(q, k, change, ("a", "b"))["panels"]}
    longer, first = CHANGES[change]
    np.testing.assert_allclose(panels["before"], compare(q, k).table)
    changed = compare(q * longer, k * np.array(((first,), (1,)))).table
    np.testing.assert_allclose(panels["after"], changed)
    np.testing.assert_allclose(panels["difference"], changed - compare(q, k).table)
    if longer == 2:
        np.testing.assert_allclose(panels["difference"][1], 0, atol=1e-12)  # the cosine stands still


def test_the_linked_matrices_hold_the_scores():
    q, k = np.array(((2.0, 2.0),)), np.array(((1.0, 4.0), (5.0, 1.0)))
    panels = {p["id"]: p for p in comparing.panels(q, k, "apple", ("a", "b"), (q, k), ("x", "y"))["panels"]}
    assert {i for i, p in panels.items() if p.get("editable")} == {"q", "k"}
    np.testing.assert_allclose(panels["dot"]["values"], [[10, 12]])
    np.testing.assert_allclose(panels["scaled"]["values"], np.array([[10, 12]]) / math.sqrt(2))
    assert panels["cosine"]["scale"]["max"] == 1
