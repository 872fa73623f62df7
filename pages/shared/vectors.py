"""Words that a learner types, and the plane on which they are shown."""

import numpy as np
import streamlit as st

from core import embeddings, lessons
from core.lessons import _
from core.words import Plane, UnknownWord, WordsError, WordVectors, pca_plane
from pages.shared import ui

PRINCIPAL, NAMED = _("Principal axes"), _("Named axes")
LONGEST = 200  # characters


def text(label: str, value: str, key: str, **more) -> str:
    """A line of text, kept in the link; half a character, which can be neither shown nor sent, becomes U+FFFD."""
    typed = st.text_input(label, value, max_chars=LONGEST, key=key, bind="query-params", live=True, **more)
    return typed[:LONGEST].encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def tell_unknown(unknown: dict[str, list[str]], vectors: WordVectors) -> None:
    """Words that have no vector, with known ones that are spelled alike."""
    if unknown:
        st.caption(lessons.fill("{said}", said=str(UnknownWord(unknown, len(vectors.words)))))


def tell_left_out(count: int, room: int) -> None:
    if count:
        st.caption(
            lessons.fill(_("There is room for {room} words here: the last {left} are left out."), room=room, left=count)
        )


def known(typed: str, vectors: WordVectors, most: int) -> list[str]:
    """The different words of a text that have a vector, in order, at most `most`; what became of the others is said."""
    words, unknown = vectors.sort_out(typed)
    tell_unknown(unknown, vectors)
    words = list(dict.fromkeys(words))
    tell_left_out(max(0, len(words) - most), most)
    return words[:most]


def plane_box(slug: str, vectors: WordVectors, x: np.ndarray, first: str = PRINCIPAL) -> tuple[Plane, list[str] | None]:
    """The plane that the learner chooses for the rows x (n, d), and the names of its axes if they have any."""
    kinds = (PRINCIPAL, NAMED) if first == PRINCIPAL else (NAMED, PRINCIPAL)
    if ui.choice(_("Axes"), kinds, f"{slug}_axes") == PRINCIPAL:
        return pca_plane(x), None
    left, right = st.columns(2)
    with left:
        to = text(_("To the right, like"), embeddings.TECHNOLOGY, f"{slug}_right")
        away = text(_("To the left, like (may be empty)"), "", f"{slug}_left")
    with right:
        up = text(_("Up, like"), embeddings.FRUIT, f"{slug}_up")
        down = text(_("Down, like (may be empty)"), "", f"{slug}_down")
    try:
        found = embeddings.named_plane(vectors, x, to, up, away, down)
    except WordsError as error:
        st.warning(lessons.fill(_("{said} You see the principal axes."), said=sentence(str(error))))
        return pca_plane(x), None
    return found, [axis_name(to, away, embeddings.TECHNOLOGY, 0), axis_name(up, down, embeddings.FRUIT, 1)]


def sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def axis_name(to: str, away: str, usual: str, at: int) -> str:
    """The usual axes are called as by hand; any other by the words that name it."""
    if (to, away) == (usual, ""):
        return embeddings.AXES[at]
    return " ".join(to.split()) + (_(" (not {away})").format(away=" ".join(away.split())) if away.split() else "")
