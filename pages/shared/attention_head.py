"""One attention head on a page: as linked matrices, or as lines from token to token."""

from collections.abc import Sequence

import streamlit as st

from core import panels, window
from core.lessons import Lesson, _
from pages.shared import lines, matrices, models, ui

MATRIX, LINES = _("Matrix"), _("Lines")


@st.fragment  # so that a click on a cell runs nothing else; it keeps its arguments, hence no trace among them
def show(
    lesson: Lesson,
    model: str,
    ids: tuple[int, ...],
    labels: Sequence[str],
    at: tuple[int, int],
    shown: range,
    facts: dict,
) -> None:
    """The head at (layer, head), counted from 0; of a long sentence the tokens of the window `shown`."""
    layer, head = at
    trace = panels.one_head(models.trace(model, ids).blocks[layer].attention.heads, head)
    left, right = st.columns(2)
    with left:
        view = ui.choice(_("Show as"), (MATRIX, LINES), key="inside_view")
    if len(ids) > len(shown):
        ui.say(lesson["Earlier" if shown.start else "Window"], **facts)
    if view == LINES:
        weights, keys = window.weights(trace, labels, shown)
        ui.say(lesson["Lines"])
        lines.show(weights, [labels[i] for i in shown], keys, key="inside_lines")
        return
    with right:
        digits = ui.choice(_("Digits"), (1, 2, 3, 4), key="inside_digits", default=2, persist_state="page")
    if shown.start:
        ui.say(lesson["Before"])
    matrices.show(window.panels(trace, labels, shown), key="inside_matrices", digits=digits)
