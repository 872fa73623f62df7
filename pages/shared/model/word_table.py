"""The table of four words by hand, on two axes whose meaning is set; and the same two axes among trained vectors."""

import numpy as np

from core.words import Plane, WordVectors, axis, freeze, split

WORDS = ("orange", "apple", "phone", "cherry")
AXES = ("technology", "fruit")
SHORT = ("tech", "fruit")  # the same, for the head of a column
TABLE = np.array([[0.0, 3.0], [2.0, 2.0], [4.0, 0.0], [1.0, 4.0]])  # (4 words, 2 axes); set by hand
TECHNOLOGY, FRUIT = "computer software phone laptop", "fruit banana cherry orange juice"  # what names an axis


def by_hand(table: np.ndarray = TABLE) -> WordVectors:
    """The table by hand, with what the learner changed in it. (4, 2)"""
    return freeze(WORDS, table, np.zeros(table.shape[1]))


def named_plane(vectors: WordVectors, x: np.ndarray, right: str, up: str, left: str = "", down: str = "") -> Plane:
    """The plane of two named axes, each from some words (or the middle of all) to others; x (n, d) are placed on it.

    Raises UnknownWord or WordsError, in a sentence.
    """
    axes = np.stack([axis(vectors, split(to), split(away)) for to, away in ((right, left), (up, down))])
    return Plane(x @ axes.T, np.zeros(2), axes, np.zeros(x.shape[1]))
