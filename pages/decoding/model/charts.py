"""A step of decoding in pictures: the table from logits to probabilities, the line that a draw falls on, two texts."""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from pages.shared.model.charts import INK, MUTED, OUTPUT, specification
from pages.shared.model.prose import _
from pages.shared.model.written import power, short

if TYPE_CHECKING:
    from pages.decoding.model.draw import Segment
    from pages.decoding.model.steps import Row, Written

KINDS = ["chosen", "kept", "others"]
BAR = "#8172B8"  # probabilities; reads on light and dark
LINE_AXIS = alt.Axis(grid=False, orient="bottom", tickCount=5)
FILTERS = {"temperature": _("greedy"), "top_k": "top-k", "top_p": "top-p", "min_p": "min-p"}


def share(p: float) -> str:
    """A probability with three decimals, or with its order of magnitude: 0.073, 3·10⁻⁷; 0 only for what is 0."""
    return f"{p:.3f}" if p >= 0.0005 else power(p, 0) if p else "0"


def plain(x: float) -> str:
    """A setting as it was typed: 0.7, 1e-09, 40."""
    return f"{x:g}" if isinstance(x, float) else f"{x:,}"


def table(rows: Sequence["Row"], filters: dict[str, float | None], name: Callable[[int], str]) -> dict:
    """What the component `steps` shows: columns with their operation, rows of cells with a bar from 0 to 1."""
    penalty = filters.get("repetition_penalty") or 1
    sizes = [x for row in rows for x in (row.logit, row.told, row.scaled) if x > -math.inf]
    low, high = min(0.0, *sizes), max(0.0, *sizes)
    zero = -low / (high - low or 1)

    def signed(x: float, many: bool) -> dict:
        text = _("up to {x}").format(x=short(x)) if many else short(x)
        end = zero + max(x, low) / (high - low or 1)
        return {"text": text, "bar": sorted((zero, end)), "sign": "down" if x < 0 else "up"}

    def cells(row: "Row") -> list[dict]:
        many = len(row.tokens) > 1
        looks = ((row.share, "prob pale"), (row.prob, "prob"))
        probs = [{"text": share(p), "bar": [0, p], "sign": look} for p, look in looks]
        told = signed(row.told, many)
        told["text"] = ("▾ " if row.seen and not many else "") + told["text"]
        before = [signed(row.logit, many), *([told] if penalty != 1 else [])]
        return [*before, signed(row.scaled, many), probs[0], {"text": kept(row)}, probs[1]]

    shown = [
        {"id": row.tokens[0], "rank": row.rank, "name": one_or_many(row.tokens, name), "cells": cells(row)}
        | {"many": len(row.tokens) > 1, "cut": not row.kept, "chosen": row.chosen}
        for row in rows
    ]
    return {"columns": columns(rows, filters), "rows": shown}


def kept(row: "Row") -> str:
    if len(row.tokens) > 1:
        return _("{kept:,} kept").format(kept=row.kept) if row.kept else _("−∞ all cut")
    return "✓" if row.kept else "−∞" if row.logit == -math.inf else f"−∞ {FILTERS[row.cut_by]}"


def columns(rows: Sequence["Row"], filters: dict[str, float | None]) -> list[dict]:
    """The heading of each column, and the operation that leads to it."""
    greedy = any(row.cut_by == "temperature" for row in rows)
    scaled = _("as they are: greedy") if greedy else f"÷ {plain(filters['temperature'])}"
    on = [
        f"{FILTERS[name]} {plain(filters[name])}" for name in ("top_k", "top_p", "min_p") if filters[name] is not None
    ]
    cut = _("only the largest") if greedy else ", ".join(on) or _("no filter")
    how = (_("what the model says"), scaled, _("softmax over all"), cut, f"÷ {share(mass(rows))}")
    names = (_("logit"), _("scaled"), _("share"), _("kept?"), _("probability"))
    found = [{"name": n, "how": h} for n, h in zip(names, how, strict=True)]
    if (penalty := filters.get("repetition_penalty") or 1) != 1:
        found.insert(
            1, {"name": _("penalised"), "how": _("▾ in the text: ÷ {x}, below 0 × {x}").format(x=plain(penalty))}
        )
    return found


def mass(rows: Sequence["Row"]) -> float:
    """The share of the kept tokens together: what their shares are divided by."""
    largest = rows[0]
    return largest.share / largest.prob


@cache
def line(theme: str) -> dict:
    """The kept tokens end to end from 0 to 1, and the random number that falls on one of them."""
    base = alt.Chart(alt.NamedData("rows"))
    parts = base.transform_filter("isValid(datum.end)").encode(
        x=alt.X("start:Q", title=None, scale=alt.Scale(domain=[0, 1], nice=False), axis=LINE_AXIS),
        x2="end:Q",
        tooltip=[
            alt.Tooltip("name:N", title=_("token")),
            alt.Tooltip("start:Q", title=_("from"), format=".4f"),
            alt.Tooltip("end:Q", title=_("to"), format=".4f"),
            alt.Tooltip("prob:Q", title=_("probability"), format=".4f"),
        ],
    )
    bars = parts.mark_rect(stroke=BAR, strokeWidth=1).encode(
        y=alt.value(26),
        y2=alt.value(66),
        fill=alt.Fill("kind:N", legend=None, scale=alt.Scale(domain=KINDS, range=[OUTPUT, BAR, MUTED])),
        fillOpacity=alt.FillOpacity("kind:N", legend=None, scale=alt.Scale(domain=KINDS, range=[1, 0.25, 0.15])),
    )
    layers = bars + line_names(parts, INK[theme]) + line_draw(base, INK[theme])
    return specification(layers.properties(height=104, width="container"))


def line_names(parts: alt.Chart, ink: str) -> alt.LayerChart:
    """The tokens' names where there is room for them; dark on the chosen one's fill, else as the theme has it."""
    room = "(datum.end - datum.start) * width > (datum.kind == 'others' ? 60 : max(18, 8 * length(datum.name) + 4))"
    placed = parts.transform_filter(room).transform_calculate(middle="(datum.start + datum.end) / 2")
    look = {"limit": alt.expr("(datum.end - datum.start) * width - 4"), "fontSize": 13}
    names = placed.encode(x="middle:Q", x2=alt.Undefined, y=alt.value(46), text="name:N")
    chosen = names.transform_filter("datum.kind == 'chosen'").mark_text(color="black", fontWeight="bold", **look)
    return chosen + names.transform_filter("datum.kind != 'chosen'").mark_text(color=ink, **look)


def line_draw(base: alt.Chart, ink: str) -> alt.LayerChart:
    """A pin above the bar, a thin line through it, and the number."""
    draw = base.transform_filter("isValid(datum.draw)").encode(x="draw:Q")
    pin = draw.mark_point(shape="triangle-down", size=90, filled=True, color=ink, opacity=1).encode(y=alt.value(21))
    rule = draw.mark_rule(color=ink, opacity=0.6).encode(y=alt.value(21), y2=alt.value(70))
    align = alt.expr("datum.draw > 0.75 ? 'right' : datum.draw < 0.25 ? 'left' : 'center'")
    said = draw.mark_text(color=ink, fontSize=14, fontWeight="bold", align=align, baseline="bottom")
    return rule + pin + said.encode(y=alt.value(14), text="said:N")


def line_rows(
    segments: Sequence["Segment"], draw: float, chosen: int, name: Callable[[int], str]
) -> list[dict[str, str | float]]:
    rows = [
        {"name": one_or_many(s.tokens, name), "start": s.start, "end": s.end, "prob": s.end - s.start}
        | {"kind": "chosen" if s.tokens == (chosen,) else "kept" if len(s.tokens) == 1 else "others"}
        for s in segments
    ]
    return [*rows, {"draw": draw, "said": f"u = {draw:.4f}"}]


def one_or_many(tokens: Sequence[int], name: Callable[[int], str]) -> str:
    return name(tokens[0]) if len(tokens) == 1 else _("{count:,} others").format(count=len(tokens))


def table_alt(rows: Sequence["Row"]) -> str:
    """The caption of the table, for those who do not see it."""
    said = _(
        "The step as a table: {shown} tokens, the most probable first, and all others together. {kept:,} are kept."
    )
    return said.format(shown=sum(len(r.tokens) == 1 for r in rows), kept=sum(r.kept for r in rows))


def line_alt(rows: Sequence[dict]) -> str:
    *parts, draw = rows
    fallen = next((p for p in parts if p["kind"] == "chosen"), None)
    said = _("The line from 0 to 1, the most probable token first: {names}. The random number is {draw:.4f}")
    names = "; ".join(f"{p['name']} {p['start']:.3f}–{p['end']:.3f}" for p in parts)
    said = said.format(names=names, draw=draw["draw"])
    if fallen is None:
        return f"{said}."
    return said + _(" and falls on {name}, from {start:.4f} to {end:.4f}.").format(**fallen)


@cache
def pair(theme: str) -> dict:
    """Two continuations, one to each side: each token's probability as a bar, its name outside, and where they part."""
    base = alt.Chart(alt.NamedData("rows"))
    y = alt.Y("step:O", title=None, axis=alt.Axis(labels=True, ticks=False, domain=False))
    axis = alt.Axis(values=[-1, -0.5, 0, 0.5, 1], labelExpr="format(abs(datum.value), '.1f')", grid=False)
    scale = alt.Scale(domain=[-1.5, 1.5], nice=False)
    tokens = base.transform_filter("isValid(datum.prob)").encode(
        y=y,
        tooltip=[
            alt.Tooltip("step:O", title=_("token")),
            alt.Tooltip("side:N", title=_("text")),
            alt.Tooltip("name:N", title=_("written")),
            alt.Tooltip("prob:Q", title=_("probability"), format=".4f"),
        ],
    )
    bars = tokens.mark_bar(height=14, color=BAR).encode(
        x=alt.X("x:Q", title=_("probability that the model gave it"), axis=axis, scale=scale),
        opacity=alt.condition("datum.same", alt.value(0.35), alt.value(1)),
    )
    names = [
        tokens.transform_filter(f"datum.left == {str(left).lower()}")
        .mark_text(color=INK[theme], align=align, limit=alt.expr("width / 6"), fontSize=12)
        .encode(x=alt.datum(x), text="name:N")
        for left, align, x in ((True, "right", -1.02), (False, "left", 1.02))
    ]
    parting = base.transform_filter("isValid(datum.part)").encode(y=alt.Y("part:O", bandPosition=0))
    rule = parting.mark_rule(color=OUTPUT, strokeWidth=2, strokeDash=[6, 4])
    layers = alt.layer(bars, *names, rule)
    return specification(layers.properties(height=alt.Step(22), width="container"))


def pair_rows(
    texts: Sequence[Sequence["Written"]], sides: Sequence[str], parted: int | None, name: Callable[[int], str]
) -> list[dict[str, str | float]]:
    """`parted` counts from 0: the first token that differs, or None."""
    rows = [
        {"step": i + 1, "side": sides[k], "left": k == 0, "name": name(w.token), "prob": math.exp(w.log_prob)}
        | {"x": math.exp(w.log_prob) * (1 if k else -1), "same": parted is None or i < parted}
        for k, text in enumerate(texts)
        for i, w in enumerate(text)
    ]
    return rows if parted is None else [*rows, {"part": parted + 1}]


def pair_alt(rows: Sequence[dict], sides: Sequence[str]) -> str:
    """Both texts, token by token."""
    said = []
    for side, left in zip(sides, (True, False), strict=True):  # two sides may have the same name
        tokens = "; ".join(f"{r['step']} {r['name']} {share(r['prob'])}" for r in rows if r.get("left") == left)
        said.append(f"{side}: {tokens}.")
    return " ".join(said) + "".join(_(" They part at token {part}.").format(**r) for r in rows if "part" in r)
