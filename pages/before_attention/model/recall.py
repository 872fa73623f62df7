"""A task that needs far memory: which letter stood k steps back? Three machines of one width, and what reaches back.

A text of 24 letters, then a question: "k back?". A recurrent network learns only there which letter is wanted, so
its state must hold all of them; attention can look.
"""

import math
import time
from functools import cache, lru_cache

import torch
from torch import Tensor, nn

from core import masks
from core.config import Config
from core.recurrent import Lstm, Recurrent, Rnn, fill
from core.training import IGNORE, Batch, cross_entropy
from core.transformer import Block, Decoder

LETTERS, EXAMPLE = "abcdefgh", "cabbagefacadebeheaddecaf"
LENGTH, D_MODEL = 24, 32
EMPTY = len(LETTERS)  # stands before a text that is shorter
VOCAB = EMPTY + 1 + LENGTH  # letters, the empty place, and a question for each distance
KINDS = ("rnn", "lstm", "attention")
ALONE = {f"{kind} alone": kind for kind in KINDS}  # the same machines, trained on texts of one letter
QUESTIONS = 4  # that follow each text in training: four answers to learn from, for little more work
DECODER = Config(VOCAB, D_MODEL, 1, 1, 2 * D_MODEL, LENGTH + QUESTIONS, tied=False)
ASKED = 1000  # questions for each distance, when accuracy is measured
TEST = 10**12  # seeds from here on are never trained with
LENGTHS = (16, 32, 64, 128, 256, 512)  # tokens, for the time that reading takes


def blank(kind: str) -> nn.Module:
    """A model of this kind, or name in ALONE, whose weights are still to be filled in."""
    kind = ALONE.get(kind, kind)
    return Decoder(DECODER) if kind == "attention" else Recurrent(kind, VOCAB, D_MODEL)


def fresh(kind: str, seed: int, forget_bias: float = 1.0) -> nn.Module:
    return fill(blank(kind), torch.Generator().manual_seed(seed), forget_bias)


def read(typed: str) -> str:
    """The letters as typed, in small letters. Raises ValueError for what cannot be read."""
    text = typed.strip().lower()
    if odd := next((c for c in text if c not in LETTERS), None):
        raise ValueError(f"Only the letters {LETTERS[0]} to {LETTERS[-1]} are known here, not “{odd}”: try {EXAMPLE}.")
    if not text:
        raise ValueError(f"The box is empty: type some letters {LETTERS[0]} to {LETTERS[-1]}, at most {LENGTH}.")
    if len(text) > LENGTH:
        raise ValueError(f"The text has {len(text)} letters, and the machines learnt with {LENGTH}: make it shorter.")
    return text


def ids(text: str, back: int) -> list[int]:
    """A text that was read, with empty places before it, and the question."""
    return [EMPTY] * (LENGTH - len(text)) + [LETTERS.index(c) for c in text] + [EMPTY + back]


def asked(text: str, back: int) -> str:
    """The letter that stands so far back. Raises ValueError if there is none."""
    if back > len(text):
        raise ValueError(f"The text has {len(text)} letters, so none stands {back} steps back: ask for another one.")
    return text[-back]


def draw(
    size: int, generator: torch.Generator, back: int | None = None, questions: int = 1, alone: bool = False
) -> Batch:
    """Random texts and questions behind them; an answer is wanted at the questions alone.

    Distances count from the end of the text. Every second text is shorter than LENGTH, unless `back` says which
    distance is asked for. With `alone` the letter asked for is the only one, all other places are empty.
    """
    letters = torch.randint(EMPTY, (size, LENGTH), generator=generator)
    lengths = torch.randint(1, LENGTH + 1, (size, 1), generator=generator)
    lengths[::2] = LENGTH
    asked = (torch.rand((size, questions), generator=generator) * lengths).long() + 1
    if back is not None:
        lengths, asked = torch.full_like(lengths, LENGTH), torch.full_like(asked, back)
    asked = asked[:, :1].expand_as(asked) if alone else asked
    answers, place = letters.gather(1, LENGTH - asked), torch.arange(LENGTH)
    letters[(place != LENGTH - asked[:, :1]) if alone else (place < LENGTH - lengths)] = EMPTY
    nothing = torch.full((size, LENGTH), IGNORE)
    return Batch((torch.cat([letters, EMPTY + asked], 1),), torch.cat([nothing, answers], 1))


def batch(step: int, size: int = 128, seed: int = 0, alone: bool = False) -> Batch:
    """The same step, the same batch."""
    return draw(size, torch.Generator().manual_seed(seed * 1_000_003 + step), questions=QUESTIONS, alone=alone)


@torch.no_grad()
def accuracy(model: nn.Module, back: int, alone: bool = False, size: int = ASKED, seed: int = 1) -> float:
    """Over random texts of another seed than training's: the share of right answers to this question."""
    generator = torch.Generator().manual_seed(TEST + seed * LENGTH + back)
    (tokens,), targets = draw(size, generator, back, alone=alone)
    said = model(tokens).logits[:, -1, :EMPTY].argmax(-1)
    return (said == targets[:, -1]).float().mean().item()


@cache
def by_counts(size: int = ASKED, seed: int = 1) -> float:
    """How often one is right who names the most frequent letter of the text, whichever place is asked for."""
    (tokens,), _ = draw(size, torch.Generator().manual_seed(TEST + seed * LENGTH), back=1)
    counts = nn.functional.one_hot(tokens[:, :LENGTH], EMPTY).sum(1)
    return (counts.max(-1).values / LENGTH).mean().item()


# What reaches back


@lru_cache(maxsize=64)
def reach(kind: str, seed: int, scale: float = 1.0, forget_bias: float = 1.0) -> tuple[float, ...]:
    """Length of the loss's gradient by the vector that was read 0, 1, 2, ... steps back, before any training.

    Mean over 64 texts. `scale` multiplies the state's matrix W_h of both recurrent networks.
    """
    model = fresh(kind, seed, forget_bias)
    if kind != "attention":
        model.cell.w_h.data *= scale
    (tokens,), targets = draw(64, torch.Generator().manual_seed(seed), LENGTH)
    return tuple(backward(model, tokens, targets).mean(0).flip(0).tolist())


def backward(model: nn.Module, tokens: Tensor, targets: Tensor) -> Tensor:
    """|∂loss/∂x_t| for each text and place. tokens, targets (batch, t) -> (batch, t)"""
    trace = model(tokens)
    loss = cross_entropy(trace.logits, targets) * len(tokens)  # of each text, not of their mean
    (gradient,) = torch.autograd.grad(loss, trace.embedding.output)
    return gradient.norm(dim=-1)


def gate(bias: float = 1.0, steps: int = 20) -> dict[str, float]:
    """A forget gate whose inputs are 0, and what so many of them leave of the gradient along the memory."""
    kept = 1 / (1 + math.exp(-bias))
    return {"gate": kept, "left": kept**steps}


def spectral(seed: int, scale: float = 1.0) -> float:
    """The factor by which the RNN's W_h, applied again and again, stretches in the long run: its spectral radius."""
    w_h = fresh("rnn", seed).cell.w_h.detach() * scale
    return torch.linalg.eigvals(w_h).abs().max().item()


# Time


@lru_cache(maxsize=1)
def timings(repeats: int = 5) -> dict[str, tuple[float, ...]]:
    """Milliseconds that one layer of each kind takes for one text of LENGTHS tokens.

    Measured on one thread of this machine when first asked: the fastest of so many runs, as what else the machine
    does can only slow them down.
    """
    generator = torch.Generator().manual_seed(0)
    layers = {"rnn": Rnn(D_MODEL, D_MODEL), "lstm": Lstm(D_MODEL, D_MODEL), "attention": Block(DECODER)}
    found = {}
    for kind, layer in layers.items():
        fill(layer, generator)
        inputs = (torch.randn(1, t, D_MODEL, generator=generator) for t in LENGTHS)
        more = [(masks.causal(t, t),) if kind == "attention" else () for t in LENGTHS]
        found[kind] = tuple(clock(layer, (x, *m), repeats) for x, m in zip(inputs, more, strict=True))
    return found


@torch.no_grad()
def clock(layer: nn.Module, inputs: tuple[Tensor, ...], repeats: int) -> float:
    """Milliseconds, the fastest of so many runs after one that does not count."""
    layer(*inputs)
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        layer(*inputs)
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken)


# Convolutions


def layers_to_reach(back: int, width: int, doubling: bool = False) -> int:
    """How many layers of convolutions over `width` tokens see `back` steps back; `doubling` gaps: 1, 2, 4, ..."""
    layers = seen = 0
    while seen < back:
        seen += (width - 1) * (2**layers if doubling else 1)
        layers += 1
    return layers
