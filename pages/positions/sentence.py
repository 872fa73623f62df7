"""The sentence of the lesson Positions at either size: its orders, its outputs, its weights under each kind."""

from typing import NamedTuple

import streamlit as st

from core.attention import AttentionTrace
from pages.positions.model import order
from pages.shared import hand as by_hand
from pages.shared import models, state, ui
from pages.shared.model import edits, panels
from pages.shared.model.hand import Hand, example
from pages.shared.model.prose import _

SLUG = "positions"
WIDTH = 4  # two pairs
MOST = 10  # tokens in the model: three matrices can still be read together
PRESETS = ("dog bites man", "cat chases mouse", "only she said that she loved him")
NAMES = (_("reversed"), _("first and last swapped"), _("first word last"), _("halves swapped"))
MODEL_NAMES = {"reversed": NAMES[0], "ends": NAMES[1], "halves": NAMES[3]}


class Placed(NamedTuple):
    """What a session may keep: numbers by hand, or the names of a model, its tokens and a head. No traces."""

    labels: tuple[str, ...]  # in the sentence's own order
    hand: Hand | None = None
    base: Hand | None = None  # by hand, before any edit
    model: str = ""
    ids: tuple[int, ...] = ()
    at: tuple[int, int] = (0, 0)  # layer and head

    @property
    def kinds(self) -> tuple[str, ...]:
        return order.HAND_KINDS if self.hand else order.MODEL_KINDS

    @property
    def told(self) -> str:
        """The kind that stands for "with positions"."""
        return "sinusoidal" if self.hand else "learned"

    def orders(self) -> dict[str, tuple[int, ...]]:
        """Other orders by the name that the learner chooses; {} if there is none."""
        if not self.hand:
            return {MODEL_NAMES[name]: found for name, found in order.model_orders(len(self.ids)).items()}
        found, words = order.orders(len(self.hand.words)), self.hand.words
        names = NAMES if len(words) > 3 else [" ".join(words[i] for i in one) for one in found]
        return dict(zip(names, found, strict=True))

    def sentence(self, other: tuple[int, ...] | None = None) -> str:
        """The words, in another order if one is given."""
        words = [label.split(" ", 1)[1] for label in self.labels]
        return " ".join(words if other is None else [words[i] for i in other])

    def twins(self) -> tuple[str, str] | None:
        """Two places of the same word or token, if there are any."""
        seen: dict = {}
        for label, name in zip(self.labels, self.ids or self.hand.words, strict=True):
            if name in seen:
                return seen[name], label
            seen[name] = label
        return None

    def moves(self, other: tuple[int, ...]) -> dict[str, order.Moved]:
        if self.hand:
            return order.hand_moves(self.hand, other)
        return order.model_moves(models.model(self.model), self.ids, other)

    def weights(self, kind: str):
        """The weights (t, t) of the head under a kind of positions, in the sentence's own order."""
        if self.hand:
            return order.hand_head(self.hand, kind).weights
        layer, head = self.at
        return order.run(models.model(self.model), self.ids, kind).weights[layer, head]

    @property
    def number(self) -> float:
        """The first number of the last token's vector, before positions."""
        if self.hand:
            return float(self.hand.x[-1, 0])
        return models.model(self.model).embedding.tokens[self.ids[-1], 0].item()

    def head(self) -> AttentionTrace:
        """Queries, keys and values of the head: without positions by hand, as trained in the model."""
        if self.hand:
            return order.hand_head(self.hand)
        layer, head = self.at
        trace = models.trace(self.model, self.ids).blocks[layer].attention.heads
        return panels.one_head(trace, head)


def preset() -> Hand:
    """The page's first example."""
    return example(PRESETS[0], models.word_vectors(), width=WIDTH)


def read() -> Placed:
    """The controls above the lesson, and what they ask for."""
    with st.container(horizontal=True):
        size = by_hand.size(SLUG)
        ui.digits()
    if size == "small":
        found, name = ui.example_box(), st.session_state.model
        return Placed(found.labels[:MOST], model=name, ids=found.ids[:MOST], at=state.layer_and_head())
    vectors = models.word_vectors()
    base = by_hand.example_box(SLUG, {text: example(text, vectors, width=WIDTH) for text in PRESETS}, WIDTH)
    changes = by_hand.edits(SLUG, {name: getattr(base, name).shape for name in order.EDITABLE})
    changed = {name: edits.apply(name, getattr(base, name), changes) for name in order.EDITABLE}
    return Placed(base.labels, base._replace(**changed), base)
