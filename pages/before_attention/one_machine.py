"""The machines from before attention, loaded once for all sessions, and one of them opened."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.before_attention.model import recall, view
from pages.before_attention.model.charts import NAMES
from pages.shared import lines, matrices, state, stepper, turn, ui
from pages.shared.model.prose import Lesson, _

if TYPE_CHECKING:
    from core.recurrent import Recurrent
    from core.transformer import Decoder
    from pages.before_attention.model.bottleneck import Pair

KEY = "before_attention"


@st.cache_resource(show_spinner=False)
def machine(name: str) -> "Recurrent | Decoder | Pair":
    """One from before attention, or its rival. Raises CheckpointError, with a sentence for the page."""
    import torch

    from pages.before_attention.model import models

    torch.set_num_threads(1)
    return models.load(name)


@turn.fragment
def look_into(lesson: Lesson, text: str, back: int) -> None:
    """One of the machines at work: those with a state letter by letter, attention in one look."""
    labels = view.labels(text, back)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = ui.choice(_("Look into"), recall.KINDS, f"{KEY}_machine", NAMES.__getitem__)
        ui.digits()
    trace = view.read(machine(kind), text, back)
    if kind == "attention":
        ui.say(lesson["Look"], **view.look_facts(trace, labels))
        lines.show(view.look(trace, labels), labels[-1:], labels, key=f"{KEY}_lines")
        matrices.show(view.look_panels(trace, labels), key=f"{KEY}_look")
    else:
        at = stepper.show(labels, f"{KEY}_step")
        ui.say(lesson[f"Step {kind}"], shown=view.FEATURES, **view.step_facts(trace.cell, labels, at))
        matrices.show(view.step(trace.cell, labels, at), key=f"{KEY}_{kind}")
        matrices.show(view.strip(trace.cell, labels, at), key=f"{KEY}_strip")
    state.write_link()  # the frame does not, where a part of the page runs alone
