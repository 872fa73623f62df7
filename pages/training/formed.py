"""How the attention of the shipped models formed, from their recorded moments."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from core.tokenizer import labels, show
from pages.shared import heads, lines, models, state, stepper, turn, ui
from pages.shared.model.prose import Lesson, _
from pages.shared.model.questions import Question
from pages.training.model import charts, questions

STORY, TRANSLATOR = _("Story model"), _("Translator")
FOLDERS = {STORY: models.DEFAULT, TRANSLATOR: models.TRANSLATOR}


class Names(NamedTuple):
    queries: tuple[str, ...]
    keys: tuple[str, ...]


def show_part(lesson: Lesson) -> tuple[Question, ...]:
    """-> questions about what it shows"""
    from pages.training.model import recorded

    ui.say(lesson["Formed"])
    which = ui.choice(_("Model"), (STORY, TRANSLATOR), "training_formed_model")
    folder = FOLDERS[which]
    try:
        record, _curve = recorded.load(folder), recorded.curve(folder)  # both, or neither is shown
        texts = [text if which == STORY else " · ".join(text) for text in record.sentences]
        state.renew("training_sentence", texts, texts[0])
        sentence = texts.index(
            st.selectbox(_("Recorded sentence"), texts, key="training_sentence", bind="query-params")
        )
        names = story(record.sentences[sentence]) if which == STORY else pair(*record.sentences[sentence])
    except ValueError as error:  # CheckpointError is one
        st.error(str(error))
        return ()
    moments(lesson, folder, sentence, names)
    return (questions.even(len(names.keys)),)


@turn.fragment
def moments(lesson: Lesson, folder: str, sentence: int, names: Names) -> None:
    """The attention after so many steps of training, every head of it."""
    from pages.training.model import recorded

    record, curve, own = recorded.load(folder), recorded.curve(folder), folder == FOLDERS[STORY]
    at = stepper.show([_("after {n:,} steps").format(n=m) for m in record.moments], f"training_moment_{folder}")
    moment = record.moments[at]
    now, end = record.weights[moment, sentence], record.weights[record.moments[-1], sentence]
    left, right = st.columns(2, gap="large")
    with left:
        mask = np.tri(len(names.queries), dtype=bool) if own else None
        travels = {"on_choose": state.choose_head} if own else {}
        first = state.layer_and_head() if own else (len(now) - 1, 0)
        chosen = heads.show(now, names.queries, f"training_heads_{folder}", first, key_labels=names.keys, mask=mask,
                            **travels)  # fmt: skip
        before = [loss for step, loss, _lr in curve if step <= moment]
        ui.say(lesson["Moment"], step=moment, loss=f"{before[-1]:.2f}" if before else _("not measured yet"),
               sharp=recorded.sharpness(now), final=recorded.sharpness(end))  # fmt: skip
        steps = record.moments[-1]
        ui.chart(charts.curve(steps, 9.0), charts.curve_rows(curve, here=moment), alt=charts.curve_alt(curve),
                 key="training_formed_curve")  # fmt: skip
    with right:
        st.caption(_("Layer {layer}, head {head}").format(layer=chosen.layer + 1, head=chosen.head + 1))
        lines.show(now[chosen.layer, chosen.head], names.queries, names.keys, f"training_lines_{folder}", 0.1)
    state.write_link()  # the frame does not, where a part of the page runs alone


def story(text: str) -> Names:
    tokens = models.tokenizer(models.DEFAULT)
    found = (show("<s>"), *labels(tokens.encode(text), text))
    numbered = tuple(f"{i} {name}" for i, name in enumerate(found))
    return Names(numbered, numbered)


def pair(korean: str, english: str) -> Names:
    from core import translation
    from core.tokenizer import SOS

    tokens = models.unigram()
    ids = (SOS, *tokens.encode(english).ids)
    return Names(translation.target_labels(tokens, ids), translation.source(tokens, korean).labels)
