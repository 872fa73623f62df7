"""One text cut in several ways, and what a cut costs: by words, by characters, into the pieces of a vocabulary."""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from core.text import visible, words
from core.tokenizer import ESCAPE, SPACE, Tokenizer, Tokens, prepared
from pages.shared.model.pieces import Piece, pieces
from pages.shared.model.prose import _
from pages.shared.model.written import isolated

EXAMPLES = "é한🙂"  # characters of two, three and four bytes
START, BEGINS, GOES_ON, BYTES = _("start"), _("with a space"), _("without"), _("bytes")


class Character(NamedTuple):
    """A character that is spelled with its bytes."""

    text: str
    code: str  # its number in Unicode: U+1F642
    bytes: str  # in UTF-8, as hexadecimal numbers: F0 9F 99 82
    ids: tuple[int, ...]


class Cut(NamedTuple):
    way: str
    pieces: list[str]  # as people read them
    n: int  # tokens; bytes count each


class Cost(NamedTuple):
    """What a text takes under a tokenizer."""

    text: str
    tokenizer: str
    tokens: int
    characters: int
    bytes: int  # in UTF-8

    @property
    def per_character(self) -> float:
        return self.tokens / max(self.characters, 1)


def characters(text: str) -> list[str]:
    """Each character by itself, as people see it."""
    return [visible(c) for c in text]


def cuts(text: str, tokenizers: Mapping[str, Tokenizer]) -> list[Cut]:
    """The text by words, by characters, and under each tokenizer. Raises ValueError for half a character."""
    found = [Cut(_("Words"), words(text), len(words(text))), Cut(_("Characters"), characters(text), len(text))]
    for name, tokens in tokenizers.items():
        read = tokens.encode(text)
        found.append(Cut(name, names(read, text), len(read.ids)))
    return found


def names(read: Tokens, text: str) -> list[str]:
    """The pieces that a tokenizer cut; bytes of one character stand together, with their number: "한 ×3"."""
    return [isolated(p.text) + (f" ×{len(p.ids)}" if len(p.ids) > 1 else "") for p in pieces(read, text)[1:]]


def kind(piece: Piece, vocabulary: Sequence[str]) -> str:
    """Whether a piece brings a space along, or is spelled with bytes."""
    if piece.first == 0:
        return START
    if vocabulary[piece.ids[0]].startswith("<0x"):
        return BYTES
    return BEGINS if vocabulary[piece.ids[0]].startswith(SPACE) else GOES_ON


def table(read: Tokens, labels: Sequence[str], text: str) -> list[dict]:
    """A row for each token but the start token: what is shown, what the vocabulary holds, its id and its characters."""
    return [
        {_("token"): label, _("in the vocabulary"): show_line(piece), _("id"): i}
        | {_("characters"): "".join(map(visible, text[slice(*span)])), _("UTF-8 bytes"): spelling(text[slice(*span)])}
        for label, piece, i, span in zip(labels, read.pieces, read.ids, read.spans, strict=True)
    ]


def show_line(piece: str) -> str:
    """A piece as it stands in the vocabulary; a line break by its sign."""
    return "".join(c if c == SPACE else visible(c) for c in piece)


def spelling(text: str) -> str:
    return text.encode().hex(" ").upper()


def read_as(text: str, most: int = 100) -> str:
    """What sentencepiece is given instead of the text: its first characters, visibly."""
    read = show_line(prepared(text))
    return read if len(read) <= most else read[:most] + "…"


def escapes(text: str) -> bool:
    """Whether the text holds a sign that must be told from what stands for a space."""
    return SPACE in text or ESCAPE in text


def spelled(tokens: Tokenizer, text: str, most: int = 6) -> list[Character]:
    """The first different characters of the text that the vocabulary lacks."""
    read, found = tokens.encode(text), {}
    for span, group in groupby(zip(read.spans, read.ids, strict=True), key=lambda pair: pair[0]):
        ids = tuple(i for _span, i in group)
        if tokens.is_byte(ids[0]) and not escapes(c := text[slice(*span)]):
            found[c] = Character(visible(c), f"U+{ord(c):04X}", spelling(c), ids[: len(c.encode())])
    return list(found.values())[:most]


def byte_zero(tokens: Tokenizer) -> int:
    """The id of the byte 0. The ids of all 256 bytes follow from there, in order."""
    return tokens.pieces.index("<0x00>")


def costs(texts: Mapping[str, str], tokenizers: Mapping[str, Tokenizer]) -> list[Cost]:
    """For each text, by its name, what it takes under each tokenizer. Raises ValueError for half a character."""
    return [
        Cost(name, by, count(tokens, text), len(text), len(text.encode()))
        for name, text in texts.items()
        for by, tokens in tokenizers.items()
    ]


@lru_cache(maxsize=256)
def count(tokens: Tokenizer, text: str) -> int:
    return len(tokens.encode(text).ids)


def facts(tokens: Tokenizer, text: str, read: Tokens, followed: int) -> dict:
    """Numbers for the words of the page; `followed` is the id of the token that is followed."""
    n, split = len(read.ids), words(text)
    twin, with_space, without = twins(tokens, tokens.pieces[followed])
    said = {"n": n, "all": n + 1, "characters": len(text), "words": len(split), "vocab": tokens.vocab}
    said |= {"zero": byte_zero(tokens), "last": byte_zero(tokens) + 255, "read_as": read_as(text)}
    said |= {"twin": twin, "with_space": with_space, "without": without}
    return said | {"each": len(text) / max(n, 1), "per_word": n / max(len(split), 1)}


def unknown(text: str, known: Container[str]) -> list[str]:
    """The different words of the text that a list of words lacks; signs are none of them."""
    return list(dict.fromkeys(w for w in words(text) if w[0].isalpha() and w.lower() not in known))


def dearest(found: Sequence[Cost]) -> dict:
    """The text that takes the most tokens under the first tokenizer, and how many times those of the first text."""
    first = [cost for cost in found if cost.tokenizer == found[0].tokenizer]
    most = max(first, key=lambda cost: cost.tokens)
    return {"least": first[0].text, "few": first[0].tokens, "most": most.text, "many": most.tokens} | {
        "times": most.tokens / first[0].tokens
    }


def twins(tokens: Tokenizer, piece: str) -> tuple[str, int, int]:
    """A piece that the vocabulary holds with a space before it and without, and both ids. This one, if it is such."""
    ids = {p: i for i, p in enumerate(tokens.pieces)}
    known = [p for p in (piece.removeprefix(SPACE), *ids) if len(p) > 1 and p in ids and SPACE + p in ids]
    return (known[0], ids[SPACE + known[0]], ids[known[0]])
