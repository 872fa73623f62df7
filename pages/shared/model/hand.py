"""Examples small enough for paper: a few words, a few dimensions, every number on the table.

A preset brings vectors and weights of its own. Any other sentence takes its vectors from the first principal axes of
the word vectors, with two decimals, and its weights from a seed.
"""

from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import category, name

import numpy as np

from core.text import words
from core.words import WordVectors

MOST_WORDS = 8  # more do not fit on a board
WIDTH = 3
UNSPACED = ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")


class Hand(NamedTuple):
    words: tuple[str, ...]
    x: np.ndarray  # (words, d)
    w_q: np.ndarray  # (d, d_k)
    w_k: np.ndarray  # (d, d_k)
    w_v: np.ndarray  # (d, d_v)
    unknown: tuple[str, ...] = ()  # words that have no vector: they stand at the origin
    left_out: int = 0  # words beyond MOST_WORDS

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"{i} {word}" for i, word in enumerate(self.words))


LOVE = Hand(
    ("You", "love", "statistics"),
    np.array([[1.0, 0.0, 0.5], [0.5, 1.0, 0.0], [0.0, 1.0, 1.0]]),
    np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [0.5, 0.5, 0.0]]),
    np.array([[0.5, 0.0, 1.0], [1.0, 0.5, 0.0], [0.0, 1.0, 0.5]]),
    np.array([[0.2, 0.8, 0.0], [0.0, 0.5, 1.0], [1.0, 0.0, 0.4]]),
)
PRESETS = {" ".join(LOVE.words): LOVE}


def unspaced(word: str) -> bool:
    """Whether it is of a script that writes no spaces between words, so that it may be a whole sentence."""
    return any(name(c, "").startswith(UNSPACED) for c in word)


def without_marks(words: Sequence[str]) -> list[str]:
    """No punctuation, for which no vector is known and on paper is no room; unless there is nothing else."""
    return [word for word in words if not category(word[0]).startswith("P")] or list(words)


def example(text: str, vectors: WordVectors, seed: int = 1, width: int = WIDTH) -> Hand:
    """The sentence as an example for paper. A preset keeps its own numbers, whatever the seed.

    Raises ValueError if there is no word in the text.
    """
    found = without_marks(words(text))
    if " ".join(found) in PRESETS and width == WIDTH:
        return PRESETS[" ".join(found)]
    if not found:
        raise ValueError("There is no word to look at: type a sentence.")
    kept = found[:MOST_WORDS]
    known = [w.lower() in vectors.index for w in kept]
    rows = [vectors.vector(w.lower())[:width] if k else np.zeros(width) for w, k in zip(kept, known, strict=True)]
    x = np.stack(rows).astype(np.float64)
    x = np.round(x / (np.abs(x).max() or 1.0) * 2, 2) + 0.0  # the largest number becomes 2; no minus zero
    w_q, w_k, w_v = weights(seed, width)
    unknown = tuple(w for w, k in zip(kept, known, strict=True) if not k)
    return Hand(tuple(kept), x, w_q, w_k, w_v, unknown, len(found) - len(kept))


def weights(seed: int, width: int, count: int = 3) -> list[np.ndarray]:
    """`count` matrices (width, width) of numbers between -1 and 1 with one decimal, drawn from the seed."""
    generator = np.random.default_rng(seed)
    return [np.round(generator.uniform(-1, 1, (width, width)), 1) + 0.0 for _ in range(count)]
