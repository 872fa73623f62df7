"""The same words in two orders as linked matrices: every number on the way, and the two results side by side."""

from collections.abc import Sequence

from torch import Tensor

from pages.positions.model.order import HAND_SETTINGS, hand_head, hand_table
from pages.shared.model.hand import Hand
from pages.shared.model.panels import Axis, Dot, Panel, Sum, features, pipeline, score_panels, span, versus

ROLES = {"q": "query", "k": "key", "v": "value"}


def steps(example: Hand, base: Hand, order: Sequence[int], setting: str) -> dict:
    """Every number on the way from the words in this order to the outputs; `base` are those before any edit.

    The words themselves can be edited in their own order only: an edit names a row.
    """
    kind, masked = HAND_SETTINGS[setting]
    trace = hand_head(example, kind, order, masked)
    names, rows = [example.labels[i] for i in order], list(order)
    d, d_k, d_v = example.x.shape[1], example.w_k.shape[1], example.w_v.shape[1]
    axes = {"query": Axis("query", names), "key": Axis("key", names), "in": Axis("feature", features(d))}
    axes |= {"feature": Axis("feature", features(d_k)), "value": Axis("feature", features(d_v))}
    words = Panel("x", example.x[rows], "query", "in", "X", "words", editable=rows == sorted(rows), base=base.x[rows])
    made = [words, *added(words, hand_table(kind, *example.x.shape))]
    source = made[-1].id  # what is projected: the words, or their sum with the positions
    for name, row, col in (("q", "query", "feature"), ("k", "key", "feature"), ("v", "key", "value")):
        made += projected(name, (row, col), trace, example, base, source)
    match = Dot("q", "k", transposed=True, divide=d_k**0.5)
    output = Panel("output", trace.output, "query", "value", "", "the values, mixed", "output", Dot("weights", "v"))
    return pipeline(axes, [*made, *score_panels(trace, match, None, 1.0), output])


def until(found: dict, last: str) -> dict:
    """The panels up to and with the one named."""
    ids = [panel["id"] for panel in found["panels"]]
    return found | {"panels": found["panels"][: ids.index(last) + 1]}


def added(words: Panel, table: Tensor | None) -> list[Panel]:
    """The positions and their sum with the words, if any are added."""
    if table is None:
        return []
    total = words.values + table.numpy()
    return [
        Panel("p", table, words.rows, words.cols, "P", "positions, from 0 on"),
        Panel("sum", total, words.rows, words.cols, "X′", "added", rule=Sum((words.id, "p"))),
    ]


def projected(name: str, axes: tuple[str, str], trace, example: Hand, base: Hand, source: str) -> list[Panel]:
    """The matrix W of queries, keys or values, and what becomes of the words by it."""
    weight, symbol, role = f"w_{name}", name.upper(), ROLES[name]
    w = Panel(weight, getattr(example, weight), "in", axes[1], f"W_{symbol}", role=role, editable=True)
    product = Panel(name, getattr(trace, name), *axes, symbol, role=role, rule=Dot(source, weight))
    return [w._replace(base=getattr(base, weight)), product]


def outputs(one: Tensor, other: Tensor, labels: Sequence[str], titles: tuple[str, str]) -> dict:
    """Outputs (t, d) in two orders and the difference; row i of both belongs to the same token."""
    axes = {"query": Axis("token", labels), "value": Axis("feature", features(one.shape[-1]))}
    largest = max(span(one), span(other))
    a = Panel("A", one, "query", "value", title=titles[0], role="output", largest=largest)
    return versus(axes, a, a._replace(id="B", values=other, title=titles[1]), "A − B")


def weights(one: Tensor, other: Tensor, labels: Sequence[str], titles: tuple[str, str]) -> dict:
    """Two heads' weights (t, t) and the difference."""
    axes = {"query": Axis("query", labels), "key": Axis("key", labels)}
    a = Panel("A", one, "query", "key", title=titles[0], role="weights")
    return versus(axes, a, a._replace(id="B", values=other, title=titles[1]), "A − B")
