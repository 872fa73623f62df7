"""The snippet of masked attention: run as it stands, it prints the page's rows."""

import contextlib
import io

import numpy as np
import pytest
import torch

from core import masks
from pages.masking.model import example
from pages.masking.model.example import GREETING
from pages.masking.model.export import snippet
from tests import reference


@pytest.mark.parametrize("kind", masks.KINDS)
@pytest.mark.parametrize("query", [0, 2, 5])
def test_it_prints_the_rows(kind, query):
    t = len(GREETING.words)
    at = example.look(*example.by_hand(GREETING), masks.of_kind(kind, t, 4, 2))
    names, said = run(snippet(at, GREETING.labels, query))
    rows = slice(max(0, query - 2), query + 1)
    x = GREETING.x
    mask = at.mask.numpy()
    _, weights, output = reference.attention(x @ GREETING.w_q, x @ GREETING.w_k, x @ GREETING.w_v, mask)
    np.testing.assert_allclose(names["weights"], weights[rows], atol=2e-4)
    np.testing.assert_allclose(names["output"], output[rows], atol=1e-3)
    printed = np.fromstring(said.replace("[", " ").replace("]", " "), sep=" ")
    expected = np.concatenate([names["weights"].round(2).ravel(), names["output"].round(2).ravel()])
    np.testing.assert_allclose(printed, expected)


def test_a_blind_row_prints_zeros():
    at = example.look(*example.by_hand(GREETING), torch.zeros(6, 6, dtype=torch.bool))
    names, said = run(snippet(at, GREETING.labels, 3))
    assert not names["output"].any()
    assert "nan" not in said


@pytest.mark.parametrize("label", ["1 '''", "1 \\", "1 #", "1 ↵", "1 {x}", "1 \u2028", "1 \r x = 1"])
def test_no_label_can_break_it(label):
    at = example.look(*example.by_hand(GREETING), masks.causal(6))
    run(snippet(at, [label, *GREETING.labels[1:]], 0))


def run(code: str) -> tuple[dict, str]:
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said), np.errstate(invalid="raise"):
        exec(code, names)
    return names, said.getvalue()
