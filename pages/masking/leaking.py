"""What leaks without a mask, and where none is needed: a changed word, a padded batch, a mood, a die."""

from typing import TYPE_CHECKING

import streamlit as st

from core.tokenizer import show
from pages.masking.model import charts, questions
from pages.shared import hand, matrices, models, turn, ui
from pages.shared.model import hand as examples
from pages.shared.model.prose import Lesson, _

if TYPE_CHECKING:
    from torch import Tensor

    from pages.masking.chosen_mask import Start

NO_MASK, BEFORE, AFTER = _("no mask"), _("mask, −∞ before the softmax"), _("mask, zero after the softmax")
STILL = 1e-6  # what moves less did not move: rounding in the model
MOST_BARS = 24  # words
FREE, CAUSAL = _("without a mask"), _("with the causal mask")


def bars(values, labels, ways: tuple[str, ...], title: str, key: str) -> None:
    rows = charts.bar_rows(values, labels, ways)
    ui.chart(charts.bars(title, ways, ui.theme()), rows, alt=charts.bars_alt(rows, title), key=key)


@turn.fragment
def by_hand(lesson: Lesson, start: "Start", mask: "Tensor") -> None:
    """One word of the example gets another vector."""
    from pages.masking.model import leak

    words, (left, right) = start.example, st.columns([2, 3], gap="large")
    with left:
        at = ui.pick(_("Word to replace"), words.labels, "masking_replaced", max(0, len(words.labels) - 2))
        try:
            found = examples.example(ui.typed(_("New word"), "we", "masking_word", 30), models.word_vectors())
        except ValueError as error:
            st.error(str(error))
            return
        hand.tell(found)
        if found.words[0].lower() == words.words[at].lower():
            ui.say(lesson["Leak same"])
            return
        ui.say(lesson["Leak by hand"])
        seen = ui.predict(questions.moved(mask, start.labels, at), "masking_predict")
    if not seen:
        return
    moved = leak.by_hand(words, at, found.x[0], mask)
    free, before, after = (moved > STILL).sum(1).tolist()
    with right:
        bars(moved, start.labels, (NO_MASK, BEFORE, AFTER), _("how far the output moves"), "masking_moved")
        ui.say(lesson["Leak by hand found"], t=len(start.labels), open=free, moved=before, after=after)


@turn.fragment
def by_model(lesson: Lesson, start: "Start") -> None:
    """One token of the sentence becomes another, and the whole model runs again."""
    from core import masks
    from pages.masking.model import leak

    example, name = start.example, st.session_state.model
    tokens, t = models.tokenizer(name), len(example.ids)
    left, right = st.columns([2, 3], gap="large")
    with left:
        at = ui.pick(_("Token to replace"), example.labels, "masking_token", t // 2)
        typed = ui.typed(_("New word"), "boy", "masking_piece", 30)
        ids = tokens.encode(typed).ids
        if not ids:
            st.info(_("Type a word to put in its place."))
            return
        if len(ids) > 1:
            ui.say(lesson["One piece"], typed=typed, piece=show(tokens.pieces[ids[0]]))
        if ids[0] == example.ids[at]:
            ui.say(lesson["Leak same"])
            return
        ui.say(lesson["Leak small"])
        question = questions.moved(masks.causal(t), example.labels, at, questions.OWN)
        seen = ui.predict(question, "masking_predict_small")
    if not seen:
        return
    moved = leak.by_model(models.model(name), example.ids, at, ids[0])
    free, before = (moved > STILL).sum(1).tolist()
    first = max(0, min(at - MOST_BARS // 2, t - MOST_BARS))
    some = slice(first, first + MOST_BARS)
    title = _("how far the prediction moves")
    with right:
        bars(moved[:, some], example.labels[some], (NO_MASK, BEFORE), title, "masking_moved_small")
        ui.say(lesson["Leak small found"], t=t, word=example.labels[at], open=free, moved=before)


@turn.fragment
def padding(lesson: Lesson, example: examples.Hand) -> None:
    """The example in a batch with another sentence; the shorter one is filled up."""
    from pages.masking.model import example as masking
    from pages.masking.model import view

    typed = ui.typed(_("The other sentence"), "I am fine", "masking_second", 80)
    try:
        other = examples.example(typed, models.word_vectors())
    except ValueError as error:
        st.error(str(error))
        return
    hand.tell(other)
    pads = abs(len(example.words) - len(other.words))
    if not pads:
        ui.say(lesson["Padding none"])
        return
    found = masking.batch(example, (example.x, other.x))
    short = (example, other)[found.shorter]
    labels = view.labelled(short.labels, pads)
    left, right = st.columns([5, 2])
    with left:
        matrices.show(view.padded_pair(found, labels), "masking_batch")
    with right:
        ui.say(lesson["Padding bars"])
        title = _("distance from the output alone")
        bars(found.moved, short.labels, (NO_MASK, _("padding mask")), title, "masking_alone")
    most = found.open[: found.length, found.length :].sum(-1).max().item()
    ui.say(lesson["Padding found"], shorter=" ".join(short.words), pads=" ".join([_("pad")] * pads), most=most)


@turn.fragment
def mood(lesson: Lesson) -> None:
    """The same sentence judged with and without a mask."""
    from pages.masking.model import mood
    from pages.shared.model.written import number

    ui.say(lesson["Mood"])
    typed = ui.typed(_("A sentence to judge"), "The food was good but the service was terrible", "masking_mood", 120)
    try:
        found = mood.mood(models.word_vectors(), typed)
    except ValueError as error:
        st.error(str(error))
        return
    if found.unknown:
        ui.say(lesson["When unknown"], words=", ".join(found.unknown))
    if found.left_out:
        ui.say(lesson["When cut"], room=mood.MOST_WORDS, left=found.left_out)
    labels = [f"{i} {word}" for i, word in enumerate(found.words)]
    ways = (_("no mask"), _("causal mask"), _("the word alone"))
    bars([*found.seen, found.own], labels, ways, _("mood: bad to the left, good to the right"), "masking_moods")
    free, causal = map(number, found.verdicts)
    free_back, causal_back = map(number, found.backward_verdicts)
    said = {"free": free, "causal": causal, "free_back": free_back, "causal_back": causal_back, "n": len(labels)}
    ui.say(lesson["When found" if len(labels) > 1 else "When one"], **said)


@turn.fragment
def die(lesson: Lesson) -> None:
    """Two decoders are taught on the spot, once for all sessions."""
    import torch

    from pages.masking.model import dice

    ui.say(lesson["Die"], chance=dice.CHANCE)
    if not st.session_state.get("masking_taught"):
        st.button(_("Teach both"), key="masking_teach", icon=":material/school:", on_click=teach)
        return
    torch.set_num_threads(1)
    with st.spinner(_("Teaching two small decoders, a few seconds")):
        free, masked = dice.learn(False), dice.learn(True)
    ways, learnt = (FREE, CAUSAL), (free.losses, masked.losses)
    rows, alt = charts.loss_rows(learnt, ways), charts.losses_alt(learnt, ways, dice.CHANCE)
    ui.chart(charts.losses(ways, dice.CHANCE, ui.theme()), rows, alt=alt, key="masking_losses")
    said = {"masked": masked.losses[-1], "free": free.losses[-1], "steps": dice.STEPS}
    ui.say(lesson["Die found"], **said, masked_writing=masked.writing, free_writing=free.writing)


def teach() -> None:
    st.session_state.masking_taught = True
