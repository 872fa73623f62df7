"""Targets shifted by one, the loss of one position, perplexity, label smoothing."""

import streamlit as st

from pages.shared import stepper, ui
from pages.shared.components import component, said
from pages.shared.model import door
from pages.shared.model.charts.bars import share, signed, small, table
from pages.shared.model.prose import Lesson, _
from pages.shared.model.questions import Question
from pages.shared.model.written import number
from pages.training.model import charts, questions
from pages.training.text import Text

ROWS = 12  # positions on screen
AT, TABLE = "training_at", "training_table"


def show(lesson: Lesson, text: Text) -> tuple[Question, ...]:
    """-> questions about what it shows"""
    from pages.training.model import teaching

    found = teaching.positions(text.sentence)
    ui.say(lesson["Shifted"])
    steps = [f"{one} → {other}" for one, other in zip(text.inputs, text.targets, strict=True)]
    at = stepper.show(steps, AT)
    targets = [label.split(" ", 1)[1] for label in text.targets]
    facts = teaching.facts(found, at, targets, text.name) | {"vocab": text.vocab, "input": text.inputs[at]}
    positions(text, found, at)
    left, right = st.columns(2, gap="large")
    with left:
        ui.say(lesson["Cross-entropy"], **facts)
    with right:
        ui.say(lesson["Perplexity"], **facts)
        if facts["breaks_off"]:
            ui.say(lesson["Breaks off"])
    smoothing(lesson, text, at)
    return questions.questions(found, text.inputs, text.targets, at, text.vocab)


def positions(text: Text, found: list, at: int) -> None:
    """Input, target, and what the target got, row by row; a press on a row goes there."""
    first = max(0, min(at - ROWS // 2, len(found) - ROWS))
    most = max(p.loss for p in found)
    rows = []
    for i in range(first, min(first + ROWS, len(found))):
        p = found[i]
        cells = [{"text": text.targets[i]}, share(p.prob, small(p.prob, 3)), signed(p.loss, (0, most), number(p.loss))]
        cells.append({"text": "✓" if p.rank == 1 else text.name(p.best)})
        index, _space, name = text.inputs[i].partition(" ")
        rows.append({"id": i, "rank": index, "name": name, "cells": cells, "chosen": i == at})
    columns = [(_("target"), _("one place on")), (_("p(target)"), _("softmax")), (_("loss"), _("−log p")),
               (_("model's first choice"), _("✓: the target"))]  # fmt: skip
    words = {"caption": _("Every position with its target, the probability of the target, and the loss."),
             "token": _("input"), "press": _("press to follow it"), "take": _("Follow “{token}”"),
             "chosen": _("here")}  # fmt: skip
    component("steps")(data={**table(columns, rows), "words": words, "open": True}, key=TABLE, on_take_change=taken)


def taken() -> None:
    if (at := door.whole(said(TABLE, "take"), door.ANY)) is not None:
        stepper.go(AT, at)


def smoothing(lesson: Lesson, text: Text, at: int) -> None:
    from pages.training.model import teaching

    left, right = st.columns(2, gap="large")
    with left:
        ui.say(lesson["Smoothing"])
        epsilon = ui.slider(_("Smoothing ε"), 0.0, 0.5, 0.1, "training_epsilon", step=0.01)
        found = teaching.smoothed(text.sentence, at, epsilon)
        hard = teaching.positions(text.sentence)[at].loss
        ui.say(lesson["Smoothed"], epsilon=epsilon, vocab=text.vocab, each=small(epsilon / text.vocab, 3),
               right=found.smooth[0], hard=hard, loss=found.loss, least=found.least)  # fmt: skip
    with right:
        names = [text.name(group[0]) for group in found.tokens[:-1]]
        names = [f"{i} {name}" for i, name in enumerate(names, 1)]
        rows = charts.smoothing_rows(found, [*names, _("all {n:,} others").format(n=len(found.tokens[-1]))])
        ui.chart(charts.smoothing(ui.theme()), rows, alt=charts.smoothing_alt(rows), key="training_smoothing")
