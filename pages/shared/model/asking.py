"""One query's way through attention in written arithmetic: each step with the numbers put into its formula."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from pages.shared.model.prose import _
from pages.shared.model.written import factor, number

KINDS = {"scaled_dot": _("Scaled dot"), "dot": _("Dot"), "cosine": _("Cosine")}  # of similarity, as people read them
MOST, FEW = 8, 4  # keys that are all written out, as many as there is room for by hand; how many of more
TERMS = 4  # of a longer sum
LARGE = 20.0  # of larger scores the largest is subtracted before e is raised to them, or e^s grows beyond all bounds


class Asked(NamedTuple):
    """What one word asks of a sentence: its row of an attention, float64."""

    labels: Sequence[str]  # of the keys
    q: np.ndarray  # (d,)
    k: np.ndarray  # (t, d)
    v: np.ndarray  # (t, d_v)
    scores: np.ndarray  # (t,), with -inf where it may not look
    weights: np.ndarray  # (t,)
    output: np.ndarray  # (d_v,)
    kind: str = "scaled_dot"
    added: np.ndarray | None = None  # (t,), what was added to scores that were set by hand
    temperature: float = 1.0
    digits: int = 2


def asked(trace: Any, query: int, labels: Sequence[str], **more: Any) -> Asked:
    """The row `query` of an AttentionTrace of one head."""
    k, v = (x.double().numpy() for x in (trace.k, trace.v))
    rows = (x[query].double().numpy() for x in (trace.q, trace.masked, trace.weights, trace.output))
    q, scores, weights, output = rows
    return Asked(labels, q, k, v, scores, weights, output, **more)


def keys(row: Asked) -> list[int]:
    """The keys that are written out: all it may look at or, of many, those with the most weight, in their order."""
    open_ones = np.flatnonzero(np.isfinite(row.scores)).tolist()
    if len(open_ones) <= MOST:
        return open_ones
    return sorted(sorted(open_ones, key=lambda i: -row.weights[i])[:FEW])


def product(vector: np.ndarray, matrix: np.ndarray, letter: str, role: str, digits: int = 2) -> str:
    """Each number of vector·matrix as a line: q_1 = 0.50·1.00 + ... (d,), (d, n) -> Markdown"""
    found = vector @ matrix
    lines = [
        (rf"\{role}{{{letter}_{{{j + 1}}}}}", terms(vector, matrix[:, j], digits), plain(found[j], digits))
        for j in range(matrix.shape[1])
    ]
    return aligned(lines)


def scores(row: Asked) -> str:
    """A line for each key: the dot product, and what it is divided by."""
    lines = []
    for i in keys(row):
        sum_ = terms(row.q, row.k[i], row.digits)
        under = divisor(row, i)
        middle = rf"\frac{{{sum_}}}{{{under}}}" if under else sum_
        if row.added is not None and row.added[i]:
            middle += f" + {wrapped(row.added[i], row.digits)}"
        lines.append((name(row.labels[i]), middle, plain(row.scores[i], row.digits)))
    return aligned(lines)


def divisor(row: Asked, key: int) -> str:
    if row.kind == "dot":
        return ""
    if row.kind == "scaled_dot":
        return rf"\sqrt{{{len(row.q)}}}"
    lengths = (plain(np.linalg.norm(x), row.digits) for x in (row.q, row.k[key]))
    return r"\cdot ".join(lengths)


def softmax(row: Asked) -> str:
    """The powers, their sum, and each weight as a share of it."""
    open_ones = np.isfinite(row.scores)
    if not open_ones.any():
        return _("It may look at nothing: all its weights are 0.")
    top, t = float(row.scores[open_ones].max()), row.temperature
    shift = top if np.abs(row.scores[open_ones]).max() > LARGE * t else 0.0
    powers = np.where(open_ones, np.exp((np.where(open_ones, row.scores, top) - shift) / t), 0.0)
    total = plain(powers.sum(), row.digits)
    added = [plain(powers[i], row.digits) for i in keys(row)]
    rest = [r"\dots"] if len(added) < open_ones.sum() else []
    lines = [(r"\text{sum}", " + ".join(added + rest), total)]
    for i in keys(row):
        power = f"e^{{{exponent(row, i, shift)}}}"
        middle = rf"\frac{{{power}}}{{\text{{sum}}}} = \frac{{{plain(powers[i], row.digits)}}}{{{total}}}"
        lines.append((name(row.labels[i]), middle, plain(row.weights[i], row.digits)))
    return aligned(lines)


def exponent(row: Asked, key: int, shift: float) -> str:
    """The score, less what is subtracted from all, over the temperature."""
    text = plain(row.scores[key], row.digits) + (f" - {wrapped(shift, row.digits)}" if shift else "")
    if row.temperature == 1:
        return text
    return f"({text})/{row.temperature:g}" if shift else f"{text}/{row.temperature:g}"


def context(row: Asked, names: Sequence[str] = ()) -> str:
    """Each number of the context vector: the weights times the values' numbers. `names` are those of the numbers."""
    lines = [
        (
            name(names[j]) if names else rf"\outcome{{c_{{{j + 1}}}}}",
            terms(row.weights, row.v[:, j], row.digits),
            plain(row.output[j], row.digits),
        )
        for j in range(row.v.shape[1] if row.v.shape[1] <= MOST else FEW)
    ]
    return aligned(lines)


def terms(a: np.ndarray, b: np.ndarray, digits: int) -> str:
    """a·b as a sum of products; of many the largest, and the rest as one number."""
    parts = a * b
    kept = range(len(parts))
    if len(parts) > TERMS + 2:
        kept = sorted(sorted(kept, key=lambda i: -abs(parts[i]))[:TERMS])
    written = [rf"{wrapped(a[i], digits)}\cdot {wrapped(b[i], digits)}" for i in kept]
    if left := len(parts) - len(written):
        rest = parts.sum() - parts[list(kept)].sum()
        written.append(rf"\underbrace{{{wrapped(rest, digits)}}}_{{\text{{{left} more}}}}")
    return " + ".join(written)


def aligned(lines: Sequence[tuple[str, str, str]]) -> str:
    """Lines "name = number = sum" as a formula; the number comes first, as a narrow screen cuts the end."""
    body = r" \\[4pt] ".join(rf"{STRUT}{a} &= {c} = {b}" for a, b, c in lines)
    return f"$$\n\\begin{{aligned}} {body} \\end{{aligned}}\n$$"


def name(label: str) -> str:
    """A word in a formula: what TeX would read as a command is left out."""
    return rf"\text{{{''.join(c for c in label if c not in TEX)}}}"


STRUT = r"\rule{0pt}{1.7em}"  # Streamlit cuts what stands higher than the first line
TEX = frozenset("\\{}$%#&_^~")


def plain(x: float, digits: int) -> str:
    """A number in a formula; a very large one as a power of ten."""
    if not math.isfinite(x) or abs(x) < 1e7:
        return number(x, digits).replace("−", "-")
    power = math.floor(math.log10(abs(x)))
    return rf"{x / 10**power:.2f}\cdot 10^{{{power}}}"


def wrapped(x: float, digits: int) -> str:
    """The same, in brackets if negative."""
    if abs(x) < 1e7:
        return factor(x, digits).replace("−", "-")
    text = plain(x, digits)
    return f"({text})" if x < 0 else text


def alone(pipeline: dict, axis: str, row: int, wanted: Sequence[str]) -> dict:
    """Of linked matrices those that are wanted, each with this row alone of an axis; a rule needs all that it reads."""
    named = pipeline["axes"][axis]
    found = [p for p in pipeline["panels"] if p["id"] in wanted]
    known = {p["id"] for p in found}
    return {
        "axes": {**pipeline["axes"], axis: {**named, "labels": [named["labels"][row]]}},
        "panels": [cut(p, axis, row, known) for p in found],
    }


def cut(panel: dict, axis: str, row: int, known: set[str]) -> dict:
    rule = panel.get("rule", {})
    if any(rule.get(name) not in (None, *known) for name in ("a", "b", "of", "plus")):
        panel = {name: part for name, part in panel.items() if name not in ("rule", "formula", "shapes")}
    if panel["rows"] != axis:
        return panel
    cols = len(panel["values"][row])
    return {**panel, "values": [panel["values"][row]], "shape": f"(1×{cols})"}
