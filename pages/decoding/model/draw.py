"""The draw of a step: the random number that makes it, and the line of probabilities on which it falls."""

from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from core.decoding import ranked


class Segment(NamedTuple):
    """A stretch of the line from 0 to 1 on which a draw falls."""

    tokens: tuple[int, ...]
    start: float
    end: float


def nth_draw(seed: int, n: int) -> float:
    """The random number of step n (from 0) of `sample`, if its generator starts from this seed."""
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n + 1, generator=generator, dtype=torch.float64)[n].item()


def laid_out(probs: Tensor, alone: Collection[int], top: int) -> list[Segment]:
    """The kept tokens end to end, as `draw_from` sees them: the `top` largest and `alone`, the others joined."""
    order = ranked(probs)[: int((probs > 0).sum())]
    reached = probs[order].double().cumsum(0)
    ends = [0.0, *(reached / reached[-1]).tolist()]
    at = [i for i, token in enumerate(order.tolist()) if token in alone]
    cuts = sorted({*range(min(top, len(order)) + 1), *at, *(i + 1 for i in at), len(order)})
    return [Segment(tuple(order[i:j].tolist()), ends[i], ends[j]) for i, j in pairwise(cuts)]
