"""Positions as tables, one row for each place: sines and cosines, or rows that a model learned."""

import math
from typing import NamedTuple

import numpy as np
import torch

from core import positions
from core.words import unit
from pages.shared.model.written import number


class Similar(NamedTuple):
    """How alike the rows at each distance are, over all pairs that far apart. All (reach + 1,), from distance 0 on."""

    low: np.ndarray
    mean: np.ndarray
    high: np.ndarray


def sinusoidal(t: int, width: int, base: float, offset: int = 0) -> np.ndarray:
    """(t, width), float64"""
    return positions.sinusoidal(t, width, base, offset, torch.float64).numpy()


def wavelength(pair: int, width: int, base: float) -> float:
    """After how many positions the pair's sine and cosine come round again: 2π · base^(2i/width)."""
    return math.tau * base ** (2 * pair / width)


def wave(pair: int, width: int, base: float, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sine and cosine of a pair at any places, whole or not: the curve on which the table's numbers lie."""
    turned = at * math.tau / wavelength(pair, width, base)
    return np.sin(turned), np.cos(turned)


def expected(width: int, base: float, distances: np.ndarray) -> np.ndarray:
    """PE(p)·PE(p + k) = Σ cos(k / base^(2i/width)), whatever p is. -> as many as distances"""
    speeds = math.tau / np.array([wavelength(i, width, base) for i in range(width // 2)])
    return np.cos(distances[:, None] * speeds).sum(-1)


def cosines(table: np.ndarray, at: int) -> np.ndarray:
    """The cosine of row `at` with every row. (t, d) -> (t,)"""
    rows = unit(table)
    return rows @ rows[at]


def similar(table: np.ndarray) -> Similar:
    """Cosines of all pairs of rows, by distance. (t, d)"""
    rows = unit(table)
    every = rows @ rows.T
    diagonals = [np.diagonal(every, k) for k in range(len(rows))]
    return Similar(*(np.array([f(d) for d in diagonals]) for f in (np.min, np.mean, np.max)))


def wave_facts(pair: int, width: int, base: float) -> dict:
    """What the lesson says about a pair of dimensions, which people count from 1."""
    lengths = {"wavelength": pair, "shortest": 0, "longest": width // 2 - 1}
    found = {name: written(wavelength(i, width, base)) for name, i in lengths.items()}
    return found | {
        "sine": 2 * pair + 1,
        "cosine": 2 * pair + 2,
        "double": 2 * pair,
        "width": width,
        "base": f"{base:.10g}",
    }


def written(x: float) -> str:
    """A length with a decimal where that matters: 6.3, 62,832."""
    return f"{x:,.1f}" if x < 1000 else f"{x:,.0f}" if x < 1e9 else f"{x:.2g}"


def product_facts(table: np.ndarray, row: int, base: float, step: int = 3) -> dict:
    """PE(p)·PE(p + step) at p and at another place, where it is the same."""
    other = (row + len(table) // 2) % len(table)
    places = {"here": row, "there": other}
    found = {"p": row, "other": other, "step": step, "half": table.shape[1] // 2}
    for name, p in places.items():
        pair = sinusoidal(step + 1, table.shape[1], base, p)
        found[name] = number(float(pair[0] @ pair[step]), 4)
    return found
