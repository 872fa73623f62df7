"""The leak: one word is replaced, and what other positions say moves, unless a mask keeps it from them."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from core.attention import similarity, softmax
from pages.masking.model.example import look, padded, project, zero_after
from pages.shared.model.hand import Hand

if TYPE_CHECKING:
    from core.transformer import Decoder


def by_hand(hand: Hand, position: int, vector: np.ndarray, mask: Tensor) -> np.ndarray:
    """How far each output moves when the word at `position` gets another vector (d,). mask (t, t) -> (3, t)

    Without a mask; with −∞ before the softmax; with 0 after it. Far is the length of the difference.
    """
    pads = len(mask) - len(hand.words)
    other = hand.x.copy()
    other[position] = vector
    before, after = (outputs(*project(padded(x, pads), hand), mask) for x in (hand.x, other))
    return np.array([(b - a).norm(dim=-1).tolist() for a, b in zip(before, after, strict=True)])


def outputs(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> list[Tensor]:
    """The output (t, d_v) without a mask, with it before the softmax, and with it after."""
    scores = similarity(q, k)
    return [softmax(scores) @ v, look(scores, v, mask).output, zero_after(scores, mask) @ v]


@lru_cache(maxsize=16)  # a few numbers each
def by_model(model: "Decoder", ids: tuple[int, ...], position: int, token: int) -> np.ndarray:
    """How far each position's prediction moves when the token at `position` becomes `token`: (2, t).

    With the mask lifted in all layers; with the model's own, causal. Far is the total variation: half the sum of the
    differences of all probabilities, from 0 (the same) to 1 (nothing in common).
    """
    other = (*ids[:position], token, *ids[position + 1 :])
    free = torch.ones(len(ids), len(ids), dtype=torch.bool)
    moved = []
    for mask in (free, None):
        with torch.no_grad():
            was, now = (softmax(model(torch.tensor([i]), mask).logits[0]) for i in (ids, other))
        moved.append(((was - now).abs().sum(-1) / 2).tolist())
    found = np.array(moved)
    found.setflags(write=False)
    return found
