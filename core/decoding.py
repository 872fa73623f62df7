"""From logits to text: filters, greedy, sampling, beam search, and the KV cache that makes a step cheap.

Everything here works on `next_logits(ids) -> (vocab,)`, any callable, so a table written by hand is a model too.
"""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.attention import softmax
from core.transformer import Decoder, DecoderTrace, Past

NextLogits = Callable[[Sequence[int]], Tensor]
COLDEST = 1e-30  # a temperature below this is 0
MOST_PENALTY = 100  # for length; more would overflow


class Filtering(NamedTuple):
    """How logits become the probabilities that are drawn from; each is (vocab,)."""

    logits: Tensor
    scaled: Tensor  # penalised where they were seen, divided by the temperature (not divided, at temperature 0)
    kept: Tensor  # bool
    probs: Tensor  # softmax of the kept ones; 0 elsewhere


class DecodeStep(NamedTuple):
    ids: tuple[int, ...]  # the sequence before this step
    filtering: Filtering
    draw: float | None  # the random number in [0, 1) that chose; None where nothing was left to chance
    chosen: int


class BeamNode(NamedTuple):
    """One hypothesis: the parent's tokens and one more."""

    parent: int | None  # index in the tree's nodes; None for the prompt
    token: int | None
    log_prob: float  # of this token
    total: float  # summed since the prompt
    score: float  # total / length ** length_penalty
    depth: int  # tokens since the prompt
    state: str  # "open", "ended" at EOS, or "dropped": not among the best `width`


class BeamTree(NamedTuple):
    prompt: tuple[int, ...]
    nodes: tuple[BeamNode, ...]
    best: tuple[int, ...]  # ids, prompt included

    def ids(self, node: int) -> tuple[int, ...]:
        """The whole sequence that ends at this node, prompt included."""
        return path(self.prompt, self.nodes, node)


def ranked(values: Tensor) -> Tensor:
    """Ids from the largest value to the smallest; among equals the lowest id comes first. (vocab,) -> (vocab,)"""
    return values.argsort(descending=True, stable=True)


def filter_logits(
    logits: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    repetition_penalty: float = 1.0,
    seen: Sequence[int] = (),
) -> Filtering:
    """The penalty, temperature, then top-k, then top-p (arXiv 1904.09751), then min-p (arXiv 2407.01082).

    Each filter sees what the one before left, renormalised. top_k is clamped to 1..vocab. The token that crosses top_p
    is kept, so one always is. min_p keeps what has at least that share of the largest probability. Temperature 0 is
    greedy. `seen` are the ids in the text, for the penalty; 1 is none. Raises ValueError for other values out of range,
    for NaN or +inf, and where every logit is -inf.
    """
    check(logits, temperature, top_p, min_p)
    told = logits
    if repetition_penalty != 1:
        check(told := penalised(logits, seen, repetition_penalty))
    cold = temperature < COLDEST or math.isinf(told.amax() / temperature)  # where the division would overflow
    scaled = told if cold else told / temperature
    if cold:
        probs = torch.zeros_like(logits, dtype=torch.float64)
        probs[scaled.argmax()] = 1  # the first of the largest
        return Filtering(logits, scaled, probs > 0, probs)
    kept = torch.zeros_like(logits, dtype=torch.bool)
    order = ranked(scaled)
    n = len(order) if top_k is None else min(max(int(top_k), 1), len(order))
    probs = softmax(scaled[order[:n]].double())
    if top_p is not None and top_p < 1:  # 1 keeps all: a rounded sum must not cost the tail
        n = int((probs.cumsum(0) - probs < top_p).sum().clamp(1))  # those before which less than p was kept
        probs = probs[:n] / probs[:n].sum()
    if min_p is not None:
        n = int((probs >= min_p * probs[0]).sum())
    kept[order[:n]] = scaled[order[:n]] > -torch.inf
    return Filtering(logits, scaled, kept, softmax(scaled.masked_fill(~kept, -torch.inf).double()))


def penalised(logits: Tensor, seen: Sequence[int], penalty: float) -> Tensor:
    """Repetition penalty (Keskar et al. 2019, arXiv 1909.05858, section 4.1): what is in the text loses. (vocab,)

    The paper divides such logits; negative ones are multiplied, as is usual since, because dividing would raise them.
    A token counts once, however often it was seen. Raises ValueError unless the penalty is a positive number.
    """
    if not 0 < penalty < math.inf:
        raise ValueError(f"repetition_penalty must be a number above 0; got {penalty}.")
    at = torch.tensor(sorted({int(i) for i in seen}), dtype=torch.long)
    found = logits[at]
    return logits.index_put((at,), torch.where(found < 0, found * penalty, found / penalty))


def stages(
    logits: Tensor, *, repetition_penalty: float = 1.0, seen: Sequence[int] = (), temperature: float = 1.0, **filters
) -> dict[str, Filtering]:
    """The filters switched on one after another (None is off): what temperature alone, top_k, top_p and min_p leave."""
    on = {"temperature": temperature, "repetition_penalty": repetition_penalty, "seen": seen}
    found = {"temperature": filter_logits(logits, **on)}
    for name in ("top_k", "top_p", "min_p"):
        if filters.get(name) is not None:
            on[name] = filters[name]
            found[name] = filter_logits(logits, **on)
    return found


def check(logits: Tensor, temperature: float = 1.0, top_p: float | None = None, min_p: float | None = None) -> None:
    if not math.isfinite(logits.amax().item()):  # NaN, if there is one, is the maximum
        raise ValueError("There is no next token to choose: the logits are not numbers, or all are -inf.")
    if not 0 <= temperature < float("inf"):
        raise ValueError(f"temperature must be a number from 0 up; got {temperature}.")
    for name, value in (("top_p", top_p), ("min_p", min_p)):
        if value is not None and not 0 <= value <= 1:
            raise ValueError(f"{name} must lie between 0 and 1; got {value}.")


def draw_from(probs: Tensor, draw: float) -> int:
    """The token on which `draw` falls when the probabilities are laid end to end, the largest first."""
    order = ranked(probs)[: int((probs > 0).sum())]
    reached = probs[order].double().cumsum(0)
    at = int((reached / reached[-1] <= draw).sum())
    return int(order[min(at, len(order) - 1)])


def greedy(next_logits: NextLogits, prompt: Sequence[int], eos: int, max_new: int) -> Iterator[DecodeStep]:
    """The most probable token, again and again, until `eos` or `max_new` tokens."""
    return steps(next_logits, prompt, eos, max_new, None, {"temperature": 0.0})


def sample(
    next_logits: NextLogits, prompt: Sequence[int], eos: int, max_new: int, *, generator: torch.Generator, **filters
) -> Iterator[DecodeStep]:
    """A token drawn by chance, again and again; `filters` are those of `filter_logits`."""
    return steps(next_logits, prompt, eos, max_new, generator, filters)


def steps(next_logits, prompt, eos, max_new, generator, filters) -> Iterator[DecodeStep]:
    ids = tuple(int(i) for i in prompt)
    for _ in range(max_new):
        draw = None if generator is None else torch.rand((), generator=generator, dtype=torch.float64).item()
        step = choose(ids, next_logits(ids), draw, **filters)
        yield step
        ids += (step.chosen,)
        if step.chosen == eos:
            return


def choose(ids: tuple[int, ...], logits: Tensor, draw: float | None, **filters) -> DecodeStep:
    """One step: filter the logits (vocab,), take the token on which `draw` falls; without a draw the most probable.

    A repetition penalty among the filters is for what stands in `ids`.
    """
    filtering = filter_logits(logits, seen=ids, **filters)
    chosen = int(filtering.probs.argmax()) if draw is None else draw_from(filtering.probs, draw)
    return DecodeStep(ids, filtering, draw, chosen)


def log_probs(logits: Tensor, ids: Sequence[int]) -> Tensor:
    """What the model gave each token after the first, log p(token | those before). (t, vocab), t ids -> (t - 1,)"""
    told = logits[: len(ids) - 1].double().log_softmax(-1)
    return told.gather(-1, torch.tensor(ids[1:], dtype=torch.long)[:, None])[:, 0]


def perplexity(log_probs: Sequence[float]) -> float:
    """e to the mean of -log p: among how many equally probable tokens the model wavered, on average.

    NaN for none, and infinite where the number would be larger than a float.
    """
    mean = -sum(log_probs) / len(log_probs) if len(log_probs) else math.nan
    return math.inf if mean > math.log(sys.float_info.max) else math.exp(mean)


def beam_search(
    next_logits: NextLogits,
    prompt: Sequence[int],
    eos: int,
    max_new: int,
    width: int,
    length_penalty: float = 0.0,
) -> BeamTree:
    """Keep the `width` best hypotheses at each depth; score = Σ log p / length ** length_penalty (arXiv 1609.08144).

    Every hypothesis that was looked at stays in the tree, the dropped ones too: each open one is followed by its
    `width` best tokens (one more could not be among the best), impossible ones left out. Raises ValueError unless width
    and max_new >= 1 and length_penalty is from 0 to 100, and for logits that `filter_logits` would refuse.
    """
    if width < 1 or max_new < 1 or not 0 <= length_penalty <= MOST_PENALTY:
        raise ValueError(f"beam search cannot use width {width}, max_new {max_new}, length_penalty {length_penalty}.")
    prompt = tuple(int(i) for i in prompt)
    nodes = [BeamNode(None, None, 0.0, 0.0, 0.0, 0, "open")]
    beam, ended = [0], []
    for depth in range(1, max_new + 1):
        found = []
        for parent in beam:
            logits = next_logits(path(prompt, nodes, parent))
            check(logits)
            logs = logits.double().log_softmax(-1)
            for token in ranked(logs)[: min(width, int((logs > -torch.inf).sum()))].tolist():
                total = nodes[parent].total + logs[token].item()
                score = normalized(total, depth, length_penalty)
                found.append(BeamNode(parent, token, logs[token].item(), total, score, depth, "dropped"))
        best = sorted(range(len(found)), key=lambda i: -found[i].score)[:width]  # sorted is stable: earlier ones first
        beam = []
        for i, node in enumerate(found):
            state = "dropped" if i not in best else "ended" if node.token == eos else "open"
            nodes.append(node._replace(state=state))
            if state != "dropped":
                (ended if state == "ended" else beam).append(len(nodes) - 1)
        if not beam or (ended and hope(nodes, beam, max_new, length_penalty) <= max(nodes[i].score for i in ended)):
            break
    winner = max(ended + beam, key=lambda i: nodes[i].score)
    return BeamTree(prompt, tuple(nodes), path(prompt, nodes, winner))


def hope(nodes: Sequence[BeamNode], beam: list[int], max_new: int, length_penalty: float) -> float:
    """The best score that an open hypothesis could still reach: its sum can only fall, but its length may help it."""
    return normalized(max(nodes[i].total for i in beam), max_new, length_penalty)


def normalized(total: float, length: int, penalty: float) -> float:
    """total / length ** penalty; a product, because the power of a long length is more than a number can hold."""
    return total * float(length) ** -penalty


def path(prompt: tuple[int, ...], nodes: Sequence[BeamNode], node: int) -> tuple[int, ...]:
    tokens: list[int] = []
    while nodes[node].parent is not None:
        tokens.append(nodes[node].token)
        node = nodes[node].parent
    return prompt + tuple(reversed(tokens))


class Cached:
    """A model as `next_logits` with a KV cache: only tokens not yet read are computed.

    The caches of the sequences of the last two lengths are kept, so beams can share a prefix.
    """

    def __init__(self, model: Decoder, **memory):
        self.model, self.memory = model, memory
        self.pasts: dict[tuple[int, ...], Past] = {}

    def __call__(self, ids: Sequence[int]) -> Tensor:
        return self.step(ids).logits[0, -1]

    @torch.inference_mode()
    def step(self, ids: Sequence[int]) -> DecoderTrace:
        """The trace of the tokens that were not in the cache: the last one, if its predecessors were."""
        ids = tuple(ids)
        if not ids:
            raise ValueError("there is nothing to go on from: the model needs at least one token.")
        past = self.pasts.get(ids[:-1])
        trace = self.model(torch.tensor([ids[-1:] if past else ids]), past=past, **self.memory)
        self.pasts = {known: p for known, p in self.pasts.items() if len(ids) - 1 <= len(known) <= len(ids)}
        self.pasts[ids] = self.model.past(trace)
        return trace
