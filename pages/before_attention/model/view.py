"""What the lesson on recurrent networks shows of one text: the parts of a step, the states so far, who knows what."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.recurrent import LstmTrace, RecurrentTrace, RnnTrace
from core.traces import DecoderTrace
from pages.before_attention.model import bottleneck, recall
from pages.before_attention.model.bottleneck import Pair
from pages.before_attention.model.recall import LENGTH, LETTERS
from pages.shared.model.panels import Apply, Axis, Panel, Softmax, Sum, Times, features, pipeline
from pages.shared.model.prose import _
from pages.shared.model.written import number, percent

FEATURES = 4  # of a step's vectors that are written out


def labels(text: str, back: int) -> list[str]:
    """ "0 c", "1 a", ..., "24 3 back?"; the empty places before a short text are left out."""
    first = LENGTH - len(text)
    question = _("{back} back?").format(back=back)
    return [f"{first + i} {c}" for i, c in enumerate((*text, question))]


@lru_cache(maxsize=32)
@torch.no_grad()
def read(model: nn.Module, text: str, back: int) -> RecurrentTrace | DecoderTrace:
    """All that the model does with the text and the question; the batch is one."""
    return model(torch.tensor([recall.ids(text, back)]))


def said(trace: RecurrentTrace | DecoderTrace, text: str, back: int) -> dict:
    """The answer, and the letter that stands there; probabilities are those among the letters."""
    probs = trace.logits[0, -1, : len(LETTERS)].softmax(-1)
    right, best = recall.asked(text, back), int(probs.argmax())
    return {
        "letter": LETTERS[best],
        "prob": percent(probs[best].item()),
        "right": right,
        "right_prob": percent(probs[LETTERS.index(right)].item()),
    }


@lru_cache(maxsize=32)
@torch.no_grad()
def known(model: nn.Module, text: str) -> list[float]:
    """The probability of the right letter when asked for 1, 2, ... steps back."""
    every = range(1, len(text) + 1)
    logits = model(torch.tensor([recall.ids(text, back) for back in every])).logits[:, -1, : len(LETTERS)]
    return [row[LETTERS.index(text[-back])].item() for back, row in zip(every, logits.softmax(-1), strict=True)]


# One step, taken apart


def step(trace: RnnTrace | LstmTrace, labels: Sequence[str], at: int) -> dict:
    """The first features of the step at place `at` of the labels. The trace may begin with empty places."""
    first = trace.hidden.shape[1] - len(labels)
    axes = {"token": Axis("token", [labels[at]]), "feature": Axis("feature", features(FEATURES))}
    draw = rnn_step if isinstance(trace, RnnTrace) else lstm_step
    return pipeline(axes, draw(trace, first + at))


def cut(values: Tensor, at: int) -> Tensor:
    """One place, its first features, (1, FEATURES); zeros before the first place."""
    return values[0, at : at + 1, :FEATURES] if at >= 0 else torch.zeros(1, FEATURES)


def rnn_step(trace: RnnTrace, at: int) -> list[Panel]:
    arrived, carried, hidden = (cut(part, at) for part in trace)
    put = ("token", "feature")
    return [
        Panel("x", arrived, *put, "x_t·W_x + b", _("from the letter")),
        Panel("h_before", carried, *put, "h_old·W_h", _("from the state before")),
        Panel("sum", arrived + carried, *put, "a_t", _("added"), rule=Sum(["x", "h_before"]), starts=True),
        Panel("h", hidden, *put, "h_t", _("the new state"), "output", Apply("sum", "tanh"), largest=1.0),
    ]


def lstm_step(trace: LstmTrace, at: int) -> list[Panel]:
    f, i, g, c, o, h = (cut(part, at) for part in trace)
    before, put = cut(trace.cell, at - 1), ("token", "feature")
    top = float(max(before.abs().max(), c.abs().max())) or 1.0
    return [
        Panel("f", f, *put, "f_t", _("forget gate: 1 keeps"), "weights"),
        Panel("c_before", before, *put, "c_old", _("the memory before"), largest=top),
        Panel("kept", f * before, *put, "K", _("what is kept"), rule=Times("f", "c_before"), largest=top),
        Panel("i", i, *put, "i_t", _("input gate"), "weights", starts=True),
        Panel("g", g, *put, "g_t", _("what could be written"), largest=1.0),
        Panel("new", i * g, *put, "N", _("what is written"), rule=Times("i", "g"), largest=1.0),
        Panel("c", c, *put, "c_t", _("the new memory"), rule=Sum(["kept", "new"]), largest=top, starts=True),
        Panel("squashed", c.tanh(), *put, "T", _("squeezed"), rule=Apply("c", "tanh"), largest=1.0),
        Panel("o", o, *put, "o_t", _("output gate"), "weights"),
        Panel("h", h, *put, "h_t", _("the new state"), "output", Times("squashed", "o"), largest=1.0),
    ]


def strip(trace: RnnTrace | LstmTrace, labels: Sequence[str], at: int) -> dict:
    """The state after every token read so far: a row each, all features."""
    first = trace.hidden.shape[1] - len(labels)
    axes = {"token": Axis("token", labels[: at + 1]), "feature": Axis("feature", features(trace.hidden.shape[-1]))}
    rows = trace.hidden[0, first : first + at + 1]
    return pipeline(axes, [Panel("states", rows, "token", "feature", "H", _("states so far"), "output", largest=1.0)])


def step_facts(trace: RnnTrace | LstmTrace, labels: Sequence[str], at: int) -> dict:
    """What the words say of a step."""
    first = trace.hidden.shape[1] - len(labels) + at
    now, before = trace.hidden[0, first], trace.hidden[0, first - 1] if first else torch.zeros_like(trace.hidden[0, 0])
    found = {"label": labels[at], "moved": number((now - before).norm().item()), "d": len(now)}
    if isinstance(trace, LstmTrace):
        found |= {"kept": percent(trace.forget[0, first].mean().item())}
    return found


# Attention


def look(trace: DecoderTrace, labels: Sequence[str]) -> Tensor:
    """Where the question looks, (1, t): the row of weights; what falls on empty places is not among them."""
    return trace.blocks[0].attention.heads.weights[0, 0, -1:, -len(labels) :]


def look_facts(trace: DecoderTrace, labels: Sequence[str]) -> dict:
    """What the words say of where the question looks: its largest weight."""
    weights = look(trace, labels)[0]
    most = int(weights.argmax())
    return {"most": weights[most].item(), "label": labels[most], "asked": len(labels) - 1 - most}


@lru_cache(maxsize=32)
@torch.no_grad()
def looks(model: nn.Module, text: str) -> dict[str, float]:
    """The least and the most weight that any question about this text puts on the letter it asks for."""
    every = torch.arange(1, len(text) + 1)
    heads = model(torch.tensor([recall.ids(text, back) for back in every.tolist()])).blocks[0].attention.heads
    weights = heads.weights[every - 1, 0, -1, LENGTH - every]
    return {"least": weights.min().item(), "most": weights.max().item()}


def look_panels(trace: DecoderTrace, labels: Sequence[str]) -> dict:
    """The question's scores and weights over all that it may look at, empty places too."""
    heads = trace.blocks[0].attention.heads
    first = heads.weights.shape[-1] - len(labels)
    keys = [*(f"{i} ·" for i in range(first)), *labels]
    axes = {"query": Axis("query", [labels[-1]]), "key": Axis("key", keys)}
    scores, weights = heads.scores[0, 0, -1:], heads.weights[0, 0, -1:]
    return pipeline(axes, [
        Panel("scores", scores, "query", "key", "scores", _("how well each place matches")),
        Panel("weights", weights, "query", "key", "weights", _("where the question looks"), "weights",
              Softmax("scores"), starts=True),
    ])  # fmt: skip


# The bottleneck


class Backwards(NamedTuple):
    """A text said backwards by one of the two models."""

    written: str
    right: int  # letters that are right
    weights: Tensor | None  # (t, t)


@lru_cache(maxsize=32)
def backwards(model: Pair, text: str) -> Backwards:
    ids, weights = bottleneck.write(model, torch.tensor([[LETTERS.index(c) for c in text]]))
    written = "".join(LETTERS[i] for i in ids[0].tolist())
    right = sum(a == b for a, b in zip(written, text[::-1], strict=True))
    return Backwards(written, right, None if weights is None else weights[0])


def backwards_labels(said: Mapping[str, Backwards], text: str) -> tuple[list[str], list[str]]:
    """Of what was written with attention, and of the text."""
    written = said["all states"].written
    return [f"{i} {c}" for i, c in enumerate(written)], [f"{i} {c}" for i, c in enumerate(text)]


# What the words quote


def backwards_facts(said: Mapping[str, Backwards], text: str) -> dict:
    one, all_ = said["one vector"], said["all states"]
    found = {"source": text, "n": len(text), "one": one.written, "all": all_.written}
    return found | {"one_right": one.right, "all_right": all_.right}


def machines(facts: Mapping[str, dict]) -> dict:
    """How the three machines were trained; facts: what was measured with the shipped models."""
    steps = {f"{kind}_steps": facts[kind]["recipe"]["steps"] for kind in recall.KINDS}
    return steps | {f"{kind}_parameters": facts[kind]["parameters"] for kind in recall.KINDS}


def accuracy_facts(shares: Mapping[str, Sequence[float]], far: int) -> dict:
    """Accuracy `far` steps back, and where the recurrent networks fall below one half."""
    found = {f"{kind}_{far}": share[far - 1] for kind, share in shares.items()}
    for kind in ("rnn", "lstm"):
        below = next((back for back, share in enumerate(shares[kind], 1) if share < 0.5), None)
        found[f"{kind}_half"] = _("{back} steps").format(back=below) if below else _("no distance here")
    return found


def reach_facts(reach: Mapping[str, Sequence[float]], far: int) -> dict:
    """What is left `far` steps back of the gradient one step back."""
    return {kind: scientific(lengths[far] / lengths[1]) for kind, lengths in reach.items()}


def scientific(x: float) -> str:
    """Two figures: 0.015, 57, 5.1·10⁻⁷"""
    mantissa, _e, exponent = f"{x:.1e}".partition("e")
    if abs(int(exponent)) < 4:
        return f"{float(f'{x:.2g}'):g}"
    return f"{mantissa}·10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def time_facts(clocked: Mapping[str, Sequence[float]]) -> dict:
    """Milliseconds for the longest text and for one of half the length."""
    middle, longest = recall.LENGTHS[-2:]
    found = {"middle": middle, "longest": longest, "before": longest - 1, "pairs": longest**2}
    return (
        found
        | {f"{kind}_middle": taken[-2] for kind, taken in clocked.items()}
        | {kind: taken[-1] for kind, taken in clocked.items()}
    )


def bottleneck_facts(facts: Mapping[str, dict]) -> dict:
    return {"d": bottleneck.D_MODEL, "steps": facts["one vector"]["recipe"]["steps"]}


def squeezed_facts(facts: Mapping[str, dict]) -> dict:
    """Accuracy for the longest sentences."""
    found = {"length": bottleneck.LENGTHS[-1]}
    for short, name in (("one", "one vector"), ("all", "all states")):
        found |= {short: facts[name]["letters"][-1], f"{short}_whole": facts[name]["sentences"][-1]}
    return found


def convolution_facts(back: int = LENGTH, width: int = 3) -> dict:
    plain, doubled = (recall.layers_to_reach(back, width, doubling) for doubling in (False, True))
    return {"width": width, "back": back, "plain": plain, "doubled": doubled}
