"""Why scores are divided by √d: random queries and keys, wider and wider, measured (arXiv 1706.03762, footnote 4).

If the numbers in q and k are independent, with mean 0 and variance 1, then q·k has mean 0 and variance d, says the
paper. Here such vectors are drawn, and it is measured.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import torch

from core.attention import slope, softmax

WIDTHS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
QUERIES, KEYS = 400, 8  # each query meets keys of its own
SPREADS = ("normal", "uniform", "shifted")
FACTORS = {"normal": 1, "uniform": 1, "shifted": 3}  # variance of q·k over d: σ⁴ + 2μ²σ²


class Width(NamedTuple):
    """What was measured at one width, before and after the division by √d."""

    d: int
    variance: tuple[float, float]  # of q·k over all pairs
    largest: tuple[float, float]  # softmax weight of a query's best key, mean over queries
    slope: tuple[float, float]  # Σ p(1 - p), mean over queries: how much weights answer to a change of their scores


class Experiment(NamedTuple):
    products: np.ndarray  # (widths, queries, keys), q·k
    widths: tuple[Width, ...]

    def weights(self, width: int, query: int = 0, scaled: bool = False) -> np.ndarray:
        """The softmax of one query's scores at WIDTHS[width]. (keys,)"""
        return softmax(torch.from_numpy(self.scores(width, scaled)))[query].numpy()

    def scores(self, width: int, scaled: bool) -> np.ndarray:
        """(queries, keys)"""
        return self.products[width] / (WIDTHS[width] ** 0.5 if scaled else 1.0)


def draw(seed: int, spread: str) -> np.ndarray:
    """q·k of random vectors at every width: of the same vectors the first 1, 2, 4, ... numbers.

    "normal" and "uniform" numbers have mean 0 and variance 1, "shifted" ones mean 1 and variance 1.
    -> (widths, queries, keys). Raises ValueError for another spread.
    """
    if spread not in SPREADS:
        raise ValueError(f"spread must be one of {', '.join(SPREADS)}; got {spread!r}.")
    generator = np.random.default_rng(seed)
    shape = (QUERIES, KEYS + 1, WIDTHS[-1])
    if spread == "uniform":
        numbers = generator.uniform(-(3**0.5), 3**0.5, shape)
    else:
        numbers = generator.standard_normal(shape) + (spread == "shifted")
    terms = numbers[:, :1] * numbers[:, 1:]
    return np.stack([terms[..., :d].sum(-1) for d in WIDTHS])


@lru_cache(maxsize=16)  # 0.2 MB each
def measure(seed: int, spread: str = "normal") -> Experiment:
    """Draw and measure at every width. Raises ValueError for an unknown spread."""
    products = draw(seed, spread)
    return Experiment(products, tuple(measured(d, products[i]) for i, d in enumerate(WIDTHS)))


def measured(d: int, products: np.ndarray) -> Width:
    """products (queries, keys) at width d"""
    both = products, products / d**0.5
    weights = [softmax(torch.from_numpy(scores)).numpy() for scores in both]
    return Width(
        d,
        tuple(float(scores.var()) for scores in both),
        tuple(float(w.max(-1).mean()) for w in weights),
        tuple(float(slope(w).mean()) for w in weights),
    )
