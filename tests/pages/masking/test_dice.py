"""A die cannot be foretold, but its next throw can be copied where it may be seen."""

import torch

from core.training import IGNORE
from pages.masking.model import dice


def test_the_answers_are_the_next_throws():
    (inputs,), targets = dice.batch(3)
    assert torch.equal(targets[:, :-1], inputs[:, 1:])
    assert (targets[:, -1] == IGNORE).all()
    assert not torch.equal(inputs, dice.batch(4).inputs[0])
    assert (inputs.min(), inputs.max()) == (0, dice.SIDES - 1)


def test_what_each_learns():
    masked, free = dice.learn(True), dice.learn(False)
    assert len(masked.losses) == len(free.losses) == dice.STEPS
    assert abs(sum(masked.losses[-10:]) / 10 - dice.CHANCE) < 0.02
    assert free.losses[-1] < 0.05
    assert abs(masked.writing - dice.CHANCE) < 0.05
    assert free.writing > dice.CHANCE + 0.5
