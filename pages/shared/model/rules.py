"""The rules that the cells of a matrix follow: what they read, and how that is written in symbols."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Dot(NamedTuple):
    """a·b, or a·bᵀ, divided by a number (or by the two vectors' lengths), plus another panel or a row of it."""

    a: str
    b: str
    transposed: bool = False
    divide: float = 1.0
    by_lengths: bool = False
    plus: str | None = None


class Mask(NamedTuple):
    """The other panel's cell, or −∞ where looking is forbidden."""

    of: str


class Softmax(NamedTuple):
    """e^(s/T) over the sum of the row's."""

    of: str
    temperature: float = 1.0


class Sum(NamedTuple):
    """The same cell of each panel, added up; a panel of one row counts for every row."""

    of: Sequence[str]


class Divide(NamedTuple):
    of: str
    by: float


class Minus(NamedTuple):
    """The difference of two panels' same cells, a - b."""

    a: str
    b: str


class Times(NamedTuple):
    """The product of two panels' same cells: a gate and what it lets through."""

    a: str
    b: str


class Mean(NamedTuple):
    """The mean of the other panel's row."""

    of: str


class Deviation(NamedTuple):
    """The standard deviation of the other panel's row around its mean."""

    of: str
    mean: str


class Norm(NamedTuple):
    """(x - mean) / deviation: a LayerNorm before its weight and bias."""

    of: str
    mean: str
    std: str


class Cut(NamedTuple):
    """A block of another panel, which begins at this row and column of it."""

    of: str
    row: int = 0
    col: int = 0


class Join(NamedTuple):
    """Panels side by side, as one."""

    of: Sequence[str]


class Apply(NamedTuple):
    """A function of one number, by the name it is written with: GELU, ReLU."""

    of: str
    name: str


Rule = Dot | Mask | Softmax | Sum | Divide | Minus | Times | Mean | Deviation | Norm | Cut | Join | Apply


def sources(rule: Rule | None) -> tuple[str, ...]:
    """The panels that a rule reads."""
    match rule:
        case None:
            return ()
        case Dot():
            return (rule.a, rule.b) if rule.plus is None else (rule.a, rule.b, rule.plus)
        case Sum() | Join():
            return tuple(rule.of)
        case Minus() | Times():
            return rule.a, rule.b
        case Deviation():
            return rule.of, rule.mean
        case Norm():
            return tuple(rule)
        case _:
            return (rule.of,)


def formula(rule: Rule, known: Mapping[str, Any]) -> str:
    """How the whole matrix comes about, in symbols: "Q·Kᵀ/√32"."""
    symbol = {i: p.symbol or p.id for i, p in known.items()}
    match rule:
        case Dot(a, b, transposed, divide, by_lengths, plus):
            product = f"{symbol[a]}·{symbol[b]}" + "ᵀ" * transposed
            if by_lengths:
                product += f"/(|{symbol[a]}||{symbol[b]}|)"
            elif divide != 1:
                product += f"/{root(divide)}"
            return product + (f" + {symbol[plus]}" if plus else "")
        case Mask(of):
            return f"{symbol[of]}, or −∞"
        case Softmax(of, temperature):
            return f"softmax({symbol[of]})" if temperature == 1 else f"softmax({symbol[of]}/{temperature:g})"
        case Sum(of):
            return " + ".join(symbol[i] for i in of)
        case Divide(of, by):
            return f"{symbol[of]}/{root(by)}"
        case Minus(a, b):
            return f"{symbol[a]} − {symbol[b]}"
        case Times(a, b):
            return f"{symbol[a]} ⊙ {symbol[b]}"
        case Mean(of):
            return f"mean({symbol[of]})"
        case Deviation(of, mean):
            return f"√mean(({symbol[of]} − {symbol[mean]})²)"
        case Norm(of, mean, std):
            return f"({symbol[of]} − {symbol[mean]})/{symbol[std]}"
        case Cut(of):
            return f"part of {symbol[of]}"
        case Join(of):
            return f"[{' '.join(symbol[i] for i in of)}]"
        case Apply(of, name):
            return f"{name}({symbol[of]})"


def root(number: float) -> str:
    """√32 for 5.657, and any other number as it is."""
    square = round(number * number)
    whole = number == round(number)
    return f"√{square}" if not whole and math.isclose(number, math.sqrt(square)) else f"{number:g}"
