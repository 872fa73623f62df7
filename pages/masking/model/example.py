"""Masking taken apart: an example for paper, and what people do in place of −∞ before the softmax."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core import masks
from core.attention import attention, hide, similarity, softmax
from pages.shared.model.hand import Hand

GREETING = Hand(
    ("Hi", ",", "How", "are", "you", "?"),
    np.array(
        [[1.4, 0.2, -0.5], [0.2, -0.4, 0.3], [0.5, 1.3, 0.4], [-0.3, 0.8, 1.2], [1.1, -0.6, 1.5], [-0.7, 1.0, 0.6]]
    ),
    np.array([[0.2, 0.9, -0.3], [0.7, -0.8, 0.5], [0.6, 0.1, 0.9]]),
    np.array([[-0.4, 0.8, 0.1], [0.9, -0.2, 0.4], [0.5, 0.3, 1.0]]),
    np.array([[1.0, -0.2, 0.0], [0.3, 0.8, -0.5], [0.0, 0.4, 1.0]]),
)


class Look(NamedTuple):
    """An attention from its scores on, as the lesson shows it."""

    scores: Tensor  # (t, t)
    mask: Tensor  # (t, t), True = may look
    weights: Tensor  # (t, t)
    v: Tensor  # (t, d_v)
    output: Tensor  # (t, d_v)

    @property
    def masked(self) -> Tensor:
        return hide(self.scores, self.mask)

    @property
    def blind(self) -> list[int]:
        """Rows with nothing to look at."""
        return (~self.mask.any(-1)).nonzero().flatten().tolist()


def look(scores: Tensor, v: Tensor, mask: Tensor) -> Look:
    """softmax(masked scores) v: (t, t), (t, d_v), (t, t) -> Look. A row with nothing to look at yields zeros."""
    weights = softmax(hide(scores, mask))
    return Look(scores, mask, weights, v, weights @ v)


def project(x: np.ndarray, hand: Hand) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of vectors (..., t, d), by the example's weights, float64."""
    rows = torch.tensor(x, dtype=torch.float64)
    return tuple(rows @ torch.tensor(w, dtype=torch.float64) for w in (hand.w_q, hand.w_k, hand.w_v))


def padded(x: np.ndarray, pads: int) -> np.ndarray:
    """Zero vectors behind the words': (n, d) -> (n + pads, d)"""
    return np.vstack([x, np.zeros((pads, x.shape[1]))])


def by_hand(hand: Hand, pads: int = 0) -> tuple[Tensor, Tensor]:
    """Scores (t, t) and values (t, d_v) of the example, padding included."""
    q, k, v = project(padded(hand.x, pads), hand)
    return similarity(q, k), v


def zero_after(scores: Tensor, mask: Tensor) -> Tensor:
    """What goes wrong: all scores take part in the softmax, and the forbidden shares are crossed out behind it."""
    return softmax(scores) * mask


class Row(NamedTuple):
    """One query's shares in three ways, each (t,); they differ in when the mask comes."""

    before: Tensor  # −∞ before the softmax
    after: Tensor  # 0 after it
    again: Tensor  # 0 after it, then divided by what is left
    hidden: float  # what the forbidden keys took in `after`: the row sums to 1 less this


def row(at: Look, query: int) -> Row:
    """The row of `query` in three ways."""
    after = zero_after(at.scores, at.mask)[query]
    left = after.sum()
    again = after / left if left > 0 else after
    return Row(at.weights[query], after, again, float(softmax(at.scores)[query][~at.mask[query]].sum()))


class Filling(NamedTuple):
    """What a number does that stands for “no”. None where PyTorch refuses it."""

    name: str
    format: str
    number: float  # what becomes of it in its format; NaN if it is not even a number there
    hidden: float | None  # the weight that forbidden keys get in the row
    total: float | None  # what the row sums to
    blind: tuple[float, ...] | None  # the weights of the same row, if every key is forbidden
    refused: str = ""  # PyTorch's own sentence


def replaced(fill: float, kind: torch.dtype) -> Callable[[Tensor, Tensor], Tensor]:
    """The scores with `fill` in place of the forbidden ones."""
    return lambda scores, mask: scores.to(kind).masked_fill(~mask, fill)


def added(fill: float, kind: torch.dtype, times: int = 1) -> Callable[[Tensor, Tensor], Tensor]:
    """The scores plus (1 − mask) · fill, `times` times: as code does it that keeps masks as numbers."""

    def put(scores: Tensor, mask: Tensor) -> Tensor:
        for _ in range(times):
            scores = scores.to(kind) + (1 - mask.to(kind)) * torch.tensor(fill, dtype=kind)
        return scores

    return put


HALF, SINGLE = torch.float16, torch.float32
LOWEST = torch.finfo(HALF).min
WAYS = (  # name, the number, its format, what is done with it
    ("−∞ put in place", -math.inf, HALF, replaced(-math.inf, HALF)),
    ("−1e9 put in place", -1e9, SINGLE, replaced(-1e9, SINGLE)),
    ("−1e9 put in place", -1e9, HALF, replaced(-1e9, HALF)),
    ("(1 − mask) · −1e9 added", -1e9, SINGLE, added(-1e9, SINGLE)),
    ("(1 − mask) · −1e9 added", -1e9, HALF, added(-1e9, HALF)),
    ("(1 − mask) · −10,000 added", -1e4, SINGLE, added(-1e4, SINGLE)),
    ("the lowest number added", LOWEST, HALF, added(LOWEST, HALF)),
    ("the lowest number added twice", LOWEST, HALF, added(LOWEST, HALF, times=2)),
)


def fillings(scores: Tensor, mask: Tensor) -> list[Filling]:
    """Each of WAYS tried on one row, scores (t,) and mask (t,), and on the same row with every key forbidden."""
    return [filling(scores, mask, *way) for way in WAYS]


def filling(scores: Tensor, mask: Tensor, name: str, fill: float, kind: torch.dtype, put: Callable) -> Filling:
    form, number = str(kind).removeprefix("torch."), torch.tensor(fill, dtype=kind).item()
    try:
        weights = torch.softmax(put(scores, mask), -1).double()
        nothing = torch.softmax(put(scores, torch.zeros_like(mask)), -1).double()
    except RuntimeError as error:
        return Filling(name, form, number, None, None, None, str(error))
    return Filling(name, form, number, weights[~mask].sum().item(), weights.sum().item(), tuple(nothing.tolist()))


class Batch(NamedTuple):
    """Two sentences in one batch; the shorter one, seen with and without the padding mask."""

    shorter: int  # 0 or 1
    length: int  # its words
    open: Tensor  # its weights without a mask, (t, t)
    masked: Tensor  # and with the padding mask
    moved: np.ndarray  # (2, length): how far each word's output is from the one it has alone; without, with the mask


def batch(hand: Hand, xs: Sequence[np.ndarray]) -> Batch:
    """xs: two sentences' vectors, (n_1, d) and (n_2, d), by the example's weights; padding has the zero vector."""
    lengths = [len(x) for x in xs]
    t, shorter = max(lengths), int(lengths[1] <= lengths[0])
    n = lengths[shorter]
    q, k, v = project(np.stack([padded(x, t - len(x)) for x in xs]), hand)
    found = [attention(q, k, v, mask) for mask in (None, masks.padding(torch.tensor(lengths), t))]
    alone = attention(*project(xs[shorter], hand)).output
    moved = [(trace.output[shorter, :n] - alone).norm(dim=-1).tolist() for trace in found]
    return Batch(shorter, n, *(trace.weights[shorter] for trace in found), np.array(moved))
