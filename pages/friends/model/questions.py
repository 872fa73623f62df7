"""Questions about the class: whom somebody becomes like, a weight, a revised trait, who looks at whom.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import numpy as np

from core.words import Pull
from pages.friends.model.friends import FRIENDS, TRAITS, best, nearest
from pages.shared.model.prose import _, fill
from pages.shared.model.questions import LARGEST, Question, most_apart, read_off
from pages.shared.model.written import dot, number


def becomes(one: Pull, friend: int) -> Question:
    """To be answered before it is shown: whose row is closest to this friend's after the round?"""
    right, most = nearest(one.after, friend), best(one.weights[friend], friend)
    text = _("After one round, whose traits will be closest to those of **{friend}**?")
    others = tuple(name for i, name in enumerate(FRIENDS) if i != friend)
    looked = fill(
        _("{friend} looks most at {most}, but {most} shares out otherwise, {back} to {friend}: another ends closer."),
        friend=FRIENDS[friend], most=FRIENDS[most], back=number(one.weights[most, friend]),
    )  # fmt: skip
    working = _("Closest are two who share out their attention alike: the same weights give the same mixture.")
    mistakes = () if most == right else ((FRIENDS[most], looked),)
    return Question(fill(text, friend=FRIENDS[friend]), FRIENDS[right], working, others, mistakes)


def questions(one: Pull, friend: int, temperature: float) -> tuple[Question, ...]:
    """Of the first round. A power of e that is too large is not asked for."""
    small = np.abs(one.scores[friend]).max() <= LARGEST * temperature
    asked = [weight(one, friend, temperature)] if small else []
    return (*asked, trait(one, friend), looked_at(one, friend))


def weight(one: Pull, friend: int, temperature: float) -> Question:
    """The scores of a row and the temperature are given: what is one of its weights?"""
    rounded = one.scores.round(2)
    row = rounded[friend]
    powers, bare = np.exp(row / temperature), np.exp(row)
    down = np.exp(row / temperature - np.logaddexp.reduce(rounded / temperature, 0))
    answers = np.stack([powers / powers.sum(), down, row / (row.sum() or 1), powers, bare / bare.sum()]).T
    key = most_apart(answers if temperature != 1 else answers[:, :-1])
    right, *wrong = answers[key].tolist()
    listed = ", ".join(f"{number(s)} for **{name}**" for s, name in zip(row.tolist(), FRIENDS, strict=True))
    text = _(
        "**Weight.** The scores of **{friend}** are {listed}. At temperature {t:g}, what is the weight on **{key}**?"
    )
    text = text.replace("{listed}", listed)
    sentences = (
        _("You took the softmax down the column: every friend shares out their own 1, along their row."),
        _("You divided the score by the sum of the scores: first raise e to each score."),
        _("That is a power of e: it still has to be divided by the sum over the row."),
        _("You left out the temperature: each score is divided by it first."),
    )
    over = "" if temperature == 1 else f"/{temperature:g}"
    powered = " + ".join(f"e^{{{number(s)}{over}}}" for s in row.tolist())
    working = rf"$\frac{{e^{{{number(row[key])}{over}}}}}{{{powered}}} = {number(right)}$"
    values = {"friend": FRIENDS[friend], "t": temperature, "key": FRIENDS[key]}
    return read_off(fill(text, **values), right, working, zip(wrong, sentences, strict=True))


def trait(one: Pull, friend: int) -> Question:
    """Weights and a column of traits are given: what does the trait become?"""
    w, x = one.weights[friend].round(2), one.before.round(2)
    answers = np.stack([w @ x, x.mean(0), x.sum(0), x[friend]]).T
    at = most_apart(answers)
    right, *wrong = answers[at].tolist()
    lines = [_("| friend | weight | {trait} |").format(trait=TRAITS[at]), "|---|--:|--:|"]
    lines += [
        f"| {n} | {number(a)} | {number(b)} |" for n, a, b in zip(FRIENDS, w.tolist(), x[:, at].tolist(), strict=True)
    ]
    text = _("**Revised trait.** How much **{friend}** looks at each, and their {trait}. What does {friend}'s become?")
    sentences = (
        _("You took the plain average: the weights say how much each friend counts."),
        _("You added the traits up: each is multiplied by its weight first."),
        _("That is the trait as it was: it becomes the mean of all, by the weights."),
    )
    text = "\n\n".join((fill(text, friend=FRIENDS[friend], trait=TRAITS[at]), "\n".join(lines)))
    return read_off(text, right, dot(w.tolist(), x[:, at].tolist()), zip(wrong, sentences, strict=True))


def looked_at(one: Pull, friend: int) -> Question:
    """Who is looked at most, all rows together?"""
    sums, row = one.weights.sum(0), one.weights[friend]
    right, own = int(sums.argmax()), int(row.argmax())
    text = _("**Read the matrix.** Who is looked at most by all six together?")
    said = _("The column of **{name}** has the largest sum, {sum:.2f}. Columns tell who is looked at, rows who looks.")
    mistakes = [(FRIENDS[own], fill(_("That is the largest weight in the row of {f} alone."), f=FRIENDS[friend]))]
    return Question(text, FRIENDS[right], fill(said, name=FRIENDS[right], sum=sums[right]), FRIENDS,
                    tuple(m for m in mistakes if m[0] != FRIENDS[right]))  # fmt: skip
