"""Questions about one row of scores: a share, a ratio, the derivative, and what a number format can hold.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Sequence

import numpy as np

from pages.shared.model.prose import _, fill
from pages.shared.model.questions import CLOSE, Question, same
from pages.shared.model.written import isolated, number
from pages.softmax.model import shares

FEW = 4  # scores in a sum that is worked out by hand


def shift(constant: float) -> Question:
    """What becomes of the shares if a constant is added to every score?"""
    text = _("Add {c:g} to **every** score. What happens to the share of the largest?")
    options = (_("It grows."), _("It shrinks."), _("It stays the same."))
    working = _(
        r"$\frac{e^{s_i + c}}{\sum_j e^{s_j + c}} = \frac{e^c\,e^{s_i}}{e^c \sum_j e^{s_j}}$, and $e^c$ cancels."
    )
    mistakes = (
        (options[0], _("Its power of e grows, but so do all the others, by the same factor: it cancels.")),
        (options[1], _("The others grow as well, but by the same factor as the largest: it cancels.")),
    )
    return Question(fill(text, c=constant), options[2], working, options, mistakes)


def questions(scores: np.ndarray, names: Sequence[str], temperature: float) -> tuple[Question, ...]:
    """scores (n,) on screen, at the temperature that is set."""
    names = [isolated(name) for name in names]
    order = np.argsort(-scores, kind="stable")
    top = sorted(order[:FEW].tolist())
    p = shares.shares(scores, temperature)
    made = [share(scores[top].round(2), [names[i] for i in top])]
    if len(scores) > 1:
        made.append(ratio(scores.round(2), order, names, temperature))
    return (*made, slope(p, names), limit())


def question(text: str, answer: float | str, working: str, mistakes: Sequence[tuple], **more) -> Question:
    """Mistakes that, with these very numbers, give the right answer are left out."""
    made = Question(text, answer, working, **more)
    return made._replace(mistakes=tuple(m for m in mistakes if not same(made, m[0], answer)))


def share(scores: np.ndarray, names: Sequence[str]) -> Question:
    """A few scores, temperature 1: what is the share of the largest?"""
    best = int(scores.argmax())
    below = scores - scores.max()
    powers = np.exp(below)
    right = float(1 / powers.sum())
    plain = float(scores[best] / scores.sum()) if scores.sum() else math.inf
    listed = ", ".join(fill(_("**{name}** {s}"), name=n, s=number(s)) for n, s in zip(names, scores, strict=True))
    text = _("**Share.** If these were all the scores, at temperature 1: ") + listed + ". "
    text += fill(_("What is the share of **{name}**?"), name=names[best])
    under = " + ".join(f"e^{{{number(x)}}}" for x in below)
    working = _("The largest subtracted from all: ")
    working += rf"$\frac{{e^{{0}}}}{{{under}}} = \frac{{1}}{{{powers.sum():.3f}}} = {right:.3f}$."
    mistakes = [
        (plain, _("You divided by the sum of the scores: first raise e to each.")),
        (1 / len(scores), _("That would be so if all scores were equal.")),
        (1.0, _("That is what hardmax does: the largest takes all. Softmax leaves something to each.")),
    ]
    if scores.max() < 50:
        mistakes.append((math.exp(scores.max()), _("That is e to the score: divide it by the sum over all.")))
    return question(text, right, working, mistakes, tolerance=CLOSE)


def ratio(scores: np.ndarray, order: np.ndarray, names: Sequence[str], temperature: float) -> Question:
    """How many times as large is one share as another?"""
    first = int(order[0])
    other = next((int(i) for i in order[1:] if 0.3 <= (scores[first] - scores[i]) / temperature <= 4), int(order[1]))
    gap = float(scores[first] - scores[other])
    t = temperature if gap / temperature <= 4 else max(1.0, round(gap / 2, 1))
    right = math.exp(gap / t)
    values = {
        "one": names[first],
        "other": names[other],
        "a": number(scores[first]),
        "b": number(scores[other]),
        "t": t,
    }
    text = fill(
        _(
            "**Ratio.** At temperature {t:g}, {one} has score {a} and {other} {b}. "
            "How many times as large is the share of {one}?"
        ),
        **values,
    )
    working = rf"$e^{{({values['a']} - {factor(scores[other])}) / {t:g}}} = e^{{{number(gap / t)}}} = {right:.2f}$"
    mistakes = [
        (gap, _("That is the difference of the scores: the ratio of the shares is e to the difference.")),
        (gap / t, _("That is the difference divided by the temperature: now raise e to it.")),
        (
            math.exp(min(gap, 700.0)),
            _("That is the ratio at temperature 1: divide the difference by the temperature first."),
        ),
        (1 / right, _("That is the other way round.")),
    ]
    if scores[other]:
        quotient = float(scores[first] / scores[other])
        mistakes.append((quotient, _("You divided the scores: what counts is their difference.")))
    return question(text, right, working, mistakes, tolerance=max(CLOSE, 0.02 * right))


def factor(x: float) -> str:
    text = number(x)
    return f"({text})" if text.startswith("−") else text


def slope(p: np.ndarray, names: Sequence[str]) -> Question:
    """From a share to the diagonal of the Jacobian."""
    at = int(np.abs(p - 0.3).argmin())
    share = round(float(p[at]), 2)
    right = share * (1 - share)
    text = fill(_("**Derivative.** The share of **{name}** is {p:.2f}. "), name=names[at], p=share)
    text += _("Its own score (after division by T) is raised a very little. By how much per unit does the share grow?")
    working = rf"$p(1-p) = {share:.2f}\cdot{1 - share:.2f} = {right:.4f}$"
    mistakes = (
        (share, _("That is the share itself: the derivative is p(1 − p).")),
        (1 - share, _("That is what the others have: multiply by p.")),
        (-share * share, _("That is −p², what an entry of −ppᵀ has: on the diagonal p is added.")),
        (share * share, _("That is p²: on the diagonal it is p − p².")),
    )
    return question(text, right, working, mistakes)


def limit() -> Question:
    """From which whole score on does e^s overflow in float16?"""
    right = shares.first_overflow("float16")
    text = _(
        "**Overflow.** The largest number that float16 can hold is 65,504. "
        "What is the smallest whole score whose power of e is too large for it?"
    )
    working = rf"$\ln 65504 = {math.log(65504):.2f}$, so $e^{{{right - 1}}}$ still fits and $e^{{{right}}}$ does not."
    mistakes = (
        (right - 1, _("e to that is about {x:,.0f}, which still fits.").format(x=math.exp(right - 1))),
        (shares.first_overflow("float32"), _("That is the limit of float32.")),
        (65504.0, _("That is the largest number itself: its natural logarithm is asked for.")),
        (16.0, _("16 is the number of bits: the largest number is 65,504, and e to which score is more?")),
    )
    return question(text, float(right), working, mistakes, tolerance=0.001)
