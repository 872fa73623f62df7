"""The unigram language model over pieces: every way to cut a text, and the most probable one (Kudo 2018, 1804.10959).

Each piece has a score, the logarithm of its probability; a way through the lattice scores their sum. The best one is
found from left to right (Viterbi): the best way to a place is the best over the pieces that end there.
"""

import math
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from core.tokenizer import UNK, Tokenizer, prepared

PENALTY = 10.0  # how far below the worst piece sentencepiece scores a character that the vocabulary lacks
BONUS = 0.1  # sentencepiece's rule for symbols that a person put into the vocabulary: n · best score − 0.1


class Edge(NamedTuple):
    """A piece of the vocabulary that fits between two places of the text."""

    start: int
    end: int
    piece: str
    id: int  # UNK: the vocabulary lacks this character, which is spelled with its bytes
    score: float


class Path(NamedTuple):
    edges: tuple[Edge, ...]
    score: float

    @property
    def pieces(self) -> tuple[str, ...]:
        return tuple(edge.piece for edge in self.edges)


class Lattice(NamedTuple):
    text: str  # as `prepared`
    edges: tuple[Edge, ...]  # by where they end, then by where they start


class Vocabulary(NamedTuple):
    ids: dict[str, int]
    scores: dict[str, float]
    longest: int  # characters
    unknown: float  # the score of a character that is no piece


class Place(NamedTuple):
    """The best way from the start to here. The text's start has no last piece."""

    score: float
    last: Edge | None


@lru_cache(maxsize=4)
def vocabulary(tokens: Tokenizer) -> Vocabulary:
    """What text can be cut into; control signs and bytes are none of it."""
    ids = {piece: i for i, piece in enumerate(tokens.pieces) if i > UNK and not tokens.is_byte(i)}
    scores = {piece: tokens.scores[i] for piece, i in ids.items()}
    best, worst = max(filter(None, scores.values())), min(scores.values())
    scores = {piece: score or len(piece) * best - BONUS for piece, score in scores.items()}  # 0: put in by a person
    return Vocabulary(ids, scores, max(map(len, ids)), worst - PENALTY)


def lattice(tokens: Tokenizer, text: str) -> Lattice:
    """All pieces that fit into the text. A character that is no piece fits too, as UNK."""
    known, read, edges = vocabulary(tokens), prepared(text), []
    for end in range(1, len(read) + 1):
        for start in range(max(0, end - known.longest), end):
            piece = read[start:end]
            if piece in known.ids:
                edges.append(Edge(start, end, piece, known.ids[piece], known.scores[piece]))
            elif end - start == 1:
                edges.append(Edge(start, end, piece, UNK, known.unknown))
    return Lattice(read, tuple(edges))


def places(found: Lattice) -> tuple[Place, ...]:
    """Viterbi, from left to right: for each place between two characters the best way there."""
    best = [Place(0.0, None)] + [Place(-math.inf, None)] * len(found.text)
    for edge in found.edges:
        score = best[edge.start].score + edge.score
        if score > best[edge.end].score:
            best[edge.end] = Place(score, edge)
    return tuple(best)


def best_path(found: Lattice) -> Path:
    """The most probable way through, read back from the end."""
    reached, edges, at = places(found), [], len(found.text)
    while at:
        edges.append(reached[at].last)
        at = edges[-1].start
    return Path(tuple(reversed(edges)), reached[-1].score)


def best_paths(found: Lattice, n: int) -> tuple[Path, ...]:
    """The n most probable ways, best first: to each place the n best, from the n best to where its pieces start."""
    ways = [[Path((), 0.0)], *([] for _ in found.text)]
    for end, ending in groupby(found.edges, key=lambda edge: edge.end):
        longer = [Path((*way.edges, e), way.score + e.score) for e in ending for way in ways[e.start]]
        ways[end] = sorted(longer, key=lambda way: -way.score)[:n]
    return tuple(ways[-1])


def count_paths(found: Lattice) -> int:
    """How many ways there are."""
    ways = [1] + [0] * len(found.text)
    for edge in found.edges:
        ways[edge.end] += ways[edge.start]
    return ways[-1]


def ratio(one: Path, other: Path) -> float:
    """How many times as probable one way is as another: the difference of logarithms, undone."""
    return math.exp(one.score - other.score)
