"""The class of friends: how far they are apart after each round, and their ways on a plane."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np

from pages.friends.model.friends import FRIENDS
from pages.shared.model.charts import KEY, QUERY, specification
from pages.shared.model.prose import _
from pages.shared.model.written import number

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9")  # Okabe and Ito's
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
HEIGHT = 300


@cache
def spread(names: tuple[str, ...]) -> dict:
    """A line of the spread over the rounds for each way to play; the round on screen is a large point."""
    colour = alt.Scale(domain=list(names), range=[QUERY, KEY][: len(names)])
    dash = alt.Scale(domain=list(names), range=[[1, 0], [6, 4]][: len(names)])
    line = {"symbolType": "stroke", "symbolSize": 500, "symbolStrokeWidth": 2.5}
    legend = alt.Legend(title=None, orient="top", labelLimit=400, **line) if len(names) > 1 else None
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("round:Q", title=_("rounds played"), axis=alt.Axis(tickMinStep=1, grid=False)),
        y=alt.Y("spread:Q", title=_("spread"), scale=alt.Scale(zero=True)),
        color=alt.Color("how:N", scale=colour, legend=legend),
        tooltip=[
            alt.Tooltip("how:N", title=_("played")),
            alt.Tooltip("round:Q", title=_("rounds")),
            alt.Tooltip("spread:Q", title=_("spread"), format=".4g"),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5).encode(strokeDash=alt.StrokeDash("how:N", scale=dash, legend=legend))
    points = base.mark_point(filled=True, opacity=1).encode(
        size=alt.condition("datum.here", alt.value(260), alt.value(60))
    )
    return specification((lines + points).properties(height=HEIGHT))


def spread_rows(spreads: Sequence[float], how: str, here: int | None = None) -> list[dict]:
    return [{"round": i, "spread": x, "how": how, "here": i == here} for i, x in enumerate(spreads)]


def spread_alt(spreads: Sequence[float], how: str) -> str:
    said = ", ".join(f"{x:.3g}" for x in spreads)
    return _("Line chart: the spread of the friends, {how}, at first and after each round: {said}.").format(
        how=how, said=said
    )


@cache
def ways() -> dict:
    """Where each friend stands on the plane, and the way there from the start."""
    shape = alt.Scale(domain=list(FRIENDS), range=list(SHAPES))
    colour = alt.Scale(domain=list(FRIENDS), range=list(COLOURS))
    legend = alt.Legend(title=None, orient="top", columns=3)
    axis = alt.Axis(tickCount=6)
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("x:Q", title=_("where they differ most"), scale=alt.Scale(nice=True, zero=False), axis=axis),
        y=alt.Y("y:Q", title=_("where they differ second"), scale=alt.Scale(nice=True, zero=False), axis=axis),
        color=alt.Color("friend:N", scale=colour, sort=None, legend=legend),
        tooltip=[
            alt.Tooltip("friend:N", title=_("friend")),
            alt.Tooltip("round:Q", title=_("rounds")),
            alt.Tooltip("x:Q", format=".3f"),
            alt.Tooltip("y:Q", format=".3f"),
        ],
    )
    walked = base.transform_filter("datum.walked").mark_line(strokeWidth=2, opacity=0.6).encode(order="round:Q")
    starts = base.transform_filter("datum.round == 0").mark_point(size=60, opacity=0.7)
    here = base.transform_filter("datum.here").mark_point(filled=True, size=170, opacity=1)
    marks = [
        layer.encode(shape=alt.Shape("friend:N", scale=shape, sort=None, legend=legend)) for layer in (starts, here)
    ]
    return specification(alt.layer(walked, *marks).properties(height=HEIGHT))


def way_rows(places: Sequence[np.ndarray], here: int) -> list[dict]:
    """places: on the plane, at first and after each round, (friends, 2) each; `here` is the round on screen."""
    rows = []
    for i, place in enumerate(places):
        for friend, (x, y) in zip(FRIENDS, place.tolist(), strict=True):
            rows.append({"friend": friend, "round": i, "x": x, "y": y, "walked": i <= here, "here": i == here})
    return rows


def way_alt(rows: Sequence[dict]) -> str:
    said = "; ".join(f"{r['friend']} {number(r['x'])}, {number(r['y'])}" for r in rows if r["here"])
    return _("Map of the friends on the plane where they differed most at first: {said}.").format(said=said)
