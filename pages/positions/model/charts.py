"""Tables of positions in pictures: as a heat map, as waves, and as a path on two principal axes."""

import base64
import struct
import zlib
from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np

from pages.shared.model.charts import INK, KEY, MUTED, QUERY, specification
from pages.shared.model.charts.stream import SCALE
from pages.shared.model.prose import _
from pages.shared.model.written import number

DOWN = {  # negative numbers, from the page's own background on; the positive ones are stream.SCALE
    "light": ("#FFFFFF", "#FDE3C0", "#F6B76A", "#D9801F", "#8F4A08"),
    "dark": ("#10151C", "#52320F", "#925A12", "#D68D2C", "#FCDCAE"),
}
SIN, COS = _("sine"), _("cosine")
HALF = 127  # colours for negative numbers, and as many for positive ones
LEFT = 46  # pixels for the labels of the y axis: charts with positions along x line up


@cache
def palette(theme: str) -> bytes:
    """255 colours, three bytes each: negative numbers, 0 (the page's background) in the middle, positive numbers."""
    ramp = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (*DOWN[theme][:0:-1], *SCALE[theme])])
    at = np.linspace(0, len(ramp) - 1, 2 * HALF + 1)
    return np.stack([np.interp(at, range(len(ramp)), part) for part in ramp.T], -1).round().astype(np.uint8).tobytes()


def png(values: np.ndarray, theme: str, largest: float) -> str:
    """A picture of signed numbers (rows, cols), a pixel each, as a data URI: −largest to largest, 0 is the page."""
    pixels = (np.clip(values / largest, -1, 1) * HALF + HALF).round().astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)  # 0: no filter

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">IIBBBBB", values.shape[1], values.shape[0], 8, 3, 0, 0, 0)  # 8 bits, by palette
    parts = (b"IHDR", size), (b"PLTE", palette(theme)), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b"")
    content = b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)
    return "data:image/png;base64," + base64.b64encode(content).decode()


@cache
def heat(theme: str) -> dict:
    """A table with positions along x and dimensions down y: one picture, and a frame around the chosen dimensions."""
    base = alt.Chart(alt.NamedData("rows"))
    frames = base.transform_filter("isValid(datum.x2)").encode(
        x=alt.X("x:Q", title=_("position"), scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(grid=False)),
        x2="x2:Q",
        y=alt.Y(
            "y:Q",
            title=_("dimension"),
            scale=alt.Scale(zero=False, nice=False, reverse=True),
            axis=alt.Axis(grid=False, minExtent=LEFT, maxExtent=LEFT, tickMinStep=1),
        ),
        y2="y2:Q",
        opacity=alt.condition("datum.chosen", alt.value(1), alt.value(0)),
    )
    picture = base.transform_filter("isValid(datum.url)").mark_image(
        width=alt.expr("width"), height=alt.expr("height"), aspect=False, smooth=False
    )
    picture = picture.encode(url="url:N", x=alt.value(alt.expr("width / 2")), y=alt.value(alt.expr("height / 2")))
    layers = picture + frames.mark_rect(fillOpacity=0, stroke=INK[theme], strokeWidth=2)
    return specification(layers.properties(height=300, width="container"))


def heat_picture(table: np.ndarray, theme: str, largest: float) -> str:
    """table (t, d), positions along x; the colours end at ±largest"""
    return png(table.T, theme, largest)


def heat_rows(url: str, shape: tuple[int, int], chosen: Sequence[int]) -> list[dict]:
    """The picture of a table (t, d); `chosen` are dimensions that stand beside each other, counted from 0."""
    t, d = shape
    frame = {"x": -0.5, "x2": t - 0.5}
    whole = {**frame, "y": 0.5, "y2": d + 0.5, "chosen": False}
    return [{"url": url}, whole, {**frame, "y": min(chosen), "y2": max(chosen) + 2, "chosen": True}]


def heat_alt(table: np.ndarray) -> str:
    (t, d), (low, high) = table.shape, (table.min(), table.max())
    said = _("Heat map of {t} positions by {d} dimensions. The numbers run from {low} to {high}.")
    return said.format(t=t, d=d, low=number(low), high=number(high))


@cache
def waves() -> dict:
    """The chosen two dimensions by position: numbers of the table as points, the curves they lie on as lines."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("at:Q", title=_("position"), scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(grid=False)),
        y=alt.Y("value:Q", title=_("number"), axis=alt.Axis(minExtent=LEFT, maxExtent=LEFT, tickCount=5)),
        color=colour("which:N", QUERY, KEY),
        shape=alt.Shape("which:N", title=None, sort=None, scale=alt.Scale(range=["circle", "square"])),
        tooltip=[
            alt.Tooltip("which:N", title=_("dimension")),
            alt.Tooltip("at:Q", title=_("position")),
            alt.Tooltip("value:Q", title=_("number"), format=".4f"),
        ],
    )
    lines = base.mark_line(strokeWidth=1.5, opacity=0.7).encode(shape=alt.Undefined, tooltip=alt.Undefined)
    points = base.transform_filter("datum.whole").mark_point(filled=True, size=16, opacity=1)
    layers = (lines + points).properties(height=220, width="container")
    return specification(layers.configure_legend(orient="top", direction="horizontal"))


def colour(field: str, *fills: str) -> alt.Color:
    return alt.Color(field, title=None, sort=None, scale=alt.Scale(range=list(fills)))


def wave_rows(columns: dict[str, tuple[np.ndarray, np.ndarray]]) -> list[dict]:
    """For each name places and numbers; where a place is whole there is a point."""
    return [
        {"which": name, "at": a, "value": v, "whole": a == round(a)}
        for name, (at, values) in columns.items()
        for a, v in zip(at.tolist(), values.tolist(), strict=True)
    ]


def wave_alt(columns: dict[str, tuple[np.ndarray, np.ndarray]]) -> str:
    said = _("{name} from {first} at position 0 to {last} at position {at:.0f}")
    parts = [
        said.format(name=name, first=number(values[0]), last=number(values[-1]), at=at[-1])
        for name, (at, values) in columns.items()
    ]
    return _("Lines by position: ") + "; ".join(parts) + "."


@cache
def plane(theme: str) -> dict:
    """Rows of a table on their two principal axes, joined in the order of their positions; some are named."""
    axis = alt.Axis(grid=False, tickCount=4)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("x:Q", title=_("first principal axis"), axis=axis),
        y=alt.Y("y:Q", title=_("second principal axis"), axis=axis),
    )
    path = base.mark_line(color=MUTED, strokeWidth=1, opacity=0.6).encode(order="position:Q")
    scale = alt.Scale(range=list(SCALE[theme][2:]))
    points = base.mark_circle(size=42, opacity=1).encode(
        color=alt.Color("position:Q", title=_("position"), scale=scale),
        tooltip=[alt.Tooltip("position:Q", title=_("position"))],
    )
    names = base.transform_filter("datum.named").mark_text(dy=-9, color=INK[theme], fontSize=12, fontWeight="bold")
    return specification((path + points + names.encode(text="position:Q")).properties(height=300, width="container"))


NAMED = (0, 8, 16, 32, 64, 96, 128, 160, 192, 224, 255)


def plane_rows(points: np.ndarray) -> list[dict]:
    return [{"position": i, "x": x, "y": y, "named": i in NAMED} for i, (x, y) in enumerate(points.tolist())]


def plane_alt(points: np.ndarray) -> str:
    said = ", ".join(f"{i} ({number(points[i, 0])}, {number(points[i, 1])})" for i in NAMED if i < len(points))
    return _("{n} positions on two principal axes: {said}.").format(n=len(points), said=said)
