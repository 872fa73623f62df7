"""What positions do to scores and outputs: by distance, on the circle, ALiBi's slopes, how far outputs moved."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np

from pages.shared.model.charts import INK, KEY, MUTED, OUTPUT, QUERY, specification
from pages.shared.model.prose import _
from pages.shared.model.written import number, power

SETTINGS = {
    "none": _("no positions"),
    "causal": _("no positions, causal mask"),
    "told": _("with positions"),
}
SHAPES = ["circle", "diamond", "square"]


@cache
def by_distance(title: str, along: str) -> dict:
    """One number for each distance: a grey line with its band, points of the chosen row, and one point marked."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("distance:Q", title=along, scale=alt.Scale(nice=False), axis=alt.Axis(grid=False, tickMinStep=1)),
        y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=True)),
    )
    tooltip = [
        alt.Tooltip("who:N", title=_("shown")),
        alt.Tooltip("distance:Q", title=_("distance")),
        alt.Tooltip("value:Q", title=title, format=".4f"),
    ]
    band = (
        base.transform_filter("isValid(datum.low)").mark_area(color=MUTED, opacity=0.22).encode(y="low:Q", y2="high:Q")
    )
    line = base.transform_filter("datum.kind == 'line'").mark_line(color=MUTED, strokeWidth=2.5)
    dots = base.transform_filter("datum.kind == 'dots'").mark_point(filled=True, size=28, color=QUERY, opacity=1)
    mark = base.transform_filter("datum.kind == 'mark'").mark_point(size=130, color=OUTPUT, strokeWidth=3, opacity=1)
    layers = alt.layer(band, line, dots.encode(tooltip=tooltip), mark.encode(tooltip=tooltip))
    return specification(layers.properties(height=260, width="container"))


def distance_rows(
    line: tuple[np.ndarray, np.ndarray] | None = None,
    dots: tuple[np.ndarray, np.ndarray] | None = None,
    mark: tuple[float, float] | None = None,
    band: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    who: str = "",
) -> list[dict]:
    """Distances and numbers of each part that is there; `band` is distances, lowest and highest."""
    rows = [{"distance": k, "low": a, "high": b} for k, a, b in zip(*(x.tolist() for x in band or ()), strict=True)]
    for kind, pair in (("line", line), ("dots", dots), ("mark", mark)):
        if pair is not None:
            at, values = (np.atleast_1d(x).tolist() for x in pair)
            rows += [{"kind": kind, "who": who, "distance": k, "value": v} for k, v in zip(at, values, strict=True)]
    return rows


def distance_alt(title: str, rows: Sequence[dict]) -> str:
    shown = [r for r in rows if r.get("kind") in ("dots", "mark")] or [r for r in rows if r.get("kind") == "line"]
    near = sorted(shown, key=lambda r: abs(r["distance"]))[:5]
    said = ", ".join(f"{r['distance']:g}: {number(r['value'])}" for r in near)
    return _("{title} by distance. At the smallest distances: {said}.").format(title=title, said=said)


@cache
def moves() -> dict:
    """How far each token's output moved when the order changed, under each setting."""
    names = list(SETTINGS.values())
    base = alt.Chart(alt.NamedData("rows")).encode(
        yOffset=alt.YOffset("setting:N", sort=names),
        y=alt.Y("token:N", sort=None, title=None, axis=alt.Axis(labelLimit=130, labelFontSize=13)),
        x=alt.X("distance:Q", title=_("how far its output moved"), axis=alt.Axis(tickCount=6)),
    )
    scale = {"domain": names, "range": [QUERY, MUTED, KEY]}
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        color=alt.Color("setting:N", title=None, sort=names, scale=alt.Scale(**scale)),
        shape=alt.Shape("setting:N", title=None, sort=names, scale=alt.Scale(domain=names, range=SHAPES)),
        tooltip=[
            alt.Tooltip("token:N", title=_("token")),
            alt.Tooltip("setting:N", title=_("setting")),
            alt.Tooltip("said:N", title=_("moved by")),
        ],
    )
    return specification(
        points.properties(height=alt.Step(30, **{"for": "position"}), width="container").configure_legend(
            orient="top", columns=alt.expr("width < 420 ? 1 : 3")
        )
    )


def move_rows(distances: dict[str, Sequence[float]], labels: Sequence[str]) -> list[dict]:
    """distances by setting, one for each token"""
    return [
        {"token": label, "setting": SETTINGS[name], "distance": d, "said": tiny(d)}
        for name, all_of_them in distances.items()
        for label, d in zip(labels, all_of_them, strict=True)
    ]


def tiny(x: float) -> str:
    """A distance; what is only rounding is written with its order of magnitude: 0.83, 2·10⁻¹⁶."""
    return number(x) if x >= 0.005 else power(x, 0) if x else "0"


def move_alt(rows: Sequence[dict]) -> str:
    parts = []
    for name in SETTINGS.values():
        said = ", ".join(f"{r['token']} {r['said']}" for r in rows if r["setting"] == name)
        parts.append(f"{name}: {said}.")
    return _("How far each output moved. ") + " ".join(parts)


@cache
def circle(theme: str) -> dict:
    """One pair of numbers of a query and a key as arrows from the middle: before (thin) and after turning (thick)."""
    axis = alt.Axis(grid=False, tickCount=5)
    base = alt.Chart(alt.NamedData("rows"))
    arrows = base.transform_filter("isValid(datum.who)").encode(
        x=alt.X("x:Q", title=_("first number of the pair"), axis=axis, scale=alt.Scale(nice=False)),
        y=alt.Y("y:Q", title=_("second number"), axis=axis, scale=alt.Scale(nice=False)),
        color=alt.Color("who:N", title=None, sort=["q", "k"], scale=alt.Scale(domain=["q", "k"], range=[QUERY, KEY])),
        opacity=alt.condition("datum.turned", alt.value(1), alt.value(0.45)),
        tooltip=[
            alt.Tooltip("said:N", title=_("arrow")),
            alt.Tooltip("x:Q", title=_("first number"), format=".3f"),
            alt.Tooltip("y:Q", title=_("second number"), format=".3f"),
        ],
    )
    thick = alt.condition("datum.turned", alt.value(3), alt.value(1.5))
    rules = arrows.mark_rule().encode(x2=alt.datum(0), y2=alt.datum(0), strokeWidth=thick)
    heads = arrows.mark_point(filled=True, size=90)
    shape = alt.Shape(
        "who:N", title=None, sort=["q", "k"], scale=alt.Scale(domain=["q", "k"], range=["circle", "square"])
    )
    words = arrows.mark_text(dy=alt.expr("datum.y < 0 ? 14 : -12"), fontSize=13, fontWeight="bold").encode(
        text="said:N", color=alt.value(INK[theme])
    )
    rounds = base.transform_filter("isValid(datum.round)").mark_line(color=MUTED, strokeDash=[3, 3], strokeWidth=1)
    rounds = rounds.encode(x="x:Q", y="y:Q", detail="round:N", order="at:Q")
    layers = alt.layer(rounds, rules, heads.encode(shape=shape), words)
    return specification(layers.properties(height=280, width=280, autosize="pad").configure_legend(disable=True))


def circle_rows(before: dict[str, np.ndarray], after: dict[str, np.ndarray], said: dict[str, str]) -> list[dict]:
    """`before` and `after` are the pair's two numbers for "q" and "k"; `said` names the turned arrows."""
    rows = []
    edge = 1.12 * max(float(np.hypot(*pair)) for pair in before.values()) or 1.0
    for who, (x, y) in before.items():
        rows.append({"who": who, "x": float(x), "y": float(y), "turned": False, "said": who})
        x2, y2 = after[who].tolist()
        rows.append({"who": who, "x": x2, "y": y2, "turned": True, "said": said[who]})
        angles = np.linspace(0, 2 * np.pi, 61)
        radius = float(np.hypot(x, y))
        points = zip((radius * np.cos(angles)).tolist(), (radius * np.sin(angles)).tolist(), strict=True)
        rows += [{"round": who, "x": a, "y": b, "at": i} for i, (a, b) in enumerate(points)]
    corners = [{"round": f"edge{s}", "x": s * edge, "y": s * edge, "at": 0} for s in (-1, 1)]
    return rows + corners


def circle_alt(rows: Sequence[dict]) -> str:
    arrows = [r for r in rows if "who" in r]
    said = ", ".join(f"{r['said']} ({number(r['x'])}, {number(r['y'])})" for r in arrows)
    return _("Arrows from the middle of a circle: ") + said + "."


@cache
def slopes(theme: str) -> dict:
    """ALiBi: what each head takes off a score, by distance; the chosen head is thick and named."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "distance:Q", title=_("distance"), axis=alt.Axis(grid=False, tickMinStep=1), scale=alt.Scale(nice=False)
        ),
        y=alt.Y("bias:Q", title=_("added to the score")),
        detail="head:N",
    )
    chosen = "datum.chosen"
    lines = base.mark_line().encode(
        color=alt.condition(chosen, alt.value(OUTPUT), alt.value(MUTED)),
        strokeWidth=alt.condition(chosen, alt.value(3.5), alt.value(1.5)),
        tooltip=[alt.Tooltip("head:N", title=_("head")), alt.Tooltip("slope:Q", title=_("slope"), format=".5f")],
    )
    name = base.transform_filter("datum.distance > 0 && datum.chosen").mark_text(
        align="left", fontSize=14, fontWeight="bold", color=INK[theme]
    )
    corner = name.encode(text="said:N", x=alt.value(12), y=alt.value(alt.expr("height - 14")))  # no line comes there
    return specification((lines + corner).properties(height=260, width="container"))


def slope_rows(slopes: Sequence[float], chosen: int, reach: int) -> list[dict]:
    """slopes of all heads; the lines go from distance 0 to `reach`."""
    said = _("head {head}: slope {slope:.4g}")
    return [
        {"head": h + 1, "slope": s, "distance": k, "bias": -s * k, "chosen": h == chosen}
        | {"said": said.format(head=h + 1, slope=s)}
        for h, s in enumerate(slopes)
        for k in (0, reach)
    ]


def slopes_alt(slopes: Sequence[float], chosen: int) -> str:
    said = ", ".join(f"{i + 1}: {s:.4g}" for i, s in enumerate(slopes))
    return _("Straight lines from 0 down. Slopes by head: {said}. Head {head} is chosen.").format(
        said=said, head=chosen + 1
    )
