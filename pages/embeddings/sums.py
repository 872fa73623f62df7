"""Sums of three words: chosen or typed, the words nearest to where they end, and their arrows."""

import streamlit as st

from core.words import WordsError, analogy
from pages.embeddings.model import charts, sums
from pages.shared import models, turn, ui
from pages.shared.model import prose
from pages.shared.model.prose import _
from pages.shared.word_plane import LONGEST, bars, draw

SLUG = "embeddings"
OWN = _("Your own words")


@turn.fragment
def show(lesson: prose.Lesson) -> None:
    """A sum of three words: the words nearest to where it ends, and its arrows."""
    vectors = models.word_vectors()
    place = st.container()
    chosen = ui.choice(_("Sum"), (*sums.SUMS, OWN), f"{SLUG}_sum")
    a, b, c = chosen.replace("−", "+").split(" + ") if chosen != OWN else own_sum()
    with place:
        ui.say(lesson["Sums"], a=a, b=b, c=c)
    if not all(word.strip() for word in (a, b, c)):
        return st.warning(_("Each of the three boxes needs a word."))
    try:
        found = analogy(vectors, a, b, c)
    except WordsError as error:
        return st.warning(prose.fill("{said}", said=str(error)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        places = sums.plane(vectors, a, b, c, found[0].word).points
        rows = charts.sum_rows(a, b, c, found[0].word, places)
        draw(rows, places, charts.sum_alt(rows), f"{SLUG}_sum_plane")
    with right:
        bars(found, True, f"{SLUG}_sum_bars")
        allowed = sums.first_of_all(vectors, a, b, c).word
        ui.say(lesson["Answer"], a=a, b=b, c=c, found=found[0].word, score=found[0].score, allowed=allowed)
    ui.say(lesson["Solved"], **sums.measured())


def own_sum() -> list[str]:
    """Three words to add and subtract."""
    labels, usual = (_("Start from"), _("minus"), _("plus")), ("queen", "woman", "man")
    words = []
    for place, label, word, name in zip(st.columns(3), labels, usual, "abc", strict=True):
        with place:
            words.append(ui.typed(label, word, f"{SLUG}_{name}", LONGEST))
    return words
