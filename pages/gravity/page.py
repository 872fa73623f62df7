"""Words that pull each other: the same word moves to different places in two sentences, round by round."""

import numpy as np
import streamlit as st

from core.attention import attention
from core.words import pull
from pages.gravity import controls
from pages.gravity.model import export, questions
from pages.gravity.model import pull as gravity
from pages.shared import hand, matrices, models, stepper, ui
from pages.shared.model import edits, prose, word_table
from pages.shared.model.prose import _
from pages.shared.model.word_table import TABLE

lesson = prose.load("gravity")
ui.say(lesson.question)
ui.say(lesson.idea)

left, right = st.columns(2, gap="large")
with left:
    size = ui.choice(_("Size"), (controls.BY_HAND, controls.WORDS), "gravity_size")
with right:
    ui.digits()
by_hand = size == controls.BY_HAND
table = edits.apply("E", TABLE, hand.edits("gravity", {"E": TABLE.shape}))
vectors = word_table.by_hand(table) if by_hand else models.word_vectors()
left, right = st.columns(2, gap="large")
with left:
    ui.say(lesson["Table" if by_hand else "Vectors"], d=vectors.vectors.shape[1])
    if by_hand:
        shown = gravity.table_panels(table, TABLE, word_table.WORDS, word_table.SHORT)
        matrices.show(shown, "gravity_table", on_edit=hand.editor("gravity"))
        hand.reset_button("gravity")
with right:
    sentences = [controls.sentence_box(name, vectors) for name in ("first", "second")]
    kind, temperature = controls.look_box("gravity_hand" if by_hand else "gravity_words", by_hand)
    word = controls.word_box(sentences)
both = [gravity.rounds(s, vectors, kind, temperature) for s in sentences]
rows = np.concatenate([trace[0].before for trace in both])
if kind == "cosine" and not rows.any(1).all():
    ui.say(lesson["Zero"])

asked = max((1, 0), key=lambda i: len(gravity.firsts(sentences[i])))
moving = gravity.follow(sentences[asked], word)
ui.say(lesson["Guess"], word=sentences[asked].words[moving])
guess = questions.predict(sentences[asked], moving, both[asked][0])
if guess is None or ui.predict(guess, "gravity_guess"):
    ui.say(lesson["Planes"])
    plane, names = controls.plane_box(vectors, rows)
    at = stepper.show([_("Start"), *(f"{_('Round')} {i}" for i in range(1, gravity.ROUNDS + 1))], "gravity_step")
    controls.planes(lesson, sentences, both, plane, names, at, word)

    heading = st.container()
    which = ui.choice(_("Sentence"), tuple(controls.LABELS), "gravity_which", controls.LABELS.__getitem__)
    words, trace = (part[list(controls.LABELS).index(which)] for part in (sentences, both))
    own, step = gravity.follow(words, word), trace[max(at, 1) - 1]
    with heading:
        ui.say(lesson["Round"], round=max(at, 1), sentence=words.text)
    heads = word_table.SHORT if by_hand else names
    matrices.show(gravity.panels(words, step, plane, heads, kind, temperature), "gravity_round")

    ui.say(lesson["What if"])
    controls.what_if(words, vectors, (kind, temperature), "gravity_hand" if by_hand else "gravity_words", by_hand)
    ui.say(lesson["Paths"], word=words.words[own], rounds=len(trace))
    controls.paths(words, trace, plane, names, word, temperature)

    st.header(_("What to notice"))
    facts = gravity.facts(*both, sentences, word, plane)
    if gravity.shared(*sentences):
        ui.say(lesson["Notice same"], **facts)
    ui.say(lesson.notice, **facts)
    if not by_hand:
        ui.say(lesson["Notice real"], **facts)
    places = plane.place(step.before)
    ui.check(questions.questions(words, own, step, places, kind, names), "gravity_check")
    if by_hand:
        ui.code(lesson, export.snippet(words.labels, trace, kind, temperature), pull, attention, rounds=len(trace))
    else:
        real = lesson._replace(code=lesson["In code real"])
        ui.code(real, export.one_round(words.labels, step, places, temperature), pull, attention)
ui.mistakes(lesson)
