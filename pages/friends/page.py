"""A class of friends: attention among six people, row by row and round after round."""

import streamlit as st

from core.words import attend
from pages.friends import rounds as playing
from pages.friends.model import export, friends, questions
from pages.friends.model.friends import FRIENDS, JOEY, TABLE
from pages.shared import hand, matrices, ui
from pages.shared.model import asking, edits, prose
from pages.shared.model.asking import KINDS
from pages.shared.model.prose import _
from pages.shared.model.workbook import MIME

SLUG = "friends"
PARTS = {"Scores": _("Scores"), "Weights": _("Weights"), "Revised": _("Revised traits")}

lesson = prose.load(SLUG)
ui.say(lesson.question)
ui.say(lesson.idea)

with st.container(horizontal=True, vertical_alignment="bottom"):
    kind = ui.choice(_("Similarity"), playing.AS_DOT, f"{SLUG}_kind", KINDS.__getitem__)
    ui.digits()
temperature = ui.slider(_("Temperature"), 0.1, 4.0, 1.0, f"{SLUG}_t", step=0.05, format="%g")
changed = hand.edits(SLUG, {"X": TABLE.shape})
traits = edits.apply("X", TABLE, changed)
rounds = friends.play(traits, kind, temperature)
one, usual = rounds[0], friends.play(TABLE, kind, temperature)[0] if changed else rounds[0]

ui.say(lesson["Round"])
with st.container(horizontal=True, vertical_alignment="center"):
    st.download_button(_("Workbook (.xlsx)"), lambda: export.workbook(rounds, kind, temperature), "friends.xlsx", MIME,
                       key=f"{SLUG}_workbook", icon=":material/table_view:", on_click="ignore",
                       help=_("The traits and all ten rounds as a spreadsheet with live formulas."))  # fmt: skip
    hand.reset_button(SLUG)
place = st.container()
revealed = ui.predict(questions.becomes(one, JOEY), f"{SLUG}_becomes")
with place:
    matrices.show(friends.panels(one, kind, temperature, revealed, usual), f"{SLUG}_round", on_edit=hand.editor(SLUG))
joey = friends.facts(rounds, JOEY)
if revealed:
    ui.say(lesson["Like" if joey["like"] == joey["most"] else "Like another"], **joey)

    ui.say(lesson["Row"])
    with st.container(horizontal=True):
        name = ui.choice(_("Whose row"), FRIENDS, f"{SLUG}_row", default=FRIENDS[JOEY])
        part = ui.choice(_("Operation"), ("Scores", "Weights", "Revised"), f"{SLUG}_part", PARTS.__getitem__)
    friend = FRIENDS.index(name)
    facts = friends.facts(rounds, friend)
    row = friends.asked(one, friend, kind, temperature, st.session_state.digits)
    ui.say(lesson[part], **facts)
    if part == "Scores":
        ui.say(asking.scores(row))
    else:
        ui.say(asking.softmax(row) if part == "Weights" else asking.context(row, friends.TRAITS))

    ui.say(lesson["Rounds"], **facts)
    spreads = friends.spreads(rounds)
    playing.rounds(rounds, spreads, kind)
    ui.say(lesson["Alike" if facts["camps"] == 1 else "Camps"], **facts)

    playing.what_if(lesson, traits, spreads)

    st.header(_("What to notice"))
    ui.say(lesson.notice + "\n" + lesson["Loud" if facts["most_weight"] > facts["own"] else "Quiet"] + "\n"
           + lesson["Limits"], **facts)  # fmt: skip
    ui.check(questions.questions(one, friend, temperature), key=f"{SLUG}_check")
ui.code(lesson, export.snippet(one, kind, temperature), attend, friends.spread)
ui.mistakes(lesson)
