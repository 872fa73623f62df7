"""The workbook of self-attention by hand, computed by LibreOffice, and the snippet: both give the oracle's numbers."""

import contextlib
import io

import numpy as np
import pytest

from pages.self_attention.model import by_hand, export
from pages.shared.model import hand
from pages.shared.model.workbook import KINDS
from tests import reference
from tests.spreadsheet import computed, place, stored, titled

SHEET = "Self-attention"
EDITS = {("X", 0, 1): -1.25, ("W_k", 2, 0): 0.75, ("scores", 1, 0): 2.5}
WIDE = hand.Hand(
    ("=1+1", "it's", "”", "naïve", "the", "the", "@x", "+"),
    np.linspace(-2, 2, 40).reshape(8, 5).round(2),
    *(np.random.default_rng(1).normal(size=(3, 5, 5)).round(2)),
)


def oracle(example, edits=None, kind="scaled_dot") -> dict[str, np.ndarray]:
    """Every step, from the formulas alone."""
    x, w_q, w_k, w_v = (np.array(m) for m in (example.x, example.w_q, example.w_k, example.w_v))
    inputs = {"X": x, "W_q": w_q, "W_k": w_k, "W_v": w_v}
    edits = dict(edits or {})
    for (name, row, col), value in edits.items():
        if name in inputs:
            inputs[name][row, col] = value
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = reference.similarity(q, k, kind)
    for (name, row, col), value in edits.items():
        if name == "scores":
            scores[row, col] = value
    weights = reference.softmax(scores)
    return {**inputs, "q": q, "k": k, "v": v, "scores": scores, "weights": weights, "output": weights @ v}


def check(book, example, expected) -> None:
    sheet, n = book[SHEET], len(example.words)
    d, d_v = example.w_k.shape[1], example.w_v.shape[1]
    for title, name, cols in (
        ("Q = X·W_q", "q", d),
        ("K = X·W_k", "k", d),
        ("V = X·W_v", "v", d_v),
        ("Scores", "scores", n),
        ("Weights", "weights", n),
        ("Context vectors = Weights·V", "output", d_v),
    ):
        np.testing.assert_allclose(np.array(titled(sheet, title, n, cols), float), expected[name], atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("example", [hand.LOVE, WIDE], ids=["love", "wide"])
def test_libreoffice_computes_the_pages_numbers(example, kind, tmp_path):
    worked = by_hand.work(example, EDITS, kind)
    book, expected = export.workbook(worked), oracle(example, EDITS, kind)
    check(stored(book), example, expected)
    check(computed(book, tmp_path), example, expected)


def test_a_changed_weight_changes_the_context_vectors(tmp_path):
    book = export.workbook(by_hand.work(hand.LOVE))
    sheet = stored(book)[SHEET]
    changes = {place(sheet, "W_q", 0, 1): 3.5, place(sheet, "X, the words", 2, 0): -1.0}
    edits = {("W_q", 0, 1): 3.5, ("X", 2, 0): -1.0}
    after = computed(book, tmp_path, {SHEET: changes})
    check(after, hand.LOVE, oracle(hand.LOVE, edits))
    was = titled(sheet, "Context vectors = Weights·V", 3, 3)
    assert np.abs(np.array(titled(after[SHEET], "Context vectors = Weights·V", 3, 3)) - was).max() > 0.1


def test_what_is_added_to_a_score_and_the_similarity_can_be_changed_too(tmp_path):
    book = export.workbook(by_hand.work(hand.LOVE))
    sheet = stored(book)[SHEET]
    changes = {place(sheet, "Added by hand", 1, 0): 2.0, "B4": "cosine"}
    assert sheet["A4"].value == "Similarity" and sheet["B4"].value == "scaled dot"
    after = computed(book, tmp_path, {SHEET: changes})
    score = oracle(hand.LOVE, kind="cosine")["scores"][1, 0] + 2
    check(after, hand.LOVE, oracle(hand.LOVE, {("scores", 1, 0): score}, "cosine"))


def test_vectors_of_zeros_divide_nothing(tmp_path):
    edits = {("X", 1, col): 0.0 for col in range(3)}
    book = export.workbook(by_hand.work(hand.LOVE, edits, "cosine"))
    check(computed(book, tmp_path), hand.LOVE, oracle(hand.LOVE, edits, "cosine"))


def test_the_same_numbers_give_the_same_file():
    worked = by_hand.work(hand.LOVE)
    assert export.workbook(worked) == export.workbook(worked)


def test_words_are_never_read_as_formulas():
    sheet = stored(export.workbook(by_hand.work(WIDE)))[SHEET]
    assert "0 =1+1" in {cell.value for line in sheet.iter_rows() for cell in line}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("edits", [{}, EDITS], ids=["as it is", "changed"])
def test_the_snippet_prints_the_pages_numbers(kind, edits):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(export.snippet(by_hand.work(hand.LOVE, edits, kind)), {})
    rows = [np.fromstring(line.strip(" []"), sep=" ") for line in printed.getvalue().splitlines()]
    expected = oracle(hand.LOVE, edits, kind)
    np.testing.assert_allclose(rows, np.vstack([expected["weights"], expected["output"]]), atol=6e-5)
