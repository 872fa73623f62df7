"""The text that the page Training learns from: the travelling sentence, or a Korean-English pair."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.tokenizer import EOS, SOS, show
from pages.shared import models, state, translator, turn, ui
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from pages.training.model.teaching import Sentence

STORY, TRANSLATOR = _("Story model"), _("Translator")


class Text(NamedTuple):
    sentence: "Sentence"
    inputs: tuple[str, ...]  # labels: "0 ⟨start⟩", "1 Once", ...
    targets: tuple[str, ...]  # "1 Once", ..., "6 end"
    name: Callable[[int], str]  # of any id of the vocabulary
    vocab: int
    context: int
    source: str  # what the encoder read; "" for the story model
    key: tuple  # two texts with the same key are the same


def box() -> Text:
    """The learner's choice. Stops the page, with a sentence, if it cannot be read."""
    if ui.choice(_("Learns to"), (STORY, TRANSLATOR), "training_model", format_of) == STORY:
        return story(ui.example_box())
    try:
        return pair()
    except ValueError as error:  # CheckpointError is one
        st.error(str(error))
        turn.end()


def travelling() -> Text:
    """The travelling sentence under the story model, without a box. Stops the page if it cannot be read."""
    try:
        return story(state.example())
    except ValueError as error:
        st.error(str(error))
        turn.end()


def format_of(model: str) -> str:
    return {STORY: _("write stories"), TRANSLATOR: _("translate")}[model]


def story(example: state.Example) -> Text:
    from core.decoding import Cached
    from pages.training.model.teaching import Sentence

    name = st.session_state.model
    model, pieces = models.model(name), models.tokenizer(name).pieces
    logits = models.trace(name, example.ids).logits[0]
    targets = (*example.labels[1:], f"{len(example.ids)} {show(pieces[EOS])}")
    sentence = Sentence((*example.ids, EOS), logits, Cached(model))
    return Text(sentence, example.labels, targets, lambda i: show(pieces[i]), *sizes(model.config), "",
                (name, example.ids))  # fmt: skip


def pair() -> Text:
    from core import translation
    from core.decoding import Cached
    from pages.training.model import recorded
    from pages.training.model.teaching import Sentence

    pairs = dict(recorded.load(models.TRANSLATOR).sentences)
    korean = st.selectbox(_("Korean sentence"), list(pairs), key="training_pair", bind="query-params")
    st.caption(_("The right translation: {english}").format(english=pairs[korean]))
    tokens, model = models.unigram(), models.translator()
    source = translation.source(tokens, korean)
    ids = (SOS, *tokens.encode(pairs[korean]).ids, EOS)
    decoder = translator.reading(source.ids, target=ids).trace.decoder
    _encoder, memory = translation.encode(model, source.ids, translation.NOTHING)
    labels = translation.target_labels(tokens, ids)
    sentence = Sentence(ids, decoder.logits[0], Cached(model.decoder, **memory))
    name = lambda i: show(tokens.pieces[i])  # noqa: E731
    return Text(sentence, labels[:-1], labels[1:], name, *sizes(model.config), korean, (models.TRANSLATOR, ids, korean))


def sizes(config) -> tuple[int, int]:
    return config.vocab, config.context
