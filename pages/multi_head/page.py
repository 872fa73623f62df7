"""Multi-head attention: several attentions side by side, by hand and in the story model."""

import streamlit as st

from core.attention import join_heads, multi_head_attention, split_heads
from pages.multi_head import head_costs, head_lab, story_heads
from pages.multi_head.model import export, head_steps, questions
from pages.shared import hand, ui
from pages.shared.model import prose
from pages.shared.model.prose import _

lesson = prose.load("multi_head")
ui.say(lesson.question)
ui.say(lesson.idea)

if hand.size("multi_head") == "hand":
    now = head_lab.show(lesson)
    head_lab.one(lesson)
    facts, asked, snippet = head_steps.facts(now), questions.by_hand(now), export.by_hand(now)
    notice, told = lesson.notice, lesson.code
else:
    facts = story_heads.show(lesson)
    asked, snippet = story_heads.asked(facts), story_heads.snippet(facts)
    notice, told = lesson["Notice in the model"], lesson["Code of the model"]

head_costs.width(lesson)
head_costs.cache(lesson)

st.header(_("What to notice"))
ui.say(notice, **facts)
ui.check(asked, key="multi_head_check")
ui.code(lesson._replace(code=told), snippet, multi_head_attention, split_heads, join_heads, **facts)
ui.mistakes(lesson)
