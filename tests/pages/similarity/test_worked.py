"""A comparison written out, operation by operation."""

import pytest

from pages.similarity.model.worked import STEPS, comparison

Q, K = (2.0, 2.0), (1.0, -4.0)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (0, r"$2.00\cdot 1.00 = 2.00$, $2.00\cdot (−4.00) = −8.00$"),
        (1, r"$2.00\cdot1.00 + 2.00\cdot(−4.00) = −6.00$"),
        (2, r"$\frac{−6.00}{\sqrt{2}} = −4.24$"),
        (3, r"$|q| = \sqrt{2.00^2 + 2.00^2} = 2.83$, $|k| = \sqrt{1.00^2 + (−4.00)^2} = 4.12$"),
        (4, r"$\frac{−6.00}{2.83\cdot 4.12} = −0.514$"),
    ],
)
def test_the_steps_with_their_numbers(step, said):
    assert comparison(Q, K, step) == said


def test_a_zero_vector_is_decided():
    assert comparison(Q, (0.0, 0.0), 4).endswith("has no value: 0 was decided.")


@pytest.mark.parametrize("step", range(len(STEPS)))
@pytest.mark.parametrize("size", [1e6, -1e-6, 0.0])
def test_long_and_odd_vectors(step, size):
    said = comparison([size] * 32, [size] * 32, step)
    assert said.count("$") % 2 == 0 and "nan" not in said and len(said) < 400
