"""Many heads of the story model on a page: one layer joined and projected, and every head named by what it does."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.multi_head import head_costs
from pages.multi_head.model import charts, head_steps, questions
from pages.shared import heads, matrices, models, state, ui
from pages.shared.model import window
from pages.shared.model.prose import Lesson, _
from pages.shared.model.written import isolated

if TYPE_CHECKING:
    from core.interpretability.heads import Measured
    from pages.shared.model.questions import Question

ROWS = 8  # tokens whose numbers are printed
DEFINED = (_("pattern"), _("which keys count"), _("key j of query i"), _("average"), _("even look"), _("times"),
           _("your sentence"))  # fmt: skip
SAYS = {  # of each pattern in core.interpretability.heads: which keys count
    "first token": _("the start token"),
    "current token": _("the token itself"),
    "previous token": _("the token just before"),
    "same token": _("the same token, where it stood earlier"),
    "induction": _("the token that came after the same token, earlier"),
    "own word": _("earlier pieces of the same word"),
    "punctuation": _("a punctuation mark before it"),
    "after a mark": _("a token that follows a punctuation mark"),
}
NAMELESS = _("no simple pattern")


@st.cache_resource(show_spinner=False)
def average(name: str) -> "Measured":
    """What the heads of a model do in our sentences."""
    from core.interpretability import heads

    return heads.average(models.model(name), models.tokenizer(name))


def show(lesson: Lesson) -> dict:
    """The travelling sentence in a layer of the model. -> facts for the page's other words"""
    from core.interpretability import heads as named
    from core.interpretability import lens

    example = ui.example_box()
    name, at = st.session_state.model, state.layer_and_head()
    trace = models.trace(name, example.ids)
    weights, measured = lens.weights(trace), average(name)
    names = [[name or NAMELESS for name in row] for row in named.names(measured)]
    told = names[at[0]][at[1]]
    facts = {"layer": at[0] + 1, "head": at[1] + 1, "layers": len(names), "heads": len(names[0]), "name": told,
             "enough": named.ENOUGH, "times": named.TIMES, "sentences": len(named.SENTENCES),
             "nameless": sum(row.count(NAMELESS) for row in names), "all": len(names) * len(names[0])}  # fmt: skip
    ui.say(lesson["Names"], **facts)
    mask = trace.blocks[0].attention.heads.mask
    heads.show(weights, example.labels, "multi_head_grid", at, on_choose=state.choose_head, mask=mask, names=names)
    facts |= habits(lesson, name, example, facts)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        position = ui.token(example.labels, key="multi_head_token")
        ui.digits()
    facts |= head_steps.look(weights[at[0]], example.labels, position, at[1])
    ui.say(lesson["Mean"], **facts)
    shown = window.window(len(example.ids), position)
    matrices.show(head_steps.mean_panels(weights[at[0]], at[1], example.labels, shown), key="multi_head_mean")
    return facts | joined(lesson, name, example, at[0], position)


def habits(lesson: Lesson, name: str, example: state.Example, facts: dict) -> dict:
    """What the chosen head does, as bars and as a table with the definitions. -> the pattern that stands out most"""
    from core.interpretability import heads as named
    from core.interpretability import lens

    at = facts["layer"] - 1, facts["head"] - 1
    pieces = [models.tokenizer(name).pieces[i] for i in example.ids]
    here = named.measure(lens.weights(models.trace(name, example.ids)), example.ids, pieces)
    found = named.report(average(name), here, *at)
    ui.say(lesson["Habits"], **facts)
    rows = charts.pattern_rows(found)
    ui.chart(charts.patterns(ui.theme()), rows, alt=charts.pattern_alt(rows), key="multi_head_patterns")
    with st.expander(_("How each pattern is defined, with its scores")):
        ui.say(lesson["Definitions"], **facts)
        head_costs.table(DEFINED, [defined(row) for row in found], None, _("Patterns and scores"))
    most = max(found, key=lambda row: row["times"])
    return {"pattern": most["pattern"].name, "share": most["average"], "even": most["even"]}


def defined(row: dict) -> list[str]:
    p, here = row["pattern"], "–" if row["here"] is None else f"{row['here']:.1%}"
    scores = [f"{row['average']:.1%}", f"{row['even']:.1%}", f"{row['times']:.1f}", here]
    return [f"**{p.name}**", SAYS[p.name], f"${p.formula}$", *scores]


def joined(lesson: Lesson, name: str, example: state.Example, layer: int, position: int) -> dict:
    """The layer's concatenation, W_o and output, through a window. -> the panels, and the token's row in them"""
    from pages.multi_head.model import head_window

    trace = models.trace(name, example.ids).blocks[layer].attention
    own = models.model(name).blocks[layer].attention
    d_head, n_heads = trace.heads.q.shape[-1], trace.heads.q.shape[-3]
    room = head_window.per_head(n_heads)
    sizes = {"heads": n_heads, "d_head": d_head, "d_model": n_heads * d_head, "t": len(example.ids), "room": room}
    ui.say(lesson["Joined"], layer=layer + 1, **sizes)
    start = ui.slider(_("First column shown of each head"), 1, d_head - room + 1, 1, "multi_head_start")
    shown = last_rows(len(example.ids), position)
    made = head_window.panels(own, trace, example.labels, shown, start - 1)
    matrices.show(made, key="multi_head_joined")
    lengths = head_window.added(own, trace, position)
    rows = charts.added_rows([head_steps.head_name(i) for i in range(n_heads)], lengths)
    ui.say(lesson["Added"], token=isolated(example.labels[position]), most=lengths.index(max(lengths)) + 1)
    ui.chart(charts.added(), rows, alt=charts.added_alt(rows), key="multi_head_added")
    return {"panels": made, "row": position - shown.start}


def last_rows(t: int, position: int) -> range:
    """At most ROWS of t tokens, among them the one at `position`."""
    stop = min(t, max(ROWS, position + 1))
    return range(max(0, stop - ROWS), stop)


def asked(facts: dict) -> tuple["Question", ...]:
    shape = head_costs.shape(head_costs.OURS)
    return questions.in_model(shape, facts["share"], facts["even"], facts["pattern"])


def snippet(facts: dict) -> str:
    from pages.multi_head.model.export import in_model

    return in_model(facts["panels"], facts["row"], _("Layer {layer}").format(**facts))
