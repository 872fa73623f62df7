"""Similarity in pictures: words compared in three ways, and what the width of vectors does to their dot products."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from pages.shared.model.charts import WARNING, specification
from pages.shared.model.charts.bars import scale, share, signed, small, table
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from pages.similarity.model.comparing import Compared
    from pages.similarity.model.scaling import Experiment, Width

RAW, SCALED = "q·k", "q·k / √d"
BAR = "#8172B8"  # reads on light and dark
COLOUR = alt.Color("kind:N", title=None, scale=alt.Scale(domain=[RAW, SCALED], range=[WARNING, BAR]))
SHAPE = alt.Shape("kind:N", title=None, scale=alt.Scale(domain=[RAW, SCALED], range=["square", "circle"]))
LEGEND = {"orient": "top", "direction": "horizontal", "symbolSize": 90}
BINS = 41


def words(names: Sequence[str], compared: "Compared", ranks: Sequence[Sequence[int]], query: str) -> dict:
    """A row for each key, the largest dot product first; the places by dot product and by cosine beside them."""
    by_dot, by_cosine = ranks
    order = sorted(range(len(names)), key=lambda i: (by_dot[i], by_cosine[i], i))
    spans = [scale(column) for column in (compared.lengths, compared.dot, compared.scaled_dot)]

    def cells(i: int) -> list[dict]:
        length, dot, scaled = (
            signed(float(column[i]), limits, number(float(column[i])))
            for column, limits in zip((compared.lengths, compared.dot, compared.scaled_dot), spans, strict=True)
        )
        cosine = signed(float(compared.cosine[i]), (-1.0, 1.0), number(float(compared.cosine[i]), 3))
        places = {"text": f"{by_dot[i]}" if by_dot[i] == by_cosine[i] else f"{by_dot[i]} → {by_cosine[i]}"}
        return [length, dot, cosine, scaled, places]

    columns = [
        (_("length"), _("of the word's vector")),
        (_("dot product"), _("with {query}").format(query=query)),
        (_("cosine"), _("÷ both lengths; −1 to 1")),
        (_("scaled"), _("dot product ÷ √64")),
        (_("place"), _("by dot product → by cosine")),
    ]
    rows = [{"id": i, "name": names[i], "cells": cells(i), "chosen": by_dot[i] != by_cosine[i]} for i in order]
    return table(columns, rows)


def words_alt(names: Sequence[str], compared: "Compared", query: str) -> str:
    said = (
        f"{name}: {dot:.2f}, {cos:.3f}" for name, dot, cos in zip(names, compared.dot, compared.cosine, strict=True)
    )
    return _("Dot product and cosine with {query}: ").format(query=query) + "; ".join(said)


def row(raw: Sequence[float], scaled: Sequence[float], weights: Sequence[Sequence[float]], d: int) -> dict:
    """One query's scores for its keys at width d and what softmax makes of them, without and with the division."""
    limits = scale([*raw, *scaled])

    def cells(i: int) -> list[dict]:
        scores = [signed(float(x[i]), limits, number(float(x[i]))) for x in (raw, scaled)]
        first, second = (share(float(w[i]), small(float(w[i]), 3)) for w in weights)
        return [scores[0], first, scores[1], second]

    softmax = _("softmax: its weight")
    columns = [("q·k", _("{d} products summed").format(d=d)), (_("weight"), softmax)]
    columns += [("q·k / √d", f"÷ √{d} = {d**0.5:.4g}"), (_("weight, scaled"), softmax)]
    return table(columns, [{"name": str(i + 1), "cells": cells(i)} for i in range(len(raw))])


def row_alt(weights: Sequence[Sequence[float]], d: int) -> str:
    raw, scaled = (", ".join(small(float(w), 3) for w in line) for line in weights)
    said = _("Weights of one query on its keys at width {d}. Without the division: {raw}. With it: {scaled}.")
    return said.format(d=d, raw=raw, scaled=scaled)


def log_x() -> alt.X:
    """Every width that was measured, evenly apart."""
    return alt.X(
        "d:Q", title=_("width d"), scale=alt.Scale(type="log", base=2), axis=alt.Axis(format="d", tickCount=10)
    )


@cache
def variance() -> dict:
    """Measured variances as points, and as thin lines what the rule says: d, and 1 after the division."""
    base = alt.Chart(alt.NamedData("rows")).encode(x=log_x(), color=COLOUR)
    y = alt.Scale(type="log", base=10)
    decades = alt.Axis(values=[1, 10, 100, 1000], format=",d")
    rule = base.mark_line(strokeDash=[5, 4], strokeWidth=1.5).encode(y=alt.Y("expected:Q", scale=y))
    points = base.mark_point(filled=True, size=75, opacity=1).encode(
        y=alt.Y("variance:Q", title=_("variance"), scale=y, axis=decades),
        shape=SHAPE,
        tooltip=[
            alt.Tooltip("kind:N", title=_("score")),
            alt.Tooltip("d:Q", title=_("width d")),
            alt.Tooltip("variance:Q", title=_("measured"), format=".4~g"),
            alt.Tooltip("expected:Q", title=_("expected"), format=".4~g"),
        ],
    )
    return specification((rule + points).properties(height=270).configure_legend(**LEGEND))


def variance_rows(widths: Sequence["Width"], factor: float) -> list[dict]:
    """`factor` is the variance that q·k should have at d = 1."""
    return [
        {"d": w.d, "kind": kind, "variance": w.variance[i], "expected": factor * (1 if i else w.d)}
        for w in widths
        for i, kind in enumerate((RAW, SCALED))
    ]


def variance_alt(rows: Sequence[dict]) -> str:
    said = ", ".join(f"{r['d']}: {r['variance']:.4g}" for r in rows if r["kind"] == RAW)
    after = [r["variance"] for r in rows if r["kind"] == SCALED]
    text = _("Measured variance of q·k by width: {said}. Divided by √d it stays between {low:.2f} and {high:.2f}.")
    return text.format(said=said, low=min(after), high=max(after))


@cache
def histogram() -> dict:
    """How often each score came, before and after the division."""
    chart = alt.Chart(alt.NamedData("rows")).mark_area(interpolate="step", opacity=0.5, line=True)
    chart = chart.encode(
        x=alt.X("score:Q", title=_("score"), axis=alt.Axis(grid=False)),
        y=alt.Y("share:Q", title=_("share of all pairs"), stack=None, axis=alt.Axis(format="~%")),
        color=COLOUR,
        tooltip=[
            alt.Tooltip("kind:N", title=_("score")),
            alt.Tooltip("score:Q", title=_("around"), format=".2f"),
            alt.Tooltip("share:Q", title=_("share of all pairs"), format=".1%"),
        ],
    )
    return specification(chart.properties(height=270).configure_legend(**LEGEND))


def histogram_rows(raw: np.ndarray, scaled: np.ndarray) -> list[dict]:
    """Both kinds of scores counted in the same bins."""
    edge = float(max(np.abs(raw).max(), np.abs(scaled).max()))
    edges = np.linspace(-edge, edge, BINS + 1)
    rows = []
    for kind, scores in ((RAW, raw), (SCALED, scaled)):
        counts, _edges = np.histogram(scores, edges)
        middles = (edges[:-1] + edges[1:]) / 2
        found = zip(middles.tolist(), (counts / scores.size).tolist(), strict=True)
        rows += [{"kind": kind, "score": x, "share": y} for x, y in found]
    return rows


def histogram_alt(raw: np.ndarray, scaled: np.ndarray, d: int) -> str:
    text = _("Histogram of {n:,} scores at width {d}: q·k from {low:.1f} to {high:.1f}, ")
    text += _("divided by √d from {least:.1f} to {most:.1f}.")
    limits = {"low": raw.min(), "high": raw.max(), "least": scaled.min(), "most": scaled.max()}
    return text.format(n=raw.size, d=d, **limits)


@cache
def effect(title: str) -> dict:
    """A quantity from 0 to 1 by width, without and with the division."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=log_x(),
        y=alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, 1])),
        color=COLOUR,
        tooltip=[
            alt.Tooltip("kind:N", title=_("score")),
            alt.Tooltip("d:Q", title=_("width d")),
            alt.Tooltip("value:Q", title=title, format=".4f"),
        ],
    )
    chart = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=60, opacity=1).encode(shape=SHAPE)
    return specification(chart.properties(height=230).configure_legend(**LEGEND))


def effect_rows(widths: Sequence["Width"], what: str) -> list[dict]:
    """`what` is "largest" or "slope"."""
    return [
        {"d": w.d, "kind": kind, "value": getattr(w, what)[i]} for w in widths for i, kind in enumerate((RAW, SCALED))
    ]


def effect_alt(rows: Sequence[dict], title: str) -> str:
    said = []
    for kind in (RAW, SCALED):
        values = [r for r in rows if r["kind"] == kind]
        first, last = values[0], values[-1]
        text = _("{kind} {a:.3f} at width {d}, {b:.3f} at width {e}")
        said.append(text.format(kind=kind, a=first["value"], b=last["value"], d=first["d"], e=last["d"]))
    return f"{title}: " + "; ".join(said)


def chosen(experiment: "Experiment", at: int) -> dict:
    """What the texts say about one width of the experiment, and about its neighbours."""
    width = experiment.widths[at]
    made = {"d": width.d, "root": width.d**0.5, "pairs": experiment.products[at].size}
    for name in ("variance", "largest", "slope"):
        raw, scaled = getattr(width, name)
        made |= {name: raw, f"{name}_scaled": scaled}
    return made
