"""What the residual stream holds on its way through a decoder, and what each layer would answer if it were the last.

The second is the logit lens (nostalgebraist, 2020): the last norm and the output matrix, applied to an earlier layer.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from core.attention import softmax
from core.decoding import ranked
from core.traces import DecoderTrace
from core.transformer import Decoder


class Lens(NamedTuple):
    """What one token's vector would say comes next: after the embedding (0), and after each block."""

    answer: int  # the model's own first choice
    ranks: tuple[int, ...]  # where the answer stands, 1 is first
    probs: tuple[float, ...]  # the answer's probability
    top: tuple[tuple[tuple[int, float], ...], ...]  # the most probable ids with their probabilities

    @property
    def first(self) -> int:
        """After how many blocks the answer comes first for the first time."""
        return self.ranks.index(1)

    @property
    def settled(self) -> int:
        """After how many blocks the answer comes first and stays there."""
        behind = [layer for layer, rank in enumerate(self.ranks) if rank > 1]
        return behind[-1] + 1 if behind else 0


class Logit(NamedTuple):
    """One logit as the sum that it is: output vector times the token's column of the output matrix."""

    token: int
    x: list[float]  # d_model numbers
    column: list[float]  # d_model numbers
    value: float


class Habits(NamedTuple):
    """Where each head looks on average over the tokens from 2 on; all (n_layers, n_heads)."""

    before: Tensor  # at the token just before
    start: Tensor  # at token 0
    itself: Tensor


def lengths(trace: DecoderTrace) -> Tensor:
    """How long each token's vector is: |x| after the embedding, then after attention and MLP of each block.

    A trace with a batch of 1 -> (1 + 2 n_layers, t)
    """
    stream = [trace.embedding.output]
    for block in trace.blocks:
        stream += [block.resid_mid, block.resid_post]
    return torch.cat(stream).norm(dim=-1)


def lens(model: Decoder, trace: DecoderTrace, position: int, n: int = 5) -> Lens:
    """What every layer would say comes after the token at `position`, if it were the last layer."""
    stream = (trace.embedding.output, *(block.resid_post for block in trace.blocks))
    logits = model.unembed(torch.stack([x[0, position] for x in stream]))
    probs, order = softmax(logits.double()), ranked(logits)
    answer = int(order[-1, 0])
    ranks = tuple(((order == answer).int().argmax(-1) + 1).tolist())
    shares = probs.gather(-1, order[:, :n])
    top = tuple(tuple(zip(*row, strict=True)) for row in zip(order[:, :n].tolist(), shares.tolist(), strict=True))
    return Lens(answer, ranks, tuple(probs[:, answer].tolist()), top)


def next_tokens(trace: DecoderTrace, position: int, n: int = 10) -> list[tuple[int, float, float]]:
    """The most probable tokens after the one at `position`: id, logit, probability."""
    logits = trace.logits[0, position]
    order, probs = ranked(logits)[:n], softmax(logits.double())
    return list(zip(order.tolist(), logits[order].tolist(), probs[order].tolist(), strict=True))


def logit(model: Decoder, trace: DecoderTrace, position: int, token: int) -> Logit:
    """The logit that `token` gets at `position`, with the two vectors whose dot product it is."""
    column = model.embedding.tokens[token] if model.config.tied else model.w_vocab[:, token]
    return Logit(token, trace.output[0, position].tolist(), column.tolist(), trace.logits[0, position, token].item())


def weights(trace: DecoderTrace) -> Tensor:
    """The attention weights of all heads: a trace with a batch of 1 -> (n_layers, n_heads, t, t)"""
    return torch.cat([block.attention.heads.weights for block in trace.blocks])


def habits(weights: Tensor) -> Habits | None:
    """Average weights of each head; None if no token has both a start and a token before it that is not the start.

    weights (n_layers, n_heads, t, t), causal
    """
    if weights.shape[-1] < 3:
        return None
    before = weights.diagonal(-1, -2, -1)[..., 1:].mean(-1)
    return Habits(before, weights[..., 2:, 0].mean(-1), weights.diagonal(0, -2, -1)[..., 2:].mean(-1))


def strongest(average: Tensor) -> tuple[int, int, float]:
    """The layer and head (from 0) of the largest number of (n_layers, n_heads), and that number."""
    layer, head = divmod(int(average.argmax()), average.shape[1])
    return layer, head, average[layer, head].item()
