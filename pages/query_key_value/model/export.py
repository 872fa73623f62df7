"""The three pictures as a few lines of NumPy: a look-up, a chat in two rounds, two matrices in training."""

from collections.abc import Sequence

import numpy as np

from pages.query_key_value.model.chat import Chat, Round
from pages.query_key_value.model.projections import RATE, USUAL, Seen, Task
from pages.query_key_value.model.retrieval import Library
from pages.shared.model.snippets import literal

START = ("import numpy as np", "", "np.set_printoptions(suppress=True)  # 0.0003, not 3e-04")
SEARCH = """\
powers = np.exp((scores - scores.max()) / {temperature!r})
weights = powers / powers.sum()

print(weights.round(4))  # soft: a share of every entry
titles = list(library)
print(library[titles[weights.argmax()]])  # hard: the contents of the best title alone
"""
CHAT = """\
def softmax(x):
    powers = np.exp((x - x.max(axis=1, keepdims=True)) / {temperature!r})
    return powers / powers.sum(axis=1, keepdims=True)

w_1, w_2 = softmax(scores_1), softmax(scores_2)
print(w_1.round(4))
print((w_2 @ w_1).round(4))  # who has heard of whom after two rounds
"""
PLANE = """\
w_q = w_k = np.eye(2)
rows = [i for i, goal in enumerate(goals) if goal is not None]
wanted = np.array([[j == goal for j in range(len(x))] for goal in goals], dtype=float)
for _ in range({steps}):
    q, k = x @ w_q, x @ w_k
    powers = np.exp(q @ k.T / np.sqrt(2))
    weights = powers / powers.sum(axis=1, keepdims=True)
    error = np.zeros_like(weights)
    error[rows] = (weights - wanted)[rows] / len(rows) / np.sqrt(2)
    by_q, by_k = x.T @ error @ k, x.T @ error.T @ q
    w_q, w_k = {update}
powers = np.exp(x @ w_q @ (x @ w_k).T / np.sqrt(2))
weights = powers / powers.sum(axis=1, keepdims=True)
print(weights.round(4))
"""
GIVEN = """\
scores = x @ w_q @ (x @ w_k).T / np.sqrt(2)
powers = np.exp(scores - scores.max(axis=1, keepdims=True))
weights = powers / powers.sum(axis=1, keepdims=True)
print(weights.round(4))
"""


def search(found: Library, scores: np.ndarray, temperature: float) -> str:
    """From the scores (n,) of the query on screen."""
    entries = [f"    {entry.title!r}: {entry.content!r}," for entry in found.entries]
    lines = [*START, "library = {", *entries, "}", literal("scores", scores, 8), ""]
    return "\n".join([*lines, SEARCH.format(temperature=temperature)])


def chat(found: Chat, made: Sequence[Round], temperature: float) -> str:
    """From the masked scores of the first two rounds."""
    scores = [literal(f"scores_{i}", one.scores, 8) for i, one in enumerate(made[:2], 1)]
    about = f"# {', '.join(found.labels)}"
    return "\n".join([*START, about, *scores, "", CHAT.format(temperature=temperature)])


def plane(task: Task, seen: Seen, steps: int | None, shared: bool) -> str:
    """The training of so many steps or, without, the matrices that the learner set."""
    known = [*START, f"# {', '.join(task.words)}", literal("x", seen.x, 12)]
    if steps is None:
        return "\n".join([*known, literal("w_q", seen.w_q, 12), literal("w_k", seen.w_k, 12), "", GIVEN])
    rate = float(RATE / max(1.0, np.abs(seen.x).max() / USUAL) ** 4)
    update = (f"w_q - {rate!r} * by_q", f"w_k - {rate!r} * by_k")
    if shared:
        update = (f"(w_q - {rate!r} * (by_q + by_k),) * 2",)
    return "\n".join([*known, f"goals = {list(task.goals)}", PLANE.format(steps=steps, update=", ".join(update))])
