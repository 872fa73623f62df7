"""How alike two vectors are, said in three ways, and when these disagree."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch

from core.attention import KINDS, similarity, unit
from pages.shared.model.panels import Axis, Divide, Dot, Panel, features, pipeline, versus
from pages.shared.model.written import number

NAMES = ("dot product", "cosine", "scaled")  # of the three kinds, in the order of core.attention.KINDS
FEW = 8  # keys, where a short list will do
SAME = 1e-9  # closer than this, relative to the larger, two scores are a tie: only rounding tells them apart


class Pictured(NamedTuple):
    """A query and keys on a plane, with their names."""

    query: str
    q: tuple[float, float]
    names: tuple[str, ...]
    k: tuple[tuple[float, float], ...]
    axes: tuple[str, str] = ("x", "y")


THINGS = ("tech", "fruit")  # hand-set axes
PRESETS = {
    "They disagree": Pictured("apple", (2.0, 2.0), ("cherry", "laptop"), ((1.0, 4.0), (5.0, 1.0)), THINGS),
    "A tie": Pictured("apple", (2.0, 2.0), ("orange", "phone"), ((0.0, 3.0), (4.0, 0.0)), THINGS),
    "Opposite": Pictured("q", (3.0, 1.0), ("k₁", "k₂"), ((-3.0, -1.0), (-1.0, 3.0))),
    "A zero vector": Pictured("q", (2.0, 1.0), ("k₁", "k₂"), ((0.0, 0.0), (3.0, -1.0))),
}
CHANGES = {  # what if: the query's factor, the first key's factor
    "the query were twice as long": (2.0, 1.0),
    "the first key were twice as long": (1.0, 2.0),
    "the first key were turned round": (1.0, -1.0),
    "the first key were zero": (1.0, 0.0),
}


class Compared(NamedTuple):
    """One query against n keys, all in float64. The three scores are those of core.attention.similarity."""

    dot: np.ndarray  # (n,)
    cosine: np.ndarray  # (n,), from -1 to 1; 0 with a zero vector
    scaled_dot: np.ndarray  # (n,)
    angle: np.ndarray  # (n,), degrees from 0 to 180; NaN with a zero vector, which has no direction
    length: float  # of the query
    lengths: np.ndarray  # (n,), of the keys

    @property
    def table(self) -> np.ndarray:
        """The three scores as rows. (3, n)"""
        return np.stack([self.dot, self.cosine, self.scaled_dot])


class Disagreement(NamedTuple):
    """The dot product puts `longer` before `nearer`, the cosine the other way round. Indices of keys."""

    by_dot: int
    by_cosine: int


def compare(q: Sequence[float], k: Sequence[Sequence[float]]) -> Compared:
    """q (d,), k (n, d)"""
    q, k = (torch.from_numpy(np.array(x, dtype=np.float64)) for x in (q, k))
    scores = (similarity(q[None], k, kind)[0].numpy() for kind in KINDS)
    dot, cosine, scaled = scores
    u, v = unit(q).numpy(), unit(k).numpy()
    # 2 atan(|u - v| / |u + v|) is exact for tiny angles too, where the arc cosine is not (Kahan 2006, section 12)
    angle = 2 * np.degrees(np.arctan2(np.linalg.norm(u - v, axis=1), np.linalg.norm(u + v, axis=1)))
    angle[~v.any(1) | (not u.any())] = np.nan
    lengths = np.linalg.norm(k.numpy(), axis=1)
    return Compared(dot, cosine, scaled, angle, float(np.linalg.norm(q.numpy())), lengths)


def disagreement(compared: Compared) -> Disagreement | None:
    """The pair of keys on whose order dot product and cosine differ most clearly; None if they agree on all."""
    found = None
    clearest = 0.0
    for pair in combinations(range(len(compared.dot)), 2):
        i, j = sorted(pair, key=lambda k: -compared.dot[k])
        dots, cosines = gap(compared.dot, i, j), gap(compared.cosine, j, i)
        if min(dots, cosines) > max(SAME, clearest):
            clearest, found = min(dots, cosines), Disagreement(i, j)
    return found


def gap(scores: np.ndarray, first: int, second: int) -> float:
    """How far the first score lies above the second, relative to the larger of the two."""
    return float(scores[first] - scores[second]) / (max(abs(scores[first]), abs(scores[second])) or 1.0)


def ranks(scores: np.ndarray) -> list[int]:
    """The place of each score, 1 for the largest; equal ones share a place. (n,)"""
    n = range(len(scores))
    return [1 + sum(1 for j in n if gap(scores, j, i) > SAME) for i in n]


def panels(
    q: np.ndarray, k: np.ndarray, query: str, names: Sequence[str], base: tuple | None = None, axes=None
) -> dict:
    """A query (1, d), keys (n, d) and their three scores (1, n) as linked matrices.

    `base` are the query and keys before they were changed: with them the matrices are editable. `axes` name the d.
    """
    found = compare(q[0], k).table[:, None]
    root = math.sqrt(q.shape[-1])
    known = {"query": Axis("query", [query]), "key": Axis("key", names)}
    known["feature"] = Axis("feature", axes or features(q.shape[-1]))
    before, at = base or (None, None), ("query", "key")
    made = [
        Panel("q", q, "query", "feature", "Q", "query", "query", None, None, base is not None, before[0]),
        Panel("k", k, "key", "feature", "K", "keys", "key", None, None, base is not None, before[1]),
        Panel("dot", found[0], *at, "dot", "product", rule=Dot("q", "k", True), starts=True),
        Panel("scaled", found[2], *at, "scaled", "dot product", rule=Divide("dot", root)),
        Panel(
            "cosine", found[1], *at, "cosine", "", rule=Dot("q", "k", True, by_lengths=True), largest=1.0, starts=True
        ),
    ]
    return pipeline(known, made)


def what_if(q: np.ndarray, k: np.ndarray, change: str, names: Sequence[str]) -> dict:
    """The three scores of each key after one of CHANGES, before it, and what lies between. q (d,), k (n, d)"""
    longer, first = CHANGES[change]
    after = compare(q * longer, np.concatenate([k[:1] * first, k[1:]])).table
    axes = {"kind": Axis("kind", NAMES), "key": Axis("key", names)}
    one = Panel("after", after + 0.0, "kind", "key", title="what if", role="plain")
    other = Panel("before", compare(q, k).table, "kind", "key", title="now", role="plain")
    return versus(axes, one, other)


def verdict(found: Compared, query: str, names: Sequence[str]) -> tuple[str, dict[str, float | str]]:
    """Which of the lesson's sentences fits, by its heading, and the values that it quotes."""
    pair = disagreement(found)
    if pair is None and len(names) == 2:
        return two_that_agree(found, query, names)
    if pair is None:
        return "Agree", {}
    below = found.dot[pair.by_dot] < 0
    return "Disagree below zero" if below else "Disagree", quoted(found, query, names, *pair)


def two_that_agree(found: Compared, query: str, names: Sequence[str]) -> tuple[str, dict[str, float | str]]:
    """Two keys in the same order, or with a tie, or with a zero vector among them."""
    if not found.length or not found.lengths.all():
        return "Zero", {}
    lead, nearer = gap(found.dot, 0, 1), gap(found.cosine, 0, 1)
    if abs(nearer) > SAME:
        return ("Agree", {}) if abs(lead) > SAME else ("Tie by dot", quoted(found, query, names, 1, 0))
    first = 0 if lead > 0 else 1
    return ("Same" if abs(lead) <= SAME else "Tie"), quoted(found, query, names, first, 1 - first)


def quoted(found: Compared, query: str, names: Sequence[str], by_dot: int, by_cosine: int) -> dict[str, float | str]:
    """Two keys in words: `dot_first` is what the dot product puts first, `cos_first` what the cosine does."""
    made = {"query": query, "dot_first": names[by_dot], "cos_first": names[by_cosine]}
    made |= {"dot_a": number(found.dot[by_dot]), "dot_b": number(found.dot[by_cosine])}
    made |= {"cos_a": number(found.cosine[by_cosine], 3), "cos_b": number(found.cosine[by_dot], 3)}
    made |= {"near": f"{found.angle[by_cosine]:.1f}°", "far": f"{found.angle[by_dot]:.1f}°"}
    long, short = float(found.lengths[by_dot]), float(found.lengths[by_cosine])
    return made | {"long": long, "short": short, "than": "longer" if long > short else "shorter"}
