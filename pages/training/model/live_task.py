"""What a learner trains in the page: a small decoder that copies, reverses or sorts digits.

A sequence is `start 3 5 2 → 2 5 3 end`; only what comes behind the arrow is learnt. The model is a decoder like the
story model, trained by the same loop (core.training.Trainer) with the same optimizers.
"""

from typing import Any

import torch
from torch import Tensor

from core.config import Config
from core.tokenizer import EOS, SOS
from core.training import IGNORE, Batch, Recipe, Trainer
from core.transformer import Decoder, build
from pages.training.model.live_queue import LONGEST, SHORTEST, VOCAB, Settings

FIRST, ARROW = 3, 13  # the ids of digit 0 and of the arrow
CONFIG = Config(vocab=VOCAB, d_model=48, n_heads=4, n_layers=2, d_ff=192, context=2 * LONGEST + 3)
BATCH, WARMUP = 64, 50
UNSEEN = 11  # strings whose checksum is divisible by this are never learnt: 9 % of all
TESTED = 48  # of each length
SAMPLES = 4  # that are written out


def answers(task: str, digits: Tensor) -> Tensor:
    """What should come behind the arrow. (batch, t) -> (batch, t)"""
    if task == "sort":
        return digits.sort(-1).values
    return digits.flip(-1) if task == "reverse" else digits


def unseen(digits: Tensor) -> Tensor:
    """Which strings are kept from training. (batch, t) -> (batch,) bool"""
    weights = torch.tensor([3**i for i in range(digits.shape[-1])])
    return ((digits + 1) * weights).sum(-1) % UNSEEN == 0


def draw(seed: int, count: int, t: int, held_out: bool) -> Tensor:
    """So many strings of t digits, either all learnt from or all unseen. -> (count, t)"""
    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(10, (count * (3 * UNSEEN if held_out else 2), t), generator=generator)
    return drawn[unseen(drawn) == held_out][:count]


def sequences(task: str, digits: Tensor) -> Tensor:
    """(batch, t) -> (batch, 2 t + 3)"""
    mark = [torch.full((len(digits), 1), i) for i in (SOS, ARROW, EOS)]
    return torch.cat([mark[0], digits + FIRST, mark[1], answers(task, digits) + FIRST, mark[2]], -1)


def batch_of(task: str, digits: Tensor) -> Batch:
    """Targets are shifted by one; what stands before the arrow is chance and cannot be learnt."""
    ids = sequences(task, digits)
    targets = ids[:, 1:].clone()
    targets[:, : digits.shape[-1] + 1] = IGNORE
    return Batch((ids[:, :-1],), targets)


def batch(settings: Settings, step: int) -> Batch:
    """The batch of this step: all its strings have one length, drawn anew for each step."""
    seed = settings.seed * 1_000_003 + step
    t = SHORTEST + int(torch.randint(LONGEST - SHORTEST + 1, (), generator=torch.Generator().manual_seed(seed)))
    return batch_of(settings.task, draw(seed, BATCH, t, held_out=False))


def trainer(settings: Settings) -> Trainer:
    model = build(CONFIG, torch.Generator().manual_seed(settings.seed))
    recipe = Recipe(settings.steps, settings.lr, min(WARMUP, settings.steps), seed=settings.seed, muon=True)
    return Trainer(model, recipe, lambda step: batch(settings, step))


@torch.no_grad()
def exact(model: Decoder, task: str) -> float:
    """The share of unseen strings that come out right to the last digit.

    If every token is the most probable one after the right tokens before it, then greedy decoding writes just those.
    """
    found = []
    for t in range(SHORTEST, LONGEST + 1):
        inputs, targets = batch_of(task, draw(t, TESTED, t, held_out=True))
        said = model(*inputs).logits.argmax(-1)
        found.append(((said == targets) | (targets == IGNORE)).all(-1))
    return torch.cat(found).float().mean().item()


@torch.no_grad()
def write(model: Decoder, digits: Tensor) -> list[str]:
    """What the model writes behind the arrow, greedily, until the end token or one token too many. (batch, t)"""
    t = digits.shape[-1]
    ids = sequences("copy", digits)[:, : t + 2]
    for _ in range(t + 1):
        ids = torch.cat([ids, model(ids).logits[:, -1:].argmax(-1)], -1)
    return ["".join(map(name, row[: row.index(EOS)] if EOS in row else row)) for row in ids[:, t + 2 :].tolist()]


def name(token: int) -> str:
    if FIRST <= token < ARROW:
        return str(token - FIRST)
    return "→" if token == ARROW else "·"


@torch.no_grad()
def look(model: Decoder, settings: Settings) -> dict[str, Any]:
    """The model now: its share of right answers, samples, and the attention of every head while it answers `digits`.

    Nothing, {}, if its weights are no longer numbers.
    """
    model.eval()
    watched = torch.tensor([[int(c) for c in settings.digits]])
    trace = model(sequences(settings.task, watched)[:, :-1])
    if not trace.logits.isfinite().all():
        return {}
    rows = draw(LONGEST + 1, SAMPLES, LONGEST, held_out=True)
    asked = [settings.digits, *("".join(map(str, row)) for row in rows.tolist())]
    said = write(model, watched) + write(model, rows)
    right = ["".join(map(str, answers(settings.task, torch.tensor([int(c) for c in text])).tolist())) for text in asked]
    attention = torch.cat([block.attention.heads.weights for block in trace.blocks])
    return {
        "exact": exact(model, settings.task),
        "samples": list(zip(asked, said, right, strict=True)),
        "attention": [[[round(x, 3) for x in row] for row in head] for layer in attention.tolist() for head in layer],
    }
