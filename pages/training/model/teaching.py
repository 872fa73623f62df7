"""What a model is taught at each position of a sentence: the target, its loss, and what it says left to itself.

All numbers are float64 from the model's own logits. Cross-entropy in nats; label smoothing as in arXiv 1512.00567.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.decoding import greedy, perplexity
from pages.shared.model.written import number, percent


class Sentence(NamedTuple):
    """A text as it is learnt: what the decoder reads, and one place further what it should say."""

    ids: tuple[int, ...]  # from SOS to EOS
    logits: Tensor  # (t, vocab), t = len(ids) - 1
    next_logits: Callable[[Sequence[int]], Tensor]  # the same model, asked by itself

    @property
    def inputs(self) -> tuple[int, ...]:
        return self.ids[:-1]

    @property
    def targets(self) -> tuple[int, ...]:
        return self.ids[1:]


class Position(NamedTuple):
    """The loss at one position: −log p = log Σ e^z − z of the target."""

    target: int
    logit: float  # of the target
    log_sum: float  # log Σ e^z over the vocabulary
    loss: float
    prob: float
    rank: int  # 1: the target is the most probable token
    best: int


class Smoothed(NamedTuple):
    """The target spread a little, and what that does to the loss at one position."""

    tokens: tuple[tuple[int, ...], ...]  # the target, then the model's favourites, then all others together
    hard: tuple[float, ...]
    smooth: tuple[float, ...]
    model: tuple[float, ...]
    loss: float  # against the smoothed target
    least: float  # that loss, if the model gave exactly the smoothed target


class Step(NamedTuple):
    """One place of a text: what is right there, and what the model says given the right prefix, and given its own."""

    right: int | None
    forced: int | None
    forced_prob: float | None
    free: int | None  # None: it has ended before
    free_prob: float | None


def positions(sentence: Sentence) -> list[Position]:
    z = sentence.logits.double()
    targets = torch.tensor(sentence.targets)
    at = z.gather(-1, targets[:, None])[:, 0]
    log_sum = z.logsumexp(-1)
    ranks = (z > at[:, None]).sum(-1) + 1
    loss = log_sum - at
    columns = (targets, at, log_sum, loss, (-loss).exp(), ranks, z.argmax(-1))
    return [Position(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]


def mean_loss(found: Sequence[Position]) -> float:
    return sum(p.loss for p in found) / len(found)


def smoothed(sentence: Sentence, position: int, epsilon: float, favourites: int = 5) -> Smoothed:
    """ε is taken from the target and spread evenly over the vocabulary, the target included."""
    logs = sentence.logits[position].double().log_softmax(-1)
    target, vocab = sentence.targets[position], len(logs)
    spread = torch.full((vocab,), epsilon / vocab, dtype=torch.float64)
    spread[target] += 1 - epsilon
    top = [i for i in logs.argsort(descending=True, stable=True)[: favourites + 1].tolist() if i != target]
    named = [target, *top[:favourites]]
    others = tuple(i for i in range(vocab) if i not in named)
    groups = (*((i,) for i in named), others)
    model = logs.exp()
    hard = torch.zeros(vocab, dtype=torch.float64)
    hard[target] = 1
    sums = [tuple(float(x[list(g)].sum()) for g in groups) for x in (hard, spread, model)]
    entropy = -sum(p * math.log(p) for p in spread.tolist() if p > 0)
    return Smoothed(groups, *sums, float(-(spread * logs).sum()), entropy)


def side_by_side(sentence: Sentence, given: int, eos: int, room: int) -> list[Step]:
    """From behind the first `given` tokens on: the right text, the model forced along it, and the model left alone."""
    logs = sentence.logits.double().softmax(-1)
    rest = sentence.ids[given:]
    forced = [logs[given - 1 + i].max(-1) for i in range(len(rest))]
    free = [(s.chosen, chance(s.filtering.logits, s.chosen))
            for s in greedy(sentence.next_logits, sentence.ids[:given], eos, room)]  # fmt: skip
    found = []
    for i in range(max(len(rest), len(free))):
        prob, best = forced[i] if i < len(forced) else (None, None)
        said, p = free[i] if i < len(free) else (None, None)
        right = rest[i] if i < len(rest) else None
        found.append(Step(right, best if best is None else int(best), prob if prob is None else float(prob), said, p))
    return found


def chance(logits: Tensor, token: int) -> float:
    return logits.double().softmax(-1)[token].item()


def parted(steps: Sequence[Step]) -> int | None:
    """The first place, counted from 0, where the model left alone says something else than is right; None: nowhere."""
    return next((i for i, s in enumerate(steps) if s.right != s.free), None)


def facts(found: Sequence[Position], position: int, targets: Sequence[str], name: Callable[[int], str]) -> dict:
    """What the lesson's words say of the sentence and of one position; `name` is for ids that are no targets."""
    here, mean = found[position], mean_loss(found)
    worst = max(range(len(found)), key=lambda i: found[i].loss)
    said = {"count": len(found), "mean": mean, "perplexity": perplexity([-p.loss for p in found])}
    said |= {"word": targets[position], "logit": number(here.logit), "log_sum": number(here.log_sum)}
    said |= {"loss": here.loss, "prob": percent(here.prob), "rank": here.rank, "best": name(here.best)}
    said |= {"wide": math.exp(here.loss), "worst": targets[worst], "worst_loss": found[worst].loss}
    return said | {"total": sum(p.loss for p in found), "breaks_off": found[-1].prob < 0.01}
