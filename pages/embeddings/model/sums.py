"""Sums of words: the plane on which a − b + c is drawn, and how often such sums come right."""

import json
from functools import cache

import numpy as np

from core.recipes.words import ANALOGIES
from core.words import FOLDER, Neighbour, Plane, WordVectors, neighbours, unit

SUMS = (
    "king − man + woman",
    "bigger − big + small",
    "apples − apple + banana",
    "french − france + italy",
    "paris − france + italy",
)


@cache
def measured() -> dict:
    """What was measured when the word vectors were made: analogies that came right, who is near to he and she."""
    found = json.loads((FOLDER / "measured.json").read_text(encoding="utf-8"))["shipped"]
    right = {kind: f"{n} of {asked}" for kind, (n, asked) in found["analogies"].items()}
    kinds = {"comparative": "comparative", "plural": "plural", "country and people": "people", "past tense": "past"}
    kinds |= {"man and woman": "man", "country and capital": "capital", "opposite": "opposite"}
    nurse = found["cosine with he and she"]["nurse"]
    said = {name: right[kind] for kind, name in kinds.items()}
    said |= {"queen": found["king - man + woman"][0][1], "nurse_he": nurse[0], "nurse_she": nurse[1]}
    return said | {"asked": sum(asked for _n, asked in found["analogies"].values())}


@cache
def own_words(vectors: WordVectors) -> int:
    """How many of the analogies would get one of their own three words as the first answer, were those allowed."""
    asked = (question.split()[:3] for kind in ANALOGIES.values() for question in kind.split(","))
    return sum(first_of_all(vectors, b, a, c).word in (a, b, c) for a, b, c in asked)


def first_of_all(vectors: WordVectors, a: str, b: str, c: str) -> Neighbour:
    """What comes first after a − b + c if the three words themselves are not left out."""
    x, y, z = unit(vectors.rows([a, b, c]))
    return neighbours(vectors, x - y + z, 1)[0]


def plane(vectors: WordVectors, a: str, b: str, c: str, found: str) -> Plane:
    """The plane through a, b and c, all of length 1, from b on: a lies to the right, c upwards; a − b + c is on it too.

    Its points are a, b, c, the word found (as a shadow on the plane) and a − b + c.
    """
    x, y, z, answer = unit(vectors.rows([a, b, c, found]))
    right = unit(x - y)
    up = unit((z - y) - (z - y) @ right * right)
    points = np.stack([x, y, z, answer, x - y + z])
    return Plane((points - y) @ np.stack([right, up]).T, np.zeros(2), np.stack([right, up]), y)
