"""Questions about self-attention by hand: a query's number, a score, a weight, a number of the context vector.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math

import numpy as np

from pages.self_attention.model.by_hand import Worked
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import LARGEST, Question, most_apart, read_off
from pages.shared.model.written import dot, isolated, number

LONGEST = 28  # letters of a label


def questions(now: Worked, query: int) -> tuple[Question, ...]:
    """Of the word that asks. Where the scores are beyond all bounds, there is no weight to work out by hand."""
    small = np.abs(now.trace.scores.numpy()[query]).max() <= LARGEST
    return (projected(now, query), score(now, query), *([weight(now, query)] if small else []), mixed(now, query))


def projected(now: Worked, query: int) -> Question:
    """A word and W_q are given: what is one number of its query?"""
    x, w_q, w_k = now.hand.x[query].round(2), now.hand.w_q.round(2), now.hand.w_k.round(2)
    answers = np.stack([x @ w_q, w_q @ x, x @ w_k]).T
    at = most_apart(answers)
    right, *wrong = answers[at].tolist()
    column, row = (", ".join(map(number, w.tolist())) for w in (w_q[:, at], w_q[at]))
    text = _(
        "**Query.** The vector of **{word}** is ({x}). Column {n} of $W_q$ is ({column}), its row {n} is ({row}). "
        "What is number {n} of the query?"
    )
    values = {"word": label(now, query), "x": ", ".join(map(number, x.tolist())), "n": at + 1}
    sentences = (
        _("You took the row of $W_q$: each number of $xW_q$ is $x$ times a *column*."),
        _("You took $W_k$: that makes the key. The query comes from $W_q$."),
    )
    values |= {"column": column, "row": row}
    working = dot(x.tolist(), w_q[:, at].tolist())
    return read_off(fill(text, **values), right, working, zip(wrong, sentences, strict=True))


def score(now: Worked, query: int) -> Question:
    """A query and a key are given: what is the score, as scores are taken now?"""
    d, q, keys = now.hand.w_k.shape[1], now.trace.q.numpy()[query].round(2), now.trace.k.numpy().round(2)
    found = np.stack([ways(q, k) for k in keys])
    order = {"dot": 0, "scaled_dot": 1, "cosine": 2}
    first = order.pop(now.kind)
    key = most_apart(found)
    k, right = keys[key], float(found[key, first])
    names = {"dot": _("dot product"), "scaled_dot": _("scaled dot product"), "cosine": _("cosine")}
    text = _("**Score.** The query of **{word}** is ({q}), the key of **{key}** is ({k}). What is their {kind}?")
    values = {"word": label(now, query), "key": label(now, key), "kind": names[now.kind]}
    values |= {name: ", ".join(map(number, x.tolist())) for name, x in (("q", q), ("k", k))}
    sentences = {
        "dot": _("That is the dot product itself: it still has to be divided."),
        "scaled_dot": fill(_("That is divided by the square root of d = {d}: here it is not to be."), d=d),
        "cosine": _("That is the cosine: divided by both lengths, which here it is not to be."),
    }
    mistakes = [(float(found[key, i]), sentences[kind]) for kind, i in order.items()]
    if now.kind == "scaled_dot":
        mistakes.append((float(q @ k) / d, fill(_("You divided by d = {d} itself: take its square root."), d=d)))
    product = dot(q.tolist(), k.tolist())
    return read_off(fill(text, **values), right, f"{product}, {divided(now.kind, q, k, right)}", mistakes)


def ways(q: np.ndarray, k: np.ndarray) -> tuple[float, float, float]:
    """Dot product, scaled dot product, cosine."""
    lengths = float(np.linalg.norm(q) * np.linalg.norm(k))
    return float(q @ k), float(q @ k) / math.sqrt(len(q)), float(q @ k) / (lengths or 1.0)


def divided(kind: str, q: np.ndarray, k: np.ndarray, right: float) -> str:
    under = {"dot": "1", "scaled_dot": rf"\sqrt{{{len(q)}}}"}
    lengths = rf"{np.linalg.norm(q):.2f}\cdot {np.linalg.norm(k):.2f}"
    return rf"$\frac{{{number(float(q @ k))}}}{{{under.get(kind, lengths)}}} = {number(right)}$"


def weight(now: Worked, query: int) -> Question:
    """The scores of a row are given: what is one of its weights?"""
    rounded = now.trace.scores.numpy().round(2)
    row, powers = rounded[query], np.exp(rounded[query])
    total = row.sum() or 1.0
    down = np.exp(row - np.logaddexp.reduce(rounded, 0))
    answers = np.stack([powers / powers.sum(), down, row / total, powers]).T
    key = most_apart(answers)
    right, *wrong = answers[key].tolist()
    listed = ", ".join(fill(_("{s} for **{w}**"), s=number(s), w=label(now, i)) for i, s in enumerate(row.tolist()))
    text = fill(_("**Weight.** The scores of **{word}** are "), word=label(now, query)) + listed
    text += fill(_(". What is its weight on **{key}**?"), key=label(now, key))
    over = " + ".join(f"e^{{{number(s)}}}" for s in row.tolist())
    working = rf"$\frac{{e^{{{number(row[key])}}}}}{{{over}}} = \frac{{{powers[key]:.3f}}}{{{powers.sum():.3f}}}"
    sentences = (
        _("You took the softmax down the column: every word shares out its own 1, along its row."),
        _("You divided the score by the sum of the scores: first raise e to each score."),
        _("That is e to the score: it still has to be divided by the sum over the row."),
    )
    return read_off(text, right, f"{working} = {number(right)}$", zip(wrong, sentences, strict=True))


def mixed(now: Worked, query: int) -> Question:
    """Weights, keys and values are given: what is one number of the context vector?"""
    w, k, v = (x.numpy().round(2) for x in (now.trace.weights[query], now.trace.k, now.trace.v))
    width = min(k.shape[1], v.shape[1])
    answers = np.stack([(w @ v)[:width], (w @ k)[:width], v.sum(0)[:width], v.mean(0)[:width]]).T
    at = most_apart(answers)
    right, *wrong = answers[at].tolist()
    lines = [_("| word | weight | in K | in V |"), "|---|--:|--:|--:|"]
    for i, numbers in enumerate(zip(w.tolist(), k[:, at].tolist(), v[:, at].tolist(), strict=True)):
        lines.append(f"| {fill('{name}', name=label(now, i))} | {' | '.join(map(number, numbers))} |")
    text = _(
        "**Context vector.** For each word: how much **{word}** looks at it, and number {n} of its key and of its "
        "value. What is number {n} of the context vector?"
    )
    sentences = (
        _("You took the keys for values: keys only decide the weights, what is mixed are the values."),
        _("You added the values up: each is multiplied by its weight first."),
        _("You took the plain average: the weights say how much each value counts."),
    )
    text = "\n\n".join((fill(text, word=label(now, query), n=at + 1), "\n".join(lines)))
    return read_off(text, right, dot(w.tolist(), v[:, at].tolist(), most=8), zip(wrong, sentences, strict=True))


ROW, CELL, COLUMN, NONE = (
    _("all weights of its row, and no others"),
    _("that one weight only"),
    _("all weights of its column, and no others"),
    _("all weights of the matrix"),
)


def raised(now: Worked, query: int, key: int) -> Question:
    """To be answered before it is shown: one score is raised by 1. Which weights change?"""
    score = now.trace.scores[query, key].item()
    text = _(
        "One score is raised by 1: that of **{word}** for **{key}**, from {score} to {more}. "
        "Nothing else is touched. Which weights change?"
    )
    values = {"word": label(now, query), "key": label(now, key), "score": number(score), "more": number(score + 1)}
    working = _("Softmax divides each power by the sum of its row: one larger power, and all others get less.")
    mistakes = (
        (CELL, _("Not that one alone: its row still shares out exactly 1, so the others must give something up.")),
        (COLUMN, _("It is the row: each word that asks shares out its own 1.")),
        (NONE, _("The other rows share out their own 1, and their scores are as they were.")),
    )
    return Question(fill(text, **values), ROW, working, (CELL, ROW, COLUMN, NONE), mistakes)


def label(now: Worked, word: int) -> str:
    """The word as questions name it: one without end would push a table off the page."""
    name = now.hand.labels[word]
    return isolated(name if len(name) <= LONGEST else name[: LONGEST - 1] + "…")
