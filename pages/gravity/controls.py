"""Controls of the lesson on words that pull each other: sentences, similarity, temperature, axes."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.words import KINDS, Plane, Pull, WordVectors
from pages.gravity.model import charts, pull
from pages.gravity.model.pull import Sentence
from pages.shared import matrices, turn, ui, word_plane
from pages.shared.model import panels, prose
from pages.shared.model.prose import Lesson, _
from pages.shared.model.word_table import AXES

BY_HAND, WORDS = _("By hand"), _("Word vectors")
NAMES = {"dot": _("Dot product"), "cosine": _("Cosine"), "scaled_dot": _("Scaled dot product")}
USUAL = {"first": "an apple and an orange", "second": "an apple phone"}
LABELS = {"first": _("First sentence"), "second": _("Second sentence")}
COLDEST, HOTTEST = 0.05, 5.0


def sentence_box(which: str, vectors: WordVectors) -> Sentence:
    """A sentence that has a word with a vector; what became of other words is said."""
    typed = ui.typed(LABELS[which], USUAL[which], f"gravity_{which}", word_plane.LONGEST)
    found = pull.sentence(typed, vectors)
    word_plane.tell_unknown(found.unknown, vectors)
    word_plane.tell_left_out(found.left_out, pull.MOST_WORDS)
    if not found.words:
        said = _("There is no word with a vector in it: you see “{usual}”.")
        st.warning(prose.fill(said, usual=USUAL[which]))
        return pull.sentence(USUAL[which], vectors)
    return found


def look_box(key: str, by_hand: bool) -> tuple[str, float]:
    """Similarity and temperature: by hand those of the formula, for word vectors such that words look at others too."""
    kinds = ("scaled_dot", "dot", "cosine") if by_hand else ("cosine", "scaled_dot", "dot")
    kind = ui.choice(_("Similarity"), kinds, f"{key}_kind", NAMES.__getitem__)
    usual = 1.0 if by_hand else 0.3
    return kind, ui.slider(_("Temperature"), COLDEST, HOTTEST, usual, f"{key}_temperature", step=0.05)


def plane_box(vectors: WordVectors, x: np.ndarray) -> tuple[Plane, Sequence[str]]:
    """The plane for the rows x (n, d) of both sentences, and what its axes are called."""
    if x.shape[1] == 2:
        return pull.hand_plane(x), AXES
    found, names = word_plane.plane_box("gravity", vectors, x, first=word_plane.NAMED)
    return found, names or [_("axis 1"), _("axis 2")]


def word_box(sentences: Sequence[Sentence]) -> str:
    """The word to follow, one of both sentences. Where they share none it is the first of the first one."""
    found = pull.shared(*sentences)
    if not found:
        st.info(_("The sentences share no word: you follow the first word of each. Type a word that stands in both."))
    return ui.choice(_("Word to follow"), found or sentences[0].words[:1], "gravity_word")


def planes(
    lesson: Lesson,
    sentences: Sequence[Sentence],
    both: Sequence[list[Pull]],
    plane: Plane,
    names: Sequence[str],
    at: int,
    word: str,
) -> None:
    """Both sentences on the same plane after round `at`, and how the word came to its place."""
    frame = np.concatenate([plane.place(trace[0].before) for trace in both])
    for column, which, words, trace in zip(st.columns(2, gap="large"), USUAL, sentences, both, strict=True):
        own, path = pull.follow(words, word), pull.places(trace, plane)
        first = pull.firsts(words)
        rows = charts.round_rows([words.words[i] for i in first], path[:, first], at, words.words[own], names, frame)
        with column:
            st.markdown(prose.fill("**“{sentence}”**", sentence=words.text))
            word_plane.draw(rows, frame, charts.round_alt(words.text, rows, at), f"gravity_{which}_plane")
            values = {"word": words.words[own], "round": at, "place": pull.point(path[at, own])}
            ui.say(lesson["Came" if at else "Here"], **values)
            if at:
                ui.say(pull.move(trace[at - 1].weights[own], path[at - 1]))


@turn.fragment
def what_if(words: Sentence, vectors: WordVectors, look: tuple[str, float], key: str, by_hand: bool) -> None:
    """The weights of the first round, with the similarity and temperature `look`, against those of another choice."""
    left, right = st.columns(2)
    kinds = ("cosine", "dot", "scaled_dot") if by_hand else ("scaled_dot", "dot", "cosine")
    with left:
        kind = ui.choice(_("Similarity in B"), kinds, f"{key}_other", NAMES.__getitem__)
    with right:
        usual = 1.0 if by_hand else 0.3
        temperature = ui.slider(_("Temperature in B"), COLDEST, HOTTEST, usual, f"{key}_heat", step=0.05)
    now, other = (pull.rounds(words, vectors, *choice, 1)[0] for choice in (look, (kind, temperature)))
    if np.array_equal(other.weights, now.weights):
        st.caption(_("B is now the same choice as above: choose another similarity or temperature."))
    titles = _("weights as above"), _("weights with the other choice")
    matrices.show(panels.versus(*pull.weights_panels(words, now, other, titles)), "gravity_versus")


def paths(
    words: Sentence, trace: Sequence[Pull], plane: Plane, names: Sequence[str], word: str, temperature: float
) -> None:
    """The word's way under each similarity."""
    own, start = pull.follow(words, word), plane.place(trace[0].before)
    ways = {NAMES[k]: pull.places(pull.again(trace, k, temperature, len(trace)), plane)[:, own] for k in sorted(KINDS)}
    others = {words.words[i]: start[i] for i in pull.firsts(words) if words.words[i] != words.words[own]}
    rows = charts.path_rows(words.words[own], others, ways, names, start)
    word_plane.draw(rows, start, charts.path_alt(words.words[own], rows), "gravity_paths")
