"""One attention head on a page: as linked matrices, or as lines from token to token; scores and mask can be changed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared import hand, lines, matrices, models, state, turn, ui
from pages.shared.model import panels, prose, window
from pages.shared.model.prose import Lesson, _

if TYPE_CHECKING:
    from core.attention import AttentionTrace

MATRIX, LINES = _("Matrix"), _("Lines")
HINT = _(
    "Type over a score, or click a cell of the mask: 1 may look, 0 may not. What follows in this head is computed "
    "again, and what changed is marked. The rest of the page keeps the model's own numbers."
)


@turn.fragment  # so that a click on a cell runs nothing else; it keeps its arguments, hence no trace among them
def show(
    lesson: Lesson,
    model: str,
    ids: tuple[int, ...],
    labels: Sequence[str],
    at: tuple[int, int],
    shown: range,
    facts: dict,
    digits: int,
    slug: str = "inside",
) -> None:
    """The head at (layer, head), counted from 0; of a long sentence the tokens of the window `shown`.

    `digits` are those that the rest of the page was printed with.
    """
    layer, head = at
    trace = panels.one_head(models.trace(model, ids).blocks[layer].attention.heads, head)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = ui.choice(_("Show as"), (MATRIX, LINES), key=f"{slug}_view")
        changing = False
        if view == MATRIX:
            if ui.digits() != digits:
                st.rerun()  # other parts of the page print numbers, too
            changing = switch(slug)
    if len(ids) > len(shown):
        ui.say(lesson["Earlier" if shown.start else "Window"], **facts)
    if view == LINES:
        weights, keys = window.weights(trace, labels, shown)
        ui.say(lesson["Lines"])
        lines.show(weights, [labels[i] for i in shown], keys, key=f"{slug}_lines")
        return
    if shown.start:
        ui.say(lesson["Before"])
    if changing:
        change(slug, (model, ids, at), trace, labels, shown)
    else:
        matrices.show(window.panels(trace, labels, shown), key=f"{slug}_matrices")
    state.write_link()  # the frame does not, where a part of the page runs alone


def switch(slug: str) -> bool:
    """Whether scores and mask can be changed now; on from the start where the link brings changes."""
    key = f"{slug}_change"
    state.check_link(key, lambda raw: raw in ("true", "false"))
    return st.toggle(_("Change scores and mask"), key=key, bind="query-params", help=HINT)


def change(slug: str, head: tuple, trace: "AttentionTrace", labels: Sequence[str], shown: range) -> None:
    """The head with what was changed in it. Changes belong to one head and one sentence: another one has none."""
    from pages.shared.model import changed_head

    name = f"{slug}_head"
    if st.session_state.setdefault(f"{name}_of", head) != head:
        hand.forget(name)
        st.session_state[f"{name}_of"] = head
    edits = hand.edits(name, changed_head.shapes(len(labels)))
    with st.container(horizontal=True, vertical_alignment="center"):
        hand.reset_button(name)
        if edits:
            told = _("Outputs that changed: **{rows}** of {all}. **{furthest}** moved furthest, by {far:.2f}.")
            st.markdown(prose.fill(told, **changed_head.facts(trace, edits, labels, shown)))
        else:
            st.caption(HINT)
    take = hand.editor(name)

    def edited(edit: matrices.Edit) -> None:
        """The panels begin with the first token that is shown."""
        changes = (c._replace(row=c.row + shown.start, col=c.col + shown.start) for c in edit.changes)
        take(edit._replace(changes=tuple(changes)))

    matrices.show(changed_head.panels(trace, edits, labels, shown), key=f"{slug}_matrices", on_edit=edited)
