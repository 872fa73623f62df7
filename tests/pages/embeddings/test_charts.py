"""The map of words and the arrows of a sum: what is drawn, where, and what is said in its place."""

import numpy as np
import pytest

from core.words import Plane
from pages.embeddings.model import charts

POINTS = np.array([[0.0, 3], [2, 2], [4, 0], [1, 4]])
NAMES = ("technology", "fruit")


def test_the_map_names_its_axes():
    found = Plane(POINTS, np.array([0.5, 0.25]), np.eye(2), np.zeros(2))
    names = charts.map_names(found)
    assert names == ["principal axis 1: 50% of the variance", "principal axis 2: 25% of the variance"]
    assert charts.map_names(found, NAMES) == list(NAMES)
    rows = charts.map_rows("abcd", POINTS, "c", NAMES)
    assert [r["name"] for r in rows if r["mark"] in ("right", "up")] == ["technology →", "↑ fruit"]
    assert "c (4.00, 0.00)" in charts.map_alt(rows, NAMES)
    assert [r["look"] for r in rows if r["mark"] == "word"] == ["word", "word", "chosen", "word"]


def test_a_sum_takes_the_same_step_twice():
    points = np.array([[1.0, 0], [0, 0], [0.3, 1], [1, 0.8], [1.3, 1]])
    rows = charts.sum_rows("king", "man", "woman", "queen", points)
    steps = [(r["x2"] - r["x"], r["y2"] - r["y"]) for r in rows if r["mark"] == "move"]
    assert steps == [pytest.approx((1, 0)), pytest.approx((1, 0))]
    assert "king − man + woman (1.30, 1.00)" in charts.sum_alt(rows)
