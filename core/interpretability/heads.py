"""What heads do, named by measurement: for each pattern, how much of its weight a head gives to it.

A pattern says for each query which keys count, say "the token just before". A head's score is the weight on those keys,
averaged over all queries that have such a key: Σ_i Σ_{j in pattern(i)} weights[i, j] / number of such queries. Tokens 0
and 1 are left out, for they have next to no choice. Beside it stands what an even look at all allowed keys would give.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.tokenizer import SOS, Tokenizer
from core.transformer import Decoder

FROM = 2  # the first query that counts
ENOUGH = 0.25  # a name needs at least this share of the weight,
TIMES = 2.0  # and at least so many times what an even look gives

SENTENCES = (
    "Tom had a red ball. The ball was very big. Tom loved the ball.",
    "Once upon a time, there was a little cat. The little cat was sad.",
    "Anna and Ben went to the park. Anna saw a dog and Ben saw a bird.",
    '"Can I play?" asked Max. "Yes, you can play," said his mom.',
    "The sun was hot, so the girl sat under a tree. The tree was tall.",
    "Sam lost his hat. He looked in the box, but the hat was not in the box.",
    "One day, a boy named Leo found a key. The key was old and small.",
    "Grandma made pancakes. Everyone ate the pancakes, and then the pancakes were gone.",
    "It was raining, but Mia wanted to play outside. Mia put on her raincoat.",
    "The elephant was hungry. The elephant ate bananas and was happy.",
    'Dad said, "Do not run!" But Tim ran, and Tim fell down.',
    "There was a penguin in the zoo. The penguin could swim very well.",
    "The wizard lost his umbrella. A squirrel found the umbrella under a mushroom.",
    "The dog ran to the old tree. The dog ran to the old tree.",
    "Lily likes blue. Lily likes blue. Lily likes green.",
    "The astronaut flew a spaceship to Jupiter, and the spaceship shone.",
)


class Pattern(NamedTuple):
    name: str  # as the literature calls such a head
    formula: str  # which keys j of a query i count; LaTeX
    find: Callable[[Tensor, Sequence[str]], Tensor]  # ids (t,), pieces -> bool (t, t)


class Measured(NamedTuple):
    """Sums over queries, so that texts can be added up."""

    weight: Tensor  # (patterns, n_layers, n_heads)
    even: Tensor  # (patterns,)
    queries: Tensor  # (patterns,)

    @property
    def shares(self) -> Tensor:
        """The scores, 0 to 1; NaN where no query had such a key. (patterns, n_layers, n_heads)"""
        return self.weight / self.queries[:, None, None]

    @property
    def evens(self) -> Tensor:
        """What looking evenly would give. (patterns,)"""
        return self.even / self.queries


def behind(ids: Tensor, by: int) -> Tensor:
    """True where the key stands `by` tokens before the query."""
    at = torch.arange(len(ids))
    return at[:, None] - at == by


def earlier(ids: Tensor) -> Tensor:
    return torch.ones(len(ids), len(ids), dtype=torch.bool).tril(-1)


def same(ids: Tensor) -> Tensor:
    """True where an earlier token is the same."""
    return (ids[:, None] == ids) & earlier(ids)


def after(pattern: Tensor) -> Tensor:
    """The keys that follow those of a pattern."""
    return torch.roll(pattern, 1, -1).tril().index_fill(-1, torch.tensor([0]), False)


def is_mark(piece: str) -> bool:
    text = piece.replace("▁", "")
    return bool(text) and all(unicodedata.category(c).startswith("P") for c in text)


def marks(pieces: Sequence[str]) -> Tensor:
    return torch.tensor([is_mark(piece) for piece in pieces])


def own_word(pieces: Sequence[str]) -> Tensor:
    """True where an earlier token is a part of the query's own word."""
    found = torch.zeros(len(pieces), len(pieces), dtype=torch.bool)
    start = 1
    for i in range(1, len(pieces)):
        if pieces[i].startswith("▁") or is_mark(pieces[i]) or is_mark(pieces[i - 1]):
            start = i
        found[i, start:i] = True
    return found


PATTERNS = (
    Pattern("first token", "j = 0", lambda ids, _pieces: (torch.arange(len(ids)) == 0) & earlier(ids)),
    Pattern("current token", "j = i", lambda ids, _pieces: behind(ids, 0)),
    Pattern("previous token", "j = i - 1", lambda ids, _pieces: behind(ids, 1)),
    Pattern("same token", r"j < i,\ \text{token}_j = \text{token}_i", lambda ids, _pieces: same(ids)),
    Pattern("induction", r"j \le i,\ \text{token}_{j-1} = \text{token}_i", lambda ids, _pieces: after(same(ids))),
    Pattern("own word", r"j < i,\ \text{word}_j = \text{word}_i", lambda _ids, pieces: own_word(pieces)),
    Pattern(
        "punctuation",
        r"j < i,\ \text{token}_j \in \{. , ! ? \ldots\}",
        lambda ids, pieces: marks(pieces) & earlier(ids),
    ),
    Pattern(
        "after a mark",
        r"j < i,\ \text{token}_{j-1} \in \{. , ! ? \ldots\}",
        lambda ids, pieces: after(marks(pieces) & earlier(ids)) & earlier(ids),
    ),
)


def measure(weights: Tensor, ids: Sequence[int], pieces: Sequence[str]) -> Measured:
    """One text: weights (n_layers, n_heads, t, t), causal; `pieces` are the texts of its t tokens."""
    ids = torch.tensor(ids)
    found = torch.stack([pattern.find(ids, pieces) for pattern in PATTERNS])
    found[:, :FROM] = False
    weight = torch.einsum("lhqk,pqk->plh", weights, found.to(weights.dtype))
    even = found.sum(-1) / torch.arange(1, len(ids) + 1)
    return Measured(weight, even.sum(-1), found.any(-1).sum(-1))


def average(model: Decoder, tokens: Tokenizer, sentences: Sequence[str] = SENTENCES) -> Measured:
    """The same over several sentences: every query counts once."""
    parts = []
    for sentence in sentences:
        ids = [SOS, *tokens.encode(sentence).ids]
        with torch.no_grad():
            trace = model(torch.tensor([ids]))
        weights = torch.cat([block.attention.heads.weights for block in trace.blocks])
        parts.append(measure(weights, ids, [tokens.pieces[i] for i in ids]))
    return Measured(*(torch.stack(part).sum(0) for part in zip(*parts, strict=True)))


def names(measured: Measured) -> list[list[str | None]]:
    """For each head the pattern that stands out most against an even look; None if none stands out enough."""
    shares, evens = measured.shares, measured.evens[:, None, None]
    times = torch.where((shares >= ENOUGH) & (shares >= TIMES * evens), shares / evens, 0.0)  # NaN compares as False
    best, which = times.max(0)
    return [
        [PATTERNS[i].name if b > 0 else None for b, i in zip(*line, strict=True)]
        for line in zip(best.tolist(), which.tolist(), strict=True)
    ]


def report(measured: Measured, here: Measured, layer: int, head: int) -> list[dict]:
    """Each pattern for one head: its average, an even look, how many times that, and the score in one text.

    `here` is None where the text has no such token.
    """
    shares, evens = measured.shares[:, layer, head].tolist(), measured.evens.tolist()
    found = zip(PATTERNS, shares, evens, here.shares[:, layer, head].tolist(), here.queries.tolist(), strict=True)
    return [
        {"pattern": p, "average": share, "even": even, "times": share / even, "here": own if n else None}
        for p, share, even, own, n in found
    ]
