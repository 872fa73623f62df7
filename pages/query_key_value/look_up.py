"""A search in a small library: the query against titles, and the contents mixed by weights."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages.query_key_value.model import charts, export, questions, retrieval
from pages.query_key_value.model.retrieval import LIBRARY, QUERY, Library
from pages.shared import matrices, models, stepper, turn, ui, word_plane
from pages.shared.components import component
from pages.shared.model import asking, prose
from pages.shared.model.asking import KINDS
from pages.shared.model.prose import Lesson, _
from pages.shared.model.questions import Question

SLUG = "query_key_value"
LONGEST, LONGEST_QUERY = 1200, 100
USUAL = {"cosine": 0.1, "scaled_dot": 1.0, "dot": 8.0}
STEPS = (_("the query becomes a vector"), _("scores"), _("softmax"), _("the contents, mixed"))
WORDS = {"token": _("title"), "press": "", "take": "", "chosen": _("the best match")}


class Taught(NamedTuple):
    """What a part of the lesson leaves for the bottom of the page."""

    questions: tuple[Question, ...]
    snippet: str
    facts: dict


def show(lesson: Lesson) -> Taught | None:
    """The search. None if there is nothing to search with or in, which is said."""
    vectors = models.word_vectors()
    ui.say(lesson["Search"], d=vectors.vectors.shape[1])
    left, right = st.columns([2, 3], gap="large")
    with left:
        found = library_box()
        kind = ui.choice(_("Similarity"), list(USUAL), f"{SLUG}_kind", KINDS.__getitem__)
        usual = USUAL[kind]
        temperature = ui.slider(
            _("Temperature"), usual / 10, 10 * usual, usual, f"{SLUG}_t_{kind}", step=usual / 10, format="%g"
        )
    with right:
        typed = ui.typed(_("Search for"), QUERY, f"{SLUG}_query", LONGEST_QUERY)
        q, unknown = retrieval.phrase(vectors, typed)
        word_plane.tell_unknown(unknown, vectors)
        if q is None or not found.entries:
            st.info(_("Type a word with a vector, such as fruit, and at least one line “title: contents”."))
            return None
        trace = retrieval.look_up(q, found, kind, temperature)
        scores, weights = (x[0].numpy() for x in (trace.scores, trace.weights))
        entries(found, scores, weights)
    facts = retrieval.facts(found, trace, typed.strip()) | {"t": temperature}
    steps(lesson, found, trace, kind, temperature, facts)
    soft_and_hard(lesson, found, weights, facts)
    keys_back(lesson, found, weights)
    return Taught(questions.search(found, scores, temperature), export.search(found, scores, temperature), facts)


def library_box() -> Library:
    """The titles with their contents, a line each; what cannot be used is said."""
    vectors = models.word_vectors()
    text = ui.typed(
        _("The library: title, colon, contents"), LIBRARY, f"{SLUG}_library", LONGEST, lines=True, height=245
    )
    found = retrieval.library(text, vectors)
    word_plane.tell_unknown(found.unknown, vectors)
    tell(found.refused, found.left_out, retrieval.MOST)
    return found


def tell(refused: tuple[str, ...], left_out: int, room: int) -> None:
    """Lines that could not be used."""
    if refused:
        lines = "; ".join(f"“{line[:40]}”" for line in refused)
        st.caption(prose.fill(_("Left out, as no word with a vector is where one is needed: {lines}"), lines=lines))
    if left_out:
        st.caption(
            prose.fill(_("There is room for {room} lines. Left out at the end: {left}."), room=room, left=left_out)
        )


def entries(found: Library, scores: np.ndarray, weights: np.ndarray) -> None:
    data = charts.entries(found, scores, weights)
    words = WORDS | {"caption": charts.entries_alt(found, weights)}
    component("steps")(data={**data, "words": words, "open": False}, key=f"{SLUG}_entries")


@turn.fragment
def steps(lesson: Lesson, found: Library, trace, kind: str, temperature: float, facts: dict) -> None:
    """From the typed words to the nearest words of what came back."""
    with st.container(border=True):
        at = stepper.show(STEPS, f"{SLUG}_step")
        ui.say(lesson[("Step vector", f"Step {kind}", "Step softmax", "Step mix")[at]], **facts)
        row = retrieval.asked(trace, found, kind, temperature, st.session_state.digits)
        if at == 1:
            ui.say(asking.scores(row))
        elif at == 2:
            ui.say(asking.softmax(row))
        elif at == 3:
            near(row.output, f"{SLUG}_near")


def near(mixed: np.ndarray, key: str) -> None:
    """The words nearest to what came back."""
    neighbours = retrieval.near(models.word_vectors(), mixed)
    if neighbours:
        word_plane.bars(neighbours, True, key)
    else:
        st.caption(_("The mixture is the zero vector: no word is near it."))


def soft_and_hard(lesson: Lesson, found: Library, weights: np.ndarray, facts: dict) -> None:
    ui.say(lesson["Hard"], **facts)
    sharp = retrieval.hard(weights)
    titles = (_("soft, as above"), _("hard: the best alone"))
    matrices.show(retrieval.beside(found, weights, sharp, titles), f"{SLUG}_hard")
    for place, title, mixed in zip(st.columns(2, gap="large"), titles, (weights, sharp), strict=True):
        with place:
            st.markdown(f"**{title}**")
            near(mixed @ found.v, f"{SLUG}_near_{'soft' if mixed is weights else 'hard'}")


def keys_back(lesson: Lesson, found: Library, weights: np.ndarray) -> None:
    """Values that are the keys: the same weights, another result."""
    ui.say(lesson["Values"])
    if not ui.predict(questions.handed(), f"{SLUG}_handed"):
        return
    parts = {"values": (_("contents come back"), found.v), "keys": (_("titles come back"), found.k)}
    for place, (name, (title, rows)) in zip(st.columns(2, gap="large"), parts.items(), strict=True):
        with place:
            st.markdown(f"**{title}**")
            near(weights @ rows, f"{SLUG}_back_{name}")
    ui.say(lesson["Values shown"])
