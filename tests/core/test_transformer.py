"""Norms, blocks and whole models against torch, transformers and the oracle; the KV cache against the plain path."""

import copy
import math
from dataclasses import asdict, replace

import pytest
import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from core import masks
from core.attention import AttentionTrace
from core.config import Config
from core.traces import BlockTrace, CrossBlockTrace, EmbeddingTrace
from core.transformer import Block, Encoder, LayerNorm, Mlp, build, count_parameters
from tests import reference
from tests.core.same import (
    block_as_torch,
    call,
    close,
    decoder_as_gpt2,
    norm_as_torch,
    numbers,
    prefixed,
    same_gradients,
    shake,
    stack_as_torch,
)

pytestmark = pytest.mark.usefixtures("float64")
BATCH, T, T_SOURCE = 2, 5, 7
SMALL = Config(vocab=13, d_model=30, n_heads=3, n_layers=2, d_ff=17, context=11)


def config(**changes) -> Config:
    return replace(SMALL, **changes)


def random_model(**changes) -> nn.Module:
    return shake(build(config(**changes)))


def ids(t: int = T, batch: int = BATCH) -> torch.Tensor:
    return torch.randint(SMALL.vocab, (batch, t))


# Parts


@pytest.mark.parametrize("bias", [True, False])
def test_layer_norm_is_torchs(bias):
    ours = shake(LayerNorm(config(bias=bias, norm_eps=0.01)))
    x = (torch.randn(BATCH, T, SMALL.d_model) * 3 + 2).requires_grad_()
    theirs = call(nn.LayerNorm(SMALL.d_model, eps=0.01, bias=bias), norm_as_torch(ours), x)
    same_gradients(ours(x).output, theirs, [x, *ours.parameters()])


def test_layer_norm_shows_mean_and_std():
    ours, x = shake(LayerNorm(SMALL)), torch.randn(T, SMALL.d_model)
    trace = ours(x)
    close(trace.mean, x.mean(-1, keepdim=True))
    close(trace.std, (x.var(-1, correction=0, keepdim=True) + 1e-5).sqrt())
    close((x - trace.mean) / trace.std * ours.weight + ours.bias, trace.output)
    close(trace.output, reference.layer_norm(x.numpy(), **numbers(ours)))


def test_layer_norm_of_equal_numbers_is_the_bias():
    ours = shake(LayerNorm(SMALL))
    close(ours(torch.full((1, SMALL.d_model), 7.0)).output, ours.bias[None])


TORCH_ACTIVATIONS = {"relu": nn.ReLU(), "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh")}


@pytest.mark.parametrize("activation", TORCH_ACTIVATIONS)
def test_mlp_is_torchs_and_the_oracles(activation):
    ours = shake(Mlp(config(activation=activation)))
    x = torch.randn(T, SMALL.d_model, requires_grad=True)
    theirs = TORCH_ACTIVATIONS[activation](x @ ours.w_in + ours.b_in) @ ours.w_out + ours.b_out
    same_gradients(ours(x).output, theirs, [x, *ours.parameters()])
    close(ours(x).output, reference.mlp(x.detach().numpy(), numbers(ours), activation))


@pytest.mark.parametrize("mask", [None, "causal", "padding"])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
def test_block_is_torchs_encoder_layer(norm_first, activation, bias, mask):
    c = config(norm_first=norm_first, activation=activation, bias=bias, norm_eps=1e-3)
    ours = shake(Block(c))
    how = {"activation": activation, "batch_first": True, "norm_first": norm_first, "bias": bias}
    layer = nn.TransformerEncoderLayer(c.d_model, c.n_heads, c.d_ff, layer_norm_eps=1e-3, **how).eval()
    x = torch.randn(BATCH, T, c.d_model, requires_grad=True)
    allowed, theirs = None, {}
    if mask == "causal":
        allowed = masks.causal(T)
        theirs = {"src_mask": ~allowed}
    elif mask == "padding":
        allowed = masks.padding(torch.tensor([T, 2]), T)
        theirs = {"src_key_padding_mask": ~allowed[:, 0]}
    expected = call(layer, block_as_torch(ours), x, **theirs)
    same_gradients(ours(x, allowed).resid_post, expected, [x, *ours.parameters()])


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
def test_cross_block_is_torchs_decoder_layer(norm_first, activation, bias):
    c = config(norm_first=norm_first, activation=activation, bias=bias, norm_eps=1e-3)
    ours = shake(Block(c, cross=True))
    how = {"activation": activation, "batch_first": True, "norm_first": norm_first, "bias": bias}
    layer = nn.TransformerDecoderLayer(c.d_model, c.n_heads, c.d_ff, layer_norm_eps=1e-3, **how).eval()
    x = torch.randn(BATCH, T, c.d_model, requires_grad=True)
    memory = torch.randn(BATCH, T_SOURCE, c.d_model, requires_grad=True)
    causal, padding = masks.causal(T), masks.padding(torch.tensor([T_SOURCE, 3]), T_SOURCE)
    trace = ours(x, causal, memory, padding)
    theirs = {"tgt_mask": ~causal, "memory_key_padding_mask": ~padding[:, 0]}
    expected = call(layer, block_as_torch(ours), x, memory, **theirs)
    same_gradients(trace.resid_post, expected, [x, memory, *ours.parameters()])


@pytest.mark.parametrize("cross", [False, True])
@pytest.mark.parametrize("norm_first", [True, False])
def test_block_is_the_oracles(norm_first, cross):
    c = config(norm_first=norm_first, n_heads=6, n_kv_heads=2)
    ours = shake(Block(c, cross=cross))
    x, memory = torch.randn(BATCH, T, c.d_model), torch.randn(BATCH, T_SOURCE, c.d_model)
    got = ours(x, masks.causal(T), memory if cross else None).resid_post
    for i in range(BATCH):
        given = memory[i].numpy() if cross else None
        mask = reference.causal(T, T)
        close(got[i], reference.block(x[i].numpy(), numbers(ours), asdict(c), mask, given))


@pytest.mark.parametrize("norm_first", [True, False])
def test_the_residual_stream_is_a_sum(norm_first):
    block = shake(Block(config(norm_first=norm_first), cross=True))
    x, memory = torch.randn(BATCH, T, SMALL.d_model), torch.randn(BATCH, T_SOURCE, SMALL.d_model)
    trace = block(x, None, memory)
    stations = trace.resid_pre, trace.resid_mid, trace.resid_cross, trace.resid_post
    norms = (block.norm1, trace.norm1), (block.norm_cross, trace.norm_cross), (block.norm2, trace.norm2)
    sublayers = trace.attention, trace.cross, trace.mlp
    assert trace.resid_pre is x
    for before, after, (norm, normed), sublayer in zip(stations, stations[1:], norms, sublayers, strict=False):
        if norm_first:
            close(normed.output, norm(before).output)
            close(after, before + sublayer.output)
        else:
            close(normed.output, norm(before + sublayer.output).output)
            close(after, normed.output)


# Models


def test_decoder_is_transformers_gpt2():
    c = config(d_model=15)
    ours = random_model(d_model=15)
    theirs = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=c.vocab,
            n_positions=c.context,
            n_embd=c.d_model,
            n_layer=c.n_layers,
            n_head=c.n_heads,
            n_inner=c.d_ff,
            bos_token_id=1,
            eos_token_id=2,
            attn_implementation="eager",
        )
    ).eval()
    x, weights = ids(7), decoder_as_gpt2(ours)
    trace = ours(x)
    expected = call(theirs, weights, x, output_attentions=True, output_hidden_states=True)
    same_gradients(trace.logits, expected.logits, ours.parameters())
    for block, attention, stream in zip(trace.blocks, expected.attentions, expected.hidden_states, strict=False):
        close(block.attention.heads.weights, attention)
        close(block.resid_pre, stream)
    close(trace.output, expected.hidden_states[-1])


@pytest.mark.parametrize("norm_first", [True, False], ids=["pre-norm", "post-norm"])
def test_encoder_decoder_is_torchs_transformer(norm_first):
    c = config(shape="encoder_decoder", norm_first=norm_first, activation="relu", positions="sinusoidal")
    ours = shake(build(c))
    how = {"batch_first": True, "norm_first": norm_first}
    sizes = c.d_model, c.n_heads, c.d_ff

    def last_norm():  # theirs always ends in one; the paper's does not
        return nn.LayerNorm(c.d_model) if norm_first else None

    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(*sizes, **how), c.n_layers, last_norm(), False)
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(*sizes, **how), c.n_layers, last_norm())
    theirs = nn.Transformer(c.d_model, c.n_heads, custom_encoder=encoder, custom_decoder=decoder, batch_first=True)
    source, target = ids(T_SOURCE), ids(T)
    source_mask = masks.padding(torch.tensor([T_SOURCE, 3]), T_SOURCE)
    trace = ours(source, target, source_mask)
    weights = prefixed("encoder", stack_as_torch(ours.encoder)) | prefixed("decoder", stack_as_torch(ours.decoder))
    tokens = ours.encoder.embedding.tokens
    embedded = [tokens[x] + torch.tensor(reference.sinusoidal(x.shape[1], c.d_model)) for x in (source, target)]
    unseen = {"src_key_padding_mask": ~source_mask[:, 0], "memory_key_padding_mask": ~source_mask[:, 0]}
    output = call(theirs.eval(), weights, *embedded, tgt_mask=~masks.causal(T), **unseen)
    same_gradients(trace.logits, output @ tokens.T, ours.parameters())


VARIANTS = {
    "gpt2": {},
    "of 2017": {"norm_first": False, "activation": "relu", "positions": "sinusoidal", "scale_embedding": True},
    "rotary, grouped": {"positions": "rotary", "n_heads": 5, "n_kv_heads": 1, "activation": "gelu", "bias": False},
    "alibi, untied": {"positions": "alibi", "tied": False},
    "no positions": {"positions": "none", "n_layers": 3, "n_heads": 6, "n_kv_heads": 2, "norm_first": False},
}


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
@pytest.mark.parametrize("shape", ["encoder", "decoder", "encoder_decoder"])
def test_models_are_the_oracles(shape, changes):
    c = config(shape=shape, **changes)
    ours = shake(build(c))
    source, target = ids(T_SOURCE), ids(T)
    lengths = torch.tensor([T_SOURCE, 3])
    padding = masks.padding(lengths, T_SOURCE)
    p = numbers(ours)
    for i in range(BATCH):
        if shape == "encoder":
            got, expected = ours(source, padding).output, reference.encoder(source[i], p, asdict(c), padding[i].numpy())
        elif shape == "decoder":
            got, expected = ours(target).logits, reference.decoder(target[i], p, asdict(c))
        else:
            got = ours(source, target, padding).logits
            expected = reference.encoder_decoder(source[i], target[i], p, asdict(c), padding[i].numpy())
        close(got[i], expected)


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_the_trace_of_a_model_hangs_together(changes):
    model = random_model(**changes)
    trace = model(ids())
    embedding = trace.embedding
    close(embedding.output, embedding.tokens if embedding.positions is None else embedding.tokens + embedding.positions)
    stream = [embedding.output, *(b.resid_post for b in trace.blocks)]
    for block, before in zip(trace.blocks, stream, strict=False):
        assert torch.equal(block.resid_pre, before)
    close(model.unembed(stream[-1]), trace.logits)  # the logit lens after the last layer is the model's own answer
    close(model.to_logits(trace.output), trace.logits)


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS.keys())
def test_a_later_token_changes_nothing_before_it(changes):
    model, x = random_model(**changes), ids(7)
    before = model(x).logits
    for j in range(7):
        changed = x.clone()
        changed[:, j] = (changed[:, j] + 1) % SMALL.vocab
        after = model(changed).logits
        assert torch.equal(after[:, :j], before[:, :j])
        assert (after[:, j] != before[:, j]).any()


def test_a_part_put_in_place_of_another_does_the_work():
    """Part keeps its parts where attributes are; the list of parts and the attribute must stay one thing."""
    model, other = random_model(), random_model()
    model.blocks[0].mlp = other.blocks[0].mlp
    assert dict(model.named_modules())["blocks.0.mlp"] is model.blocks[0].mlp is other.blocks[0].mlp
    model.norm = None  # and nothing in its place
    assert model.norm is None and "norm.weight" not in dict(model.named_parameters())
    assert torch.equal((trace := model(ids())).output, trace.blocks[-1].resid_post)


def test_a_copy_is_a_model_of_its_own():
    model, x = random_model(shape="encoder_decoder"), (ids(T_SOURCE), ids())
    expected, other = model(*x).logits, copy.deepcopy(model)
    assert torch.equal(other(*x).logits, expected)
    assert other.decoder.embedding.tokens is other.encoder.embedding.tokens
    shake(other)
    assert torch.equal(model(*x).logits, expected) and not torch.equal(other(*x).logits, expected)


def test_other_weights_can_be_put_in_for_one_call():
    """torch.func swaps them in a module's own dictionaries, which is where ours looks them up."""
    model, other, x = random_model(), random_model(), ids()
    before = model(x).logits
    assert torch.equal(torch.func.functional_call(model, dict(other.named_parameters()), (x,)).logits, other(x).logits)
    assert torch.equal(model(x).logits, before)


@pytest.mark.parametrize("shape", [(1, 0), (0, 3)], ids=["no tokens", "no sequences"])
def test_nothing_to_read_gives_no_logits(shape):
    assert random_model()(torch.zeros(shape, dtype=torch.long)).logits.shape == (*shape, SMALL.vocab)


def test_a_mask_of_ones_own_replaces_the_causal_one():
    model, x = random_model(), ids(7)
    window = model(x, masks.sliding_window(7, 2))
    assert (window.blocks[0].attention.heads.weights[..., 6, :5] == 0).all()
    everything = torch.ones(7, 7, dtype=torch.bool)
    close(model(x, everything).logits[0], unmasked(model, x[0]))


def unmasked(model, x):
    p, c = numbers(model), asdict(model.config)
    return reference.stack(x, p, c, True) @ p["embedding"]["tokens"].T


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "rotary", "alibi", "none"])
def test_padding_behind_a_sequence_changes_nothing(positions):
    encoder = random_model(shape="encoder", positions=positions)
    x = ids(7)
    padded = encoder(x, masks.padding(torch.tensor([7, 4]), 7)).output
    close(padded[1, :4], encoder(x[1:, :4]).output[0])
    close(padded[0], encoder(x[:1]).output[0])


def test_without_positions_an_encoder_sees_a_bag_of_words():
    encoder, x, order = random_model(shape="encoder", positions="none"), ids(7), torch.randperm(7)
    close(encoder(x[:, order]).output, encoder(x).output[:, order])
    placed = random_model(shape="encoder", positions="learned")
    assert (placed(x[:, order]).output - placed(x).output[:, order]).abs().max() > 0.1


def test_encoder_and_decoder_share_one_embedding():
    model = random_model(shape="encoder_decoder")
    assert model.decoder.embedding.tokens is model.encoder.embedding.tokens
    assert isinstance(model.encoder, Encoder)
    trace = model(ids(T_SOURCE), ids(T))
    assert trace.logits is trace.decoder.logits
    assert all(isinstance(b, CrossBlockTrace) for b in trace.decoder.blocks)
    assert all(isinstance(b, BlockTrace) for b in trace.encoder.blocks)


# The KV cache


def allowed(trace: AttentionTrace) -> torch.Tensor:
    """Who may look at whom, written out; no mask allows all."""
    mask = torch.tensor(True) if trace.mask is None else trace.mask
    return mask.expand(trace.scores.shape)


def same_last_rows(cached, whole, n: int, **tolerance) -> None:
    """The trace of the last n tokens, read with a cache, is the last n rows of the trace of all tokens.

    Keys and values are those of all tokens in both; everything else has one row a query.
    """
    assert type(cached) is type(whole)
    if cached is None:
        return
    if isinstance(cached, torch.Tensor):
        close(cached, whole[..., -n:, :], **tolerance)
    elif isinstance(cached, AttentionTrace):
        close(cached.k, whole.k, **tolerance)
        close(cached.v, whole.v, **tolerance)
        for part in ("q", "scores", "weights", "output"):
            same_last_rows(getattr(cached, part), getattr(whole, part), n, **tolerance)
        assert torch.equal(allowed(cached), allowed(whole)[..., -n:, :])
    else:
        assert len(cached) == len(whole)
        for a, b in zip(cached, whole, strict=True):
            same_last_rows(a, b, n, **tolerance)


def read_in_parts(model, x, sizes, **memory):
    """Yield the trace of each part and the number of tokens read so far; `memory` is given to every call."""
    past, read = None, 0
    for part in x.split(sizes, dim=1):
        trace = model(part, past=past, **memory)
        past, read = model.past(trace), read + part.shape[1]
        yield trace, read


CACHES = [
    *({"positions": p} for p in ("learned", "sinusoidal", "rotary", "alibi", "none")),
    {"positions": "rotary", "n_heads": 6, "n_kv_heads": 2, "d_model": 36},
    {"positions": "alibi", "n_heads": 6, "n_kv_heads": 3, "norm_first": False},
    {"positions": "learned", "n_heads": 3, "n_kv_heads": 1, "tied": False, "bias": False},
]


@pytest.mark.parametrize("sizes", [[1] * 7, [4, 1, 1, 1], [3, 3, 1]], ids=["one by one", "a prompt first", "by three"])
@pytest.mark.parametrize("changes", CACHES, ids=str)
def test_cached_trace_is_the_last_rows_of_the_uncached_one(changes, sizes):
    model, x = random_model(**changes), ids(7)
    for trace, read in read_in_parts(model, x, sizes):
        n = trace.logits.shape[1]
        same_last_rows(trace, model(x[:, :read]), n, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "rotary", "alibi", "none"])
def test_cached_encoder_decoder_is_the_uncached_one(positions):
    model = random_model(shape="encoder_decoder", positions=positions, n_heads=3, n_kv_heads=1)
    source, target = ids(T_SOURCE), ids(7)
    mask = masks.padding(torch.tensor([T_SOURCE, 3]), T_SOURCE)
    memory = {"memory": model.encoder(source, mask).output, "memory_mask": mask}
    for trace, read in read_in_parts(model.decoder, target, [4, 1, 1, 1], **memory):
        whole = model(source, target[:, :read], mask).decoder
        same_last_rows(trace, whole, trace.logits.shape[1], rtol=1e-9, atol=1e-9)


def test_the_cross_cache_stands_in_for_the_memory():
    model = random_model(shape="encoder_decoder")
    memory = model.encoder(ids(T_SOURCE)).output
    first = model.decoder(ids(3), memory=memory)
    token = ids(1)
    with_memory = model.decoder(token, past=model.decoder.past(first), memory=memory)
    close(model.decoder(token, past=model.decoder.past(first)).logits, with_memory.logits)


@pytest.mark.parametrize("shape", ["decoder", "encoder_decoder"])
@pytest.mark.parametrize("positions", ["learned", "sinusoidal", "rotary", "alibi", "none"])
def test_cached_logits_agree_in_float32(shape, positions):
    torch.set_default_dtype(torch.float32)
    c = config(shape=shape, positions=positions, d_model=48, n_heads=4, n_kv_heads=2, n_layers=3, context=23)
    model = build(c, torch.Generator().manual_seed(1)).eval()
    for parameter in model.parameters():
        parameter.data *= 5 if parameter.dim() == 2 else 1  # logits of a trained model's size, attention that looks
    x, memory = ids(23), {}
    if shape == "encoder_decoder":
        memory = {"memory": model.encoder(ids(T_SOURCE)).output}
        model = model.decoder
    whole = model(x, **memory).logits
    parts = torch.cat([trace.logits for trace, _ in read_in_parts(model, x, [5] + [1] * 18, **memory)], 1)
    assert parts.dtype == torch.float32
    close(parts, whole, rtol=0, atol=1e-5)


def test_the_cache_keeps_one_set_of_keys_a_key_value_head():
    model = random_model(n_heads=6, n_kv_heads=2)
    past = model.past(model(ids()))
    assert [tuple(p.attention.k.shape) for p in past] == [(BATCH, 2, T, 5)] * 2
    p = model.blocks[0].attention
    seen = model(x := ids()).blocks[0].norm1.output
    expected = (seen @ p.w_k + p.b_k).unflatten(-1, (2, 5)).transpose(1, 2)
    close(model.past(model(x))[0].attention.k, expected)


# Building


def test_random_weights_are_gpt2s_and_repeatable():
    torch.set_default_dtype(torch.float32)
    c = config(vocab=101, d_model=96, n_layers=8, d_ff=200)
    model = build(c, torch.Generator().manual_seed(3))
    again = build(c, torch.Generator().manual_seed(3))
    other = build(c, torch.Generator().manual_seed(4))
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))
    assert not torch.equal(model.embedding.tokens, other.embedding.tokens)
    for name, p in model.named_parameters():
        if p.dim() == 2:
            expected = 0.02 / math.sqrt(2 * c.n_layers) if name.endswith(("w_o", "w_out")) else 0.02
            assert abs(p.std().item() / expected - 1) < 0.1, name
        else:
            assert (p == (1 if name.endswith("weight") else 0)).all(), name


def test_parameters_are_counted_by_hand():
    v, d, f, n, layers = SMALL.vocab, SMALL.d_model, SMALL.d_ff, SMALL.context, SMALL.n_layers
    block = 4 * (d * d + d) + (d * f + f + f * d + d) + 2 * 2 * d
    gpt2 = v * d + n * d + layers * block + 2 * d
    assert count_parameters(build(SMALL)) == gpt2
    assert count_parameters(build(config(tied=False))) == gpt2 + d * v
    assert count_parameters(build(config(positions="none"))) == gpt2 - n * d
    assert count_parameters(build(config(n_kv_heads=1))) == gpt2 - layers * 2 * (d + 1) * (d - d // 3)
    assert count_parameters(build(config(bias=False))) == gpt2 - layers * (4 * d + f + d + 2 * d) - d
    assert count_parameters(build(config(shape="encoder"))) == gpt2
    cross = layers * (4 * (d * d + d) + 2 * d)
    assert count_parameters(build(config(shape="encoder_decoder"))) == 2 * gpt2 + cross - v * d


def test_dropout_is_on_what_is_added_and_while_training_only():
    model, x = build(config(dropout=0.5)), ids(7)
    close(model.eval()(x).logits, build_like(model, dropout=0.0)(x).logits)
    trace = model.train()(x)
    block = trace.blocks[0]
    pairs = (
        (trace.embedding.output, block.resid_pre),
        (block.attention.output, block.resid_mid - block.resid_pre),
        (block.mlp.output, block.resid_post - block.resid_mid),
    )
    for whole, kept in pairs:
        dropped = kept.abs() < 1e-12
        assert 0.3 < dropped.double().mean() < 0.7
        close(kept, torch.where(dropped, 0.0, 2 * whole))


def test_post_norm_drops_before_the_sum_is_normed():
    model = build(config(dropout=0.5, norm_first=False)).train()
    block, made = model.blocks[0], model(ids(7)).blocks[0]
    for before, sublayer, normed in (
        (made.resid_pre, made.attention, made.norm1),
        (made.resid_mid, made.mlp, made.norm2),
    ):
        added = normed.output * normed.std + normed.mean - before  # weight 1 and bias 0: the norm can be undone
        dropped = added.abs() < 1e-12
        assert 0.3 < dropped.double().mean() < 0.7
        close(added, torch.where(dropped, 0.0, 2 * sublayer.output))
    assert (block.norm1.weight == 1).all() and (block.norm2.bias == 0).all()


def build_like(model, **changes):
    other = build(replace(model.config, **changes)).eval()
    other.load_state_dict(model.state_dict())
    return other


def test_a_sequence_longer_than_the_context_is_refused():
    model = random_model()
    assert model(ids(11)).logits.shape == (BATCH, 11, 13)
    with pytest.raises(ValueError, match="reads at most 11 tokens; got 12"):
        model(ids(12))
    past = model.past(model(ids(11)))
    with pytest.raises(ValueError, match="reads at most 11 tokens; got 12"):
        model(ids(1), past=past)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vocab": 0}, "vocab must be a whole number above 0; got 0"),
        ({"n_layers": 1.5}, "n_layers must be a whole number above 0; got 1.5"),
        ({"context": -3}, "context must be a whole number above 0; got -3"),
        ({"d_ff": "x"}, "d_ff must be a whole number above 0; got 'x'"),
        ({"n_heads": 4}, "d_model must be a multiple of n_heads; got 30 and 4"),
        ({"n_kv_heads": 2}, "n_heads must be a multiple of n_kv_heads; got 3 and 2"),
        ({"n_kv_heads": 0}, "kv_heads must be a whole number above 0; got 0"),
        ({"vocab": True}, "vocab must be a whole number above 0; got True"),
        ({"dropout": 1.0}, "dropout must be a number from 0 to below 1; got 1.0"),
        ({"dropout": math.nan}, "dropout must be a number from 0 to below 1; got nan"),
        ({"norm_eps": 0.0}, "norm_eps must be a number above 0; got 0.0"),
        ({"norm_eps": "1e-5"}, "norm_eps must be a number above 0; got '1e-5'"),
        ({"tied": "no"}, "tied must be true or false; got 'no'"),
        ({"norm_first": 1}, "norm_first must be true or false; got 1"),
        ({"shape": "x" * 1000}, "shape must be one of encoder, decoder, encoder_decoder; got 'x{59}.$"),
        ({"positions": ["learned"]}, r"positions must be one of .*; got \['learned'\]"),
        (
            {"n_heads": 2, "positions": "rotary"},
            "rotary positions are made of pairs, so the width must be even; got 15",
        ),
        ({"shape": "both"}, "shape must be one of encoder, decoder, encoder_decoder; got 'both'"),
        ({"activation": "swish"}, "activation must be one of relu, gelu, gelu_tanh; got 'swish'"),
        ({"positions": "x"}, "positions must be one of learned, sinusoidal, rotary, alibi, none; got 'x'"),
    ],
)
def test_a_config_that_cannot_be_built_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        config(**changes)


@pytest.mark.parametrize("at", [-1, SMALL.vocab, 10**9])
def test_an_id_outside_the_vocabulary_is_refused(at):
    with pytest.raises(ValueError, match=rf"ids run from 0 to {SMALL.vocab - 1}; got {min(at, 1)} to {max(at, 1)}\."):
        random_model()(torch.tensor([[1, at]]))


@pytest.mark.parametrize("kind", ["sinusoidal", "alibi"])
def test_in_double_precision_positions_are_in_double_precision_too(kind):
    """1e-12 is far below what is left of a float32."""
    model = shake(build(config(positions=kind))).double()
    trace = model(ids())
    assert trace.logits.dtype == torch.float64
    if kind == "sinusoidal":
        expected = reference.sinusoidal(ids().shape[-1], SMALL.d_model)
        torch.testing.assert_close(trace.embedding.positions, torch.from_numpy(expected), atol=1e-12, rtol=0)
    else:
        heads = trace.blocks[0].attention.heads
        added = heads.scores - heads.q @ heads.k.mT / math.sqrt(SMALL.d_head)
        slope = 2.0 ** (-8 / 2)  # of the first of three heads, as of two
        torch.testing.assert_close(added[0, 0, 3, 0].item(), -3 * slope, atol=1e-12, rtol=0)


def test_a_config_cannot_be_changed():
    with pytest.raises(AttributeError):
        SMALL.vocab = 5


def test_scaled_embedding_is_times_the_root_of_d_model():
    x = ids()
    plain, scaled = (shake(build(config(scale_embedding=s))) for s in (False, True))
    scaled.load_state_dict(plain.state_dict())
    a, b = plain(x).embedding, scaled(x).embedding
    assert isinstance(a, EmbeddingTrace)
    close(b.tokens, a.tokens * math.sqrt(30))
    close(b.positions, a.positions)
