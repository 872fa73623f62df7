"""A query and keys as arrows on a plane: the learner moves them by pointer, finger or arrow keys."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from pages.shared import hand, matrices, ui
from pages.shared.components import component, said
from pages.shared.model import door
from pages.shared.model.edits import LARGEST, apply
from pages.shared.model.prose import Lesson, _
from pages.similarity.model.comparing import PRESETS, compare, panels, verdict

WORDS = {
    "png": _("Save the figure as PNG"),
    "picture": _("A plane with a query and keys as arrows from its middle"),
    "hint": _("Drag the tips. Or reach one with Tab and move it with the arrow keys; Shift makes the steps larger."),
    "vector": _("{name} = ({x}, {y}), length {length}"),
    "angle": _(", {degrees}° from {name}"),
    "none": _(", no angle: a vector of length 0 points nowhere"),
    "shadow": _("Shadow of {k} on the line of {q}: {shadow}. Dot product: {length} · {factor} {sign} {dot}."),
}


class Vector(NamedTuple):
    id: str
    name: str
    x: float
    y: float


class Move(NamedTuple):
    """A vector was moved to another place."""

    id: str
    x: float
    y: float


def show(
    query: Vector, keys: Sequence[Vector], key: str, on_move: Callable[[Move], None], axes: tuple[str, str] = ("", "")
) -> None:
    """Draw them; `on_move` is called before the run that a move starts. `axes` are the names of the plane's axes."""
    known = {vector.id for vector in (query, *keys)}

    def moved() -> None:
        if move := read_move(said(key, "move"), known):
            on_move(move)

    data = {"query": query._asdict(), "keys": [k._asdict() for k in keys], "axes": axes, "words": WORDS}
    component("vectors")(data=data, key=key, on_move_change=moved)


def read_move(move: Any, known: set[str]) -> Move | None:
    """What the browser sent, if it is a place for one of these vectors."""
    name, *xy = door.named(move, "id", "x", "y") or (None, None, None)
    x, y = (door.number(z, LARGEST) for z in xy)
    return Move(name, x, y) if isinstance(name, str) and name in known and None not in (x, y) else None


def plane(lesson: Lesson) -> tuple[np.ndarray, np.ndarray, str, tuple[str, ...]]:
    """The lab by hand: an example of vectors, changed as the learner likes. -> q (2,), k (n, 2) and their names"""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        chosen = ui.choice(
            _("Example"), list(PRESETS), "similarity_example", on_change=hand.forget, args=("similarity",)
        )
    with right:
        ui.digits()
    given = PRESETS[chosen]
    base = np.array([given.q]), np.array(given.k)
    changed = hand.edits("similarity", {name: x.shape for name, x in zip("qk", base, strict=True)})
    q, k = (apply(name, x, changed) for name, x in zip("qk", base, strict=True))
    left, right = st.columns([2, 3], gap="large")
    with left:
        query, *keys = (
            Vector(f"{panel}.{i}", name, *row.tolist())
            for panel, x, names in (("q", q, [given.query]), ("k", k, given.names))
            for i, (name, row) in enumerate(zip(names, x, strict=True))
        )
        show(query, keys, "similarity_plane", move, given.axes)
    with right:
        hand.reset_button("similarity")
        linked = panels(q, k, given.query, given.names, base, given.axes)
        matrices.show(linked, "similarity_matrices", on_edit=hand.editor("similarity"))
        part, facts = verdict(compare(q[0], k), given.query, given.names)
        ui.say(lesson[part], **facts)
    return q[0], k, given.query, given.names


def move(where: Move) -> None:
    """A tip was moved: both numbers of that row of Q or K are changed."""
    panel, row = where.id.split(".")
    changes = (matrices.Change(int(row), 0, where.x), matrices.Change(int(row), 1, where.y))
    hand.editor("similarity")(matrices.Edit(panel, changes))
