"""Softmax taken apart: its steps, the plain division it replaces, its limits in real number formats, its derivative."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from core.attention import softmax
from pages.shared.model.edits import number
from pages.shared.model.panels import Axis, Dot, Minus, Panel, Softmax, pipeline, versus

MOST = 8  # scores by hand
FORMATS = {"float16": np.float16, "float32": np.float32, "float64": np.float64}


class Steps(NamedTuple):
    """From scores to shares, one operation at a time. Each (n,), float64."""

    scores: np.ndarray
    divided: np.ndarray  # by the temperature
    below: np.ndarray  # the largest subtracted: 0 and less
    powers: np.ndarray  # e to that: 1 and less
    shares: np.ndarray  # divided by their sum: core.attention.softmax

    @property
    def total(self) -> float:
        return float(self.powers.sum())


class Naive(NamedTuple):
    """e^s / Σ e^s as it stands, without subtracting the largest, in one number format: ∞ and NaN as they come."""

    powers: np.ndarray  # (n,)
    total: float
    shares: np.ndarray  # (n,)
    works: bool  # whether the shares are right to two decimals

    def at(self, shown: Sequence[int]) -> "Naive":
        """The same sum, and of the powers and shares those at the places `shown`."""
        return self._replace(powers=self.powers[shown], shares=self.shares[shown])


def parse(text: str) -> list[float]:
    """Scores as they were typed or pasted: 1 to 8 numbers with blanks or semicolons between them, or with commas.

    Where blanks or semicolons separate, a comma is a decimal comma. Raises ValueError, with a sentence, otherwise.
    """
    text = text.strip().strip(";,")
    wide = re.search(r"[; \t\r\n]", text)
    parts = [part.rstrip(",") for part in re.split(r"[; \t\r\n]+" if wide else ",", text)]
    if parts == [""]:
        raise ValueError("There is no score: type 1 to 8 numbers, such as 2 1 0.1 −1.")
    if len(parts) > MOST:
        raise ValueError(f"There is room for {MOST} scores; you gave {len(parts)}.")
    return [number(part) for part in parts]


def write(scores: Sequence[float]) -> str:
    """Scores as they stand in the box and in a link."""
    return " ".join(f"{x:.12g}" for x in scores)


def steps(scores: np.ndarray, temperature: float = 1.0) -> Steps:
    """scores (n,)"""
    scores = np.asarray(scores, dtype=np.float64)
    divided = scores / temperature
    below = divided - divided.max()
    return Steps(scores, divided, below, np.exp(below), shares(scores, temperature))


def shares(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """core.attention.softmax for an array. (..., n) -> (..., n), float64"""
    return softmax(torch.from_numpy(np.array(scores, dtype=np.float64)), temperature).numpy()


def plain(scores: np.ndarray) -> np.ndarray | None:
    """Each score over the sum of all; None where that sum is 0, so that there is nothing to divide by. (n,) -> (n,)"""
    total = scores.sum()
    return scores / total if abs(total) > 1e-12 * np.abs(scores).max(initial=0) else None


def verdict(scores: np.ndarray) -> str:
    """What plain division makes of the scores: "zero", "alone", "equal", "negative", "reversed" or "works". (n,)"""
    divided = plain(scores)
    if divided is None:
        return "zero"
    if not np.ptp(scores):
        return "equal" if len(scores) > 1 else "alone"
    if (divided < 0).any():
        return "negative"
    return "reversed" if scores.sum() < 0 else "works"


def naive(scores: np.ndarray, name: str) -> Naive:
    """Softmax as the formula stands, in a real format: "float16", "float32" or "float64". (n,)"""
    kind = FORMATS[name]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        powers = np.exp(np.asarray(scores).astype(kind))
        total = powers.sum(dtype=kind)
        found = powers / total
        right = np.abs(found - shares(scores)).max() < 0.005  # not so with NaN
        return Naive(powers, float(total), found, bool(right))


def stable(scores: np.ndarray) -> np.ndarray:
    """core.attention.softmax in float32, which subtracts the largest first. (n,) -> (n,)"""
    return softmax(torch.from_numpy(np.asarray(scores, dtype=np.float32))).numpy()


def first_overflow(name: str) -> int:
    """The smallest whole number whose power of e is too large for the format."""
    return int(np.log(np.float64(np.finfo(FORMATS[name]).max))) + 1


def entropy(p: np.ndarray) -> np.ndarray:
    """-Σ p ln p: 0 where one has all, ln n where all are equal; a share of 0 adds nothing. (..., n) -> (...)"""
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(-1) + 0.0


def jacobian(p: np.ndarray) -> np.ndarray:
    """How each share answers to each score: dp_i/ds_j = p_i (1 if i = j else 0) - p_i p_j. (n,) -> (n, n)"""
    return np.diag(p) - np.outer(p, p)


def row_panels(scores: np.ndarray, base: np.ndarray, temperature: float, names: Sequence[str]) -> dict:
    """Scores (n,), which can be edited, and their weights as linked matrices; `base` are the scores before."""
    axes = {"query": Axis("row", ["s"]), "key": Axis("score", names)}
    first = Panel("scores", scores[None], "query", "key", title="change any of them", editable=True, base=base[None])
    weights = shares(scores, temperature)[None]
    rule = Softmax("scores", temperature)
    return pipeline(axes, [first, Panel("weights", weights, "query", "key", "", "sum to 1", "weights", rule)])


def jacobian_panels(p: np.ndarray, names: Sequence[str]) -> dict:
    """diag(p) - p pᵀ as linked matrices. p (n,)"""
    axes = {"share": Axis("share", names), "score": Axis("score", names), "one": Axis("column", ["p"])}
    at = ("share", "score")
    return pipeline(
        axes,
        [
            Panel("p", p[:, None], "share", "one", "p", "the shares", "weights"),
            Panel("diag", np.diag(p), *at, "diag(p)", "p on the diagonal", largest=1.0),
            Panel("outer", np.outer(p, p), *at, "p·pᵀ", "each times each", rule=Dot("p", "p", True), largest=1.0),
            Panel("jacobian", jacobian(p), *at, "J", "", rule=Minus("diag", "outer"), largest=0.25),
        ],
    )


def sharpened(p: np.ndarray, then: np.ndarray, factor: float, names: Sequence[str]) -> dict:
    """The Jacobian for the shares `then`, with scores larger by a factor, the one for p, and the difference. (n,)"""
    axes = {"share": Axis("share", names), "score": Axis("score", names)}
    one = Panel("then", jacobian(then), "share", "score", "J, what if", f"scores × {factor:g}", largest=0.25)
    other = Panel("now", jacobian(p), "share", "score", "J, now", largest=0.25)
    return versus(axes, one, other)


def shifted(
    scores: np.ndarray, constant: float, temperature: float, names: Sequence[str], shown: Sequence[int]
) -> dict:
    """The weights with a constant added to every score (n,), without it, and the difference, at the places `shown`."""
    axes = {"query": Axis("row", ["p"]), "key": Axis("score", names)}
    then, now = (shares(scores + c, temperature)[None, shown] for c in (constant, 0.0))
    one = Panel("then", then, "query", "key", "p, what if", f"{constant:+g} on every score", "weights")
    other = Panel("now", now, "query", "key", "p, now", "", "weights")
    return versus(axes, one, other)


def over_temperatures(scores: np.ndarray, temperatures: np.ndarray) -> np.ndarray:
    """The shares at each temperature. (n,), (m,) -> (m, n)"""
    return np.stack([shares(scores, float(t)) for t in temperatures])  # rows at once take longer: threads


def entropy_facts(p: np.ndarray) -> dict[str, float]:
    """Entropy in nats and bits, the most it could be, and the number of equal shares with the same entropy. (n,)"""
    nats = float(entropy(p))
    return {"nats": nats, "bits": nats / float(np.log(2)), "most": float(np.log(len(p))), "like": float(np.exp(nats))}


def notice(scores: np.ndarray, temperature: float, names: Sequence[str]) -> dict[str, float | str]:
    """What the lesson says about the scores on screen. scores (n,)"""
    p = shares(scores, temperature)
    best, last = int(p.argmax()), int(scores.argmin())
    return {"best": names[best], "most": float(p[best]), "last": names[last], "least": float(p[last]), "n": len(p)}


def order(scores: np.ndarray, temperature: float) -> str:
    """How far the shares keep the order of the scores: "equal", "rounded" where the smallest is 0, or "stays". (n,)"""
    return "equal" if not np.ptp(scores) else "stays" if shares(scores, temperature).min() > 0 else "rounded"
