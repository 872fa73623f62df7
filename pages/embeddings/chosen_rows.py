"""The rows on screen: words that the learner types, or the pieces of the travelling sentence."""

import streamlit as st

from core.words import WordVectors
from pages.embeddings.model import rows
from pages.embeddings.model.rows import MOST_WORDS, USUAL, Rows
from pages.shared import models, ui
from pages.shared.model import prose, word_table
from pages.shared.model.prose import _
from pages.shared.word_plane import LONGEST, tell_left_out, tell_unknown

SLUG = "embeddings"
FOLLOWED = "apple"


def known(typed: str, vectors: WordVectors, most: int) -> list[str]:
    """The different words of a text that have a vector, in order, at most `most`; what became of the others is said."""
    words, unknown = vectors.sort_out(typed)
    tell_unknown(unknown, vectors)
    words = list(dict.fromkeys(words))
    tell_left_out(max(0, len(words) - most), most)
    return words[:most]


def ids_box() -> list[int]:
    """Words to look up in the table by hand, as their ids; those without a row are named."""
    table = word_table.by_hand()
    words, unknown = table.sort_out(ui.typed(_("Words to look up"), "apple phone apple", f"{SLUG}_look", LONGEST))
    tell_unknown(unknown, table)
    tell_left_out(max(0, len(words) - MOST_WORDS), MOST_WORDS)
    return [table.index[word] for word in words[:MOST_WORDS]] or list(range(len(table.words)))


def words_box() -> Rows:
    """Some words of the word vectors, and the one to follow, which is always among them."""
    vectors = models.word_vectors()
    left, right = st.columns([3, 1])
    with left:
        words = known(ui.typed(_("Words"), USUAL, f"{SLUG}_words", LONGEST), vectors, MOST_WORDS)
    with right:
        follow = known(ui.typed(_("Word to follow"), FOLLOWED, f"{SLUG}_word", LONGEST), vectors, 1)
    own = (follow or words[:1] or [FOLLOWED])[0]
    if own not in words:
        words = [own, *words[: MOST_WORDS - 1]]
    return Rows(vectors, tuple(words), words.index(own))


def pieces_box() -> Rows:
    """The different pieces of the travelling sentence, and the one to follow."""
    example = ui.example_box()
    vectors = piece_vectors(st.session_state.model)
    at = ui.token(example.labels, f"{SLUG}_token")
    kept = rows.distinct(example.ids, MOST_WORDS, at)
    if (count := len(set(example.ids))) > len(kept):
        st.caption(prose.fill(_("Shown are {n} of the {count} different pieces."), n=len(kept), count=count))
    names = tuple(vectors.words[example.ids[i]] for i in kept)
    return Rows(vectors, names, [example.ids[i] for i in kept].index(example.ids[at]))


@st.cache_resource(show_spinner=False)
def piece_vectors(name: str) -> WordVectors:
    """The embedding rows of a model, by the names of its pieces."""
    return rows.of_pieces(models.tokenizer(name).pieces, models.model(name).embedding.tokens.detach())
