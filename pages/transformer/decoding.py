"""Decoding: the model writes on from the learner's sentence, one token at a time, with every number of each step."""

import streamlit as st

from core import lessons
from core.export.decoding import snippet
from core.lessons import _
from core.questions import decoding as questions
from pages.shared import compare, steps, ui, writer

lesson = lessons.load("decoding")
ui.say(lesson.question)
ui.say(lesson.idea)

example = ui.example_box()
name = st.session_state.model
settings = steps.settings("", writer.Settings(temperature=0.7, seed=5))
writing = writer.Writing(name, example.ids, settings)


def lab(now: writer.Writing) -> None:
    """The text, the step and the draw."""
    steps.text(now, example.labels)
    steps.ending(lesson, now)
    steps.step(lesson, now)
    steps.score(lesson, now)


def tick() -> None:
    """One more token; after the last one the whole page runs again."""
    now = writer.Writing(name, example.ids, settings)
    now.answer("next")
    lab(now)
    if not now.running:
        st.rerun()


ui.say(lesson["Lab"])
steps.buttons(writing)
if writing.running:
    st.fragment(tick, run_every=writer.TICK)()
    ui.say(lesson["Running"])
    st.stop()
with st.container():  # as around a fragment: so nothing jumps when a run begins or ends
    lab(writing)
writing.write_link()
compare.what_if(lesson, name, example.ids, settings)

st.subheader(_("What to notice"))
facts, step = writing.facts, writing.step
if settings.greedy:
    parts = ["Notice greedy"]
else:
    parts = ["Notice a filter" if facts["kept"] < facts["vocab"] else "Notice no filter", "Notice a draw"]
ui.say("\n".join([lesson.notice, *(lesson[part] for part in parts)]), **facts)
logits, _scaled, kept, probs = (x.numpy() for x in step.filtering)
ui.check(questions.questions(logits, probs, settings.temperature, writing.name), key="decoding_check")
segments = [s.tokens for s in writing.line]
ui.code(lesson, snippet(logits, settings.filters, kept, step.draw, segments, writing.name), *writer.functions())
ui.mistakes(lesson)
