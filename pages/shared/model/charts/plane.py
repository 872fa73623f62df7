"""Words as points on a plane, with arrows where they move. Both axes have the same unit, so that angles are true."""

import math
from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np

from pages.shared.model.charts import INK, MUTED, OUTPUT, PAGE, QUERY, WARNING, specification
from pages.shared.model.prose import _

LOOKS = {
    "word": MUTED,
    "chosen": QUERY,
    "moved": OUTPUT,
    "goal": WARNING,
    "one": "#56B4E9",
    "two": WARNING,
    "three": "#8172B8",
}
SHAPES = ["circle", "diamond", "circle", "cross", "circle", "square", "diamond"]
SIDES = {"right": (10, 0, "left"), "left": (-10, 0, "right"), "above": (0, -15, "center"), "below": (0, 15, "center")}
HEIGHT, INNER = 400, 340  # pixels: the whole picture, and without its axes
MARGIN = 1.3  # of the half side that holds all points: room for their names
FONT = 15


@cache
def chart(theme: str) -> dict:
    """The plane for any rows of this module. `framed` sets which part of it is seen."""
    frame = [alt.param(name=name, value=value) for name, value in (("cx", 0), ("cy", 0), ("r", 1))]
    base = alt.Chart(alt.NamedData("rows"))
    x = alt.X("x:Q", title=None, scale=scale("cx", "width / height"), axis=alt.Axis(tickCount=6))
    y = alt.Y("y:Q", title=None, scale=scale("cy", "height / width"), axis=alt.Axis(tickCount=6))
    zero = base.transform_filter("datum.mark == 'zero'").mark_rule(color=MUTED, opacity=0.7, clip=True)
    moves = base.transform_filter("datum.mark == 'move'").encode(x=x, y=y, color=colour())
    lines = moves.mark_rule(strokeWidth=3, opacity=0.9).encode(
        x2="x2:Q", y2="y2:Q", strokeDash=alt.condition("datum.past", alt.value([3, 4]), alt.value([1, 0]))
    )
    heads = moves.transform_filter("isValid(datum.angle)").mark_point(
        shape="triangle", filled=True, size=150, opacity=1
    )
    heads = heads.encode(x=alt.X("x2:Q"), y=alt.Y("y2:Q"), angle=alt.Angle("angle:Q", scale=None))
    layers = [zero.encode(x=alt.datum(0)), zero.encode(y=alt.datum(0)), lines, heads, *words(base, x, y, theme)]
    return specification(alt.layer(*layers, *titles(base, INK[theme])).add_params(*frame).properties(height=HEIGHT))


def scale(centre: str, ratio: str) -> alt.Scale:
    """An axis around the centre, at least r to both sides, as long as the picture is on this side."""
    ends = [alt.ExprRef(f"{centre} {sign} r * max(1, {ratio})") for sign in "-+"]
    return alt.Scale(domain=ends, nice=False, zero=False)


def colour() -> alt.Color:
    return alt.Color("look:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=list(LOOKS.values())))


def words(base: alt.Chart, x: alt.X, y: alt.Y, theme: str) -> list[alt.Chart]:
    """A point for each word, and its name on the side where there is room; lines behind a name leave it free."""
    points = base.transform_filter("datum.mark == 'word'").encode(x=x, y=y)
    told = [alt.Tooltip("name:N", title=_("word")), alt.Tooltip("where:N", title=_("place"))]
    shape = alt.Shape("look:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=SHAPES))
    seen = alt.condition("datum.bare", alt.value(0), alt.value(1))
    dots = points.mark_point(filled=True, size=110).encode(color=colour(), shape=shape, opacity=seen, tooltip=told)
    places = zip(("dx", "dy", "align"), zip(*SIDES.values(), strict=True), strict=True)
    look = {"fontSize": FONT, **{name: by_side(each) for name, each in places}}
    halo = points.mark_text(color=PAGE[theme], stroke=PAGE[theme], strokeWidth=5, strokeJoin="round", **look)
    names = points.mark_text(color=INK[theme], **look)
    return [halo.encode(text="name:N"), dots, names.encode(text="name:N")]


def by_side(values: Sequence[float | str]) -> alt.ExprRef:
    """What a name has on its own side of SIDES."""
    return alt.expr(f"{dict(zip(SIDES, values, strict=True))}[datum.side]")


def titles(base: alt.Chart, ink: str) -> list[alt.Chart]:
    """What the axes mean, in their corners."""
    look = {"fontSize": 13, "fontWeight": "bold", "color": ink, "limit": 330}
    right = base.transform_filter("datum.mark == 'right'").mark_text(align="right", dx=-6, dy=-9, **look)
    up = base.transform_filter("datum.mark == 'up'").mark_text(align="left", dx=6, dy=11, **look)
    return [
        right.encode(x=alt.value("width"), y=alt.value("height"), text="name:N"),
        up.encode(x=alt.value(0), y=alt.value(0), text="name:N"),
    ]


def framed(specification: dict, points: np.ndarray) -> dict:
    """The plane, moved and scaled so that all points (..., 2) are on it."""
    points = np.reshape(points, (-1, 2))
    low, high = points.min(0), points.max(0)
    values = {"cx": (low[0] + high[0]) / 2, "cy": (low[1] + high[1]) / 2, "r": MARGIN * half(points)}
    params = [p | {"value": float(values[p["name"]])} if p["name"] in values else p for p in specification["params"]]
    return {**specification, "params": params}


def half(points: np.ndarray) -> float:
    """Half the side of the square that holds the points; 1 for a single place."""
    return float(np.ptp(np.reshape(points, (-1, 2)), axis=0).max() / 2) or 1.0


def axis_rows(names: Sequence[str], zero: bool = True) -> list[dict]:
    """The names of both axes, and their zero lines."""
    rows = [{"mark": "right", "name": f"{names[0]} →"}, {"mark": "up", "name": f"↑ {names[1]}"}]
    return [*rows, {"mark": "zero"}] if zero else rows


def word_rows(
    names: Sequence[str], points: np.ndarray, looks: Sequence[str], frame: np.ndarray, past: np.ndarray | None = None
) -> list[dict]:
    """points (n, 2), named where their names disturb each other least; `frame` is what `framed` was given.

    Names also keep away from the places `past` (m, 2): those of arrows, and those that words have left.
    """
    rows = []
    chosen = sides(names, points, frame, points[:0] if past is None else past)
    for name, (x, y), look, side in zip(names, points.tolist(), looks, chosen, strict=True):
        row = {"mark": "word", "name": name, "x": x, "y": y, "look": look, "side": side, "bare": False}
        rows.append(row | {"where": f"({x:.2f}, {y:.2f})".replace("-", "−")})
    return rows


def move_row(start: np.ndarray, end: np.ndarray, look: str, frame: np.ndarray, past: bool = False) -> dict:
    """An arrow; a head too small to point anywhere, or one of the past, is left out."""
    (x, y), (x2, y2) = start.tolist(), end.tolist()
    row = {"mark": "move", "x": x, "y": y, "x2": x2, "y2": y2, "look": look, "past": past}
    far = math.hypot(x2 - x, y2 - y) > 0.02 * half(frame)
    return row | {"angle": math.degrees(math.atan2(x2 - x, y2 - y)) if far and not past else None}


def along(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Some places on arrows: (..., 2), (..., 2) -> (m, 2)"""
    return np.concatenate([start + (end - start) * share for share in np.linspace(0, 0.9, 10)]).reshape(-1, 2)


def sides(names: Sequence[str], points: np.ndarray, frame: np.ndarray, past: np.ndarray) -> list[str]:
    """For each name the side of its point where it covers the least of other names and points, as far as known."""
    unit = INNER / (2 * MARGIN * half(frame))  # about as many pixels
    middle = (frame.min(0) + frame.max(0)) / 2
    places = (np.concatenate([points, past]) - middle) * (unit, -unit)
    taken = np.concatenate([places - 7, places + 7], axis=1)
    chosen = []
    for at, (name, place) in enumerate(zip(names, places, strict=False)):
        tried = boxes(name, place)
        best = int(hidden(tried, np.delete(taken, at, axis=0)).argmin())
        chosen.append(list(SIDES)[best])
        taken = np.concatenate([taken, tried[best : best + 1]])
    return chosen


def boxes(name: str, place: np.ndarray) -> np.ndarray:
    """About what a name covers on each of the SIDES of its place, in pixels: left, top, right, bottom. -> (4, 4)"""
    width, (x, y) = 0.56 * FONT * len(name), place
    shift = {"left": 0, "center": width / 2, "right": width}
    corners = [(x + dx - shift[align], y + dy - FONT / 2) for dx, dy, align in SIDES.values()]
    return np.array([(left, top, left + width, top + FONT) for left, top in corners])


def hidden(tried: np.ndarray, others: np.ndarray) -> np.ndarray:
    """How much of each box others cover, or the edge of the picture cuts off. (s, 4), (n, 4) -> (s,)"""
    low, high = np.maximum(tried[:, None, :2], others[:, :2]), np.minimum(tried[:, None, 2:], others[:, 2:])
    covered = np.clip(high - low, 0, None).prod(-1).sum(-1)
    left, top, right, bottom = tried.T
    return covered + (bottom - top) * np.clip(np.maximum(right, -left) - INNER / 2, 0, None)
