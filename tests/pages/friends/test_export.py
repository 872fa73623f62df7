"""The workbook of the class, computed by LibreOffice, and the snippet of a round: both give the oracle's numbers."""

import contextlib
import io

import numpy as np
import pytest

from core import words
from pages.friends.model import export
from pages.friends.model.friends import FRIENDS, ROUNDS, TABLE, TRAITS
from pages.shared.model.workbook import KINDS
from tests import reference
from tests.spreadsheet import computed, place, stored, titled


def oracle(traits, kind="dot", temperature=1.0) -> list[dict[str, np.ndarray]]:
    """Each round from the formulas alone."""
    made = []
    for _ in range(ROUNDS):
        scores, weights, after = reference.attention(traits, traits, traits, kind=kind, temperature=temperature)
        made.append({"before": traits, "scores": scores, "weights": weights, "after": after})
        traits = after
    return made


def spread(traits) -> float:
    return np.sqrt(np.mean([np.sum((row - np.mean(traits, 0)) ** 2) for row in traits]))


def check(book, expected) -> None:
    sheet, close = book["Rounds"], {"atol": 1e-9, "rtol": 1e-9}
    for i, found in enumerate(expected):
        top = 8 + i * (len(FRIENDS) + 3)  # the row where the numbers of this round begin
        for name, left, cols in (("before", 2, 7), ("scores", 12, 6), ("weights", 32, 6), ("after", 42, 7)):
            got = [[sheet.cell(top + r, left + c).value for c in range(cols)] for r in range(len(FRIENDS))]
            np.testing.assert_allclose(np.array(got, float), found[name], **close)
    told = [row[0] for row in titled(book["Spread"], "After round", ROUNDS + 1, 1)]
    np.testing.assert_allclose(told, [spread(f["before"]) for f in expected] + [spread(expected[-1]["after"])], **close)


@pytest.mark.parametrize(("kind", "temperature"), [("dot", 1.0), ("scaled_dot", 0.25), ("cosine", 2.0)])
def test_libreoffice_plays_the_rounds_of_the_page(kind, temperature, tmp_path):
    book = export.workbook(words.pull(TABLE, kind, ROUNDS, temperature=temperature), kind, temperature)
    expected = oracle(TABLE, kind, temperature)
    check(stored(book), expected)
    check(computed(book, tmp_path), expected)


def test_a_changed_trait_temperature_and_similarity_change_every_round(tmp_path):
    book = export.workbook(words.pull(TABLE, "dot", ROUNDS), "dot", 1.0)
    sheet = stored(book)["Rounds"]
    changes = {place(sheet, "Round 1: traits", 5, 0): 1.0, "B4": "scaled dot", "E4": 0.5}
    assert (sheet["D4"].value, sheet["E4"].value) == ("Temperature", 1)
    traits = np.array(TABLE)
    traits[5, 0] = 1.0
    check(computed(book, tmp_path, {"Rounds": changes}), oracle(traits, "scaled_dot", 0.5))


@pytest.mark.parametrize("kind", KINDS)
def test_the_snippet_prints_the_pages_numbers(kind):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(export.snippet(words.pull(TABLE, kind, temperature=0.5)[0], kind, 0.5), {})
    rows = [np.fromstring(line.strip(" []"), sep=" ") for line in printed.getvalue().splitlines()]
    expected = oracle(TABLE, kind, 0.5)[0]
    np.testing.assert_allclose(np.array(rows[:6]), expected["weights"], atol=6e-5)
    np.testing.assert_allclose(np.array(rows[6:]), expected["after"], atol=6e-5)


def test_the_labels_are_there():
    sheet = stored(export.workbook(words.pull(TABLE, "dot", 2), "dot", 1.0))["Rounds"]
    shown = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {*FRIENDS, *TRAITS, "Round 1: traits", "Round 2: traits"} <= shown
