"""The one reader of numbers: the table that the browser's reader is held to as well, and many notations."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pages.shared.model.numbers import read
from tests.server import ROOT

TABLE = json.loads((ROOT / "tests" / "numbers.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "expected"), TABLE.items())
def test_the_table(text, expected):
    if expected is None:
        with pytest.raises(ValueError, match=r"^“.{0,20}” (is not a number|could be|is too large)[^\n]*\.$"):
            read(text)
    else:
        assert read(text) == pytest.approx(expected, rel=1e-15, abs=0)


def test_what_could_be_two_numbers_is_said():
    with pytest.raises(ValueError, match=r"“1,234” could be 1\.234 or 1234: type one of them\."):
        read("1,234")


NOTATIONS = (
    lambda text: text,
    lambda text: text.replace(".", ","),
    lambda text: text.replace("-", "−"),
    lambda text: f"\u00a0{text} ",
    lambda text: text.translate({ord("0") + i: ord("０") + i for i in range(10)}),
    lambda text: text.translate({ord("0") + i: 0x660 + i for i in range(10)}).replace(".", "٫"),
    lambda text: f"{text}/1",
)


@given(some.decimals(-(10**6), 10**6, places=4), some.sampled_from(NOTATIONS))
def test_a_number_is_the_same_in_every_notation(number, notation):
    assert read(notation(f"{number:f}")) == pytest.approx(float(number), abs=1e-12)


@given(some.integers(10**6, 10**12), some.sampled_from(",.' \u00a0\u202f’"), some.integers(0, 99))
def test_groups_of_thousands(whole, mark, hundredths):
    decimal = "," if mark == "." else "."
    assert read(f"{whole:,}".replace(",", mark) + f"{decimal}{hundredths:02d}") == pytest.approx(
        whole + hundredths / 100
    )


@given(some.floats(0.01, 100), some.sampled_from(["%", " %", "\u00a0%", "％"]))
def test_a_percentage(value, sign):
    assert read(f"{value:.3f}{sign}") == pytest.approx(float(f"{value:.3f}") / 100)


@given(some.text(max_size=12))
def test_any_text_is_a_finite_number_or_a_sentence(text):
    try:
        assert math.isfinite(read(text))
    except ValueError as error:
        assert str(error).startswith("“") and str(error).endswith(".")
