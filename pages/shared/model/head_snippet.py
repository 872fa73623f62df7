"""One attention head as NumPy code with its own numbers."""

from collections.abc import Sequence

from core.attention import AttentionTrace
from pages.shared.model.snippets import literal

STEPS = """\
scores = q @ k.T / np.sqrt(q.shape[-1])
may_look = np.tril(np.ones(scores.shape, dtype=bool))  # itself and what came before
masked = np.where(may_look, scores, -np.inf)
powers = np.exp(masked - masked.max(axis=-1, keepdims=True))
weights = powers / powers.sum(axis=-1, keepdims=True)
output = weights @ v
"""


def snippet(trace: AttentionTrace, labels: Sequence[str], title: str, first: int = 4) -> str:
    """A script for one head of a causal model that prints the weights and the output of a row.

    It holds the first few tokens: nobody looks ahead, so their numbers are the same as in the whole sentence.
    """
    n = min(first, len(labels))
    arrays = [literal(name, getattr(trace, name)[:n]) for name in ("q", "k", "v")]
    about = f"# {title}: {', '.join(labels[:n])}"
    shown = [
        f"print(weights[{n - 1}].round(2))  # where {labels[n - 1]} looks",
        f"print(output[{n - 1}, :4].round(2))  # the first numbers of what it takes along",
    ]
    return "\n".join(["import numpy as np", "", about, *arrays, "", STEPS, *shown]) + "\n"
