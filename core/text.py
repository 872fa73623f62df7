"""What a word is, in any script, and how a character that leaves no ink is named."""

import re
from functools import lru_cache
from unicodedata import category

JOINERS = "\u200c\u200d"  # between letters of one word (Persian, Hindi), and between the parts of an emoji
BLANK = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters, marks and signs without a shape
SKINS = "🏻🏼🏽🏾🏿"
SELECTORS = [(0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)]  # they choose a shape of the character before
WORD = re.compile(r"w[wmj]*(?:'w[wmj]*)*|[s']m*(?:j+[sw]?m*)*")  # over the kinds of `kind`


def words(text: str) -> list[str]:
    """Words (letters, digits and the marks upon them, an apostrophe inside), and every other sign by itself.

    A sentence without spaces is one word: to cut it would take a dictionary.
    """
    return [text[slice(*found.span())] for found in WORD.finditer("".join(map(kind, text)))]


@lru_cache(maxsize=10_000)  # a text is asked about again at every change
def kind(character: str) -> str:
    """w in a word, m a mark upon what is before, j a joiner, ' an apostrophe, s another sign, or a space."""
    found = category(character)
    if character in JOINERS or character in "'’":
        return "j" if character in JOINERS else "'"
    if found[0] == "M" or character in SKINS or (found == "Cf" and character != "\u200b"):  # Cf: a soft hyphen, say
        return "m"
    if found[0] == "Z" or found in ("Cc", "Cs", "Cf") or character in BLANK:  # this Cf is a space without width
        return " "
    return "w" if found[0] in "LN" or character == "_" else "s"


def is_word(word: str) -> bool:
    """Whether it begins with a letter or a digit, and not with a sign."""
    return kind(word[0]) == "w"


def visible(character: str) -> str:
    """The character, or a sign for one that leaves no ink (control characters get U+2400 and up)."""
    code = ord(character)
    if character in " \n":
        return "␣" if character == " " else "↵"
    if code < 0x20:
        return chr(0x2400 + code)
    inkless = character in BLANK or any(a <= code <= b for a, b in SELECTORS) or not character.isprintable()
    return f"U+{code:04X}" if inkless else character
