"""What a Transformer costs: where its parameters are, and the arithmetic of one forward pass, term by term.

A product of (n, a) and (a, b) takes n·a·b multiplications and as many additions: 2·n·a·b floating-point operations
(FLOPs). Softmax, norms and activations are left out, as usual: they take a small share.
"""

from typing import NamedTuple

from core.config import Config


class Size(NamedTuple):
    """The shape of a model, as far as it decides what the model costs."""

    vocab: int
    d_model: int
    n_heads: int
    d_ff: int
    decoder_layers: int
    encoder_layers: int = 0
    kv_heads: int | None = None  # None: as many as n_heads
    positions: int = 0  # rows of learned positions
    gated: bool = False  # SwiGLU: three matrices in the MLP instead of two
    norm_vectors: int = 2  # LayerNorm: weight and bias; RMSNorm: weight alone
    attention_bias: bool = True
    mlp_bias: bool = True
    tied: bool = True  # the output matrix is the embedding
    last_norms: int = 1  # one for each stack that ends in a norm of its own

    @property
    def d_kv(self) -> int:
        """The width of all keys of a token together; less than d_model with grouped queries."""
        return self.d_model // self.n_heads * (self.kv_heads or self.n_heads)

    @property
    def layers(self) -> int:
        return self.encoder_layers + self.decoder_layers

    @property
    def attentions(self) -> int:
        """A decoder's layer has two where there is an encoder to look at."""
        return self.layers + (self.decoder_layers if self.encoder_layers else 0)


class Term(NamedTuple):
    """One part of a bill: `each` is worked out by `formula`, and the part stands `times` times in the model."""

    part: str
    formula: str  # in symbols
    numbers: str  # the same with numbers put in
    each: int
    times: int

    @property
    def total(self) -> int:
        return self.each * self.times


def of(config: Config) -> Size:
    """The size of a model that this project builds."""
    both = config.shape == "encoder_decoder"
    return Size(
        config.vocab,
        config.d_model,
        config.n_heads,
        config.d_ff,
        decoder_layers=config.n_layers if config.shape != "encoder" else 0,
        encoder_layers=config.n_layers if config.shape != "decoder" else 0,
        kv_heads=config.kv_heads,
        positions=config.context * (1 + both) if config.positions == "learned" else 0,
        norm_vectors=1 + config.bias,
        attention_bias=config.bias,
        mlp_bias=config.bias,
        tied=config.tied or config.shape == "encoder",
        last_norms=(1 + both) * config.norm_first,
    )


def term(part: str, formula: str, times: int = 1, **values: int) -> Term:
    """A term whose formula is worked out with these values: "2·d·d_ff" and d=3, d_ff=5 -> 30."""
    names = sorted(values, key=len, reverse=True)
    numbers = formula
    for name in names:
        numbers = numbers.replace(name, f"\0{names.index(name)}\0")
    for i, name in enumerate(names):
        numbers = numbers.replace(f"\0{i}\0", f"{values[name]:,}")
    plain = numbers.replace(",", "").replace("²", "**2").replace("·", "*")
    each = sum(product(addend) for addend in plain.split(" + "))
    return Term(part, formula, numbers, each, times)


def product(text: str) -> int:
    """ "2*3**2" -> 18"""
    found = 1
    for factor in text.replace("**2", "^").split("*"):
        found *= int(factor.rstrip("^")) ** (1 + factor.endswith("^"))
    return found


def parameters(size: Size) -> list[Term]:
    """Every weight of the model, by part."""
    d, d_kv, d_ff, s = size.d_model, size.d_kv, size.d_ff, size
    attention = "2·d² + 2·d·d_kv" + " + 2·d + 2·d_kv" * s.attention_bias
    mlp = f"{2 + s.gated}·d·d_ff" + " + d_ff + d" * s.mlp_bias
    norms = 2 * s.encoder_layers + (3 if s.encoder_layers else 2) * s.decoder_layers + s.last_norms
    made = [
        term("Embedding", "vocab·d", vocab=s.vocab, d=d),
        term("Positions", "rows·d", rows=s.positions, d=d),
        term("Attention", attention, s.attentions, d=d, d_kv=d_kv),
        term("MLP", mlp, s.layers, d=d, d_ff=d_ff),
        term("Norms", f"{s.norm_vectors}·d", norms, d=d),
        term("Output matrix", "vocab·d", 0 if s.tied else 1, vocab=s.vocab, d=d),
    ]
    return [found for found in made if found.total]


def flops(size: Size, n: int) -> list[Term]:
    """One forward pass over n tokens; with an encoder, n tokens on each side. The mask saves nothing here."""
    d, s = size.d_model, size
    mlp = f"{4 + 2 * s.gated}·n·d·d_ff"
    made = [
        term("Projections Q, K, V, O", "4·n·d² + 4·n·d·d_kv", s.attentions, n=n, d=d, d_kv=s.d_kv),
        term("Scores and mixing", "4·n²·d", s.attentions, n=n, d=d),
        term("MLP", mlp, s.layers, n=n, d=d, d_ff=s.d_ff),
        term("Output matrix", "2·n·d·vocab", 1 if s.decoder_layers else 0, n=n, d=d, vocab=s.vocab),
    ]
    return [found for found in made if found.times]  # an encoder alone says nothing, so it has no output matrix


def total(terms: list[Term]) -> int:
    return sum(found.total for found in terms)


def even(size: Size) -> int:
    """How many tokens it takes until scores and mixing cost as much as projections and MLP together."""
    _, quadratic, _, _ = flops(size, 1)
    rest = sum(found.total for found in flops(size, 1) if found.part != "Output matrix") - quadratic.total
    return round(rest / quadratic.total)


def cache_bytes(size: Size, n: int, bytes_each: int = 2) -> int:
    """The KV cache of n tokens: a key and a value in every layer of the decoder (its own attention only)."""
    return 2 * size.decoder_layers * size.d_kv * n * bytes_each
