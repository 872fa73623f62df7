"""Masking: who may look at whom, why before the softmax, what leaks otherwise, and when to mask at all."""

import pyarrow as pa
import streamlit as st

from core import lessons, masking_steps, masking_view
from core.attention import hide, softmax
from core.export.masking import snippet
from core.lessons import _
from core.masking import GREETING, fillings, row
from core.questions import masking as questions
from pages.shared import hand, leaking, masking, matrices, ui

lesson = lessons.load("masking")
ui.say(lesson.question)
ui.say(lesson.idea)

left, right = st.columns([1, 2])
with left:
    by_hand = hand.size("masking") == "hand"
chosen = masking.setting()
with right:
    start = masking.by_hand(chosen.pads) if by_hand else masking.one_head(lesson, chosen.pads)
labels = start.labels
mask = masking.mask(chosen, len(labels))
at, base = masking.edited(start, mask)

about = (lesson["Lab"], lesson["By hand"]) if by_hand else (lesson["Lab"],)
ui.say(" ".join(about), masked=int((~mask).sum()), cells=mask.numel())
with st.container(horizontal=True, vertical_alignment="bottom"):
    ui.digits()
    hand.reset_button(start.slug)
matrices.show(masking_view.lab(at, labels, by_hand, base), f"{start.slug}_matrices",
              on_edit=masking.editor(start.slug, chosen, mask))  # fmt: skip

if at.blind:
    ui.say(lesson["Blind"], blind=masking_view.blind(at, labels))
with st.container(border=True):
    query = masking.pick(_("One row, step by step"), labels, "masking_row", (len(labels) - chosen.pads) // 2)
    masking.stepped(masking_steps.steps(at, labels, query))

ui.say(lesson["Before or after"])
left, right = st.columns([1, 2], gap="medium")
with left:
    facts = masking_view.row_facts(at, labels, query)
    hidden, allowed = facts["forbidden"], facts["allowed"]
    ui.say(lesson["All hidden" if not allowed else "Three ways" if hidden else "Nothing hidden"], **facts)
with right:
    matrices.show(masking_view.three_ways(row(at, query), labels), "masking_ways")
ui.say(lesson["Numbers"], **facts)
st.table(pa.table(masking_view.table(fillings(at.scores[query], mask[query]), at.scores[query])), hide_index=True,
         alt=_("What stands for −∞, in which number format, and what comes of it"))  # fmt: skip
ui.say(lesson["Numbers read"], **masking_view.formats())

ui.say(lesson["Leak"])
if by_hand:
    leaking.by_hand(lesson, start, mask)
else:
    leaking.by_model(lesson, start)

ui.say(lesson["Padding"])
leaking.padding(lesson, start.example if by_hand else GREETING)

ui.say(lesson["When"])
left, right = st.columns(2, gap="large")
with left:
    leaking.mood(lesson)
with right:
    leaking.die(lesson)

st.header(_("What to notice"))
ui.say(lesson.notice)
ui.check(questions.questions(at, labels), key="masking_check")
ui.code(lesson, snippet(at, labels, query), hide, softmax, **facts)
ui.mistakes(lesson)
