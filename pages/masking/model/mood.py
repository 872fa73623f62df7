"""The mood of a sentence, read off word vectors on the line from “bad” to “good”: an example, not a good judge."""

from typing import NamedTuple

import numpy as np
import torch

from core import masks
from core.attention import attention
from core.words import WordVectors, unit

MOST_WORDS = 16


class Mood(NamedTuple):
    words: tuple[str, ...]
    own: np.ndarray  # (n,), of each word by itself
    seen: np.ndarray  # (2, n), of each word's output: without a mask, with the causal one
    backwards: np.ndarray  # (2, n), the same with the words in the opposite order
    unknown: tuple[str, ...]  # words that have no vector and are left out
    left_out: int  # words beyond MOST_WORDS

    @property
    def verdicts(self) -> tuple[float, float]:
        """The mean over the words' outputs, without and with the mask."""
        return tuple(self.seen.mean(-1).tolist())

    @property
    def backward_verdicts(self) -> tuple[float, float]:
        return tuple(self.backwards.mean(-1).tolist())


def mood(vectors: WordVectors, text: str) -> Mood:
    """One attention over the words of a text: queries, keys and values are the word vectors, scores are cosines.

    A vector's mood is how far it reaches along good − bad, scaled to length 1. Raises ValueError if no word is known.
    """
    words, unknown = vectors.sort_out(text)
    if not words:
        raise ValueError("None of these words has a vector here: type some plain English ones.")
    kept = words[:MOST_WORDS]
    x, axis = vectors.rows(kept), unit(vectors.vector("good") - vectors.vector("bad"))
    seen, backwards = (read(rows, axis) for rows in (x, x[::-1].copy()))
    return Mood(tuple(kept), x @ axis, seen, backwards, tuple(unknown), len(words) - len(kept))


def read(x: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """The mood of each output, without a mask and with the causal one: (n, d), (d,) -> (2, n)"""
    rows = torch.tensor(x)
    outputs = [attention(rows, rows, rows, mask, kind="cosine").output for mask in (None, masks.causal(len(x)))]
    return np.array([out.numpy() @ axis for out in outputs])
