"""The snippet of byte pair encoding: it runs as it stands and prints what the page shows."""

import contextlib
import io

import pytest

from pages.tokens.model import bpe, export
from tests.pages.tokens.test_bpe import PAPER

TEXTS = [PAPER, "a\\b 'x\" {aaa} aaa", "한국 한국어 🙂🙂🙂", "x" * 250, "line\nbreak line break", "a", ""]


@pytest.mark.parametrize("text", TEXTS)
def test_it_prints_the_merges_and_the_words(text):
    steps = bpe.learn(text)
    learnt = bpe.merges(steps)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(export.snippet(text, learnt), {})
    n = min(len(learnt), export.MOST)
    expected = [f"{m.pair[0]} + {m.pair[1]}: {m.count} times" for m in learnt[:n]]
    words = [" ".join(word.pieces) for word in steps[n].words]
    assert printed.getvalue().splitlines() == [*expected, *(words or [""])]


def test_it_is_short():
    code = export.snippet(PAPER, bpe.merges(bpe.learn(PAPER)))
    assert len(code.splitlines()) <= 16
    assert all(len(line) <= 120 for line in code.splitlines())
