"""The gradient of one weight, held against a finite difference: a tiny model in float64.

The derivative by backpropagation and (L(w + h) − L(w − h)) / 2h must agree, but for two errors of the second: what the
curve bends within h (grows with h²), and the rounding of two nearly equal losses (grows with 1/h).
"""

from functools import cache, lru_cache
from typing import NamedTuple

import torch

from core.config import Config
from core.training import Batch
from core.transformer import Decoder, build, count_parameters
from pages.training.model import live_task
from pages.training.model.live_queue import Settings

CONFIG = Config(vocab=live_task.VOCAB, d_model=8, n_heads=2, n_layers=1, d_ff=16, context=live_task.CONFIG.context)
SEED, WARM = 3, 100  # steps of plain gradient descent before we look: fresh weights hardly matter
EXPONENTS = tuple(-n / 2 for n in range(2, 29))  # h from 10^-1 to 10^-14
RATE = 0.5  # learning rate, of these steps and of the one that is tried


class Slope(NamedTuple):
    weight: float
    loss: float
    gradient: float  # by backpropagation
    moved: float  # the loss after this weight alone took a step against its gradient


class Difference(NamedTuple):
    h: float
    above: float  # the loss at w + h
    below: float
    slope: float  # (above - below) / 2h
    error: float  # |slope - gradient|


@cache
def model() -> Decoder:
    """Trained without an optimizer: loading those takes seconds the first time."""
    made = build(CONFIG, torch.Generator().manual_seed(SEED)).double().eval()
    parameters = list(made.parameters())
    for step in range(WARM):
        inputs, targets = batch(step)
        found = torch.autograd.grad(cross_entropy64(made(*inputs).logits, targets), parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, found, strict=True):
                parameter -= RATE * gradient
    return made


@cache
def batch(step: int = WARM) -> Batch:
    """16 strings: few, so that each of many losses is quick."""
    (inputs,), targets = live_task.batch(Settings("copy", seed=SEED), step)
    return Batch((inputs[:16],), targets[:16])


def size() -> int:
    return count_parameters(model())


@cache
def weights() -> dict[str, tuple[int, ...]]:
    """The matrices that can be chosen from, by name, with their shapes."""
    return {name: tuple(p.shape) for name, p in model().named_parameters() if p.dim() == 2}


def loss() -> torch.Tensor:
    inputs, targets = batch()
    return cross_entropy64(model()(*inputs).logits, targets)


def cross_entropy64(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """`core.training.cross_entropy` without its cast to float32."""
    return torch.nn.functional.cross_entropy(logits.flatten(0, -2), targets.flatten())


@cache
def gradients() -> dict[str, torch.Tensor]:
    """All gradients by one backpropagation; they are left nowhere in the model."""
    named = dict(model().named_parameters())
    return dict(zip(named, torch.autograd.grad(loss(), list(named.values())), strict=True))


@torch.no_grad()
def loss_at(name: str, row: int, col: int, value: float) -> float:
    """The loss with one weight set to another value."""
    changed = dict(model().named_parameters())[name].detach().clone()
    changed[row, col] = value
    inputs, targets = batch()
    return cross_entropy64(torch.func.functional_call(model(), {name: changed}, inputs).logits, targets).item()


def value(name: str, row: int, col: int) -> float:
    return dict(model().named_parameters())[name][row, col].item()


@lru_cache(maxsize=500)
def slope(name: str, row: int, col: int) -> Slope:
    w, g = value(name, row, col), gradients()[name][row, col].item()
    return Slope(w, loss_at(name, row, col, w), g, loss_at(name, row, col, w - RATE * g))


@lru_cache(maxsize=5000)
def difference(name: str, row: int, col: int, h: float) -> Difference:
    w = value(name, row, col)
    above, below = (loss_at(name, row, col, w + sign * h) for sign in (1, -1))
    found = (above - below) / (2 * h)
    return Difference(h, above, below, found, abs(found - slope(name, row, col).gradient))


def sweep(name: str, row: int, col: int) -> list[Difference]:
    return [difference(name, row, col, 10**e) for e in EXPONENTS]
