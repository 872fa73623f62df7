"""Softmax in pictures: its steps as a table with bars, plain division, number formats, curves over the temperature."""

import math
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from pages.shared.model.charts import MUTED, WARNING, specification
from pages.shared.model.charts.bars import printed, scale, share, signed, small, table
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from pages.softmax.model.shares import Naive, Steps

STEPS = (_("scores"), _("÷ temperature"), _("− the largest"), _("e to the power"), _("÷ the sum"))
HEADS = (_("score"), "÷ T", _("− max"), _("power of e"), _("share"))
BAR = "#8172B8"
LINES = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#8172B8", "#8A94A3")
SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "triangle-left", "triangle-right")
NONE = {"text": "–"}
PLAIN = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def steps(found: "Steps", names: Sequence[str], temperature: float, digits: int, until: int = 4) -> dict:
    """A row for each score, a column for each operation; those after the step `until` are not filled in yet."""
    parts = (found.scores, found.divided, found.below)
    columns = [
        [signed(float(x), limits, printed(float(x), digits)) for x in part]
        for part, limits in zip(parts, map(scale, parts), strict=True)
    ]
    columns += [
        [share(float(p), small(float(p), max(digits, 3))) for p in part] for part in (found.powers, found.shares)
    ]
    about = (_("as they are"), f"÷ {temperature:g}", f"− {printed(found.divided.max(), digits)}", "e^…")
    heads = [*zip(HEADS, (*about, f"÷ {number(found.total, 3)}"), strict=True)]
    cells = [[c if i <= until else NONE for i, c in enumerate(row)] for row in zip(*columns, strict=True)]
    return table(heads, [{"name": n, "cells": c} for n, c in zip(names, cells, strict=True)])


def steps_alt(found: "Steps", names: Sequence[str]) -> str:
    pairs = zip(names, found.scores, found.shares, strict=True)
    return _("From scores to shares. ") + "; ".join(f"{n}: {s:.3g} → {p:.3f}" for n, s, p in pairs)


def against(found: "Steps", plain: np.ndarray | None, names: Sequence[str], total: float, digits: int) -> dict:
    """Softmax beside plain division by the `total` of all scores: None where there is nothing to divide by."""
    spans = [scale(found.scores), scale([1.0] if plain is None else [1.0, *plain])]

    def cells(i: int) -> list[dict]:
        score = signed(float(found.scores[i]), spans[0], printed(float(found.scores[i]), digits))
        soft = signed(float(found.shares[i]), spans[1], small(float(found.shares[i]), 3))
        if plain is None:
            return [score, soft, {"text": _("÷ 0")}]
        return [score, soft, signed(float(plain[i]), spans[1], printed(float(plain[i]), 3))]

    columns = [
        (_("score"), "s"),
        (_("softmax"), _("e^s ÷ Σ e^s, T = 1")),
        (_("plain division"), f"s ÷ Σ s, Σ s = {printed(total, digits)}"),
    ]
    rows = [{"name": n, "cells": cells(i)} for i, n in enumerate(names)]
    return table(columns, rows)


def formats(scores: np.ndarray, found: dict[str, "Naive"], stable: np.ndarray, names: Sequence[str]) -> dict:
    """Naive powers and shares in each number format, and the shares with the largest subtracted first."""

    def cells(i: int) -> list[dict]:
        made = [{"text": printed(float(scores[i]), 2)}]
        for naive in found.values():
            made.append({"text": power(float(naive.powers[i]))})
            made.append(fraction(float(naive.shares[i]), naive.total))
        return [*made, share(float(stable[i]), small(float(stable[i]), 3))]

    columns = [(_("score"), _("with the constant"))]
    for name in found:
        columns += [(name, "e^s"), (name, "e^s ÷ Σ e^s")]
    columns.append((_("largest first"), "float32"))
    return table(columns, [{"name": n, "cells": cells(i)} for i, n in enumerate(names)])


def power(x: float) -> str:
    """A power of e, which may have become 0 or ∞."""
    return "∞" if math.isinf(x) else "0" if x == 0 else f"{x:.3g}" if 1e-3 <= x < 1e4 else printed_power(x)


def printed_power(x: float) -> str:
    from pages.shared.model.charts.bars import power as written

    return written(x)


def fraction(p: float, total: float) -> dict:
    """A share, or in signs what stands in its place."""
    if math.isnan(p):
        return {"text": "0 ÷ 0" if total == 0 else "∞ ÷ ∞"}
    return share(p, small(p, 3))


def formats_alt(found: dict[str, "Naive"]) -> str:
    said = (_("{name}: {how}").format(name=n, how=_("works") if x.works else _("fails")) for n, x in found.items())
    return _("Softmax without subtracting the largest. ") + ", ".join(said)


def temperature_x(title: str) -> alt.X:
    return alt.X("temperature:Q", title=title, scale=alt.Scale(type="log", nice=False),
                 axis=alt.Axis(values=[0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20], format="~g", grid=False))  # fmt: skip


def here() -> alt.Chart:
    """A line at the temperature that is set."""
    rule = alt.Chart(alt.NamedData("rows")).transform_filter("isValid(datum.here)")
    return rule.mark_rule(color=MUTED, strokeDash=[5, 4], strokeWidth=1.5).encode(x=alt.X("here:Q"))


@cache
def curves() -> dict:
    """The share of each score over the temperature; colours and shapes go to the scores in the order of the rows."""
    base = (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter("isValid(datum.share)")
        .encode(
            x=temperature_x(_("temperature T")),
            y=alt.Y("share:Q", title=_("share"), scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("name:N", title=None, sort=None, scale=alt.Scale(range=LINES)),
            tooltip=[
                alt.Tooltip("name:N", title=_("score")),
                alt.Tooltip("temperature:Q", title="T", format=".3~g"),
                alt.Tooltip("share:Q", title=_("share"), format=".4f"),
            ],
        )
    )
    shape = alt.Shape("name:N", title=None, sort=None, scale=alt.Scale(range=SHAPES))
    dots = base.transform_filter("datum.marked").mark_point(filled=True, size=55, opacity=1).encode(shape=shape)
    chart = base.mark_line(strokeWidth=2) + dots + here()
    return specification(chart.properties(height=260).configure_legend(orient="top", direction="horizontal", columns=4))


def curve_rows(temperatures: np.ndarray, shares: np.ndarray, names: Sequence[str], at: float) -> list[dict]:
    """shares (temperatures, n); every eighth point is marked."""
    rows = [
        {"name": name, "temperature": t, "share": p, "marked": i % 8 == 0}
        for k, name in enumerate(names)
        for i, (t, p) in enumerate(zip(temperatures.tolist(), shares[:, k].tolist(), strict=True))
    ]
    return [*rows, {"here": at}]


def curves_alt(rows: Sequence[dict]) -> str:
    *points, last = rows
    low, high = points[0]["temperature"], points[-1]["temperature"]
    ends = {t: [f"{r['name']} {r['share']:.3f}" for r in points if r["temperature"] == t] for t in (low, high)}
    said = _("Shares over the temperature. At {low:g}: {first}. At {high:g}: {last}. Set to {at:g}.")
    return said.format(low=low, high=high, first=", ".join(ends[low]), last=", ".join(ends[high]), at=last["here"])


ENTROPY, SLOPE = _("entropy ÷ ln n"), _("Σ p(1 − p)")


@cache
def spread() -> dict:
    """How even the shares are, and how much they answer to a change of the scores, over the temperature."""
    colour = alt.Scale(domain=[ENTROPY, SLOPE], range=[BAR, WARNING])
    base = (
        alt.Chart(alt.NamedData("rows"))
        .transform_filter("isValid(datum.value)")
        .encode(
            x=temperature_x(_("temperature T")),
            y=alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, 1])),
            color=alt.Color("kind:N", title=None, scale=colour),
            strokeDash=alt.StrokeDash(
                "kind:N", title=None, scale=alt.Scale(domain=[ENTROPY, SLOPE], range=[[1, 0], [6, 3]])
            ),
            tooltip=[
                alt.Tooltip("kind:N", title=_("measure")),
                alt.Tooltip("temperature:Q", title="T", format=".3~g"),
                alt.Tooltip("value:Q", title=_("value"), format=".4f"),
            ],
        )
    )
    chart = base.mark_line(strokeWidth=2.5) + here()
    return specification(chart.properties(height=260).configure_legend(orient="top", direction="horizontal"))


def spread_rows(temperatures: np.ndarray, entropy: np.ndarray, slope: np.ndarray, n: int, at: float) -> list[dict]:
    """Entropy as a part of the most it can be, ln n; with one score it can only be 0."""
    most = math.log(n) if n > 1 else 1.0
    rows = [
        {"kind": kind, "temperature": t, "value": x}
        for kind, values in ((ENTROPY, entropy / most), (SLOPE, slope))
        for t, x in zip(temperatures.tolist(), values.tolist(), strict=True)
    ]
    return [*rows, {"here": at}]


def spread_alt(rows: Sequence[dict]) -> str:
    said = []
    for kind in (ENTROPY, SLOPE):
        values = [r for r in rows if r.get("kind") == kind]
        low, high = values[0], values[-1]
        text = _("{kind}: {a:.3f} at temperature {s:g}, {b:.3f} at {t:g}")
        values = {"a": low["value"], "s": low["temperature"], "b": high["value"], "t": high["temperature"]}
        said.append(text.format(kind=kind, **values))
    return "; ".join(said)


def worked(found: "Steps", step: int, temperature: float, digits: int, most: int = 8) -> str:
    """The step's operation with the numbers put in, a formula for each score; of more than `most` only the first."""
    rows = list(zip(found.scores, found.divided, found.below, found.powers, found.shares, strict=True))
    top, total = found.divided.max(), found.total

    def say(x: float, extra: int = 0) -> str:
        text = printed(float(x), digits + extra).replace("·10", r"\cdot 10")
        return re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"^{{{m[0].translate(PLAIN)}}}", text)

    def line(s: float, divided: float, below: float, power: float, p: float) -> str:
        bracket = say(top) if top >= 0 else f"({say(top)})"
        few = say(power, 1) if power >= 10 ** -(digits + 1) or power == 0 else latex(power)
        share = say(p, 1) if p >= 10 ** -(digits + 1) or p == 0 else latex(p)
        return (
            say(s),
            rf"{say(s)} / {temperature:g} = {say(divided)}",
            rf"{say(divided)} - {bracket} = {say(below)}",
            rf"e^{{{say(below)}}} = {few}",
            rf"{few} / {say(total, 1)} = {share}",
        )[step]

    said = ", ".join(f"${line(*row)}$" for row in rows[:most])
    return said + (" …" if len(rows) > most else "")


def latex(x: float) -> str:
    mantissa, exponent = f"{x:.0e}".split("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}"
