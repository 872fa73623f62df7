"""Query, key, value: a search in a library, a group chat, and a plane that two matrices bend."""

import streamlit as st

from core.attention import attention, softmax
from pages.query_key_value import bending, chatting, look_up
from pages.query_key_value.model.projections import slopes
from pages.shared import ui
from pages.shared.model import prose
from pages.shared.model.prose import _

SLUG = "query_key_value"
PARTS = {"search": _("A search"), "chat": _("A group chat"), "plane": _("A bent plane")}
SHOWN = {"search": look_up.show, "chat": chatting.show, "plane": bending.show}
RAN = {"search": (attention, softmax), "chat": (attention,), "plane": (slopes,)}

lesson = prose.load(SLUG)
ui.say(lesson.question)
ui.say(lesson.idea)

with st.container(horizontal=True, vertical_alignment="bottom"):
    part = ui.choice(_("Picture"), list(PARTS), f"{SLUG}_part", PARTS.__getitem__)
    ui.digits()
taught = SHOWN[part](lesson)

if taught:
    st.header(_("What to notice"))
    ui.say(lesson.notice if part == "search" else lesson[f"Notice {part}"], **taught.facts)
    ui.check(taught.questions, f"{SLUG}_check_{part}")
    ui.code(lesson, taught.snippet, *RAN[part])
ui.mistakes(lesson)
