"""Softmax: from scores to shares that sum to 1, step by step, and what it does to gradients."""

import streamlit as st

from core.attention import softmax
from pages.shared import hand, ui
from pages.shared.model import prose
from pages.shared.model.prose import _
from pages.softmax import scores
from pages.softmax.model import questions, shares
from pages.softmax.model.export import snippet

lesson = prose.load("softmax")
ui.say(lesson.question)
ui.say(lesson.idea)

in_model = hand.size("softmax") == "small"
ui.say(lesson["Lab"])
row = scores.of_head(lesson) if in_model else scores.by_hand(lesson)
left, right = st.columns([2, 1], vertical_alignment="bottom")
with left:
    temperature = ui.slider(_("Temperature"), 0.05, 5.0, 1.0, "softmax_t", step=0.05, format="%g")
with right:
    ui.digits()
scores.lab(lesson, row, in_model, temperature)

ui.say(lesson["Why not"])
scores.plain(lesson, row)

ui.say(lesson["Temperature"])
scores.curves(lesson, row, temperature)

ui.say(lesson["Constant"])
if ui.predict(questions.shift(100), "softmax_predict"):
    scores.constant(lesson, row, temperature)

ui.say(lesson["Jacobian"])
scores.jacobian(lesson, row, temperature)

st.header(_("What to notice"))
order = lesson[f"Order {shares.order(row.values, temperature)}"]
noticed = lesson["Notice alone"] if len(row.values) == 1 else f"{order}\n{lesson.notice}"
ui.say(noticed, **shares.notice(row.values, temperature, row.names))
ui.check(questions.questions(row.values, row.names, temperature), key="softmax_check")
ui.code(lesson, snippet(row.values, temperature, row.names), softmax)
ui.mistakes(lesson)
