"""Questions about one step of decoding: the temperature, a filter, the draw, top-p.

The numbers that a question states are rounded, and its answer is worked out from those. Where the step on screen would
make a question trivial (one token has nearly everything), it is asked at another temperature, and says so.
"""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, made

if TYPE_CHECKING:
    from core.config import Config
    from pages.decoding.model.cache_costs import Step

SURE = 0.9  # a token, or the three that a question keeps, with more leaves nothing to ask about
LISTED = 12  # tokens that the table shows one by one


def questions(
    logits: np.ndarray, probs: np.ndarray, temperature: float, name: Callable[[int], str], paid: bool = False
) -> tuple[Question, ...]:
    """Of the step on screen: logits (vocab,), probs (vocab,) as they are drawn from.

    `paid`: the logits are not as the model gave them, but have paid a penalty for repetition.
    """
    order = np.argsort(-logits, kind="stable")
    names = [f"{rank} {name(i)}" for rank, i in enumerate(order[:LISTED].tolist(), 1)]  # ranked: no two are alike
    logits = logits[order].astype(np.float64)
    shares, at = softmax(logits / max(temperature, 1e-30)), _("With the shares on screen")
    if shares[:3].sum() > SURE:
        t = next((t for t in (1, 2, 4) if softmax(logits / t)[:3].sum() <= SURE), 8)
        shares, at = softmax(logits / t), fill(_("At temperature {t}"), t=t)
    drawn, kept = probs[order].astype(np.float64), _("With the probabilities on screen")
    if drawn[0] > SURE:
        drawn, kept = shares, at
    asked = (ratio(logits, temperature, names, paid), renormalised(shares, at, names))
    return (*asked, fallen(drawn, kept, names), nucleus(shares, at))


def softmax(x: np.ndarray) -> np.ndarray:
    powers = np.exp(x - x.max())
    return powers / powers.sum()


def ratio(logits: np.ndarray, temperature: float, names: Sequence[str], paid: bool = False) -> Question:
    """Two logits and the temperature: how much more probable is the first token?"""
    printed = logits[: len(names)].round(2)
    other = next((i for i in range(1, len(names)) if printed[0] - printed[i] >= 0.4), len(names) - 1)
    gap = round(float(printed[0] - printed[other]), 2)
    t = next((t for t in (temperature, 0.5, 2.0, 4.0) if t != 1 and t > 0.05 and gap / t <= 5), 8.0)
    right = math.exp(gap / t)
    text = _(
        "**Temperature.** {penalty}The logit of **{one}** is {a:.2f}, that of **{other}** {b:.2f}. "
        "At temperature {t:g}, how many times as probable as **{other}** is **{one}**?"
    )
    working = _(
        r"The logits are divided: $({a:.2f} - {b:.2f}) / {t:g} = {scaled:.3f}$. "
        r"Softmax makes a ratio of their difference: $e^{{scaled:.3f}} = {right:.2f}$."
    )
    values = {"one": names[0], "other": names[other], "a": float(printed[0]), "b": float(printed[other])}
    mistakes = (
        (math.exp(gap), _("That is the ratio at temperature 1: you did not divide the logits.")),
        (math.exp(gap) / t, _("You divided the probability by the temperature: it is the logits that are divided.")),
        (math.exp(gap * t), _("You multiplied by the temperature: the logits are divided by it.")),
        (gap / t, _("That is the difference of the scaled logits: now raise e to it.")),
        (gap, _("That is the difference of the logits: divide it by the temperature, then raise e to it.")),
        (1 / right, _("That is the other way round: how probable the second is, compared with the first.")),
    )
    values |= {"t": t, "scaled": gap / t, "right": right}
    values["penalty"] = _("The penalty for repetition is paid. ") if paid else ""
    return made(text, right, working, mistakes, values, tolerance=max(0.006, 0.02 * right))


def renormalised(shares: np.ndarray, at: str, names: Sequence[str]) -> Question:
    """Three shares are kept: what is the first one's probability?"""
    p = shares[:3].round(3).tolist()
    total = sum(p)
    text = _(
        "**Filter.** {at}, the three most probable tokens have {p1:.3f}, {p2:.3f} and {p3:.3f}. "
        "If top-k were 3, what would be the probability of **{one}**?"
    )
    working = _(
        r"The kept shares sum to ${p1:.3f} + {p2:.3f} + {p3:.3f} = {total:.3f}$. "
        r"Divided by that they sum to 1 again: ${p1:.3f} / {total:.3f} = {right:.3f}$."
    )
    mistakes = (
        (p[0], _("You forgot to renormalise after the filter: the kept shares have to sum to 1 again.")),
        (1 / 3, _("The kept tokens do not become equally probable: each is divided by their sum.")),
        (
            p[0] + (1 - total) / 3,
            _("You handed out evenly what was cut: instead, each kept share is divided by their sum."),
        ),
        (total, _("That is the sum of the kept shares: divide by it.")),
    )
    values = {"at": at, "one": names[0], "p1": p[0], "p2": p[1], "p3": p[2], "total": total, "right": p[0] / total}
    return made(text, p[0] / total, working, mistakes, values)


def fallen(probs: np.ndarray, at: str, names: Sequence[str]) -> Question:
    """On which token a number falls; never on the first one, so that taking the largest is wrong."""
    shown = max(2, min(4, int((probs > 0.0015).sum())))
    p = probs[:shown].round(3)
    ends = np.cumsum(p)
    target = min(2, shown - 1)
    draw = inside(float(ends[target - 1]), float(ends[target]))
    nearest = int(np.abs(p - draw).argmin())
    text = _("**Draw.** {at}, the largest are ") + "; ".join(
        fill("**{name}** {p:.3f}", name=n, p=float(x)) for n, x in zip(names, p, strict=False)
    )
    text += _(". They are laid end to end from 0 to 1. On which token does the random number {draw:g} fall?")
    working = _("Before {right} come {before:.3f}, with it {after:.3f}: {draw:g} lies between.")
    named = {i: _("Its stretch has ended before that number.") for i in range(1, target)}
    named |= {i: _("Its stretch begins only after that number.") for i in range(target + 1, shown)}
    named[nearest] = _(
        "Its probability is the closest to that number; what counts is the stretch that holds the number."
    )
    named[0] = _("You took the largest, as greedy does: a draw takes the token on which the number falls.")
    mistakes = [(names[i], sentence) for i, sentence in named.items()]
    values = {"at": at, "draw": draw, "right": names[target]}
    values |= {"before": float(ends[target - 1]), "after": float(ends[target])}
    return made(text, names[target], working, mistakes, values, options=tuple(names[:shown]))


def nucleus(shares: np.ndarray, at: str) -> Question:
    """How many tokens a top-p keeps: the one that crosses p is the last."""
    right = max(2, min(4, int((shares > 0.0015).sum())))
    p = shares[: right + 1].round(3)
    ends = np.cumsum(p)
    top_p = inside(float(ends[right - 2]), float(ends[right - 1]))
    text = _("**Top-p.** {at}, the largest are {listed} and so on. How many tokens does top-p = {top_p:g} keep?")
    working = _(
        "The first {less} sum to {before:.3f}, less than {top_p:g}; with the next one it is {after:.3f}. "
        "The token that crosses p is kept, so there are {right}."
    )
    mistakes = (
        (right - 1, _("You left out the token that crosses p: without it the kept ones do not reach p.")),
        (right + 1, _("That is one too many: the sum reached p before the last of them.")),
        (int((p >= top_p).sum()), _("You compared each share with p: it is their running sum that has to reach p.")),
    )
    values = {"at": at, "listed": ", ".join(f"{x:.3f}" for x in p), "top_p": top_p, "right": right}
    values |= {"less": right - 1, "before": float(ends[right - 2]), "after": float(ends[right - 1])}
    return made(text, right, working, mistakes, values)


def inside(low: float, high: float) -> float:
    """A number between, with as few decimals as will do."""
    middle = (low + high) / 2
    return next((x for x in (round(middle, d) for d in (2, 3, 4)) if low < x < high), middle)


def further(
    config: "Config", logits: np.ndarray, ids: Sequence[int], name: Callable[[int], str]
) -> tuple[Question, ...]:
    """Of repetition and the cache: logits (vocab,) as the model gave them after `ids`."""
    worth = [i for i in dict.fromkeys(ids) if abs(logits[i]) >= 0.4] or [max(ids, key=lambda i: abs(logits[i]))]
    token = max(worth, key=lambda i: logits[i])
    asked = repeated(float(logits[token]), name(int(token)), 1.2)
    return asked, cached(len(ids), config.n_layers, config.d_head * config.kv_heads)


def repeated(logit: float, name: str, penalty: float) -> Question:
    """A token that is in the text already: what does the penalty make of its logit?"""
    logit, below = round(logit, 2), logit < 0
    right = logit * penalty if below else logit / penalty
    text = _("**Repetition penalty.** The token “**{name}**” is in the text already, and its logit is {logit:.2f}. "
             "What does a repetition penalty of {penalty:g} make of it?")  # fmt: skip
    working = (
        _("It is below 0, so it is multiplied: ${logit:.2f} \\cdot {penalty:g} = {right:.2f}$.")
        if below
        else _("It is above 0, so it is divided: ${logit:.2f} / {penalty:g} = {right:.2f}$.")
    )
    turned = (
        _("Divided by it, a negative logit would rise, and the token would become more probable.")
        if below
        else _("Multiplied by it the logit would rise, and the token would become more probable.")
    )
    mistakes = (
        (logit / penalty if below else logit * penalty, turned),
        (logit - penalty, _("The penalty is no amount to take away: it divides, or multiplies.")),
        (logit, _("It is in the text, so it does pay.")),
    )
    values = {"name": name, "logit": logit, "penalty": penalty, "right": right}
    return made(text, right, working, mistakes, values, tolerance=0.011)


def cached(t: int, layers: int, d_kv: int) -> Question:
    """How many numbers does one more step write into the cache?"""
    right = 2 * layers * d_kv
    text = _("**KV cache.** The model has {layers} layers; in each a token's keys are {d} numbers, as are its values. "
             "Tokens in the cache: {t}. How many numbers does the next step write into it?")  # fmt: skip
    working = _(
        r"One key and one value in each layer, for the new token alone: $2 \cdot {layers} \cdot {d} = {right}$."
    )
    mistakes = (
        (right / 2, _("That is the keys alone: the values are kept as well.")),
        (2 * d_kv, _("That is one layer: every layer keeps its own.")),
        (right * (t + 1), _("That is the whole cache: the rows before are reused, not written again.")),
        (right * t, _("That is what it holds already.")),
        (right * 4, _("That is bytes: each number takes 4.")),
    )
    return made(text, right, working, mistakes, {"layers": layers, "d": d_kv, "t": t, "right": right})


def better(verdict: str, width: int) -> Question:
    """First say: does beam search find a better text than greedy?"""
    options = (_("beam search finds a higher score"), _("both find the same text"), _("greedy finds a higher score"))
    right = options[("Beam better", "Beam same", "Beam worse").index(verdict)]
    text = _("Greedy and a beam of width {width} start from this text. What will come out?")
    return Question(fill(text, width=width), right, "", options)


def saved(last: "Step") -> Question:
    """First say: how much does the cache spare at the last step?"""
    limits, times = (2, 5, 10, 20, 50), last.uncached / last.cached
    between = (fill(_("{a} to {b} times"), a=a, b=b) for a, b in pairwise(limits))
    options = (_("less than 2 times"), *between, _("50 times or more"))
    text = _("Step T = {t} with the cache, and without: how many times as many operations does it take without?")
    return Question(fill(text, t=last.at), options[sum(times >= x for x in limits)], "", options)
