"""A drawn mask as a short text for the link, and back."""

import re

import torch
from torch import Tensor

from core.masks import causal


def write(mask: Tensor) -> str:
    """A mask (t, t) as a short text: a hexadecimal number a row, in which column j counts 2^j. Causal is 1-3-7-f."""
    return "-".join(f"{sum(2**j for j, may in enumerate(row) if may):x}" for row in mask.tolist())


def read(text: str, t: int) -> Tensor:
    """The mask that `write` wrote, for t tokens: what it does not say is causal, what does not fit is left out. (t, t)

    Raises ValueError, with a sentence, if it is no such text.
    """
    if not re.fullmatch("[0-9a-f]+(-[0-9a-f]+)*", text):
        raise ValueError(f"“{text[:40]}” is no mask: it should be one hexadecimal number a row, such as 1-3-7.")
    digits = t // 4 + 1  # of a row, from its end: more would say nothing of t tokens, however long the text
    rows, mask = [int(row[-digits:], 16) for row in text.split("-", t)[:t]], causal(t)
    n = len(rows)
    mask[:n, :n] = torch.tensor([[bool(row >> j & 1) for j in range(n)] for row in rows], dtype=torch.bool)
    return mask
