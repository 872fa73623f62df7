"""Rounds of gravity in NumPy, with the places of the page."""

from collections.abc import Sequence

import numpy as np

from core.words import Pull
from pages.shared.model.snippets import literal

SCORES = {
    "dot": "x @ x.T",
    "scaled_dot": "x @ x.T / np.sqrt(x.shape[1])",
    "cosine": "unit(x) @ unit(x).T",
}
UNIT = """\
def unit(x):
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(length > 0, length, 1)

"""
ROUND = """\
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / {temperature!r})
    weights = powers / powers.sum(axis=1, keepdims=True)
    x = weights @ x  # queries, keys and values are the words themselves
"""


def snippet(labels: Sequence[str], trace: Sequence[Pull], kind: str, temperature: float) -> str:
    """A script that plays the rounds of the trace from the vectors by hand (n, 2) and prints where the words are."""
    unit = ["", UNIT] if kind == "cosine" else [""]
    lines = [f"for _ in range({len(trace)}):", f"    scores = {SCORES[kind]}"]
    shown = ["print(weights.round(2))  # of the last round", "print(x.round(2))"]
    known = [f"# {', '.join(labels)}", literal("x", trace[0].before)]
    return "\n".join(
        ["import numpy as np", *unit, *known, "", *lines, ROUND.format(temperature=temperature), *shown, ""]
    )


def one_round(labels: Sequence[str], step: Pull, places: np.ndarray, temperature: float) -> str:
    """A script for one round of the word vectors, from their scores and places on the plane (n, 2)."""
    known = [f"# {', '.join(labels)}", literal("scores", step.scores, 6), literal("x", places, 4)]
    body = ROUND.format(temperature=temperature).replace("\n    ", "\n").removeprefix("    ")
    shown = ["print(weights.round(2))", "print(x.round(2))  # the new places on the plane", ""]
    return "\n".join(["import numpy as np", "", *known, "", body, *shown])
