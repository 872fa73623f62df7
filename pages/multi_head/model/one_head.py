"""What one head cannot keep: two meanings in one average.

Sixteen sentences "who love what" over four words with two numbers of meaning each. Afterwards "love" should hold both
meanings: four numbers. One head gives it one weighted average of the words, which has two numbers of meaning. Whatever
linear map follows (W_v and W_o together are one), it can give back no more than that.

The weights here depend on the place of a word, as those of the two heads do, and not on the word itself.
"""

from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from pages.multi_head.model.example import FEATURES, LOVE, MEANINGS, SWAPPED, Numbers, numbers, run, sentence
from pages.shared.model.panels import Axis, Dot, Panel, pipeline
from pages.shared.model.prose import _

PAIRS = tuple(product(MEANINGS, MEANINGS))  # (who, what)
VERB = 1  # the row of "love"
SHOWN = tuple(PAIRS.index(pair) for pair in (("you", "statistics"), ("statistics", "you")))


class Kept(NamedTuple):
    """What the best linear map makes of it."""

    guess: np.ndarray  # (sentences, 4): who (2), what (2)
    lost: np.ndarray  # (2,): the share of the variance of who, and of what, that is not given back


@cache
def vectors() -> np.ndarray:
    """(16, 3, 4)"""
    return np.stack([sentence(*pair) for pair in PAIRS])


@cache
def wanted() -> np.ndarray:
    """The meanings of who and what: (16, 4)"""
    return np.array([[*MEANINGS[who], *MEANINGS[what]] for who, what in PAIRS])


def kept(made: np.ndarray) -> Kept:
    """The least-squares map from `made` (16, d) to what is wanted, with a constant, and what it leaves."""
    rows = np.hstack([made, np.ones((len(made), 1))])
    guess = rows @ np.linalg.lstsq(rows, wanted(), rcond=None)[0]
    lost = ((guess - wanted()) ** 2).mean(0) / wanted().var(0)
    return Kept(guess, lost.reshape(2, 2).mean(-1).round(12))  # least squares leaves 1e-31 where it means 0


def mixed(share: float) -> np.ndarray:
    """What one head brings to "love", with `share` of its weight on who and the rest on what: (16, 4)"""
    return np.array([share, 0.0, 1.0 - share]) @ vectors()


@cache
def two_heads() -> np.ndarray:
    """What the two heads of the example bring to "love", side by side: (16, 4)"""
    given = numbers(LOVE)
    joined = [run(Numbers(x, *given[1:]), 2).concat[VERB].numpy() for x in vectors()]
    return np.stack(joined)


@cache
def curve(steps: int = 50) -> tuple[tuple[float, float, float], ...]:
    """(share, lost of who, lost of what), from all the weight on what to all on who."""
    shares = [i / steps for i in range(steps + 1)]
    return tuple((share, *map(float, kept(mixed(share)).lost)) for share in shares)


def panels(share: float) -> dict:
    """Two sentences with the same words in another order: what one head makes of them, what two heads make."""
    meaning = Axis(_("feature"), FEATURES[:2])
    pair = [_("who, 1"), _("who, 2"), _("what, 1"), _("what, 2")]
    sentences = [" ".join(example.words) for example in (LOVE, SWAPPED)]
    axes = {"love": Axis(_("query"), [LOVE.words[VERB]]), "meaning": meaning, "pair": Axis(_("meaning"), pair),
            "sentence": Axis(_("sentence"), sentences)}  # fmt: skip
    made, weights = [], np.array([[share, 0.0, 1.0 - share]])
    for n, example in enumerate((LOVE, SWAPPED), 1):
        axes[f"words_{n}"] = Axis(_("key"), example.labels)
        x = example.x[:, :2]
        made += [
            Panel(f"weights_{n}", weights, "love", f"words_{n}", "", _("one head"), "weights", starts=n > 1),
            Panel(f"X_{n}", x, f"words_{n}", "meaning", "", _("meanings of the words"), "value"),
            Panel(f"mix_{n}", weights @ x, "love", "meaning", "", sentences[n - 1], "output",
                  Dot(f"weights_{n}", f"X_{n}")),
        ]  # fmt: skip
    results = (
        ("one", _("one head"), _("the best that can be read from it"), kept(mixed(share)).guess),
        ("two", _("two heads"), _("the best that can be read from them"), kept(two_heads()).guess),
        ("wanted", _("wanted"), _("both meanings"), wanted()),
    )
    for name, symbol, title, values in results:
        rows = np.round(values[list(SHOWN)], 9) + 0.0  # least squares leaves 1e-16 where it means 0
        made.append(Panel(name, rows, "sentence", "pair", symbol, title, "output", largest=1.0, starts=name == "one"))
    return pipeline(axes, made)
