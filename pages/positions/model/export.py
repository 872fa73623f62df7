"""The same words in two orders as NumPy code with its own numbers."""

from collections.abc import Sequence

from pages.shared.model.hand import Hand
from pages.shared.model.snippets import literal, written

STEPS = """\

def attend(x):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.T / np.sqrt(k.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ v


t, d = x.shape
angles = np.arange(t)[:, None] / 10_000 ** (np.arange(0, d, 2) / d)
p = np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(t, d)

back = np.argsort(order)  # puts the rows where they were
without = attend(x) - attend(x[order])[back]
told = attend(x + p) - attend(x[order] + p)[back]
print(np.linalg.norm(without, axis=-1).max() < 1e-9)  # how far an output moved: nothing but rounding
print(np.linalg.norm(told, axis=-1).round(2))  # with positions, for each word"""


def snippet(example: Hand, order: Sequence[int]) -> str:
    """The words and the same in another order: outputs without positions, how far they move with sinusoidal ones."""
    arrays = [literal(name, getattr(example, name), 12) for name in ("x", "w_q", "w_k", "w_v")]
    about = written("words", example.words)
    return "\n".join(["import numpy as np", "", about, *arrays, f"order = {list(order)}", "", STEPS]) + "\n"
