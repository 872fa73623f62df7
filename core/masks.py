"""Who may look at whom. Every mask is bool, (..., t_q, t_k), without a head axis; True means "may look"."""

import re

import torch
from torch import Tensor

KINDS = ("none", "causal", "padding", "both", "window")


def causal(t_q: int, t_k: int | None = None) -> Tensor:
    """A token may look at itself and at what came before: (t_q, t_k), aligned at the bottom right.

    With t_k > t_q the queries are the last t_q of t_k tokens, as when the first ones are already in the cache.
    """
    t_k = t_q if t_k is None else t_k
    return torch.ones(t_q, t_k, dtype=torch.bool).tril(t_k - t_q)


def padding(lengths: Tensor, t: int) -> Tensor:
    """Nobody may look at the padding behind a sequence: lengths (batch,) -> (batch, 1, t).

    Raises ValueError if a length is outside 0..t.
    """
    lengths = torch.as_tensor(lengths)
    if lengths.numel() and (lengths.min() < 0 or lengths.max() > t):
        raise ValueError(f"lengths must lie between 0 and {t}; got {lengths.tolist()}.")
    return (torch.arange(t, device=lengths.device) < lengths[:, None])[:, None, :]


def sliding_window(t: int, window: int) -> Tensor:
    """A token may look at itself and at the window - 1 tokens before it (Longformer, Mistral): (t, t).

    Raises ValueError unless window >= 1.
    """
    if window < 1:
        raise ValueError(f"a window must hold at least the token itself; got {window}.")
    return causal(t).triu(1 - window)


def of_kind(kind: str, t: int, length: int | None = None, window: int = 3) -> Tensor:
    """The mask of that name for t tokens, of which the first `length` are no padding: (t, t).

    "both" is causal and padding together. Raises ValueError for a name that is not in KINDS.
    """
    if kind not in KINDS:
        raise ValueError(f"a mask must be one of {', '.join(KINDS)}; got {kind!r}.")
    if kind == "window":
        return sliding_window(t, window)
    mask = causal(t) if kind in ("causal", "both") else torch.ones(t, t, dtype=torch.bool)
    return mask & padding([t if length is None else length], t)[0] if kind in ("padding", "both") else mask


def write(mask: Tensor) -> str:
    """A mask (t, t) as a short text: a hexadecimal number a row, in which column j counts 2^j. Causal is 1-3-7-f."""
    return "-".join(f"{sum(2**j for j, may in enumerate(row) if may):x}" for row in mask.tolist())


def read(text: str, t: int) -> Tensor:
    """The mask that `write` wrote, for t tokens: what it does not say is causal, what does not fit is left out. (t, t)

    Raises ValueError, with a sentence, if it is no such text.
    """
    if not re.fullmatch("[0-9a-f]{1,32}(-[0-9a-f]{1,32}){0,127}", text):
        raise ValueError(f"“{text[:40]}” is no mask: it should be one hexadecimal number a row, such as 1-3-7.")
    rows, mask = [int(row, 16) for row in text.split("-")], causal(t)
    n = min(t, len(rows))
    mask[:n, :n] = torch.tensor([[bool(row >> j & 1) for j in range(n)] for row in rows[:n]])
    return mask
