"""Questions about one attention head of a causal model: score, weight, output, and who looks at whom.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from core.attention import AttentionTrace
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question
from pages.shared.model.written import dot, isolated, number

FEW = 4  # tokens in a sum that is worked out by hand
CLOSE = 0.01  # an answer read off the screen, from numbers that were not rounded, is right too


def questions(trace: AttentionTrace, labels: Sequence[str], shown: range, d_model: int) -> tuple[Question, ...]:
    """trace: one head, q (t, d) and so on; `shown` are the tokens on screen. A single token can look nowhere else."""
    trace = AttentionTrace(*(x.double().numpy() for x in trace))
    labels = [isolated(label) for label in labels]
    made = (score(trace, labels, shown[-1], d_model), weight(trace, labels), output(trace, labels))
    return made if len(labels) == 1 else (*made, strongest(trace, labels, shown))


def score(trace: AttentionTrace, labels: Sequence[str], query: int, d_model: int) -> Question:
    """q·k is given: what is the score?"""
    d = trace.q.shape[-1]
    key = int(np.abs(trace.scores[query, : query + 1]).argmax())
    product = round(float(trace.q[query] @ trace.k[key]), 2)
    right, top = product / math.sqrt(d), number(product)
    text = (
        _("**Score.** The query of **{query}** and the key of **{key}** have {d} numbers each. Their dot product is ")
        + top
    )
    text = fill(text + _(". What is the score?"), query=labels[query], key=labels[key], d=d)
    working = rf"$\frac{{{top}}}{{\sqrt{{{d}}}}} = \frac{{{top}}}{{{math.sqrt(d):.3f}}} = {number(right)}$"
    wide = _("You divided by the square root of d_model = {d_model}: it is d_head = {d}, the width of one head.")
    mistakes = (
        (product, _("That is the dot product itself: you forgot to divide by the square root of d_head.")),
        (product / d, fill(_("You divided by d_head = {d} itself: divide by its square root."), d=d)),
        (product / math.sqrt(d_model), fill(wide, d_model=d_model, d=d)),
        (product * math.sqrt(d), _("You multiplied by the square root of d_head: divide by it.")),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def weight(trace: AttentionTrace, labels: Sequence[str]) -> Question:
    """The scores of a row are given: what is one of its weights?"""
    query, key, right, *wrong = max(weights(trace.scores), key=lambda found: apart(*found[2:]))
    row = trace.scores[query, : query + 1].round(2).tolist()
    listed = ", ".join(fill(_("{score} for **{key}**"), score=number(s), key=labels[i]) for i, s in enumerate(row))
    text = fill(_("**Weight.** Of the tokens that **{query}** may look at, the scores are "), query=labels[query])
    powers = [math.exp(s) for s in row]
    over = " + ".join(f"e^{{{number(s)}}}" for s in row)
    working = rf"$\frac{{e^{{{number(row[key])}}}}}{{{over}}} = \frac{{{powers[key]:.3f}}}{{{sum(powers):.3f}}}"
    sentences = (
        _("You masked after the softmax: the hidden tokens took their share, so this row does not sum to 1."),
        _("You took the softmax down the column: every query shares out its own 1, along its row."),
        _("You divided the score by the sum of the scores: first raise e to each score."),
        _("That is e to the score: it still has to be divided by the sum over the row."),
    )
    mistakes = tuple(zip((*wrong, powers[key]), sentences, strict=True))
    text += listed + fill(_(". What is its weight on **{key}**?"), key=labels[key])
    return Question(text, right, f"{working} = {number(right)}$", mistakes=mistakes, tolerance=CLOSE)


def weights(scores: np.ndarray) -> Iterator[tuple[int, int, float, float, float, float]]:
    """Query, key, the right weight and what three mistakes give, for the first rows that have a choice."""
    t = len(scores)
    rounded = scores.round(2)
    powers = np.exp(rounded)
    kept = np.tril(powers)
    rows, columns = kept[:FEW].sum(1), kept.sum(0)
    for query in range(min(1, t - 1), min(FEW, t)):
        total, everything = rounded[query, : query + 1].sum(), powers[query].sum()
        for key in range(query + 1):
            power = powers[query, key]
            wrong = power / everything, power / columns[key], rounded[query, key] / (total or 1)
            yield query, key, float(power / rows[query]), *map(float, wrong)


def output(trace: AttentionTrace, labels: Sequence[str]) -> Question:
    """Weights, keys and values are given: what is one number of the output?"""
    query = min(2, len(labels) - 1)
    w, k, v = (x.round(2) for x in (trace.weights[query, : query + 1], trace.k[: query + 1], trace.v[: query + 1]))
    answers = np.stack([w @ v, w @ k, v.sum(0), v.mean(0)]).T  # for each feature the right one, then mistakes
    column = max(range(len(answers)), key=lambda i: apart(*answers[i]))
    right, *wrong = answers[column].tolist()
    w, k, v = w.tolist(), k[:, column].tolist(), v[:, column].tolist()
    lines = [_("| token | weight | in K | in V |"), "|---|--:|--:|--:|"]
    for name, *numbers in zip(labels, w, k, v, strict=False):
        lines.append(f"| {fill('{name}', name=name)} | {' | '.join(map(number, numbers))} |")
    text = _(
        "**Output.** For each token that **{query}** may look at: its weight, and feature {n} of its key and value. "
    )
    text = fill(text + _("What is feature {n} of the output?"), n=column + 1, query=labels[query])
    sentences = (
        _("You took the keys for values: keys only decide the weights, what is mixed are the values."),
        _("You added the values up: each is multiplied by its weight first."),
        _("You took the plain average: the weights say how much each value counts."),
    )
    mistakes = tuple(zip(wrong, sentences, strict=True))
    return Question("\n\n".join((text, "\n".join(lines))), right, dot(w, v), mistakes=mistakes, tolerance=CLOSE)


def strongest(trace: AttentionTrace, labels: Sequence[str], shown: range) -> Question:
    """Which key gets the most weight in a row?"""
    query = max((i for i in shown if i > 0), key=lambda i: clear(trace, i, shown))
    right, down, hidden = looks(trace, query)
    text = fill(_("**Read the matrix.** Which token does **{query}** look at most?"), query=labels[query])
    largest, said = (
        trace.weights[query, right],
        _("In the row of **{query}** the largest weight is {largest:.2f}, on **{key}**."),
    )
    working = fill(said, query=labels[query], largest=largest, key=labels[right])
    mistakes = (
        (labels[down], _("You read down the column: that tells who looks most at this token. A query has a row.")),
        (labels[hidden], _("That token comes later. Its score is the largest before the mask, and the mask hides it.")),
    )
    options = tuple(labels[i] for i in sorted({right, down, hidden, query, 0}))
    return Question(text, labels[right], working, options, mistakes)


def clear(trace: AttentionTrace, query: int, shown: range) -> tuple[bool, bool, int, float]:
    """Better to ask about is a row whose winner is on screen and can be told, and where the mistakes lead elsewhere."""
    second, first = np.sort(trace.weights[query, : query + 1])[-2:]
    right, *wrong = looks(trace, query)
    return right in shown, bool(first - second > 0.02), len({*wrong} - {right}), float(first - second)


def looks(trace: AttentionTrace, query: int) -> tuple[int, int, int]:
    """The key with the most weight in the row, the query with the most in the column, and the largest score."""
    return tuple(int(x.argmax()) for x in (trace.weights[query], trace.weights[:, query], trace.scores[query]))


def apart(*answers: float) -> float:
    """How close the nearest two answers are: where this is large, the right one and each mistake can be told."""
    return min(abs(a - b) for a, b in combinations(answers, 2))
