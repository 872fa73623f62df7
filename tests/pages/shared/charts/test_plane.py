"""The plane of words: what is drawn, where, and what is said in its place."""

import json
import math

import numpy as np
import pytest

from core.words import Neighbour
from pages.gravity.model import charts
from pages.shared.model.charts import neighbours, plane

POINTS = np.array([[0.0, 3], [2, 2], [4, 0], [1, 4]])
NAMES = ("technology", "fruit")


def fields(specification: dict) -> set[str]:
    text = json.dumps(specification)
    return {part.split('"', 1)[0] for part in text.split('"field": "')[1:]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_specification_is_built_once_and_holds_no_rows(theme):
    assert plane.chart(theme) is plane.chart(theme)
    assert neighbours.bars(theme, True) is neighbours.bars(theme, True)
    for made in (plane.chart(theme), neighbours.bars(theme, False)):
        assert '"name": "rows"' in json.dumps(made) and "datasets" not in made


def test_every_field_that_is_drawn_is_given():
    places = np.stack([POINTS, POINTS * 0.5])
    rows = charts.round_rows("abcd", places, 1, "b", NAMES, POINTS)
    assert fields(plane.chart("light")) <= {key for row in rows for key in row}
    assert {row["look"] for row in rows if "look" in row} <= plane.LOOKS.keys()


def test_the_frame_holds_all_points_and_leaves_the_kept_one_alone():
    chart = plane.chart("light")
    framed = plane.framed(chart, POINTS)
    values = {p["name"]: p["value"] for p in framed["params"] if "value" in p}
    assert (values["cx"], values["cy"]) == (2, 2) and values["r"] == plane.MARGIN * 2
    assert plane.framed(chart, POINTS[:1])["params"] != framed["params"]
    assert {p["name"]: p.get("value") for p in chart["params"]}["r"] == 1
    assert plane.half(POINTS[:1]) == 1


@pytest.mark.parametrize(("end", "angle"), [((2, 3), 0), ((3, 2), 90), ((2, 1), 180), ((1, 2), -90), ((3, 3), 45)])
def test_arrows_point_where_they_go(end, angle):
    row = plane.move_row(POINTS[1], np.array(end, dtype=float), "moved", POINTS)
    assert row["angle"] == pytest.approx(angle)
    assert (row["x"], row["y"], row["x2"], row["y2"]) == (2, 2, *end)


def test_an_arrow_of_no_length_or_of_the_past_has_no_head():
    assert plane.move_row(POINTS[0], POINTS[0] + 1e-9, "moved", POINTS)["angle"] is None
    assert plane.move_row(POINTS[0], POINTS[1], "moved", POINTS, past=True)["angle"] is None


def test_names_make_room_for_each_other():
    close = np.array([[0.0, 0], [0.2, 0], [0.1, 0.05], [4, 4]])
    found = plane.sides(["orange", "banana", "cherry", "far"], close, close, close[:0])
    assert len(set(found[:3])) == 3
    assert plane.sides(["a"], close[:1], close, close[:0]) == ["right"]


def test_a_name_at_the_right_edge_stays_in_the_picture():
    assert plane.sides(["x", "a very long name"], POINTS[[0, 2]], POINTS, POINTS[:0])[1] != "right"


def test_a_name_does_not_lie_on_the_arrow_that_leads_to_its_point():
    start, end = POINTS[:1], np.array([[POINTS[0][0] + 2, POINTS[0][1]]])
    points = np.concatenate([start, end])
    chosen = plane.sides(["x", "a rather long name"], points, points, plane.along(start, end))[1]
    assert chosen in ("above", "below")


def test_rounds_show_starts_moves_and_places():
    places = np.stack([POINTS, POINTS * 0.9, POINTS * 0.5])
    rows = charts.round_rows("abcd", places, 2, "b", NAMES, POINTS)
    moves = [r for r in rows if r["mark"] == "move"]
    assert [r["past"] for r in moves] == [True] * 4 + [False] * 4
    now = [r for r in rows if r["mark"] == "word" and r["name"]]
    np.testing.assert_allclose([[r["x"], r["y"]] for r in now], places[2])
    assert [r["look"] for r in now] == ["moved", "chosen", "moved", "moved"]
    assert [r["bare"] for r in now] == [r["angle"] is not None for r in moves[4:]]
    told = charts.round_alt("a b c d", rows, 2)
    assert "after round 2" in told and "b (1.00, 1.00)" in told
    start = charts.round_rows("abcd", places, 0, "b", NAMES, POINTS)
    assert not [r for r in start if r["mark"] == "move"] and "at the start" in charts.round_alt("a", start, 0)


def test_paths_end_under_the_name_of_their_choice():
    ways = {"dot": np.linspace(POINTS[1], POINTS[0], 4), "cosine": np.linspace(POINTS[1], POINTS[2], 4)}
    rows = charts.path_rows("apple", {"orange": POINTS[0]}, ways, NAMES, POINTS)
    words = {r["name"]: (r["x"], r["y"]) for r in rows if r["mark"] == "word"}
    assert words == {"apple": (2, 2), "orange": (0, 3), "dot": (0, 3), "cosine": (4, 0)}
    heads = [r for r in rows if r["mark"] == "move" and r["angle"] is not None]
    assert [r["look"] for r in heads] == ["one", "two"]
    assert "cosine (4.00, 0.00)" in charts.path_alt("apple", rows)


def test_bars_say_their_scores():
    rows = neighbours.bar_rows([Neighbour("mac", 0.6261), Neighbour("hat", -0.25)])
    assert fields(neighbours.bars("light", True)) <= rows[0].keys()
    assert neighbours.bar_alt(rows) == "Bars of the best matches: mac 0.626, hat −0.250."


def test_no_picture_is_taken_from_a_place_that_is_not_finite():
    assert math.isfinite(plane.framed(plane.chart("dark"), np.zeros((3, 2)))["params"][2].get("value", 0))
