"""What a model did, part by part, in the order of the computation. All tensors keep their batch axis."""

from typing import NamedTuple

from torch import Tensor

from core.attention import KeysValues, MultiHeadTrace


class EmbeddingTrace(NamedTuple):
    tokens: Tensor  # (batch, t, d_model): rows of the embedding matrix
    positions: Tensor | None  # (t, d_model), or None where positions enter in the attention
    output: Tensor  # (batch, t, d_model): their sum


class NormTrace(NamedTuple):
    mean: Tensor  # (..., t, 1)
    scale: Tensor  # (..., t, 1): 1 / √(variance + eps)
    output: Tensor  # (..., t, d_model)

    @property
    def std(self) -> Tensor:
        """√(variance + eps), what the centred vector is divided by: (..., t, 1)"""
        return self.scale.reciprocal()


class MlpTrace(NamedTuple):
    hidden: Tensor  # (..., t, d_ff)
    activated: Tensor  # (..., t, d_ff)
    output: Tensor  # (..., t, d_model)


class BlockTrace(NamedTuple):
    """One block; the residual stream before it, between its sublayers, and after it: (batch, t, d_model)."""

    resid_pre: Tensor
    norm1: NormTrace
    attention: MultiHeadTrace
    resid_mid: Tensor
    norm2: NormTrace
    mlp: MlpTrace
    resid_post: Tensor


class CrossBlockTrace(NamedTuple):
    """A decoder's block: the same, with attention to the encoder's output between."""

    resid_pre: Tensor
    norm1: NormTrace
    attention: MultiHeadTrace
    resid_mid: Tensor
    norm_cross: NormTrace
    cross: MultiHeadTrace
    resid_cross: Tensor
    norm2: NormTrace
    mlp: MlpTrace
    resid_post: Tensor


class EncoderTrace(NamedTuple):
    embedding: EmbeddingTrace
    blocks: tuple[BlockTrace, ...]
    output: Tensor  # (batch, t, d_model)


class DecoderTrace(NamedTuple):
    embedding: EmbeddingTrace
    blocks: tuple[BlockTrace | CrossBlockTrace, ...]
    output: Tensor  # (batch, t, d_model), what the output matrix reads
    logits: Tensor  # (batch, t, vocab)


class EncoderDecoderTrace(NamedTuple):
    encoder: EncoderTrace
    decoder: DecoderTrace

    @property
    def logits(self) -> Tensor:
        return self.decoder.logits


class BlockPast(NamedTuple):
    """What one block keeps of the tokens already read; `cross` holds the keys and values of the encoder's output."""

    attention: KeysValues
    cross: KeysValues | None = None


Past = tuple[BlockPast, ...]  # the KV cache: one entry a block
