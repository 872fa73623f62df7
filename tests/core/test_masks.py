"""Masks against hand-drawn ones and the oracle."""

import numpy as np
import pytest
import torch

from core import masks
from tests import reference


def drawn(picture: str) -> list[list[bool]]:
    return [[c == "x" for c in row] for row in picture.split()]


def test_causal_by_hand():
    assert masks.causal(3).tolist() == drawn("x.. xx. xxx")


def test_causal_is_aligned_at_the_bottom_right():
    assert masks.causal(2, 5).tolist() == drawn("xxxx. xxxxx")
    assert masks.causal(1, 3).tolist() == drawn("xxx")
    assert masks.causal(3, 2).tolist() == drawn(".. x. xx")  # the first query stands before the first key


def test_padding_by_hand():
    mask = masks.padding(torch.tensor([3, 0, 2]), 3)
    assert mask.shape == (3, 1, 3)
    assert mask[:, 0].tolist() == drawn("xxx ... xx.")
    assert torch.equal(masks.padding([3, 0, 2], 3), mask)


def test_sliding_window_by_hand():
    assert masks.sliding_window(4, 2).tolist() == drawn("x... xx.. .xx. ..xx")
    assert torch.equal(masks.sliding_window(5, 1), torch.eye(5, dtype=torch.bool))
    assert torch.equal(masks.sliding_window(5, 99), masks.causal(5))


@pytest.mark.parametrize(("t_q", "t_k"), [(1, 1), (5, 7), (7, 5), (11, 11)])
def test_masks_are_the_oracles(t_q, t_k):
    assert masks.causal(t_q, t_k).tolist() == reference.causal(t_q, t_k).tolist()
    assert masks.padding(torch.arange(t_k + 1), t_k).tolist() == reference.padding(range(t_k + 1), t_k).tolist()
    for window in (1, 2, 3, t_q):
        assert masks.sliding_window(t_q, window).tolist() == reference.sliding_window(t_q, window).tolist()


def test_every_mask_is_bool():
    made = masks.causal(3), masks.padding(torch.tensor([1]), 3), masks.sliding_window(3, 2)
    assert [m.dtype for m in made] == [torch.bool] * 3


def test_masks_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"between 0 and 3; got \[4\]"):
        masks.padding(torch.tensor([4]), 3)
    with pytest.raises(ValueError, match=r"between 0 and 3; got \[-1\]"):
        masks.padding(torch.tensor([-1]), 3)
    with pytest.raises(ValueError, match="at least the token itself; got 0"):
        masks.sliding_window(3, 0)


@pytest.mark.parametrize("kind", masks.KINDS)
@pytest.mark.parametrize(("t", "length", "window"), [(1, 1, 1), (5, 3, 2), (7, 7, 3), (4, 0, 9)])
def test_kinds_by_name_are_the_oracles(kind, t, length, window):
    causal, padding = reference.causal(t, t), np.broadcast_to(reference.padding([length], t)[0], (t, t))
    expected = {"none": np.ones((t, t), bool), "causal": causal, "padding": padding, "both": causal & padding}
    expected["window"] = reference.sliding_window(t, window)
    found = masks.of_kind(kind, t, length, window)
    assert found.shape == (t, t)
    assert found.dtype == torch.bool
    assert found.tolist() == expected[kind].tolist()


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="none, causal, padding, both, window; got 'diagonal'"):
        masks.of_kind("diagonal", 3)
