"""Linked matrices on a page: point at a cell to see where it comes from, choose it to read its arithmetic."""

from collections.abc import Callable, Mapping
from itertools import chain
from typing import Any, NamedTuple

import streamlit as st

from pages.shared.components import component, said
from pages.shared.model import door
from pages.shared.model.prose import _

LARGEST = 1e6  # what may be typed into a cell

WORDS = {
    "hint": _("Point at a cell to see where it comes from. Click it, or press Enter, to see its arithmetic."),
    "unpin": _("Chosen: press Esc, or click it again, to let go."),
    "type": _("Type a number to change it: Enter keeps it, Esc does not. A block can be pasted from a spreadsheet."),
    "numbers": _("Numbers in every cell"),
    "csv": _("Save {name} as CSV"),
    "png": _("Save the figure as PNG"),
    "masked": _("masked, −∞"),
    "was": _("changed, was {value}"),
    "more": _("{count} more = {sum}"),
    "fewer": _("show fewer"),
    "forbidden": _("= −∞: this query may not look at this key."),
    "allowed": _("this query may look at this key."),
    "nothing": _("= 0: there is nothing this query may look at."),
    "absent": _("A masked cell counts as 0 here."),
    "may": _("may look. Click, or press Enter, to forbid it."),
    "may_not": _("may not look. Click, or press Enter, to allow it."),
    "zero": _("= 0, as e^(−∞) = 0: a masked key gets nothing."),
    "largest": _("The row's largest score is subtracted first, which changes no share."),
    "closed": _("Masked keys ({count}) add e^(−∞) = 0."),
    "refused": _("“{text}” is not a number between −1,000,000 and 1,000,000: nothing was changed."),
    "twofold": _("“{text}” could be {one} or {other}: nothing was changed. Type one of them."),
    "large": _("The block is {height}×{width}, but only {rows}×{cols} fits from this cell on: nothing was changed."),
}


class Cell(NamedTuple):
    panel: str
    row: int
    col: int


class Change(NamedTuple):
    row: int
    col: int
    value: float


class Edit(NamedTuple):
    """Numbers that were typed or pasted into one panel; the page decides what becomes of them."""

    panel: str
    changes: tuple[Change, ...]


class Shown(NamedTuple):
    cell: Cell | None  # chosen, until it is let go
    edit: Edit | None  # for one run only


def show(
    panels: dict,
    key: str,
    digits: int | None = None,
    on_edit: Callable[[Edit], None] | None = None,
    cell: Cell | None = None,
) -> Shown:
    """Draw what `panels.pipeline` or `panels.head_panels` made. `cell` is the one chosen at first; `digits` travel.

    `on_edit` is called before the run that an edit starts, so that the page can already show the new numbers.
    """
    held = st.session_state.get(key)
    spoken = isinstance(held, Mapping) and "cell" in held  # a cell that was let go is None
    now = read_cell(panels, said(key, "cell") if spoken else cell and cell._asdict())

    def edited() -> None:
        edit = read_edit(panels, said(key, "edit"))
        if edit and on_edit:
            on_edit(edit)

    data = {**panels, "digits": digits or st.session_state.digits, "cell": now and now._asdict(), "words": WORDS}
    found = component("matrices")(data=data, key=key, on_cell_change=lambda: None, on_edit_change=edited)
    return Shown(now, read_edit(panels, found.edit))


def read_cell(panels: dict, said: Any) -> Cell | None:
    """The cell that the browser named, if these panels have it."""
    panel, row, col = door.named(said, "panel", "row", "col") or (None, None, None)
    rows, cols = size(panels, panel)
    at = door.whole(row, rows), door.whole(col, cols)
    return None if None in at else Cell(panel, *at)


def read_edit(panels: dict, said: Any) -> Edit | None:
    """The changes that the browser sent, if all of them are numbers for cells that can be changed."""
    panel, changes = door.named(said, "panel", "changes") or (None, None)
    rows, cols = size(panels, panel)
    if not isinstance(changes, list) or not 0 < len(changes) <= rows * cols:
        return None
    found = [door.named(change, "row", "col", "value") or (None, None, None) for change in changes]
    read = [(door.whole(r, rows), door.whole(c, cols), door.number(value, LARGEST)) for r, c, value in found]
    editable = any(p["id"] == panel and p.get("editable") for p in panels["panels"])
    return Edit(panel, tuple(Change(*change) for change in read)) if editable and None not in chain(*read) else None


def size(panels: dict, panel: Any) -> tuple[int, int]:
    """Rows and columns of a panel; 0 and 0 if there is no such panel."""
    found = next((p for p in panels["panels"] if p["id"] == panel), None)
    return tuple(len(panels["axes"][found[side]]["labels"]) for side in ("rows", "cols")) if found else (0, 0)
