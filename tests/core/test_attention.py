"""Attention against torch's own, against the oracle, by hand, and by its properties."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis.extra.numpy import arrays
from torch import nn
from torch.nn import functional as F

from core import masks
from core.attention import (
    KINDS,
    KeysValues,
    attention,
    join_heads,
    multi_head_attention,
    similarity,
    softmax,
    split_heads,
)
from core.config import Config
from core.transformer import MultiHead
from tests import reference
from tests.core.same import call, close, heads_as_torch, same_gradients, shake

pytestmark = pytest.mark.usefixtures("float64")
BATCH, HEADS, T_Q, T_K, D, D_V = 2, 3, 5, 7, 11, 13


def qkv(grad: bool = False):
    shapes = (BATCH, HEADS, T_Q, D), (BATCH, HEADS, T_K, D), (BATCH, HEADS, T_K, D_V)
    return [torch.randn(shape, requires_grad=grad) for shape in shapes]


def some_mask(*shape: int) -> torch.Tensor:
    """A random mask in which every row may look at something, and not at everything."""
    mask = torch.rand(shape) < 0.5
    mask[..., 0], mask[..., -1] = True, False
    return mask


MASKS = {
    "none": lambda: None,
    "query x key": lambda: some_mask(T_Q, T_K),
    "causal": lambda: masks.causal(T_Q, T_K),
    "batch": lambda: some_mask(BATCH, 1, T_Q, T_K),
    "keys only": lambda: some_mask(BATCH, 1, 1, T_K),
    "all": lambda: some_mask(BATCH, HEADS, T_Q, T_K),
}


# Parity


@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
def test_attention_is_torchs(mask):
    q, k, v = qkv(grad=True)
    mask = mask()
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    same_gradients(attention(q, k, v, mask).output, theirs, [q, k, v])


def test_bias_is_torchs_float_mask():
    q, k, v = qkv(grad=True)
    bias = torch.randn(HEADS, T_Q, T_K, requires_grad=True)
    mask = some_mask(T_Q, T_K)
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.masked_fill(~mask, -torch.inf))
    same_gradients(attention(q, k, v, mask, bias=bias).output, theirs, [q, k, v, bias])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS.keys())
def test_attention_is_the_oracles(mask, kind):
    q, k, v = qkv()
    mask, bias = mask(), torch.randn(HEADS, T_Q, T_K)
    trace = attention(q, k, v, mask, bias=bias, kind=kind, temperature=0.7)
    as_arrays = [x.numpy() for x in (q, k, v)]
    allowed = True if mask is None else mask.numpy()
    scores, weights, output = reference.attention(*as_arrays, allowed, bias.numpy(), kind, 0.7)
    close(trace.scores, scores)
    close(trace.weights, weights)
    close(trace.output, output)


def test_cosine_gradients_are_torchs():
    q, k, _ = qkv(grad=True)
    theirs = F.cosine_similarity(q[..., :, None, :], k[..., None, :, :], dim=-1)
    same_gradients(similarity(q, k, "cosine"), theirs, [q, k])


def test_the_trace_holds_what_was_given_and_the_masked_scores():
    q, k, v = qkv()
    mask = some_mask(T_Q, T_K)
    trace = attention(q, k, v, mask)
    assert trace.q is q and trace.k is k and trace.v is v and trace.mask is mask
    close(trace.scores, similarity(q, k))  # before the mask
    assert torch.equal(trace.masked, torch.where(mask, trace.scores, -torch.inf))
    assert torch.equal(attention(q, k, v).masked, attention(q, k, v).scores)
    close(trace.weights, trace.masked.softmax(-1))


# Many heads

D_MODEL, N_HEADS = 15, 3


def multi_head(bias: bool = True, n_kv_heads: int | None = None) -> MultiHead:
    config = Config(vocab=2, d_model=D_MODEL, n_heads=N_HEADS, n_layers=1, d_ff=1, context=1, bias=bias)
    return shake(MultiHead(config)).requires_grad_()


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("masked", ["no mask", "attn_mask", "one a sequence", "key_padding_mask"])
@pytest.mark.parametrize("cross", [False, True], ids=["self", "cross"])
def test_multi_head_is_torchs(cross, masked, bias):
    ours = multi_head(bias)
    theirs = nn.MultiheadAttention(D_MODEL, N_HEADS, bias=bias, batch_first=True)
    x = torch.randn(BATCH, T_Q, D_MODEL, requires_grad=True)
    memory = torch.randn(BATCH, T_K, D_MODEL, requires_grad=True) if cross else x
    t_k = memory.shape[1]
    mask, how = None, {}
    if masked == "attn_mask":
        mask = some_mask(T_Q, t_k)
        how = {"attn_mask": ~mask}  # theirs is True where nobody may look
    elif masked == "one a sequence":
        mask = some_mask(BATCH, T_Q, t_k)
        how = {"attn_mask": ~mask.repeat_interleave(N_HEADS, 0)}
    elif masked == "key_padding_mask":
        mask = masks.padding(torch.tensor([t_k, 2]), t_k)
        how = {"key_padding_mask": ~mask[:, 0]}
    trace = ours(x, memory, mask)
    output, weights = call(theirs, heads_as_torch(ours), x, memory, memory, average_attn_weights=False, **how)
    close(trace.heads.weights, weights)
    inputs = [x, memory, *ours.parameters()] if cross else [x, *ours.parameters()]
    same_gradients(trace.output, output, inputs)


@pytest.mark.parametrize("n_kv_heads", [1, 2, 3, 6])
def test_multi_head_is_the_oracles(n_kv_heads):
    n_heads, d_head, d_in = 6, 5, 7
    widths = {"q": n_heads * d_head, "k": n_kv_heads * d_head, "v": n_kv_heads * d_head}
    p = {f"w_{n}": torch.randn(d_in, w) for n, w in widths.items()} | {
        f"b_{n}": torch.randn(w) for n, w in widths.items()
    }
    p |= {"w_o": torch.randn(n_heads * d_head, 11), "b_o": torch.randn(11)}
    x, memory, mask = torch.randn(T_Q, d_in), torch.randn(T_K, d_in), some_mask(T_Q, T_K)
    score_bias = torch.randn(n_heads, T_Q, T_K)
    w, b = [p[f"w_{n}"] for n in "qkvo"], tuple(p[f"b_{n}"] for n in "qkvo")
    trace = multi_head_attention(x, memory, *w, n_heads, mask, biases=b, n_kv_heads=n_kv_heads, bias=score_bias)
    arrays = {n: z.numpy() for n, z in p.items()}
    weights, output = reference.multi_head(
        x.numpy(), memory.numpy(), arrays, n_heads, mask.numpy(), n_kv_heads, bias=score_bias.numpy()
    )
    close(trace.heads.weights, weights)
    close(trace.output, output)


def grouped(n_heads: int, n_kv_heads: int):
    d_head, d_in = 5, 7
    widths = n_heads, n_kv_heads, n_kv_heads
    w_q, w_k, w_v = (torch.randn(d_in, n * d_head, requires_grad=True) for n in widths)
    x = torch.randn(BATCH, T_Q, d_in, requires_grad=True)
    return x, w_q, w_k, w_v


@pytest.mark.parametrize(("n_heads", "n_kv_heads"), [(6, 2), (6, 3), (3, 1)])
def test_grouped_queries_are_repeated_key_value_weights(n_heads, n_kv_heads):
    x, w_q, w_k, w_v = grouped(n_heads, n_kv_heads)
    # by hand: the columns of key-value head g stand n_heads / n_kv_heads times in a row
    w_k2, w_v2 = (torch.cat([p for p in w.split(5, 1) for _ in range(n_heads // n_kv_heads)], 1) for w in (w_k, w_v))
    ours = multi_head_attention(x, x, w_q, w_k, w_v, None, n_heads, n_kv_heads=n_kv_heads).output
    repeated = multi_head_attention(x, x, w_q, w_k2, w_v2, None, n_heads).output
    same_gradients(ours, repeated, [x, w_q, w_k, w_v])


@pytest.mark.parametrize(("n_heads", "n_kv_heads"), [(6, 2), (6, 3), (3, 1)])
def test_grouped_queries_are_torchs(n_heads, n_kv_heads):
    x, w_q, w_k, w_v = grouped(n_heads, n_kv_heads)
    mask = masks.causal(T_Q)
    q, k, v = (split_heads(x @ w, n) for w, n in ((w_q, n_heads), (w_k, n_kv_heads), (w_v, n_kv_heads)))
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    ours = multi_head_attention(x, x, w_q, w_k, w_v, None, n_heads, mask, n_kv_heads=n_kv_heads)
    same_gradients(ours.heads.output, theirs, [x, w_q, w_k, w_v])


def test_without_w_o_the_output_is_the_concatenation():
    x, w_q, w_k, w_v = grouped(3, 3)
    trace = multi_head_attention(x, x, w_q, w_k, w_v, None, 3)
    assert torch.equal(trace.output, trace.concat)
    close(trace.concat, torch.cat([trace.heads.output[:, h] for h in range(3)], -1))


def test_heads_are_consecutive_columns_and_come_back():
    x = torch.arange(2 * 3 * 10.0).reshape(2, 3, 10)
    heads = split_heads(x, 5)
    assert heads.shape == (2, 5, 3, 2)
    assert torch.equal(heads[:, 2], x[..., 4:6])
    assert torch.equal(join_heads(heads), x)


def test_past_keys_and_values_come_before_the_new_ones():
    p = multi_head()
    x = torch.randn(BATCH, T_K, D_MODEL)
    whole = p(x, x, masks.causal(T_K))
    first = p(x[:, :4], x[:, :4], masks.causal(4))
    then = p(x[:, 4:], x[:, 4:], masks.causal(3, T_K), past=p.past(first))
    close(then.output, whole.output[:, 4:])
    only_past = p(x[:, 4:], None, masks.causal(3, T_K), past=KeysValues(whole.heads.k, whole.heads.v))
    close(only_past.output, whole.output[:, 4:])


def test_rotate_turns_queries_and_keys_but_not_values():
    p, x = multi_head(), torch.randn(BATCH, T_Q, D_MODEL)
    trace, plain = p(x, x, rotate=lambda z: 2 * z), p(x, x)
    close(trace.heads.q, 2 * plain.heads.q)
    close(trace.heads.k, 2 * plain.heads.k)
    close(trace.heads.v, plain.heads.v)
    close(trace.heads.scores, 4 * plain.heads.scores)


# By hand


def test_softmax_of_1_and_0():
    close(softmax(torch.tensor([1.0, 0.0])), [math.e / (1 + math.e), 1 / (1 + math.e)])
    close(softmax(torch.tensor([1.0, 0.0]), temperature=0.5), [math.e**2 / (1 + math.e**2), 1 / (1 + math.e**2)])
    close(softmax(torch.tensor([math.log(1), math.log(2), math.log(5)])), [1 / 8, 2 / 8, 5 / 8])


def test_scaled_dot_divides_by_the_root_of_the_width():
    q, k = torch.tensor([[1.0, 2.0, 3.0, 4.0]]), torch.tensor([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 0.0, 1.0]])
    close(similarity(q, k, "dot"), [[10.0, 6.0]])
    close(similarity(q, k, "scaled_dot"), [[5.0, 3.0]])
    close(similarity(q, k), [[5.0, 3.0]])
    close(similarity(q, k, "cosine"), [[10 / math.sqrt(30 * 4), 6 / math.sqrt(30 * 5)]])


def test_attention_by_hand():
    eye = torch.eye(2)
    trace = attention(math.sqrt(2) * eye, eye, torch.tensor([[10.0], [20.0]]))
    share = math.e / (1 + math.e)
    close(trace.scores, eye)
    close(trace.weights, [[share, 1 - share], [1 - share, share]])
    close(trace.output, [[20 - 10 * share], [10 + 10 * share]])


# Edge cases, each with a decided answer


def test_a_row_that_may_look_at_nothing_gives_zeros_and_finite_gradients():
    q, k, v = qkv(grad=True)
    mask = torch.ones(T_Q, T_K, dtype=torch.bool)
    mask[2] = False
    trace = attention(q, k, v, mask)
    assert (trace.weights[..., 2, :] == 0).all() and (trace.output[..., 2, :] == 0).all()
    close(trace.weights.sum(-1)[..., [0, 1, 3, 4]], torch.ones(BATCH, HEADS, 4))
    gradients = torch.autograd.grad(trace.output.square().sum(), [q, k, v])
    assert all(g.isfinite().all() for g in gradients)
    assert (gradients[0][..., 2, :] == 0).all() and (gradients[0][..., 1, :] != 0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_softmax_of_only_minus_infinity_is_zeros(dtype):
    assert torch.equal(softmax(torch.full((2, 3), -torch.inf, dtype=dtype)), torch.zeros(2, 3, dtype=dtype))


@pytest.mark.parametrize("temperature", [1.0, 0.7])
@pytest.mark.parametrize("shape", [(3, 0), (0, 3), (0, 2, 3)], ids=str)
def test_softmax_of_nothing_is_nothing(shape, temperature):
    assert softmax(torch.zeros(shape), temperature).shape == shape


def test_without_keys_the_output_is_zeros_and_without_queries_there_is_none():
    q, k, v = qkv()
    assert torch.equal(attention(q, k[..., :0, :], v[..., :0, :]).output, torch.zeros(BATCH, HEADS, T_Q, D_V))
    assert attention(q[..., :0, :], k, v).output.shape == (BATCH, HEADS, 0, D_V)
    p, x = multi_head(), torch.randn(BATCH, T_K, D_MODEL)
    assert p(x[:, :0], x).output.shape == (BATCH, 0, D_MODEL)


@pytest.mark.parametrize("other", [1.0, -math.inf], ids=["all finite", "one masked"])
@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_a_score_that_is_no_number_spoils_its_row_and_no_other(bad, other, temperature):
    weights = softmax(torch.tensor([[bad, 1.0, 2.0], [0.0, 0.0, other]]), temperature)
    assert weights[0].isnan().any() and not weights[1].isnan().any()
    close(weights[1].sum(), 1.0)


@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_one_masked_score_changes_no_other_row(temperature):
    """torch's own softmax is taken where nothing is -inf, ours elsewhere: the two must not be told apart."""
    scores = torch.randn(T_Q, T_K) * 5
    masked = scores.clone()
    masked[0, 0] = -torch.inf
    close(softmax(masked, temperature)[1:], softmax(scores, temperature)[1:])


def test_length_1_looks_at_itself():
    q, k, v = torch.randn(1, D), torch.randn(1, D), torch.randn(1, D_V)
    trace = attention(q, k, v, masks.causal(1))
    assert trace.weights.tolist() == [[1.0]]
    assert torch.equal(trace.output, v)


def test_one_head_is_plain_attention():
    x, memory = torch.randn(BATCH, T_Q, 7), torch.randn(BATCH, T_K, 7)
    w = [torch.randn(7, 7) for _ in range(4)]
    trace = multi_head_attention(x, memory, *w, 1)
    plain = attention(x @ w[0], memory @ w[1], memory @ w[2])
    close(trace.heads.weights[:, 0], plain.weights)
    close(trace.output, plain.output @ w[3])


@pytest.mark.parametrize("size", [1e4, 1e300])
def test_huge_scores_stay_numbers(size):
    scores = torch.tensor([[size, 0.0, -size], [0.0, -size, -torch.inf], [-size, -size, -size]], requires_grad=True)
    weights = softmax(scores)
    close(weights, [[1, 0, 0], [1, 0, 0], [1 / 3, 1 / 3, 1 / 3]])
    weights.square().sum().backward()
    assert scores.grad.isfinite().all()


def test_huge_scores_in_float32():
    weights = softmax(torch.tensor([1e4, 1e4 - 1, -1e38], dtype=torch.float32))
    close(weights, [math.e / (1 + math.e), 1 / (1 + math.e), 0.0], rtol=0, atol=1e-6)


@pytest.mark.parametrize("temperature", [1e-9, 1e-40, 1e-50, 5e-324])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_tiny_temperature_takes_the_largest(temperature, dtype):
    weights = softmax(torch.tensor([1.0, 3.0, 2.999, 3.0], dtype=dtype), temperature)
    assert weights.tolist() == [0.0, 0.5, 0.0, 0.5]


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
def test_softmax_refuses_a_temperature_that_makes_no_sense(temperature):
    with pytest.raises(ValueError, match=r"temperature must be finite and above 0; got"):
        softmax(torch.zeros(3), temperature)


def test_cosine_with_a_zero_vector_is_0():
    q, k = torch.zeros(1, 3, requires_grad=True), torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], requires_grad=True)
    scores = similarity(q, k, "cosine")
    assert scores.tolist() == [[0.0, 0.0]]
    assert all(g.isfinite().all() for g in torch.autograd.grad(scores.sum(), [q, k]))


@pytest.mark.parametrize("size", [1e300, 1e-300])
def test_cosine_of_huge_and_tiny_vectors(size):
    q = torch.tensor([[3.0, 4.0]]) * size
    close(similarity(q, torch.tensor([[4.0, 3.0], [-3.0, -4.0]]) * size, "cosine"), [[24 / 25, -1.0]])


def test_shapes_that_do_not_fit_are_refused():
    q, k, v = (torch.randn(3, 4) for _ in range(3))
    with pytest.raises(ValueError, match="equally wide; got 4 and 5"):
        attention(q, torch.randn(3, 5), v)
    with pytest.raises(ValueError, match="got 3 keys and 2 values"):
        attention(q, k, v[:2])
    with pytest.raises(ValueError, match="one of dot, cosine, scaled_dot; got 'dott'"):
        similarity(q, k, "dott")
    with pytest.raises(ValueError, match="width of 4 cannot be split into 3 heads"):
        split_heads(q, 3)
    with pytest.raises(ValueError, match="6 query heads cannot share 4"):
        multi_head_attention(q, q, *[torch.randn(4, 12)] * 3, None, 6, n_kv_heads=4)


# Properties

finite = st.floats(-50, 50, width=32)
rows = arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=finite).map(torch.from_numpy)


@st.composite
def attentions(draw):
    """q, k, v and a mask of any small size."""
    t_q, t_k, d, d_v = (draw(st.integers(1, 5)) for _ in range(4))
    shapes = (t_q, d), (t_k, d), (t_k, d_v)
    made = [torch.from_numpy(draw(arrays(np.float64, shape, elements=st.floats(-8, 8, width=32)))) for shape in shapes]
    return *made, torch.from_numpy(draw(arrays(np.bool_, (t_q, t_k))))


@given(rows, st.floats(0.05, 20))
def test_shares_sum_to_1(scores, temperature):
    weights = softmax(scores, temperature)
    assert ((weights >= 0) & (weights <= 1)).all()
    close(weights.sum(-1), torch.ones(len(scores)))


@given(rows, st.floats(-1000, 1000))
def test_adding_the_same_to_all_scores_changes_nothing(scores, c):
    close(softmax(scores + c), softmax(scores), rtol=1e-9, atol=1e-9)


@given(rows)
def test_softmax_is_the_oracles(scores):
    close(softmax(scores), reference.softmax(scores.numpy()))


@given(rows.map(torch.round))
def test_a_falling_temperature_tends_to_the_largest(scores):
    best = scores == scores.amax(-1, keepdim=True)
    close(softmax(scores, 1e-45), best / best.sum(-1, keepdim=True))


@given(attentions())
def test_masked_weights_are_exactly_0_and_rows_sum_to_1_or_0(made):
    q, k, v, mask = made
    trace = attention(q, k, v, mask)
    assert (trace.weights[~mask] == 0).all()
    close(trace.weights.sum(-1), mask.any(-1).double())
    close(trace.output, reference.attention(q.numpy(), k.numpy(), v.numpy(), mask.numpy())[2])


@given(attentions(), st.randoms(use_true_random=False))
def test_the_order_of_keys_and_values_does_not_matter(made, random):
    q, k, v, mask = made
    order = random.sample(range(len(k)), len(k))
    close(attention(q, k[order], v[order], mask[:, order]).output, attention(q, k, v, mask).output)


@given(attentions(), st.data())
def test_what_is_masked_cannot_be_seen(made, data):
    q, k, v, _ = made
    t = min(len(q), len(k))
    q, k, v = q[:t], k[:t], v[:t]
    j = data.draw(st.integers(0, t - 1))
    before = attention(q, k, v, masks.causal(t)).output
    k, v = k.clone(), v.clone()
    k[j], v[j] = k[j] + 1, v[j] - 3
    assert torch.equal(attention(q, k, v, masks.causal(t)).output[:j], before[:j])


# Formats with few digits


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_scores_that_a_small_format_cannot_hold_still_have_weights(dtype):
    """300·300·64 is beyond float16 before it is divided by 8; torch computes within float32 as well."""
    q, k = torch.full((1, 64), 300.0, dtype=dtype), torch.tensor([[300.0], [-300.0], [0.0]], dtype=dtype).expand(3, 64)
    v = torch.tensor([[1.0, 2], [3, 5], [7, 11]], dtype=dtype)
    trace = attention(q, k, v)
    assert trace.weights.tolist() == [[1, 0, 0]] and trace.output.dtype == dtype
    torch.testing.assert_close(trace.output, F.scaled_dot_product_attention(q[None], k[None], v[None])[0])
    scores = similarity(q / 64, k)  # 300/64·300·64 = 90,000 is beyond, an eighth of it is not
    assert scores.dtype == dtype and scores[0].tolist() == torch.tensor([11_250.0, -11_250, 0], dtype=dtype).tolist()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("n", [5, 70_001])
def test_equal_scores_share_evenly_in_a_small_format(dtype, n):
    shares = softmax(torch.zeros(n, dtype=dtype), 0.5)
    assert shares.dtype == dtype and shares.unique().tolist() == [torch.tensor(1 / n, dtype=dtype).item()]


@given(arrays(np.float32, (3, 5), elements=st.floats(-60_000, 60_000, width=32)), st.floats(1e-6, 1e6))
def test_half_precision_differs_by_its_rounding_alone(scores, temperature):
    half = torch.from_numpy(scores).half()
    expected = reference.softmax(half.double().numpy() / np.float32(temperature))
    np.testing.assert_allclose(softmax(half, temperature).double(), expected, atol=1e-3)


def test_whole_numbers_are_read_as_floats():
    q, k, v = torch.tensor([[1, 2]]), torch.tensor([[3, -1], [0, 1]]), torch.tensor([[4], [6]])
    trace = attention(q, k, v)
    _scores, weights, output = reference.attention(*(x.double().numpy() for x in (q, k, v)))
    np.testing.assert_allclose(trace.weights, weights, atol=1e-6)
    np.testing.assert_allclose(trace.output, output, atol=1e-6)


def test_gradients_pass_through_the_wider_format():
    q = torch.tensor([[0.5, -0.25]], dtype=torch.float16, requires_grad=True)
    k, v = torch.tensor([[1.0, 2], [0.5, -1]]).half(), torch.tensor([[1.0], [3]]).half()
    attention(q, k, v).output.sum().backward()
    exact = q.detach().double().requires_grad_()
    attention(exact, k.double(), v.double()).output.sum().backward()
    torch.testing.assert_close(q.grad.double(), exact.grad, atol=2e-3, rtol=0)


# Errors in a sentence


def test_vectors_of_width_0_are_refused():
    with pytest.raises(ValueError, match="at least one number each"):
        attention(torch.zeros(3, 0), torch.zeros(5, 0), torch.zeros(5, 2))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_heads": 0}, "a width of 6 cannot be split into 0 heads|0 query heads"),
        ({"n_kv_heads": 0}, "2 query heads cannot share 0 key-value heads"),
        ({"memory": None}, "there is nothing to look at"),
        ({"mask": torch.ones(7, 1, 5, 5, dtype=torch.bool)}, r"without a head axis; got \(7, 1, 5, 5\)"),
    ],
)
def test_heads_that_cannot_work_are_refused(change, message):
    x = torch.randn(7, 5, 6)
    given_ = {"memory": x, "n_heads": 2, "mask": None, **change}
    with pytest.raises(ValueError, match=message):
        multi_head_attention(x, given_.pop("memory"), *torch.randn(4, 6, 6), **given_)
