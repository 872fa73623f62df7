"""Who moves when a word is replaced: by hand against the oracle, and in the story model."""

import numpy as np
import pytest
import torch

from core import checkpoints, masks
from pages.masking.model import leak
from pages.masking.model.example import GREETING
from tests import reference

T = len(GREETING.words)
NEW = np.array([-2.0, 1.71, 0.3])


def outputs(x: np.ndarray, mask: np.ndarray) -> list[np.ndarray]:
    q, k, v = (x @ w for w in (GREETING.w_q, GREETING.w_k, GREETING.w_v))
    _, free, open_ = reference.attention(q, k, v)
    return [open_, reference.attention(q, k, v, mask)[2], (free * mask) @ v]


@pytest.mark.parametrize("kind", masks.KINDS)
@pytest.mark.parametrize("at", range(T))
def test_by_hand_it_is_the_oracles(kind, at):
    mask = masks.of_kind(kind, T, 4, 2)
    other = GREETING.x.copy()
    other[at] = NEW
    pairs = zip(outputs(GREETING.x, mask.numpy()), outputs(other, mask.numpy()), strict=True)
    expected = [np.linalg.norm(b - a, axis=-1) for a, b in pairs]
    np.testing.assert_allclose(leak.by_hand(GREETING, at, NEW, mask), expected, atol=1e-12)


@pytest.mark.parametrize("at", range(T))
def test_a_causal_mask_keeps_a_word_from_all_before_it(at):
    free, masked, late = leak.by_hand(GREETING, at, NEW, masks.causal(T))
    assert not masked[:at].any()
    assert (masked[at:] > 1e-6).all()
    assert (free > 1e-6).all()
    assert (late > 1e-6).all()  # through the sum that every weight is divided by


def test_the_example_is_not_changed():
    before = GREETING.x.copy()
    leak.by_hand(GREETING, 2, NEW, masks.causal(T))
    np.testing.assert_array_equal(GREETING.x, before)


@pytest.fixture(scope="module")
def stories():
    return checkpoints.load("stories"), checkpoints.load_tokenizer("stories")


@pytest.mark.parametrize("at", [1, 6, 17])
def test_in_the_model_nothing_before_the_token_moves(stories, at):
    model, tokens = stories
    ids = (1, *tokens.encode("Once upon a time, there was a little girl named Lily. She had a red").ids)
    token = tokens.encode("boy").ids[0]
    free, masked = leak.by_model(model, ids, at, token)
    assert free.shape == masked.shape == (len(ids),)
    assert not masked[:at].any()
    assert (masked[at:] > 1e-6).all()
    assert (free > 1e-4).all()
    assert max(free.max(), masked.max()) <= 1 + 1e-6


def test_total_variation_by_its_definition(stories):
    model, tokens = stories
    ids = (1, *tokens.encode("The cat sat").ids)
    other = (*ids[:2], 700, *ids[3:])
    with torch.no_grad():
        p, q = (reference.softmax(model(torch.tensor([i])).logits[0].double().numpy()) for i in (ids, other))
    np.testing.assert_allclose(leak.by_model(model, ids, 2, 700)[1], np.abs(p - q).sum(-1) / 2, atol=1e-5)


def test_the_same_token_again_moves_nothing(stories):
    model, tokens = stories
    ids = (1, *tokens.encode("The cat").ids)
    assert not leak.by_model(model, ids, 1, ids[1]).any()
