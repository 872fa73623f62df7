"""The translator on a page: the Korean sentence that travels, and what the model makes of it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from core.translation import NOTHING, Changes, Reading, Source
from pages.shared import models, state, turn
from pages.shared.model import prose
from pages.shared.model.prose import _

if TYPE_CHECKING:
    import numpy as np

    from core.transformer import EncoderDecoder

READY = (  # short ones to begin with; whether the model has seen a sentence is said below the box
    state.DEFAULT_KOREAN,
    "저는 어제 친구와 영화를 봤어요.",
    "톰은 메리에게 꽃을 줬다.",
    "책상 위에 책이 두 권 있어요.",
    "내일 비가 오면 집에 있을 거예요.",
    "저는 커피보다 차를 더 좋아해요.",
)


def box(slug: str) -> Source:
    """The sentence as the encoder reads it. Stops the page, with a sentence, if there is nothing to translate.

    Or nothing to translate with: the model's own files are looked at here too.
    """
    from core import translation as reading

    st.text_input(_("Korean sentence"), key="korean", persist_state="session", live=True)
    key = f"{slug}_ready"
    st.pills(_("Ready sentences"), READY, key=key, on_change=take, args=(key,))
    try:
        models.translator(), seen()
        found = reading.source(models.unigram(), st.session_state.korean)
    except ValueError as error:  # CheckpointError is one
        st.error(prose.fill("{said}", said=str(error)))
        turn.end()
    if found.unknown:
        said = _(
            "The vocabulary lacks {characters}: spelled in bytes, which the model has hardly met. Do not trust it."
        )
        st.warning(prose.fill(said, characters=" ".join(found.unknown)))
    return found


def take(key: str) -> None:
    if st.session_state[key]:
        st.session_state.korean = st.session_state[key]
        st.session_state[key] = None


def reading(ids: Sequence[int], changes: Changes = NOTHING, target: tuple[int, ...] | None = None) -> Reading:
    """What the model says; or, of a given target, how probable it is to the model."""
    return run(models.translator(), tuple(ids), changes, target)


@lru_cache(maxsize=8)  # some 2 MB each at most
def run(model: "EncoderDecoder", ids: tuple[int, ...], changes: Changes, target: tuple[int, ...] | None) -> Reading:
    from core import translation as reading

    return reading.read(model, ids, changes) if target is None else reading.score(model, ids, target, changes)


@st.cache_resource(show_spinner=False)
def seen() -> "np.ndarray":
    """Fingerprints of what the model learnt from. Raises CheckpointError, with a sentence for the page."""
    from core import checkpoints
    from core.recipes.translation import seen

    return seen.parse(checkpoints.read_file(models.TRANSLATOR, seen.FILE))


def english(ids: Sequence[int]) -> str:
    from core.tokenizer import EOS, SOS

    return models.unigram().decode([i for i in ids if i not in (SOS, EOS)])
