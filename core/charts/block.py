"""The block in pictures: what depth does to the stream, where parameters and operations go, what length costs."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from core.charts import KEY, MUTED, OUTPUT, QUERY, specification
from core.lessons import _
from core.written import percent

if TYPE_CHECKING:
    from core.costs import Size, Term
    from core.depth import Depth

PRE, POST = _("norm before (2018 and later)"), _("norm behind (2017)")
MATRICES, SCORES, VOCAB = _("projections and MLP"), _("scores and mixing"), _("output matrix")
LENGTHS = tuple(2**i for i in range(5, 21))  # tokens


@cache
def depth(theme: str) -> dict:
    """Two pictures beside each other: length of the stream's vectors, and of the gradient, by block."""
    who = [PRE, POST]
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("block:Q", title=_("after block"), axis=alt.Axis(tickMinStep=1, format="d")),
        color=alt.Color("who:N", scale=alt.Scale(domain=who, range=[QUERY, KEY]), title=None),
        shape=alt.Shape("who:N", scale=alt.Scale(domain=who, range=["circle", "square"]), title=None),
        tooltip=["who:N", "block:Q", alt.Tooltip("value:Q", format=".3f")],
    )

    def picture(what: str, title: str) -> alt.LayerChart:
        drawn = base.transform_filter(f"datum.what == '{what}'").encode(
            y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=True))
        )
        return (drawn.mark_line(strokeWidth=2) + drawn.mark_point(filled=True, size=60, opacity=1)).properties(
            width=290, height=240
        )

    both = alt.hconcat(
        picture("length", _("mean length of the stream's vectors")),
        picture("gradient", _("length of the gradient")),
    )
    return specification(both.configure_legend(orient="top", direction="horizontal"))


def depth_rows(pre: "Depth", post: "Depth") -> list[dict]:
    rows = []
    for who, found in ((PRE, pre), (POST, post)):
        rows += [{"who": who, "what": "length", "block": i, "value": x} for i, x in enumerate(found.lengths)]
        rows += [{"who": who, "what": "gradient", "block": i, "value": x} for i, x in enumerate(found.gradients, 1)]
    return rows


def depth_alt(pre: "Depth", post: "Depth") -> str:
    said = _(
        "Length of the stream from {a:.1f} to {b:.1f} with the norm before, from {c:.1f} to {d:.1f} with it behind; "
        "gradient in the last block {e:.3f} and {f:.3f}."
    )
    return said.format(a=pre.lengths[0], b=pre.lengths[-1], c=post.lengths[0], d=post.lengths[-1],
                       e=pre.gradients[-1], f=post.gradients[-1])  # fmt: skip


@cache
def shares(theme: str, title: str) -> dict:
    """Bars of a bill's parts, each with its share."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("part:N", sort=None, title=None, axis=alt.Axis(labelLimit=200, labelFontSize=13)),
        x=alt.X("share:Q", title=title, axis=alt.Axis(format="%", tickCount=4), scale=alt.Scale(domain=[0, 1])),
        tooltip=["part:N", alt.Tooltip("total:Q", format=","), alt.Tooltip("share:Q", format=".1%")],
    )
    ink = {"light": "#1B2430", "dark": "#E8EDF3"}[theme]
    text = base.mark_text(align="left", dx=5, fontSize=12, color=ink).encode(text="said:N")
    return specification((base.mark_bar(color=QUERY, cornerRadiusEnd=2) + text).properties(height=alt.Step(26)))


def share_rows(terms: Sequence["Term"]) -> list[dict]:
    whole = sum(term.total for term in terms)
    return [
        {"part": t.part, "total": t.total, "share": t.total / whole, "said": percent(t.total / whole)} for t in terms
    ]


def share_alt(rows: Sequence[dict]) -> str:
    return "; ".join(f"{row['part']} {row['said']}" for row in rows)


@cache
def lengths() -> dict:
    """Operations per token against the length of the text, both axes logarithmic."""
    who = [MATRICES, SCORES, VOCAB]
    colour = alt.Scale(domain=who, range=[QUERY, OUTPUT, MUTED])
    shape = alt.Scale(domain=who, range=["circle", "square", "diamond"])
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("n:Q", title=_("tokens in the text"), scale=alt.Scale(type="log", base=2)),
        y=alt.Y("flops:Q", title=_("operations per token"), scale=alt.Scale(type="log"), axis=alt.Axis(format="~s")),
        color=alt.Color("who:N", scale=colour, title=None),
        shape=alt.Shape("who:N", scale=shape, title=None),
        tooltip=["who:N", alt.Tooltip("n:Q", format=","), alt.Tooltip("flops:Q", format=".3~s")],
    )
    drawn = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=50, opacity=1)
    return specification(drawn.properties(height=300).configure_legend(orient="top", direction="horizontal"))


def length_rows(size: "Size") -> list[dict]:
    from core import costs

    rows = []
    for n in LENGTHS:
        projections, quadratic, mlp, vocab = (term.total / n for term in costs.flops(size, n))
        for who, value in ((MATRICES, projections + mlp), (SCORES, quadratic), (VOCAB, vocab)):
            rows.append({"who": who, "n": n, "flops": value})
    return rows
