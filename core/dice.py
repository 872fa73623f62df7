"""Learning to foretell a die: nobody can, unless the answer is among what may be looked at."""

import math
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from core.config import Config
from core.training import IGNORE, Batch, Recipe, Trainer, cross_entropy
from core.transformer import build

SIDES, THROWS, ROWS = 6, 9, 32
STEPS = 100
CHANCE = math.log(SIDES)  # nats: the loss of whoever gives each side 1/6
CONFIG = Config(vocab=SIDES, d_model=32, n_heads=1, n_layers=1, d_ff=64, context=THROWS)
RECIPE = Recipe(steps=STEPS, lr=0.01, warmup=10, weight_decay=0.0)


class Lesson(NamedTuple):
    losses: tuple[float, ...]  # after each step, on throws never met before
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
    losses = tuple(step.loss for step in Trainer(model, RECIPE, batch, forward=lambda ids: model(ids, mask)))
    fresh = throws(STEPS + 1)
    model.eval()
    with torch.no_grad():
        last = model(fresh[:, :-1], mask).logits[:, -1:]
    return Lesson(losses, cross_entropy(last, fresh[:, -1:]).item())
