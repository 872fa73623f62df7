"""Whom does "she" mean? What every head of the story model gives from a sentence's last word to a person in it.

By hand: three features, and matrices W_q and W_k that let the word that points back look for a person.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.text import is_word, words
from pages.shared.model import edits as changes
from pages.shared.model.edits import Edits
from pages.shared.model.panels import Axis, Dot, Mask, Panel, Softmax, pipeline
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from torch import Tensor

    from core.tokenizer import Tokenizer
    from core.transformer import Decoder

PRESETS = {
    "The nurse said that she": "nurse",
    "Lily was sad because she": "Lily",
    "The nurse told the boy that she": "nurse",
}
TRIED = (  # the last word points to the word beside it: several persons, verbs and distances
    ("Lily was sad because she", "Lily"),
    ("Tom was sad because he", "Tom"),
    ("The girl was happy because she", "girl"),
    ("The boy was happy because he", "boy"),
    ("Mom said that she", "Mom"),
    ("Anna went to the park. She", "Anna"),
    ("Tom saw a dog and a bird. He", "Tom"),
    ("Once upon a time, there was a girl named Lily. She", "Lily"),
    ("Lily had a red ball. She", "Lily"),
    ("The nurse said that she", "nurse"),
    ("The teacher said that she", "teacher"),
    ("The old man was tired, so he", "man"),
    ("One day, a boy named Tim went to the zoo. He", "Tim"),
    ("Mia wanted to play, but she", "Mia"),
)

WORDS = ("The", "nurse", "said", "she")
FEATURES = ("person", "action", "points back")
HAND = {  # ours
    "X": np.array([[0.0, 0.0, 0.2], [1.5, 0.2, 0.0], [0.1, 1.5, 0.0], [0.6, 0.0, 1.5]]),
    "W_q": np.array([[0.3, 0.0], [0.0, 1.0], [2.0, 0.0]]),
    "W_k": np.array([[1.5, 0.0], [0.0, 1.0], [-0.5, 0.0]]),
}


class Looks(NamedTuple):
    """One sentence in the model: the weights that the last word gives to the person's pieces, head by head."""

    ids: tuple[int, ...]
    person: tuple[int, ...]  # the places of the person's pieces
    weights: "Tensor"  # (n_layers, n_heads)
    even: float  # what looking at all alike would give


def places(tokens: "Tokenizer", text: str, word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The ids of the text, SOS first, and the places of the word's pieces where it stands first; none if it does not.

    The last word itself is not looked for.
    """
    from core.tokenizer import SOS

    read = tokens.encode(text)
    at = first(text, word)
    inside = [
        i
        for i, (a, b) in enumerate(read.spans, 1)
        if at is not None and a < at + len(word) and b > at and text[a:b].strip()
    ]
    return (SOS, *read.ids), tuple(inside)


def first(text: str, word: str) -> int | None:
    """The character at which the word stands first as a whole word."""
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) if word else None
    return found.start() if found else None


def persons(text: str) -> list[str]:
    """The words before the last, each once, as they are written."""
    return list(dict.fromkeys([word for word in words(text) if is_word(word)][:-1]))


def looks(model: "Decoder", tokens: "Tokenizer", text: str, word: str) -> Looks:
    import torch

    from core.interpretability import lens

    ids, person = places(tokens, text, word)
    with torch.no_grad():
        weights = lens.weights(model(torch.tensor([ids])))
    return Looks(ids, person, weights[:, :, -1, list(person)].sum(-1), len(person) / len(ids))


@lru_cache(maxsize=8)
def average(model: "Decoder", tokens: "Tokenizer") -> tuple["Tensor", float]:
    """The same over the sentences of TRIED: (n_layers, n_heads), and an even look."""
    import torch

    found = [looks(model, tokens, text, word) for text, word in TRIED]
    return torch.stack([one.weights for one in found]).mean(0), sum(one.even for one in found) / len(found)


def panels(here: "Tensor", mean: "Tensor") -> dict:
    """Both as matrices of layers and heads."""
    layers, heads = here.shape
    axes = {"layer": Axis(_("layer"), [_("layer {n}").format(n=i + 1) for i in range(layers)])}
    axes["head"] = Axis(_("head"), [_("head {n}").format(n=i + 1) for i in range(heads)])
    title = _("mean of {n} sentences").format(n=len(TRIED))
    made = [
        Panel("here", here, "layer", "head", _("here"), _("in this sentence"), "weights"),
        Panel("mean", mean, "layer", "head", _("mean"), title, "weights"),
    ]
    return pipeline(axes, made)


def by_hand(edits: Edits) -> dict:
    """The four words with their features, queries, keys, scores and weights, with what was changed in place."""
    now, before = work(edits), work({})
    axes = {n: Axis(n, [f"{i} {w}" for i, w in enumerate(WORDS)]) for n in ("word", "query", "key")}
    axes |= {"feature": Axis(_("feature"), FEATURES), "column": Axis(_("column"), ("1", "2"))}
    divide = now["q"].shape[1] ** 0.5
    shapes: Sequence[tuple] = (
        ("X", "word", "feature", "X", _("the words"), "signed", None),
        ("W_q", "feature", "column", "W_q", "", "query", None),
        ("q", "query", "column", "Q", _("queries"), "query", Dot("X", "W_q")),
        ("W_k", "feature", "column", "W_k", "", "key", None),
        ("k", "key", "column", "K", _("keys"), "key", Dot("X", "W_k")),
        ("scores", "query", "key", "scores", "", "signed", Dot("q", "k", True, divide)),
        ("masked", "query", "key", "masked", _("nobody looks ahead"), "signed", Mask("scores")),
        ("weights", "query", "key", "weights", _("each row sums to 1"), "weights", Softmax("masked")),
    )
    made = [
        Panel(i, now[i], rows, cols, symbol, title, role, rule, editable=i in HAND, base=before[i],
              starts=i in ("W_k", "scores"))
        for i, rows, cols, symbol, title, role, rule in shapes
    ]  # fmt: skip
    return pipeline(axes, made)


def work(edits: Edits) -> dict[str, np.ndarray]:
    """Every matrix by the name of its panel; only weights matter here, so the words themselves are the values."""
    import torch

    from core.attention import attention
    from core.masks import causal

    given = {name: changes.apply(name, values, edits) for name, values in HAND.items()}
    x, w_q, w_k = (torch.from_numpy(values) for values in given.values())
    trace = attention(x @ w_q, x @ w_k, x, causal(len(x)))
    parts = {"q": trace.q, "k": trace.k, "scores": trace.scores, "masked": trace.masked, "weights": trace.weights}
    return given | {name: part.numpy() for name, part in parts.items()}
