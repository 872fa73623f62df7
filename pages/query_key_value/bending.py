"""A few words on a plane that W_q and W_k bend, until each word's query lies near the key it looks for."""

import numpy as np
import streamlit as st

from pages.query_key_value import look_up
from pages.query_key_value.model import charts, export, projections, questions
from pages.query_key_value.model.projections import MOMENTS, TASKS, Seen, Task
from pages.shared import hand, matrices, stepper, ui
from pages.shared.model import edits
from pages.shared.model.charts import plane
from pages.shared.model.charts.bars import printed
from pages.shared.model.prose import Lesson, _

SLUG = "query_key_value"
HAND = f"{SLUG}_plane"  # the numbers changed here are kept apart from those of the chat
TRAINED, SHARED, YOURS = _("Two, trained"), _("One for both, trained"), _("Yours")
EYE = np.eye(2)


def show(lesson: Lesson) -> look_up.Taught:
    ui.say(lesson["Plane"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = ui.choice(_("Words"), list(TASKS), f"{HAND}_task", on_change=hand.forget, args=(HAND,))
        way = ui.choice(_("Matrices"), (TRAINED, SHARED, YOURS), f"{HAND}_way")
    task = TASKS[chosen]
    changed = hand.edits(HAND, {"X": task.x.shape, "W_q": EYE.shape, "W_k": EYE.shape})
    x = edits.apply("X", task.x, changed)
    own, shared = (projections.train(x, task.goals, together) for together in (False, True))
    now, before, steps = seen(task, x, changed, way, shared if way == SHARED else own)
    planes(lesson, task, now, own if way != SHARED else shared)
    facts = projections.facts(task, now) | {"loss": printed(now.loss, 3), "steps": len(own) - 1}
    facts |= {name: printed(facts[name], 2) for name in ("lopsided", "there_score", "back_score")}
    ui.say(lesson["Found"], **facts)
    hand.reset_button(HAND)
    editable = ("X", "W_q", "W_k") if way == YOURS else ("X",)
    matrices.show(projections.panels(task, now, before, editable), f"{HAND}_matrices", on_edit=hand.editor(HAND))
    one_or_two(lesson, task, own, shared)
    ui.say(lesson["Third"])
    return look_up.Taught(questions.plane(task, now, 0), export.plane(task, now, steps, way == SHARED), facts)


def seen(task: Task, x: np.ndarray, changed: dict, way: str, run: list[Seen]) -> tuple[Seen, Seen, int | None]:
    """What is on screen, what its changes are compared with, and after how many steps of training."""
    if way == YOURS:
        matrices_ = (edits.apply(name, EYE, changed) for name in ("W_q", "W_k"))
        return projections.see(x, task.goals, *matrices_), projections.see(task.x, task.goals, EYE, EYE), None
    names = [_("before training: the identity"), *(_("after {n} steps").format(n=n) for n in MOMENTS[1:])]
    names[1] = _("after 1 step")
    step = MOMENTS[stepper.show(names, f"{HAND}_moment")]
    usual = projections.train(task.x, task.goals, way == SHARED) if "X" in {name for name, *_at in changed} else run
    return run[step], usual[step], step


def planes(lesson: Lesson, task: Task, now: Seen, run: list[Seen]) -> None:
    """The words where they stand, and their queries and keys on the bent plane."""
    last = run[-1]
    frame = np.concatenate([now.q, now.k, last.q, last.k])
    pictures = (
        (_("Where the words stand"), charts.before_rows(task.words, now.x), now.x, "before"),
        (_("Queries and keys"), charts.after_rows(task.words, now, task.goals, frame), frame, "after"),
    )
    for place, (title, rows, points, name) in zip(st.columns(2, gap="large"), pictures, strict=True):
        with place:
            st.markdown(f"**{title}**")
            picture = plane.framed(charts.bent(ui.theme()), points)
            ui.chart(picture, rows, alt=charts.plane_alt(rows, title), key=f"{HAND}_{name}")
    ui.say(lesson["Legend"])


def one_or_two(lesson: Lesson, task: Task, own: list[Seen], shared: list[Seen]) -> None:
    """What if both were one matrix?"""
    ui.say(lesson["One"])
    met = projections.facts(task, shared[-1])
    if not ui.predict(questions.can_share(met["met"] == met["asking"]), f"{HAND}_share"):
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        ui.chart(charts.losses(), charts.loss_rows(own, shared), alt=charts.loss_alt(own, shared), key=f"{HAND}_losses")
    with right:
        matrices.show(projections.beside(task, own[-1], shared[-1]), f"{HAND}_beside")
    two = projections.facts(task, own[-1])
    values = {"own": printed(two["loss"], 3), "shared": printed(met["loss"], 3), "even": met["even"], "n": met["n"]}
    values |= {"own_met": two["met"], "shared_met": met["met"], "asking": met["asking"], "steps": len(own) - 1}
    values |= {"own_lopsided": printed(two["lopsided"], 2), "shared_lopsided": printed(met["lopsided"], 2)}
    ui.say(lesson["One shown"], **values)
