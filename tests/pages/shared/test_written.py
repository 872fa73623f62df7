"""Numbers in a line of arithmetic, and pieces and labels in a sentence."""

import pytest

from core.tokenizer import SOS, START_SHOWN, Tokenizer, labels
from pages.shared.model.pieces import Piece, pieces
from pages.shared.model.written import dot, isolated, number, percent


@pytest.mark.parametrize(
    ("x", "text"), [(-0.314, "−0.31"), (-0.001, "0.00"), (0.0, "0.00"), (12.345, "12.35"), (-1e6, "−1000000.00")]
)
def test_a_number(x, text):
    assert number(x) == text


def test_a_dot_product_is_written_out():
    assert dot([0.5, -1.0], [2.0, 0.25]) == r"$0.50\cdot2.00 + (−1.00)\cdot0.25 = 0.75$"


def test_of_many_products_the_largest_are_written_and_the_rest_is_summed():
    written = dot([1, 2, 3, 4], [1, -1, 1, 1], digits=0, most=2)
    assert written == r"$3\cdot1 + 4\cdot1 + \underbrace{(−1)}_{\text{2 more}} = 6$"


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (1.0, "100%"),
        (1 - 1e-15, "100%"),  # a sum of shares that was rounded
        (1 - 1e-9, ">99.9%"),
        (0.9999, ">99.9%"),
        (0.9986, "99.9%"),
        (0.994, "99%"),
        (0.253, "25%"),
        (0.081, "8.1%"),
        (0.0031, "0.3%"),
        (0.00004, "0.004%"),
        (1e-9, "<0.001%"),
        (0, "0%"),
    ],
)
def test_a_probability_is_never_written_as_nothing_or_as_all(p, text):
    assert percent(p) == text


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("4 dog", "4 dog"),
        ("7 안 1/3", "7 \u2068안\u2069 1/3"),
        ("2 مرحبا", "2 \u2068مرحبا\u2069"),
        ("안", "\u2068안\u2069"),
    ],
)
def test_a_label_keeps_its_direction_to_itself(label, text):
    assert isolated(label) == text


@pytest.mark.parametrize("text", ["", "One day", "안녕 a", "😀😀", "a\u2581b", "x\n\ny", "\x00"])
def test_pieces_hold_every_token_once(text):
    tokens = Tokenizer.load("assets/models/stories/tokenizer.model")
    read = tokens.encode(text)
    found = pieces(read, text)
    assert [i for p in found for i in p.ids] == [SOS, *read.ids]
    assert [p.first for p in found] == [0, *(p.last + 1 for p in found[:-1])]
    assert found[0] == Piece(0, START_SHOWN, (SOS,))
    names = labels(read, text)
    assert all(len(p.ids) > 1 or p.first == 0 or p.text == names[p.first - 1] for p in found)
    assert [p.text for p in found if len(p.ids) > 1 and p.text in "안녕😀"] == [c for c in text if c in "안녕😀"]
