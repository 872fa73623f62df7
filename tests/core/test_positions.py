"""Positions against the oracle, other libraries, and what they are for: distances."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given
from transformers.models.bloom.modeling_bloom import build_alibi_tensor
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from core import positions
from tests import reference
from tests.core.same import close, same_gradients

pytestmark = pytest.mark.usefixtures("float64")
LAYOUTS = ("interleaved", "half")


# Sinusoidal


@pytest.mark.parametrize(("t", "d", "base", "offset"), [(7, 10, 10_000.0, 0), (5, 6, 100.0, 13), (1, 2, 10_000.0, 3)])
def test_sinusoidal_is_the_oracles(t, d, base, offset):
    close(positions.sinusoidal(t, d, base, offset), reference.sinusoidal(t, d, base, offset))


def test_sinusoidal_by_hand():
    pe = positions.sinusoidal(3, 4)
    close(pe[0], [0, 1, 0, 1])
    close(pe[2], [math.sin(2), math.cos(2), math.sin(2 / 100), math.cos(2 / 100)])
    assert positions.sinusoidal(3, 4).dtype == torch.float64


def test_offset_is_a_later_part_of_the_same_table():
    close(positions.sinusoidal(3, 6, offset=4), positions.sinusoidal(7, 6)[4:])


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_dot_products_of_sinusoids_depend_on_the_distance_only(a, b, shift):
    pe = [positions.sinusoidal(1, 14, offset=at)[0] for at in (a, b, a + shift, b + shift)]
    close(pe[0] @ pe[1], pe[2] @ pe[3], rtol=0, atol=1e-9)


# Rotary


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("t", "d", "base", "offset"), [(7, 10, 10_000.0, 0), (5, 6, 100.0, 13), (1, 2, 10_000.0, 3)])
def test_rotary_is_the_oracles(t, d, base, offset, layout):
    x = torch.randn(2, 3, t, d)
    expected = np.array([[reference.rotary(h, base, offset, layout) for h in batch] for batch in x.numpy()])
    close(positions.rotary(x, base, offset, layout), expected)


def test_rotary_by_hand():
    turned = positions.rotary(torch.tensor([[9.0, 9.0, 9.0, 9.0], [1.0, 0.0, 0.0, 1.0]]))
    close(turned[0], [9, 9, 9, 9])
    close(turned[1], [math.cos(1), math.sin(1), -math.sin(0.01), math.cos(0.01)])


def test_the_half_layout_is_llamas():
    q, k = (torch.randn(2, 3, 7, 10, requires_grad=True) for _ in range(2))
    turned = torch.outer(torch.arange(7.0), 10_000.0 ** (-torch.arange(0, 10, 2.0) / 10))
    turned = torch.cat([turned, turned], -1)[None]
    theirs = apply_rotary_pos_emb(q, k, turned.cos(), turned.sin())
    for x, expected in zip((q, k), theirs, strict=True):
        same_gradients(positions.rotary(x, layout="half"), expected, [x])


@pytest.mark.parametrize("layout", LAYOUTS)
@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 2**32))
def test_rotary_scores_depend_on_the_distance_only(layout, a, b, shift, seed):
    q, k = torch.randn(2, 1, 6, generator=torch.Generator().manual_seed(seed))
    score, moved = (
        (positions.rotary(q, offset=a + s, layout=layout) * positions.rotary(k, offset=b + s, layout=layout)).sum()
        for s in (0, shift)
    )
    close(score, moved, rtol=0, atol=1e-9)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rotary_keeps_lengths_but_not_directions(layout):
    x = torch.randn(5, 6)
    turned = positions.rotary(x, offset=1, layout=layout)
    close(turned.norm(dim=-1), x.norm(dim=-1))
    assert ((turned - x).abs() > 1e-6).all()


# ALiBi


def test_alibi_slopes_by_hand():
    assert (-positions.alibi(8, 1, 2)[:, 0, 0]).tolist() == [2.0**-i for i in range(1, 9)]
    assert (-positions.alibi(2, 1, 2)[:, 0, 0]).tolist() == [2**-4, 2**-8]
    assert (-positions.alibi(1, 1, 2)[:, 0, 0]).tolist() == [2**-8]
    assert (-positions.alibi(6, 1, 2)[:, 0, 0]).tolist() == [2**-2, 2**-4, 2**-6, 2**-8, 2**-1, 2**-3]


def test_alibi_distances_by_hand():
    assert (positions.alibi(8, 2, 4)[0] * 2).tolist() == [[-2, -1, 0, -1], [-3, -2, -1, 0]]


@pytest.mark.parametrize(("n_heads", "t_q", "t_k"), [(1, 3, 3), (3, 5, 7), (8, 2, 11), (12, 1, 5)])
def test_alibi_is_the_oracles(n_heads, t_q, t_k):
    close(positions.alibi(n_heads, t_q, t_k), reference.alibi(n_heads, t_q, t_k))


@pytest.mark.parametrize("n_heads", [4, 6, 16])
def test_alibi_is_blooms_up_to_a_shift_of_each_row(n_heads):
    theirs = build_alibi_tensor(torch.ones(1, 5), n_heads, torch.float64)  # slope · key position, in float32
    ours = positions.alibi(n_heads, 1, 5)
    close(ours - ours[..., :1], theirs - theirs[..., :1], rtol=1e-6, atol=0)


def test_positions_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="width must be even; got 5"):
        positions.sinusoidal(3, 5)
    with pytest.raises(ValueError, match="width must be even; got 5"):
        positions.rotary(torch.randn(3, 5))
    with pytest.raises(ValueError, match="base must be above 0; got 0"):
        positions.sinusoidal(3, 4, base=0)
    with pytest.raises(ValueError, match="'interleaved' or 'half'; got 'both'"):
        positions.rotary(torch.randn(3, 4), layout="both")
