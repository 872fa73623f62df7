"""Does attention notice the order of its words? The same words in two orders, with and without positions.

Self-attention treats its rows alike: put them in another order, and the outputs come in that order, each unchanged.
Positions break that, and so does a causal mask, which lets the first look at one token and the last at all.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import functional_call

from core import masks, positions
from core.attention import AttentionTrace, attention
from core.transformer import Decoder
from pages.shared.model.hand import Hand

# No positions, no positions but a causal mask, with positions: the kind, and whether the mask is there.
HAND_SETTINGS = {"none": ("none", False), "causal": ("none", True), "told": ("sinusoidal", False)}
MODEL_SETTINGS = {"none": ("none", False), "causal": ("none", True), "told": ("learned", True)}
HAND_KINDS = ("none", "sinusoidal", "rotary", "alibi")
MODEL_KINDS = ("learned", *HAND_KINDS)
EDITABLE = ("x", "w_q", "w_k", "w_v")  # of the numbers by hand, as `Hand` names them
SLOPES = positions.slopes(8)  # by hand there is one head: ALiBi gives it the slope of head 1 of 8


class Moved(NamedTuple):
    """What became of the same tokens in two orders: row i of both belongs to the token that comes i-th in the first."""

    one: Tensor  # (t, d)
    other: Tensor  # (t, d)
    weights: tuple[Tensor, Tensor]  # (..., t, t), rows and columns likewise

    @property
    def distances(self) -> list[float]:
        """How far each token's output lies from what it was in the first order."""
        return (self.one - self.other).double().norm(dim=-1).tolist()


class Run(NamedTuple):
    weights: Tensor  # (n_layers, n_heads, t, t)
    output: Tensor  # (t, d_model), after the last norm


def orders(n: int) -> list[tuple[int, ...]]:
    """Other orders of n words, the reverse first: all there are of up to three, else four that differ."""
    first = tuple(range(n))
    if n <= 3:
        return [order for order in sorted(permutations(first), reverse=True) if order != first]
    swapped = (n - 1, *first[1:-1], 0)
    return [first[::-1], swapped, (*first[1:], 0), (*first[n // 2 :], *first[: n // 2])]


def back(x: Tensor, order: Sequence[int], *axes: int) -> Tensor:
    """Undo an order: what belongs to the token that came i-th at first comes i-th again, along these axes."""
    places = torch.tensor(order).argsort()
    for axis in axes:
        x = x.index_select(axis, places)
    return x


def hand_table(kind: str, t: int, width: int) -> Tensor | None:
    """What is added to the words: (t, width), or None if nothing is. Raises ValueError for an odd width."""
    return positions.sinusoidal(t, width, dtype=torch.float64) if kind == "sinusoidal" else None


def hand_head(
    example: Hand,
    kind: str = "none",
    order: Sequence[int] | None = None,
    masked: bool = False,
    slope: float = SLOPES[0],
) -> AttentionTrace:
    """One head on the words by hand, in any order, with one kind of positions. q, k, v (t, d)"""
    x = torch.tensor(example.x[list(range(len(example.words)) if order is None else order)])
    t, width = x.shape
    table = hand_table(kind, t, width)
    x = x if table is None else x + table
    q, k, v = (x @ torch.from_numpy(w) for w in (example.w_q, example.w_k, example.w_v))
    if kind == "rotary":
        q, k = positions.rotary(q), positions.rotary(k)
    bias = slope * penalty(t) if kind == "alibi" else None
    return attention(q, k, v, masks.causal(t) if masked else None, bias=bias)


def penalty(t: int) -> Tensor:
    """Minus the distance of query and key: ALiBi before its slope. (t, t)"""
    return positions.alibi(8, t, t, torch.float64)[0] / SLOPES[0]


def hand_moves(example: Hand, order: Sequence[int]) -> dict[str, Moved]:
    """Every setting: the words as they stand, and in another order."""

    def moved(kind: str, masked: bool) -> Moved:
        one, other = hand_head(example, kind, None, masked), hand_head(example, kind, order, masked)
        weights = one.weights, back(other.weights, order, -2, -1)
        return Moved(one.output, back(other.output, order, -2), weights)

    return {name: moved(*how) for name, how in HAND_SETTINGS.items()}


@lru_cache(maxsize=16)  # of few tokens: some hundred KB each
def run(model: Decoder, ids: tuple[int, ...], kind: str = "learned", masked: bool = True) -> Run:
    """A trained decoder with its rows of positions, without them, or with another kind in their place; masked or not.

    With "learned" and the mask it is the model itself. ALiBi and rotary positions then act in every layer.
    """
    t, c = len(ids), model.config
    learned = model.embedding.positions
    tables = {"learned": learned, "sinusoidal": positions.sinusoidal(c.context, c.d_model)}
    table = tables.get(kind, torch.zeros_like(learned))
    how = {"rotary": {"rotate": positions.rotary}, "alibi": {"bias": positions.alibi(c.n_heads, t, t)}}
    mask = masks.causal(t) if masked else torch.ones(t, t, dtype=torch.bool)
    with torch.no_grad():
        weights = {"embedding.positions": table}
        trace = functional_call(model, weights, (torch.tensor([ids]),), {"mask": mask, **how.get(kind, {})})
    return Run(torch.cat([block.attention.heads.weights for block in trace.blocks]), trace.output[0])


def model_moves(model: Decoder, ids: tuple[int, ...], order: Sequence[int]) -> dict[str, Moved]:
    """Every setting in a model with learned positions; the last one is the model as it was trained."""
    shuffled = tuple(ids[i] for i in order)

    def moved(kind: str, masked: bool) -> Moved:
        one, other = run(model, ids, kind, masked), run(model, shuffled, kind, masked)
        return Moved(one.output, back(other.output, order, -2), (one.weights, back(other.weights, order, -2, -1)))

    return {name: moved(*how) for name, how in MODEL_SETTINGS.items()}


def model_orders(t: int) -> dict[str, tuple[int, ...]]:
    """Other orders of t tokens by name; the start token stays in front. {} if there is no other."""
    words = tuple(range(1, t))
    if len(words) < 2:
        return {}
    half = len(words) // 2
    swapped = (words[-1], *words[1:-1], words[0])
    return {
        "reversed": (0, *reversed(words)),
        "halves": (0, *words[half:], *words[:half]),
        "ends": (0, *swapped),
    }
