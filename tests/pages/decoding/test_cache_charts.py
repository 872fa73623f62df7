"""The KV cache in pictures: each row is computed once, and then reused."""

import pytest

from pages.decoding.model import cache_charts as charts
from pages.decoding.model.cache_costs import Step

LABELS = ["0 start", "1 a", "2 b", "3 a"]


@pytest.mark.parametrize("t", range(4))
def test_one_row_is_new_and_those_before_are_reused(t):
    rows = charts.grid_rows(LABELS, t, 2)
    assert len(rows) == 2 * 2 * 4
    for line in {row["line"] for row in rows}:
        states = [row["state"] for row in rows if row["line"] == line]
        assert states == ["reused"] * t + ["now"] + ["not yet"] * (3 - t)


def test_rows_of_an_encoder_are_computed_at_once():
    assert {row["state"] for row in charts.grid_rows(LABELS, 0, 1, all_at_once=True)} == {"now"}
    assert {row["state"] for row in charts.grid_rows(LABELS, 2, 1, all_at_once=True)} == {"reused"}


def test_a_window_of_a_long_text_keeps_its_places():
    rows = charts.grid_rows(LABELS[2:], 3, 1, first=2)
    assert [row["state"] for row in rows if row["what"] == "K"] == ["reused", "now"]


def test_states_are_marked_without_colour_and_said():
    rows = charts.grid_rows(LABELS, 1, 1)
    assert {row["state"]: row["mark"] for row in rows} == {"reused": "=", "now": "●", "not yet": ""}
    assert "computed now: 1 a; reused: 0 start; not there yet: 2 b, 3 a" in charts.grid_alt(rows)


def test_both_costs_of_every_step_are_drawn():
    steps = [Step(0, 10, 10, 1, 1), Step(1, 11, 22, 2, 1)]
    rows = charts.cost_rows(steps, 1)
    assert [row.get("flops") for row in rows] == [10, 10, 11, 22, None] and rows[-1] == {"at": 1}
    assert "Step 1: 11 with the cache, 22 without" in charts.cost_alt(steps, 1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_can_be_built(theme):
    assert charts.grid(theme)["layer"] and charts.costs(theme)["layer"]
