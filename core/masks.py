"""Who may look at whom. Every mask is bool, (..., t_q, t_k), without a head axis; True means "may look"."""

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
