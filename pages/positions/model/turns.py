"""Rotary positions on one query and one key: each pair of numbers turns by an angle that grows with the position."""

import math
from typing import NamedTuple

import numpy as np
import torch

from core import positions
from pages.shared.model.written import number


class Turned(NamedTuple):
    """A query and a key at their positions."""

    q: np.ndarray  # (d,), turned
    k: np.ndarray  # (d,), turned
    angles: tuple[np.ndarray, np.ndarray]  # (d / 2,) each: how far q's and k's pairs have turned, in radians

    @property
    def products(self) -> np.ndarray:
        """What each pair adds to q·k. (d / 2,)"""
        return (self.q * self.k).reshape(-1, 2).sum(-1)

    @property
    def score(self) -> float:
        """q·k, not yet divided by √d."""
        return float(self.q @ self.k)


def turn(x: np.ndarray, at: int, base: float) -> np.ndarray:
    """The vector (d,) at a position."""
    return positions.rotary(torch.tensor(x)[None].double(), base, at)[0].numpy()


def turned(q: np.ndarray, k: np.ndarray, at_q: int, at_k: int, base: float) -> Turned:
    angles = tuple(positions.angles(1, len(q), base, at)[0].numpy() for at in (at_q, at_k))
    return Turned(turn(q, at_q, base), turn(k, at_k, base), angles)


def by_distance(q: np.ndarray, k: np.ndarray, reach: int, base: float) -> tuple[np.ndarray, np.ndarray]:
    """Distances m − n from −reach to reach, and q·k for a query at m and a key at n that far apart."""
    keys = positions.rotary(torch.tensor(k).double().expand(2 * reach + 1, -1), base)  # at 0, ..., 2 reach
    return reach - np.arange(2 * reach + 1), (keys @ torch.from_numpy(turn(q, reach, base))).numpy()


def facts(q: np.ndarray, k: np.ndarray, at: tuple[int, int, int], pair: int, base: float) -> dict:
    """What the lesson says: the scores of four places of query and key. `at`: query, key, how far both are shifted."""
    m, n, shift = at
    places = {"given": (0, 0), "placed": (m, n), "shifted": (m + shift, n + shift), "apart": (m, n + shift)}
    found = {}
    for name, (i, j) in places.items():
        there = turned(q, k, i, j, base)
        here = float(there.products[pair])
        found |= {f"{name}_m": i, f"{name}_n": j, f"{name}_pair": number(here, 3)}
        found |= {f"{name}_rest": number(there.score - here, 3), f"{name}_score": number(there.score, 3)}
    angle = float(positions.angles(1, len(q), base, 1)[0, pair])
    lengths = {"q_length": number(float(np.linalg.norm(q)), 3), "k_length": number(float(np.linalg.norm(k)), 3)}
    return found | lengths | {"angle": angle, "degrees": math.degrees(angle), "distance": m - n, "shift": shift}
