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
    unknown: tuple[str, ...]  # words that have no vector and are left out
    left_out: int  # words beyond MOST_WORDS

    @property
    def verdicts(self) -> tuple[float, float]:
        """The mean over the words' outputs, without and with the mask."""
        return tuple(self.seen.mean(-1).tolist())


def mood(vectors: WordVectors, text: str) -> Mood:
    """One attention over the words of a text: queries, keys and values are the word vectors, scores are cosines.

    A vector's mood is how far it reaches along good − bad, scaled to length 1. Raises ValueError if no word is known.
    """
    words, unknown = vectors.sort_out(text)
    if not words:
        raise ValueError("None of these words has a vector here: type some plain English ones.")
    kept = words[:MOST_WORDS]
    x, axis = vectors.rows(kept), unit(vectors.vector("good") - vectors.vector("bad"))
    rows = torch.tensor(x)
    outputs = [attention(rows, rows, rows, mask, kind="cosine").output for mask in (None, masks.causal(len(kept)))]
    seen = np.array([out.numpy() @ axis for out in outputs])
    return Mood(tuple(kept), x @ axis, seen, tuple(unknown), len(words) - len(kept))
