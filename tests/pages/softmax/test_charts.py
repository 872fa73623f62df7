"""The pictures of softmax: every cell is a number of the computation, and what is no number is written as signs."""

import json
import math

import numpy as np
import pytest

from core.attention import slope
from pages.softmax.model import charts, shares

SCORES, NAMES = np.array([2.0, 1.0, 0.1, -1.0]), ("a", "b", "c", "d")


def texts(table: dict) -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in table["rows"]]


def test_the_steps_side_by_side():
    table = charts.steps(shares.steps(SCORES, 0.5), NAMES, 0.5, 2)
    assert texts(table)[0] == ["2.00", "4.00", "0.00", "1.000", "0.862"]
    assert texts(table)[3] == ["−1.00", "−2.00", "−6.00", "0.002", "0.002"]
    assert [c["how"] for c in table["columns"]] == ["as they are", "÷ 0.5", "− 4.00", "e^…", "÷ 1.160"]


@pytest.mark.parametrize("until", range(5))
def test_later_steps_are_not_yet_filled_in(until):
    for row in texts(charts.steps(shares.steps(SCORES), NAMES, 1.0, 2, until)):
        assert [text == "–" for text in row] == [i > until for i in range(5)]


def test_plain_division_beside_it():
    found = shares.steps(SCORES)
    rows = texts(charts.against(found, shares.plain(SCORES), NAMES, 2.1, 2))
    assert rows[0] == ["2.00", "0.638", "0.952"] and rows[3][2] == "−0.476"
    nothing = np.array([1.0, -1.0])
    assert texts(charts.against(shares.steps(nothing), None, NAMES[:2], 0.0, 2))[0][2] == "÷ 0"


def test_what_is_no_number_is_written_in_signs():
    for c, sign in ((100.0, "∞ ÷ ∞"), (-200.0, "0 ÷ 0")):
        naive = {name: shares.naive(SCORES + c, name) for name in ("float16", "float32")}
        rows = texts(charts.formats(SCORES + c, naive, shares.stable(SCORES + c), NAMES))
        assert rows[0][2] == rows[0][4] == sign
        assert rows[0][5] == "0.638"
        assert "nan" not in json.dumps(rows).lower()
        assert charts.formats_alt(naive).endswith("float16: fails, float32: fails")


def test_one_format_can_fail_where_the_other_works():
    naive = {name: shares.naive(SCORES + 20, name) for name in ("float16", "float32")}
    rows = texts(charts.formats(SCORES + 20, naive, shares.stable(SCORES + 20), NAMES))
    assert rows[0][1:5] == ["∞", "∞ ÷ ∞", "3.6·10⁹", "0.638"]


def test_curves_hold_the_shares():
    temperatures = np.array([0.1, 1.0, 10.0])
    found = shares.over_temperatures(SCORES, temperatures)
    rows = charts.curve_rows(temperatures, found, NAMES, 1.0)
    assert [r["share"] for r in rows if r.get("name") == "b"] == found[:, 1].tolist()
    assert rows[-1] == {"here": 1.0}
    assert "At 0.1: a 1.000" in charts.curves_alt(rows)


def test_spread_is_part_of_the_most_it_can_be():
    temperatures = np.array([1e-3, 1e6])
    p = shares.over_temperatures(SCORES, temperatures)
    rows = charts.spread_rows(temperatures, shares.entropy(p), slope(p), 4, 1.0)
    values = [r["value"] for r in rows[:-1]]
    np.testing.assert_allclose(values, (0, 1, 0, 0.75), atol=1e-5)
    assert "1.000 at 1e+06" in charts.spread_alt(rows)
    one = charts.spread_rows(temperatures, np.zeros(2), np.zeros(2), 1, 1.0)
    assert all(math.isfinite(r["value"]) for r in one[:-1])


def test_the_worked_steps():
    found = shares.steps(SCORES, 2.0)
    said = [charts.worked(found, step, 2.0, 2) for step in range(5)]
    assert said[0].startswith("$2.00$, $1.00$")
    assert said[1].startswith("$2.00 / 2 = 1.00$")
    assert said[2].endswith("$−0.50 - 1.00 = −1.50$")
    assert said[3].startswith("$e^{0.00} = 1.000$")
    assert said[4].startswith(f"$1.000 / {found.total:.3f} = {found.shares[0]:.3f}$")
    long = shares.steps(np.arange(12.0))
    assert charts.worked(long, 0, 1.0, 2).count("$") == 16 and charts.worked(long, 0, 1.0, 2).endswith("…")


@pytest.mark.parametrize("scores", [[1e6, -1e6], [0.0], [-5.0, -5.0], [50.0, 0.0]])
def test_worked_steps_of_odd_scores_are_formulas(scores):
    found = shares.steps(np.array(scores), 0.05)
    for step in range(5):
        said = charts.worked(found, step, 0.05, 2)
        assert said.count("$") % 2 == 0 and not set("⁰¹²³⁴⁵⁶⁷⁸⁹⁻") & set(said)


def test_specifications_are_built_once():
    assert charts.curves() is charts.curves() and charts.spread() is charts.spread()
    assert '"domain": [0, 1]' in json.dumps(charts.curves())
