"""Pictures of heads: what one head cannot keep, what a head does, and how much each head adds."""

from collections.abc import Sequence
from functools import cache

import altair as alt

from pages.shared.model.charts import MUTED, OUTPUT, WARNING, specification
from pages.shared.model.charts.stream import BAR, INK
from pages.shared.model.prose import _
from pages.shared.model.written import percent

LOST = (_("who"), _("what"), _("both"), _("both, with two heads"))


@cache
def lost(theme: str) -> dict:
    """The share of each meaning that is lost, against the weight on who; a rule at the weight that is chosen."""
    base = alt.Chart(alt.NamedData("rows"))
    colours = alt.Scale(domain=LOST, range=[MUTED, MUTED, BAR, OUTPUT])
    dashes = alt.Scale(domain=LOST, range=[[8, 4], [2, 3], [1, 0], [1, 0]])
    lines = base.transform_filter("isValid(datum.of)").encode(
        x=alt.X("share:Q", title=_("weight on who (the rest is on what)"), scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("lost:Q", title=_("share lost"), axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])),
        color=alt.Color("of:N", scale=colours, title=None),
        strokeDash=alt.StrokeDash("of:N", scale=dashes, title=None),
        tooltip=["of:N", alt.Tooltip("share:Q", format=".2f"), alt.Tooltip("lost:Q", format=".1%")],
    )
    at = base.transform_filter("isValid(datum.at)").encode(x="at:Q")
    rule = at.mark_rule(color=INK[theme][0], strokeWidth=1.5)
    points = at.mark_point(filled=True, size=110, color=BAR, opacity=1).encode(y="both:Q")
    layers = alt.layer(rule, lines.mark_line(strokeWidth=2.5, clip=False), points).properties(height=300)
    return specification(layers.configure_legend(orient="top", direction="horizontal", columns=2))


def lost_rows(curve: Sequence[tuple[float, float, float]], at: float, both: float, two: float) -> list[dict]:
    """The curve (share, lost of who, lost of what), the chosen weight with what is lost there, and two heads' loss."""
    rows = [{"at": at, "both": both}]
    for share, who, what in curve:
        for name, value in zip(LOST, (who, what, (who + what) / 2, two), strict=True):
            rows.append({"of": name, "share": share, "lost": value})
    return rows


def lost_alt(at: float, both: float, two: float) -> str:
    said = _("Lines: with a weight of {at:.2f} on who, one head loses {both} of both meanings; two heads lose {two}.")
    return said.format(at=at, both=percent(both), two=percent(two))


@cache
def patterns(theme: str) -> dict:
    """A bar for each pattern: the head's average; a tick for an even look, a diamond for the sentence on screen."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("pattern:N", sort=None, title=None, axis=alt.Axis(labelFontSize=13, labelLimit=150)),
        tooltip=[
            alt.Tooltip("pattern:N", title=_("pattern")),
            alt.Tooltip("average:Q", title=_("average"), format=".1%"),
            alt.Tooltip("even:Q", title=_("an even look"), format=".1%"),
            alt.Tooltip("here:Q", title=_("your sentence"), format=".1%"),
        ],
    )
    axis = alt.Axis(format="%", tickCount=6)
    bars = base.mark_bar(color=BAR, cornerRadiusEnd=2, height=16).encode(
        x=alt.X("average:Q", title=_("share of the head's weight"), axis=axis, scale=alt.Scale(zero=True))
    )
    ticks = base.mark_tick(color=INK[theme][0], thickness=2.5, size=22).encode(x="even:Q")
    points = base.transform_filter("isValid(datum.here)").mark_point(
        filled=True, shape="diamond", size=130, color=WARNING, stroke=INK[theme][1], strokeWidth=1, opacity=1
    )
    return specification((bars + ticks + points.encode(x="here:Q")).properties(height=alt.Step(30)))


def pattern_rows(report: Sequence[dict]) -> list[dict]:
    """From `core.interpretability.heads.report`."""
    return [{"pattern": r["pattern"].name, **{n: r[n] for n in ("average", "even", "here")}} for r in report]


def pattern_alt(rows: Sequence[dict]) -> str:
    said = ", ".join(f"{r['pattern']} {percent(r['average'])} ({percent(r['even'])})" for r in rows)
    return _("Bars: how much of its weight the head gives to each pattern, in brackets an even look: ") + said


@cache
def added() -> dict:
    """A bar for each head: how long the vector is that it adds to the chosen token's."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("head:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("length:Q", title=_("length of what it adds")),
        tooltip=["head:N", alt.Tooltip("length:Q", format=".2f")],
    )
    return specification(base.mark_bar(color=OUTPUT, cornerRadiusEnd=2).properties(height=200))


def added_rows(names: Sequence[str], lengths: Sequence[float]) -> list[dict]:
    return [{"head": name, "length": length} for name, length in zip(names, lengths, strict=True)]


def added_alt(rows: Sequence[dict]) -> str:
    said = ", ".join(f"{r['head']} {r['length']:.2f}" for r in rows)
    return _("Bars: the length of what each head adds to the token's vector: ") + said
