"""The pictures of similarity: what is drawn is what was measured, and is said in words."""

import json

import numpy as np
import pytest

from pages.shared.model.charts import bars
from pages.similarity.model import charts, scaling
from pages.similarity.model.comparing import compare, ranks

Q, K, NAMES = (2.0, 2.0), ((1.0, 4.0), (5.0, 1.0), (0.0, 0.0)), ("cherry", "laptop", "nothing")


def table():
    found = compare(Q, K)
    return charts.words(NAMES, found, [ranks(found.dot), ranks(found.cosine)], "apple")


def test_words_stand_by_their_dot_product_and_their_places_are_told():
    rows = table()["rows"]
    assert [row["name"] for row in rows] == ["laptop", "cherry", "nothing"]
    assert [[c["text"] for c in row["cells"]] for row in rows] == [
        ["5.10", "12.00", "0.832", "8.49", "1 → 2"],
        ["4.12", "10.00", "0.857", "7.07", "2 → 1"],
        ["0.00", "0.00", "0.000", "0.00", "3"],
    ]
    assert [row["chosen"] for row in rows] == [True, True, False]


def test_a_cosines_bar_runs_from_minus_1_to_1():
    found = compare((1, 0), ((1, 0), (-1, 0)))
    rows = charts.words(("a", "b"), found, [[1, 2], [1, 2]], "q")["rows"]
    assert [row["cells"][2]["bar"] for row in rows] == [[0.5, 1.0], [0.0, 0.5]]
    assert [row["cells"][2]["sign"] for row in rows] == ["up", "down"]


def test_bars_stay_within_their_cell():
    for x in (-3.0, 0.0, 2.0):
        low, high = bars.signed(x, bars.scale([-3.0, 2.0]), "")["bar"]
        assert 0 <= low <= high <= 1
    assert bars.scale([0.0, 0.0]) == (0.0, 1.0)
    assert "bar" not in bars.signed(float("inf"), (0.0, 1.0), "∞")


@pytest.mark.parametrize(
    ("x", "text"), [(1.5, "1.50"), (-0.001, "0.00"), (2e7, "2.0·10⁷"), (-np.inf, "−∞"), (-1.2e-9, "0.00")]
)
def test_numbers_fit_into_a_cell(x, text):
    assert bars.printed(x, 2) == text
    assert bars.small(3e-7, 3) == "3·10⁻⁷" and bars.small(0.0, 3) == "0" and bars.small(0.25, 3) == "0.250"


def test_the_measured_variance_and_the_rule():
    widths = scaling.measure(1).widths
    rows = charts.variance_rows(widths, 1)
    assert len(rows) == 2 * len(widths)
    assert [r["expected"] for r in rows if r["kind"] == charts.RAW] == [w.d for w in widths]
    assert {r["expected"] for r in rows if r["kind"] == charts.SCALED} == {1}
    assert [r["variance"] for r in rows][::2] == [w.variance[0] for w in widths]
    assert f"64: {widths[6].variance[0]:.4g}" in charts.variance_alt(rows)


def test_the_histogram_counts_every_pair():
    found = scaling.measure(1)
    raw, scaled = found.scores(6, False), found.scores(6, True)
    rows = charts.histogram_rows(raw, scaled)
    for kind in (charts.RAW, charts.SCALED):
        assert sum(r["share"] for r in rows if r["kind"] == kind) == pytest.approx(1)
    assert "3,200 scores at width 64" in charts.histogram_alt(raw, scaled, 64)


def test_effects():
    widths = scaling.measure(1).widths
    rows = charts.effect_rows(widths, "slope")
    assert [r["value"] for r in rows][:2] == list(widths[0].slope)
    assert f"{widths[-1].slope[0]:.3f} at width 512" in charts.effect_alt(rows, "slope")


def test_the_row_of_one_query():
    found = scaling.measure(1)
    scores = [found.scores(6, divided)[0] for divided in (False, True)]
    weights = [found.weights(6, 0, divided) for divided in (False, True)]
    rows = charts.row(*scores, weights, 64)["rows"]
    assert rows[3]["cells"][0]["text"] == f"{scores[0][3]:.2f}"
    assert rows[3]["cells"][3]["bar"] == [0, weights[1][3]]
    assert "at width 64" in charts.row_alt(weights, 64)


@pytest.mark.parametrize("chart", [charts.variance, charts.histogram, lambda: charts.effect("largest weight")])
def test_specifications_are_built_once_and_hold_no_data(chart):
    assert chart() is chart() or chart.__name__ == "<lambda>"
    assert json.dumps(chart()).count('"rows"') >= 1


def test_effects_end_at_0_and_1():
    assert '"domain": [0, 1]' in json.dumps(charts.effect("x"))
