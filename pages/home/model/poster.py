"""What the poster shows: one sentence on its way through a decoder-only model, packed small enough to send at once.

Every number is one of the trace's own, most of them rounded to float16 to travel; nothing is made up for the picture.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core.attention import AttentionTrace, softmax
from core.traces import DecoderTrace

DRAWN = 20  # tokens; of a longer text the last ones are drawn


def poster(
    trace: DecoderTrace,
    labels: Sequence[str],
    next_labels: Callable[[int], str] | Sequence[str],
    layer: int,
    head: int,
    top: int = 10,
    text: str = "",
) -> dict:
    """The picture's data, JSON-able, for one layer and head (counted from 0) of a trace with a batch of 1.

    `labels` are the tokens as "index token", `next_labels` names an id of the vocabulary, `text` is the sentence as it
    was typed. Of n drawn tokens: `stream`, the residual stream (n, d_model) before the first layer and after each one;
    q, k, v and output of the head (n, d_head); `attention` and `mlp`, what the layer adds to the stream (n, d_model);
    `weights` (n, n), where "1" in `may_look` says what was not masked, and `weights_hidden`, each row's share for the
    tokens not drawn; `next`, for every drawn token the most probable ones after it and the share of all others.
    Raises ValueError if the layer or head does not exist, or if there are not as many labels as tokens.
    """
    t = trace.logits.shape[-2]
    check(trace, labels, layer, head)
    n = min(t, DRAWN)
    block = trace.blocks[layer]
    heads = block.attention.heads
    stream = [x[0, -n:] for x in (trace.embedding.output, *(b.resid_post for b in trace.blocks))]
    weights = heads.weights[0, head, -n:]
    return {
        "text": text,
        "labels": list(labels[-n:]),
        "hidden": t - n,
        "layer": layer,
        "head": head,
        "sizes": sizes(trace),
        "stream": [pack(x) for x in stream],
        **{name: pack(getattr(heads, name)[0, head, -n:]) for name in ("q", "k", "v", "output")},
        "weights": rounded(weights[:, -n:]),
        "weights_hidden": rounded(weights[:, :-n].sum(-1)),
        "may_look": may_look(heads, head, n),
        "attention": pack(block.attention.output[0, -n:]),
        "mlp": pack(block.mlp.output[0, -n:]),
        "next": following(trace.logits[0, -n:], next_labels, top),
    }


def check(trace: DecoderTrace, labels: Sequence[str], layer: int, head: int) -> None:
    t, size = trace.logits.shape[-2], sizes(trace)
    if len(labels) != t:
        raise ValueError(f"each token needs one label; got {len(labels)} labels for {t} tokens.")
    for name, value, count in (("layer", layer, size["n_layers"]), ("head", head, size["n_heads"])):
        if not 0 <= value < count:
            raise ValueError(f"{name} must lie between 0 and {count - 1}; got {value}.")


def sizes(trace: DecoderTrace) -> dict[str, int]:
    heads = trace.blocks[0].attention.heads
    return {
        "t": trace.logits.shape[-2],
        "d_model": trace.output.shape[-1],
        "d_head": heads.q.shape[-1],
        "n_layers": len(trace.blocks),
        "n_heads": heads.weights.shape[-3],
        "vocab": trace.logits.shape[-1],
    }


def pack(x: Tensor) -> dict:
    """A matrix as its shape and the base64 of its float16 values, little endian, row by row."""
    values = x.detach().half().contiguous().numpy().astype("<f2", copy=False)
    return {"shape": list(x.shape), "f16": b64encode(values.tobytes()).decode()}


def rounded(x: Tensor) -> list:
    """As plain numbers with six decimals: what is printed of them is exact."""
    return x.detach().double().round(decimals=6).tolist()


def may_look(heads: AttentionTrace, head: int, n: int) -> list[str]:
    """For each of the last n queries a string with "1" for every one of the last n keys that it may look at."""
    shape = heads.weights.shape
    mask = torch.ones(shape, dtype=torch.bool) if heads.mask is None else heads.mask.broadcast_to(shape)
    return ["".join("01"[seen] for seen in row) for row in mask[0, head, -n:, -n:].tolist()]


def following(logits: Tensor, next_labels: Callable[[int], str] | Sequence[str], top: int) -> list[dict]:
    """For each row of logits (n, vocab) the `top` most probable tokens, their probabilities, and what is left.

    `rest` is None where all tokens are listed.
    """
    name = next_labels if callable(next_labels) else next_labels.__getitem__
    probs = softmax(logits.detach().float())
    best = probs.topk(min(top, probs.shape[-1]))
    rest = (1 - best.values.sum(-1)).clamp(min=0).tolist() if top < probs.shape[-1] else [None] * len(probs)
    rows = zip(best.indices.tolist(), best.values.tolist(), rest, strict=True)
    return [{"ids": ids, "labels": [name(i) for i in ids], "probs": p, "rest": r} for ids, p, r in rows]
