"""Questions about targets, cross-entropy, perplexity, warm-up and label smoothing.

The numbers that a question states are rounded, and its answer is worked out from those.
"""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pages.shared.model.prose import _
from pages.shared.model.questions import Question, made
from pages.training.model.teaching import Position

if TYPE_CHECKING:
    from pages.training.model.slope import Difference

TINY = 1e-15  # a smaller probability would be a long row of zeros
NOWHERE, LATER, AT_ONCE = _("Nowhere: it is the same model."), _("Later on."), _("At the very next token.")


def predict(given: str, parted: int | None) -> Question:
    """Where the model left alone first says something else than is right; counted from 0."""
    text = _("Both get the right text up to **{given}**. From there one is still given the right text, the other "
             "its own words. Where does the **free** one first leave the right text?")  # fmt: skip
    answer = NOWHERE if parted is None else LATER if parted else AT_ONCE
    working = _("See the table.")
    mistakes = [(option, _("It comes out otherwise: look at the first line with a ✗ under “free”."))
                for option in (NOWHERE, LATER, AT_ONCE)]  # fmt: skip
    return made(text, answer, working, mistakes, {"given": given}, options=(AT_ONCE, LATER, NOWHERE))


def questions(
    found: Sequence[Position], inputs: Sequence[str], targets: Sequence[str], at: int, vocab: int
) -> tuple[Question, ...]:
    """Of the sentence on screen, at the position that the learner follows."""
    return (
        shifted(inputs, targets, at),
        loss(found, targets, at),
        perplexity(found),
        smoothing(vocab),
    )


def shifted(inputs: Sequence[str], targets: Sequence[str], at: int) -> Question:
    """What is learnt where this token is read?"""
    read = inputs[at]
    options = tuple(dict.fromkeys((read, targets[at], *((targets[at + 1],) if at + 1 < len(targets) else ()))))
    if at:
        options = tuple(dict.fromkeys((inputs[at - 1], *options)))
    text = _("**Shifted.** The model reads **{read}** as the newest token. What is its target there?")
    working = _("Targets are the inputs moved by one place: where **{read}** is read, **{right}** is to be said.")
    named = [(read, _("That is the token it reads: to say it again would teach it to copy its input."))]
    if at:
        named.append((inputs[at - 1], _("That one came before: the target lies one place ahead.")))
    if at + 1 < len(targets):
        named.append((targets[at + 1], _("That is two places on: the target is the very next token.")))
    return made(text, targets[at], working, named, {"read": read, "right": targets[at]}, options=options)


def loss(found: Sequence[Position], targets: Sequence[str], at: int) -> Question:
    """The cross-entropy of one position; where it is nearly 0, of the position with the largest loss."""
    if found[at].prob > 0.97:
        at = max(range(len(found)), key=lambda i: found[i].loss)
    p = float(f"{max(found[at].prob, TINY):.3g}")
    right = -math.log(p)
    text = _("**Cross-entropy.** The model gives the target **{target}** the probability {p}. "
             "What is the loss there, in nats?")  # fmt: skip
    mistakes = (
        (1 - p, _("That is what is missing to 1: the loss is the negative logarithm.")),
        (-math.log10(p), _("You took the logarithm to base 10: nats are natural logarithms.")),
        (-math.log2(p), _("That is in bits: you took the logarithm to base 2.")),
        (math.log(p), _("The sign: the logarithm of a probability is negative, the loss is its opposite.")),
        (p, _("That is the probability itself.")),
    )
    shown = format(Decimal(repr(p)), "f")  # 0.0000317, neither 3.17e-05 nor 0.03169999
    values = {"target": targets[at], "p": shown, "right": right}
    working = rf"$-\ln {shown} = {{right:.3f}}$"
    return made(text, right, working, mistakes, values, tolerance=0.011)


def perplexity(found: Sequence[Position]) -> Question:
    """Of three losses on screen."""
    chosen = sorted(sorted(range(len(found)), key=lambda i: -found[i].loss)[:3])
    if len(chosen) < 3:
        chosen = [0, 0, 0]
    losses = [round(found[i].loss, 2) for i in chosen]
    mean = sum(losses) / 3
    right = math.exp(mean)
    text = _("**Perplexity.** Three tokens have the losses {a:.2f}, {b:.2f} and {c:.2f}. What is their perplexity?")
    working = _(r"Mean loss ${mean:.3f}$, and $e^{{mean:.3f}} = {right:.2f}$.")
    values = {"a": losses[0], "b": losses[1], "c": losses[2], "mean": mean, "right": right}
    mistakes = (
        (mean, _("That is the mean loss: perplexity is e to it.")),
        (math.exp(sum(losses)), _("You forgot to divide by 3: perplexity is e to the mean, not to the sum.")),
        (sum(map(math.exp, losses)) / 3, _("You averaged the powers: first the mean of the losses, then e to it.")),
        (2**mean, _("You raised 2: these losses are in nats, so the base is e.")),
    )
    return made(text, right, working, mistakes, values, tolerance=max(0.011, 0.01 * right))


def warmup() -> Question:
    """A step within the warm-up."""
    text = _("**Warm-up.** The learning rate climbs in a straight line to 0.005 at step 200. What is it at step 50?")
    working = _(r"$0.005 \cdot 50 / 200 = 0.00125$")
    mistakes = (
        (0.005, _("That is the top, reached at step 200.")),
        (0.005 * 150 / 200, _("You went down from the top: during the warm-up it goes up.")),
        (0.005 / 50, _("The share of the way is 50 / 200.")),
    )
    return made(text, 0.00125, working, mistakes, {}, tolerance=0.00002)


def slope(found: "Difference") -> Question:
    """The gradient of a weight, from two losses."""
    above, below = round(found.above, 5), round(found.below, 5)
    right = (above - below) / (2 * found.h)
    text = _("**Slope.** With h = {h:g} the loss is {above:.5f} at w + h and {below:.5f} at w − h. "
             "Which gradient of this weight do they give, to four decimals?")  # fmt: skip
    working = _(r"$({above:.5f} - {below:.5f}) / (2 \cdot {h:g}) = {right:.4f}$")
    mistakes = (
        (2 * right, _("The two places lie 2h apart: divide by 2h, not by h.")),
        (-right, _("The sign: the loss at w + h comes first.")),
        (above - below, _("That is the difference of the losses: divide it by 2h.")),
    )
    values = {"h": found.h, "above": above, "below": below, "right": right}
    return made(text, right, working, mistakes, values, tolerance=max(0.00011, 0.02 * abs(right)))


def guessing(vocab: int) -> Question:
    """The loss of a model that knows nothing."""
    right = math.log(vocab)
    text = _("**At first.** Before it has learnt anything, the model gives each of its {vocab} tokens about the same "
             "probability. What is the loss then, in nats?")  # fmt: skip
    mistakes = (
        (1 / vocab, _("That is the probability: the loss is minus its logarithm.")),
        (math.log2(vocab), _("That is in bits: take the natural logarithm.")),
        (math.log10(vocab), _("You took the logarithm to base 10.")),
        (-right, _("The sign: a loss is not negative.")),
        (vocab, _("That is the perplexity: the loss is its logarithm.")),
    )
    working = _(r"$-\ln (1 / {vocab}) = \ln {vocab} = {right:.3f}$")
    return made(text, right, working, mistakes, {"vocab": vocab, "right": right}, tolerance=0.011)


def reversal(digits: str) -> Question:
    """How far back a head has to look to reverse."""
    text = _("**Reverse.** The model reads “start {spaced} →”. At the arrow it has to write the last digit, which "
             "stands 1 place back. Once that is written: how many places back from it is the next one?")  # fmt: skip
    working = _("The newest token is one place further on, the wanted digit one place further back: 1 + 1 + 1 = 3.")
    mistakes = (
        (
            1,
            _("That was the distance from the arrow: since then the newest token has moved on, the wanted digit back."),
        ),
        (2, _("Two things have moved: the newest token one on, and the wanted digit one back.")),
        (4, _("Count again: from the written digit back to the arrow, the last digit, the wanted digit.")),
        (len(digits), _("That is the distance for copying.")),
    )
    return made(text, 3, working, mistakes, {"spaced": " ".join(digits)})


def even(count: int) -> Question:
    """The weights of a head that has learnt nothing."""
    right = 1 / count
    text = _("**Even.** A query may look at {count} keys and gives all of them the same weight. How large is each, to "
             "three decimals?")  # fmt: skip
    mistakes = ((1.0, _("The weights of a row sum to 1: all of them together.")),
                (1 / (count + 1), _("That is one key too many.")))  # fmt: skip
    working = _("$1 / {count} = {right:.3f}$")
    return made(text, right, working, mistakes, {"count": count, "right": right}, tolerance=0.0011)


def smoothing(vocab: int) -> Question:
    """What the right token is to get."""
    right = 0.9 + 0.1 / vocab
    text = _("**Label smoothing.** With ε = 0.1 and {vocab:,} tokens, which probability should the right token get?")
    options = ("1", "0.9", f"{right:.6f}", f"{0.1 / vocab:.6f}")
    working = _(r"$1 - 0.1 + 0.1 / {vocab:,} = {right:.6f}$: the right token gets its even share of ε too.")
    mistakes = (
        (options[0], _("That is the target without smoothing.")),
        (options[1], _("Nearly: ε is spread over the whole vocabulary, the right token included.")),
        (options[3], _("That is what each wrong token should get.")),
    )
    return made(text, options[2], working, mistakes, {"vocab": vocab, "right": right}, options=options)
