"""Tokens in pictures: counted pairs, the lattice of pieces with its best path, what a text costs by language."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from core.text import visible
from pages.shared.model.charts import INK, MUTED, OUTPUT, specification
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from pages.tokens.model.bpe import Merge
    from pages.tokens.model.cutting import Cost
    from pages.tokens.model.lattice import Edge, Lattice, Path, Place

BAR = "#8172B8"  # reads on light and dark
MOST_PAIRS = 10
NEXT, LATER = _("joined next"), _("not yet")
LENGTHS = [_("tokens"), _("tokens per character")]


@cache
def pairs(theme: str) -> dict:
    """Bars of the most frequent pairs, the next one in colour."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("pair:N", sort=None, title=None, axis=alt.Axis(labelFontSize=14, labelLimit=150)),
        x=alt.X("count:Q", title=_("side by side"), axis=alt.Axis(tickMinStep=1, tickCount=5)),
        tooltip=[alt.Tooltip("pair:N", title=_("pair")), alt.Tooltip("count:Q", title=_("side by side"))],
    )
    scale = alt.Scale(domain=[NEXT, LATER], range=[OUTPUT, BAR])
    bars = base.mark_bar(cornerRadiusEnd=2).encode(color=alt.Color("kind:N", scale=scale, legend=None))
    text = base.mark_text(align="left", dx=5, fontSize=13, color=INK[theme]).encode(text="said:N")
    return specification((bars + text).properties(height=alt.Step(26)))


def pair_rows(found: Sequence["Merge"]) -> list[dict]:
    """The first pairs in the order of merging; the first is the next to be joined if it stands there twice."""
    rows = []
    for place, merge in enumerate(found[:MOST_PAIRS]):
        is_next = place == 0 and merge.count > 1
        said = f"{merge.count}  → {plain(merge.piece)}" if is_next else str(merge.count)
        row = {"pair": " + ".join(map(plain, merge.pair)), "count": merge.count, "said": said}
        rows.append(row | {"kind": NEXT if is_next else LATER})
    return rows


def pairs_alt(rows: Sequence[dict]) -> str:
    listed = ", ".join(f"{r['pair']} {r['count']}" for r in rows) or _("none is left")
    return _("Bars of how often pairs of pieces stand side by side: ") + listed


@cache
def lattice(theme: str) -> dict:
    """Characters along the top, below them every piece as a bar over what it covers, the best path filled."""
    base = alt.Chart(alt.NamedData("rows"))
    y = alt.Y("lane:O", title=None, axis=None, scale=alt.Scale(paddingInner=0.12, paddingOuter=0.1))
    inside = base.transform_calculate(left="datum.start + 0.03", right="datum.end - 0.03")
    placed = inside.encode(x=along("left"), x2="right:Q", y=y)
    pieces = placed.transform_filter("isValid(datum.score)").encode(
        tooltip=[
            alt.Tooltip("piece:N", title=_("piece")),
            alt.Tooltip("id:N", title=_("id")),
            alt.Tooltip("score:Q", title=_("score"), format=".3f"),
        ]
    )
    bars = pieces.mark_bar(cornerRadius=5, strokeWidth=1.5).encode(
        fill=alt.Fill("best:N", legend=None, scale=alt.Scale(domain=[True, False], range=[OUTPUT, "transparent"])),
        stroke=alt.Stroke("best:N", legend=None, scale=alt.Scale(domain=[True, False], range=[OUTPUT, MUTED])),
    )
    return specification((bars + lattice_text(base, y, INK[theme])).properties(width="container", height=alt.Step(46)))


def along(place: str) -> alt.X:
    """Characters from left to right; every layer says the same of the scale, or Vega-Lite rounds it up."""
    return alt.X(f"{place}:Q", title=None, axis=None, scale=alt.Scale(nice=False, zero=True, padding=0))


def lattice_text(base: alt.Chart, y: alt.Y, ink: str) -> alt.LayerChart:
    """Each piece with its score, where there is room; the characters, and the best score so far, at the end of each."""
    middle = base.transform_calculate(middle="(datum.start + datum.end) / 2").encode(x=along("middle"), y=y)
    colour = alt.condition("datum.best", alt.value("#000000"), alt.value(ink))
    wide = alt.expr("(datum.end - datum.start) * width / datum.all - 6")
    piece = middle.transform_filter("isValid(datum.score)").encode(color=colour)
    names = piece.mark_text(fontSize=15, dy=-8, limit=wide).encode(text="piece:N")
    scores = piece.transform_filter("(datum.end - datum.start) * width / datum.all > 40")
    head = middle.transform_filter("isValid(datum.character)").mark_text(fontSize=17, fontWeight="bold", color=ink)
    foot = base.transform_filter("isValid(datum.far) && width / datum.all > 40").encode(x=along("end"), y=y)
    first = base.transform_filter("isValid(datum.far) && datum.end == 1 && width / datum.all > 120")
    told = first.encode(x=along("start"), y=y, text=alt.value(_("best so far"))).mark_text(align="left", color=ink)
    return (
        names
        + scores.mark_text(fontSize=12, dy=10).encode(text="said:N")
        + head.encode(text="character:N")
        + foot.mark_text(fontSize=12, align="right", dx=-3, color=ink).encode(text="far:N")
        + told
    )


def lattice_rows(found: "Lattice", best: "Path", reached: Sequence["Place"]) -> list[dict]:
    """The characters, a row for each piece in the first lane where it has room, and the best score to each place."""
    n = len(found.text)
    rows = [{"lane": 0, "start": i, "end": i + 1, "character": plain(c), "all": n} for i, c in enumerate(found.text)]
    used: list[list[Edge]] = []
    for edge in sorted(found.edges, key=lambda e: (e not in best.edges, e.start - e.end, e.start)):
        lane = next((i for i, lane in enumerate(used) if free(lane, edge)), len(used))
        used[lane:] = used[lane:] or [[]]
        used[lane].append(edge)
        row = {"lane": lane + 1, "start": edge.start, "end": edge.end, "piece": plain(edge.piece), "all": n}
        row |= {"id": str(edge.id), "score": edge.score, "said": number(edge.score), "best": edge in best.edges}
        rows.append(row)
    far = [{"lane": len(used) + 1, "start": i - 1, "end": i, "all": n} for i in range(1, n + 1)]
    return rows + [row | {"far": number(reached[row["end"]].score)} for row in far]


def free(lane: Sequence["Edge"], edge: "Edge") -> bool:
    return all(other.end <= edge.start or edge.end <= other.start for other in lane)


def lattice_alt(found: "Lattice", best: "Path", ways: int) -> str:
    """The pieces and the best path in words."""
    said = _("The lattice of {text}: {n} pieces fit, {ways:,} ways lead through. The best: {path}, {score} in sum.")
    path = ", ".join(f"{plain(e.piece)} {number(e.score)}" for e in best.edges)
    return said.format(text=plain(found.text), n=len(found.edges), ways=ways, path=path, score=number(best.score))


def plain(piece: str) -> str:
    """The piece with a sign for what leaves no trace on screen."""
    return "".join(map(visible, piece))


@cache
def costs(theme: str, measure: str) -> dict:
    """A bar for each text under each tokenizer."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("text:N", sort=None, title=None, axis=alt.Axis(labelFontSize=13, labelLimit=150)),
        yOffset=alt.YOffset("tokenizer:N", sort=None),
        x=alt.X("value:Q", title=measure, axis=alt.Axis(tickCount=6)),
        tooltip=[
            alt.Tooltip("text:N", title=_("text")),
            alt.Tooltip("tokenizer:N", title=_("tokenizer")),
            alt.Tooltip("tokens:Q", title=_("tokens")),
            alt.Tooltip("characters:Q", title=_("characters")),
            alt.Tooltip("bytes:Q", title=_("UTF-8 bytes")),
            alt.Tooltip("per:Q", title=_("tokens per character"), format=".2f"),
        ],
    )
    scale = alt.Scale(range=[BAR, "#56B4E9"])
    legend = alt.Legend(orient="top", title=None, labelLimit=300)
    bars = base.mark_bar(cornerRadiusEnd=2).encode(
        color=alt.Color("tokenizer:N", sort=None, scale=scale, legend=legend)
    )
    text = base.mark_text(align="left", dx=4, fontSize=11, color=INK[theme]).encode(text="said:N")
    return specification((bars + text).properties(height=alt.Step(14)))


def cost_rows(found: Sequence["Cost"], measure: str) -> list[dict]:
    rows = []
    for cost in found:
        per = cost.per_character
        value, said = (cost.tokens, f"{cost.tokens:,}") if measure == LENGTHS[0] else (per, f"{per:.2f}")
        rows.append({**cost._asdict(), "per": per, "value": value, "said": said})
    return rows


def costs_alt(rows: Sequence[dict], measure: str) -> str:
    said = "; ".join(f"{r['text']}, {r['tokenizer']}: {r['said']}" for r in rows)
    return _("Bars, {measure}: {said}").format(measure=measure, said=said)
