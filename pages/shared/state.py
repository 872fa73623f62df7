"""What travels from page to page and stands in the link: both sentences, the model, the layer, the head, the digits.

Streamlit binds single widgets to the link; these belong to every page, so they are read once when a session
opens and written after each run. A value in a link that cannot be used is replaced by the default, and said.
"""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

import streamlit as st

from pages.shared import models
from pages.shared.model import prose
from pages.shared.model.prose import _

DEFAULT_TEXT = "Lily had a little dog. His name was"
DEFAULT_KOREAN = "안녕하세요, 만나서 반가워요"
DEFAULTS = {"text": DEFAULT_TEXT, "korean": DEFAULT_KOREAN, "model": models.DEFAULT, "layer": 3, "head": 4, "digits": 2}
MOST_DIGITS = 6
LONGEST_LINK = 2_000  # characters of text that a link carries
GOES_BY_ITSELF = ("_playing", "_running")  # ends of keys: steps that are played, a text that is being written
LONGEST_PIECE = 16  # characters; sentencepiece's default, no piece is longer


class Example(NamedTuple):
    """The learner's sentence as the model reads it."""

    text: str  # what was kept of it
    ids: tuple[int, ...]  # SOS first
    labels: tuple[str, ...]  # "0 ⟨start⟩", "1 Once", ...: no two are alike


def read_link() -> None:
    """At the first run of a session take what the link says; what makes no sense is noted."""
    if "text" in st.session_state:
        return mend_text()
    st.session_state.notes = []
    for name, default in DEFAULTS.items():
        st.session_state[name] = default
        raw = st.query_params.get(name)
        if raw is not None and (value := parse(name, raw)) is not None:
            st.session_state[name] = value
        elif raw is not None:
            note_bad_link(name, raw)


def arrive(page: str) -> bool:
    """On another page its widgets get what travels: Streamlit forgets what nobody typed, but a link or we had set.

    What went on by itself when its page was left stands still: nobody was looking.

    -> whether the page was not open before this run
    """
    before = st.session_state.get("page")
    if before not in (None, page):
        for name in DEFAULTS:
            st.session_state[name] = st.session_state[name]
        for name in [key for key in st.session_state if key.endswith(GOES_BY_ITSELF)]:
            st.session_state[name] = False
    st.session_state.page = page
    return before != page


def mend_text() -> None:
    """Half a character (a lone surrogate) can be neither shown nor sent: it becomes U+FFFD, and that is said."""
    for name in ("text", "korean"):
        whole = st.session_state[name].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if whole != st.session_state[name]:
            st.session_state[name] = whole
            note(_("The text held half a character (a lone surrogate): a � stands in its place."))


def parse(name: str, raw: str) -> str | int | None:
    """The value of a link's parameter, or None if it makes no sense."""
    if name in ("text", "korean"):
        return raw
    if name == "model":
        return raw if raw in models.MODELS else None
    if name == "digits":
        return int(raw) if re.fullmatch(f"[1-{MOST_DIGITS}]", raw) else None
    return int(raw) if re.fullmatch("[1-9][0-9]{0,2}", raw) else None


def write_link() -> None:
    """Put into the link what is not at its default, so that it restores this very view."""
    for name, default in DEFAULTS.items():
        keep(name, str(st.session_state[name])[:LONGEST_LINK], str(default))


def keep(name: str, value: str, default: str = "") -> None:
    """Put a value into the link, or take it out where it is the default. An unchanged link is not written again."""
    if value == default:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def note(text: str) -> None:
    """A sentence to show above the page, once."""
    if text not in st.session_state.notes:
        st.session_state.notes.append(text)


def note_bad_link(name: str, raw: str) -> None:
    text = _("The link asks for {name} “{raw}”, which does not exist here: you see the usual view.")
    note(prose.fill(text, name=name, raw=raw[:40]))


def show_notes(place) -> None:
    for text in st.session_state.notes:
        place.warning(text)
    st.session_state.notes = []


def check_link(key: str, valid: Callable[[str], bool]) -> None:
    """Before a widget that is bound to the link: say so if the link holds a value that the widget will not take."""
    raw = st.query_params.get(key)
    if raw is not None and key not in st.session_state and not valid(raw):
        note_bad_link(key, raw)


def renew(key: str, options: Collection, default: str | int) -> None:
    """Before a widget whose options change with the page: what was chosen and is no longer there becomes the default.

    Streamlit would do so too, but leave the old choice in the link.
    """
    if st.session_state.get(key, default) not in options:
        st.session_state[key] = default


def example() -> Example:
    """The sentence as tokens of the chosen model, cut where its context ends (with a note).

    Raises ValueError, with a sentence for the page, for text that no model can read.
    """
    from core import tokenizer as tk

    text = st.session_state.text
    tokens = models.tokenizer(st.session_state.model)
    room = models.model(st.session_state.model).config.context - 1
    read = tokens.encode(text[: room * LONGEST_PIECE])  # no more characters could fit
    if len(read.ids) > room:
        kept = text[: read.spans[room][0]]
        read = tokens.encode(kept)
        said = _("The model reads {room} tokens at most: it got the first {kept:,} of your {all:,} characters.")
        note(prose.fill(said, room=room, kept=len(kept), all=len(text)))
        text = kept
    names = (tk.show("<s>"), *tk.labels(read, text))
    return Example(text, (tk.SOS, *read.ids), tuple(f"{i} {name}" for i, name in enumerate(names)))


def layer_and_head() -> tuple[int, int]:
    """The layer and head that the learner looks at, counted from 0; one that the model lacks becomes its last."""
    config = models.model(st.session_state.model).config
    for name, most in (("layer", config.n_layers), ("head", config.n_heads)):
        if st.session_state[name] > most:
            note_bad_link(name, str(st.session_state[name]))
            st.session_state[name] = DEFAULTS[name]
    return st.session_state.layer - 1, st.session_state.head - 1


def choose_head(chosen: tuple[int, int]) -> None:
    """Look at this layer and head, counted from 0, from now on."""
    st.session_state.layer, st.session_state.head = chosen[0] + 1, chosen[1] + 1
