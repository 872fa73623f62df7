"""Why queries and keys have matrices of their own: a few words on a plane, which W_q and W_k bend.

The matrices start as the identity and are trained, by plain gradient descent on the cross-entropy −log weight[i, goal],
until each word looks at its goal. Trained as one matrix for both, every score is the same both ways.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from pages.shared.model.panels import Axis, Dot, Panel, Softmax, pipeline, versus
from pages.shared.model.prose import _

STEPS, RATE = 200, 0.3
MOMENTS = (0, 1, 2, 5, 10, 20, 50, 100, 200)  # steps of training that can be looked at
USUAL = 2.0  # points are about as far from the middle; the step is smaller for points further out


class Task(NamedTuple):
    words: tuple[str, ...]
    x: np.ndarray  # (n, 2), set by us
    goals: tuple[int | None, ...]  # at which word each is to look; None if it looks for nothing


class Seen(NamedTuple):
    """The task under one pair of matrices, all float64."""

    x: np.ndarray  # (n, 2)
    w_q: np.ndarray  # (2, 2)
    w_k: np.ndarray
    q: np.ndarray  # (n, 2)
    k: np.ndarray
    scores: np.ndarray  # (n, n)
    weights: np.ndarray
    loss: float


RPS = Task(("rock", "paper", "scissors"), np.array([[0.0, 2.0], [-1.7, -1.0], [1.7, -1.0]]), (2, 0, 1))
CAT = Task(
    ("hungry", "cat", "eats", "fish"),
    np.array([[2.0, 0.4], [0.4, 1.8], [-1.8, 0.4], [-0.4, -2.0]]),
    (1, 2, 3, None),
)
TASKS = {"hungry cat eats fish": CAT, "rock, paper, scissors": RPS}
for task in TASKS.values():
    task.x.setflags(write=False)


def see(x: np.ndarray, goals: Sequence[int | None], w_q: np.ndarray, w_k: np.ndarray) -> Seen:
    """Queries, keys, scaled dot products, weights, and the mean of −log weight[i, goal]."""
    q, k = x @ w_q, x @ w_k
    scores = q @ k.T / np.sqrt(k.shape[1])
    below = scores - scores.max(1, keepdims=True)
    logs = below - np.log(np.exp(below).sum(1, keepdims=True))
    asking = [i for i, goal in enumerate(goals) if goal is not None]
    loss = -np.mean([logs[i, goals[i]] for i in asking])
    return Seen(x, w_q, w_k, q, k, scores, np.exp(logs), float(loss))


def slopes(seen: Seen, goals: Sequence[int | None]) -> tuple[np.ndarray, np.ndarray]:
    """The gradient of the loss with respect to W_q and W_k, (2, 2) each."""
    asks = np.array([goal is not None for goal in goals])
    wanted = np.array([[j == goal for j in range(len(goals))] for goal in goals], dtype=float)
    error = np.where(asks[:, None], seen.weights - wanted, 0.0) / asks.sum() / np.sqrt(seen.k.shape[1])
    return seen.x.T @ error @ seen.k, seen.x.T @ error.T @ seen.q


def train(x: np.ndarray, goals: Sequence[int | None], shared: bool, steps: int = STEPS) -> list[Seen]:
    """From the identity on: before the first step and after each. With `shared` both are one and the same matrix."""
    return list(trained(np.asarray(x, dtype=np.float64).tobytes(), tuple(goals), shared, steps))


@lru_cache(maxsize=32)
def trained(x: bytes, goals: tuple[int | None, ...], shared: bool, steps: int) -> tuple[Seen, ...]:
    points = np.frombuffer(x).reshape(-1, 2)
    rate = RATE / max(1.0, np.abs(points).max() / USUAL) ** 4  # scores grow with the square, slopes once more
    w_q = w_k = np.eye(2)
    made = [see(points, goals, w_q, w_k)]
    for _step in range(steps):
        by_q, by_k = slopes(made[-1], goals)
        if shared:
            w_q = w_k = w_q - rate * (by_q + by_k)
        else:
            w_q, w_k = w_q - rate * by_q, w_k - rate * by_k
        made.append(see(points, goals, w_q, w_k))
    return tuple(made)


def lopsided(scores: np.ndarray) -> float:
    """How far scores are from being the same both ways: the largest |s_ij − s_ji|. (n, n)"""
    return float(np.abs(scores - scores.T).max())


def panels(task: Task, now: Seen, before: Seen, editable: Sequence[str]) -> dict:
    """From the points to the weights, linked; what differs from `before` is marked."""
    labels = [f"{i} {word}" for i, word in enumerate(task.words)]
    axes = {name: Axis(_("word"), labels) for name in ("word", "query", "key")}
    axes |= {"axis": Axis(_("axis"), ("1", "2")), "column": Axis(_("column"), ("1", "2"))}
    made = [
        Panel("X", now.x, "word", "axis", "X", _("the words"), base=before.x),
        Panel("W_q", now.w_q, "axis", "column", "W_q", "", "query", base=before.w_q),
        Panel("q", now.q, "query", "column", "Q", _("queries"), "query", Dot("X", "W_q"), base=before.q),
        Panel("W_k", now.w_k, "axis", "column", "W_k", "", "key", base=before.w_k, starts=True),
        Panel("k", now.k, "key", "column", "K", _("keys"), "key", Dot("X", "W_k"), base=before.k),
        Panel("scores", now.scores, "query", "key", rule=Dot("q", "k", True, 2**0.5), base=before.scores, starts=True),
        Panel("weights", now.weights, "query", "key", "", _("each row sums to 1"), "weights", Softmax("scores"),
              base=before.weights),
    ]  # fmt: skip
    return pipeline(axes, [panel._replace(editable=panel.id in editable) for panel in made])


def beside(task: Task, own: Seen, one: Seen) -> dict:
    """The weights with two matrices and with one for both, and the difference."""
    labels = [f"{i} {word}" for i, word in enumerate(task.words)]
    axes = {name: Axis(_("word"), labels) for name in ("query", "key")}
    titles = _("two matrices"), _("one for both")
    a, b = (
        Panel(name, seen.weights, "query", "key", name, title, "weights")
        for name, seen, title in zip("AB", (own, one), titles, strict=True)
    )
    return versus(axes, a, b)


def facts(task: Task, seen: Seen) -> dict:
    """What the words of the lesson quote: the clearest pair that is not mutual, and how many goals are met."""
    asking = [i for i, goal in enumerate(task.goals) if goal is not None]
    own = sum(bool(row[i] > np.delete(row, i).max() + 1e-9) for i, row in enumerate(seen.weights))
    met = sum(bool(seen.weights[i, task.goals[i]] > 0.5) for i in asking)
    one, other = asking[0], task.goals[asking[0]]
    said = {"n": len(task.words), "own": own, "met": met, "asking": len(asking), "loss": seen.loss}
    said |= {"lopsided": lopsided(seen.scores), "one": task.words[one], "other": task.words[other]}
    said |= {"there": seen.weights[one, other], "back": seen.weights[other, one], "even": np.log(len(task.words))}
    return said | {"there_score": seen.scores[one, other], "back_score": seen.scores[other, one]}
