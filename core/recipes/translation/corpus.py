"""The sentence pairs that the translator learns from, and those it never sees.

Real pairs come from a file of `Korean <tab> English <tab> attribution` lines (Tatoeba, CC BY 2.0 FR), the others from
`grammar`. What is held out is decided by group: pairs that share a Korean or an English sentence, directly or by way of
others, are on the same side, so no sentence of the test was seen in training, in either language.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from core.recipes.runs import held_out, read_text
from core.recipes.translation.grammar import OPENING, pairs
from core.recipes.translation.parts import Pair
from core.translation import normalise

ONE_IN = 12  # groups of which one is held out
REAL = "real"  # the name of the real pairs among the families of the grammar
FINAL = '.?!"…'


class Corpus(NamedTuple):
    """Pairs by family of the grammar; the real ones are the family REAL."""

    train: dict[str, list[Pair]]
    test: dict[str, list[Pair]]


def read(path: Path) -> list[Pair]:
    """The real pairs, in the file's order. A missing full stop in the Korean is taken over from the English.

    Raises ValueError, naming the line, if one has no tab, and if the file cannot be read.
    """
    found = {}
    for number, row in enumerate(read_text(path).splitlines(), 1):
        columns = row.split("\t")
        if len(columns) < 2:
            raise ValueError(f"{path.name}, line {number}: Korean and English must be separated by a tab.")
        ko, en = normalise(columns[0]), normalise(columns[1])
        if ko[-1:] not in FINAL and en[-1:] in FINAL:
            ko += en[-1]
        if ko and en:
            found[Pair(ko, en)] = None
    return list(found)


def key(sentence: str) -> str:
    """What makes two sentences the same: their letters and digits, in small letters."""
    return re.sub(r"[\W_]", "", sentence.casefold())


def groups(all_pairs: Iterable[Pair]) -> dict[str, str]:
    """For the key of every sentence its group: the least key among the sentences that it is tied to by pairs."""
    parent: dict[str, str] = {}

    def root(k: str) -> str:
        parent.setdefault(k, k)
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    for pair in all_pairs:
        one, other = sorted((root(key(pair.ko)), root(key(pair.en))))
        parent[other] = one
    return {k: root(k) for k in list(parent)}


def split(real: list[Pair], made: dict[str, list[Pair]]) -> Corpus:
    """Half of what is learnt is real, so a real pair yields to the grammar where that already says its Korean."""
    said = {key(pair.ko) for family in made.values() for pair in family}
    families = made | {REAL: [pair for pair in real if key(pair.ko) not in said]}
    group = groups(pair for family in families.values() for pair in family)
    known = group[key(OPENING.ko)]

    def unseen(pair: Pair) -> bool:
        name = group[key(pair.ko)]
        return name != known and held_out(name, ONE_IN)

    train = {name: [pair for pair in family if not unseen(pair)] for name, family in families.items()}
    test = {name: [pair for pair in family if unseen(pair)] for name, family in families.items()}
    return Corpus(train, test)


def corpus(path: Path) -> Corpus:
    return split(read(path), pairs())
