"""Questions about the three pictures: a look-up, a chat, a plane. Answers follow from the numbers they state."""

from collections.abc import Sequence

import numpy as np

from pages.query_key_value.model.chat import Chat, Round
from pages.query_key_value.model.projections import Seen, Task
from pages.query_key_value.model.retrieval import Library
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import CLOSE, LARGEST, Question, made
from pages.shared.model.written import dot, number

CLEAR = 0.005  # a lead that can be read from the matrix
STAY, MOVE = _("They stay as they are"), _("They change too")
NOTHING, SOME = _("Still nothing: it may not look there"), _("Something, by way of a message between")
LEARNS, FAILS = _("Yes, one matrix is enough"), _("No, one matrix is not enough")


def search(found: Library, scores: np.ndarray, temperature: float) -> tuple[Question, ...]:
    """scores (n,) of the query on screen."""
    weights = np.exp((scores - scores.max()) / temperature)
    best, weights = int(scores.argmax()), weights / weights.sum()
    asked = [rest(found, weights, best), alone(found, scores, weights)]
    if len(found.entries) > 1 and np.abs(scores).max() <= LARGEST * temperature:
        asked.insert(0, weight(found, scores, temperature))
    return tuple(asked)


def weight(found: Library, scores: np.ndarray, temperature: float) -> Question:
    """Two scores alone: what would the better one get?"""
    one, two = np.argsort(-scores, kind="stable")[:2]
    a, b = (round(float(scores[i]), 2) for i in (one, two))
    powers, plain = np.exp(np.array([a, b]) / temperature), np.exp([a, b])
    right = float(powers[0] / powers.sum())
    text = _(
        "**Weight.** Were there only “{one}” with the score {a} and “{two}” with {b}: which weight would “{one}” get "
        "at temperature {t:g}?"
    )
    values = {"one": found.entries[one].title, "two": found.entries[two].title, "a": number(a), "b": number(b)}
    mistakes = (
        (float(plain[0] / plain.sum()), _("You left out the temperature: each score is divided by it first.")),
        (a / (a + b) if a + b else 0.0, _("You divided the score by the sum of the scores: first raise e to each.")),
        (1.0, _("That would be a hard look-up. Softmax leaves the other a share.")),
    )
    t = f"{temperature:g}"
    working = rf"$\frac{{e^{{{number(a)}/{t}}}}}{{e^{{{number(a)}/{t}}} + e^{{{number(b)}/{t}}}}} = {number(right)}$"
    return made(text, right, working, mistakes, values | {"t": temperature}, tolerance=CLOSE)


def rest(found: Library, weights: np.ndarray, best: int) -> Question:
    """The best weight is given: what is left?"""
    given = round(float(weights[best]), 2)
    text = _("**Shares.** “{title}” gets the weight {w}. How much of the result comes from all others together?")
    said = f"$1 - {number(given)} = {number(1 - given)}$"
    values = {"title": found.entries[best].title, "w": number(given)}
    return made(
        text, 1 - given, said, ((given, _("That is its own part: asked is the rest.")),), values, tolerance=CLOSE
    )


def alone(found: Library, scores: np.ndarray, weights: np.ndarray) -> Question:
    """What does a hard look-up hand back?"""
    best = int(scores.argmax())
    options = list(dict.fromkeys(entry.content for entry in found.entries))
    titles = [entry.title for entry in found.entries if entry.title not in options]
    right = found.entries[best].content
    text = _("**Hard look-up.** Only the best match counts. What comes back?")
    wrong = _("That is a title, a key: it is what is compared. What comes back is the value, the contents.")
    twins = {e.content for e, s in zip(found.entries, scores, strict=True) if s == scores[best]} - {right}
    options = [option for option in options if option not in twins]  # of equal titles any would be right
    options = [*options[:5], *([] if right in options[:5] else [right]), *titles[best : best + 1]]
    mistakes = tuple((title, wrong) for title in titles)
    said = fill(_("“{title}” has the largest score, {s}, and its contents come back."),
                title=found.entries[best].title, s=number(float(scores[best])))  # fmt: skip
    return Question(text, right, said, tuple(options), mistakes)


def handed() -> Question:
    """Before titles are handed back in place of contents: what happens to the weights?"""
    text = _("Now hand back the titles themselves in place of the contents. What happens to the **weights**?")
    said = _("Weights come from queries and keys alone. Values are mixed by them, and have no say in them.")
    return Question(text, STAY, said, (STAY, MOVE), ((MOVE, said),))


def chat(found: Chat, rounds: Sequence[Round], to: int, of: int) -> tuple[Question, ...]:
    """A missing weight, a share that came in two rounds, and who is looked at most."""
    asked = missing(found, rounds[0].weights, to), product(found, rounds, to, of)
    others = sorted(looked_at(rounds[0].weights), reverse=True)
    clear = len(others) > 1 and others[0] > others[1] + CLEAR
    return (*asked, popular(found, rounds[0].weights)) if clear else asked


def missing(found: Chat, weights: np.ndarray, to: int) -> Question:
    row = weights[to].round(2)
    others = [f"{number(float(w))} to **{fill('{n}', n=found.labels[i])}**" for i, w in enumerate(row) if w and i != to]
    right = float(1 - row.sum() + row[to])
    text = fill(_("**Weight.** In the first round **{m}** gives "), m=found.labels[to])
    text += (", ".join(others) or _("nothing to others")) + _(". How much does it keep?")
    down = float(weights[:, to].round(2).sum() - row[to])
    wrong = ((down, _("You added up its column: that is what others take from it.")),)
    terms = " - ".join(number(float(w)) for i, w in enumerate(row) if w and i != to)
    return made(text, right, f"$1 {'- ' + terms if terms else ''} = {number(right)}$", wrong, {}, tolerance=CLOSE)


def product(found: Chat, rounds: Sequence[Round], to: int, of: int) -> Question:
    """The second round's row and the first round's column are given: what has arrived?"""
    row, column = rounds[1].weights[to].round(2), rounds[0].weights[:, of].round(2)
    right = float(row @ column)
    lines = [_("| message | round 2: to it | round 1: from there |"), "|---|--:|--:|"]
    lines += [
        f"| {fill('{n}', n=n)} | {number(a)} | {number(b)} |"
        for n, a, b in zip(found.labels, row.tolist(), column.tolist(), strict=True)
    ]
    text = _(
        "**Two rounds.** How much **{to}** gives to each message in round 2, and how much each had given to **{of}** "
        "in round 1. How much of **{of}** is in **{to}** after both?"
    )
    text = "\n\n".join((fill(text, to=found.labels[to], of=found.labels[of]), "\n".join(lines)))
    mistakes = (
        (float(row[of]), _("That is what it takes directly in round 2: what comes by way of others is missing.")),
        (float(row.sum() + column.sum()), _("You added: along a way the weights multiply, then the ways add up.")),
        (float(rounds[0].weights[to, of].round(2)), _("That is after round 1 only.")),
    )
    return made(text, right, dot(row.tolist(), column.tolist(), most=8), mistakes, {}, tolerance=CLOSE)


def popular(found: Chat, weights: np.ndarray) -> Question:
    """Whom do the others look at most?"""
    others = looked_at(weights)
    right = int(others.argmax())
    text = _("**Read the matrix.** Which message do the *others* look at most, all together, in the first round?")
    said = fill(_("Its column, without its own weight, has the largest sum: {s:.2f}."), s=float(others[right]))
    return Question(text, found.labels[right], said, found.labels)


def looked_at(weights: np.ndarray) -> np.ndarray:
    """How much of the others' weight each message has: the sums of the columns without the diagonal."""
    return (weights * (1 - np.eye(len(weights)))).sum(0)


def arrives(found: Chat, to: int, of: int) -> Question:
    """Before the second round: has a message heard of one that it may not see?"""
    text = fill(
        _("**{to}** may not look as far back as **{of}**, and after one round it holds nothing of it. And after two?"),
        to=found.labels[to], of=found.labels[of],
    )  # fmt: skip
    said = _("A message between has looked there in round 1, and hands on in round 2 what it took in.")
    return Question(text, SOME, said, (NOTHING, SOME), ((NOTHING, said),))


def plane(task: Task, seen: Seen, word: int) -> tuple[Question, ...]:
    return projected(task, seen, word), score(task, seen, word), mutual(task, seen, word)


def projected(task: Task, seen: Seen, word: int) -> Question:
    """A point and W_q: what is the first number of the query?"""
    x, w = seen.x[word].round(2), seen.w_q.round(2)
    right, wrong = float(x @ w[:, 0]), float(w[0] @ x)
    text = _("**Query.** **{word}** is at ({x}). Column 1 of W_q is ({c}), its row 1 is ({r}). What is number 1 of q?")
    values = {"word": task.words[word], "x": listed(x), "c": listed(w[:, 0]), "r": listed(w[0])}
    mistakes = ((wrong, _("You took the row of W_q: each number of x·W_q is x times a *column*.")),)
    return made(text, right, dot(x.tolist(), w[:, 0].tolist()), mistakes, values, tolerance=tolerance(right))


def score(task: Task, seen: Seen, word: int) -> Question:
    """A query and a key: what is the scaled dot product?"""
    goal = task.goals[word] if task.goals[word] is not None else word
    q, k = seen.q[word].round(2), seen.k[goal].round(2)
    product = float(q @ k)
    right = product / 2**0.5
    text = _("**Score.** The query of **{a}** is ({q}), the key of **{b}** is ({k}). What is their scaled dot product?")
    values = {"a": task.words[word], "b": task.words[goal], "q": listed(q), "k": listed(k)}
    mistakes = (
        (product, _("That is the dot product itself: divide it by √2.")),
        (product / 2, _("You divided by d = 2 itself: take its square root.")),
    )
    working = rf"{dot(q.tolist(), k.tolist())}, $\frac{{{number(product)}}}{{\sqrt{{2}}}} = {number(right)}$"
    return made(text, right, working, mistakes, values, tolerance=tolerance(right))


def mutual(task: Task, seen: Seen, word: int) -> Question:
    """If both matrices were W_q: the score the other way round."""
    other = task.goals[word] if task.goals[word] is not None else (word + 1) % len(task.words)
    right = round(float(seen.q[word] @ seen.q[other] / 2**0.5), 2)
    text = _(
        "**One matrix for both.** Were W_k the same as W_q, the score of **{a}** for **{b}** would be {s}. "
        "What would the score of **{b}** for **{a}** be?"
    )
    values = {"a": task.words[word], "b": task.words[other], "s": number(right)}
    said = _("The same: with one matrix $q_a \\cdot k_b$ and $q_b \\cdot k_a$ multiply the same two vectors.")
    wrong = ((-right, _("Only the order of the two changes, and a dot product does not care for it.")),)
    return made(text, right, said, wrong, values, tolerance=tolerance(right))


def can_share(learnt: bool) -> Question:
    """Before it is shown: is one matrix for both enough? `learnt`: what training came to."""
    text = _(
        "Train again with **one matrix** for queries and keys, $W_q = W_k$, for as many steps. "
        "Will every word look most at its goal?"
    )
    said = _("One matrix gives each pair the same score both ways. Here that leaves no room for such a chain of looks.")
    if learnt:
        said = _("On these points it can: the scores are mutual, and yet each goal has the largest of its row.")
    right, wrong = (LEARNS, FAILS) if learnt else (FAILS, LEARNS)
    return Question(text, right, said, (LEARNS, FAILS), ((wrong, said),))


def tolerance(answer: float) -> float:
    return max(CLOSE, 2e-3 * abs(answer))


def listed(x: np.ndarray) -> str:
    return ", ".join(number(float(z)) for z in x)
