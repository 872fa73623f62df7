"""Words that pull each other: the rounds of `core.words.pull`, seen on a plane of two axes.

Places on a plane are a linear map of the vectors (and a shift), and the weights of a word sum to 1. So the place of a
weighted mean is the weighted mean of the places, and the arithmetic on the plane is exact, whatever the width.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.words import Plane, Pull, WordVectors, pull
from pages.shared.model.panels import Axis, Dot, Panel, Softmax, features, pipeline
from pages.shared.model.written import number

ROUNDS = 6
MOST_WORDS = 8


class Sentence(NamedTuple):
    words: tuple[str, ...]  # those with a vector, in order
    unknown: dict[str, list[str]]  # those without, and known ones spelled alike
    left_out: int  # words beyond MOST_WORDS

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"{i} {word}" for i, word in enumerate(self.words))


def sentence(text: str, vectors: WordVectors) -> Sentence:
    known, unknown = vectors.sort_out(text)
    return Sentence(tuple(known[:MOST_WORDS]), unknown, max(0, len(known) - MOST_WORDS))


def rounds(words: Sentence, vectors: WordVectors, kind: str, temperature: float, n: int = ROUNDS) -> list[Pull]:
    """Self-attention without projections, n times over. Raises WordsError for a sentence without a known word."""
    return pull(vectors.rows(words.words), kind, n, temperature=temperature)


def again(trace: Sequence[Pull], kind: str, temperature: float, n: int) -> list[Pull]:
    """From the same start, with another choice."""
    return pull(trace[0].before, kind, n, temperature=temperature)


def shared(one: Sentence, other: Sentence) -> list[str]:
    """Words of both sentences, in the order of the first, the most telling first: longer words say more than "an"."""
    found = [w for w in dict.fromkeys(one.words) if w in other.words]
    return sorted(found, key=len, reverse=True)


def follow(words: Sentence, word: str) -> int:
    """Where the word stands; 0 if the sentence lacks it."""
    return words.words.index(word) if word in words.words else 0


def firsts(words: Sentence) -> list[int]:
    """Where each different word stands first: equal words start and move alike."""
    return [words.words.index(w) for w in dict.fromkeys(words.words)]


def places(trace: Sequence[Pull], plane: Plane) -> np.ndarray:
    """Where each word is, before the first round and after each. -> (1 + rounds, words, 2)"""
    return np.stack([plane.place(trace[0].before), *(plane.place(step.after) for step in trace)])


def panels(words: Sentence, step: Pull, plane: Plane, names: Sequence[str], kind: str, temperature: float) -> dict:
    """One round, from what scores compare to the new places. By hand the two places are all there is to compare."""
    d = step.before.shape[1]
    axes = {
        "query": Axis("word", words.labels),
        "key": Axis("looks at", words.labels),
        "axis": Axis("axis", names),
        "feature": Axis("axis", features(d)),
    }
    rows = "x" if d == len(names) else "rows"  # a vector of two numbers is its place
    match = Dot(rows, rows, True, math.sqrt(d) if kind == "scaled_dot" else 1.0, by_lengths=kind == "cosine")
    softmax = Softmax("scores", temperature)
    x = Panel("x", plane.place(step.before), "query", "axis", "X", "places before")
    made = [
        Panel("scores", step.scores, "query", "key", title="how well two words match", rule=match),
        Panel("weights", step.weights, "query", "key", "", "each row sums to 1", "weights", softmax),
        Panel(
            "after", plane.place(step.after), "query", "axis", "new X", "places after", "output", Dot("weights", "x")
        ),
    ]
    if rows == "x":
        return pipeline(axes, [x, *made])
    whole = Panel("rows", step.before, "query", "feature", "rows", "all numbers of each word")
    scores, weights, after = made
    return pipeline(axes, [whole, scores._replace(starts=True), weights, x, after])


def weights_panels(words: Sentence, one: Pull, other: Pull, titles: Sequence[str]) -> tuple[dict, Panel, Panel]:
    """The weights of one round under two choices, for `panels.versus`."""
    axes = {"query": Axis("word", words.labels), "key": Axis("looks at", words.labels)}
    made = (
        Panel(i, step.weights, "query", "key", i, title, "weights")
        for i, step, title in zip(("A", "B"), (one, other), titles, strict=True)
    )
    return axes, *made


def move(weights: np.ndarray, x: np.ndarray, digits: int = 2) -> str:
    """A word's new place as the weighted mean that it is, a formula: weights (n,), places (n, 2)."""
    terms = [rf"{number(w, digits)}\cdot{point(p, digits)}" for w, p in zip(weights, x, strict=True)]
    return f"${' + '.join(terms)} = {point(weights @ x, digits)}$"


def point(p: Sequence[float], digits: int = 2) -> str:
    return f"({', '.join(number(float(c), digits) for c in p)})"


def facts(one: Sequence[Pull], other: Sequence[Pull], sentences: Sequence[Sentence], word: str, plane: Plane) -> dict:
    """What the lesson's words say about the word in both sentences."""
    said = {"word": word, "rounds": len(one), "n": len(sentences[0].words)}
    at, scaled = follow(sentences[0], word), again(one, "scaled_dot", 1.0, 1)[0]
    said |= {"own": sentences[0].words[at], "alone": float(scaled.weights[at, at])}
    said["long"] = float(np.linalg.norm(scaled.before[at]))
    for name, trace, words in zip("ab", (one, other), sentences, strict=True):
        at, path = follow(words, word), places(trace, plane)
        said |= {f"{name}_own": float(trace[0].weights[at, at]), f"{name}_end": point(path[-1, at])}
        said |= {f"{name}_spread": spread(trace[0].before), f"{name}_spread_end": spread(trace[-1].after)}
    return said


def spread(x: np.ndarray) -> float:
    """The largest distance between two words. (n, d)"""
    return float(np.linalg.norm(x[:, None] - x[None], axis=-1).max())


def table_panels(table: np.ndarray, base: np.ndarray, words: Sequence[str], names: Sequence[str]) -> dict:
    """The places by hand, to be changed. (words, 2)"""
    axes = {"word": Axis("word", words), "axis": Axis("axis", names)}
    return pipeline(axes, [Panel("E", table, "word", "axis", "E", "where each word starts", editable=True, base=base)])


def hand_plane(x: np.ndarray) -> Plane:
    """The plane of the table by hand: its numbers are the places. (n, 2)"""
    return Plane(x, np.zeros(2), np.eye(2), np.zeros(2))
