"""The experiment with random vectors: seeded, measured truly, and near what theory says."""

import numpy as np
import pytest

from pages.similarity.model import scaling
from pages.similarity.model.scaling import FACTORS, SPREADS, WIDTHS, draw, measure
from tests import reference


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("seed", [1, 7, 999_999])
def test_the_variance_grows_as_the_width_and_the_division_stops_it(spread, seed):
    for width in measure(seed, spread).widths:
        assert width.variance[0] == pytest.approx(FACTORS[spread] * width.d, rel=0.25)
        assert width.variance[1] == pytest.approx(width.variance[0] / width.d)


def test_what_is_told_was_measured():
    found = measure(3, "normal")
    for i, d in enumerate(WIDTHS):
        for k, scores in enumerate((found.products[i], found.products[i] / np.sqrt(d))):
            p = reference.softmax(scores)
            assert found.widths[i].variance[k] == pytest.approx(((scores - scores.mean()) ** 2).mean())
            assert found.widths[i].largest[k] == pytest.approx(p.max(1).mean())
            traces = [np.trace(np.diag(row) - np.outer(row, row)) for row in p]
            assert found.widths[i].slope[k] == pytest.approx(np.mean(traces))


def test_the_products_are_those_of_the_same_vectors():
    numbers = np.random.default_rng(5).standard_normal((scaling.QUERIES, scaling.KEYS + 1, WIDTHS[-1]))
    for i, d in enumerate(WIDTHS):
        assert draw(5, "normal")[i][2, 3] == pytest.approx(numbers[2, 0, :d] @ numbers[2, 4, :d])


def test_a_seed_gives_the_same_numbers_and_another_gives_others():
    assert (draw(1, "uniform") == draw(1, "uniform")).all()
    assert (draw(1, "uniform") != draw(2, "uniform")).any()


def test_saturation_comes_with_width_only_without_the_division():
    widths = measure(1).widths
    assert widths[-1].largest[0] > 0.9 > 0.5 > widths[-1].largest[1]
    assert widths[-1].slope[0] < 0.1 < 0.7 < widths[-1].slope[1]


def test_an_unknown_spread_is_refused():
    with pytest.raises(ValueError, match="normal, uniform, shifted"):
        draw(1, "wide")


def test_weights_of_one_query():
    found = measure(1)
    np.testing.assert_allclose(found.weights(6, 0, True), reference.softmax(found.products[6][0] / 8))
    np.testing.assert_allclose(found.weights(6, 3), reference.softmax(found.products[6][3]))
