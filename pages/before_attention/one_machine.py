"""A part of the page Before attention that answers by itself: one machine opened."""

import streamlit as st

from core import before_view, recall
from core.charts.before_attention import NAMES
from core.lessons import Lesson, _
from pages.shared import lines, matrices, models, state, stepper, turn, ui

KEY = "before_attention"


@turn.fragment
def look_into(lesson: Lesson, text: str, back: int) -> None:
    """One of the machines at work: those with a state letter by letter, attention in one look."""
    labels = before_view.labels(text, back)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = ui.choice(_("Look into"), recall.KINDS, f"{KEY}_machine", NAMES.__getitem__)
        ui.digits()
    trace = before_view.read(models.before(kind), text, back)
    if kind == "attention":
        ui.say(lesson["Look"], **before_view.look_facts(trace, labels))
        lines.show(before_view.look(trace, labels), labels[-1:], labels, key=f"{KEY}_lines")
        matrices.show(before_view.look_panels(trace, labels), key=f"{KEY}_look")
    else:
        at = stepper.show(labels, f"{KEY}_step")
        ui.say(lesson[f"Step {kind}"], shown=before_view.FEATURES, **before_view.step_facts(trace.cell, labels, at))
        matrices.show(before_view.step(trace.cell, labels, at), key=f"{KEY}_{kind}")
        matrices.show(before_view.strip(trace.cell, labels, at), key=f"{KEY}_strip")
    state.write_link()  # the frame does not, where a part of the page runs alone
