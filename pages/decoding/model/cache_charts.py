"""The KV cache in pictures: which rows of K and V a step computes, and what a step costs with the cache and without."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from pages.shared.model.charts import INK, KEY, OUTPUT, QUERY, VALUE, specification
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from pages.decoding.model.cache_costs import Step

STATES = {"now": "●", "reused": "=", "not yet": ""}
STRENGTHS = {"now": 1, "reused": 0.2, "not yet": 0}
SAID = {"now": _("computed now"), "reused": _("reused"), "not yet": _("not there yet")}
WITH, WITHOUT = _("with the cache"), _("without")


@cache
def grid(theme: str) -> dict:
    """A column for each token, a line for K and V of each layer: full and ● computed now, pale and = reused."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("token:N", sort=None, title=None, axis=alt.Axis(labelAngle=-50, orient="bottom", ticks=False)),
        y=alt.Y("line:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=[
            alt.Tooltip("token:N", title=_("token")),
            alt.Tooltip("line:N", title=_("row of")),
            alt.Tooltip("said:N", title=_("at this step")),
        ],
    )
    cells = base.mark_rect(stroke=INK[theme], strokeWidth=0.6).encode(
        fill=alt.Fill("what:N", legend=None, scale=alt.Scale(domain=["K", "V"], range=[KEY, VALUE])),
        fillOpacity=alt.FillOpacity("strength:Q", legend=None, scale=None),
    )
    marks = base.mark_text(fontSize=13, fontWeight="bold").encode(
        text="mark:N",
        color=alt.Color(
            "state:N", legend=None, scale=alt.Scale(domain=list(STATES), range=["black", INK[theme], INK[theme]])
        ),
    )
    return specification((cells + marks).properties(height=alt.Step(24), width="container"))


def grid_rows(labels: Sequence[str], t: int, layers: int, first: int = 0, all_at_once: bool = False) -> list[dict]:
    """labels of the tokens from `first` on. Step t computes row t and finds those before it; `all_at_once`: step 0
    computes every row, as of an encoder's output."""

    def state(i: int) -> str:
        if all_at_once:
            return "now" if t == 0 else "reused"
        return "now" if i == t else "reused" if i < t else "not yet"

    return [
        {"token": label, "line": _("{what} layer {layer}").format(what=what, layer=layer + 1), "what": what}
        | {"state": state(i), "mark": STATES[state(i)], "said": SAID[state(i)], "strength": STRENGTHS[state(i)]}
        for layer in range(layers)
        for what in "KV"
        for i, label in enumerate(labels, first)
    ]


def grid_alt(rows: Sequence[dict]) -> str:
    """How many tokens are in which state, which is the same in every layer."""
    line = [row for row in rows if row["line"] == rows[0]["line"]]
    counts = "; ".join(f"{SAID[s]}: {', '.join(r['token'] for r in line if r['state'] == s) or '–'}" for s in STATES)
    return _("Rows of K and V, the same in each of {n} lines. {counts}.").format(
        n=len(rows) // len(line), counts=counts
    )


@cache
def costs(theme: str) -> dict:
    """Operations of each step, with the cache and without; the step that is looked at is marked."""
    base = alt.Chart(alt.NamedData("rows"))
    sides = [WITH, WITHOUT]
    told = base.transform_filter("isValid(datum.flops)").encode(
        x=alt.X(
            "t:Q", title=_("step T"), axis=alt.Axis(tickMinStep=1, format="d"), scale=alt.Scale(nice=False, padding=8)
        ),
        y=alt.Y("flops:Q", title=_("operations"), axis=alt.Axis(format="~s"), scale=alt.Scale(zero=True)),
        tooltip=[
            alt.Tooltip("t:Q", title=_("step T")),
            alt.Tooltip("side:N", title=_("how")),
            alt.Tooltip("flops:Q", title=_("operations"), format=",d"),
        ],
    )
    colour = alt.Color("side:N", title=None, scale=alt.Scale(domain=sides, range=[QUERY, OUTPUT]),
                       legend=alt.Legend(orient="top", symbolStrokeWidth=0))  # fmt: skip
    lines = told.mark_line(strokeWidth=2).encode(
        color=colour, strokeDash=alt.StrokeDash("side:N", scale=alt.Scale(domain=sides, range=[[1, 0], [6, 4]]))
    )
    points = told.mark_point(filled=True, size=55, opacity=1).encode(
        color=colour, shape=alt.Shape("side:N", scale=alt.Scale(domain=sides, range=["circle", "square"]))
    )
    rule = base.transform_filter("isValid(datum.at)").mark_rule(color=INK[theme], strokeDash=[2, 2]).encode(x="at:Q")
    return specification(alt.layer(rule, lines, points).properties(height=240, width="container"))


def cost_rows(steps: Sequence["Step"], at: int) -> list[dict]:
    rows = [
        {"t": s.at, "side": side, "flops": n} for s in steps for side, n in ((WITH, s.cached), (WITHOUT, s.uncached))
    ]
    return [*rows, {"at": at}]


def cost_alt(steps: Sequence["Step"], at: int) -> str:
    said = _("Operations of each step. Step {at}: {cached:,} with the cache, {uncached:,} without. "
             "Last step, {last}: {a:,} and {b:,}.")  # fmt: skip
    now, last = steps[at], steps[-1]
    values = {"at": at, "cached": now.cached, "uncached": now.uncached}
    return said.format(**values, last=last.at, a=last.cached, b=last.uncached)
