"""The models that the app can run: loaded once per process, shared by all sessions. torch is imported late."""

import ctypes
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING

import streamlit as st

from pages.shared.model.prose import _

if TYPE_CHECKING:
    from core.tokenizer import Tokenizer
    from core.traces import DecoderTrace
    from core.transformer import Decoder, EncoderDecoder
    from core.words import WordVectors

M_ARENA_MAX = -8  # in glibc's malloc.h: the most heaps that threads may have
MODELS = {  # name in a link: what people read, folder, weights
    "stories": (_("Story model"), "stories", "model.safetensors"),
    "stories-1700": (_("Story model after 1,700 steps of training"), "stories", "early-1700.safetensors"),
    "stories-400": (_("Story model after 400 steps of training"), "stories", "early-400.safetensors"),
    "stories-100": (_("Story model after 100 steps of training"), "stories", "early-100.safetensors"),
}
DEFAULT, TRANSLATOR = "stories", "translate"


@st.cache_resource(show_spinner=False)
def model(name: str) -> "Decoder":
    """Raises CheckpointError, with a sentence for the page, if the files cannot be used."""
    from core import checkpoints

    _label, folder, weights = MODELS[name]
    return checkpoints.load(folder, weights, "decoder")


def trace(name: str, ids: Sequence[int]) -> "DecoderTrace":
    """All that the model does with these tokens. It takes a few milliseconds and megabytes: sessions keep none."""
    return run(model(name), tuple(ids))


@lru_cache(maxsize=3)  # the parts of a page ask again; at most 30 MB each
def run(model: "Decoder", ids: tuple[int, ...]) -> "DecoderTrace":
    import torch

    with torch.no_grad():
        return model(torch.tensor([ids]))


@st.cache_resource(show_spinner=False)
def tokenizer(name: str) -> "Tokenizer":
    from core import checkpoints

    return checkpoints.load_tokenizer(MODELS[name][1])


@st.cache_resource(show_spinner=False)
def translator() -> "EncoderDecoder":
    """From Korean to English. Raises CheckpointError, with a sentence for the page, if the files cannot be used."""
    from core import checkpoints

    return checkpoints.load(TRANSLATOR, shape="encoder_decoder")


@st.cache_resource(show_spinner=False)
def unigram() -> "Tokenizer":
    """The translator's: a unigram model, which the story model's is not. Raises CheckpointError as `tokenizer` does."""
    from core import checkpoints

    return checkpoints.load_tokenizer(TRANSLATOR)


@st.cache_resource(show_spinner=False)
def word_vectors() -> "WordVectors":
    """Raises core.words.WordsError, with a sentence for the page, if the file cannot be used."""
    from core import words

    return words.load()


@st.cache_resource(show_spinner=False)
def warm_up() -> Thread:
    """Import torch and load the model beside the first page, which shows its words meanwhile."""
    # Many sessions share the cores; one thread each is faster for all. Each run of a page is a new thread, and
    # torch.set_num_threads does not hold there for its matrix products.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    share_heaps()

    def load():
        import torch

        with torch.no_grad():
            model(DEFAULT)(torch.tensor([[1]]))

    thread = Thread(target=load, name="warm-up", daemon=True)
    thread.start()
    return thread


def share_heaps() -> None:
    """On Linux, two heaps for all threads: glibc gives each its own and keeps what it freed: 30 MB after a class."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
