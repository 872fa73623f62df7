"""Charts of the page Training: fields, scales, and what their words say."""

from pages.training.model import charts
from pages.training.model.slope import Difference
from pages.training.model.teaching import Smoothed


def test_smoothing_has_three_bars_a_token():
    found = Smoothed(((4,), (7,), (1, 2)), (1.0, 0.0, 0.0), (0.9, 0.05, 0.05), (0.6, 0.3, 0.1), 0.5, 0.3)
    rows = charts.smoothing_rows(found, ["1 a", "2 b", "others"])
    assert len(rows) == 9 and [r["p"] for r in rows[:3]] == [1.0, 0.9, 0.6]
    assert "1 a, smoothed target: 0.900" in charts.smoothing_alt(rows)
    for theme in ("light", "dark"):
        assert charts.smoothing(theme)["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0


def test_two_runs_and_a_rule():
    rows = charts.curve_rows([(5, 2.0, 0.1), (10, 1.0, 0.1)], [(5, 2.5, 0.1)], here=7)
    assert [r.get("who") for r in rows] == [charts.BEFORE, charts.NOW, charts.NOW, None] and rows[-1] == {"here": 7}
    assert "1.000 at step 10" in charts.curve_alt([(5, 2.0, 0.1), (10, 1.0, 0.1)]) and "nothing" in charts.curve_alt([])
    assert charts.curve(600, 3.0)["layer"][1]["encoding"]["x"]["scale"]["domain"] == [0, 600]


def test_the_schedule_in_words():
    mine = [(1, 0.001), (2, 0.002), (3, 0.0)]
    rows = charts.schedule_rows(mine, mine[:1])
    assert len(rows) == 4 and {r["who"] for r in rows} == {charts.MINE, charts.SHIPPED}
    assert "0.002 at step 2" in charts.schedule_alt(mine, 2)


def test_errors_of_zero_have_no_logarithm():
    found = [Difference(0.1, 1.0, 1.0, 0.0, 1e-3), Difference(0.01, 1.0, 1.0, 0.0, 0.0)]
    rows = charts.error_rows(found, found[0])
    assert [(r["h"], r["here"]) for r in rows] == [(0.1, False), (0.1, True)]
    assert "at h = 1e-02" in charts.error_alt(found)
    scales = [charts.errors()["layer"][0]["encoding"][axis]["scale"]["type"] for axis in "xy"]
    assert scales == ["log", "log"]
