"""Questions about a mask: a weight, a sum, a count, a number format, and who is moved by whom."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from core.attention import softmax
from pages.masking.model.example import Look
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, made
from pages.shared.model.written import isolated, number

CLOSE = 0.01  # an answer read off the screen, from numbers that were not rounded, is right too
MANY = 8  # scores that a question lists
LARGEST = 20.0  # a power of e that nobody works out by hand


def questions(at: Look, labels: Sequence[str]) -> tuple[Question, ...]:
    """Those that the mask on screen allows: some need a row in which something, but not all, is hidden."""
    labels = [isolated(label) for label in labels]
    row = telling(at)
    small = row is not None and len(labels) <= MANY and at.scores[row].abs().max() <= LARGEST
    found = (weight(at, labels, row),) if small else ()
    found += () if row is None else (total(at, labels, row),)
    found += () if len(labels) == 1 else (count(len(labels)),)
    seen = at.mask.any(0).nonzero().flatten().tolist() or range(len(labels))  # nobody looks at padding
    return (*found, half(), moved(at.mask, labels, seen[len(seen) // 2]))


def telling(at: Look) -> int | None:
    """The row that hides the most weight, among those that leave more than one key."""
    hidden = (softmax(at.scores) * ~at.mask).sum(-1).tolist()
    keys = at.mask.sum(-1).tolist()
    rows = [i for i, n in enumerate(keys) if n > 1 and 0.05 < hidden[i] < 0.95]
    return max(rows, key=hidden.__getitem__, default=None)


def weight(at: Look, labels: Sequence[str], query: int) -> Question:
    """A row's scores are given, and which keys are open: what is one weight?"""
    scores, may = at.scores[query].double().round(decimals=2).tolist(), at.mask[query].tolist()
    powers = [math.exp(s) for s in scores]
    key = max((j for j, m in enumerate(may) if m), key=powers.__getitem__)
    kept = [j for j, m in enumerate(may) if m]
    below = sum(powers[j] for j in kept)
    told = (_("{score} for **{key}** (masked)"), _("{score} for **{key}**"))
    listed = [fill(told[m], score=number(s), key=name) for s, name, m in zip(scores, labels, may, strict=True)]
    text = _("**Weight.** The scores of **{query}** are ") + ", ".join(listed)
    over = " + ".join(f"e^{{{number(scores[j])}}}" for j in kept)
    working = rf"$\frac{{e^{{{number(scores[key])}}}}}{{{over}}} = \frac{{{powers[key]:.3f}}}{{{below:.3f}}}"
    mistakes = (
        (powers[key] / sum(powers), _("You masked after the softmax: the hidden keys took their share of the sum.")),
        (powers[key], _("That is e to the score: it still has to be divided by the sum over the open keys.")),
        (scores[key] / (sum(scores[j] for j in kept) or 1), _("You divided the score by the sum of the scores.")),
    )
    text += _(". What is its weight on **{key}**?")
    working += f" = {number(powers[key] / below)}$"
    values = {"query": labels[query], "key": labels[key]}
    return made(text, powers[key] / below, working, mistakes, values, tolerance=CLOSE)


def total(at: Look, labels: Sequence[str], query: int) -> Question:
    """What does a row sum to if its forbidden weights are crossed out after the softmax?"""
    hidden = round((softmax(at.scores) * ~at.mask)[query].sum().item(), 2)
    text = _("**Too late.** Without a mask, **{query}** gives {hidden:.2f} of its weight to forbidden keys. ")
    text += _("If those weights are set to 0 *after* the softmax, what does the row sum to?")
    mistakes = (
        (1.0, _("It would with −∞ before the softmax. Crossing out weights afterwards leaves the others alone.")),
        (hidden, _("That is what was lost: the row keeps the rest.")),
    )
    values = {"query": labels[query], "hidden": hidden, "left": 1 - hidden}
    return made(text, 1 - hidden, "$1 - {hidden:.2f} = {left:.2f}$", mistakes, values)


def count(t: int) -> Question:
    """How many cells does a causal mask close?"""
    text = _("**Count.** A causal mask for {t} tokens: how many of its {all} cells are masked?")
    right = t * (t - 1) // 2
    mistakes = (
        (t * (t + 1) / 2, _("Those are the open cells: the diagonal is open too.")),
        (t * t / 2, _("Half of all cells would mask half of the diagonal: a token may look at itself.")),
        (t * t - t, _("Those are all cells but the diagonal: only those above it are masked.")),
    )
    values = {"t": t, "less": t - 1, "all": t * t, "right": right}
    return made(text, right, r"$\frac{{t}\cdot {less}}{2} = {right}$", mistakes, values, tolerance=0.1)


def half() -> Question:
    """What −1e9 becomes as a float16: asked of the format itself."""
    lowest = torch.finfo(torch.float16).min
    found = torch.tensor(-1e9, dtype=torch.float16).item()
    options = ("−1e9", f"−{-lowest:,.0f}", "−∞", "0")
    right = dict(zip((-1e9, lowest, -math.inf, 0.0), options, strict=True))[found]
    mistakes = (
        (options[0], _("A float32 can hold it. A float16 has 5 bits for the exponent and ends far below.")),
        (options[1], _("That is the lowest finite one. What lies far beyond it does not become it.")),
        (options[3], _("Numbers too small to be told from 0 become 0; this one is too large.")),
    )
    working = _("The lowest finite float16 is −{low:,.0f}; what lies far beyond it becomes {right}.")
    values = {"low": -lowest, "right": right}
    return made(_("**float16.** What does −1e9 become there?"), right, working, mistakes, values, options=options)


ABOVE, OWN = _("the mask above"), _("the model's own mask")


def moved(mask: Tensor, labels: Sequence[str], position: int, which: str = ABOVE) -> Question:
    """How many outputs can move when one word is replaced? Its own output does: its query is another one."""
    sees = mask[:, position].clone()
    keys = int(mask[position].sum())
    sees[position] |= keys > 1  # with a single key its weight is 1, whatever the query
    right, t = int(sees.sum()), len(labels)
    text = _("**The leak.** **{word}** is replaced by another word. With {which}, ")
    text += _("how many of the {t} outputs can move?")
    working = _(
        "Those whose row may look at **{word}**, and its own, if it shares its weight among several keys: {right}."
    )
    mistakes = (
        (t, _("All would, without a mask: the masked ones give this word the weight 0.")),
        (keys, _("You read its row, whom it looks at: who looks at it stands in its column.")),
        *(((1, _("Others look at this word too: go down its column.")),) if right > 1 else ()),
    )
    values = {"word": labels[position], "t": t, "right": right, "which": which}
    return made(text, right, working, mistakes, values, tolerance=0.1)
