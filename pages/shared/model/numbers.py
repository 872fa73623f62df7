"""One reader for every number that a person types or pastes: 0.5, 0,5, −2, 1/3, 27 %, 1e-3, in any script's digits.

What could be two numbers, such as 1,234, is refused, and so is what is none: a wrong number without a word is worse.
assets/components/number.js reads by the same rules; tests/numbers.json holds both to them.
"""

import math
import re
import unicodedata

MINUS = "−–‐‑‒﹣－"  # signs that people, phones and word processors write for a minus
SAME = str.maketrans(
    dict.fromkeys(MINUS, "-") | {"＋": "+", "．": ".", "，": ",", "％": "%", "٫": ".", "／": "/", "⁄": "/"}
)
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")  # marks of direction and the like
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([ ,.'’])\d{3})(?:\1\d{3})*")  # 1 234 567, with one kind of mark
TWOFOLD = re.compile(r"[1-9]\d{0,2},\d{3}")
PLAIN = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?", re.I)


def read(text: str) -> float:
    """The number that the text says. Raises ValueError, with a sentence, if it says none, or might say two."""
    plain = UNSEEN.sub("", text.translate(SAME))
    plain = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isspace() else c for c in plain)
    plain = plain.strip()
    shown = " ".join(text.split())[:20]
    sign = -1.0 if plain[:1] == "-" else 1.0
    share = 0.01 if plain[-1:] == "%" else 1.0
    parts = plain.removeprefix("-" if sign < 0 else "+").removesuffix("%").strip().split("/")
    try:
        numbers = [unsigned(part.strip()) for part in parts]
    except ValueError as error:
        raise ValueError(f"“{shown}” {error}") from None
    if len(numbers) > 2 or (len(numbers) == 2 and not numbers[1]):
        raise ValueError(f"“{shown}” {NONE}")
    value = sign * share * (numbers[0] if len(numbers) == 1 else numbers[0] / numbers[1])
    if not math.isfinite(value):
        raise ValueError(f"“{shown}” is too large a number.")
    return value


NONE = "is not a number: type one such as 0.5 or −2."


def unsigned(text: str) -> float:
    """A number without sign, by its marks for decimals and thousands. Raises ValueError with the end of a sentence."""
    mark = max(text.rfind(","), text.rfind("."))
    if TWOFOLD.fullmatch(text):
        raise ValueError(f"could be {text.replace(',', '.')} or {text.replace(',', '')}: type one of them.")
    if PLAIN.fullmatch(text):
        return float(text)
    if GROUPED.fullmatch(text):
        return float(re.sub(r"\D", "", text))
    whole, decimals = text[:mark], text[mark + 1 :]
    if mark >= 0 and re.fullmatch(r"\d*(?:e[-+]?\d{1,3})?", decimals, re.I):
        grouped = GROUPED.fullmatch(whole)
        if grouped and grouped[1] != text[mark]:  # 1.234,5 and 1 234,5
            whole = re.sub(r"\D", "", whole)
        if PLAIN.fullmatch(f"{whole}.{decimals}"):
            return float(f"{whole}.{decimals}")
    raise ValueError(NONE)
