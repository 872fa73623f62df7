"""Questions about one round of gravity: a score, a weight, a new place; and what will happen before it is shown."""

import math
from collections.abc import Sequence

import numpy as np

from core.words import Pull
from pages.gravity.model.pull import Sentence, point
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import Question
from pages.shared.model.written import dot, factor, number

DIGITS = 3  # of the numbers that a question states
CLOSE = 0.01  # an answer read off the screen, from numbers that were not rounded, is right too
FAR = (_("It hardly moves: less than a quarter of the way"), _("About halfway: between a quarter and three quarters"),
       _("Nearly there: more than three quarters of the way"))  # fmt: skip


def questions(
    words: Sentence, chosen: int, step: Pull, x: np.ndarray, kind: str, names: Sequence[str]
) -> tuple[Question, ...]:
    """The round on screen, with the words' places x (n, 2) before it. Equal words leave nothing to choose from."""
    made = [weight(words, chosen, step), place(words, chosen, step.weights, x, names)]
    if step.before.shape[1] == 2:
        made.insert(0, score(words, chosen, step, kind))
    asked = strongest(words, chosen, step.weights)
    return (*made, asked) if len(asked.options) > 1 else tuple(made)


def close(size: float) -> float:
    """Large numbers are given with as many figures, hence with fewer decimals that count."""
    return max(CLOSE, 1e-3 * abs(float(size)))


def other(chosen: int, line: np.ndarray) -> int:
    """The word besides the chosen one that it looks at most; itself if there is no other."""
    return max(range(len(line)), key=lambda i: (i != chosen, line[i]))


def score(words: Sentence, chosen: int, step: Pull, kind: str) -> Question:
    """Two places by hand: what is their score?"""
    at = other(chosen, step.weights[chosen])
    x, y = step.before[chosen].round(DIGITS), step.before[at].round(DIGITS)
    product, lengths = float(x @ y), math.hypot(*x) * math.hypot(*y)
    known = {"dot": product, "scaled_dot": product / math.sqrt(2), "cosine": product / lengths if lengths else 0.0}
    how = {"dot": _("dot product"), "scaled_dot": _("scaled dot product"), "cosine": _("cosine")}[kind]
    text = _("**Score.** **{a}** is at {x}, **{b}** at {y}. What is their score, the {how}?")
    text = fill(text, a=words.labels[chosen], b=words.labels[at], x=point(x, DIGITS), y=point(y, DIGITS), how=how)
    terms = " + ".join(
        rf"{factor(p, DIGITS)}\cdot{factor(q, DIGITS)}" for p, q in zip(x.tolist(), y.tolist(), strict=True)
    )
    under = {"dot": "", "scaled_dot": r" / \sqrt{2}", "cosine": rf" / {number(lengths)}"}[kind]
    working = f"$({terms}){under} = {number(known[kind])}$"
    sentences = {
        "dot": _("That is the plain dot product."),
        "scaled_dot": _("That is the scaled dot product, divided by √2."),
        "cosine": _("That is the cosine, divided by both lengths."),
    }
    mistakes = [
        (value, fill("{said} ", said=sentences[k]) + fill(_("Asked is the {how}."), how=how))
        for k, value in known.items()
        if k != kind
    ]
    if kind == "scaled_dot":
        mistakes.append((product / 2, _("You divided by d = 2 itself: divide by its square root.")))
    return Question(text, known[kind], working, mistakes=tuple(mistakes), tolerance=close(known[kind]))


def weight(words: Sentence, chosen: int, step: Pull) -> Question:
    """A row of weights but one is given: what is missing?"""
    line = step.weights[chosen].round(DIGITS)
    at = other(chosen, step.weights[chosen])
    rest = [i for i in range(len(line)) if i != at]
    listed = ", ".join(fill(_("{w} on **{b}**"), w=number(line[i], DIGITS), b=words.labels[i]) for i in rest) or _(
        "nothing on others"
    )
    right = float(1 - line[rest].sum())
    text = fill(_("**Weight.** **{a}** gives "), a=words.labels[chosen]) + listed
    text += fill(_(". How much is left for **{b}**?"), b=words.labels[at])
    working = f"$1 - ({' + '.join(number(line[i], DIGITS) for i in rest) or '0'}) = {number(right)}$"
    mistakes = (
        (
            float(step.weights[:, at].round(2).sum()),
            _("You added up the column: each word shares out its own 1, along its row."),
        ),
    )
    return Question(text, right, working, mistakes=mistakes, tolerance=CLOSE)


def place(words: Sentence, chosen: int, weights: np.ndarray, x: np.ndarray, names: Sequence[str]) -> Question:
    """Weights and places are given: where does the word go?"""
    line = weights[chosen].round(DIGITS)
    axis = int(np.abs(weights[chosen] @ x - x[chosen]).argmax())
    column, down = x[:, axis].round(DIGITS), weights[:, chosen].round(DIGITS)
    right = float(line @ column)
    rows = [_("| word | weight | place |"), "|---|--:|--:|"]
    rows += [
        f"| {fill('{n}', n=n)} | {number(w, DIGITS)} | {number(p, DIGITS)} |"
        for n, w, p in zip(words.labels, line, column, strict=True)
    ]
    text = _(
        "**New place.** **{a}** has these weights; “place” is on the axis **{axis}**. Where on it does **{a}** go?"
    )
    text = fill(text, a=words.labels[chosen], axis=names[axis])
    mistakes = (
        (float(column.mean()), _("You took the plain mean: the weights say how much each place counts.")),
        (float(column.sum()), _("You added the places up: each is multiplied by its weight first.")),
        (float(down @ column), _("You took the weights from the column: a word goes where its own row says.")),
        (float(column[chosen]), _("That is where it was.")),
        (
            float(column[chosen] + line @ column),
            _("You added its old place: in this lesson the weighted mean replaces it."),
        ),
    )
    return Question(
        "\n\n".join((text, "\n".join(rows))),
        right,
        dot(line.tolist(), column.tolist(), DIGITS),
        mistakes=mistakes,
        tolerance=close(np.abs(column).max()),
    )


def strongest(words: Sentence, chosen: int, weights: np.ndarray) -> Question:
    """Whom does the word look at most, itself included?"""
    right, down = int(weights[chosen].argmax()), int(weights[:, chosen].argmax())
    text = fill(_("**Read the matrix.** Whom does **{a}** look at most?"), a=words.labels[chosen])
    said = _("In the row of **{a}** the largest weight is {w:.2f}, on **{b}**.")
    working = fill(said, a=words.labels[chosen], b=words.labels[right], w=weights[chosen, right])
    wrong = _("You read down the column: that tells who looks most at it. A word that looks has a row.")
    options = only(words.labels, weights[chosen], right)
    mistakes = ((words.labels[down], wrong),) if down != right and words.labels[down] in options else ()
    return Question(text, words.labels[right], working, options, mistakes)


def only(names: Sequence[str], sizes: Sequence[float], right: int) -> tuple[str, ...]:
    """The names without those that are as right: a word that stands twice pulls as much each time."""
    return tuple(n for i, n in enumerate(names) if i == right or not math.isclose(sizes[i], sizes[right], abs_tol=1e-9))


def predict(words: Sentence, chosen: int, step: Pull) -> Question | None:
    """Before the first round is shown. Of two words: how far does one go; of more: who pulls it most?

    None if it is alone, or if all pull alike.
    """
    line, own = step.weights[chosen], words.words[chosen]
    pulls = {w: sum(line[i] for i, v in enumerate(words.words) if v == w) for w in words.words if w != own}
    if not pulls:
        return None
    best = max(pulls, key=pulls.get)
    values = {"own": own, "best": best, "share": pulls[best], "sentence": " ".join(words.words)}
    if len(pulls) == 1:
        text = fill(_("“{sentence}”: after one round, how far has **{own}** gone towards **{best}**?"), **values)
        said = fill(_("It goes {share:.0%} of the way: that is its weight on **{best}**."), **values)
        right = FAR[0 if values["share"] < 0.25 else 1 if values["share"] <= 0.75 else 2]
        return Question(text, right, said, FAR, tuple((option, said) for option in FAR if option != right))
    text = fill(_("“{sentence}”: which other word pulls **{own}** most in the first round?"), **values)
    said = fill(_("**{best}** does: **{own}** gives it {share:.2f} of its weight."), **values)
    options = only(tuple(pulls), tuple(pulls.values()), list(pulls).index(best))
    if len(options) == 1:
        return None
    return Question(text, best, said, options, tuple((w, said) for w in options if w != best))
