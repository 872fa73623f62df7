"""The charts of the class: what is on which axis, told apart by more than colour, and said in words."""

import numpy as np

from pages.friends.model import charts
from pages.friends.model.friends import FRIENDS, TABLE, play, spreads, ways
from pages.shared.model.written import number


def encodings(chart: dict) -> list[dict]:
    return [layer["encoding"] for layer in chart["layer"]]


def test_the_spread_starts_at_zero_and_marks_the_round_on_screen():
    drawn = charts.spread(("one", "other"))
    for found in encodings(drawn):
        assert found["y"]["scale"]["zero"] is True and found["color"]["scale"]["domain"] == ["one", "other"]
    dashes = encodings(drawn)[0]["strokeDash"]["scale"]["range"]
    assert dashes[0] != dashes[1]
    found = spreads(play(TABLE, "dot", 1.0))
    rows = charts.spread_rows(found, "one", 3)
    assert [r["spread"] for r in rows] == found and [r["round"] for r in rows if r["here"]] == [3]
    assert "1.36, 0.993" in charts.spread_alt(found, "one")


def test_the_ways_of_the_friends_are_told_apart_by_shape_too():
    shapes = [e["shape"]["scale"]["range"] for e in encodings(charts.ways()) if "shape" in e]
    assert all(len(set(s)) == len(FRIENDS) for s in shapes) and len(shapes) == 2
    places = ways(play(TABLE, "dot", 1.0))
    rows = charts.way_rows(places, 2)
    assert len(rows) == len(places) * len(FRIENDS)
    assert {r["round"] for r in rows if r["walked"]} == {0, 1, 2}
    here = [(r["x"], r["y"]) for r in rows if r["here"]]
    np.testing.assert_array_equal(here, places[2])
    assert f"Monika {number(places[2][0, 0])}," in charts.way_alt(rows)
    assert "Monika −0.25, 0.00;" in charts.way_alt(charts.way_rows([np.tile([-0.25, -0.001], (6, 1))], 0))


def test_the_plane_keeps_distances_as_well_as_two_numbers_can():
    places, centred = ways(play(TABLE, "dot", 1.0)), TABLE - TABLE.mean(0)
    sizes = np.linalg.svd(centred, compute_uv=False)
    assert np.square(places[0]).sum() / np.square(sizes).sum() > 0.6
    np.testing.assert_allclose(np.square(places[0]).sum(), np.square(sizes[:2]).sum())
