"""Drawn masks in a link: written, read, cut to another length, refused."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from core.masks import causal
from pages.masking.model.drawn import read, write


def drawn(picture: str) -> list[list[bool]]:
    return [[c == "x" for c in row] for row in picture.split()]


def test_a_mask_in_a_link_by_hand():
    assert write(causal(5)) == "1-3-7-f-1f"
    assert read("5-0-7", 3).tolist() == drawn("x.x ... xxx")


@given(some.integers(1, 24) | some.just(137), some.integers(0, 10_000))
def test_any_mask_survives_its_link(t, seed):
    mask = torch.rand(t, t, generator=torch.Generator().manual_seed(seed)) < 0.5
    assert torch.equal(read(write(mask), t), mask)
    assert len(write(mask)) <= t * (t // 4 + 2)


def test_a_mask_for_another_sentence_keeps_what_fits():
    text = write(torch.ones(4, 4, dtype=torch.bool))
    assert read(text, 2).tolist() == drawn("xx xx")
    assert read(text, 5).tolist() == drawn("xxxx. xxxx. xxxx. xxxx. xxxxx")


@pytest.mark.parametrize("text", ["", "-", "1-", "g", "1-3 7", "−1", "1.3"])
def test_what_is_no_mask_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match="is no mask: it should be one hexadecimal number a row"):
        read(text, 3)


def test_a_text_without_end_costs_no_more_than_the_sentence():
    assert read("f" * 1_000_000 + "-" + "1-" * 500_000 + "1", 2).tolist() == drawn("xx x.")
