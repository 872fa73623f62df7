"""The written text looked at more closely, one way at a time: what changes here leaves the rest of the page alone."""

import streamlit as st

from pages.decoding import beams, every_step, kv_cache
from pages.decoding.beginning import Start
from pages.decoding.voices import Settings
from pages.decoding.writer import Writing
from pages.shared import state, turn, ui
from pages.shared.model.prose import Lesson, _

CLOSER = (_("Every step"), _("Greedy and beam"), _("KV cache"))


@turn.fragment
def show(lesson: Lesson, start: Start, settings: Settings) -> None:
    """What a session keeps of it is these arguments: no logits among them."""
    if st.session_state.get("decoding_asked"):  # by a press on the tree: the text above grows
        st.rerun()
    writing = Writing(start.beginning, settings)
    part = ui.choice(_("What to look at"), CLOSER, "decoding_closer", label_visibility="collapsed")
    names = start.names(writing)
    if part == CLOSER[0]:
        every_step.show(lesson, writing, names, len(start.labels))
    elif part == CLOSER[1]:
        beams.show(lesson, writing, names[-1])
    else:
        kv_cache.show(lesson, writing, names, start.source)
    state.write_link()  # the frame does not, where a part of the page runs alone
