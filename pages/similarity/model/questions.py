"""Questions about two vectors and their three scores, and about what the width does to them.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Sequence

import numpy as np

from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, made
from pages.shared.model.written import dot, isolated, number
from pages.similarity.model.comparing import SAME, Compared, compare, disagreement, gap

CLOSE = 0.011
TIE = _("neither: they are equal")


def growth(d: int, times: int) -> Question:
    """What becomes of the variance of q·k when the width grows?"""
    options = (
        _("It stays the same."),
        _("It becomes {root:g} times as large.").format(root=math.sqrt(times)),
        _("It becomes {times} times as large.").format(times=times),
        _("It becomes {square} times as large.").format(square=times**2),
    )
    text = _(
        "Queries and keys are filled with random numbers (mean 0, variance 1). Their width grows from {d} to {wide}. "
        "What happens to the **variance** of q·k?"
    )
    mistakes = (
        (options[0], _("Each number still has variance 1, but q·k is a sum: it has more terms now.")),
        (options[1], _("That is what the standard deviation does: the root of the variance.")),
        (
            options[3],
            _("Variances of independent terms add up: the sum of {times} times as many has {times} times it."),
        ),
    )
    mistakes = tuple((wrong, fill(said, times=times)) for wrong, said in mistakes)
    working = _("q·k is a sum of d products, each with variance 1. Of independent terms the variances add up: d.")
    return Question(fill(text, d=d, wide=d * times), options[2], working, options, mistakes)


def questions(q: np.ndarray, k: np.ndarray, query: str, names: Sequence[str], score: float, d: int) -> tuple:
    """q (width,), k (n, width) on screen; `score` is a q·k of the experiment at width d."""
    by_hand = len(q) == 2
    if by_hand:
        q, k = np.round(q, 2), np.round(k, 2)
    names, query = [isolated(n) for n in names], isolated(query)
    found = compare(q, k)
    pair = disagreement(found) or (0, len(names) - 1)
    asked = [product(q, k[0], query, names[0])] if by_hand else []
    key = names[pair[1]]
    if not by_hand:  # a token has both
        query, key = _("the query of {t}").format(t=query), _("the key of {t}").format(t=key)
    asked.append(cosine(found, pair[1], query, key, len(q)))
    if len(names) > 1:
        asked.append(first(found, sorted(pair), query, names))
    return (*asked, scaled(round(score, 2), d))


def vector(x: Sequence[float]) -> str:
    return f"({', '.join(number(z, 2).removesuffix('.00') for z in x)})"


def product(q: np.ndarray, k: np.ndarray, query: str, name: str) -> Question:
    text = _("**Dot product.** {query} = ") + vector(q) + _(" and {name} = ") + vector(k) + _(". What is q·k?")
    right, summed = float(q @ k), float((q + k).sum())
    crossed = float(q @ k[::-1])
    mistakes = (
        (summed, _("You added all the numbers: multiply those in the same place, then add the products.")),
        (crossed, _("You multiplied crosswise: the first number belongs with the first, the second with the second.")),
        (float(np.linalg.norm(q) * np.linalg.norm(k)), _("That is the product of the lengths: it ignores the angle.")),
        (float(q[0] * k[0]), _("That is only the first product: add the second.")),
    )
    return made(text, right, dot(q, k), mistakes, {"query": query, "name": name}, tolerance=CLOSE)


def cosine(found: Compared, key: int, query: str, name: str, width: int) -> Question:
    """From a dot product and two lengths."""
    d, a, b = (round(float(x), 2) for x in (found.dot[key], found.length, found.lengths[key]))
    values = {"query": query, "name": name, "length": a, "other": b}
    if not a * b:
        text = _("**Cosine.** One of {query} and {name} has length 0. What does this page say their cosine is?")
        working = _("A zero vector points nowhere, so there is no angle. Dividing 0 by 0 has no answer; 0 was decided.")
        return made(text, 0.0, working, (), values)
    text = _("**Cosine.** The length of {query} is {length:.2f}, that of {name} {other:.2f}; their dot product is ")
    text += number(d) + _(". What is their cosine?")
    right = d / (a * b)
    working = rf"$\frac{{{number(d)}}}{{{a:.2f}\cdot{b:.2f}}} = {number(right, 3)}$"
    mistakes = (
        (d, _("That is the dot product: divide it by both lengths.")),
        (d / a, _("You divided by one length: that is the shadow of one on the other. Divide by both.")),
        (d / b, _("You divided by one length: that is the shadow of one on the other. Divide by both.")),
        (
            d / math.sqrt(width),
            _("You divided by √d: that is the scaled dot product. The cosine divides by both lengths."),
        ),
        (d / (a + b), _("You divided by the sum of the lengths: it is their product.")),
    )
    return made(text, right, working, mistakes, values, tolerance=CLOSE)


def first(found: Compared, pair: Sequence[int], query: str, names: Sequence[str]) -> Question:
    """Which of two keys comes first by cosine?"""
    i, j = pair

    def winner(scores: Sequence[float]) -> str:
        lead = gap(scores, i, j)
        return TIE if abs(lead) <= SAME else names[i] if lead > 0 else names[j]

    text = _("**Order.** Which key is more similar to {query} **by cosine**: {one} or {other}?")
    right = winner(found.cosine)
    values = {"query": query, "one": names[i], "other": names[j]}
    values |= {"a": number(found.cosine[i], 3), "b": number(found.cosine[j], 3)}
    working = _("The cosines are {a} for {one} and {b} for {other}.")
    mistakes = (
        (
            winner(found.dot),
            _("That is the order by dot product. It counts the length too, which the cosine does not."),
        ),
    )
    if winner(found.lengths) != TIE:
        longer = _("That one is longer. The cosine does not ask for the length, only for the angle.")
        mistakes = (*mistakes, (winner(found.lengths), longer))
    return made(text, right, working, mistakes, values, options=(names[i], names[j], TIE))


def scaled(score: float, d: int) -> Question:
    text = _("**Scaled.** At width {d}, q·k is ") + number(score) + _(". What is the scaled score?")
    right = score / math.sqrt(d)
    working = rf"$\frac{{{number(score)}}}{{\sqrt{{{d}}}}} = {number(right)}$"
    mistakes = (
        (score, _("That is the dot product itself: divide it by the square root of the width.")),
        (score / d, _("You divided by the width itself: it is its square root.")),
        (score * math.sqrt(d), _("You multiplied by the square root of the width: divide by it.")),
        (score / math.sqrt(2), _("You divided by √2, as for width 2. Here the width is {d}.").format(d=d)),
    )
    return made(text, right, working, mistakes, {"d": d}, tolerance=CLOSE)
