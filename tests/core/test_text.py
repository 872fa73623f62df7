"""Words in many scripts, and characters that leave no ink."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.text import is_word, kind, visible, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't stop, Lily!", ["Don't", "stop", ",", "Lily", "!"]),
        ("the student’s 'own' book", ["the", "student’s", "'", "own", "'", "book"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("আমি বাংলায় গান গাই", ["আমি", "বাংলায়", "গান", "গাই"]),
        ("السَّلَامُ عَلَيْكُمْ", ["السَّلَامُ", "عَلَيْكُمْ"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
        (unicodedata.normalize("NFD", "café crème"), [unicodedata.normalize("NFD", w) for w in ("café", "crème")]),
        (
            unicodedata.normalize("NFD", "안녕하세요 여러분"),
            [unicodedata.normalize("NFD", w) for w in ("안녕하세요", "여러분")],
        ),
        ("ฉันรักคุณ", ["ฉันรักคุณ"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("the\u200bcat ❤️ sat", ["the", "cat", "❤️", "sat"]),
        ("👩‍👩‍👧 👍🏽", ["👩‍👩‍👧", "👍🏽"]),
        ("snake_case 3.14", ["snake_case", "3", ".", "14"]),
        ("a\u00adb \u3164 \u115f \u2800 c", ["a\u00adb", "c"]),
        ("\u034f\ufe0f", []),
        (" \t\n", []),
        ("", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@given(some.text(max_size=30))
def test_no_letter_is_lost_and_nothing_is_made_up(text):
    found = words(text)
    assert all(found) and "".join(found) == "".join(found).strip("\n")
    at = 0
    for word in found:
        at = text.index(word, at) + len(word)  # in order, each from the text
    left = [c for c in text if kind(c) in "ws"]
    assert [c for c in "".join(found) if kind(c) in "ws"] == left


@given(some.lists(some.sampled_from(["apple", "नमस्ते", "café", "안녕", "مرحبا", "it's", "7"]), min_size=1, max_size=6))
def test_spaces_alone_part_words(parts):
    for gap in (" ", "\u00a0", "\t", "\u3000", "\u200b"):
        assert words(gap.join(parts)) == parts


def test_words_and_signs():
    assert is_word("apple") and is_word("नमस्ते") and is_word("7") and is_word("안녕")
    assert not any(map(is_word, ("!", "'", "❤️", "…")))


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        *((" ", "␣"), ("\n", "↵"), ("\0", "␀"), ("\x1b", "␛")),
        *((c, f"U+{ord(c):04X}") for c in "\u200b\ufe0f\u034f\u115f\u3164\u2800\u00ad\u2060\u00a0\ue000\U000e0100"),
        *((c, c) for c in "aé한🙂_"),
    ],
)
def test_a_character_without_ink_gets_a_name(character, expected):
    assert visible(character) == expected


@given(some.characters())
def test_every_character_can_be_shown(character):
    shown = visible(character)
    assert shown and not shown.isspace()
    assert shown == character or shown in "␣↵" or shown.startswith("U+") or 0x2400 <= ord(shown) < 0x2420
