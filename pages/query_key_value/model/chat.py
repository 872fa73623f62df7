"""A chat in which every message looks back at earlier ones: causal attention on phrases, round after round.

A message is the mean of its words' vectors; queries, keys and values are the messages themselves. Round r gives
X_r = W_r X_(r-1), so X_2 = (W_2 W_1) X_0: the product of the weights tells who has heard of whom.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.words import WordVectors
from pages.query_key_value.model.retrieval import phrase
from pages.shared.model.panels import Axis, Dot, Panel, pipeline, versus
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from core.attention import AttentionTrace

CHAT = """\
Ann: the concert is on saturday night
Ben: on saturday i work at the hospital
Cleo: is the hospital near the river
Dan: the nurse and the doctor work there too"""
MOST, ROUNDS = 8, 3
HEADS = 2


class Chat(NamedTuple):
    messages: tuple[str, ...]  # with who wrote them
    x: np.ndarray  # (n, d)
    unknown: dict[str, list[str]]
    refused: tuple[str, ...]  # messages without a known word
    left_out: int

    @property
    def labels(self) -> tuple[str, ...]:
        """ "1 Ann": the number of the message and who wrote it, or its first word."""
        return tuple(f"{i} {name(message)[:10]}" for i, message in enumerate(self.messages, 1))


class Round(NamedTuple):
    """One layer: what everybody gave to whom, and what each message holds of each first message since the start."""

    scores: np.ndarray  # (n, n)
    weights: np.ndarray  # (n, n)
    heard: np.ndarray  # (n, n), this round's weights times what was heard before
    before: np.ndarray  # (n, d)
    after: np.ndarray  # (n, d)


def name(message: str) -> str:
    """The first word of a line: who wrote it."""
    return next(iter(message.partition(":")[0].split()), "?")


def chat(text: str, vectors: WordVectors) -> Chat:
    """Messages from lines "name: words"; the name is no word of the message. A line without known words is refused."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    messages, x, refused = [], [], []
    unknown: dict[str, list[str]] = {}
    for line in lines[:MOST]:
        who, colon, words = line.partition(":")
        vector, strange = phrase(vectors, words if colon else who)
        unknown |= strange
        if vector is None:
            refused.append(line)
            continue
        messages.append(line)
        x.append(vector)
    rows = np.array(x).reshape(-1, vectors.vectors.shape[1])
    return Chat(tuple(messages), rows, unknown, tuple(refused), max(0, len(lines) - MOST))


def attend(x: np.ndarray, back: int, temperature: float) -> "AttentionTrace":
    """Each message looks at itself and at up to `back` earlier ones, by cosine. x (n, d)"""
    import torch  # late: pages import this file first

    from core.attention import attention
    from core.masks import sliding_window

    rows = torch.from_numpy(np.array(x))
    return attention(rows, rows, rows, sliding_window(len(x), back + 1), kind="cosine", temperature=temperature)


def rounds(x: np.ndarray, back: int, temperature: float, n: int = ROUNDS) -> list[Round]:
    """The layers, one after the other. x (messages, d)"""
    made, heard = [], np.eye(len(x))
    for _round in range(n):
        trace = attend(x, back, temperature)
        weights, after = trace.weights.numpy(), trace.output.numpy()
        heard = weights @ heard
        made.append(Round(trace.masked.numpy(), weights, heard, x, after))
        x = after
    return made


def panels(found: Chat, made: Sequence[Round], at: int) -> dict:
    """The weights of round `at`, counted from 1, and what everybody has heard before and after it."""
    axes = {name: Axis(_("message"), found.labels) for name in ("query", "key", "first")}
    now = made[at - 1]
    weights = Panel(
        "weights", now.weights, "query", "key", f"W_{at}", _("weights of round {n}").format(n=at), "weights"
    )
    if at == 1:
        return pipeline(axes, [weights])
    before = Panel("before", made[at - 2].heard, "key", "first", heard(at - 1), _("heard before"), "weights")
    title = _("heard after round {n}").format(n=at)
    after = Panel("heard", now.heard, "query", "first", heard(at), title, "weights", Dot("weights", "before"))
    return pipeline(axes, [weights, before, after])


def heard(n: int) -> str:
    """W_2·W_1, as symbols are written."""
    return "·".join(f"W_{i}" for i in range(n, 0, -1))


def paths(made: Sequence[Round], labels: Sequence[str], to: int, of: int) -> str:
    """How the second round brought message `of` to message `to` (from 0): over each message between, a formula."""
    second, first = made[1].weights[to], made[0].weights[:, of]
    terms = [
        rf"\underbrace{{{number(second[i])}\cdot {number(first[i])}}}_{{\text{{by way of {labels[i].split()[0]}}}}}"
        for i in range(of, to + 1)
        if second[i] * first[i] > 0
    ]
    return f"${' + '.join(terms) or '0'} = {number(made[1].heard[to, of], 3)}$"


def two_heads(found: Chat, back: int, temperature: float) -> dict:
    """The chat twice at once: one head compares the first half of the columns, the other the second half."""
    halves = np.split(found.x, HEADS, axis=1)
    weights = [attend(half, back, temperature).weights.numpy() for half in halves]
    axes = {name: Axis(_("message"), found.labels) for name in ("query", "key")}
    d = halves[0].shape[1]
    one, two = (
        Panel(f"head_{i}", w, "query", "key", _("head {n}").format(n=i),
              _("columns {a} to {b}").format(a=1 + (i - 1) * d, b=i * d), "weights")
        for i, w in enumerate(weights, 1)
    )  # fmt: skip
    return versus(axes, one, two)


def reach(made: Sequence[Round]) -> tuple[int, int] | None:
    """A message and a first one (from 0) that it has only heard of in round two, by the largest share; None if none."""
    new = np.where(made[0].heard == 0, made[1].heard, 0)
    to, of = divmod(int(new.argmax()), len(new))
    return (to, of) if new[to, of] > 0 else None
