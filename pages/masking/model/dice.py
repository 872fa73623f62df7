"""Learning to foretell a die: nobody can, unless the answer is among what may be looked at."""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.config import Config
from core.training import IGNORE, Batch, cross_entropy
from core.transformer import Decoder, build

SIDES, THROWS, ROWS = 6, 9, 32
STEPS, LR, MOMENTUM, CLIP = 120, 0.1, 0.9, 1.0
CHANCE = math.log(SIDES)  # nats: the loss of whoever gives each side 1/6
CONFIG = Config(vocab=SIDES, d_model=32, n_heads=1, n_layers=1, d_ff=64, context=THROWS)


class Lesson(NamedTuple):
    losses: tuple[float, ...]  # before each step, on throws never met before
    writing: float  # the loss where it counts: at the last throw, when there is no next one to look at


def throws(seed: int) -> Tensor:
    """(ROWS, THROWS + 1), from 0"""
    return torch.randint(SIDES, (ROWS, THROWS + 1), generator=torch.Generator().manual_seed(seed))


def batch(step: int) -> Batch:
    """New throws at each step; the last one's answer is never among the inputs, so that it does not count here."""
    thrown = throws(step)
    targets = thrown[:, 1:].clone()
    targets[:, -1] = IGNORE
    return Batch((thrown[:, :-1],), targets)


@lru_cache(maxsize=2)
def learn(masked: bool) -> Lesson:
    """A tiny decoder with one layer and one head, taught to foretell the next throw, with or without the mask."""
    model = build(CONFIG, torch.Generator().manual_seed(0))
    mask = None if masked else torch.ones(THROWS, THROWS, dtype=torch.bool)
    losses = tuple(descend(model, mask))
    fresh = throws(STEPS + 1)
    with torch.no_grad():
        last = model(fresh[:, :-1], mask).logits[:, -1:]
    return Lesson(losses, cross_entropy(last, fresh[:, -1:]).item())


def descend(model: Decoder, mask: Tensor | None) -> Iterator[float]:
    """Gradient descent with momentum, by hand: torch's optimizers bring its compiler, a second and 70 MB in a server.

    Yields the loss before each step.
    """
    parameters = list(model.parameters())
    velocities = [torch.zeros_like(p) for p in parameters]
    for step in range(1, STEPS + 1):
        inputs, targets = batch(step)
        loss = cross_entropy(model(*inputs, mask).logits, targets)
        model.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, CLIP)
        with torch.no_grad():
            for parameter, velocity in zip(parameters, velocities, strict=True):
                parameter -= LR * velocity.mul_(MOMENTUM).add_(parameter.grad)
        yield loss.item()
