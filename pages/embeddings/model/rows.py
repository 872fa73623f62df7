"""Rows of a table: looked up by number, compared with other rows, and told apart on a map.

Rows of a trained table, be it of words or of the pieces of a model, are `core.words.WordVectors`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from core.tokenizer import show
from core.words import Neighbour, WordVectors, freeze, neighbours, unit
from pages.shared.model.panels import Axis, Dot, Panel, features, pipeline
from pages.shared.model.word_table import FRUIT, SHORT, TABLE, TECHNOLOGY, WORDS, named_plane

USUAL = "apple orange cherry banana phone laptop computer mac fruit"


MOST_WORDS = 12


class Rows(NamedTuple):
    """Some different rows of a table, by their words in it."""

    vectors: WordVectors
    words: tuple[str, ...]
    chosen: int  # the one that the learner follows

    @property
    def x(self) -> np.ndarray:
        """(n, d)"""
        return self.vectors.vectors[[self.vectors.index[name] for name in self.words]]

    @property
    def word(self) -> str:
        return self.words[self.chosen]


def near(rows: Rows, n: int = 8) -> dict[str, list[Neighbour]]:
    """The best matches of the chosen row among all rows of the table but itself, by cosine and by dot product."""
    x = rows.vectors.vectors[rows.vectors.index[rows.word]]
    found = {kind: neighbours(rows.vectors, x, n + 1, kind) for kind in ("cosine", "dot")}
    return {kind: [other for other in others if other.word != rows.word][:n] for kind, others in found.items()}


def of_pieces(pieces: Sequence[str], rows: Any) -> WordVectors:
    """A model's embedding rows (vocab, d_model) by the names of its pieces; names that look alike get their id."""
    names = [show(piece) for piece in pieces]
    count = Counter(names)
    names = [f"{name} ({i})" if count[name] > 1 else name for i, name in enumerate(names)]
    rows = np.asarray(rows, dtype=np.float64)
    return freeze(names, rows, np.zeros(rows.shape[1]))


def one_hot(ids: Sequence[int], n: int) -> np.ndarray:
    """A row for each id with a 1 at its place and 0 elsewhere. -> (len(ids), n)"""
    return np.eye(n)[list(ids)]


def cosines(x: np.ndarray) -> np.ndarray:
    """Of every vector with every other. (n, d) -> (n, n)"""
    rows = unit(x)
    return rows @ rows.T


def lookup_panels(ids: Sequence[int], table: np.ndarray, base: np.ndarray = TABLE) -> dict:
    """One-hot rows times the table are rows of the table. ids of words, (4, 2) as it is now and as it was."""
    axes = {
        "word": Axis("word", [f"{at} {WORDS[i]}" for at, i in enumerate(ids)]),
        "row": Axis("row", [f"{i} {word}" for i, word in enumerate(WORDS)]),
        "axis": Axis("axis", SHORT),
    }
    hot = one_hot(ids, len(WORDS))
    return pipeline(
        axes,
        [
            Panel("onehot", hot, "word", "row", "one-hot", "a 1 at the word's id", "plain"),
            Panel("E", table, "row", "axis", "E", "the table: one row a word", editable=True, base=base),
            Panel("x", hot @ table, "word", "axis", "X", "the words' vectors", rule=Dot("onehot", "E")),
        ],
    )


def row_panels(labels: Sequence[str], x: np.ndarray, with_cosines: bool = True) -> dict:
    """Rows of a trained table (n, d), and the cosine of each with each."""
    axes = {
        "word": Axis("word", labels),
        "other": Axis("other word", labels),
        "feature": Axis("axis", features(x.shape[1])),
    }
    match = Dot("x", "x", transposed=True, by_lengths=True)
    cosine = Panel("cosine", cosines(x), "word", "other", title="1 is the same direction", rule=match, largest=1)
    rows = Panel("x", x, "word", "feature", "X", "their rows in the table")
    return pipeline(axes, [cosine, rows] if with_cosines else [rows])


def distinct(ids: Iterable[int], most: int, always: int) -> list[int]:
    """The places of the first `most` different ids, the one at the place `always` among them."""
    first: dict[int, int] = {}
    for at, i in enumerate(ids):
        first.setdefault(i, at)
    ids = list(ids)
    kept = list(first.values())[:most]
    own = first[ids[always]]
    return kept if own in kept else [*kept[:-1], own]


def facts(rows: Rows, near: dict[str, list[Neighbour]]) -> dict:
    """What the lesson's words say about the chosen word and its neighbours, by cosine and by dot product."""
    table, found = rows.vectors, near["cosine"]
    cosine, product = ([n.word for n in near[kind]] for kind in ("cosine", "dot"))
    into, out = [w for w in product if w not in cosine], [w for w in cosine if w not in product]
    said = {"n": table.vectors.shape[0], "d": table.vectors.shape[1], "count": len(cosine), "word": rows.word}
    said |= {"best": found[0].word, "cosine": found[0].score, "others": ", ".join(n.word for n in found[1:4])}
    said |= {"into": ", ".join(into), "long": length(table, into)}
    return said | {"out": ", ".join(out), "short": length(table, out)}


def length(table: WordVectors, words: Sequence[str]) -> float:
    """The mean length of some rows; 0 for none."""
    return float(np.linalg.norm([table.vectors[table.index[w]] for w in words], axis=1).mean()) if words else 0.0


def between(vectors: WordVectors) -> dict:
    """Where apple, orange and phone lie on the axes technology and fruit, as named by the usual words."""
    words = ("apple", "orange", "phone")
    places = named_plane(vectors, vectors.rows(words), TECHNOLOGY, FRUIT).points
    said: dict = {"technology": TECHNOLOGY, "fruit": FRUIT}
    for word, (x, y) in zip(words, places.tolist(), strict=True):
        said |= {f"{word}_x": x, f"{word}_y": y}
    return said
