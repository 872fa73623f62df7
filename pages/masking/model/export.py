"""Masked attention as NumPy code with the page's own numbers."""

from collections.abc import Sequence

from pages.masking.model.example import Look
from pages.shared.model.snippets import literal

STEPS = """\
masked = np.where(mask == 1, scores, -np.inf)  # before the softmax
top = masked.max(axis=-1, keepdims=True)
powers = np.exp(masked - np.where(np.isinf(top), 0, top))
total = powers.sum(axis=-1, keepdims=True)
weights = powers / np.where(total > 0, total, 1)  # nothing to look at: zeros, not NaN
output = weights @ v

print(weights.round(2))
print(output.round(2))
"""
ROWS, COLUMNS = 3, 4


def snippet(at: Look, labels: Sequence[str], query: int) -> str:
    """A script for a few rows that end with `query`, with all their keys; of wide values the first columns."""
    rows = range(max(0, query + 1 - ROWS), query + 1)
    some = slice(rows.start, rows.stop)
    arrays = [
        literal("scores", at.scores[some]),
        literal("mask", at.mask[some].int(), 0).replace(".0", ""),
        literal("v", at.v[:, :COLUMNS]),
    ]
    about = " ".join(", ".join(labels[i] for i in rows).split())  # on one line, whatever is in a label
    return "\n".join(["import numpy as np", "", f"# rows: {about}", *arrays, "", STEPS])
