"""One of our decoders as transformers' GPT-2, for the tests and the benchmark: same layout, same weights."""

from torch import Tensor
from transformers import GPT2Config, GPT2LMHeadModel

from core.tokenizer import EOS, PAD, SOS
from core.transformer import Decoder
from tests.core.same import decoder_as_gpt2


def as_gpt2(model: Decoder) -> GPT2LMHeadModel:
    """In the precision of the model's weights. Raises AssertionError if a tensor is left over on either side."""
    c = model.config
    assert (c.positions, c.activation, c.norm_first, c.bias, c.tied) == ("learned", "gelu_tanh", True, True, True)
    config = GPT2Config(
        vocab_size=c.vocab,
        n_positions=c.context,
        n_embd=c.d_model,
        n_layer=c.n_layers,
        n_head=c.n_heads,
        n_inner=c.d_ff,
        activation_function="gelu_new",
        layer_norm_epsilon=c.norm_eps,
        bos_token_id=SOS,
        eos_token_id=EOS,
        pad_token_id=PAD,
        attn_implementation="eager",  # the only one that gives its attention weights
    )
    weights: dict[str, Tensor] = decoder_as_gpt2(model)
    theirs = GPT2LMHeadModel(config).to(model.embedding.tokens.dtype)
    left = theirs.load_state_dict({name: w.detach().clone() for name, w in weights.items()}, strict=False)
    assert left.unexpected_keys == []
    assert left.missing_keys == ["lm_head.weight"]  # tied to the embedding
    return theirs.requires_grad_(False).eval()
