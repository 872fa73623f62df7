"""What fixes the size and kind of a model: the Transformer of 2017, and the choices that later models made."""

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
            if not (isinstance(getattr(self, name), int) and getattr(self, name) > 0):
                raise ValueError(f"{name} must be a whole number above 0; got {getattr(self, name)!r}.")
        for name, allowed in (("shape", SHAPES), ("activation", ACTIVATIONS), ("positions", POSITIONS)):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}; got {getattr(self, name)!r}.")
        if self.d_model % self.n_heads:
            raise ValueError(f"d_model must be a multiple of n_heads; got {self.d_model} and {self.n_heads}.")
        if self.n_heads % self.kv_heads:
            raise ValueError(f"n_heads must be a multiple of n_kv_heads; got {self.n_heads} and {self.kv_heads}.")
        if not (0 <= self.dropout < 1 and self.norm_eps > 0):
            raise ValueError(f"dropout must be in [0, 1) and norm_eps above 0; got {self.dropout} and {self.norm_eps}.")

    @property
    def d_head(self) -> int:
        return self.d_model // self.n_heads

    @property
    def kv_heads(self) -> int:
        return self.n_heads if self.n_kv_heads is None else self.n_kv_heads
