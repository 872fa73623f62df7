"""Cross-attention: how it follows the order of words, and what is said when it is cut or changed."""

from collections.abc import Sequence

import streamlit as st

from core.translation import Changes, Source, cross_weights
from pages.encoder_decoder.model import notice, questions
from pages.shared import lines, matrices, models, translator, turn, ui
from pages.shared.model.prose import Lesson, _

SLUG = "encoder_decoder"


@turn.fragment
def order(lesson: Lesson, source: Source, labels: Sequence[str], facts: dict) -> None:
    """Which Korean token each English one looks at, in a head or in all heads of a layer. labels: SOS first."""
    ui.say(lesson["Order"], **facts)
    config, found = models.translator().config, translator.reading(source.ids)
    with st.container(horizontal=True):
        layer = ui.choice(_("Layer"), range(1, config.n_layers + 1), f"{SLUG}_layer", default=config.n_layers)
        head = ui.choice(_("Head"), [_("average"), *map(str, range(1, config.n_heads + 1))], f"{SLUG}_head")
    weights = cross_weights(found)[layer - 1]
    weights = weights.mean(0) if head == _("average") else weights[int(head) - 1]
    lines.show(weights, labels[1:], source.labels, key=f"{SLUG}_order", threshold=0.1)
    ui.say(lesson["Crossing"], **notice.order(weights, labels[1:], source.labels))


@turn.fragment
def what_if(lesson: Lesson, source: Source, labels: Sequence[str], said: str) -> None:
    """The machine without one of its parts: what it says then, and how probable `said` is to it."""
    ui.say(lesson["What if"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        change = ui.choice(_("What is changed"), list(notice.CHANGES), f"{SLUG}_change", notice.CHANGES.__getitem__)
        removed = ui.pick(_("Token"), source.labels[:-1], f"{SLUG}_removed", 0) if change == "removed" else None
    changes = Changes(cut=change == "cut", causal=change == "causal", removed=removed)
    found, other = translator.reading(source.ids), translator.reading(source.ids, changes)
    if ui.predict(questions.predict(change, other.target == found.target), f"{SLUG}_predict"):
        forced = translator.reading(source.ids, changes, found.target)
        ui.say(lesson["Changed"], **notice.changed(found, forced, said, translator.english(other.target)))
        matrices.show(notice.change_rows(found, forced, labels[1:]), key=f"{SLUG}_changed")
