"""A group chat in which messages look back at each other; and a pronoun that looks for its person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from pages.query_key_value import look_up
from pages.query_key_value.model import chat as chats
from pages.query_key_value.model import export, pronoun, questions
from pages.query_key_value.model.chat import CHAT, Chat, Round
from pages.shared import hand, lines, matrices, models, state, stepper, turn, ui, word_plane
from pages.shared.model import prose
from pages.shared.model.prose import Lesson, _

if TYPE_CHECKING:
    from pages.query_key_value.model.pronoun import Looks

SLUG = "query_key_value"
OWN = _("Your sentence")
LONGEST, LONGEST_SENTENCE = 1200, 200
IN_MODEL, BY_HAND = _("Story model"), _("By hand")


def show(lesson: Lesson) -> look_up.Taught | None:
    """The chat, round after round. None if there is no message with a known word, which is said."""
    vectors = models.word_vectors()
    ui.say(lesson["Chat"])
    left, right = st.columns([2, 3], gap="large")
    with left:
        text = ui.typed(_("The chat: name, colon, message"), CHAT, f"{SLUG}_chat", LONGEST, lines=True, height=160)
        found = chats.chat(text, vectors)
        word_plane.tell_unknown(found.unknown, vectors)
        look_up.tell(found.refused, found.left_out, chats.MOST)
        back = int(ui.number(_("How many messages back one may look"), 0, chats.MOST - 1, 2, f"{SLUG}_back"))
        temperature = ui.slider(_("Temperature"), 0.05, 2.0, 0.3, f"{SLUG}_chat_t", step=0.05)
    if not found.messages:
        st.info(_("Type at least one message with a word that has a vector."))
        return None
    made = chats.rounds(found.x, back, temperature)
    with right:
        lines.show(made[0].weights, found.labels, found.labels, f"{SLUG}_lines")
    reach = chats.reach(made)
    to, of = reach or (len(found.messages) - 1, 0)
    facts = {"n": len(found.messages), "back": back, "to": found.labels[to], "of": found.labels[of]}
    facts |= {"own": made[0].weights[to, to], "heard": made[1].heard[to, of], "rounds": chats.ROUNDS}
    ui.say(lesson["Rounds"], **facts)
    if reach is None or ui.predict(questions.arrives(found, to, of), f"{SLUG}_arrives"):
        rounds(lesson, found, made, reach, facts)
    ui.say(lesson["Two chats"], half=found.x.shape[1] // 2)
    matrices.show(chats.two_heads(found, back, temperature), f"{SLUG}_two")
    she(lesson)
    return look_up.Taught(questions.chat(found, made, to, of), export.chat(found, made, temperature), facts)


@turn.fragment
def rounds(lesson: Lesson, found: Chat, made: Sequence[Round], reach: tuple[int, int] | None, facts: dict) -> None:
    """Who looks at whom in each round, and who has heard of whom by then."""
    at = 1 + stepper.show([_("round {n}").format(n=n) for n in range(1, len(made) + 1)], f"{SLUG}_round")
    matrices.show(chats.panels(found, made, at), f"{SLUG}_heard")
    if at == 1:
        ui.say(lesson["First round"], **facts)
    elif reach:
        ui.say(lesson["Way"], **facts)
        ui.say(chats.paths(made, found.labels, *reach))
    else:
        ui.say(lesson["No way"], **facts)


@turn.fragment
def she(lesson: Lesson) -> None:
    """The last word of a sentence and the person it means: in every head of the story model, or by hand."""
    ui.say(lesson["She"])
    if ui.choice(_("Size"), (IN_MODEL, BY_HAND), f"{SLUG}_she") == IN_MODEL:
        in_model(lesson)
        return
    ui.say(lesson["She by hand"])
    edits = hand.edits(SLUG, {name: values.shape for name, values in pronoun.HAND.items()})
    hand.reset_button(SLUG)
    panels = pronoun.by_hand(edits)
    matrices.show(panels, f"{SLUG}_she_hand", on_edit=hand.editor(SLUG))
    row = panels["panels"][-1]["values"][-1]
    most = max(range(len(row)), key=row.__getitem__)
    ui.say(lesson["She found by hand"], word=pronoun.WORDS[most], weight=row[most], nurse=row[1])


def in_model(lesson: Lesson) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = ui.choice(_("Sentence"), [*pronoun.PRESETS, OWN], f"{SLUG}_sentence")
        text, person = chosen, pronoun.PRESETS.get(chosen)
        if chosen == OWN:
            text = ui.typed(_("A sentence that ends with the word that looks"), "Tom saw Lily and she",
                            f"{SLUG}_own", LONGEST_SENTENCE)  # fmt: skip
            text = text.strip(" .,;:!?")
            others = pronoun.persons(text)
            if not others:
                st.info(_("Type at least two words."))
                return
            person = person_box(others)
    looked = pronoun.looks(models.model(models.DEFAULT), models.tokenizer(models.DEFAULT), text, person)
    mean, even = pronoun.average(models.model(models.DEFAULT), models.tokenizer(models.DEFAULT))
    matrices.show(pronoun.panels(looked.weights, mean), f"{SLUG}_heads")
    said(lesson, looked, mean, even, text, person)


def person_box(others: Sequence[str]) -> str:
    """The word that is to be found; one that a new sentence lacks is forgotten."""
    key = f"{SLUG}_person"
    state.check_link(key, others.__contains__)
    state.renew(key, others, others[0])
    return st.selectbox(_("At which word does it look?"), others, key=key, bind="query-params")


def said(lesson: Lesson, looked: "Looks", mean, even: float, text: str, person: str) -> None:
    """The best head here and on average, and how many do no better than an even look."""
    from core.interpretability.lens import strongest

    (layer, head, best), (a, b, average) = strongest(looked.weights), strongest(mean)
    few = int((looked.weights <= looked.even).sum())
    values = {"sentence": text, "word": text.split()[-1], "person": person, "best": best, "even": looked.even}
    values |= {"layer": layer + 1, "head": head + 1, "few": few, "all": looked.weights.numel()}
    values |= {"mean_layer": a + 1, "mean_head": b + 1, "mean": average, "mean_even": even}
    values |= {"mean_best": mean[layer, head].item(), "tried": len(pronoun.TRIED)}
    ui.say(lesson["She found" if best > looked.even else "She not found"], **values)
    st.caption(prose.fill(lesson["She caution"], **values))
