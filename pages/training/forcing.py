"""The same model along the right text, and left to itself."""

from typing import TYPE_CHECKING

import streamlit as st

from core.tokenizer import EOS
from pages.shared import state, ui
from pages.shared.components import component
from pages.shared.model.charts.bars import table
from pages.shared.model.prose import Lesson, _
from pages.shared.model.questions import Question
from pages.shared.model.written import percent
from pages.training.model import questions
from pages.training.text import Text

if TYPE_CHECKING:
    from pages.training.model.teaching import Sentence, Step

MOST = 16  # tokens that are looked at


def show(lesson: Lesson, text: Text) -> tuple[Question, ...]:
    """-> questions about what it shows"""
    from pages.training.model import teaching

    ui.say(lesson["Forcing"])
    given = prefix(text)
    room = min(MOST, len(text.sentence.ids) - given, text.context - given + 1)
    steps = side_by_side(text.key, given, room, text.sentence)
    at = teaching.parted(steps)
    question = questions.predict(text.inputs[given - 1], at)
    if ui.predict(question, f"training_predict_{given}"):
        reveal(lesson, text, given, steps, at)
    found = teaching.positions(text.sentence)
    return questions.shifted(text.inputs, text.targets, given - 1), questions.perplexity(found)


def reveal(lesson: Lesson, text: Text, given: int, steps: list["Step"], at: int | None) -> None:
    """Both texts beside the right one, and where they part."""
    rows = []
    for i, step in enumerate(steps):
        cells = [
            {"text": said(text, step.forced, step.forced_prob, step.right)},
            {"text": said(text, step.free, step.free_prob, step.right)},
        ]
        rows.append({"id": i, "rank": str(given + i), "name": text.name(step.right) if step.right is not None else "–",
                     "cells": cells, "chosen": i == at})  # fmt: skip
    columns = [(_("forced"), _("given the right text before")), (_("free"), _("given its own text before"))]
    words = {"caption": _("The right tokens, the model's first choice given them, and its own text."),
             "token": _("right"), "press": "", "take": "", "chosen": _("first difference")}  # fmt: skip
    component("steps")(data={**table(columns, rows), "words": words, "open": False}, key="training_forcing")
    count = sum(step.right is not None for step in steps)
    forced, free = (sum(getattr(s, side) == s.right for s in steps) for side in ("forced", "free"))
    ui.say(lesson["Never parted" if at is None else "Parted"], count=count, forced=forced, free=free,
           at=given + (at or 0))  # fmt: skip


def prefix(text: Text) -> int:
    """How many right tokens both get to read before they go on."""
    options, at = list(text.inputs), 0 if text.source else len(text.inputs) // 3
    state.check_link("training_given", options.__contains__)
    state.renew("training_given", options, options[at])
    last = st.selectbox(_("The last right token that both are given"), options, at, key="training_given",
                        bind="query-params")  # fmt: skip
    return options.index(last) + 1


@st.cache_data(max_entries=200, show_spinner=False)
def side_by_side(key: tuple, given: int, room: int, _sentence: "Sentence") -> list["Step"]:
    from pages.training.model import teaching

    return teaching.side_by_side(_sentence, given, EOS, room)[:MOST]


def said(text: Text, token: int | None, prob: float | None, right: int | None) -> str:
    if token is None:
        return _("(has ended)")
    return f"{'✓' if token == right else '✗'} {text.name(token)}  {percent(prob)}"
