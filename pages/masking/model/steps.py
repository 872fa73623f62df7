"""One row of masked attention, an operation at a time, with its numbers put into the formulas; Markdown."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from pages.masking.model.example import Look
from pages.shared.model.prose import _, fill
from pages.shared.model.written import dot, factor, isolated, number

FEW, LARGEST = 10, 6  # keys that are all written; of more, the largest
DIGITS = 3


class Row(NamedTuple):
    """One query's numbers, and which of its keys are written."""

    scores: list[float]
    may: list[bool]
    top: float  # the largest open score
    powers: list[float]  # e^(score − top), 0 where masked
    shown: list[int]
    labels: Sequence[str]

    @property
    def total(self) -> float:
        return sum(self.powers)

    @property
    def others(self) -> int:
        return len(self.scores) - len(self.shown)


def numbers(at: Look, labels: Sequence[str], query: int) -> Row:
    scores, may = at.scores[query].tolist(), at.mask[query].tolist()
    top = max((s for s, m in zip(scores, may, strict=True) if m), default=0.0)
    powers = [math.exp(s - top) if m else 0.0 for s, m in zip(scores, may, strict=True)]
    keys = range(len(scores))
    best = sorted(sorted(keys, key=lambda j: (-powers[j], j))[:LARGEST])
    return Row(scores, may, top, powers, list(keys) if len(scores) <= FEW else best, labels)


def steps(at: Look, labels: Sequence[str], query: int) -> list[tuple[str, str]]:
    """Names of the operations, and what each does to the row of `query`."""
    row = numbers(at, labels, query)
    names = (_("scores"), _("mask"), _("powers"), _("sum"), _("weights"), _("output"))
    made = [(names[0], scores(row)), (names[1], masked(row))]
    if not any(row.may):
        return [*made, (names[4], _("No key is left: the sum of the powers would be 0. All weights are set to 0."))]
    weighed = (
        _("Each weight times its value, added up. Column 1 of the output: ")
        + dot(at.weights[query].tolist(), at.v[:, 0].tolist(), most=LARGEST)
    )  # fmt: skip
    return [*made, (names[2], powers(row)), (names[3], total(row)), (names[4], weights(row)), (names[5], weighed)]


def listed(row: Row, told: Sequence[str]) -> str:
    """One entry for each key that is written, and how many are not."""
    parts = [fill("**{key}**: ", key=isolated(row.labels[j])) + text for j, text in zip(row.shown, told, strict=True)]
    if row.others:
        parts.append(_("and {n} more").format(n=row.others))
    return " \u2003".join(parts)


def scores(row: Row) -> str:
    return _("How well each key matches: ") + listed(row, [f"${number(row.scores[j])}$" for j in row.shown])


def masked(row: Row) -> str:
    told = [f"${number(row.scores[j])}$" if row.may[j] else r"$-\infty$" for j in row.shown]
    return _("What may not be looked at becomes −∞: ") + listed(row, told)


def powers(row: Row) -> str:
    told = [
        f"$e^{{{number(row.scores[j])} - {factor(row.top)}}} = {number(row.powers[j], DIGITS)}$"
        if row.may[j]
        else r"$e^{-\infty} = 0$"
        for j in row.shown
    ]
    return _("e to each score, less the largest open one: ") + listed(row, told)


def total(row: Row) -> str:
    terms = [number(row.powers[j], DIGITS) for j in row.shown if row.may[j]]
    rest = row.total - sum(row.powers[j] for j in row.shown)
    if left := sum(row.may) - len(terms):
        terms.append(rf"\underbrace{{{number(rest, DIGITS)}}}_{{\text{{{left} more}}}}")
    return _("Masked keys add nothing: ") + f"${' + '.join(terms)} = {number(row.total, DIGITS)}$"


def weights(row: Row) -> str:
    under = number(row.total, DIGITS)
    told = [
        rf"$\frac{{{number(row.powers[j], DIGITS)}}}{{{under}}} = {number(row.powers[j] / row.total)}$"
        if row.may[j]
        else "$0$"
        for j in row.shown
    ]
    return _("Each power over the sum: ") + listed(row, told)
