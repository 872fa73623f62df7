"""Looking things up softly: a query against titles (keys), and out come contents (values), mixed by weights.

A phrase's vector is the mean of its words' vectors. A hard look-up hands back the contents of the best title alone;
soft look-up is attention with one query, and comes ever closer to it as the temperature goes to 0.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.words import Neighbour, WordVectors, neighbours
from pages.shared.model.asking import Asked
from pages.shared.model.panels import Axis, Panel, versus
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from core.attention import AttentionTrace

LIBRARY = """\
apple pie recipe: sugar butter fruit oven
repair a broken phone: screen battery tools
running a marathon: shoes water miles rest
piano lessons: music practice notes fingers
weekend in paris: museum river wine france
growing tomatoes: garden soil seeds sun
history of rome: empire war emperor temple
care for a dog: food walk sleep"""
QUERY = "fresh fruit"
MOST, NEAR = 10, 6


class Entry(NamedTuple):
    title: str
    content: str

    @property
    def short(self) -> str:
        return self.title if len(self.title) <= 28 else f"{self.title[:27]}…"


class Library(NamedTuple):
    entries: tuple[Entry, ...]
    k: np.ndarray  # (n, d), the titles
    v: np.ndarray  # (n, d), the contents
    unknown: dict[str, list[str]]  # words without a vector, and known ones that are spelled alike
    refused: tuple[str, ...]  # lines without a title or contents of known words
    left_out: int  # lines beyond MOST

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(f"{i} {entry.short}" for i, entry in enumerate(self.entries, 1))


def phrase(vectors: WordVectors, text: str) -> tuple[np.ndarray | None, dict[str, list[str]]]:
    """The mean of the words' vectors (d,), None if no word has one; and the words without, as `sort_out` gives them."""
    known, unknown = vectors.sort_out(text)
    return (vectors.rows(known).mean(0) if known else None), unknown


def library(text: str, vectors: WordVectors) -> Library:
    """Entries from lines "title: contents". A line that gives no two vectors is refused."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    entries, k, v, refused = [], [], [], []
    unknown: dict[str, list[str]] = {}
    for line in lines[:MOST]:
        title, _colon, content = (part.strip() for part in line.partition(":"))
        found = [phrase(vectors, part) for part in (title, content)]
        unknown |= found[0][1] | found[1][1]
        if any(vector is None for vector, _unknown in found):
            refused.append(line)
            continue
        entries.append(Entry(title, content))
        k.append(found[0][0])
        v.append(found[1][0])
    d = vectors.vectors.shape[1]
    arrays = (np.array(x).reshape(-1, d) for x in (k, v))
    return Library(tuple(entries), *arrays, unknown, tuple(refused), max(0, len(lines) - MOST))


def look_up(q: np.ndarray, found: Library, kind: str, temperature: float) -> "AttentionTrace":
    """Attention with one query (d,) over the library: q (1, d), weights (1, n), output (1, d)."""
    import torch  # late: pages import this file first

    from core.attention import attention

    q, k, v = (torch.from_numpy(np.array(x)) for x in (q[None], found.k, found.v))
    return attention(q, k, v, kind=kind, temperature=temperature)


def hard(weights: np.ndarray) -> np.ndarray:
    """All of the weight on the best match, of equals the first: what soft weights (n,) go to as T goes to 0."""
    return np.eye(len(weights))[int(weights.argmax())]


def asked(trace: "AttentionTrace", found: Library, kind: str, temperature: float, digits: int) -> Asked:
    """The look-up, to be written out."""
    parts = (x.numpy() for x in (trace.q[0], trace.k, trace.v, trace.scores[0], trace.weights[0], trace.output[0]))
    return Asked(found.labels, *parts, kind, None, temperature, digits)


def near(vectors: WordVectors, mixed: np.ndarray) -> list[Neighbour]:
    """The words nearest to a mixture (d,), by cosine. A mixture of nothing has none."""
    return neighbours(vectors, mixed, NEAR) if mixed.any() else []


def beside(found: Library, soft: np.ndarray, other: np.ndarray, titles: Sequence[str]) -> dict:
    """Two rows of weights (n,) and their difference."""
    numbers = [f"{i} {entry.title.split()[0][:9]}" for i, entry in enumerate(found.entries, 1)]
    axes = {"query": Axis(_("query"), [_("query")]), "key": Axis(_("title"), numbers)}
    one, two = (
        Panel(name, weights[None], "query", "key", name, title, "weights")
        for name, weights, title in zip("AB", (soft, other), titles, strict=True)
    )
    return versus(axes, one, two)


def facts(found: Library, trace: "AttentionTrace", asked: str) -> dict:
    """What the words of the lesson quote, for the query as it was typed."""
    weights, scores = trace.weights[0].numpy(), trace.scores[0].numpy()
    first = int(weights.argmax())
    said = {"n": len(weights), "d": trace.q.shape[-1]}
    said |= {"best": found.entries[first].title, "best_weight": weights[first]}
    known = any(asked == entry.title for entry in found.entries)
    exact = _("is one of the titles") if known else _("is none of the titles: it would find nothing at all")
    said |= {"asked": asked, "exact": exact}
    return said | {"best_score": scores[first], "rest": 1 - weights[first], "content": found.entries[first].content}
