"""The bill of a model on a page: where its parameters and its arithmetic go."""

from typing import NamedTuple

import pyarrow as pa
import streamlit as st

from core import costs
from pages.block.model import charts
from pages.block.model.published import PUBLISHED
from pages.block.model.questions import most
from pages.shared import models, turn, ui
from pages.shared.model import prose
from pages.shared.model.prose import Lesson, _
from pages.shared.model.written import power

OURS, OWN = _("Our story model"), _("Your own")
LENGTH, WIDTH = _("tokens in the text"), "d_model"
NUMBERS = {  # of a model of the learner's own: label, most, at first
    "layers": (_("Layers"), 1_000, 24),
    "heads": (_("Heads"), 1_024, 16),
    "d_head": (_("Width of a head"), 1_024, 64),
    "d_ff": ("d_ff", 1_000_000, 4096),
    "vocab": (_("Vocabulary"), 10_000_000, 50_257),
}


class Chosen(NamedTuple):
    name: str
    size: costs.Size


def chosen() -> Chosen:
    name = ui.choice(_("Model of the bill"), [*PUBLISHED, OURS, OWN], "block_preset", default="GPT-2 small")
    if name in PUBLISHED:
        return Chosen(name, PUBLISHED[name].size)
    return Chosen(name, own() if name == OWN else costs.of(models.model(models.DEFAULT).config))


def own() -> costs.Size:
    """A decoder of the learner's own; the width of a head is asked for, so that the heads always fit d_model."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        found = {name: ui.number(label, 1, most, first, f"block_own_{name}", width=160)
                 for name, (label, most, first) in NUMBERS.items()}  # fmt: skip
        d_model = found["heads"] * found["d_head"]
        st.markdown(f"`d_model` = {found['heads']:,}·{found['d_head']:,} = **{d_model:,}**", width="content")
    return costs.Size(found["vocab"], d_model, found["heads"], found["d_ff"], found["layers"])


def table(terms: list[costs.Term], alt: str) -> None:
    """It scrolls by itself where a phone is too narrow."""
    columns = {
        _("part"): [f"{t.times} × {t.part}" for t in terms],
        _("one of them"): [f"{t.formula} = {t.numbers} = {t.each:,}" for t in terms],
        _("all"): [f"{t.total:,}" for t in terms],
    }
    st.table(pa.table(columns), border="horizontal", hide_index=True, alt=alt)


def show(lesson: Lesson, model: Chosen) -> None:
    """The parameters, once the learner has said where most of them are."""
    if ui.predict(most(model.size), "block_most"):
        terms = costs.parameters(model.size)
        rows = charts.share_rows(terms)
        ui.chart(charts.shares(ui.theme(), _("share of the parameters")), rows, alt=charts.share_alt(rows),
                 key="block_parameters")  # fmt: skip
        table(terms, _("Parameters by part"))
        bill(lesson, model.name, costs.total(terms))
    if model.name in PUBLISHED:
        ui.say(lesson["Unknown"])


def bill(lesson: Lesson, name: str, total: int) -> None:
    if name not in PUBLISHED:
        return ui.say(lesson["Yours" if name == OWN else "Own"], total=total)
    known = PUBLISHED[name]
    published = f"{known.count / 1e9:g} billion" if known.count >= 1e9 else f"{known.count / 1e6:g} million"
    ui.say(lesson["Bill"], total=total, published=published, source=known.source, differs=total / known.count - 1)


@turn.fragment
def against(chosen: costs.Size, n: int, even: int) -> None:
    """How the operations grow with the length of the text, or with the width of the model."""
    what = ui.choice(_("Against"), (LENGTH, WIDTH), "block_against")
    if what == LENGTH:
        rows, said = charts.length_rows(chosen), _("Operations per token against length; both parts meet at {n:,}.")
    else:
        rows, said = charts.width_rows(chosen, n), _("Operations per token against width, for a text of {n:,} tokens.")
    said = prose.fill(said, n=even if what == LENGTH else n)
    ui.chart(charts.growth(what), rows, alt=said, key="block_growth")


def operations(lesson: Lesson, chosen: costs.Size) -> dict:
    """What one pass takes, by part and by length. -> the facts, for the page's other words"""
    n = ui.number(_("Tokens in the text"), 1, 1_000_000, 1000, "block_n", width=200)
    terms = costs.flops(chosen, n)
    total, parameters = costs.total(terms), costs.total(costs.parameters(chosen))
    facts = {"n": n, "total": power(total, 2), "each": power(total / n, 2), "per_parameter": total / n / parameters,
             "share": terms[1].total / total, "even": costs.even(chosen),
             "cache": costs.cache_bytes(chosen, n) / 1e6}  # fmt: skip
    left, right = st.columns(2)
    with left:
        rows = charts.share_rows(terms)
        ui.chart(charts.shares(ui.theme(), _("share of the operations")), rows, alt=charts.share_alt(rows),
                 key="block_operations")  # fmt: skip
    with right:
        against(chosen, n, facts["even"])
    table(terms, _("Operations by part"))
    ui.say(lesson["Operations"], **facts)
    return facts
