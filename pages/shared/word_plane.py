"""Words that a learner types, and the plane on which they are shown."""

import numpy as np
import streamlit as st

from core.words import Neighbour, Plane, UnknownWord, WordsError, WordVectors, analogy, pca_plane
from pages.shared import models, turn, ui
from pages.shared.model import prose, word_rows
from pages.shared.model.charts import plane
from pages.shared.model.charts import word_rows as charts
from pages.shared.model.prose import _
from pages.shared.model.word_rows import Rows

PRINCIPAL, NAMED = _("Principal axes"), _("Named axes")
OWN = _("Your own words")
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


def known(typed: str, vectors: WordVectors, most: int) -> list[str]:
    """The different words of a text that have a vector, in order, at most `most`; what became of the others is said."""
    words, unknown = vectors.sort_out(typed)
    tell_unknown(unknown, vectors)
    words = list(dict.fromkeys(words))
    tell_left_out(max(0, len(words) - most), most)
    return words[:most]


def ids_box(slug: str) -> list[int]:
    """Words to look up in the table by hand, as their ids; those without a row are named."""
    table = word_rows.by_hand()
    words, unknown = table.sort_out(ui.typed(_("Words to look up"), "apple phone apple", f"{slug}_look", LONGEST))
    tell_unknown(unknown, table)
    tell_left_out(max(0, len(words) - word_rows.MOST_WORDS), word_rows.MOST_WORDS)
    return [table.index[word] for word in words[: word_rows.MOST_WORDS]] or list(range(len(table.words)))


def words_box(slug: str, usual: str = word_rows.USUAL, chosen: str = "apple") -> Rows:
    """Some words of the word vectors, and the one to follow, which is always among them."""
    vectors = models.word_vectors()
    left, right = st.columns([3, 1])
    with left:
        words = known(ui.typed(_("Words"), usual, f"{slug}_words", LONGEST), vectors, word_rows.MOST_WORDS)
    with right:
        follow = known(ui.typed(_("Word to follow"), chosen, f"{slug}_word", LONGEST), vectors, 1)
    own = (follow or words[:1] or [chosen])[0]
    if own not in words:
        words = [own, *words[: word_rows.MOST_WORDS - 1]]
    return Rows(vectors, tuple(words), words.index(own))


def pieces_box(slug: str) -> Rows:
    """The different pieces of the travelling sentence, and the one to follow."""
    example = ui.example_box()
    vectors = piece_vectors(st.session_state.model)
    at = ui.token(example.labels, f"{slug}_token")
    kept = word_rows.distinct(example.ids, word_rows.MOST_WORDS, at)
    if (count := len(set(example.ids))) > len(kept):
        st.caption(prose.fill(_("Shown are {n} of the {count} different pieces."), n=len(kept), count=count))
    names = tuple(vectors.words[example.ids[i]] for i in kept)
    return Rows(vectors, names, [example.ids[i] for i in kept].index(example.ids[at]))


@st.cache_resource(show_spinner=False)
def piece_vectors(name: str) -> WordVectors:
    """The embedding rows of a model, by the names of its pieces."""
    rows = models.model(name).embedding.tokens.detach()
    return word_rows.of_pieces(models.tokenizer(name).pieces, rows)


def plane_box(slug: str, vectors: WordVectors, x: np.ndarray, first: str = PRINCIPAL) -> tuple[Plane, list[str] | None]:
    """The plane that the learner chooses for the rows x (n, d), and the names of its axes if they have any."""
    kinds = (PRINCIPAL, NAMED) if first == PRINCIPAL else (NAMED, PRINCIPAL)
    if ui.choice(_("Axes"), kinds, f"{slug}_axes") == PRINCIPAL:
        return pca_plane(x), None
    left, right = st.columns(2)
    with left:
        to = ui.typed(_("To the right, like"), word_rows.TECHNOLOGY, f"{slug}_right", LONGEST)
        away = ui.typed(_("To the left, like (may be empty)"), "", f"{slug}_left", LONGEST)
    with right:
        up = ui.typed(_("Up, like"), word_rows.FRUIT, f"{slug}_up", LONGEST)
        down = ui.typed(_("Down, like (may be empty)"), "", f"{slug}_down", LONGEST)
    try:
        found = word_rows.named_plane(vectors, x, to, up, away, down)
    except WordsError as error:
        st.warning(prose.fill(_("{said} You see the principal axes."), said=sentence(str(error))))
        return pca_plane(x), None
    return found, [axis_name(to, away, word_rows.TECHNOLOGY, 0), axis_name(up, down, word_rows.FRUIT, 1)]


def sentence(said: str) -> str:
    return said[:1].upper() + said[1:]


def axis_name(to: str, away: str, usual: str, at: int) -> str:
    """The usual axes are called as by hand; any other by the words that name it."""
    if (to, away) == (usual, ""):
        return word_rows.AXES[at]
    return " ".join(to.split()) + (_(" (not {away})").format(away=" ".join(away.split())) if away.split() else "")


def draw(rows: list[dict], frame: np.ndarray, alt: str, key: str) -> None:
    """Rows of pages.shared.model.charts.plane, on the part of the plane that holds the points `frame`."""
    ui.chart(plane.framed(plane.chart(ui.theme()), frame), rows, alt=alt, key=key)


def bars(found: list[Neighbour], unit: bool, key: str) -> None:
    rows = charts.bar_rows(found)
    ui.chart(charts.bars(ui.theme(), unit), rows, alt=charts.bar_alt(rows), key=key)


@turn.fragment
def sums(slug: str, lesson: prose.Lesson) -> None:
    """A sum of three words: the words nearest to where it ends, and its arrows."""
    vectors = models.word_vectors()
    place = st.container()
    chosen = ui.choice(_("Sum"), (*word_rows.SUMS, OWN), f"{slug}_sum")
    a, b, c = chosen.replace("−", "+").split(" + ") if chosen != OWN else own_sum(slug)
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
        places = word_rows.sum_plane(vectors, a, b, c, found[0].word).points
        rows = charts.sum_rows(a, b, c, found[0].word, places)
        draw(rows, places, charts.sum_alt(rows), f"{slug}_sum_plane")
    with right:
        bars(found, True, f"{slug}_sum_bars")
        allowed = word_rows.first_of_all(vectors, a, b, c).word
        ui.say(lesson["Answer"], a=a, b=b, c=c, found=found[0].word, score=found[0].score, allowed=allowed)
    ui.say(lesson["Solved"], **word_rows.measured())


def own_sum(slug: str) -> list[str]:
    """Three words to add and subtract."""
    labels, usual = (_("Start from"), _("minus"), _("plus")), ("queen", "woman", "man")
    words = []
    for place, label, word, name in zip(st.columns(3), labels, usual, "abc", strict=True):
        with place:
            words.append(ui.typed(label, word, f"{slug}_{name}", LONGEST))
    return words
