"""Tables of positions and turning pairs: what the lesson says about them, by other means."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core import positions
from pages.positions.model import tables, turns
from tests import reference

Q, K = np.array([0.5, -1.0, 2.0, 0.25]), np.array([1.5, 1.0, -0.5, 3.0])


@pytest.mark.parametrize(("t", "width", "base", "offset"), [(7, 8, 10_000.0, 0), (5, 4, 100.0, 13)])
def test_the_table_is_the_oracles(t, width, base, offset):
    np.testing.assert_allclose(
        tables.sinusoidal(t, width, base, offset), reference.sinusoidal(t, width, base, offset), rtol=0, atol=1e-12
    )


@given(some.integers(0, 7), some.floats(1.5, 1e6))
def test_after_its_wavelength_a_pair_comes_round(pair, base):
    at = np.array([3.0, 3.0 + tables.wavelength(pair, 16, base)])
    for values in tables.wave(pair, 16, base, at):
        assert math.isclose(*values, abs_tol=1e-9)


@pytest.mark.parametrize("pair", [0, 3, 7])
def test_the_curves_go_through_the_tables_numbers(pair):
    table = tables.sinusoidal(50, 16, 1000.0)
    sine, cosine = tables.wave(pair, 16, 1000.0, np.arange(50))
    np.testing.assert_allclose(table[:, 2 * pair], sine, rtol=0, atol=1e-12)
    np.testing.assert_allclose(table[:, 2 * pair + 1], cosine, rtol=0, atol=1e-12)


@pytest.mark.parametrize("p", [0, 17, 49])
def test_the_dot_product_is_the_expected_curve_for_every_position(p):
    table = tables.sinusoidal(50, 16, 10_000.0)
    expected = tables.expected(16, 10_000.0, np.arange(50) - p)
    np.testing.assert_allclose(table @ table[p], expected, rtol=0, atol=1e-10)


def test_what_is_said_of_a_wave():
    facts = tables.wave_facts(31, 64, 10_000.0)
    assert (facts["sine"], facts["cosine"], facts["double"]) == (63, 64, 62)
    assert (facts["shortest"], facts["longest"], facts["wavelength"]) == ("6.3", "47,117", "47,117")
    assert tables.wave_facts(0, 8, 1e6)["base"] == "1000000"


@pytest.mark.parametrize("row", [0, 20, 99])
def test_what_is_said_of_two_products_is_the_same(row):
    facts = tables.product_facts(tables.sinusoidal(100, 64, 10_000.0), row, 10_000.0)
    assert facts["here"] == facts["there"]
    assert facts["other"] != row
    pe = reference.sinusoidal(row + 4, 64)
    assert float(facts["here"]) == pytest.approx(pe[row] @ pe[row + 3], abs=5e-5)


def test_cosines_and_their_average_by_distance():
    table = np.array([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])
    np.testing.assert_allclose(tables.cosines(table, 0), [1, 0, -1], atol=1e-12)
    found = tables.similar(table)
    np.testing.assert_allclose(found.mean, [1, 0, -1], atol=1e-12)
    np.testing.assert_allclose([found.low[1], found.high[1]], [0, 0], atol=1e-12)


# Rotary


def test_turned_is_the_oracles():
    found = turns.turned(Q, K, 5, 2, 100.0)
    q, k = (reference.rotary(x[None], 100.0, at)[0] for x, at in ((Q, 5), (K, 2)))
    np.testing.assert_allclose(found.q, q, atol=1e-12)
    np.testing.assert_allclose(found.k, k, atol=1e-12)
    assert found.score == pytest.approx(q @ k, abs=1e-12)
    np.testing.assert_allclose(found.products.sum(), found.score, atol=1e-12)


@given(some.integers(0, 32), some.integers(0, 32), some.integers(0, 32), some.floats(1.1, 1e6))
def test_shifting_both_keeps_the_score(m, n, shift, base):
    one, other = (turns.turned(Q, K, m + s, n + s, base).score for s in (0, shift))
    assert one == pytest.approx(other, abs=1e-9)


def test_the_curve_holds_every_distance():
    distances, scores = turns.by_distance(Q, K, 6, 50.0)
    assert sorted(distances) == list(range(-6, 7))
    for distance, score in zip(distances, scores, strict=True):
        at = (distance, 0) if distance >= 0 else (0, -distance)
        assert score == pytest.approx(turns.turned(Q, K, *map(int, at), 50.0).score, abs=1e-9)


def test_what_is_said_of_turning():
    facts = turns.facts(Q, K, (5, 2, 10), 1, 100.0)
    assert facts["placed_score"] == facts["shifted_score"] != facts["apart_score"]
    assert facts["angle"] == pytest.approx(100.0**-0.5)
    assert facts["degrees"] == pytest.approx(math.degrees(0.1))
    assert (facts["shifted_m"], facts["shifted_n"], facts["apart_m"], facts["apart_n"]) == (15, 12, 5, 12)
    assert facts["given_score"].replace("−", "-") == f"{Q @ K:.3f}"
    assert facts["distance"] == 3


def test_slopes_are_those_of_alibi():
    for n in (1, 6, 8):
        assert positions.slopes(n) == pytest.approx(reference.alibi_slopes(n))
