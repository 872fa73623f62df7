"""Charts of the page Training: the smoothed target, the learning rate, loss curves, the error of a difference."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from pages.shared.model.charts import INK, KEY, MUTED, OUTPUT, QUERY, specification
from pages.shared.model.charts.bars import small
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from pages.training.model.slope import Difference
    from pages.training.model.teaching import Smoothed

HARD, SMOOTH, MODEL = _("target"), _("smoothed target"), _("model")
MINE, SHIPPED = _("yours"), _("as it was")
NOW, BEFORE = _("this run"), _("the run before")
HEIGHT = 260


@cache
def smoothing(theme: str) -> dict:
    """For each token three bars: the target, the smoothed target, the model's probability."""
    who = [HARD, SMOOTH, MODEL]
    colour = alt.Scale(domain=who, range=[MUTED, KEY, QUERY])
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("token:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, labelFontSize=13)),
        yOffset=alt.YOffset("who:N", sort=who, scale=alt.Scale(domain=who)),
        x=alt.X("p:Q", title=_("probability"), scale=alt.Scale(domain=[0, 1.08], nice=False),
                axis=alt.Axis(values=[0, 0.2, 0.4, 0.6, 0.8, 1])),
        color=alt.Color("who:N", sort=who, scale=colour, title=None),
        tooltip=["token:N", "who:N", alt.Tooltip("p:Q", format=".6f")],
    )  # fmt: skip
    text = base.mark_text(align="left", dx=4, fontSize=11).encode(text="said:N", color=alt.value(INK[theme]))
    layers = base.mark_bar(cornerRadiusEnd=2) + text
    return specification(layers.properties(height=alt.Step(15)).configure_legend(orient="top", direction="horizontal"))


def smoothing_rows(found: "Smoothed", names: Sequence[str]) -> list[dict]:
    shares = ((HARD, found.hard), (SMOOTH, found.smooth), (MODEL, found.model))
    return [{"token": name, "who": who, "p": p[i], "said": small(p[i], 3)}
            for i, name in enumerate(names) for who, p in shares]  # fmt: skip


def smoothing_alt(rows: Sequence[dict]) -> str:
    return _("Bars. ") + "; ".join(f"{r['token']}, {r['who']}: {r['said']}" for r in rows)


@cache
def schedule() -> dict:
    """The learning rate over the steps, twice."""
    who = [MINE, SHIPPED]
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("step:Q", title=_("step"), scale=alt.Scale(nice=False)),
        y=alt.Y("lr:Q", title=_("learning rate"), axis=alt.Axis(format="~g")),
        color=alt.Color("who:N", sort=who, scale=alt.Scale(domain=who, range=[KEY, QUERY]), title=None),
        strokeDash=alt.StrokeDash("who:N", sort=who, scale=alt.Scale(domain=who, range=[[1, 0], [5, 4]]), title=None),
        tooltip=["who:N", alt.Tooltip("step:Q", format=","), alt.Tooltip("lr:Q", format=".3~g")],
    )
    line = base.mark_line(strokeWidth=2.5)
    return specification(line.properties(height=HEIGHT).configure_legend(orient="top", direction="horizontal"))


def schedule_rows(mine: Sequence[tuple[int, float]], shipped: Sequence[tuple[int, float]]) -> list[dict]:
    return [{"who": who, "step": step, "lr": lr} for who, line in ((MINE, mine), (SHIPPED, shipped))
            for step, lr in line]  # fmt: skip


def schedule_alt(mine: Sequence[tuple[int, float]], warmup: int) -> str:
    said = _(
        "Line chart: the learning rate climbs to {top:g} at step {warmup:,} and falls to {last:.2g} at step {end:,}."
    )
    if not warmup:
        said = _("Line chart: the learning rate begins at {top:g} and falls to {last:.2g} at step {end:,}.")
    top = max(lr for _step, lr in mine)
    return said.format(top=top, warmup=warmup, last=mine[-1][1], end=mine[-1][0])


@cache
def curve(steps: int, most: float) -> dict:
    """Loss curves over `steps` steps: this run, the one before it as a pale band, and a rule where we are."""
    rows = alt.Chart(alt.NamedData("rows"))
    base = rows.transform_filter("isValid(datum.loss)").encode(
        x=alt.X("step:Q", title=_("step"), scale=alt.Scale(domain=[0, steps], nice=False)),
        y=alt.Y("loss:Q", title=_("loss (nats per token)"), scale=alt.Scale(domain=[0, most], clamp=True),
                axis=alt.Axis(format="~g" if most <= 100 else ".0e")),
        tooltip=["who:N", alt.Tooltip("step:Q", format=","), alt.Tooltip("loss:Q", format=".4f"),
                 alt.Tooltip("lr:Q", title=_("learning rate"), format=".3~g")],
    )  # fmt: skip
    before = base.transform_filter(f"datum.who == '{BEFORE}'").mark_line(color=KEY, strokeWidth=7, opacity=0.35)
    now = base.transform_filter(f"datum.who == '{NOW}'")
    line, dots = now.mark_line(color=QUERY, strokeWidth=2), now.mark_point(color=QUERY, filled=True, size=14, opacity=1)
    here = rows.transform_filter("isValid(datum.here)")
    rule = here.mark_rule(color=OUTPUT, strokeWidth=2, strokeDash=[5, 4]).encode(x="here:Q")
    return specification(alt.layer(before, line, dots, rule).properties(height=HEIGHT))


def curve_rows(
    now: Sequence[tuple[int, float, float]], before: Sequence[tuple[int, float, float]] = (), here: int | None = None
) -> list[dict]:
    """Points are (step, loss, learning rate)."""
    rows = [{"who": who, "step": step, "loss": loss, "lr": lr}
            for who, line in ((BEFORE, before), (NOW, now)) for step, loss, lr in line]  # fmt: skip
    return rows if here is None else [*rows, {"here": here}]


def curve_alt(now: Sequence[tuple[int, float, float]]) -> str:
    if not now:
        return _("Loss curve: nothing yet.")
    said = _("Loss curve: {first:.3f} at step {start:,}, {last:.3f} at step {end:,}, lowest {low:.3f}.")
    values = {"first": now[0][1], "start": now[0][0], "last": now[-1][1], "end": now[-1][0]}
    return said.format(low=min(loss for _step, loss, _lr in now), **values)


@cache
def errors() -> dict:
    """How far the finite difference is from the gradient, over h; both axes logarithmic."""
    power = alt.Axis(format="~e", tickCount=7)
    rows = alt.Chart(alt.NamedData("rows"))
    base = rows.encode(
        x=alt.X("h:Q", title=_("step size h"), scale=alt.Scale(type="log"), axis=power),
        y=alt.Y("error:Q", title=_("difference from the gradient"), scale=alt.Scale(type="log"), axis=power),
        tooltip=[alt.Tooltip("h:Q", format=".2~e"), alt.Tooltip("error:Q", format=".2~e")],
    )
    measured = base.transform_filter("!datum.here")
    line, dots = measured.mark_line(color=QUERY), measured.mark_point(color=QUERY, filled=True, size=40, opacity=1)
    here = base.transform_filter("datum.here").mark_point(
        color=OUTPUT, filled=True, shape="diamond", size=200, opacity=1
    )
    return specification(alt.layer(line, dots, here).properties(height=HEIGHT))


def error_rows(found: Sequence["Difference"], chosen: "Difference") -> list[dict]:
    """A logarithm cannot show an error of exactly 0: such points are left out."""
    marked = [*((d, False) for d in found), (chosen, True)]
    return [{"h": d.h, "error": d.error, "here": here} for d, here in marked if d.error > 0]


def error_alt(found: Sequence["Difference"]) -> str:
    least = min(found, key=lambda d: d.error)
    said = _("Line chart, both axes logarithmic: the error is {first:.1e} at h = {big:.0e}, smallest, {low:.1e}, at "
             "h = {best:.0e}, and {last:.1e} at h = {tiny:.0e}.")  # fmt: skip
    values = {"first": found[0].error, "big": found[0].h, "low": least.error, "best": least.h}
    return said.format(**values, last=found[-1].error, tiny=found[-1].h)
