"""Byte pair encoding learnt from a text, one merge after another (Sennrich et al. 2016, arXiv 1508.07909, section 3.2).

Every word starts as single characters. Each merge joins the most frequent pair of neighbours, everywhere. The paper
marks where a word ends; here, as in sentencepiece, a SPACE stands where it begins.
"""

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from core.tokenizer import SPACE

MOST = 40  # merges that are learnt from one text
PATTERN = rf"{SPACE}?(?:\w+|[^\w{SPACE}]+)"  # a word, or a run of other signs; the space before belongs to it
Pair = tuple[str, str]


class Word(NamedTuple):
    pieces: tuple[str, ...]
    count: int  # how often the text has it


class Merge(NamedTuple):
    pair: Pair
    count: int  # how often the two stood side by side

    @property
    def piece(self) -> str:
        return "".join(self.pair)


class Step(NamedTuple):
    """What stands after some merges."""

    words: tuple[Word, ...]  # in the order in which the text has them
    pairs: tuple[Merge, ...]  # what could be merged next, the next one first

    @property
    def tokens(self) -> int:
        """How many pieces the whole text takes."""
        return sum(len(word.pieces) * word.count for word in self.words)


def words(text: str) -> tuple[Word, ...]:
    """The text's different words as characters. Merges never cross from one word to the next, or to punctuation."""
    found = re.findall(PATTERN, SPACE + SPACE.join(text.split()))
    return tuple(Word(tuple(word), count) for word, count in Counter(found).items())


def pairs(words: tuple[Word, ...]) -> tuple[Merge, ...]:
    """All pairs of neighbours with their counts, the one to merge first.

    Of equally frequent pairs the shorter comes first, then by the alphabet: sentencepiece's rule (the paper has none).
    """
    counts: Counter[Pair] = Counter()
    for pieces, count in words:
        for pair in pairwise(pieces):
            counts[pair] += count
    found = (Merge(pair, count) for pair, count in counts.items())
    return tuple(sorted(found, key=lambda m: (-m.count, len(m.piece), m.piece, m.pair)))


def merge(pieces: tuple[str, ...], pair: Pair) -> tuple[str, ...]:
    """The pieces with the pair joined wherever it stands, from left to right."""
    found: list[str] = []
    i = 0
    while i < len(pieces):
        joined = pieces[i : i + 2] == pair
        found.append("".join(pieces[i : i + 1 + joined]))
        i += 1 + joined
    return tuple(found)


@lru_cache(maxsize=32)
def learn(text: str, most: int = MOST) -> tuple[Step, ...]:
    """The text before the first merge and after each, until no pair occurs twice."""
    now = words(text)
    steps = [Step(now, pairs(now))]
    while len(steps) <= most and (found := next_merge(steps[-1])):
        now = tuple(Word(merge(pieces, found.pair), count) for pieces, count in now)
        steps.append(Step(now, pairs(now)))
    return tuple(steps)


def next_merge(step: Step) -> Merge | None:
    """The most frequent pair, if it occurs at least twice."""
    return step.pairs[0] if step.pairs and step.pairs[0].count > 1 else None


def merges(steps: tuple[Step, ...]) -> tuple[Merge, ...]:
    """The merges that led from each step to the next."""
    return tuple(step.pairs[0] for step in steps[:-1])


def vocabulary(steps: tuple[Step, ...]) -> set[str]:
    """The text's characters, and the pieces of the merges so far."""
    return {c for word in steps[0].words for c in word.pieces} | {merge.piece for merge in merges(steps)}


def cut(text: str, learnt: tuple[Merge, ...]) -> tuple[tuple[str, ...], ...]:
    """Any text in the pieces that were learnt: the merges are done again in their order, word by word."""
    cut_words = []
    for pieces, count in words(text):
        for made in learnt:
            pieces = merge(pieces, made.pair)
        cut_words += [pieces] * count
    return tuple(cut_words)
