"""Many heads by hand: an example whose numbers fit on a board, and what heads cost.

The example is "You love statistics", with four numbers a word: two for what it means, one for its place, one that says
"verb". Its weights are set by hand so that head 1 of "love" asks who loves, and head 2 what is loved.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch

from core.attention import MultiHeadTrace, multi_head_attention
from pages.shared.model import edits as changes
from pages.shared.model.edits import Edits
from pages.shared.model.hand import Hand

WIDTH = 4  # d_model
HEADS = (1, 2, 4)
FEATURES = ("m1", "m2", "place", "verb")  # two numbers of meaning

W_Q = np.array([[0.0, 0, 0, 0], [0, 0, 0, 0], [0, -3, 0, 3], [-6, 0, 6, 0]])
W_K = np.array([[0.0, 0, 0, 0], [0, 0, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1]])
W_V = np.array([[1.0, 0, 1, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
W_O = np.array([[0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0.5, 0, -0.5, 0], [0, 0.5, 0, -0.5]])

MEANINGS = {"you": (1.0, 1.0), "kids": (1.0, -1.0), "statistics": (-1.0, 1.0), "cats": (-1.0, -1.0)}
VERB = (0.5, 0.5, 0.0, 1.0)


def sentence(who: str, what: str) -> np.ndarray:
    """The vectors of "who love what": (3, 4)"""
    return np.array([[*MEANINGS[who], -1, 0], VERB, [*MEANINGS[what], 1, 0]])


LOVE = Hand(("You", "love", "statistics"), sentence("you", "statistics"), W_Q, W_K, W_V)
SWAPPED = Hand(("Statistics", "love", "you"), sentence("statistics", "you"), W_Q, W_K, W_V)
PRESETS = {" ".join(example.words): example for example in (LOVE, SWAPPED)}


class Numbers(NamedTuple):
    """What a learner may change, float64 NumPy; all weights are (4, 4)."""

    x: np.ndarray  # (words, 4)
    w_q: np.ndarray
    w_k: np.ndarray
    w_v: np.ndarray
    w_o: np.ndarray


NAMES = Numbers("X", "W_q", "W_k", "W_v", "W_o")  # in links and on panels


def numbers(example: Hand, edits: Edits | None = None) -> Numbers:
    """The numbers of the example, with what was changed put in."""
    given = Numbers(example.x, example.w_q, example.w_k, example.w_v, W_O)
    return Numbers(*(changes.apply(name, x, edits or {}) for name, x in zip(NAMES, given, strict=True)))


def shapes(example: Hand) -> Mapping[str, tuple[int, int]]:
    """By the names in links: which cells there are to change."""
    return {name: x.shape for name, x in zip(NAMES, numbers(example), strict=True)}


def run(given: Numbers, n_heads: int, n_kv_heads: int | None = None) -> MultiHeadTrace:
    """The heads at work, float64: heads.q (n_heads, words, d_head) and so on.

    With fewer key-value heads than heads, W_k and W_v keep only their first columns.
    """
    d_head = WIDTH // n_heads
    kept = (n_kv_heads or n_heads) * d_head
    x, w_q, w_k, w_v, w_o = map(torch.from_numpy, given)
    k, v = w_k[:, :kept], w_v[:, :kept]
    return multi_head_attention(x, x, w_q, k, v, w_o, n_heads, n_kv_heads=n_kv_heads)


def divisors(n: int) -> list[int]:
    return [i for i in range(1, n + 1) if n % i == 0]


# What heads cost


def parameters(d_model: int, n_heads: int, d_head: int, n_kv_heads: int | None = None) -> int:
    """Numbers in W_q, W_k, W_v and W_o, without biases."""
    return 2 * d_model * d_head * (n_heads + (n_kv_heads or n_heads))


class Split(NamedTuple):
    """One way to split a width into heads."""

    n_heads: int
    d_head: int
    parameters: int
    products: int  # multiplications for the scores of one query with one key, all heads together
    weights: int  # of one query on one key: one from each head
    wide: int  # parameters, if every head were as wide as the model


def splits(d_model: int, most: int = 64) -> list[Split]:
    """Every number of heads, doubling, that divides the width evenly."""
    found = []
    for h in (2**i for i in range(most.bit_length())):
        if d_model % h == 0 and h <= most:
            d = d_model // h
            found.append(Split(h, d, parameters(d_model, h, d), h * d, h, parameters(d_model, h, d_model)))
    return found


class Shape(NamedTuple):
    """What decides the size of a KV cache."""

    n_layers: int
    n_heads: int
    n_kv_heads: int
    d_head: int
    context: int  # tokens
    bytes: int  # of one number

    def cache(self, n_kv_heads: int, tokens: int) -> int:
        """Bytes: a key and a value for each layer, key-value head and token (arXiv 2305.13245)."""
        return 2 * self.n_layers * n_kv_heads * self.d_head * tokens * self.bytes

    @property
    def choices(self) -> list[int]:
        """Key-value heads: one each, a few in between, one for all."""
        between = {self.n_kv_heads, *(self.n_heads // i for i in (2, 8) if self.n_heads % i == 0)}
        return sorted({self.n_heads, *between, 1}, reverse=True)


def written(n_bytes: int) -> str:
    """Bytes as people say them: 512 bytes, 327.7 kB, 1.34 GB."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{n_bytes / size:.3g} {unit}" if n_bytes < 1000 * size else f"{n_bytes / size:,.0f} {unit}"
    return f"{n_bytes} bytes"


PUBLISHED = {
    "GPT-2 small": Shape(12, 12, 12, 64, 1024, 4),
    "GPT-3 175B": Shape(96, 96, 96, 128, 2048, 2),
    "Llama-2 70B": Shape(80, 64, 8, 128, 4096, 2),
}
PAPER = ((1, 24.9), (4, 25.5), (8, 25.8), (16, 25.8), (32, 25.4))  # heads, BLEU: arXiv 1706.03762, table 3, rows (A)
