"""Attention, from similarity to many heads: the equations of "Attention Is All You Need", section 3.2.

Every function returns what it did. A trace is the computation that a model ran: there is no other path.
Masks are bool and True means "may look", as in `torch.nn.functional.scaled_dot_product_attention`
(`torch.nn.MultiheadAttention` has it the other way round).
"""

import math
from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import torch
from torch import Tensor, nn

KINDS = ("dot", "cosine", "scaled_dot")
PRECISE = (torch.float32, torch.float64)
NEVER = torch.tensor(-torch.inf)


class AttentionTrace(NamedTuple):
    """One attention, step by step. Leading axes (batch, head) come first in every tensor."""

    q: Tensor  # (..., t_q, d)
    k: Tensor  # (..., t_k, d)
    v: Tensor  # (..., t_k, d_v)
    scores: Tensor  # (..., t_q, t_k), before the mask
    mask: Tensor | None  # broadcasts to the scores; True = may look
    weights: Tensor  # (..., t_q, t_k), each row sums to 1 (or to 0 where nothing may be looked at)
    output: Tensor  # (..., t_q, d_v)

    @property
    def masked(self) -> Tensor:
        """The scores with -inf wherever the mask forbids to look."""
        return hide(self.scores, self.mask)


class MultiHeadTrace(NamedTuple):
    """All heads of one layer; `heads` has a head axis: (batch, head, query, key)."""

    heads: AttentionTrace
    concat: Tensor  # (..., t_q, n_heads * d_v)
    output: Tensor  # (..., t_q, d_model)


class KeysValues(NamedTuple):
    """Keys and values of tokens already read, one set per key-value head (not yet repeated for grouped queries)."""

    k: Tensor  # (..., n_kv_heads, t_past, d)
    v: Tensor  # (..., n_kv_heads, t_past, d_v)

    def then(self, k: Tensor, v: Tensor) -> "KeysValues":
        """These, and behind them the keys and values of new tokens."""
        return KeysValues(torch.cat([self.k, k], -2), torch.cat([self.v, v], -2))


def precisely(function: Callable) -> Callable:
    """Compute in float32 what comes in float16, bfloat16 or whole numbers; floats are given back in their own format.

    float16 ends at 65,504. Sums of products pass that before they are divided by √d, and so do sums of many powers.
    """

    @wraps(function)
    def computed(first: Tensor, *others, **named):
        if first.dtype in PRECISE:
            return function(first, *others, **named)
        kept = first.dtype if first.dtype.is_floating_point else torch.float32
        given = (x.float() if isinstance(x, Tensor) and x.dtype != torch.bool else x for x in (first, *others))
        found = function(*given, **named)
        if isinstance(found, Tensor):
            return found.to(kept)
        return type(found)(*(x if x is None or x.dtype == torch.bool else x.to(kept) for x in found))

    return computed


def unit(x: Tensor) -> Tensor:
    """Vectors scaled to length 1; the zero vector stays zero. (..., d) -> (..., d)"""
    largest = x.abs().amax(-1, keepdim=True)
    x = x / largest.where(largest > 0, 1)  # first, so that the squares of 1e300 do not overflow
    length = x.norm(dim=-1, keepdim=True)
    return x / length.where(length > 0, 1)


@precisely
def similarity(q: Tensor, k: Tensor, kind: str = "scaled_dot") -> Tensor:
    """How well each query matches each key. (..., t_q, d), (..., t_k, d) -> (..., t_q, t_k)

    "dot": q·k;  "cosine": q·k / (|q||k|), from -1 to 1, and 0 with a zero vector;  "scaled_dot": q·k / √d (equation 1).
    Raises ValueError for another kind, for vectors of different widths and for vectors without a number.
    """
    if kind not in KINDS:
        raise ValueError(f"similarity must be one of {', '.join(KINDS)}; got {kind!r}.")
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(f"queries and keys must be equally wide; got {q.shape[-1]} and {k.shape[-1]}.")
    if not q.shape[-1]:
        raise ValueError("queries and keys need at least one number each; got vectors of width 0.")
    if kind == "cosine":
        q, k = unit(q), unit(k)
    scores = q @ k.mT
    return scores / math.sqrt(q.shape[-1]) if kind == "scaled_dot" else scores


def hide(scores: Tensor, mask: Tensor | None) -> Tensor:
    """Scores with -inf where the mask is False: e^-inf is 0, so the softmax gives such a key nothing."""
    return scores if mask is None else scores.where(mask, NEVER)


@precisely
def softmax(scores: Tensor, temperature: float = 1.0) -> Tensor:
    """Shares that sum to 1 over the last axis: e^(s/T) / Σ e^(s/T). (..., n) -> (..., n)

    The largest score is subtracted first, which changes no share and keeps e^s from overflowing.
    A row of only -inf gives zeros. Raises ValueError unless temperature is finite and above 0.
    """
    if not 0 < temperature < math.inf:
        raise ValueError(f"temperature must be finite and above 0; got {temperature}.")
    if not scores.numel() or (temperature == 1 and math.isfinite(scores.amin().item())):
        return scores.softmax(-1)  # torch does the same in one operation, but makes NaN of a row of only -inf
    peak = scores.detach().amax(-1, keepdim=True).clamp(min=torch.finfo(scores.dtype).min)  # finite where all is -inf
    powers = ((scores - peak) / max(temperature, torch.finfo(scores.dtype).tiny)).exp()  # less would count as 0
    return powers / powers.sum(-1, keepdim=True).clamp(min=1)  # the peak's share of the sum is e^0 = 1: only 0 changes


def slope(shares: Tensor) -> Tensor:
    """How strongly shares answer to their scores: Σ p(1 - p), the trace of softmax's Jacobian. (..., n) -> (...)

    At most 1 - 1/n, where all shares are equal; 0 where one has all.
    """
    return (shares * (1 - shares)).sum(-1)


@precisely
def attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | None = None,
    *,
    bias: Tensor | None = None,
    kind: str = "scaled_dot",
    temperature: float = 1.0,
) -> AttentionTrace:
    """Weigh the values by how well each query matches each key: softmax(q kᵀ / √d) v (equation 1).

    q (..., t_q, d), k (..., t_k, d), v (..., t_k, d_v) -> output (..., t_q, d_v). `bias` is added to the scores
    (ALiBi, or one score changed by hand). A row with nothing to look at yields zeros. Raises ValueError unless there
    are as many keys as values, and as `similarity` and `softmax` do.
    """
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"each key needs one value; got {k.shape[-2]} keys and {v.shape[-2]} values.")
    scores = similarity(q, k, kind)
    if bias is not None:
        scores = scores + bias
    weights = softmax(hide(scores, mask), temperature)
    return AttentionTrace(q, k, v, scores, mask, weights, weights @ v)


def split_heads(x: Tensor, n_heads: int) -> Tensor:
    """(..., t, n_heads * d) -> (..., n_heads, t, d). Raises ValueError if the width cannot be split so."""
    if n_heads < 1 or x.shape[-1] % n_heads:
        raise ValueError(f"a width of {x.shape[-1]} cannot be split into {n_heads} heads.")
    return x.view(*x.shape[:-1], n_heads, x.shape[-1] // n_heads).transpose(-3, -2)


def join_heads(x: Tensor) -> Tensor:
    """(..., n_heads, t, d) -> (..., t, n_heads * d)"""
    return x.transpose(-3, -2).flatten(-2)


def multi_head_attention(
    x: Tensor,
    memory: Tensor | None,
    w_q: Tensor,
    w_k: Tensor,
    w_v: Tensor,
    w_o: Tensor | None,
    n_heads: int,
    mask: Tensor | None = None,
    *,
    biases: tuple[Tensor | None, Tensor | None, Tensor | None, Tensor | None] | None = None,
    n_kv_heads: int | None = None,
    rotate: Callable[[Tensor], Tensor] | None = None,
    bias: Tensor | None = None,
    past: KeysValues | None = None,
    kind: str = "scaled_dot",
    temperature: float = 1.0,
) -> MultiHeadTrace:
    """Several attentions side by side, joined and projected: Concat(head_1, ..., head_h) W_o (section 3.2.2).

    Queries come from x (..., t_q, d_model); keys and values from memory (..., t_k, d_model): x itself in
    self-attention, the encoder's output in cross-attention, None when `past` already holds all there is to look at.
    Weights are (d_in, d_out), applied as x @ w; `biases` are those of q, k, v and o. w_o=None leaves the concatenation.
    Grouped queries (arXiv 2305.13245): n_kv_heads < n_heads; each key-value head serves n_heads / n_kv_heads queries.
    `rotate` turns new queries and keys (rotary positions); `bias` (n_heads, t_q, t_k) is added to the scores;
    `past` holds the keys and values of earlier tokens. The mask has no head axis: (..., t_q, t_k).
    Raises ValueError where the heads do not divide, for a mask with a head axis, and where there is nothing to look at.
    """
    n_kv_heads = n_heads if n_kv_heads is None else n_kv_heads
    if n_kv_heads < 1 or n_heads % n_kv_heads:
        raise ValueError(f"{n_heads} query heads cannot share {n_kv_heads} key-value heads evenly.")
    if mask is not None and mask.dim() > max(2, x.dim()):
        raise ValueError(f"a mask is (..., t_q, t_k), without a head axis; got {tuple(mask.shape)}.")
    if memory is None and past is None:
        raise ValueError("there is nothing to look at: give a memory, or keys and values of the past.")
    b_q, b_k, b_v, b_o = biases or (None, None, None, None)
    turn = rotate or (lambda heads: heads)
    q = turn(split_heads(project(x, w_q, b_q), n_heads))
    if memory is None:
        k, v = past
    else:
        k = turn(split_heads(project(memory, w_k, b_k), n_kv_heads))
        v = split_heads(project(memory, w_v, b_v), n_kv_heads)
        if past is not None:
            k, v = past.then(k, v)
    if n_kv_heads < n_heads:
        k, v = (z.repeat_interleave(n_heads // n_kv_heads, dim=-3) for z in (k, v))
    if mask is not None and mask.dim() > 2:
        mask = mask.unsqueeze(-3)  # one mask for all heads
    heads = attention(q, k, v, mask, bias=bias, kind=kind, temperature=temperature)
    concat = join_heads(heads.output)
    return MultiHeadTrace(heads, concat, concat if w_o is None else project(concat, w_o, b_o))


def project(x: Tensor, w: Tensor, b: Tensor | None = None) -> Tensor:
    """x W + b. (..., d_in), (d_in, d_out), (d_out,) -> (..., d_out)"""
    return nn.functional.linear(x, w.mT, b)
