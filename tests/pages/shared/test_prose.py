"""A lesson's words with the page's values put in."""

import pytest

from pages.shared.model.prose import fill


def test_values_stand_in_the_braces_and_text_is_shown_as_typed():
    assert fill("{n:.1f} of {name}", n=0.25, name="*a_b*") == r"0.2 of \*a\_b\*"
    with pytest.raises(KeyError, match="No value was given"):
        fill("{other}", n=1)


def test_in_a_formula_only_values_are_put_in():
    assert fill(r"$e^{{s}} = {s:.2f}$", s=0.5) == "$e^{0.5} = 0.50$"
    assert fill(r"$\frac{{s}}{t}$", s=2) == r"$\frac{2}{t}$"
    assert fill(r"$\text{weight}_i = {weight}$, {weight}", weight=0.5) == r"$\text{weight}_i = 0.5$, 0.5"
