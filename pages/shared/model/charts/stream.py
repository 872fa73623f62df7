"""The residual stream and what comes out of it: lengths by layer, the logit lens, the next tokens."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt

from pages.shared.model.charts import KEY, MUTED, QUERY, specification
from pages.shared.model.prose import _
from pages.shared.model.written import number, percent

if TYPE_CHECKING:
    from core.interpretability.lens import Lens

CHOSEN, START, ALL = _("chosen token"), _("start token"), _("median")
ANSWER = _("answer")
BAR = "#8172B8"  # the middle of the scale of probabilities; reads on light and dark
SCALE = {  # probabilities from 0 to 1, from the page's own background on
    "light": ("#FFFFFF", "#DCDCF0", "#B0A8D6", "#7E6DB3", "#4F2A86"),
    "dark": ("#10151C", "#383270", "#6656B2", "#988AE0", "#D9D2FF"),
}
INK = {"light": ("#000000", "#FFFFFF", 0.75), "dark": ("#FFFFFF", "#000000", 0.59)}  # below, above, where it turns


def stages(n_layers: int) -> list[str]:
    """The places in the stream where its vectors are measured."""
    return [_("embedding"), *(f"{i} {part}" for i in range(1, n_layers + 1) for part in (_("attention"), _("MLP")))]


@cache
def lengths(n_layers: int) -> dict:
    """One line for the chosen token, one for the start token, one for the median, in the band of all tokens."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("stage:N", sort=stages(n_layers), title=None, axis=alt.Axis(labelAngle=-40, labelOverlap=False))
    )
    band = base.mark_area(color=MUTED, opacity=0.22).encode(
        y=alt.Y("low:Q", title=_("length of the vector"), scale=alt.Scale(zero=True)), y2="high:Q"
    )
    who = [CHOSEN, START, ALL]
    colour = alt.Color("who:N", sort=who, scale=alt.Scale(domain=who, range=[QUERY, KEY, MUTED]), title=None)
    shape = alt.Shape("who:N", sort=who, scale=alt.Scale(domain=who, range=["circle", "square", "diamond"]), title=None)
    tooltip = [
        alt.Tooltip("token:N", title=_("token")),
        alt.Tooltip("stage:N", title=_("after")),
        alt.Tooltip("length:Q", title=_("length"), format=".2f"),
    ]
    named = base.transform_filter("isValid(datum.length)").encode(y="length:Q", color=colour)
    lines = named.mark_line(strokeWidth=2)
    points = named.mark_point(filled=True, size=70, opacity=1).encode(shape=shape, tooltip=tooltip)
    layers = alt.layer(band.transform_filter("isValid(datum.low)"), lines, points)
    return specification(layers.properties(height=300).configure_legend(orient="top", direction="horizontal"))


def length_rows(lengths: Sequence[Sequence[float]], labels: Sequence[str], position: int) -> list[dict]:
    """lengths (1 + 2 n_layers, t): rows for the chart."""
    rows = []
    for stage, line in zip(stages(len(lengths) // 2), lengths, strict=True):
        ordered = sorted(line)
        middle = (ordered[(len(line) - 1) // 2] + ordered[len(line) // 2]) / 2
        rows.append({"stage": stage, "low": ordered[0], "high": ordered[-1]})
        for who, token, length in ((CHOSEN, labels[position], line[position]), (START, labels[0], line[0])):
            rows.append({"stage": stage, "who": who, "token": token, "length": length})
        rows.append({"stage": stage, "who": ALL, "token": ALL, "length": middle})
    return rows


@cache
def next_tokens(theme: str) -> dict:
    """Bars of the most probable tokens, with the probability in numbers."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("token:N", sort=None, title=None, axis=alt.Axis(labelLimit=150, labelFontSize=13)),
        x=alt.X("probability:Q", title=_("probability"), axis=alt.Axis(format="~%", tickCount=4)),
        tooltip=[
            alt.Tooltip("token:N", title=_("place, token")),
            alt.Tooltip("id:Q", title=_("id")),
            alt.Tooltip("logit:Q", title=_("logit"), format=".3f"),
            alt.Tooltip("probability:Q", title=_("probability"), format=".2%"),
        ],
    )
    text = base.mark_text(align="left", dx=5, fontSize=12, color=INK[theme][0]).encode(text="said:N")
    return specification((base.mark_bar(color=BAR, cornerRadiusEnd=2) + text).properties(height=alt.Step(26)))


def next_rows(top: Sequence[tuple[int, float, float]], name: Callable[[int], str]) -> list[dict]:
    """A bar for each (id, logit, probability), in the order given; places keep tokens that look alike apart."""
    rows = []
    for place, (i, logit, p) in enumerate(top, 1):
        row = {"token": f"{place} {name(i)}", "id": i, "logit": logit, "probability": p}
        rows.append(row | {"said": f"{percent(p)}  ({number(logit)})"})
    return rows


@cache
def lens(theme: str, columns: int) -> dict:
    """A column for each layer: its most probable tokens by place, and where the final answer stands."""
    below, above, turn = INK[theme]
    short = f"width < 500 && datum.label == '{layer_name(0)}' ? '{_('input')}' : datum.label"
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X(
            "layer:N",
            sort=None,
            title=None,
            scale=alt.Scale(paddingInner=0.03),
            axis=alt.Axis(orient="top", labelAngle=0, labelOverlap=False, labelExpr=short),
        ),
        y=alt.Y("place:N", sort=None, title=None, scale=alt.Scale(paddingInner=0.1), axis=alt.Axis(labelFontSize=12)),
        tooltip=[
            alt.Tooltip("layer:N", title=_("asked")),
            alt.Tooltip("token:N", title=_("token")),
            alt.Tooltip("probability:Q", title=_("probability"), format=".3%"),
            alt.Tooltip("rank:Q", title=_("place")),
        ],
    )
    colours = alt.Scale(domain=[0, 0.25, 0.5, 0.75, 1], range=list(SCALE[theme]), clamp=True)
    cells = base.mark_rect(stroke=MUTED, cornerRadius=4).encode(
        color=alt.Color("probability:Q", scale=colours, legend=None),
        strokeWidth=alt.condition("datum.answer", alt.value(2.5), alt.value(0.3)),
    )
    ink = alt.condition(f"datum.probability > {turn}", alt.value(above), alt.value(below))
    wide = alt.ExprRef(f"width / {columns} - 4")
    words = base.mark_text(dy=-8, fontSize=13, limit=wide).encode(text="token:N", color=ink)
    share = base.mark_text(dy=9, fontSize=11).encode(text="share:N", color=ink)
    return specification((cells + words + share).properties(height=alt.Step(42)))


def lens_rows(found: "Lens", name: Callable[[int], str]) -> list[dict]:
    """A cell for each of a layer's first choices, and one for the answer; `name` shows an id of the vocabulary."""
    rows = []
    for layer, (top, rank, prob) in enumerate(zip(found.top, found.ranks, found.probs, strict=True)):
        for place, (token, p) in enumerate([*top, (found.answer, prob)], 1):
            own = place > len(top)
            said = f"#{rank:,}" if own else percent(p)
            row = {"layer": layer_name(layer), "place": ANSWER if own else str(place), "share": said}
            row |= {"token": name(token), "probability": p, "rank": rank if own else place}
            rows.append(row | {"answer": token == found.answer})
    return rows


def layer_name(layer: int) -> str:
    return _("block {layer}").format(layer=layer) if layer else _("embedding")


def lengths_alt(lengths: Sequence[Sequence[float]], labels: Sequence[str], position: int) -> str:
    """What the chart shows, in words."""
    measured = zip(stages(len(lengths) // 2), lengths, strict=True)
    said = ", ".join(f"{stage} {line[position]:.1f}" for stage, line in measured)
    text = _("Line chart: the length of the vector of {token} through the model: {said}. ")
    text += _("At the end the vectors of all tokens are {low:.1f} to {high:.1f} long.")
    return text.format(token=labels[position], said=said, low=min(lengths[-1]), high=max(lengths[-1]))


def next_alt(rows: Sequence[dict]) -> str:
    """The bars in words."""
    return _("Bars of the most probable next tokens: ") + ", ".join(
        f"{r['token']} {percent(r['probability'])}" for r in rows
    )


def lens_alt(rows: Sequence[dict]) -> str:
    """Each layer's first choice in words."""
    first = ", ".join(f"{r['layer']}: {r['token']} {percent(r['probability'])}" for r in rows if r["place"] == "1")
    return _("Table of what each layer would say comes next. First choices: ") + first
