"""One row step by step: the numbers that are put into the formulas."""

import re

import numpy as np
import pytest
import torch

from core import masks
from pages.masking.model import example
from pages.masking.model.example import GREETING
from pages.masking.model.steps import numbers, steps

T = len(GREETING.words)


def look(mask=None) -> example.Look:
    return example.look(*example.by_hand(GREETING), masks.causal(T) if mask is None else mask)


def results(text: str) -> list[float]:
    """What stands behind each = sign."""
    return [float(x.replace("−", "-")) for x in re.findall(r"= ([−\d.]+)\$", text)]


@pytest.mark.parametrize("query", range(T))
def test_each_step_ends_with_the_pages_numbers(query):
    at = look()
    told = dict(steps(at, GREETING.labels, query))
    assert list(told) == ["scores", "mask", "powers", "sum", "weights", "output"]
    np.testing.assert_allclose(results(told["weights"]), at.weights[query, : query + 1], atol=0.006)
    powers = np.exp(at.masked[query].numpy() - at.masked[query].numpy().max())
    np.testing.assert_allclose(results(told["powers"])[: query + 1], powers[: query + 1], atol=6e-4)
    assert results(told["sum"]) == pytest.approx([powers.sum()], abs=6e-4)
    assert results(told["output"]) == pytest.approx([at.output[query, 0].item()], abs=0.006)
    assert told["mask"].count(r"-\infty") == T - 1 - query


def test_a_blind_row_ends_early():
    told = steps(look(torch.zeros(T, T, dtype=torch.bool)), GREETING.labels, 2)
    assert [name for name, _ in told] == ["scores", "mask", "weights"]
    assert "No key is left" in told[-1][1]


def test_of_many_keys_the_largest_are_written():
    t = 24
    scores = torch.randn(t, t, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    at = example.look(scores, torch.ones(t, 2, dtype=torch.float64), masks.causal(t))
    labels = [f"{i} w" for i in range(t)]
    row = numbers(at, labels, 20)
    assert len(row.shown) == 6
    assert min(row.powers[j] for j in row.shown) >= max(p for j, p in enumerate(row.powers) if j not in row.shown)
    told = dict(steps(at, labels, 20))
    assert "18 more" in told["scores"]
    assert r"\text{15 more}" in told["sum"]


def test_labels_are_shown_as_typed():
    text = dict(steps(look(), ["0 **", "1 $x$", *GREETING.labels[2:]], 1))["scores"]
    assert r"1 \$x\$" in text
