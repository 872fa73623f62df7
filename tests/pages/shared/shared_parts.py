"""A page of nothing but the shared parts of the lessons, for their tests."""

import streamlit as st

from pages.shared import hand as by_hand
from pages.shared import state, stepper, turn, ui
from pages.shared.model import edits, hand, panels
from pages.shared.model.panels import Axis, Dot, Panel
from pages.shared.model.questions import Question

state.read_link()
by_hand.size("try")
ui.digits()
try:
    found = by_hand.example_box("try", {"love": hand.LOVE})
except turn.Ended:  # as the frame does
    st.stop()
changed = by_hand.edits("try", {"X": found.x.shape})
x = edits.apply("X", found.x, changed)
axes = {"word": Axis("word", found.labels), "d": Axis("feature", panels.features(3))}
product = Panel("G", x @ x.T, "word", "word", rule=Dot("X", "X", transposed=True))
st.session_state.shown = panels.pipeline(axes, [Panel("X", x, "word", "d", editable=True, base=found.x), product])
by_hand.reset_button("try")
st.session_state.at = stepper.show(["one", "two", "three"], "try_step")
st.session_state.revealed = ui.predict(Question("Which?", "a", "because", ("a", "b")), "try_predict")
state.write_link()
state.show_notes(st.container())
