"""Self-attention on an example for paper: every step from word vectors to context vectors, as changed by hand.

Queries, keys and values are projections of the same vectors (arXiv 1706.03762, section 3.2): Q = X W_q, K = X W_k,
V = X W_v. A score that was set by hand is kept: what it differs by is added to it, as `attention` does with a bias.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pages.shared.model import edits as changes
from pages.shared.model.edits import Edits
from pages.shared.model.hand import Hand
from pages.shared.model.panels import Axis, Dot, Panel, Softmax, features, pipeline, sources, versus
from pages.shared.model.prose import _
from pages.shared.model.written import isolated, number

if TYPE_CHECKING:
    from core.attention import AttentionTrace

INPUTS = {"X": "x", "W_q": "w_q", "W_k": "w_k", "W_v": "w_v"}  # panel: field of Hand
SCORES, ADDED = "scores", "added"


class Worked(NamedTuple):
    """An example worked out; all float64."""

    hand: Hand  # with the changes in place
    trace: "AttentionTrace"  # q, k, v (words, d) and so on, without a mask
    added: np.ndarray  # (words, words), what was added to scores that were set by hand; 0 elsewhere
    kind: str

    @property
    def changed(self) -> bool:
        return bool(self.added.any())


def shapes(hand: Hand) -> dict[str, tuple[int, int]]:
    """The matrices that can be changed, with their shapes."""
    n = len(hand.words)
    return {name: getattr(hand, field).shape for name, field in INPUTS.items()} | {SCORES: (n, n)}


def work(hand: Hand, edits: Edits | None = None, kind: str = "scaled_dot") -> Worked:
    """The example with the changed numbers in place, from its words to its context vectors."""
    import torch  # late: pages import this file first

    from core.attention import attention, similarity

    edits = edits or {}
    hand = hand._replace(**{field: changes.apply(name, getattr(hand, field), edits) for name, field in INPUTS.items()})
    x, w_q, w_k, w_v = (torch.from_numpy(np.array(getattr(hand, field))) for field in INPUTS.values())
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    found = similarity(q, k, kind).numpy()
    added = changes.apply(SCORES, found, edits) - found
    bias = torch.from_numpy(added) if added.any() else None
    return Worked(hand, attention(q, k, v, bias=bias, kind=kind), added, kind)


# The panels that belong to each step, when one word asks
STEPS = {
    _("its query"): ("X", "W_q", "q"),
    _("every key"): ("X", "W_k", "k"),
    _("every value"): ("X", "W_v", "v"),
    _("scores"): ("q", "k", ADDED, SCORES),
    _("softmax"): (SCORES, "weights"),
    _("context vector"): ("weights", "v", "output"),
}


def everything(now: Worked, before: Worked) -> dict:
    """Linked matrices from X to the output, for all words at once; what differs from `before` is marked."""
    return pipeline(axes(now.hand), parts(now, before))


def step(now: Worked, before: Worked, at: int, query: int) -> dict:
    """The matrices of one step, when the word `query` asks: its row stands alone in all that belongs to queries."""
    wanted = tuple(STEPS.values())[at]
    found = [p for p in parts(now, before) if p.id in wanted]
    if at == 0:
        found[0] = found[0]._replace(rows="query")
    known = {p.id for p in found}
    found = [p._replace(rule=p.rule if set(sources(p.rule)) <= known else None, starts=False) for p in found]
    alone = [row_alone(p, query) if p.rows == "query" else p for p in found]
    label = (now.hand.labels[query],)
    return pipeline({**axes(now.hand), "query": Axis("query", label)}, alone)


def row_alone(panel: Panel, row: int) -> Panel:
    here = slice(row, row + 1)
    return panel._replace(values=panel.values[here], base=panel.base[here], editable=False)


def axes(hand: Hand) -> dict[str, Axis]:
    widths = {"feature": hand.x.shape[1], "key_feature": hand.w_k.shape[1], "value_feature": hand.w_v.shape[1]}
    numbered = {name: Axis("feature", features(width)) for name, width in widths.items()}
    return {name: Axis(name, hand.labels) for name in ("word", "query", "key")} | numbered


def parts(now: Worked, before: Worked) -> list[Panel]:
    """Every matrix with its rule, in the order of the lesson."""
    divide = now.hand.w_k.shape[1] ** 0.5 if now.kind == "scaled_dot" else 1.0
    match = Dot("q", "k", True, divide, by_lengths=now.kind == "cosine", plus=ADDED if now.changed else None)
    x, q, k, v = ("word", "feature"), ("query", "key_feature"), ("key", "key_feature"), ("key", "value_feature")
    weight, pair, mixed = ("feature", "key_feature"), ("query", "key"), ("query", "value_feature")
    trace = now.trace
    made = [
        Panel("X", now.hand.x, *x, "X", _("the words"), editable=True),
        Panel("W_q", now.hand.w_q, *weight, "W_q", role="query", editable=True),
        Panel("q", trace.q, *q, "Q", _("queries"), "query", Dot("X", "W_q")),
        Panel("W_k", now.hand.w_k, *weight, "W_k", role="key", editable=True, starts=True),
        Panel("k", trace.k, *k, "K", _("keys"), "key", Dot("X", "W_k")),
        Panel("W_v", now.hand.w_v, "feature", "value_feature", "W_v", role="value", editable=True),
        Panel("v", trace.v, *v, "V", _("values"), "value", Dot("X", "W_v")),
        Panel(ADDED, now.added, *pair, title=_("what you added to scores"), starts=True),
        Panel(
            SCORES,
            trace.scores,
            *pair,
            title=_("how well they match"),
            rule=match,
            editable=True,
            starts=not now.changed,
        ),
        Panel("weights", trace.weights, *pair, "", _("each row sums to 1"), "weights", Softmax(SCORES)),
        Panel("output", trace.output, *mixed, "", _("context vectors"), "output", Dot("weights", "v")),
    ]
    first = {panel.id: value for panel, value in zip(made, values(before), strict=True)}
    found = [p._replace(values=np.asarray(p.values), base=np.asarray(first[p.id])) for p in made]
    return [p for p in found if p.id != ADDED or now.changed]


def values(worked: Worked) -> tuple:
    """All matrices in the order of `parts`."""
    hand, trace = worked.hand, worked.trace
    projected = hand.x, hand.w_q, trace.q, hand.w_k, trace.k, hand.w_v, trace.v
    return (*projected, worked.added, trace.scores, trace.weights, trace.output)


def weights_beside(one: Worked, other: Worked, names: tuple[str, str]) -> dict:
    """The weights of two ways to work the same example out, and the difference."""
    pair = ("query", "key")
    a, b = (
        Panel(f"weights_{i}", np.asarray(worked.trace.weights), *pair, name, _("weights"), "weights")
        for i, (worked, name) in enumerate(zip((one, other), names, strict=True))
    )
    return versus(axes(one.hand), a, b)


def raised(now: Worked, query: int, before: Hand, edits: Edits) -> tuple[Worked, int]:
    """The same with one score of the row 1 higher, that of its smallest weight on another word; and that word."""
    others = now.trace.weights[query].clone()
    others[query] = 2.0  # more than any weight
    key = int(others.argmin())
    score = now.trace.scores[query, key].item() + 1
    return work(before, {**edits, (SCORES, query, key): score}, now.kind), key


def facts(now: Worked, query: int) -> dict:
    """What the words of the lesson quote."""
    labels, trace = [isolated(label) for label in now.hand.labels], now.trace
    row, n = trace.weights[query], len(labels)
    most, least = int(row.argmax()), int(row.argmin())
    gap = (trace.scores - trace.scores.T).abs()
    one, two = divmod(int(gap.argmax()), n)
    found = {"n": n, "d": now.hand.w_k.shape[1], "word": labels[query], "cells": n * n}
    found |= {"most": labels[most], "most_weight": row[most].item(), "least": labels[least]}
    found |= {"least_weight": row[least].item(), "one": labels[one], "two": labels[two]}
    there, back = trace.scores[one, two].item(), trace.scores[two, one].item()
    sums = trace.weights.sum(0)
    popular = int(sums.argmax())
    found |= {"there": number(there), "back": number(back), "popular": labels[popular]}
    return found | {"column": sums[popular].item(), "own": row[query].item()}
