"""Linked matrices as plain data that JSON can carry; nothing is drawn here.

A matrix comes with the rule that its cells follow, so that the arithmetic of every cell can be written out from the
very numbers on screen.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from pages.shared.model.rules import (  # noqa: F401 - who describes panels finds their rules here
    Apply,
    Cut,
    Deviation,
    Divide,
    Dot,
    Join,
    Mask,
    Mean,
    Minus,
    Norm,
    Rule,
    Softmax,
    Sum,
    Times,
    formula,
    root,
    sources,
)

ROLES = ("query", "key", "value", "output", "weights", "signed", "plain", "mask")  # a mask: 1 may look, 0 may not


class Axis(NamedTuple):
    """What rows or columns stand for. Panels that name the same axis light up together."""

    name: str  # "query": what one of them is called
    labels: Sequence[str]  # "4 dog"; no two alike
    groups: Sequence[str] = ()  # for each label what it belongs to, "head 1"; neighbours of one group stand together


class Panel(NamedTuple):
    """One matrix. `values` is (rows, cols), a tensor or an array; −∞ stands for a masked cell."""

    id: str
    values: Any
    rows: str  # names of axes
    cols: str
    symbol: str = ""  # as formulas write it; the id if there is none
    title: str = ""  # in words
    role: str = "signed"
    rule: Rule | None = None
    largest: float | None = None  # where the colour scale ends, if not at the largest value itself
    editable: bool = False
    base: Any = None  # values that edited cells are compared with
    starts: bool = False  # a new line of panels begins here


def pipeline(axes: Mapping[str, Axis], panels: Sequence[Panel]) -> dict:
    """Linked matrices as plain data. Raises ValueError if shapes, axes or rules do not fit together."""
    known = {p.id: p for p in panels}
    for panel in panels:
        check(panel, axes, known)
    named = {i: describe_axis(axis) for i, axis in axes.items()}
    return {"axes": named, "panels": [describe(panel, known) for panel in panels]}


def describe_axis(axis: Axis) -> dict:
    made = {"name": axis.name, "labels": [str(label) for label in axis.labels]}
    return made | {"groups": list(axis.groups)} if axis.groups else made


def check(panel: Panel, axes: Mapping[str, Axis], known: Mapping[str, Panel]) -> None:
    """Raises ValueError, naming the panel, if it could not be drawn truly."""
    if panel.role not in ROLES:
        raise ValueError(f"{panel.id}: the role must be one of {', '.join(ROLES)}; got {panel.role!r}.")
    if missing := {panel.rows, panel.cols} - axes.keys():
        raise ValueError(f"{panel.id}: there is no axis {min(missing)!r}.")
    wanted = len(axes[panel.rows].labels), len(axes[panel.cols].labels)
    for values in (panel.values, panel.base):
        if values is not None and array(values).shape != wanted:
            raise ValueError(f"{panel.id}: expected values {wanted}, as many as labels; got {array(values).shape}.")
    if missing := set(sources(panel.rule)) - known.keys():
        raise ValueError(f"{panel.id}: its rule names {min(missing)!r}, which is no panel.")


def describe(panel: Panel, known: Mapping[str, Panel]) -> dict:
    """The panel as plain data; what is not there is left out."""
    values = array(panel.values)
    made = {"id": panel.id, "symbol": panel.symbol or panel.id, "title": panel.title, "role": panel.role}
    made |= {"rows": panel.rows, "cols": panel.cols, "shape": shape(panel), "values": numbers(values)}
    made["scale"] = scale(panel.role, values, panel.largest)
    if panel.rule is not None:
        kind = type(panel.rule).__name__.lower()
        rule = {name: list(v) if isinstance(v, tuple) else v for name, v in panel.rule._asdict().items()}
        made |= {"rule": {"kind": kind, **rule}, "formula": formula(panel.rule, known), "shapes": shapes(panel, known)}
    for flag in ("editable", "starts"):
        if getattr(panel, flag):
            made[flag] = True
    if panel.base is not None:
        made["base"] = numbers(array(panel.base))
    return made


def shape(panel: Panel, transposed: bool = False) -> str:
    rows, cols = array(panel.values).shape
    return f"({cols}×{rows})" if transposed else f"({rows}×{cols})"


def shapes(panel: Panel, known: Mapping[str, Panel]) -> str:
    """The shapes that go in and come out: "(12×32)·(32×12) → (12×12)"."""
    rule = panel.rule
    if isinstance(rule, Dot):
        return f"{shape(known[rule.a])}·{shape(known[rule.b], rule.transposed)} → {shape(panel)}"
    read = sources(rule) if isinstance(rule, Join) else sources(rule)[:1]
    return f"{', '.join(shape(known[i]) for i in read)} → {shape(panel)}"


def scale(role: str, values: np.ndarray, largest: float | None = None) -> dict | None:
    """Weights run from 0 to 1 on one scale, signed numbers from -m to m on another; plain numbers have no colour."""
    if role in ("plain", "mask"):
        return None
    if role == "weights":
        return {"kind": "sequential", "max": 1}
    return {"kind": "diverging", "max": largest or span(values)}


def span(values: Any) -> float:
    """The largest magnitude among what is finite; 1 where all is 0."""
    finite = array(values)[np.isfinite(array(values))]
    return float(np.abs(finite).max(initial=0)) or 1.0


def array(values: Any) -> np.ndarray:
    """A tensor or an array as an array: float64 stays as exact as it is, all else becomes float32."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    values = np.asarray(values)
    return values if values.dtype == np.float64 else values.astype(np.float32)


def numbers(values: np.ndarray) -> list[list[float | None]]:
    """Rows of the shortest decimals that give the same float; None for −∞. Raises ValueError for NaN and ∞."""
    if np.isnan(values).any() or np.isposinf(values).any():
        raise ValueError("a matrix with NaN or ∞ cannot be shown.")
    return [[None if x == "-inf" else float(x) for x in map(str, row)] for row in values]


def versus(axes: Mapping[str, Axis], one: Panel, other: Panel, symbol: str = "difference", title: str = "") -> dict:
    """Two results of the same shape and what lies between them, one − other. A masked cell counts as nothing there.

    A difference that is nothing but rounding is measured against the results themselves, and so has no colour.
    """
    a, b = (np.where(np.isfinite(array(p.values)), array(p.values), 0) for p in (one, other))
    largest = span(a) if 0 < np.abs(a - b).max(initial=0) < 1e-5 * span(a) else None
    rule = Minus(one.id, other.id)
    between = Panel("difference", a - b, one.rows, one.cols, symbol, title, "signed", rule, largest)
    return pipeline(axes, [one, other, between])


def one_head(heads: Any, head: int, batch: int = 0) -> Any:
    """One head of an AttentionTrace with axes (batch, head, ...); its mask becomes (t_q, t_k)."""
    mask = heads.mask if heads.mask is None else heads.mask.expand_as(heads.scores)
    parts = heads._replace(mask=mask)
    return type(heads)(*(part if part is None else part[batch, head] for part in parts))


def head_panels(
    trace: Any,
    labels: Sequence[str],
    key_labels: Sequence[str] | None = None,
    *,
    kind: str = "scaled_dot",
    temperature: float = 1.0,
    bias: Any = None,
) -> dict:
    """One head from Q and K to its output: an AttentionTrace of matrices, q (t_q, d), k (t_k, d), v (t_k, d_v).

    `kind`, `temperature` and `bias` are those that the trace was computed with (see core.attention.attention).
    `key_labels` are needed where keys come from another text. Raises ValueError if the trace holds more than one head.
    """
    if trace.q.ndim != 2:
        raise ValueError(f"expected the trace of one head, q (t_q, d); got {tuple(trace.q.shape)}.")
    d, d_v = trace.q.shape[-1], trace.v.shape[-1]
    axes = {
        "query": Axis("query", labels),
        "key": Axis("key", labels if key_labels is None else key_labels),
        "feature": Axis("feature", features(d)),
        "value": Axis("feature", features(d_v)),
    }
    divide = math.sqrt(d) if kind == "scaled_dot" else 1.0
    match = Dot("q", "k", True, divide, by_lengths=kind == "cosine", plus=None if bias is None else "bias")
    panels = [
        Panel("q", trace.q, "query", "feature", "Q", "queries", "query"),
        Panel("k", trace.k, "key", "feature", "K", "keys", "key"),
        *score_panels(trace, match, bias, temperature),
        Panel("v", trace.v, "key", "value", "V", "values", "value"),
        Panel("output", trace.output, "query", "value", "", "the values, mixed", "output", Dot("weights", "v")),
    ]
    return pipeline(axes, panels)


def score_panels(trace: Any, rule: Dot, bias: Any, temperature: float) -> list[Panel]:
    """Scores, masked scores (where there is a mask) and weights, all (t_q, t_k); scores share one colour scale."""
    at, top = ("query", "key"), span(trace.scores)
    found = [Panel("scores", trace.scores, *at, title="how well they match", rule=rule, largest=top)]
    if trace.mask is not None:
        found.append(Panel("masked", trace.masked, *at, title="who may look", rule=Mask("scores"), largest=top))
    softmax = Softmax(found[-1].id, temperature)
    title = "each row sums to 1" + ("" if may_all_look(trace.mask) else "; to 0 where it may look at nothing")
    found.append(Panel("weights", trace.weights, *at, "", title, "weights", softmax))
    return found if bias is None else [Panel("bias", bias, *at, title="added to scores", largest=top), *found]


def may_all_look(mask: Any) -> bool:
    """Whether every row of a mask, if there is one, leaves something to look at."""
    return mask is None or bool(mask.any(-1).all())


def features(n: int) -> list[str]:
    return [str(i) for i in range(1, n + 1)]
