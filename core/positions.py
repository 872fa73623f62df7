"""Where a token stands: without this, attention sees a bag of words."""

import torch
from torch import Tensor


def angles(t: int, width: int, base: float, offset: int = 0) -> Tensor:
    """position · base^(-2i/width): how far each of width/2 clock hands has turned. -> (t, width / 2), float64

    Raises ValueError for an odd width, and unless base > 0; so do `sinusoidal` and `rotary`.
    """
    if width % 2:
        raise ValueError(f"positions are made of pairs, so the width must be even; got {width}.")
    if not base > 0:
        raise ValueError(f"the base must be above 0; got {base}.")
    speed = base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    return torch.arange(offset, offset + t, dtype=torch.float64)[:, None] * speed


def sinusoidal(
    t: int, d_model: int, base: float = 10_000.0, offset: int = 0, dtype: torch.dtype | None = None
) -> Tensor:
    """PE(pos, 2i) = sin(pos / base^(2i/d_model)), PE(pos, 2i+1) = cos(the same). -> (t, d_model)

    "Attention Is All You Need", section 3.5. `offset` is the position of the first row; `dtype` is torch's default.
    """
    turned = angles(t, d_model, base, offset)
    return torch.stack([turned.sin(), turned.cos()], -1).flatten(-2).to(dtype or torch.get_default_dtype())


def rotary(x: Tensor, base: float = 10_000.0, offset: int = 0, layout: str = "interleaved") -> Tensor:
    """Turn each pair of numbers by an angle that grows with the position. (..., t, d) -> (..., t, d)

    RoFormer (arXiv 2104.09864), section 3.2.2: the dot product of two turned vectors depends on their distance only.
    "interleaved" pairs (0, 1), (2, 3), ... as in the paper; "half" pairs (0, d/2), (1, d/2 + 1), ... as Llama does.
    """
    if layout not in ("interleaved", "half"):
        raise ValueError(f"layout must be 'interleaved' or 'half'; got {layout!r}.")
    turned = angles(x.shape[-2], x.shape[-1], base, offset)
    cos, sin = (f.to(x.device, x.dtype) for f in (turned.cos(), turned.sin()))
    a, b = (x[..., ::2], x[..., 1::2]) if layout == "interleaved" else x.chunk(2, -1)
    pair = (a * cos - b * sin, a * sin + b * cos)
    return torch.stack(pair, -1).flatten(-2) if layout == "interleaved" else torch.cat(pair, -1)


def alibi(n_heads: int, t_q: int, t_k: int, dtype: torch.dtype | None = None) -> Tensor:
    """A penalty on the scores that grows with the distance, steeper in earlier heads. -> (n_heads, t_q, t_k)

    ALiBi (arXiv 2108.12409), section 3. The queries are the last t_q of the t_k tokens; `dtype` is torch's default.
    """
    distance = torch.arange(t_k - t_q, t_k)[:, None] - torch.arange(t_k)
    return -torch.tensor(slopes(n_heads), dtype=dtype)[:, None, None] * distance.abs()


def slopes(n_heads: int) -> list[float]:
    """ALiBi's penalty of one step for each head: 2^(-8/n), 2^(-16/n), ...

    For n not a power of two: the slopes of the power below, then every other one of the power above.
    """
    power = 2 ** (n_heads.bit_length() - 1)
    return geometric(power) + geometric(2 * power)[::2][: n_heads - power]


def geometric(n: int) -> list[float]:
    return [2.0 ** (-8 * (i + 1) / n) for i in range(n)]
