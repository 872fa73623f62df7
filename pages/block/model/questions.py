"""Questions about the block on screen: norm, residual sum, MLP; and about what a model costs."""

import math
from collections.abc import Sequence

from core import costs
from core.costs import Size
from core.traces import BlockTrace
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question
from pages.shared.model.written import factor, isolated, number

CLOSE = 0.011
FLAT = 0.005  # a deviation that is printed as 0.00: nothing can be divided by it


def questions(trace: BlockTrace, labels: Sequence[str]) -> tuple[Question, ...]:
    """trace: one sentence, (t, features) each."""
    label = isolated(labels[-1])
    asked = residual(trace, label), bent(trace, label), width()
    return asked if trace.norm1.std[-1] < FLAT else (norm(trace, label), *asked)


def norm(trace: BlockTrace, label: str) -> Question:
    """x, mean and deviation are given: what is the normed number?"""
    row = trace.resid_pre[-1]
    column = int((row - trace.norm1.mean[-1]).abs().argmax())
    x, mean, std = (round(float(v), 2) for v in (row[column], trace.norm1.mean[-1, 0], trace.norm1.std[-1, 0]))
    text = _("**Norm.** Feature {n} of **{label}** is {x}; the mean of its row is {mean}, the deviation {std}. "
             "What is it after the norm, before any weight and bias?")  # fmt: skip
    text = fill(text, n=column + 1, label=label, x=number(x), mean=number(mean), std=number(std))
    right = (x - mean) / std
    working = rf"$\frac{{{number(x)} - {factor(mean)}}}{{{number(std)}}} = {number(right)}$"
    mistakes = (
        (x - mean, _("You took off the mean, but did not divide by the deviation.")),
        (x / std, _("You divided by the deviation, but did not take off the mean first.")),
        ((x - mean) / std**2, _("You divided by the variance: divide by its square root, the deviation.")),
        ((x - mean) / math.sqrt(std), _("σ is the deviation already: no further square root.")),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def residual(trace: BlockTrace, label: str) -> Question:
    """What comes in and what attention found are given: what goes on?"""
    x, found = (v[-1, 0].item() for v in (trace.resid_pre, trace.attention.output))
    x, found, normed = round(x, 2), round(found, 2), round(trace.norm1.output[-1, 0].item(), 2)
    text = _("**Residual.** Feature 1 of **{label}** comes in as {x}, after the norm it is {normed}, and attention "
             "found {found}. What goes on to the MLP's half of the block?")  # fmt: skip
    text = fill(text, label=label, x=number(x), normed=number(normed), found=number(found))
    mistakes = (
        (found, _("Attention's output does not replace the stream: it is added to it.")),
        (normed + found, _("The sum takes the stream as it came in, not what the norm made of it.")),
        (x - found, _("It is added, not taken off.")),
    )
    working = f"${number(x)} + {factor(found)} = {number(x + found)}$"
    return Question(text, x + found, working, mistakes=mistakes, tolerance=CLOSE)


def bent(trace: BlockTrace, label: str) -> Question:
    """How many hidden features of a token are above 0?"""
    row = trace.mlp.hidden[-1]
    right, all_ = int((row > 0).sum()), row.shape[-1]
    text = fill(_("**MLP.** Of the {all} hidden features of **{label}**, {below} are not above 0 before the bend. "
                  "ReLU makes each of these exactly 0. How many would ReLU leave above 0?"),
                all=all_, label=label, below=all_ - right)  # fmt: skip
    mistakes = ((all_ - right, _("Those are the ones that ReLU makes 0.")),)
    return Question(text, right, f"${all_} - {all_ - right} = {right}$", mistakes=mistakes, tolerance=0.5)


def width() -> Question:
    """How does doubling d_model and d_ff change a block's matrices?"""
    options = ("2", "4", "8")
    text = _("**Cost.** d_model and d_ff are both doubled, the number of layers stays. By how much do the matrices of "
             "attention and MLP grow, in parameters?")  # fmt: skip
    working = _("Each matrix has rows × columns, and both double: 2·2 = 4 times.")
    mistakes = (
        ("2", _("Both sides of each matrix double, not one.")),
        ("8", _("A matrix has two sides; the number of layers stays.")),
    )
    return Question(text, "4", working, options, mistakes)


def most(size: Size) -> Question:
    """To be said before the bill is shown: which part holds the most parameters?"""
    terms = costs.parameters(size)
    names = tuple(term.part for term in terms)
    right = max(terms, key=lambda term: term.total)
    share = right.total / costs.total(terms)
    working = fill(_("{part} holds {share:.0%} of all."), part=right.part, share=share)
    mistakes = (
        ("Attention", _("Attention has 4 matrices a layer, none wider than d_model; look at what stands beside it.")),
    )
    text = _("Which part of this model holds the most parameters?")
    return Question(text, right.part, working, names, tuple(m for m in mistakes if m[0] != right.part))
