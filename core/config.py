"""What fixes the size and kind of a model: the Transformer of 2017, and the choices that later models made."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor, nn

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": nn.functional.relu,
    "gelu": nn.functional.gelu,
    "gelu_tanh": lambda x: nn.functional.gelu(x, approximate="tanh"),
}
SHAPES = ("encoder", "decoder", "encoder_decoder")
POSITIONS = ("learned", "sinusoidal", "rotary", "alibi", "none")


@dataclass(frozen=True)
class Config:
    """All that fixes the size and kind of a model. Raises ValueError, naming the field, if it cannot be built."""

    vocab: int
    d_model: int
    n_heads: int
    n_layers: int
    d_ff: int
    context: int  # the most tokens that it reads
    shape: str = "decoder"
    norm_first: bool = True  # False: after the residual sum, as in 2017
    activation: str = "gelu_tanh"
    positions: str = "learned"
    scale_embedding: bool = False  # times √d_model, as in 2017
    bias: bool = True
    tied: bool = True  # the output matrix is the embedding, transposed
    n_kv_heads: int | None = None  # None: as many as n_heads; fewer: grouped queries
    dropout: float = 0.0  # on what each sublayer adds and on the embedding; while training only
    norm_eps: float = 1e-5

    def __post_init__(self):
        for name in ("vocab", "d_model", "n_heads", "n_layers", "d_ff", "context", "kv_heads"):
            if type(value := getattr(self, name)) is not int or value < 1:  # True is an int, too
                raise ValueError(f"{name} must be a whole number above 0; got {value!r:.60}.")
        for name in ("norm_first", "scale_embedding", "bias", "tied"):
            if type(value := getattr(self, name)) is not bool:
                raise ValueError(f"{name} must be true or false; got {value!r:.60}.")
        for name, allowed in (("shape", SHAPES), ("activation", ACTIVATIONS), ("positions", POSITIONS)):
            if (value := getattr(self, name)) not in tuple(allowed):
                raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {value!r:.60}.")
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model must be a multiple of n_heads; got {self.d_model} and {self.n_heads}.")
        if self.n_heads % self.kv_heads:
            raise ValueError(f"n_heads must be a multiple of n_kv_heads; got {self.n_heads} and {self.kv_heads}.")
        for name, said, fits in (
            ("dropout", "from 0 to below 1", lambda x: 0 <= x < 1),
            ("norm_eps", "above 0", lambda x: 0 < x < math.inf),
        ):
            if type(value := getattr(self, name)) not in (int, float) or not fits(value):
                raise ValueError(f"{name} must be a number {said}; got {value!r:.60}.")
        width = self.d_head if self.positions == "rotary" else self.d_model  # of what takes on a position
        if self.positions in ("sinusoidal", "rotary") and width % 2:
            raise ValueError(f"{self.positions} positions are made of pairs, so the width must be even; got {width}.")

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads

    @property
    def kv_heads(self) -> int:
        return self.n_heads if self.n_kv_heads is None else self.n_kv_heads
