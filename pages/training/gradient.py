"""The learning rate over the steps, and the gradient of one weight, measured twice."""

from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import models, turn, ui
from pages.shared.model.charts.bars import power
from pages.shared.model.prose import Lesson, _
from pages.shared.model.questions import Question
from pages.shared.model.written import number
from pages.training.model import charts, questions

if TYPE_CHECKING:
    from pages.training.model.slope import Difference

POINTS = 200


def show(lesson: Lesson) -> tuple[Question, ...]:
    """-> questions about what it shows"""
    schedule(lesson)
    return questions.warmup(), questions.slope(gradient(lesson))


@turn.fragment
def schedule(lesson: Lesson) -> None:
    """The learning rate with another warm-up than that of the shipped model."""
    from core.training import Recipe, learning_rate
    from pages.training.model import recorded

    shipped = recorded.recipe(models.DEFAULT)
    steps = shipped["steps"]
    left, right = st.columns(2, gap="large")
    with left:
        ui.say(lesson["Schedule"])
        warmup = ui.slider(_("Warm-up steps"), 0, 2000, shipped["warmup"], "training_warmup", step=50)
        mine = Recipe(steps, shipped["lr"], warmup)
        at = {step: learning_rate(mine, step) for step in marks(steps, warmup)}
        ui.say(lesson["Rates"], warmup=warmup, top=f"{mine.lr:g}", steps=steps, first=f"{at[1]:.3g}",
               hundred=f"{at[100]:.3g}", half=f"{at[steps // 2]:.3g}", middle=steps // 2)  # fmt: skip
    with right:
        logged = [(step, lr) for step, _loss, lr in recorded.curve(models.DEFAULT)]
        line = list(at.items())
        ui.chart(charts.schedule(), charts.schedule_rows(line, logged), alt=charts.schedule_alt(line, warmup),
                 key="training_schedule")  # fmt: skip


def marks(steps: int, warmup: int) -> list[int]:
    """Steps that are drawn: evenly spread, and where the line bends."""
    return sorted(
        {*range(1, steps + 1, steps // POINTS), *range(max(1, warmup - 1), warmup + 2), 100, steps // 2, steps}
    )


def gradient(lesson: Lesson) -> "Difference":
    """-> what is asked about: the chosen weight with the largest step"""
    from pages.training.model import slope

    shapes = slope.weights()
    ui.say(lesson["Gradient"], parameters=slope.size(), d_model=slope.CONFIG.d_model)
    left, right = st.columns(2, gap="large")
    with left:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            names = list(shapes)
            name = st.selectbox(_("Matrix"), names, index=names.index("blocks.0.attention.w_v"), key="training_matrix",
                                bind="query-params")  # fmt: skip
            rows, cols = shapes[name]
            row = ui.number(_("Row"), 1, rows, 2, "training_row", width=110)
            col = ui.number(_("Column"), 1, cols, 3, "training_col", width=110)
        exponent = ui.slider(_("Step size h = 10 to the power of"), -14.0, -1.0, -4.0, "training_h", step=0.5)
        at = name, row - 1, col - 1
        found, one = slope.difference(*at, 10**exponent), slope.slope(*at)
        ui.say(lesson["Slope"], name=name, row=row, col=col, weight=number(one.weight, 6), h=power(found.h, 1),
               above=f"{found.above:.15f}", below=f"{found.below:.15f}", slope=number(found.slope, 12),
               gradient=number(one.gradient, 12), error=power(found.error, 2) if found.error else "0")  # fmt: skip
        ui.say(lesson["Dead" if one.gradient == 0 else "Update"], rate=slope.RATE, gradient=power(one.gradient, 2),
               before=f"{one.loss:.12f}", after=f"{one.moved:.12f}", weight=number(one.weight, 6),
               moved=number(one.weight - slope.RATE * one.gradient, 6),
               expected=power(-slope.RATE * one.gradient**2, 2), measured=power(one.moved - one.loss, 2))  # fmt: skip
    with right:
        swept = slope.sweep(*at)
        if one.gradient == 0:
            return swept[0]
        ui.chart(charts.errors(), charts.error_rows(swept, found), alt=charts.error_alt(swept), key="training_errors")
        best = min(swept, key=lambda d: d.error)
        ui.say(lesson["Errors"], best=power(best.h, 1), least=power(best.error, 1))
    return swept[0]
