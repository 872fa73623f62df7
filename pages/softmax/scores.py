"""The row of scores: where it comes from, its steps, its curves over the temperature, its derivative."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.attention import slope
from pages.shared import hand, head_row, matrices, stepper, turn, ui
from pages.shared.components import component
from pages.shared.model.edits import apply
from pages.shared.model.prose import Lesson, _, fill
from pages.shared.model.written import number
from pages.softmax.model import charts, shares

DEFAULT = "2 1 0.1 -1"
LONGEST = 300  # characters of the box
MOST = 24  # tokens of a sentence whose row of scores fits on the screen
KEYS = 8  # shares in a square matrix
TEMPERATURES = np.geomspace(0.05, 20, 49)
FACTORS = (0.1, 3.0, 10.0, 100.0)
EXAMPLES = {
    _("Four scores"): DEFAULT,
    _("All equal"): "1 1 1 1",
    _("Far apart"): "20 5 1 -10",
    _("Sum is 0"): "2 1 -1 -2",
    _("One alone"): "3",
}


class Scores(NamedTuple):
    values: np.ndarray  # (n,)
    base: np.ndarray  # (n,), before any was changed
    names: tuple[str, ...]


def by_hand(lesson: Lesson) -> Scores:
    """1 to 8 scores from the box. Text that makes no scores is answered by a sentence; the usual scores stand in."""
    typed = ui.typed(_("Scores"), DEFAULT, "softmax_scores", LONGEST, live=False, help=lesson["Box"])
    with st.container(horizontal=True):
        for name, text in EXAMPLES.items():
            st.button(name, key=f"softmax_use_{name}", on_click=fill_box, args=(text,))
    try:
        values = shares.parse(typed)
    except ValueError as error:
        st.error(fill(_("{why} Until then you see {usual}."), why=str(error), usual=DEFAULT))
        values = shares.parse(DEFAULT)
    scores = np.array(values)
    return Scores(scores, scores, tuple(f"s{'₁₂₃₄₅₆₇₈'[i]}" for i in range(len(values))))


def fill_box(text: str) -> None:
    st.session_state.softmax_scores = text


def of_head(lesson: Lesson) -> Scores:
    """One token's scores in the chosen head: what the softmax of the model gets to see. Any of them can be changed."""
    row = head_row.choose("softmax", MOST)
    base = row.head.scores[row.position, : row.position + 1].double().numpy()
    about = (row.labels, row.position, row.layer, row.number, st.session_state.model)
    if st.session_state.setdefault("softmax_of", about) != about:  # another row: its changes are not this one's
        st.session_state.softmax_of = about
        hand.forget("softmax")
    names = row.labels[: row.position + 1]
    ui.say(lesson["Head"], where=row.name.capitalize(), token=row.labels[row.position], n=len(names))
    hand.reset_button("softmax")
    return Scores(apply("scores", base[None], hand.edits("softmax", {"scores": (1, len(base))}))[0], base, names)


@turn.fragment
def lab(lesson: Lesson, scores: Scores, in_model: bool, temperature: float) -> None:
    """Step by step from scores to shares; below, the scores can be changed one by one."""

    def typed(edit: matrices.Edit) -> None:
        if in_model:
            return hand.editor("softmax")(edit)
        changed = {("scores", 0, c.col): c.value for c in edit.changes}
        fill_box(shares.write(apply("scores", scores.values[None], changed)[0]))

    found = shares.steps(scores.values, temperature)
    at = stepper.show([name.capitalize() for name in charts.STEPS], "softmax_step")
    ui.say(lesson[f"Step {at + 1}"])
    ui.say(charts.worked(found, at, temperature, st.session_state.digits))
    data = charts.steps(found, scores.names, temperature, st.session_state.digits, at)
    table(data, charts.steps_alt(found, scores.names), "softmax_table")
    linked = shares.row_panels(scores.values, scores.base, temperature, scores.names)
    hand.whole_page(matrices.show(linked, "softmax_matrices", on_edit=typed))


def table(data: dict, alt: str, key: str) -> None:
    words = {"caption": alt, "token": _("score"), "press": "", "take": "", "chosen": ""}
    component("steps")(data={**data, "words": words, "open": False}, key=key)


def plain(lesson: Lesson, scores: Scores) -> None:
    """Softmax against plain division by the sum."""
    divided = shares.plain(scores.values)
    top = largest(scores.values)
    few = None if divided is None else divided[top]
    found = shares.Steps(*(part[top] for part in shares.steps(scores.values)))
    if len(top) < len(scores.values):
        ui.say(lesson["Plain largest"], shown=len(top), all=len(scores.values))
    data = charts.against(
        found, few, [scores.names[i] for i in top], float(scores.values.sum()), st.session_state.digits
    )
    table(data, lesson["Plain"], "softmax_plain")
    facts = {} if divided is None else {"low": number(divided.min(), 3), "high": number(divided.max(), 3)}
    ui.say(lesson[f"Plain {shares.verdict(scores.values)}"], **facts)


def curves(lesson: Lesson, scores: Scores, temperature: float) -> None:
    """Shares, entropy and slope over the temperature. Of many scores the largest eight have a line."""
    p = shares.shares(scores.values, temperature)
    all_shares = shares.over_temperatures(scores.values, TEMPERATURES)
    top = largest(scores.values)
    left, right = st.columns(2, gap="large")
    with left:
        rows = charts.curve_rows(TEMPERATURES, all_shares[:, top], [scores.names[i] for i in top], temperature)
        ui.chart(charts.curves(), rows, alt=charts.curves_alt(rows), key="softmax_curves")
    with right:
        measures = shares.entropy(all_shares), slope(all_shares)
        rows = charts.spread_rows(TEMPERATURES, *measures, len(p), temperature)
        ui.chart(charts.spread(), rows, alt=charts.spread_alt(rows), key="softmax_spread")
    ui.say(lesson["Entropy"], n=len(p), t=temperature, **shares.entropy_facts(p))


@turn.fragment
def constant(lesson: Lesson, scores: Scores, temperature: float) -> None:
    """A constant on every score: no share changes, but a naive program breaks."""
    c = ui.decimal(_("Add to every score"), -1000.0, 1000.0, 100.0, "softmax_constant", width=220)
    top = largest(scores.values)
    names = [scores.names[i] for i in top]
    if len(top) < len(scores.values):
        ui.say(lesson["Plain largest"], shown=len(top), all=len(scores.values))
    matrices.show(shares.shifted(scores.values, c, temperature, names, top), "softmax_shifted")
    ui.say(lesson["Overflow"], **{name: shares.first_overflow(name) for name in shares.FORMATS})
    moved = scores.values + c
    naive = {name: shares.naive(moved, name) for name in ("float16", "float32")}
    shown = {name: found.at(top) for name, found in naive.items()}
    data = charts.formats(moved[top], shown, shares.stable(moved)[top], names)
    table(data, charts.formats_alt(naive), "softmax_formats")
    failing = [name for name, found in naive.items() if not found.works]
    ui.say(lesson["Breaks" if failing else "Holds"], formats=_(" and ").join(failing))


def largest(values: np.ndarray) -> list[int]:
    """The places of the largest scores, in order, as many as fit into a square matrix."""
    return sorted(np.argsort(-values, kind="stable")[:KEYS].tolist())


@turn.fragment
def jacobian(lesson: Lesson, scores: Scores, temperature: float) -> None:
    """How each share answers to each score, and how that dies when one has all."""
    p = shares.shares(scores.values, temperature)
    top = largest(scores.values)
    names = [scores.names[i] for i in top]
    if len(top) < len(p):
        ui.say(lesson["Largest"], shown=len(top), all=len(p))
    matrices.show(shares.jacobian_panels(p[top], names), "softmax_jacobian")
    factor = ui.choice(
        _("What if all scores were multiplied by"), FACTORS, "softmax_factor", "{:g}".format, default=10.0
    )
    then = shares.shares(scores.values * factor, temperature)
    matrices.show(shares.sharpened(p[top], then[top], factor, names), "softmax_sharper")
    facts = {"factor": factor, "now": float(slope(p)), "then": float(slope(then)), "most": 1 - 1 / len(p)}
    ui.say(lesson["Vanishing"], **facts)
