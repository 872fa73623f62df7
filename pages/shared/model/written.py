"""Numbers as people write them in a line of arithmetic, for Markdown: −0.31, (−0.31)·0.52 + ..."""

import math
import re
from collections.abc import Sequence

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LABEL = re.compile(r"(\d+ )?(.*?)( \d+/\d+)?", re.DOTALL)  # "4 dog", "7 안 1/3", "dog"


def number(x: float, digits: int = 2) -> str:
    """A true minus sign, and no sign before a zero: −0.31, 0.00."""
    text = f"{x:.{digits}f}"
    return text.replace("-", "−") if any(c in "123456789" for c in text) else text.removeprefix("-")


def power(x: float, digits: int) -> str:
    """With its order of magnitude: 3·10⁻⁷, −1.20·10⁹."""
    mantissa, exponent = f"{x:.{digits}e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPT)}".replace("-", "−")


def short(x: float) -> str:
    """A number of any size in a few characters: −1.50, 7.49·10⁹, −∞."""
    return "−∞" if x == -math.inf else number(x) if abs(x) < 1e5 else power(x, 2)


def factor(x: float, digits: int = 2) -> str:
    """The same, in brackets if negative: as a product is written."""
    text = number(x, digits)
    return f"({text})" if text.startswith("−") else text


def dot(a: Sequence[float], b: Sequence[float], digits: int = 2, most: int = 6) -> str:
    """a·b as a sum of products, a formula in Markdown. Of more than `most` the rest is summed."""
    products = [x * y for x, y in zip(a, b, strict=True)]
    kept = range(len(a))
    if len(a) > most:
        kept = sorted(sorted(kept, key=lambda i: -abs(products[i]))[:most])
    terms = [rf"{factor(a[i], digits)}\cdot{factor(b[i], digits)}" for i in kept]
    if left := len(a) - len(terms):
        rest = sum(products) - sum(products[i] for i in kept)
        terms.append(rf"\underbrace{{{factor(rest, digits)}}}_{{\text{{{left} more}}}}")
    return "$" + " + ".join(terms) + f" = {number(sum(products), digits)}$"


def percent(p: float) -> str:
    """A probability with the figures that matter: 81%, 8.1%, 0.003%; only 0 and 1 are written as 0% and 100%."""
    if 0 < p < 0.00001:
        return "<0.001%"
    if 0.995 <= p < 1 - 1e-12:  # nearer to 1 than that is rounding
        return f"{p:.1%}" if p < 0.9995 else ">99.9%"
    return f"{p:.0%}" if p >= 0.0995 or p == 0 else f"{p:.1%}" if p >= 0.00095 else f"{100 * p:.1g}%"


def isolated(label: str) -> str:
    """A token's label for a sentence: the text of one in Arabic or Hebrew keeps its direction to itself."""
    if label.isascii():
        return label
    index, text, part = LABEL.fullmatch(label).groups(default="")
    return f"{index}\u2068{text}\u2069{part}"
