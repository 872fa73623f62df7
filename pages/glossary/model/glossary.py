"""Every term and symbol of the app, read from assets/lessons/<language>/glossary.md.

Under a term's heading stand, if it has them, the lines `symbol:` (a formula), `shape:` and `shown:` (the slugs of the
pages that show it, the best first); then what it means.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import NamedTuple
from unicodedata import lookup

from pages.shared.model import prose

GREEK = ("alpha", "beta", "gamma", "delta", "eta", "theta", "mu", "sigma", "phi")
SIGNS = {name: lookup(f"GREEK SMALL LETTER {name}") for name in GREEK}
SIGNS |= {"varepsilon": "ε", "epsilon": "ε", "sqrt": "√", "sum": "∑ Σ", "partial": "∂", "infty": "∞"}
FIELD = re.compile(r"(symbol|shape|shown): +(.+)\n")


class Term(NamedTuple):
    name: str
    symbol: str
    shape: str
    shown: tuple[str, ...]
    meaning: str

    @property
    def letter(self) -> str:
        return self.name[0].upper()


def about(language: str = "en") -> str:
    """What stands above the terms."""
    return prose.words("glossary", language)[""].partition("\n")[2]


@cache
def terms(language: str = "en") -> tuple[Term, ...]:
    """All terms by the alphabet."""
    parts = prose.words("glossary", language).items()
    return tuple(sorted((read(name, text) for name, text in parts if name), key=lambda term: term.name.casefold()))


def read(name: str, text: str) -> Term:
    """One term from its part of the file. Raises ValueError if it says nothing, or not where it is shown."""
    fields = {}
    while found := FIELD.match(text):
        fields[found[1]] = found[2].strip()
        text = text[found.end() :]
    if "shown" not in fields or not text.strip():
        raise ValueError(f"The term '{name}' needs a line 'shown: page' and then what it means.")
    shown = tuple(slug.strip() for slug in fields["shown"].split(","))
    return Term(name, fields.get("symbol", ""), fields.get("shape", ""), shown, text.strip())


def find(known: Iterable[Term], asked: str) -> list[Term]:
    """The terms that hold all asked words: first those with them in their name, then in their symbol."""
    words = plain(asked).split()

    def missing(*texts: object) -> bool:
        return not all(word in plain(" ".join(map(str, texts))) for word in words)

    return sorted((t for t in known if not missing(*t)), key=lambda t: (missing(t.name), missing(t.symbol)))


def plain(text: str) -> str:
    """Without what formulas are marked with: `d_k`, `dk` and `d_\\text{k}` are all found, and θ beside theta."""

    def sign(command: re.Match) -> str:
        known = SIGNS.get(command[1].lower())
        return f" {command[1]} {known} " if known else command[0]

    text = re.sub(r"\\([A-Za-z]+)", sign, text)
    return re.sub(r"\\text|\\|[${}_()',*]", "", text).casefold()


def letters(known: Iterable[Term]) -> dict[str, list[Term]]:
    """Terms by their first letter."""
    return {letter: list(group) for letter, group in groupby(known, lambda term: term.letter)}
