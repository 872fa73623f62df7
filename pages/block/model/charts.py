"""The block in pictures: what depth does to the stream, where parameters and operations go, what length costs."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from pages.shared.model.charts import INK, KEY, MUTED, OUTPUT, QUERY, specification
from pages.shared.model.prose import _
from pages.shared.model.written import percent

if TYPE_CHECKING:
    from core.costs import Size, Term

PRE, POST = _("norm before"), _("norm behind")
MATRICES, SCORES, VOCAB = _("projections and MLP"), _("scores and mixing"), _("output matrix")
LENGTHS = tuple(2**i for i in range(5, 21))  # tokens
HEAD_WIDTHS = tuple(2**i for i in range(2, 11))


@cache
def depth(title: str) -> dict:
    """One line for each place of the norm, by block."""
    who = [PRE, POST]
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("block:Q", title=_("after block"), axis=alt.Axis(tickMinStep=1, format="d")),
        y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=True)),
        color=alt.Color("who:N", scale=alt.Scale(domain=who, range=[QUERY, KEY]), title=None),
        shape=alt.Shape("who:N", scale=alt.Scale(domain=who, range=["circle", "square"]), title=None),
        tooltip=["who:N", "block:Q", alt.Tooltip("value:Q", format=".3f")],
    )
    both = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=60, opacity=1)
    return specification(both.properties(height=300).configure_legend(orient="top", direction="horizontal"))


def depth_rows(pre: Sequence[float], post: Sequence[float], first: int) -> list[dict]:
    """One number a block; the first stands at block `first`."""
    return [
        {"who": who, "block": block, "value": value}
        for who, line in ((PRE, pre), (POST, post))
        for block, value in enumerate(line, first)
    ]


def depth_alt(pre: Sequence[float], post: Sequence[float]) -> str:
    said = _("From {a:.3g} to {b:.3g} with the norm before; from {c:.3g} to {d:.3g} with the norm behind.")
    return said.format(a=pre[0], b=pre[-1], c=post[0], d=post[-1])


@cache
def shares(theme: str, title: str) -> dict:
    """Bars of a bill's parts, each with its share."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(labelLimit=200, labelFontSize=13)),
        x=alt.X("share:Q", title=title, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, 1])),
        tooltip=["part:N", alt.Tooltip("total:Q", format=","), alt.Tooltip("share:Q", format=".1%")],
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK[theme]).encode(text="said:N")
    return specification((base.mark_bar(color=QUERY, cornerRadiusEnd=2) + text).properties(height=alt.Step(26)))


def share_rows(terms: Sequence["Term"]) -> list[dict]:
    whole = sum(term.total for term in terms)
    return [
        {"part": t.part, "total": t.total, "share": t.total / whole, "said": percent(t.total / whole)} for t in terms
    ]


def share_alt(rows: Sequence[dict]) -> str:
    return "; ".join(f"{row['part']} {row['said']}" for row in rows)


@cache
def growth(title: str) -> dict:
    """Operations per token against a length or a width, both axes logarithmic."""
    who = [MATRICES, SCORES, VOCAB]
    colour = alt.Scale(domain=who, range=[QUERY, OUTPUT, MUTED])
    shape = alt.Scale(domain=who, range=["circle", "square", "diamond"])
    axis = alt.Axis(format="~s", tickCount=5)  # a line for each power of ten, and none between
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("size:Q", title=title, scale=alt.Scale(type="log", base=2)),
        y=alt.Y("flops:Q", title=_("operations per token"), scale=alt.Scale(type="log"), axis=axis),
        color=alt.Color("who:N", scale=colour, title=None),
        shape=alt.Shape("who:N", scale=shape, title=None),
        tooltip=["who:N", alt.Tooltip("size:Q", title=title, format=","), alt.Tooltip("flops:Q", format=".3~s")],
    )
    drawn = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=50, opacity=1)
    return specification(drawn.properties(height=320).configure_legend(orient="top", direction="horizontal", columns=2))


def length_rows(size: "Size") -> list[dict]:
    """The same model, with texts of other lengths."""
    return [row for n in LENGTHS for row in per_token(size, n, n)]


def width_rows(size: "Size", n: int) -> list[dict]:
    """The same text, with models as deep and with as many heads, all widths in the same proportion."""
    rows = []
    for d_head in HEAD_WIDTHS:
        d = size.n_heads * d_head
        wider = size._replace(d_model=d, d_ff=round(size.d_ff * d / size.d_model))
        rows += per_token(wider, n, d)
    return rows


def per_token(size: "Size", n: int, at: int) -> list[dict]:
    from core import costs

    projections, quadratic, mlp, vocab = (term.total / n for term in costs.flops(size, n))
    parts = ((MATRICES, projections + mlp), (SCORES, quadratic), (VOCAB, vocab))
    return [{"who": who, "size": at, "flops": value} for who, value in parts]
