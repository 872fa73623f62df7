"""A long sentence seen through a window: some tokens in full, those before them as one sum. All numbers stay true."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.attention import AttentionTrace
from pages.shared.model.panels import Axis, Dot, Mask, Panel, features, head_panels, pipeline, span

SHOWN = 24  # tokens


def window(t: int, position: int) -> range:
    """At most SHOWN of t tokens, among them the one at `position`: the first ones, or those that end with it."""
    stop = min(t, max(SHOWN, position + 1))
    return range(max(0, stop - SHOWN), stop)


def panels(trace: AttentionTrace, labels: Sequence[str], shown: range) -> dict:
    """One head of a causal model from Q to its output, for the tokens of the window.

    q (t, d) and so on. In a window that begins with token 0 nothing is left out, for nobody looks ahead. In a later one
    the weights on earlier tokens are summed into one column, and what those add to the output into one panel.
    """
    names = [labels[i] for i in shown]
    part = cut(trace, shown)
    if shown.start == 0:
        return head_panels(part, names)
    first, d = shown.start, trace.q.shape[-1]
    before = trace.weights[first : shown.stop, :first]
    axes = {
        "query": Axis("query", names),
        "key": Axis("key", names),
        "before": Axis("key", [earlier(shown)]),
        "feature": Axis("feature", features(d)),
        "value": Axis("feature", features(trace.v.shape[-1])),
    }
    most = span(part.scores)
    scores = Dot("q", "k", transposed=True, divide=d**0.5)
    made = [
        Panel("q", part.q, "query", "feature", "Q", "queries", "query"),
        Panel("k", part.k, "key", "feature", "K", "keys", "key"),
        Panel("scores", part.scores, "query", "key", title="how well they match", rule=scores, largest=most),
        Panel("masked", part.masked, "query", "key", title="who may look", rule=Mask("scores"), largest=most),
        Panel("before", before.sum(-1, keepdim=True), "query", "before", title="summed", role="weights"),
        Panel("weights", part.weights, "query", "key", title="with “before”, each row sums to 1", role="weights"),
        Panel("v", part.v, "key", "value", "V", "values", "value"),
        Panel("added", before @ trace.v[:first], "query", "value", title="what the earlier ones bring", role="output"),
        Panel(
            "output",
            part.output,
            "query",
            "value",
            "",
            "the values, mixed",
            "output",
            Dot("weights", "v", plus="added"),
        ),
    ]
    return pipeline(axes, made)


def weights(trace: AttentionTrace, labels: Sequence[str], shown: range) -> tuple[Tensor, list[str]]:
    """The weights in the window, and the keys' labels: (n, n), or (n, 1 + n) where earlier tokens are summed."""
    rows, names = trace.weights[shown.start : shown.stop], [labels[i] for i in shown]
    inside = rows[:, shown.start : shown.stop]
    if shown.start == 0:
        return inside, names
    before = rows[:, : shown.start].sum(-1, keepdim=True)
    return torch.cat([before, inside], -1), [earlier(shown), *names]


def earlier(shown: range) -> str:
    """What the sum of all tokens before the window is called."""
    return f"0–{shown.start - 1}"


def cut(trace: AttentionTrace, shown: range) -> AttentionTrace:
    """Queries and keys of the window alone; the weights stay those of the whole sentence."""
    here = slice(shown.start, shown.stop)
    rows = (trace.q[here], trace.k[here], trace.v[here])
    square = trace.scores[here, here], trace.mask[here, here], trace.weights[here, here]
    return AttentionTrace(*rows, *square, trace.output[here])
