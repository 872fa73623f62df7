"""The charts of the lesson on masking: what is drawn, from which numbers, and what is said in its place."""

import json

import numpy as np
import pytest

from pages.masking.model import charts

WAYS = ("no mask", "mask")
VALUES = np.array([[0.5, 2.0], [0.0, 0.001]])
LABELS = ["0 a", "1 a"]


def fields(specification: dict) -> set[str]:
    return {part.split('"', 1)[0] for part in json.dumps(specification).split('"field": "')[1:]}


def test_specifications_are_built_once_and_read_only_what_is_given():
    assert charts.bars("far", WAYS, "light") is charts.bars("far", WAYS, "light")
    rows = charts.bar_rows(VALUES, LABELS, WAYS)
    assert fields(charts.bars("far", WAYS, "light")) <= rows[0].keys()
    assert charts.losses(WAYS, 1.8, "dark") is charts.losses(WAYS, 1.8, "dark")
    assert fields(charts.losses(WAYS, 1.8, "dark")) <= charts.loss_rows([[1.0], [2.0]], WAYS)[0].keys()


def test_every_bar_has_its_number():
    rows = charts.bar_rows(VALUES, LABELS, WAYS)
    assert [(r["label"], r["way"], r["x"]) for r in rows] == [
        ("0 a", "no mask", 0.5),
        ("0 a", "mask", 0.0),
        ("1 a", "no mask", 2.0),
        ("1 a", "mask", 0.001),
    ]
    assert [r["said"] for r in rows] == ["0.50", "0", "2.00", "0.0010"]
    assert {(r["low"], r["high"]) for r in rows} == {(0.0, 2.2)}


def test_negative_bars_have_room_on_the_left():
    (row,) = charts.bar_rows([[-1.0]], ["0 a"], WAYS[:1])
    assert row["low"] < -1
    assert row["high"] > 0


def test_all_still_is_a_chart_too():
    assert charts.bar_rows([[0.0]], ["0 a"], WAYS[:1])[0]["high"] == 1


@pytest.mark.parametrize(("x", "said"), [(0, "0"), (1e-9, "≈ 0"), (0.0004, "0.0004"), (-1.5, "−1.50"), (0.005, "0.01")])
def test_small_numbers_are_not_called_zero(x, said):
    assert charts.small(x) == said


def test_what_is_said_in_place_of_the_charts():
    said = charts.bars_alt(charts.bar_rows(VALUES, LABELS, WAYS), "how far")
    assert said == "Bars: how far. no mask: 0 a 0.50, 1 a 2.00. mask: 0 a 0, 1 a 0.0010"
    said = charts.losses_alt([[1.8, 0.1], [1.8, 1.79]], WAYS, 1.79)
    assert "no mask: 1.80 → 0.10; mask: 1.80 → 1.79. Guessing: 1.79." in said
