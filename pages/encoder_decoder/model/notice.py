"""What the lesson's words say of one translation: every number in them comes from its trace."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.attention import AttentionTrace
from core.recipes.translation.seen import was_seen
from core.tokenizer import EOS
from core.translation import Reading, Source
from pages.encoder_decoder.model.stacks import Part
from pages.shared.model.panels import Axis, Panel, pipeline, versus
from pages.shared.model.prose import _
from pages.shared.model.written import isolated, number, percent

SIDES = {  # whose tokens ask, and whose answer
    "encoder": ("source", "source"),
    "encoder_mlp": ("source", "source"),
    "decoder": ("target", "target"),
    "decoder_mlp": ("target", "target"),
    "cross": ("target", "source"),
}
CHANGES = {
    "cut": _("Cut the cross-attention"),
    "causal": _("The encoder sees only what came before"),
    "removed": _("Take a Korean token away"),
}
DOUBT = 0.5  # a token that was given less than this is doubted
SURE = 0.3  # an average weight that counts as looking at a token


def familiar(korean: str, prints: np.ndarray) -> str:
    """The part of the lesson that says whether the model learnt from this very sentence."""
    return "Seen" if was_seen(korean, prints) else "Not seen"


def translation(source: Source, found: Reading, labels: Sequence[str], english: str) -> dict:
    """labels: of the target, SOS first."""
    probs = [math.exp(p) for p in found.log_probs]
    doubted = [isolated(label) for label, p in zip(labels[1:], probs, strict=True) if p < DOUBT]
    config = found.trace.decoder.blocks[0].cross.heads.weights.shape
    return {
        "english": english,
        "korean": isolated(source.text),
        "t_source": len(source.ids),
        "t_target": len(found.target) - 1,
        "d": found.trace.encoder.output.shape[-1],
        "d_ff": found.trace.encoder.blocks[0].mlp.hidden.shape[-1],
        "layers": len(found.trace.decoder.blocks),
        "heads": config[1],
        "steps": len(probs),
        "least": percent(min(probs)),
        "doubted": ", ".join(doubted),
        "sum": number(sum(found.log_probs)),
        "whole": percent(math.exp(sum(found.log_probs))),
        "ended": found.target[-1] == EOS,
    }


def step(found: Reading, labels: Sequence[str], at: int) -> dict:
    """Step T = at: what was fed, what came."""
    fed = " ".join(isolated(label.split(" ", 1)[1]) for label in labels[: at + 1])
    return {"at": at, "fed": fed, "next": isolated(labels[at + 1].split(" ", 1)[1]),
            "prob": percent(math.exp(found.log_probs[at]))}  # fmt: skip


def attention(found: Reading, part: Part) -> AttentionTrace:
    """All heads of a kind, the layers in the place of the batch: (n_layers, n_heads, query, key)."""
    blocks = found.trace.encoder.blocks if part.where == "encoder" else found.trace.decoder.blocks
    heads = [(block.cross if part.where == "cross" else block.attention).heads for block in blocks]
    joined = {
        name: torch.cat([getattr(h, name) for h in heads]) for name in ("q", "k", "v", "scores", "weights", "output")
    }
    mask = heads[0].mask if part.where == "decoder" else None
    return AttentionTrace(mask=mask, **joined)


def mlp_panels(found: Reading, part: Part, labels: Sequence[str]) -> dict:
    """What one MLP does to each token: how long its vector was, what was added, how long it is then."""
    blocks = found.trace.encoder.blocks if part.where == "encoder_mlp" else found.trace.decoder.blocks
    block = blocks[part.layer]
    before = block.resid_mid if part.where == "encoder_mlp" else block.resid_cross
    lengths = [x[0].norm(dim=-1) for x in (before, block.mlp.output, block.resid_post)]
    active = (block.mlp.hidden[0] > 0).sum(-1)
    columns = (_("before"), _("added"), _("after"), _("hidden above 0"))
    axes = {"token": Axis("token", labels), "what": Axis("length", columns)}
    values = torch.stack([*lengths, active.float()], -1)
    return pipeline(axes, [Panel("mlp", values, "token", "what", "MLP", _("lengths of vectors"), "plain")])


def order(weights: Tensor, said: Sequence[str], source: Sequence[str]) -> dict:
    """Where each step looks most, and how many pairs of steps look at the Korean in the opposite order.

    weights (t_target, t_source); the end token of the source counts for nothing, it says nothing of order.
    """
    words = weights[:-1, :-1]
    at = words.argmax(-1)
    sure = [i for i in range(len(at)) if words[i, at[i]] >= SURE]
    pairs = [(i, j) for n, i in enumerate(sure) for j in sure[n + 1 :] if at[i] != at[j]]
    crossing = sum(at[i] > at[j] for i, j in pairs)
    looks = "; ".join(f"{isolated(said[i])} → {isolated(source[at[i]])} ({words[i, at[i]]:.2f})" for i in sure)
    return {"looks": looks or "–", "sure": len(sure), "pairs": len(pairs), "crossing": int(crossing), "least": SURE}


def changed(found: Reading, forced: Reading, said: str, other: str) -> dict:
    before, after = sum(found.log_probs), sum(forced.log_probs)
    return {"said": said, "other": other or "–", "before": number(before), "after": number(after),
            "times": math.exp(min(before - after, 700))}  # fmt: skip


def change_rows(found: Reading, forced: Reading, said: Sequence[str]) -> dict:
    """The probability of each token of the translation, as it was and with the change."""
    axes = {"what": Axis("probability", [_("of the token")]), "token": Axis("token", said)}
    both = [np.exp([r.log_probs]) for r in (forced, found)]
    return versus(axes, Panel("after", both[0], "what", "token", _("changed"), role="weights"),
                  Panel("before", both[1], "what", "token", _("as it is"), role="weights"))  # fmt: skip
