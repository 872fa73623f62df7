"""Questions made from the numbers on screen, and how an answer is marked.

A wrong answer that comes from a known mistake is answered by the mistake's name.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from pages.shared.model.prose import fill

LARGEST = 20.0  # of scores: a higher power of e nobody works out by hand
CLOSE = 0.011  # an answer read off the screen, from numbers that were not rounded, is right too
NOT_YET = "Not yet."  # to a wrong answer that no known mistake gives


class Question(NamedTuple):
    text: str  # Markdown
    answer: float | str  # a number, or one of the options
    working: str  # how the answer comes about, with the numbers put in; Markdown
    options: tuple[str, ...] = ()  # to choose from; empty for a number
    mistakes: tuple[tuple[float | str, str], ...] = ()  # a wrong answer, and the sentence that names what went wrong
    tolerance: float = 0.006  # a number is right if it is this close: two decimals, rounded either way


class Verdict(NamedTuple):
    right: bool
    text: str


def mark(question: Question, answer: float | str) -> Verdict:
    """Whether the answer is right; if not, the mistake it comes from, where it is a known one."""
    if same(question, answer, question.answer):
        return Verdict(True, "Right.")
    for wrong, sentence in question.mistakes:
        if same(question, answer, wrong):
            return Verdict(False, sentence)
    return Verdict(False, NOT_YET)


def same(question: Question, one: float | str, other: float | str) -> bool:
    if question.options or isinstance(one, str) or isinstance(other, str):
        return one == other
    return math.isfinite(one) and abs(one - other) <= question.tolerance


def made(
    text: str,
    answer: float | str,
    working: str,
    mistakes: Sequence[tuple[float | str, str]],
    values: Mapping[str, Any],
    **more: Any,
) -> Question:
    """The words filled in; mistakes that, with these very numbers, give the right answer are left out."""
    return distinct(Question(fill(text, **values), answer, fill(working, **values), mistakes=tuple(mistakes), **more))


def read_off(text: str, answer: float, working: str, mistakes: Iterable[tuple[float, str]]) -> Question:
    """A number that can be worked out from the text, or read off the screen. All words are filled in already."""
    return distinct(Question(text, answer, working, mistakes=tuple(mistakes), tolerance=CLOSE))


def distinct(question: Question) -> Question:
    """Without the mistakes that, with these very numbers, give the right answer."""
    return question._replace(mistakes=tuple(m for m in question.mistakes if not same(question, m[0], question.answer)))


def most_apart(answers: Sequence[Sequence[float]]) -> int:
    """Of several candidates the one where the right answer and each mistake can be told best."""
    return max(range(len(answers)), key=lambda i: min(abs(a - b) for a, b in combinations(answers[i], 2)))
