"""What the families of sentences share: seeded chance, pairs, and the people that sentences are about."""

import random
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from core.recipes.translation.english import Who, sentence
from core.recipes.translation.korean import subject, tail, topic
from core.recipes.translation.words import FOREIGN_NAMES, KOREAN_NAMES

T = TypeVar("T")


class Pair(NamedTuple):
    ko: str
    en: str


class Draw:
    """Chance that every Python repeats: only `random()` is promised to stay the same for a seed."""

    def __init__(self, seed: str):
        self.random = random.Random(seed).random

    def one(self, choices: Sequence[T]) -> T:
        return choices[int(self.random() * len(choices))]

    def maybe(self, share: float = 0.5) -> bool:
        return self.random() < share

    def style(self) -> str:
        return self.one(("polite", "polite", "polite", "formal", "casual", "casual", "plain"))

    def spoken(self) -> str:
        return self.one(("polite", "polite", "formal", "casual", "casual"))

    def tense(self) -> str:
        return self.one(("present", "past", "future"))

    def number(self, first: int, last: int) -> int:
        return self.one(range(first, last + 1))


class Person(NamedTuple):
    """Somebody a sentence is about."""

    ko: str
    who: Who

    @property
    def topic(self) -> str:
        return topic(self.ko)

    @property
    def subject(self) -> str:
        return subject(self.ko)


def line(ko: str, en: str, mark: str = ".") -> Pair:
    return Pair(ko + mark, sentence(en, mark))


def humble(style: str) -> bool:
    """Whether one speaks of oneself as 저 (else 나)."""
    return style in ("polite", "formal")


def me(style: str) -> Person:
    return Person("저" if humble(style) else "나", Who("I", "am"))


def my(style: str) -> str:
    return "제" if humble(style) else "내"


def named(name: tuple[str, str], style: str) -> Person:
    """민수 씨 when polite, 지민이 among friends, 지민 in a book; names from abroad stay as they are."""
    ko, en = name
    if name in KOREAN_NAMES:
        ko += " 씨" if humble(style) else "이" if style == "casual" and tail(ko) != " " else ""
    return Person(ko, Who(en))


def call(name: tuple[str, str], style: str) -> str:
    """How one calls somebody: 민수 씨, 민수야, 지민아, 톰."""
    ko = name[0]
    if name not in KOREAN_NAMES:
        return ko
    return ko + (" 씨" if humble(style) else "야" if tail(ko) == " " else "아")


def anyone(draw: Draw) -> tuple[str, str]:
    """A name, from Korea as often as from abroad."""
    return draw.one(draw.one((KOREAN_NAMES, FOREIGN_NAMES)))


def other(draw: Draw, style: str, near: bool = True) -> Person:
    """A third person: by name, by pronoun (not among friends), or somebody near to the speaker."""
    if draw.maybe(0.5) or (style == "casual" and not near):
        return named(anyone(draw), style)
    kin = ("친구", "friend"), ("여동생", "younger sister"), ("남동생", "younger brother"), ("형", "older brother")
    if near and (style == "casual" or draw.maybe(0.5)):
        ko, en = draw.one(kin)
        return Person(f"{my(style)} {ko}", Who(f"my {en}"))
    return draw.one((Person("그", Who("he")), Person("그녀", Who("she")), Person("그들", Who("they", "are"))))


def somebody(draw: Draw, style: str) -> Person:
    """The speaker, "we", or a third person."""
    if draw.maybe(0.4):
        return me(style)
    return Person("우리", Who("we", "are")) if draw.maybe(0.12) else other(draw, style)
