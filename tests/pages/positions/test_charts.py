"""The charts of positions: what is drawn, from which numbers, and what is said in its place."""

import base64
import json
import struct
import zlib

import numpy as np
import pytest

from pages.positions.model import charts, score_charts
from tests.pages.shared.charts.test_stream import fields

SPECIFICATIONS = {
    "heat": lambda: charts.heat("light"),
    "waves": charts.waves,
    "plane": lambda: charts.plane("dark"),
    "by distance": lambda: score_charts.by_distance("cosine", "distance"),
    "moves": score_charts.moves,
    "circle": lambda: score_charts.circle("light"),
    "slopes": lambda: score_charts.slopes("dark"),
}
TABLE = np.array([[0.0, 1.0, -1.0], [0.5, -0.5, 2.0]])  # two positions, three dimensions
LINES = {"sine (1)": (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.4, 0.8]))}
DISTANCE = score_charts.distance_rows(
    (np.arange(3), np.array([1.0, 0.5, 0.25])),
    (np.array([-1, 0]), np.array([0.75, 1.0])),
    (2, 0.25),
    (np.arange(3), np.zeros(3), np.ones(3)),
    who="p = 1",
)
MOVES = score_charts.move_rows({"none": [0.0, 1e-16], "causal": [0.5, 1.5], "told": [2.0, 3.0]}, ["0 a", "1 b"])
PAIR = {"q": np.array([3.0, 4.0]), "k": np.array([0.0, 1.0])}
CIRCLE = score_charts.circle_rows(
    PAIR, {"q": np.array([5.0, 0.0]), "k": np.array([1.0, 0.0])}, {"q": "q at 1", "k": "k at 2"}
)
ROWS = {
    "heat": charts.heat_rows("data:", (2, 3), (0, 1)),
    "waves": charts.wave_rows(LINES),
    "plane": charts.plane_rows(np.zeros((3, 2))),
    "by distance": DISTANCE,
    "moves": MOVES,
    "circle": CIRCLE,
    "slopes": score_charts.slope_rows([0.5, 0.25], 1, 32),
}


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_a_specification_is_built_once_and_every_field_is_given(name):
    made = SPECIFICATIONS[name]()
    assert made is SPECIFICATIONS[name]()
    assert "datasets" not in made
    assert fields(made) <= {key for row in ROWS[name] for key in row}
    assert '"name": "rows"' in json.dumps(made)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_has_a_pixel_for_each_number(theme):
    pixels = read(base64.b64decode(charts.png(TABLE, theme, 2.0).removeprefix("data:image/png;base64,")))
    assert pixels.shape == (2, 3)
    assert pixels.tolist() == [[127, 190, 64], [159, 95, 254]]
    palette = np.frombuffer(charts.palette(theme), np.uint8).reshape(-1, 3)
    page = {"light": (255, 255, 255), "dark": (0x10, 0x15, 0x1C)}
    assert tuple(palette[127]) == page[theme]  # 0 is the page's own background
    assert len(palette) == 255


def read(png: bytes) -> np.ndarray:
    """An 8-bit picture without filters, by PNG's own layout."""
    at, data = 8, {}
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + size]
        assert zlib.crc32(kind + content) == struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0]
        data[kind] = content
        at += 12 + size
    width, height = struct.unpack(">II", data[b"IHDR"][:8])
    return np.frombuffer(zlib.decompress(data[b"IDAT"]), np.uint8).reshape(height, width + 1)[:, 1:]


def test_heat_maps_are_cheap():
    assert len(ROWS["heat"]) == 3
    table = np.random.default_rng(0).normal(size=(256, 192))
    assert len(charts.heat_picture(table, "light", 2.0)) < 80_000


def test_the_frame_stands_around_the_chosen_dimensions():
    *_rest, frame = charts.heat_rows("data:", (100, 64), (14, 15))  # dimensions 15 and 16
    assert (frame["x"], frame["x2"], frame["y"], frame["y2"]) == (-0.5, 99.5, 14, 17)


def test_points_stand_at_whole_positions():
    assert [r["whole"] for r in ROWS["waves"]] == [True, False, True]


def test_rounding_is_written_as_such():
    assert [r["said"] for r in MOVES if r["setting"] == "no positions"] == ["0", "1·10⁻¹⁶"]
    assert score_charts.move_alt(MOVES).endswith("with positions: 0 a 2.00, 1 b 3.00.")


def test_circles_go_through_their_arrows():
    for who, radius in (("q", 5), ("k", 1)):
        points = [r for r in CIRCLE if r.get("round") == who]
        assert np.allclose([np.hypot(r["x"], r["y"]) for r in points], radius)
    assert "q at 1 (5.00, 0.00)" in score_charts.circle_alt(CIRCLE)


def test_zero_vectors_can_be_drawn():
    zero = {"q": np.zeros(2), "k": np.zeros(2)}
    rows = score_charts.circle_rows(zero, zero, {"q": "q", "k": "k"})
    assert max(r["x"] for r in rows) == 1


def test_slopes_run_from_nothing_to_the_reach():
    chosen = [r for r in ROWS["slopes"] if r["chosen"]]
    assert [(r["distance"], r["bias"], r["said"]) for r in chosen] == [
        (0, 0, "head 2: slope 0.25"),
        (32, -8, "head 2: slope 0.25"),
    ]
    assert "1: 0.5, 2: 0.25. Head 2 is chosen" in score_charts.slopes_alt([0.5, 0.25], 1)


def test_what_is_said_in_the_charts_place():
    assert charts.heat_alt(TABLE) == ("Heat map of 2 positions by 3 dimensions. The numbers run from −1.00 to 2.00.")
    assert "sine (1) from 0.00 at position 0 to 0.80 at position 1" in charts.wave_alt(LINES)
    assert score_charts.distance_alt("cosine", DISTANCE) == (
        "cosine by distance. At the smallest distances: 0: 1.00, -1: 0.75, 2: 0.25."
    )
    assert charts.plane_alt(np.zeros((1, 2))).endswith("0 (0.00, 0.00).")
