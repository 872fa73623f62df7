"""Decoding: a model writes on from the learner's sentence or translates, with every number of each step."""

import streamlit as st

from pages.decoding import beginning, closer_look, steps, voices, what_if, writer
from pages.decoding.model import questions
from pages.decoding.model.export import snippet
from pages.shared import turn, ui
from pages.shared.model import prose
from pages.shared.model.prose import _

lesson = prose.load("decoding")
ui.say(lesson.question)
ui.say(lesson.idea)

start = beginning.choose()
settings = steps.settings("", voices.Settings(temperature=0.7, seed=5))
writing = writer.Writing(start.beginning, settings)


def lab(now: writer.Writing) -> None:
    """The text, the step and the draw."""
    steps.text(now, start.names(now), len(start.labels))
    steps.ending(lesson, now)
    steps.step(lesson, now)
    steps.score(lesson, now)


def tick() -> None:
    """One more token; after the last one the whole page runs again."""
    now = writer.Writing(start.beginning, settings)
    now.answer("next")
    lab(now)
    if not now.running:
        st.rerun()


ui.say(lesson["Lab translate" if start.source else "Lab"])
steps.buttons(writing)
if writing.running:
    turn.fragment(tick, run_every=writer.TICK)()
    ui.say(lesson["Running"])
    turn.end()
with st.container():  # as around a fragment: so nothing jumps when a run begins or ends
    lab(writing)
writing.write_link()

ui.say(lesson["Closer"])
closer_look.show(lesson, start, settings)
what_if.what_if(lesson, start.beginning, settings)

st.header(_("What to notice"))
facts, step, penalty = writing.facts, writing.step, settings.repetition_penalty
if settings.greedy:
    parts = ["Notice greedy"]
else:
    parts = ["Notice a filter" if facts["kept"] < facts["vocab"] else "Notice no filter", "Notice a draw"]
parts += ["Notice penalty"] if penalty != 1 else []
ui.say("\n".join([lesson.notice, *(lesson[part] for part in parts)]), **facts)
logits, _scaled, kept, probs = (x.numpy() for x in step.filtering)
told = writing.told.numpy()
asked = questions.questions(told, probs, settings.temperature, writing.name, paid=penalty != 1)
more = questions.further(writing.config, logits, step.ids, writing.name)
ui.check((*asked, *more), key="decoding_check")
segments = [s.tokens for s in writing.line]
ui.code(lesson, snippet(told, settings.filters, kept, step.draw, segments, writing.name), *writer.functions())
ui.mistakes(lesson)
