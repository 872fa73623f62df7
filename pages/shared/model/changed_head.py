"""One head of a model with scores set by hand and mask cells switched: what follows from it, as linked matrices."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.attention import AttentionTrace, attention
from pages.shared.model import window
from pages.shared.model.edits import Edits
from pages.shared.model.panels import Panel, describe
from pages.shared.model.prose import _

SCORES, MASK, CHANGE = "scores", "mask", "change"


def shapes(t: int) -> dict[str, tuple[int, int]]:
    """What can be changed in a head that reads t tokens."""
    return {SCORES: (t, t), MASK: (t, t)}


def change(trace: AttentionTrace, edits: Edits, shown: range) -> tuple[AttentionTrace, Tensor]:
    """The head, q (t, d) and so on, with the changes that lie in the window; and what was added to scores. (t, t)

    A score set by hand is what the head computes plus the difference, a bias; a mask cell of 0 forbids to look.
    """
    bias, mask = torch.zeros_like(trace.scores), trace.mask.clone()
    for (name, row, col), value in edits.items():
        if row in shown and col in shown:
            if name == SCORES:
                bias[row, col] = value - trace.scores[row, col]
            elif name == MASK:
                mask[row, col] = value != 0
    return attention(trace.q, trace.k, trace.v, mask, bias=bias), bias


def panels(before: AttentionTrace, edits: Edits, labels: Sequence[str], shown: range) -> dict:
    """The head as `window` shows it, its scores and its mask to be changed; what follows from that is marked."""
    now, bias = change(before, edits, shown)
    made = window.panels(now, labels, shown)
    usual = window.panels(before, labels, shown) if edits else made
    first = {p["id"]: p["values"] for p in usual["panels"]}
    for panel in made["panels"]:
        panel["base"] = first[panel["id"]]
    at = [panel["id"] for panel in made["panels"]].index(SCORES)
    scores, here = made["panels"][at], slice(shown.start, shown.stop)
    scores["editable"] = True
    made["panels"].insert(at + 1, described(MASK, now.mask[here, here], before.mask[here, here]))
    if bias.any():
        scores["rule"]["plus"] = CHANGE
        scores["formula"] += f" + {CHANGE}"
        made["panels"].insert(at, described(CHANGE, bias[here, here]))
    return made


def described(name: str, values: Tensor, base: Tensor | None = None) -> dict:
    """The mask, which can be changed, or what was added to scores."""
    if name == MASK:
        title, first = _("1 may look, 0 may not: click to switch"), base.float()
        return describe(Panel(MASK, values.float(), "query", "key", "", title, "mask", editable=True, base=first), {})
    return describe(Panel(CHANGE, values, "query", "key", "", _("what you added to scores")), {})


def facts(before: AttentionTrace, edits: Edits, labels: Sequence[str], shown: range) -> dict:
    """How many outputs changed, and the token whose output moved furthest."""
    now, _bias = change(before, edits, shown)
    moved = (now.output - before.output).norm(dim=-1).numpy()
    furthest = int(np.argmax(moved))
    rows = int((moved > 0).sum())
    return {"rows": rows, "all": len(labels), "furthest": labels[furthest], "far": float(moved[furthest])}
