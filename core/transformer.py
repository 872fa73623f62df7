"""The Transformer: one set of blocks, three shapes of model. Calling a model returns the trace of all it did.

"Attention Is All You Need" (arXiv 1706.03762), section 3, with the choices later models made: the norm before the
sublayer (GPT-2, arXiv 2002.04745), learned positions (BERT, GPT-2), rotary ones and grouped queries (Llama).
Weights are (d_in, d_out) and applied as x @ w.
"""

import math
from operator import itemgetter

import torch
from torch import Tensor, nn

from core import masks, positions
from core.attention import KeysValues, MultiHeadTrace, multi_head_attention, project
from core.config import ACTIVATIONS, Config
from core.traces import (
    BlockPast,
    BlockTrace,
    CrossBlockTrace,
    DecoderTrace,
    EmbeddingTrace,
    EncoderDecoderTrace,
    EncoderTrace,
    MlpTrace,
    NormTrace,
    Past,
)

# A module's weights, all at once: see Part.
HEADS = itemgetter("w_q", "w_k", "w_v", "w_o"), itemgetter("b_q", "b_k", "b_v", "b_o")
MLP, NORM = itemgetter("w_in", "b_in", "w_out", "b_out"), itemgetter("weight", "bias")


class Part(nn.Module):
    """A module that costs little to call: no hooks (each returns its trace), and its parts are found at once.

    nn.Module raises and catches an error for each part or weight it is asked for. With its hooks that took a fifth
    of the time of a decoding step. Weights stay where it keeps them, because torch.func swaps them there.
    """

    def __setattr__(self, name: str, value) -> None:
        super().__setattr__(name, value)
        if name in self._modules:
            self.__dict__[name] = value

    def __call__(self, *args, **kwargs):
        return self.forward(*args, **kwargs)


class Embedding(Part):
    """Tokens to vectors: row `id` of a table, plus the position's vector (section 3.4 and 3.5)."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.tokens = nn.Parameter(torch.empty(config.vocab, config.d_model))
        if config.positions == "learned":
            self.positions = nn.Parameter(torch.empty(config.context, config.d_model))

    def forward(self, ids: Tensor, offset: int = 0) -> EmbeddingTrace:
        t, c = ids.shape[-1], self.config
        if offset + t > c.context:
            raise ValueError(f"the model reads at most {c.context} tokens; got {offset + t}.")
        try:
            tokens = nn.functional.embedding(ids, self.tokens)
        except IndexError as error:
            raise ValueError(f"ids run from 0 to {c.vocab - 1}; got {ids.amin()} to {ids.amax()}.") from error
        if c.scale_embedding:
            tokens = tokens * math.sqrt(c.d_model)
        if c.positions == "learned":
            at = self.positions[offset : offset + t]
        elif c.positions == "sinusoidal":
            at = positions.sinusoidal(t, c.d_model, offset=offset, dtype=tokens.dtype).to(tokens.device)
        else:
            return EmbeddingTrace(tokens, None, tokens)
        return EmbeddingTrace(tokens, at, tokens + at)


class LayerNorm(Part):
    """(x - mean) / √(variance + eps) · weight + bias, over the features of each token (arXiv 1607.06450)."""

    def __init__(self, config: Config):
        super().__init__()
        self.eps = config.norm_eps
        self.weight = nn.Parameter(torch.ones(config.d_model))
        self.register_parameter("bias", nn.Parameter(torch.zeros(config.d_model)) if config.bias else None)

    def forward(self, x: Tensor) -> NormTrace:
        output, mean, scale = torch.native_layer_norm(x, x.shape[-1:], *NORM(self._parameters), self.eps)
        return NormTrace(mean, scale, output)


class MultiHead(Part):
    """The weights of one multi-head attention; the work is done by `multi_head_attention`."""

    def __init__(self, config: Config):
        super().__init__()
        self.n_heads, self.kv_heads = config.n_heads, config.kv_heads
        d, d_kv = config.d_model, config.d_head * config.kv_heads
        for name, width_in, width_out in (("q", d, d), ("k", d, d_kv), ("v", d, d_kv), ("o", d, d)):
            setattr(self, f"w_{name}", nn.Parameter(torch.empty(width_in, width_out)))
            self.register_parameter(f"b_{name}", nn.Parameter(torch.zeros(width_out)) if config.bias else None)

    def forward(self, x: Tensor, memory: Tensor | None, mask: Tensor | None = None, **more) -> MultiHeadTrace:
        weights, biases = (named(self._parameters) for named in HEADS)
        kv = self.kv_heads
        return multi_head_attention(x, memory, *weights, self.n_heads, mask, biases=biases, n_kv_heads=kv, **more)

    def past(self, trace: MultiHeadTrace) -> KeysValues:
        """The keys and values that a later step needs, without the copies made for grouped queries."""
        k, v, group = trace.heads.k, trace.heads.v, self.n_heads // self.kv_heads
        return KeysValues(k, v) if group == 1 else KeysValues(k[..., ::group, :, :], v[..., ::group, :, :])


class Mlp(Part):
    """Two projections with a bend between them, for each token by itself (section 3.3)."""

    def __init__(self, config: Config):
        super().__init__()
        self.activation = ACTIVATIONS[config.activation]
        for name, width_in, width_out in (("in", config.d_model, config.d_ff), ("out", config.d_ff, config.d_model)):
            setattr(self, f"w_{name}", nn.Parameter(torch.empty(width_in, width_out)))
            self.register_parameter(f"b_{name}", nn.Parameter(torch.zeros(width_out)) if config.bias else None)

    def forward(self, x: Tensor) -> MlpTrace:
        w_in, b_in, w_out, b_out = MLP(self._parameters)
        hidden = project(x, w_in, b_in)
        activated = self.activation(hidden)
        return MlpTrace(hidden, activated, project(activated, w_out, b_out))


class Block(Part):
    """Attention, then the MLP; each adds what it found to the residual stream. `cross` adds the attention between."""

    def __init__(self, config: Config, cross: bool = False):
        super().__init__()
        self.norm_first = config.norm_first
        self.dropout = nn.Dropout(config.dropout)
        self.norm1, self.attention = LayerNorm(config), MultiHead(config)
        self.norm_cross, self.cross = (LayerNorm(config), MultiHead(config)) if cross else (None, None)
        self.norm2, self.mlp = LayerNorm(config), Mlp(config)

    def forward(self, x, mask=None, memory=None, memory_mask=None, past: BlockPast | None = None, **more):
        """x (batch, t, d_model) -> BlockTrace, or CrossBlockTrace where there is a memory to look at."""
        seen = past and past.attention
        step1 = self.add(x, self.norm1, lambda z: self.attention(z, z, mask, past=seen, **more))
        if self.cross is None:
            return BlockTrace(x, *step1, *self.add(step1[-1], self.norm2, self.mlp))
        known = past and past.cross
        memory = None if known else memory
        cross = self.add(step1[-1], self.norm_cross, lambda z: self.cross(z, memory, memory_mask, past=known))
        return CrossBlockTrace(x, *step1, *cross, *self.add(cross[-1], self.norm2, self.mlp))

    def add(self, x: Tensor, norm: LayerNorm, sublayer) -> tuple:
        """x + sublayer(norm(x)), or norm(x + sublayer(x)) as in 2017. -> the norm, the sublayer, the new stream"""
        if self.norm_first:
            normed = norm(x)
            trace = sublayer(normed.output)
            return normed, trace, x + self.drop(trace.output)
        trace = sublayer(x)
        normed = norm(x + self.drop(trace.output))
        return normed, trace, normed.output

    def drop(self, x: Tensor) -> Tensor:
        return self.dropout(x) if self.training else x  # a call that does nothing takes time too

    def past(self, trace: BlockTrace | CrossBlockTrace) -> BlockPast:
        cross = self.cross.past(trace.cross) if isinstance(trace, CrossBlockTrace) else None
        return BlockPast(self.attention.past(trace.attention), cross)


class Stack(Part):
    """What encoder and decoder share: embedding, blocks, and a last norm where norms come first."""

    def __init__(self, config: Config, cross: bool = False):
        super().__init__()
        self.config = config
        self.embedding = Embedding(config)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(Block(config, cross) for _ in range(config.n_layers))
        self.norm = LayerNorm(config) if config.norm_first else None

    def run(self, ids: Tensor, mask: Tensor | None, past: Past | None = None, **more):
        """ids (batch, t) -> EmbeddingTrace, the blocks' traces, output (batch, t, d_model)"""
        offset = past[0].attention.k.shape[-2] if past else 0
        c, t, t_k = self.config, ids.shape[-1], offset + ids.shape[-1]
        if c.positions == "rotary":
            more["rotate"] = lambda x: positions.rotary(x, offset=offset)
        elif c.positions == "alibi":
            table = self.embedding.tokens
            more["bias"] = positions.alibi(c.n_heads, t, t_k, table.dtype).to(table.device)
        embedding = self.embedding(ids, offset)
        x, blocks = self.dropout(embedding.output) if self.training else embedding.output, []
        for i, block in enumerate(self.blocks):
            blocks.append(block(x, mask, past=past and past[i], **more))
            x = blocks[-1].resid_post
        return embedding, tuple(blocks), self.norm(x).output if self.norm else x


class Encoder(Stack):
    """Every token looks at every other one (section 3.1, left)."""

    def forward(self, ids: Tensor, mask: Tensor | None = None) -> EncoderTrace:
        """ids (batch, t), mask (batch, 1, t) or (batch, t, t) -> EncoderTrace"""
        return EncoderTrace(*self.run(ids, mask))


class Decoder(Stack):
    """Every token looks at itself and back, so that the next one can be told (section 3.1, right)."""

    def __init__(self, config: Config, cross: bool = False):
        super().__init__(config, cross)
        if not config.tied:
            self.w_vocab = nn.Parameter(torch.empty(config.d_model, config.vocab))

    def forward(self, ids: Tensor, mask: Tensor | None = None, past: Past | None = None, **memory) -> DecoderTrace:
        """ids (batch, t) -> DecoderTrace, logits (batch, t, vocab).

        `mask` replaces the causal one. With `past` (from `self.past`), ids are only the tokens not yet read.
        `memory` and `memory_mask` are the encoder's output and its padding.
        """
        if mask is None and not (past and ids.shape[-1] == 1):  # one token behind the others may look at all
            t_past = past[0].attention.k.shape[-2] if past else 0
            mask = masks.causal(ids.shape[-1], t_past + ids.shape[-1]).to(ids.device)
        embedding, blocks, output = self.run(ids, mask, past, **memory)
        return DecoderTrace(embedding, blocks, output, self.to_logits(output))

    def to_logits(self, output: Tensor) -> Tensor:
        """(..., d_model) · (d_model, vocab) -> (..., vocab)"""
        return output @ (self.embedding.tokens.mT if self.config.tied else self.w_vocab)

    def unembed(self, resid: Tensor) -> Tensor:
        """What the residual stream would say if this were the last layer: the logit lens. -> (..., vocab)"""
        return self.to_logits(self.norm(resid).output if self.norm else resid)

    def past(self, trace: DecoderTrace) -> Past:
        """The KV cache after this call: give it, and only the new ids, to the next."""
        return tuple(block.past(done) for block, done in zip(self.blocks, trace.blocks, strict=True))


class EncoderDecoder(Part):
    """The model of 2017: the decoder also looks at what the encoder made of the source; one embedding serves both."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.encoder, self.decoder = Encoder(config), Decoder(config, cross=True)
        self.decoder.embedding.tokens = self.encoder.embedding.tokens

    def forward(self, source: Tensor, target: Tensor, source_mask: Tensor | None = None) -> EncoderDecoderTrace:
        """source (batch, t_source), target (batch, t_target), source_mask (batch, 1, t_source) -> both traces"""
        encoder = self.encoder(source, source_mask)
        return EncoderDecoderTrace(encoder, self.decoder(target, memory=encoder.output, memory_mask=source_mask))


def blank(config: Config) -> Encoder | Decoder | EncoderDecoder:
    """A model of this shape whose weights are still to be filled in."""
    return {"encoder": Encoder, "decoder": Decoder, "encoder_decoder": EncoderDecoder}[config.shape](config)


def build(config: Config, generator: torch.Generator | None = None) -> Encoder | Decoder | EncoderDecoder:
    """A model of this shape with random weights: normal(0, 0.02), less where a sublayer adds to the stream (GPT-2)."""
    made = blank(config)
    for name, parameter in made.named_parameters():
        if parameter.dim() == 2:
            std = 0.02 / math.sqrt(2 * config.n_layers) if name.endswith(("w_o", "w_out")) else 0.02
            nn.init.normal_(parameter, std=std, generator=generator)
    return made


def count_parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
