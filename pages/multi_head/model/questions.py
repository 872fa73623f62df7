"""Questions about many heads: by hand from the numbers on screen, in a model from its sizes and its heads.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Sequence

import numpy as np

from core.attention import MultiHeadTrace
from core.interpretability.heads import FROM
from pages.multi_head.model.example import WIDTH, Shape, parameters
from pages.multi_head.model.head_steps import State, counted, sets
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import CLOSE, Question, made
from pages.shared.model.written import dot, isolated, number, percent

SAME = _("all the same")
ANSWERS = (_("nothing"), _("a quarter"), _("a half"), _("three quarters"))


def vector(values: Sequence[float]) -> str:
    return "(" + ", ".join(map(number, values)) + ")"


def first_look(s: State, other: MultiHeadTrace, name: str) -> Question:
    """With other heads and the same weights: which word gets the most weight from head 1 of one word?"""
    labels = [isolated(label) for label in s.labels]
    now, then = s.now.heads.weights[0].numpy(), other.heads.weights[0].numpy()
    query = int(now.max(1).argmax())
    row = then[query].round(2)
    best = [labels[i] for i in np.flatnonzero(row == row.max())]
    answer = SAME if len(best) == len(labels) > 1 else best[0]
    text = _("The same weights, but **{heads}**. Which word gets the most weight from **{query}** in head 1?")
    working = _("The row of **{query}** is then {row}.")
    options = (*labels, SAME) if answer == SAME else (*(x for x in labels if x == answer or x not in best), SAME)
    mistakes = (
        (
            labels[int(now[query].argmax())],
            _("That is where head 1 looks now. With another cut it asks another question."),
        ),
    )
    values = {"heads": name, "query": labels[query], "row": vector(row.tolist())}
    return made(text, answer, working, mistakes, values, options=options)


def best_one(lost: float) -> Question:
    """How much does one head lose at least?"""
    answer = ANSWERS[round(4 * lost)]
    text = _(
        "“love” should hold who loves (two numbers) **and** what is loved (two numbers). One head may choose its "
        "weights for who and what, and the best $W_v$ and $W_o$ there are. How much of the two meanings is lost at "
        "least?"
    )
    mistakes = (
        (ANSWERS[0], _("An average of two words has only two numbers of meaning: it cannot give back four.")),
        (ANSWERS[1], _("More than that: the average has two numbers of meaning, and four are wanted.")),
    )
    working = _("The average has two numbers of meaning, four are wanted: {lost} is lost.")
    return made(text, answer, working, mistakes, {"lost": percent(lost)}, options=ANSWERS)


def by_hand(s: State) -> tuple[Question, ...]:
    """The numbers of the heads on screen."""
    joined = (concat(s),) if s.n_heads > 1 else ()
    return (score(s), *joined, output(s), count(WIDTH, s.n_heads, s.n_kv_heads))


def score(s: State) -> Question:
    """The query and the key of a head are given: what is the score?"""
    sizes = np.abs(s.now.heads.scores.numpy())
    head, query, key = (int(i) for i in np.unravel_index(sizes.argmax(), sizes.shape))
    q, k = s.now.heads.q[head, query].numpy().round(2), s.now.heads.k[head, key].numpy().round(2)
    product = float(q @ k)
    text = _(
        "**Score.** In head {head}, the query of **{query}** is {q} and the key of **{key}** is {k}. What is the score?"
    )
    mistakes = (
        (product, _("That is the dot product: it still has to be divided by √d_head.")),
        (product / math.sqrt(WIDTH), _("You divided by the root of d_model: a head is only d_head wide.")),
        (product / s.d_head, _("You divided by d_head itself: divide by its square root.")),
    )
    labels = [isolated(label) for label in s.labels]
    values = {"head": head + 1, "query": labels[query], "key": labels[key], "q": vector(q), "k": vector(k)}
    working = (
        dot(q, k)
        + rf", $\;\frac{{{number(product)}}}{{\sqrt{{{s.d_head}}}}} = {number(product / math.sqrt(s.d_head))}$"
    )
    return made(text, product / math.sqrt(s.d_head), working, mistakes, values, tolerance=CLOSE)


def concat(s: State) -> Question:
    """The heads' outputs are given: what is one number of the concatenation?"""
    heads = s.now.heads.output.numpy().round(2)  # (n_heads, words, d_head)
    word = int(np.ptp(heads, axis=0).sum(-1).argmax())
    own, at = heads[:, word], WIDTH - 1
    right, column = float(own[-1, -1]), own[:, -1]
    listed = ", ".join(_("head {n} {values}").format(n=i + 1, values=vector(row)) for i, row in enumerate(own))
    text = _("**Concatenate.** For **{word}** the heads bring: {listed}. What is number {at} of the concatenation?")
    mistakes = (
        (float(column.sum()), _("You added the heads: concatenating puts them side by side.")),
        (float(column.mean()), _("You averaged the heads: concatenating puts them side by side.")),
        (float(own[0, -1]), _("That is from head 1: its columns come first, those of the last head last.")),
    )
    values = {"word": isolated(s.labels[word]), "listed": listed, "at": at + 1}
    working = _("Side by side: ") + vector(own.ravel()) + "."
    return made(text, right, working, mistakes, values, tolerance=CLOSE)


def output(s: State) -> Question:
    """A row of the concatenation and W_o are given: what is one number of the output?"""
    rows, w_o = s.now.concat.numpy().round(2), s.given.w_o.round(2)
    everything = rows @ w_o
    word, col = (int(i) for i in np.unravel_index(np.abs(everything - rows).argmax(), everything.shape))
    row, first = rows[word], slice(0, s.d_head)
    text = _(
        "**Project.** The concatenation of **{word}** is {row}, and column {col} of $W_o$ is {w}. What is number {col} "
        "of the output?"
    )
    mistakes = (
        (float(row[col]), _("That is the concatenation itself: it still goes through $W_o$.")),
        (float(row @ w_o[col]), _("You took a row of $W_o$: a number of the output needs its column.")),
        (float(row[first] @ w_o[first, col]), _("That is what head 1 adds: the other heads have rows of $W_o$ too.")),
    )
    values = {"word": isolated(s.labels[word]), "row": vector(row), "w": vector(w_o[:, col]), "col": col + 1}
    return made(text, float(everything[word, col]), dot(row, w_o[:, col]), mistakes, values, tolerance=CLOSE)


def count(d_model: int, n_heads: int, n_kv_heads: int) -> Question:
    """How many weights?"""
    d_head = d_model // n_heads
    right, kept = parameters(d_model, n_heads, d_head, n_kv_heads), n_kv_heads * d_head
    text = _(
        "**Count.** d_model is {d:,}, with {heads} of equal width and {sets} of keys and values. How many numbers do "
        "$W_q$, $W_k$, $W_v$ and $W_o$ hold together?"
    )
    mistakes = (
        (d_model**2, _("That is one of the four matrices.")),
        (right - d_model**2, _("You forgot one: $W_o$ is as large as $W_q$.")),
        (4 * d_model**2, _("That would be one set of keys and values for each head.")),
        (right * n_heads, _("The heads share out the columns: more heads are narrower, and nothing is added.")),
        (right // n_heads, _("That is one head's part: the matrices hold the columns of all heads.")),
    )
    working = rf"$2 \cdot {d_model} \cdot {d_model} + 2 \cdot {d_model} \cdot {kept} = {right}$"
    values = {"d": d_model, "heads": counted(n_heads), "sets": sets(n_kv_heads)}
    return made(text, right, working, mistakes, values, tolerance=0.5)


def in_model(shape: Shape, share: float, even: float, pattern: str) -> tuple[Question, ...]:
    """A model's sizes, and one head's share for a pattern beside that of an even look."""
    d_model = shape.n_heads * shape.d_head
    return column(shape), count(d_model, shape.n_heads, shape.n_kv_heads), cache(shape), times(share, even, pattern)


def column(shape: Shape) -> Question:
    """Which head does a column of the concatenation belong to?"""
    at = shape.n_heads * shape.d_head // 2 + shape.d_head + 1  # the first column of a head
    right = (at - 1) // shape.d_head + 1
    text = _(
        "**Whose column?** The concatenation has {wide} columns, of {n} heads. Counted from 1, which head does column "
        "{at} belong to?"
    )
    mistakes = (
        (right - 1, _("Not yet the one before: head {n} ends with column {end}.")),
        ((at - 1) % shape.d_head + 1, _("That is its place within the head: asked is for the head.")),
        (at % shape.n_heads, _("Heads do not take turns: each has its columns side by side.")),
    )
    mistakes = tuple((m, fill(said, n=right - 1, end=at - 1)) for m, said in mistakes)
    working = rf"$({at} - 1) / {shape.d_head} = {(at - 1) // shape.d_head}$"
    working += _(" heads come before it: it belongs to head {right}.")
    values = {"wide": shape.n_heads * shape.d_head, "n": shape.n_heads, "at": at, "right": right}
    return made(text, right, working, mistakes, values, tolerance=0.1)


def cache(shape: Shape) -> Question:
    """How many bytes does one token take in the KV cache?"""
    right = shape.cache(shape.n_kv_heads, 1)
    text = _(
        "**KV cache.** {layers} layers, {n} key-value heads of width {d}, {bytes} bytes a number. How many bytes does "
        "the cache keep for one token?"
    )
    mistakes = (
        (right // 2, _("You counted keys or values: both are kept.")),
        (right // shape.n_layers, _("That is one layer: each layer has keys and values of its own.")),
        (right // shape.bytes, _("Those are numbers: each takes {bytes} bytes.")),
        (right // shape.n_kv_heads, _("That is one head: all {n} are kept.")),
    )
    values = {"layers": shape.n_layers, "n": shape.n_kv_heads, "d": shape.d_head, "bytes": shape.bytes}
    mistakes = tuple((m, fill(said, **values)) for m, said in mistakes)
    terms = (2, shape.n_layers, shape.n_kv_heads, shape.d_head, shape.bytes)
    return made(text, right, "$" + r" \cdot ".join(map(str, terms)) + f" = {right}$", mistakes, values, tolerance=0.5)


def times(share: float, even: float, pattern: str) -> Question:
    """How many times as much as an even look?"""
    share, even = round(share, 3), round(even, 3)
    text = _(
        "**Much or little?** On average this head gives {share:.1%} of its weight to the pattern “{pattern}”. An even "
        "look would give {even:.1%}. How many times as much is that?"
    )
    mistakes = (
        (share - even, _("That is the difference: divide instead.")),
        (even / share if share else 0.0, _("You divided the even look by the head: the other way round.")),
    )
    values = {"share": share, "even": even, "pattern": pattern, "from": FROM}
    working = rf"${share:.3f} / {even:.3f} = {share / even:.2f}$"
    return made(text, share / even, working, mistakes, values, tolerance=0.03)
