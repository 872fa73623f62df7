"""What a lesson shows of decoding: one step as a table from which nothing is left out, and two texts held together."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from core.attention import softmax
from core.decoding import DecodeStep, Filtering, penalised, ranked
from core.tokenizer import EOS
from pages.shared.model.written import percent, short

TOP = 12


class Row(NamedTuple):
    """One token, or several together."""

    tokens: tuple[int, ...]
    rank: int  # 1 has the largest logit, once penalised; of several: the first one's
    logit: float  # of several: the largest
    scaled: float  # likewise
    share: float  # softmax over the whole vocabulary, before any filter; of several: the sum
    kept: int  # how many of them the filters kept
    cut_by: str  # the filter that cut it, or the first of them; "" if none was cut
    prob: float  # what is drawn from; of several: the sum
    chosen: bool
    told: float  # the logit after the penalty for repetition; of several: the largest
    seen: bool  # in the text already; of several: one of them


def facts(step: DecodeStep, rows: Sequence[Row], name: Callable[[int], str]) -> dict:
    """What a lesson's words say about a step; `rows` are all of it, with EOS among them."""
    first, chosen = rows[0], next(r for r in rows if r.chosen)
    end = next(r for r in rows if EOS in r.tokens)
    shown, others = [r for r in rows if len(r.tokens) == 1], [r for r in rows if len(r.tokens) > 1]
    tail = sum(r.share for r in others)
    found = {"vocab": len(step.filtering.logits), "logit": first.logit, "scaled": short(first.scaled)}
    found |= {"first": name(first.tokens[0]), "share": percent(first.share), "prob": percent(first.prob)}
    found |= {"shown": len(shown), "held": percent(sum(r.share for r in shown)), "tail": percent(tail)}
    found |= {"others": sum(len(r.tokens) for r in others)}
    found |= {"kept": sum(r.kept for r in rows), "mass": percent(first.share / first.prob)}
    found |= {"end_rank": end.rank, "end": percent(end.share), "draw": step.draw, "chosen": name(step.chosen)}
    found |= {"seen": sum(r.seen for r in shown)}
    return found | {"rank": chosen.rank, "chosen_prob": percent(chosen.prob)}


class Written(NamedTuple):
    """One token of a continuation."""

    token: int
    draw: float | None
    log_prob: float  # what the model itself gave it: temperature 1, no filter


def rows(
    step: DecodeStep,
    stages: dict[str, Filtering],
    always: Sequence[int] = (),
    top: int = TOP,
    repetition_penalty: float = 1.0,
) -> list[Row]:
    """The `top` largest, the chosen one and those that are `always` shown, by size; then one row for all others.

    `stages` are those of `core.decoding.stages` for the same logits and filters.
    """
    logits, scaled, kept, probs = (part.numpy() for part in step.filtering)
    told = logits if repetition_penalty == 1 else penalised(step.filtering.logits, step.ids, repetition_penalty).numpy()
    shares = softmax(step.filtering.scaled.double()).numpy()
    text, order = set(step.ids), ranked(step.filtering.scaled).tolist()
    shown = {*order[:top], step.chosen, *always}

    def row(tokens: Sequence[int], rank: int) -> Row:
        at = list(tokens)
        cut = [i for i, stays in zip(at, kept[at].tolist(), strict=True) if not stays]
        cut_by = next(name for name, stage in stages.items() if not stage.kept[cut[0]]) if cut else ""
        sizes = [x[at].max().item() for x in (logits, scaled)]
        share, prob = shares[at].sum().item(), probs[at].sum(dtype=float).item()
        after = told[at].max().item(), not text.isdisjoint(at)
        return Row(tuple(at), rank, *sizes, share, len(at) - len(cut), cut_by, prob, at == [step.chosen], *after)

    single = [row([token], rank) for rank, token in enumerate(order, 1) if token in shown]
    others = [token for token in order if token not in shown]
    return single + ([row(others, order.index(others[0]) + 1)] if others else [])


def written(step: DecodeStep) -> Written:
    logs = step.filtering.logits.double().log_softmax(-1)
    return Written(step.chosen, step.draw, logs[step.chosen].item())


def parting(one: Sequence[Written], other: Sequence[Written]) -> int | None:
    """Where two texts first differ (counted from 0), or where one of them ends first; None if they never do."""
    pairs = zip_longest([w.token for w in one], [w.token for w in other])
    return next((i for i, (a, b) in enumerate(pairs) if a != b), None)
