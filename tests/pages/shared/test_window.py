"""A long sentence through a window: what is shown is true, and nothing of a row is lost."""

import numpy as np
import pytest
import torch

from core import masks
from core.attention import attention
from pages.shared.model.window import SHOWN, earlier, panels, weights, window


def head(t: int):
    q, k, v = torch.randn(3, t, 6)
    return attention(q, k, v, masks.causal(t)), [f"{i} w" for i in range(t)]


def values(made: dict) -> dict[str, np.ndarray]:
    plain = {p["id"]: p["values"] for p in made["panels"]}
    return {i: np.array([[-np.inf if x is None else x for x in row] for row in rows]) for i, rows in plain.items()}


@pytest.mark.parametrize("t", [1, 2, SHOWN - 1, SHOWN, SHOWN + 1, 60, 255])
def test_a_window_holds_the_token_and_no_more_than_fit(t):
    for position in range(t):
        shown = window(t, position)
        assert position in shown
        assert len(shown) == min(t, SHOWN)
        assert shown.start >= 0
        assert shown.stop <= t


def test_the_first_tokens_need_no_sum():
    trace, labels = head(40)
    shown = values(panels(trace, labels, window(40, 5)))
    assert "before" not in shown
    np.testing.assert_allclose(shown["weights"].sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(shown["weights"] @ shown["v"], shown["output"], atol=1e-5)


@pytest.mark.parametrize("position", [SHOWN, 30, 39])
def test_what_lies_before_is_summed(position):
    trace, labels = head(40)
    window_ = window(40, position)
    made = panels(trace, labels, window_)
    shown, here = values(made), slice(window_.start, window_.stop)
    np.testing.assert_allclose(shown["before"][:, 0] + shown["weights"].sum(1), 1, atol=1e-6)
    np.testing.assert_allclose(shown["weights"] @ shown["v"] + shown["added"], shown["output"], atol=1e-5)
    np.testing.assert_allclose(shown["output"], trace.output[here], atol=1e-6)
    np.testing.assert_allclose(shown["q"] @ shown["k"].T / 6**0.5, shown["scores"], atol=1e-5)
    np.testing.assert_allclose(shown["masked"], trace.masked[here, here])
    assert made["axes"]["before"]["labels"] == [earlier(window_)] == [f"0–{position - SHOWN}"]
    assert "rule" not in next(p for p in made["panels"] if p["id"] == "weights")  # its row's sum is not all on screen


def test_the_weights_for_lines_lose_nothing():
    trace, labels = head(40)
    for position in (3, 39):
        rows, keys = weights(trace, labels, window(40, position))
        assert rows.shape == (SHOWN, len(keys))
        torch.testing.assert_close(rows.sum(-1), torch.ones(SHOWN))
