"""Words on a plane that the learner chooses, the best matches as bars, and what is said of words without a vector."""

import numpy as np
import streamlit as st

from core.words import Neighbour, Plane, UnknownWord, WordsError, WordVectors, pca_plane
from pages.shared import ui
from pages.shared.model import prose, word_table
from pages.shared.model.charts import neighbours, plane
from pages.shared.model.prose import _

PRINCIPAL, NAMED = _("Principal axes"), _("Named axes")
LONGEST = 200  # characters


def tell_unknown(unknown: dict[str, list[str]], vectors: WordVectors) -> None:
    """Words that have no vector, with known ones that are spelled alike."""
    if unknown:
        st.caption(prose.fill("{said}", said=str(UnknownWord(unknown, len(vectors.words)))))


def tell_left_out(count: int, room: int) -> None:
    if count:
        st.caption(
            prose.fill(_("There is room for {room} words here. Left out at the end: {left}."), room=room, left=count)
        )


def plane_box(slug: str, vectors: WordVectors, x: np.ndarray, first: str = PRINCIPAL) -> tuple[Plane, list[str] | None]:
    """The plane that the learner chooses for the rows x (n, d), and the names of its axes if they have any."""
    kinds = (PRINCIPAL, NAMED) if first == PRINCIPAL else (NAMED, PRINCIPAL)
    if ui.choice(_("Axes"), kinds, f"{slug}_axes") == PRINCIPAL:
        return pca_plane(x), None
    left, right = st.columns(2)
    with left:
        to = ui.typed(_("To the right, like"), word_table.TECHNOLOGY, f"{slug}_right", LONGEST)
        away = ui.typed(_("To the left, like (may be empty)"), "", f"{slug}_left", LONGEST)
    with right:
        up = ui.typed(_("Up, like"), word_table.FRUIT, f"{slug}_up", LONGEST)
        down = ui.typed(_("Down, like (may be empty)"), "", f"{slug}_down", LONGEST)
    try:
        found = word_table.named_plane(vectors, x, to, up, away, down)
    except WordsError as error:
        st.warning(prose.fill(_("{said} You see the principal axes."), said=sentence(str(error))))
        return pca_plane(x), None
    return found, [axis_name(to, away, word_table.TECHNOLOGY, 0), axis_name(up, down, word_table.FRUIT, 1)]


def sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def axis_name(to: str, away: str, usual: str, at: int) -> str:
    """The usual axes are called as by hand; any other by the words that name it."""
    if (to, away) == (usual, ""):
        return word_table.AXES[at]
    return " ".join(to.split()) + (_(" (not {away})").format(away=" ".join(away.split())) if away.split() else "")


def draw(rows: list[dict], frame: np.ndarray, alt: str, key: str) -> None:
    """Rows of pages.shared.model.charts.plane, on the part of the plane that holds the points `frame`."""
    ui.chart(plane.framed(plane.chart(ui.theme()), frame), rows, alt=alt, key=key)


def bars(found: list[Neighbour], unit: bool, key: str) -> None:
    rows = neighbours.bar_rows(found)
    ui.chart(neighbours.bars(ui.theme(), unit), rows, alt=neighbours.bar_alt(rows), key=key)
