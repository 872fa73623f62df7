"""Positions: without them attention sees a bag of words; four ways to say where each word stands."""

import streamlit as st

from core import positions
from pages.positions import order as position_order
from pages.positions import sentence as placed
from pages.positions import tables as position_tables
from pages.positions import ways
from pages.positions.model import questions, tables
from pages.positions.model.export import snippet
from pages.shared import ui
from pages.shared.model import prose
from pages.shared.model.prose import _

lesson = prose.load("positions")
ui.say(lesson.question)
ui.say(lesson.idea)

sentence = placed.read()

ui.say(lesson["Order"])
found = position_order.show(lesson, sentence)

ui.say(lesson["Ways"])
ways.show(lesson, sentence)

ui.say(lesson["What if"])
ways.what_if(lesson, sentence)

st.header(_("What to notice"))
if found:
    ui.say(lesson["Notice the order"], **found)
learned = position_tables.learned_facts()
ui.say(f"{lesson.notice}\n{lesson[learned['part']]}", **learned)
head = sentence.head()
asked = questions.questions(sentence.labels, sentence.number, head.q[-1].numpy(), head.k[0].numpy())
ui.check(asked, key="positions_check")
example = sentence.hand or placed.preset()
order = position_order.chosen(sentence) or range(len(example.words))[::-1]
code = snippet(example, order), positions.sinusoidal, positions.rotary, positions.alibi
ui.code(lesson, *code, sentence=" ".join(example.words))
ui.mistakes(lesson, **tables.wave_facts(0, 64, position_tables.BASE))
