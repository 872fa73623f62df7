"""Positions: without them attention sees a bag of words; four ways to say where each word stands."""

import streamlit as st

from core import lessons, positions, tables
from core.export.positions import snippet
from core.lessons import _
from core.questions import positions as questions
from pages.shared import placed, position_order, position_tables, position_ways, ui

lesson = lessons.load("positions")
ui.say(lesson.question)
ui.say(lesson.idea)

sentence = placed.read()

ui.say(lesson["Order"])
found = position_order.show(lesson, sentence)

ui.say(lesson["Ways"])
position_ways.show(lesson, sentence)

ui.say(lesson["What if"])
position_ways.what_if(lesson, sentence)

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
