"""Helpers of the core's tests: what is compared, and the same weights under other libraries' names.

The maps below are differentiable, so the other library's gradients arrive at our own parameters and can be compared.
"""

import torch
from torch import Tensor, nn
from torch.func import functional_call

EXACT = {"rtol": 1e-10, "atol": 1e-10}


def close(got, expected, **tolerance) -> None:
    """Same shape and same numbers, to 1e-10 unless told otherwise."""
    got, expected = (torch.as_tensor(x).double() for x in (got, expected))
    torch.testing.assert_close(got, expected, **(tolerance or EXACT))


def same_gradients(ours: Tensor, theirs: Tensor, inputs) -> None:
    """The same values, and the same gradients in every input, through a probe that weighs each output differently."""
    close(ours, theirs)
    probe, inputs = torch.randn(ours.shape), list(inputs)
    gradients = [torch.autograd.grad((y * probe).sum(), inputs, allow_unused=True) for y in (ours, theirs)]
    for x, got, expected in zip(inputs, *gradients, strict=True):
        assert got is not None or expected is None, f"no gradient reaches an input of shape {tuple(x.shape)}"
        close(got, torch.zeros_like(x) if expected is None else expected)


def shake(model: nn.Module) -> nn.Module:
    """Random weights everywhere, biases and norms too, in the default precision, large enough that a slip shows."""
    for parameter in model.parameters():
        parameter.data = torch.randn(parameter.shape) * 0.5 + 0.1
    return model.eval()


def numbers(model: nn.Module) -> dict:
    """The parameters as nested dicts of float64 arrays, for the oracle: {"blocks": {"0": {"norm1": {...}}}}."""
    tree: dict = {}
    for name, parameter in model.named_parameters():
        *path, last = name.split(".")
        branch = tree
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = parameter.detach().double().numpy()
    return tree


def call(theirs: nn.Module, weights: dict[str, Tensor], *args, **kwargs):
    """Run torch's module on these weights. All of its own must be replaced, and no others given."""
    assert weights.keys() == dict(theirs.named_parameters()).keys()
    return functional_call(theirs, weights, args, kwargs)


def prefixed(prefix: str, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{prefix}.{name}": w for name, w in weights.items()}


def with_bias(name: str, w: Tensor, b: Tensor | None) -> dict[str, Tensor]:
    """torch's linear layers are (d_out, d_in)."""
    return {f"{name}.weight": w.mT} | ({} if b is None else {f"{name}.bias": b})


def norm_as_torch(norm) -> dict[str, Tensor]:
    return {"weight": norm.weight} | ({} if norm.bias is None else {"bias": norm.bias})


def heads_as_torch(p) -> dict[str, Tensor]:
    """nn.MultiheadAttention keeps q, k and v in one matrix."""
    joined = {"in_proj_weight": torch.cat([p.w_q, p.w_k, p.w_v], 1).mT}
    if p.b_q is not None:
        joined["in_proj_bias"] = torch.cat([p.b_q, p.b_k, p.b_v])
    return joined | with_bias("out_proj", p.w_o, p.b_o)


def block_as_torch(block) -> dict[str, Tensor]:
    """nn.TransformerEncoderLayer, or nn.TransformerDecoderLayer for a block with cross-attention."""
    cross = block.cross is not None
    norms = [block.norm1, block.norm_cross, block.norm2] if cross else [block.norm1, block.norm2]
    found = prefixed("self_attn", heads_as_torch(block.attention))
    found |= prefixed("multihead_attn", heads_as_torch(block.cross)) if cross else {}
    found |= with_bias("linear1", block.mlp.w_in, block.mlp.b_in) | with_bias(
        "linear2", block.mlp.w_out, block.mlp.b_out
    )
    for i, norm in enumerate(norms, 1):
        found |= prefixed(f"norm{i}", norm_as_torch(norm))
    return found


def stack_as_torch(stack) -> dict[str, Tensor]:
    """nn.TransformerEncoder or nn.TransformerDecoder: the blocks, and the last norm if there is one."""
    found = {}
    for i, block in enumerate(stack.blocks):
        found |= prefixed(f"layers.{i}", block_as_torch(block))
    return found | (prefixed("norm", norm_as_torch(stack.norm)) if stack.norm else {})


def decoder_as_gpt2(model) -> dict[str, Tensor]:
    """transformers' GPT2LMHeadModel: a renaming, as its Conv1D is (d_in, d_out) too; q, k and v are one matrix."""
    found = {"wte.weight": model.embedding.tokens, "wpe.weight": model.embedding.positions}
    for i, block in enumerate(model.blocks):
        p, m = block.attention, block.mlp
        parts = {
            "ln_1": (block.norm1.weight, block.norm1.bias),
            "attn.c_attn": (torch.cat([p.w_q, p.w_k, p.w_v], 1), torch.cat([p.b_q, p.b_k, p.b_v])),
            "attn.c_proj": (p.w_o, p.b_o),
            "ln_2": (block.norm2.weight, block.norm2.bias),
            "mlp.c_fc": (m.w_in, m.b_in),
            "mlp.c_proj": (m.w_out, m.b_out),
        }
        for name, (w, b) in parts.items():
            found |= {f"h.{i}.{name}.weight": w, f"h.{i}.{name}.bias": b}
    return prefixed("transformer", found | prefixed("ln_f", norm_as_torch(model.norm)))
