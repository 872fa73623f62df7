"""What depth does to a stack of blocks before any training: the norm before the sublayer against the norm behind it.

The experiment of Xiong et al. 2020 (arXiv 2002.04745), small: Xavier weights, random tokens, one backward pass.
"""

from functools import lru_cache
from typing import NamedTuple

import torch
from torch import nn

from core.config import Config
from core.transformer import build

D_MODEL, TOKENS, VOCAB = 32, 12, 29


class Depth(NamedTuple):
    """Measured after the embedding and after each block (lengths), or in each block (gradients)."""

    lengths: tuple[float, ...]  # mean length of the stream's vectors, layers + 1 numbers
    gradients: tuple[float, ...]  # length of the loss's gradient by the block's W_out, one number a layer


@lru_cache(maxsize=500)  # a few numbers each
def measure(norm_first: bool, layers: int, seed: int) -> Depth:
    """A fresh stack of so many blocks, asked to name random tokens. Raises ValueError unless layers >= 1."""
    generator = torch.Generator().manual_seed(seed)
    config = Config(VOCAB, D_MODEL, 4, layers, 4 * D_MODEL, TOKENS, shape="encoder", norm_first=norm_first)
    model = build(config, generator)
    for weight in model.parameters():
        if weight.dim() == 2:
            nn.init.xavier_uniform_(weight, generator=generator)
    asked = [block.mlp.w_out for block in model.blocks]
    ids, targets = torch.randint(VOCAB, (2, 1, TOKENS), generator=generator)
    w_vocab = nn.init.xavier_uniform_(torch.empty(D_MODEL, VOCAB), generator=generator)
    trace = model(ids)
    loss = nn.functional.cross_entropy((trace.output @ w_vocab)[0], targets[0])
    stream = [trace.embedding.output, *(block.resid_post for block in trace.blocks)]
    return Depth(
        tuple(x[0].detach().norm(dim=-1).mean().item() for x in stream),
        tuple(gradient.norm().item() for gradient in torch.autograd.grad(loss, asked)),
    )


def facts(pre: Depth, post: Depth) -> dict:
    """What a lesson's words say of both."""
    return {
        "pre_first": pre.lengths[0],
        "pre_last": pre.lengths[-1],
        "post_last": post.lengths[-1],
        "pre_gradient": pre.gradients[-1],
        "post_gradient": post.gradients[-1],
        "ratio": post.gradients[-1] / pre.gradients[-1],
    }
