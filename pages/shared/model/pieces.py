"""A sentence cut into pieces, as people see it: what belongs to one character stands together."""

from itertools import groupby
from typing import NamedTuple

from core import tokenizer
from core.tokenizer import SOS, Tokens


class Piece(NamedTuple):
    """One piece of the vocabulary, or all the bytes of one character that the vocabulary lacks."""

    first: int  # index of its first token; the start token has 0
    text: str
    ids: tuple[int, ...]

    @property
    def last(self) -> int:
        return self.first + len(self.ids) - 1


def pieces(read: Tokens, text: str) -> tuple[Piece, ...]:
    """The start token, and then what `text` was cut into."""
    found = [Piece(0, tokenizer.show("<s>"), (SOS,))]
    named = zip(read.spans, tokenizer.labels(read, text), read.ids, strict=True)
    for _, group in groupby(named, key=lambda token: token[0]):
        _, labels, ids = zip(*group, strict=True)
        name = labels[0] if len(ids) == 1 else labels[0].rsplit(" ", 1)[0]  # "안 1/3" is 안
        found.append(Piece(found[-1].last + 1, name, ids))
    return tuple(found)
