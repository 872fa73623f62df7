"""Softmax taken apart: its steps, the plain division it replaces, its limits in real number formats, its derivative."""

import re
from typing import NamedTuple

import numpy as np
import torch

from core.attention import softmax
from core.edits import number

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

    @property
    def works(self) -> bool:
        """Whether the shares are numbers that sum to about 1."""
        return bool(np.isfinite(self.shares).all() and abs(self.shares.astype(np.float64).sum() - 1) < 0.01)


def parse(text: str) -> list[float]:
    """Scores as they were typed or pasted: 1 to 8 numbers with blanks or semicolons between them, or with commas.

    Where blanks or semicolons separate, a comma is a decimal comma. Raises ValueError, with a sentence, otherwise.
    """
    text = text.strip().strip(";,")
    wide = re.search(r"[;\s]", text)
    parts = [part.rstrip(",") for part in re.split(r"[;\s]+" if wide else ",", text)]
    if parts == [""]:
        raise ValueError("There is no score: type 1 to 8 numbers, such as 2 1 0.1 −1.")
    if len(parts) > MOST:
        raise ValueError(f"There is room for {MOST} scores; you gave {len(parts)}.")
    return [number(part.replace(",", ".") if wide else part) for part in parts]


def write(scores: list[float]) -> str:
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


def naive(scores: np.ndarray, name: str) -> Naive:
    """Softmax as the formula stands, in a real format: "float16", "float32" or "float64". (n,)"""
    kind = FORMATS[name]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
        powers = np.exp(np.asarray(scores).astype(kind))
        total = powers.sum(dtype=kind)
        return Naive(powers, float(total), powers / total)


def first_overflow(name: str) -> int:
    """The smallest whole number whose power of e is too large for the format."""
    return int(np.log(np.float64(np.finfo(FORMATS[name]).max))) + 1


def entropy(p: np.ndarray) -> np.ndarray:
    """-Σ p ln p: 0 where one has all, ln n where all are equal; a share of 0 adds nothing. (..., n) -> (...)"""
    return -(p * np.log(np.where(p > 0, p, 1.0))).sum(-1) + 0.0


def slope(p: np.ndarray) -> np.ndarray:
    """Σ p(1 - p), the diagonal of the Jacobian summed: at most 1 - 1/n, 0 where one has all. (..., n) -> (...)"""
    return (p * (1 - p)).sum(-1)


def jacobian(p: np.ndarray) -> np.ndarray:
    """How each share answers to each score: dp_i/ds_j = p_i (1 if i = j else 0) - p_i p_j. (n,) -> (n, n)"""
    return np.diag(p) - np.outer(p, p)
