"""The comparison of a query with one key, operation by operation, as formulas with the numbers put in."""

import math
from collections.abc import Sequence

from pages.shared.model.written import dot, factor, number

MOST = 6  # numbers of a vector that are written out
STEPS = ("Multiply", "Add up: dot product", "Divide by √d: scaled", "Measure the lengths", "Divide by both: cosine")


def comparison(q: Sequence[float], k: Sequence[float], step: int, digits: int = 2) -> str:
    """Formulas in Markdown for one of STEPS, counted from 0. q (d,), k (d,)"""
    d, product = len(q), sum(a * b for a, b in zip(q, k, strict=True))
    lengths = math.hypot(*q), math.hypot(*k)
    total = number(product, digits)
    match step:
        case 0:
            return products(q, k, digits)
        case 1:
            return dot(q, k, digits)
        case 2:
            return rf"$\frac{{{total}}}{{\sqrt{{{d}}}}} = {number(product / math.sqrt(d), digits)}$"
        case 3:
            return f"{length('q', q, digits)}, {length('k', k, digits)}"
        case _:
            under = rf"{number(lengths[0], digits)}\cdot {number(lengths[1], digits)}"
            if not lengths[0] * lengths[1]:
                return rf"$\frac{{{total}}}{{{under}}}$ has no value: 0 was decided."
            cosine = product / lengths[0] / lengths[1]
            return rf"$\frac{{{total}}}{{{under}}} = {number(cosine, digits + 1)}$"


def products(q: Sequence[float], k: Sequence[float], digits: int) -> str:
    """Each pair of numbers, multiplied; of many the first."""
    pairs = zip(q[:MOST], k[:MOST], strict=True)
    said = [rf"${factor(a, digits)}\cdot {factor(b, digits)} = {number(a * b, digits)}$" for a, b in pairs]
    return ", ".join(said) + (f" … ({len(q)} products)" if len(q) > MOST else "")


def length(name: str, x: Sequence[float], digits: int) -> str:
    """|x| as the root of the sum of squares."""
    squares = " + ".join(f"{factor(z, digits)}^2" for z in x[:MOST]) + (r" + \dots" if len(x) > MOST else "")
    return rf"$|{name}| = \sqrt{{{squares}}} = {number(math.hypot(*x), digits)}$"
