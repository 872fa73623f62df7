"""Masking: how far outputs move, the mood of words, and two models that learn to foretell a die."""

from collections.abc import Sequence
from functools import cache

import altair as alt

from pages.shared.model.charts import INK, MUTED, WARNING, specification
from pages.shared.model.charts.stream import BAR
from pages.shared.model.prose import _
from pages.shared.model.written import number

COLOURS = (WARNING, BAR, MUTED)
ROOM = 0.1  # of the width, for numbers


@cache
def bars(title: str, ways: tuple[str, ...], theme: str) -> dict:
    """For each word one bar a way, with its number; from 0 to the right, or to the left where it is negative."""
    colour = alt.Color("way:N", sort=None, title=None, scale=alt.Scale(domain=ways, range=COLOURS[: len(ways)]))
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=140, labelFontSize=13)),
        yOffset=alt.YOffset("way:N", sort=list(ways)),
        x=alt.X("x:Q", title=title, axis=alt.Axis(tickCount=5), scale=alt.Scale(nice=False)),
        tooltip=[
            alt.Tooltip("label:N", title=_("word")),
            alt.Tooltip("way:N", title=_("how")),
            alt.Tooltip("x:Q", title=title, format=".4f"),
        ],
    )
    numbers = base.mark_text(fontSize=12, dx=4, align="left", color=INK[theme]).encode(text="said:N")
    left = base.mark_text(fontSize=12, dx=-4, align="right", color=INK[theme]).encode(text="said:N")
    room = [base.mark_point(opacity=0).encode(x=alt.X(f"{end}:Q", title=title)) for end in ("low", "high")]
    layers = [base.mark_bar().encode(color=colour), left.transform_filter("datum.x < 0"),
              numbers.transform_filter("datum.x >= 0"), *room]  # fmt: skip
    chart = alt.layer(*layers).properties(height=alt.Step(15, **{"for": "offset"}))
    return specification(chart.configure_legend(orient="top", direction="vertical", labelLimit=300))


def bar_rows(values: Sequence[Sequence[float]], labels: Sequence[str], ways: Sequence[str]) -> list[dict]:
    """values (ways, words): rows for the chart; `low` and `high` leave room for the numbers beside the bars."""
    ends = [float(x) for line in values for x in line]
    most, least = max(0.0, *ends), min(0.0, *ends)
    beside = ROOM * (most - least) or 1.0
    room = {"low": least - beside if least else 0.0, "high": most + beside}
    return [
        {"label": label, "way": way, "x": x, "said": small(x), **room}
        for label, column in zip(labels, zip(*values, strict=True), strict=True)
        for way, x in zip(ways, map(float, column), strict=True)
    ]


def small(x: float) -> str:
    """0 only for what is 0; what would be printed as 0.00 has more digits."""
    return "0" if x == 0 else number(x) if abs(x) >= 0.005 else number(x, 4) if abs(x) >= 5e-5 else "≈ 0"


def bars_alt(rows: Sequence[dict], title: str) -> str:
    """The bars in words."""
    said = {}
    for r in rows:
        said.setdefault(r["way"], []).append(f"{r['label']} {r['said']}")
    return _("Bars: {title}. ").format(title=title) + ". ".join(f"{way}: {', '.join(x)}" for way, x in said.items())


@cache
def losses(ways: tuple[str, ...], chance: float, theme: str) -> dict:
    """One line a model, and the loss of guessing."""
    colour = alt.Color("way:N", sort=None, title=None, scale=alt.Scale(domain=ways, range=COLOURS[: len(ways)]))
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("step:Q", title=_("step of training"), axis=alt.Axis(tickCount=5)),
        y=alt.Y("loss:Q", title=_("loss, in nats"), scale=alt.Scale(domainMin=0)),
    )
    tooltip = [alt.Tooltip("way:N", title=_("model")), alt.Tooltip("step:Q"), alt.Tooltip("loss:Q", format=".3f")]
    lines = base.mark_line(strokeWidth=2.5).encode(
        color=colour, strokeDash=alt.StrokeDash("way:N", sort=None, title=None), tooltip=tooltip
    )
    rule = alt.Chart(alt.NamedData("rows")).mark_rule(strokeDash=[2, 3], color=MUTED).encode(y=alt.datum(chance))
    text = _("guessing: {chance:.2f}").format(chance=chance)
    name = alt.Chart(alt.NamedData("rows")).transform_filter("datum.step == 1").mark_text(
        text=text, align="left", dy=12, color=INK[theme], fontSize=12
    ).encode(y=alt.datum(chance), x=alt.value(90))  # fmt: skip
    chart = alt.layer(lines, rule, name).properties(height=260)
    return specification(chart.configure_legend(orient="top", direction="vertical", labelLimit=300))


def loss_rows(learnt: Sequence[Sequence[float]], ways: Sequence[str]) -> list[dict]:
    return [
        {"way": way, "step": step, "loss": loss}
        for way, losses in zip(ways, learnt, strict=True)
        for step, loss in enumerate(losses, 1)
    ]


def losses_alt(learnt: Sequence[Sequence[float]], ways: Sequence[str], chance: float) -> str:
    said = "; ".join(f"{way}: {x[0]:.2f} → {x[-1]:.2f}" for way, x in zip(ways, learnt, strict=True))
    return _("Line chart: loss by step of training. {said}. Guessing: {chance:.2f}.").format(said=said, chance=chance)
