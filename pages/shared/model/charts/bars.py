"""Tables with a bar in every cell, for the component `steps`: numbers and how large they are, side by side."""

import math
from collections.abc import Iterable, Sequence

from pages.shared.model.written import number


def scale(values: Iterable[float]) -> tuple[float, float]:
    """Where the bars of a column begin and end: 0 is always among what is shown."""
    finite = [x for x in values if math.isfinite(x)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    return (low, high) if low < high else (0.0, 1.0)


def signed(x: float, limits: tuple[float, float], text: str, note: str = "") -> dict:
    """A bar from 0 to x, to the left where x is negative; none where x is no finite number."""
    if not math.isfinite(x):
        return {"text": text}
    low, high = limits
    ends = sorted((x - low) / (high - low) if z else -low / (high - low) for z in (0, 1))
    return {"text": text + note, "bar": ends, "sign": "down" if x < 0 else "up"}


def share(p: float, text: str) -> dict:
    """A bar from 0 to 1."""
    return {"text": text, "bar": [0, p], "sign": "prob"}


def printed(x: float, digits: int) -> str:
    """A number that fits into a cell: −1.50, 1.2e+20 written as 1.2·10²⁰, ∞ as a sign."""
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    if abs(x) >= 1e6:
        return power(x)
    return number(x, digits)


SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(x: float, digits: int = 1) -> str:
    """1.2·10²⁰"""
    mantissa, exponent = f"{x:.{digits}e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(SUPERSCRIPT)}".replace("-", "−")


def small(x: float, digits: int) -> str:
    """A number from 0 to 1 with its digits, or with its order of magnitude if those would all be 0; 0 only for 0."""
    return number(x, digits) if x >= 0.5 * 10**-digits else power(x, 0) if x else "0"


def table(columns: Sequence[tuple[str, str]], rows: Sequence[dict]) -> dict:
    """`columns` are names and how they come about; a row has a name and cells, and may be `chosen`."""
    made = [{"id": i, "rank": "", "many": False, "cut": False, "chosen": False, **row} for i, row in enumerate(rows)]
    return {"columns": [{"name": name, "how": how} for name, how in columns], "rows": made}
