"""One head of cross-attention as NumPy code with its own numbers."""

from collections.abc import Sequence

from core.attention import AttentionTrace
from pages.shared.model.snippets import literal

STEPS = """\
scores = q @ k.T / np.sqrt(q.shape[-1])  # no mask: all of the source may be looked at
powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
weights = powers / powers.sum(axis=-1, keepdims=True)
output = weights @ v
print(weights.round(2))  # a row for each English step, a column for each Korean token
print(output[:, :4].round(2))
"""


def snippet(head: AttentionTrace, target: Sequence[str], source: Sequence[str], most: int = 4) -> str:
    """A script for the first steps. q (t, d); k, v (s, d)."""
    arrays = literal("q", head.q[:most]), literal("k", head.k), literal("v", head.v)
    about = f"# {', '.join(target[:most])} look at {', '.join(source)}"
    return "\n".join(["import numpy as np", "", about, *arrays, "", STEPS])
