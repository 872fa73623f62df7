"""Questions about a table of vectors: looked up, compared, subtracted, and read from a matrix of cosines."""

import math
from itertools import combinations

import numpy as np

from pages.embeddings.model.rows import Rows, cosines
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question
from pages.shared.model.word_table import AXES, WORDS
from pages.shared.model.written import factor, number

CLOSE = 0.01
PAIRS = tuple(combinations(range(len(WORDS)), 2))


def questions(table: np.ndarray, rows: Rows, places: np.ndarray, with_cosines: bool = True) -> tuple[Question, ...]:
    """The table by hand (4, 2); rows on screen, with their places on the map (n, 2), and cosines if they are shown."""
    made = (look_up(table), cosine(table), subtract(table))
    return (*made, nearest(rows, places)) if with_cosines and len(rows.words) > 2 else made


def look_up(table: np.ndarray) -> Question:
    """An id is given: what is a number of its vector?"""
    at = 2
    right, left, above = (float(x) for x in (table[at, 0], table[at, 1], table[at - 1, 0]))
    text = fill(_("**Look up.** A token has the id {id}. What is the first number of its vector?"), id=at)
    row = f"[{', '.join(map(number, table[at].tolist()))}]"
    working = fill(
        _("Row {id} of E, counted from 0, is {row}: its first number is {right}."), id=at, row=row, right=number(right)
    )
    mistakes = (
        (above, _("You counted the rows from 1: ids count from 0.")),
        (left, _("That is the second number of the row.")),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def cosine(table: np.ndarray) -> Question:
    """Two vectors are given: what is their cosine?"""
    a, b = max(PAIRS, key=lambda pair: spread(table[list(pair)]))
    x, y = table[a], table[b]
    product, lengths = float(x @ y), (math.hypot(*x), math.hypot(*y))
    whole = lengths[0] * lengths[1]
    right = product / whole if whole else 0.0
    text = fill(
        _("**Cosine.** What is the cosine of **{a}** and **{b}** in the table by hand?"), a=WORDS[a], b=WORDS[b]
    )
    terms = " + ".join(rf"{factor(p)}\cdot{factor(q)}" for p, q in zip(x.tolist(), y.tolist(), strict=True))
    working = rf"$\frac{{{terms}}}{{{number(lengths[0])}\cdot{number(lengths[1])}}}"
    working += rf" = \frac{{{number(product)}}}{{{number(whole)}}} = {number(right)}$"
    if not whole:
        working = _("The zero vector has no direction: its cosine counts as 0.")
    mistakes = (
        (product, _("That is the dot product: divide it by the lengths of both vectors.")),
        (
            product / (whole * whole or 1),
            _("You divided by the squared lengths: a length is the root of the sum of squares."),
        ),
        (
            product / math.sqrt(2),
            _("You divided by √2, as attention does with its scores: a cosine is divided by both lengths."),
        ),
        (math.degrees(math.acos(min(1, max(-1, right)))), _("That is the angle in degrees: its cosine was asked.")),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def spread(pair: np.ndarray) -> float:
    """How well the cosine of two vectors can be told from 0, 1 and the dot product."""
    value = abs(cosines(pair)[0, 1])
    return float(min(value, 1 - value, abs(pair[0] @ pair[1])))


def subtract(table: np.ndarray) -> Question:
    """phone − orange + cherry, one number of it."""
    a, b, c, axis = 2, 0, 3, 1
    x, y, z = (float(table[i, axis]) for i in (a, b, c))
    names = {"a": WORDS[a], "b": WORDS[b], "c": WORDS[c], "axis": AXES[axis]}
    text = fill(_("**Add and subtract.** In the table by hand, what is the {axis} of {a} − {b} + {c}?"), **names)
    working = f"${number(x)} - {factor(y)} + {factor(z)} = {number(x - y + z)}$"
    mistakes = (
        (x + y + z, fill(_("You added all three: {b} is subtracted."), **names)),
        (x - y - z, fill(_("You subtracted both: {c} is added."), **names)),
        (float(table[a, 0] - table[b, 0] + table[c, 0]), fill(_("That is the {other}."), other=AXES[0])),
    )
    return Question(text, x - y + z, working, mistakes=mistakes, tolerance=CLOSE)


def nearest(rows: Rows, places: np.ndarray) -> Question:
    """Which of the words on screen has the largest cosine with the chosen one? The map may tell another."""
    own, line, (right, on_map) = rows.chosen, cosines(rows.x)[rows.chosen], winners(rows, places)
    text = _("**Read the numbers.** Which of these has the largest cosine with **{word}**?")
    said = _("In the row of **{word}** the largest cosine but its own is {largest:.2f}, with **{best}**.")
    working = fill(said, word=rows.word, largest=line[right], best=rows.words[right])
    wrong = _("That one is nearest on the map. A map has 2 dimensions: what differs in the others is not on it.")
    mistakes = () if on_map == right else ((rows.words[on_map], wrong),)
    order = sorted((i for i in range(len(line)) if i != own), key=lambda i: -line[i])
    kept = {right, on_map, *order[1:3], order[-1]}
    return Question(
        fill(text, word=rows.word), rows.words[right], working, tuple(rows.words[i] for i in sorted(kept)), mistakes
    )


def winners(rows: Rows, places: np.ndarray) -> tuple[int, int]:
    """The word of the largest cosine with the chosen one, and the word nearest to it on the map."""
    line, far = cosines(rows.x)[rows.chosen].copy(), np.linalg.norm(places - places[rows.chosen], axis=1)
    line[rows.chosen], far[rows.chosen] = -np.inf, np.inf
    return int(line.argmax()), int(far.argmin())


def predict(rows: Rows) -> Question | None:
    """Before any cosine is shown: who is nearest? None where there is no choice."""
    if len(rows.words) < 3:
        return None
    line = cosines(rows.x)[rows.chosen]
    order = [i for i in np.argsort(-line, kind="stable").tolist() if i != rows.chosen]
    text = fill(
        _("Which of these words has the vector that points most in the direction of **{word}**?"), word=rows.word
    )
    said = fill(_("It is **{best}**, with a cosine of {value:.2f}."), best=rows.words[order[0]], value=line[order[0]])
    kept = sorted(order[:4])
    wrong = tuple((rows.words[i], said) for i in kept if i != order[0])
    return Question(text, rows.words[order[0]], said, tuple(rows.words[i] for i in kept), wrong)
