"""Masking: who may look at whom, why before the softmax, what leaks otherwise, and when to mask at all."""

import pyarrow as pa
import streamlit as st

from core.attention import hide, softmax
from pages.masking import chosen_mask, leaking
from pages.masking.model import questions, steps, view
from pages.masking.model.example import GREETING, fillings, row
from pages.masking.model.export import snippet
from pages.shared import hand, matrices, ui
from pages.shared.model import prose
from pages.shared.model.prose import _

lesson = prose.load("masking")
ui.say(lesson.question)
ui.say(lesson.idea)

left, right = st.columns([1, 2])
with left:
    by_hand = hand.size("masking") == "hand"
chosen = chosen_mask.setting()
with right:
    start = chosen_mask.by_hand(chosen.pads) if by_hand else chosen_mask.one_head(lesson, chosen.pads)
labels = start.labels
mask = chosen_mask.mask(chosen, len(labels))
at, base = chosen_mask.edited(start, mask)

about = (lesson["Lab"], lesson["By hand"]) if by_hand else (lesson["Lab"],)
ui.say(" ".join(about), masked=int((~mask).sum()), cells=mask.numel())
with st.container(horizontal=True, vertical_alignment="bottom"):
    ui.digits()
    hand.reset_button(start.slug)
matrices.show(view.lab(at, labels, by_hand, base), f"{start.slug}_matrices",
              on_edit=chosen_mask.editor(start.slug, chosen, mask))  # fmt: skip

if at.blind:
    ui.say(lesson["Blind"], blind=view.blind(at, labels))
with st.container(border=True):
    query = ui.pick(_("One row, step by step"), labels, "masking_row", (len(labels) - chosen.pads) // 2)
    chosen_mask.stepped(steps.steps(at, labels, query))

ui.say(lesson["Before or after"])
left, right = st.columns([1, 2], gap="medium")
with left:
    facts = view.row_facts(at, labels, query)
    hidden, allowed = facts["forbidden"], facts["allowed"]
    ui.say(lesson["All hidden" if not allowed else "Three ways" if hidden else "Nothing hidden"], **facts)
with right:
    matrices.show(view.three_ways(row(at, query), labels), "masking_ways")
ui.say(lesson["Numbers"], **facts)
st.table(pa.table(view.table(fillings(at.scores[query], mask[query]), at.scores[query])), hide_index=True,
         alt=_("What stands for −∞, in which number format, and what comes of it"))  # fmt: skip
ui.say(lesson["Numbers read"], **view.formats())

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
