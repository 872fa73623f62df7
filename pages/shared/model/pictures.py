"""Attention at a glance, as plain data: a small picture of every head, and lines from token to token."""

import base64
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pages.shared.model.panels import array

LARGEST = 64  # pixels a side
MASKED = 255  # weights from 0 to 1 are 0 to 254


def head_pictures(
    weights: Any,
    labels: Sequence[str],
    key_labels: Sequence[str] | None = None,
    *,
    mask: Any = None,
    names: Sequence[Sequence[str]] | None = None,
) -> dict:
    """A small grey-scale picture of each head: weights (n_layers, n_heads, t_q, t_k) -> bytes, 0 to 254 for 0 to 1.

    Pictures are at most 64×64: of larger matrices each pixel shows the largest weight of its block. Where `mask`
    (t_q, t_k) forbids a whole block the byte is 255. `looks` says what each head looks at most; a query with a single
    key to look at does not count, as its weight is always 1. `names` are short names, one for each head.
    """
    weights, keys = array(weights), labels if key_labels is None else key_labels
    layers, heads, t_q, t_k = weights.shape
    if (t_q, t_k) != (len(labels), len(keys)):
        raise ValueError(f"expected weights ({len(labels)}×{len(keys)}), as many as labels; got ({t_q}×{t_k}).")
    may = np.ones((t_q, t_k), bool) if mask is None else np.broadcast_to(array(mask) > 0, (t_q, t_k))
    pixels = pool(np.where(may, np.rint(weights.clip(0, 1) * (MASKED - 1)), -1))
    pixels = np.where(pixels < 0, MASKED, pixels).astype(np.uint8)
    free = may.sum(-1, keepdims=True) > 1  # queries that have a choice
    best = np.where(may & (free | ~free.any()), weights, -1).reshape(layers, heads, -1).argmax(-1)
    made = {"layers": layers, "heads": heads, "rows": pixels.shape[-2], "cols": pixels.shape[-1]}
    made["pixels"] = base64.b64encode(pixels.tobytes()).decode()
    made["looks"] = [
        [look(weights[layer, head], best[layer, head], labels, keys) for head in range(heads)]
        for layer in range(layers)
    ]
    return made if names is None else made | {"names": [list(map(str, row)) for row in names]}


def look(weights: np.ndarray, best: int, labels: Sequence[str], keys: Sequence[str]) -> str:
    """Who looks at whom, and how much: "5 dog at 2 the, 0.83"."""
    query, key = np.unravel_index(best, weights.shape)
    return f"{labels[query]} at {keys[key]}, {weights[query, key]:.2f}"


def pool(pictures: np.ndarray) -> np.ndarray:
    """The largest number of each block, with blocks just large enough: (..., rows, cols) -> at most (..., 64, 64)."""
    for axis in (-2, -1):
        n = pictures.shape[axis]
        starts = np.arange(0, n, math.ceil(n / LARGEST))
        pictures = np.maximum.reduceat(pictures, starts, axis=axis)
    return pictures


def attention_lines(weights: Any, rows: Sequence[str], cols: Sequence[str], threshold: float = 0.05) -> dict:
    """Who looks at whom: (t_q, t_k) -> lines [query, key, weight] from `threshold` on, strongest first for each query.

    `rest` has for each query how many keys lie below the threshold with a weight above 0, and their sum.
    """
    weights = array(weights)
    if weights.shape != (len(rows), len(cols)):
        raise ValueError(f"expected weights ({len(rows)}×{len(cols)}), as many as labels; got {weights.shape}.")
    lines, rest = [], []
    for query, row in enumerate(weights):
        order = np.argsort(-row, kind="stable")
        lines += [[query, int(key), float(str(row[key]))] for key in order if row[key] >= threshold]
        small = row[(row < threshold) & (row > 0)]
        rest.append([len(small), float(str(small.sum()))])
    return {"rows": list(rows), "cols": list(cols), "threshold": threshold, "lines": lines, "rest": rest}
