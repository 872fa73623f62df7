"""Numbers that a learner changed: into a link and out of it again, nonsense refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.shared.model import edits

SHAPES = {"X": (3, 5), "W_q": (5, 2)}
places = st.sampled_from(sorted(SHAPES)).flatmap(
    lambda name: st.tuples(st.just(name), st.integers(0, SHAPES[name][0] - 1), st.integers(0, SHAPES[name][1] - 1))
)
numbers = st.integers(-(10**6) * 1000, 10**6 * 1000).map(lambda n: n / 1000)


@given(st.dictionaries(places, numbers))
def test_a_link_gives_the_edits_back(changed):
    assert edits.parse(edits.write(changed), SHAPES) == (changed, [])


@pytest.mark.parametrize(
    "part", ["X.3.0=1", "X.0.5=1", "Y.0.0=1", "X.0.0=", "X.0.0=nan", "X.0.0=inf", "X.0.0=1e7", "X.-1.0=1", "x", "X.0=1"]
)
def test_what_makes_no_sense_is_refused_and_the_rest_is_kept(part):
    assert edits.parse(f"{part};W_q.4.1=-0.5", SHAPES) == ({("W_q", 4, 1): -0.5}, [part])


@given(st.text())
def test_no_link_is_too_odd(text):
    found, _refused = edits.parse(text, SHAPES)
    assert all(edits.within(at, SHAPES) and abs(value) <= edits.LARGEST for at, value in found.items())


def test_an_edit_changes_its_cell_and_no_other():
    x = np.zeros((3, 5))
    changed = edits.apply("X", x, {("X", 1, 2): 7.0, ("W_q", 0, 0): 5.0, ("X", 9, 0): 1.0})
    assert changed[1, 2] == 7 and changed.sum() == 7 and x.sum() == 0


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), (" −2 ", -2.0), ("1e3", 1000.0)])
def test_numbers_as_people_write_them(text, value):
    assert edits.number(text) == value


@pytest.mark.parametrize("text", ["", "  ", "abc", "nan", "inf", "-inf", "1e300", "0x1f"])
def test_what_is_no_number_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        edits.number(text)
