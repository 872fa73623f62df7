"""Questions about order and positions: a prediction, and four from the numbers on screen.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Sequence

import numpy as np

from pages.positions.model.turns import turned
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question, same
from pages.shared.model.written import factor, isolated, number

STAYS = _("It stays the same, number for number.")
PLACE = _("It becomes the output that belonged to its new place.")
CHANGES = _("It changes: the word has other neighbours now.")
TELLS = _("Yes: the mask alone lets the outputs depend on the order.")
BLIND = _("No: without positions no attention can.")
BASE = 10_000.0
CLOSE = 0.01  # an answer read off the screen is right too


def predict(label: str) -> Question:
    """Before the reveal: what becomes of a word's output when the words change places?"""
    text = _(
        "**No positions, no mask.** Self-attention reads the words in the order that you chose above. What becomes of "
        "the output of **{word}**, compared with the first order?"
    )
    working = _("Each output is a sum over all words, and a sum does not ask in which order they come.")
    mistakes = (
        (PLACE, _("A place has no output of its own: the row moves with its word.")),
        (CHANGES, _("It looks at the same words as before, with the same weights: a sum has no neighbours.")),
    )
    options = (STAYS, PLACE, CHANGES)
    return Question(fill(text, word=isolated(label)), STAYS, working, options, mistakes)


def questions(labels: Sequence[str], x: float, q: np.ndarray, k: np.ndarray) -> tuple[Question, ...]:
    """x: first number of the last token's vector, before positions; q (d,) of the last token, k (d,) of the first."""
    return row(labels, x), shifted(labels, q, k), penalty(labels, q, k), mask()


def row(labels: Sequence[str], x: float) -> Question:
    """A number of a sinusoidal row, added to a token's."""
    p, x = max(1, len(labels) - 1), round(x, 2)
    right = math.sin(p)
    text = _(
        "**Sinusoidal.** The vector of **{word}** begins with {x}. At position {p}, what is its first number "
        "after the sinusoidal row of that position was added? (The first dimension is the sine of the first pair.)"
    )
    working = rf"${number(x)} + \sin({p}) = {x} + {factor(right, 3)} = {number(x + right, 3)}$"
    mistakes = (
        (x + math.cos(p), _("That is the cosine: it stands in the second dimension.")),
        (x + math.sin(math.radians(p)), _("You took degrees: the angle is in radians.")),
        (right, _("That is the position's own number: it is added to the word's.")),
        (x * right, _("You multiplied: the row is added.")),
        (x, _("That is the word's number alone: positions are added, not put beside it.")),
    )
    return made(fill(text, x=number(x), p=p, word=isolated(labels[-1])), x + right, working, mistakes)


def shifted(labels: Sequence[str], q: np.ndarray, k: np.ndarray) -> Question:
    """Two turned scores are given: which one comes back when both are shifted?"""
    m, n, by = 5, 2, 10
    here, apart = (round(turned(q, k, m + s, n, BASE).score, 3) for s in (0, by))
    text = _(
        "**Rotary**, base 10,000. The query of **{query}** at {m} and the key of **{key}** at {n} have q·k = {here}. "
        "With the query at {far} and the key still at {n} it is {apart}. "
        "What is it with the query at {far} and the key at {later}?"
    )
    places = {"m": m, "n": n, "far": m + by, "later": n + by, "here": number(here, 3), "apart": number(apart, 3)}
    names = {"query": isolated(labels[-1]), "key": isolated(labels[0])}
    working = fill(
        _("The distance is {far} − {later} = {m} − {n} = {d}, as at first, so q·k is the same."), d=m - n, **places
    )
    plain = float(q @ k)
    mistakes = (
        (apart, _("There the distance is larger: shift both, and it is the first distance again.")),
        (here + by, _("The shift is not added to the score: it turns both vectors by the same angle.")),
        (plain, _("That is q·k without turning: at distance 0.")),
    )
    return made(fill(text, **places, **names), here, working, mistakes)


def penalty(labels: Sequence[str], q: np.ndarray, k: np.ndarray) -> Question:
    """A score and a slope are given: what is left of the score?"""
    score, slope, distance = round(float(q @ k) / math.sqrt(len(q)), 2), 0.25, max(2, len(labels) - 1)
    text = _(
        "**ALiBi.** The score of **{query}** and **{key}** is {score}. Let them stand {distance} places apart. "
        "What is the score in a head with slope {slope}?"
    )
    values = {"score": number(score), "slope": slope, "distance": distance}
    working = rf"${number(score)} - {slope}\cdot{distance} = {number(score - slope * distance)}$"
    mistakes = (
        (score + slope * distance, _("You added: the penalty makes far tokens count less.")),
        (score - slope, _("You took the slope once: it is multiplied by the distance.")),
        (score * slope, _("You multiplied the score: slope times distance is taken off it.")),
        (score - distance, _("You took off the distance itself: multiply it by the slope first.")),
        (slope * distance, _("That is the penalty: take it off the score.")),
    )
    names = {"query": isolated(labels[-1]), "key": isolated(labels[0])}
    return made(fill(text, **values, **names), score - slope * distance, working, mistakes)


def mask() -> Question:
    text = _(
        "**Mask.** A decoder keeps its causal mask but loses its positions. "
        "Can its outputs still depend on the order of the words?"
    )
    working = _("A word sees those before it, and who is before it depends on the order.")
    mistakes = ((BLIND, _("That is so where all see all. A causal mask treats first and last differently.")),)
    return Question(text, TELLS, working, (BLIND, TELLS), mistakes)


def made(text: str, right: float, working: str, mistakes: Sequence[tuple[float, str]]) -> Question:
    """Mistakes that, with these very numbers, give the right answer are left out."""
    question = Question(text, right, working, tolerance=CLOSE)
    return question._replace(mistakes=tuple(m for m in mistakes if not same(question, m[0], right)))
