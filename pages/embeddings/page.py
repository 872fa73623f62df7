"""Embeddings: words as rows of a table, who is near, a map, and sums of words."""

import streamlit as st

from core.tokenizer import START_SHOWN
from core.words import analogy, pca_plane
from pages.embeddings import chosen_rows, sums
from pages.embeddings.model import charts, questions
from pages.embeddings.model import rows as table_rows
from pages.embeddings.model import sums as word_sums
from pages.embeddings.model.export import snippet
from pages.embeddings.model.rows import cosines
from pages.shared import hand, matrices, models, ui, word_plane
from pages.shared.model import edits, prose
from pages.shared.model.prose import _
from pages.shared.model.word_table import TABLE

WORD_SIZE, PIECE_SIZE = _("Word vectors"), _("Story model")

lesson = prose.load("embeddings")
vectors = models.word_vectors()
ui.say(lesson.question, id=vectors.index["apple"])
ui.say(lesson.idea)

heading = st.container()
left, right = st.columns([2, 1])
with left:
    ids = chosen_rows.ids_box()
with right:
    ui.digits()
with heading:
    ui.say(lesson["Lookup"], t=len(ids))
changed = hand.edits("embeddings", {"E": TABLE.shape})
table = edits.apply("E", TABLE, changed)
matrices.show(table_rows.lookup_panels(ids, table), "embeddings_lookup", on_edit=hand.editor("embeddings"))
hand.reset_button("embeddings")

heading = st.container()
size = ui.choice(_("Size"), (WORD_SIZE, PIECE_SIZE), "embeddings_size")
rows = chosen_rows.words_box() if size == WORD_SIZE else chosen_rows.pieces_box()
near = table_rows.near(rows)
facts = table_rows.facts(rows, near)
with heading:
    ui.say(lesson["Rows" if size == WORD_SIZE else "Pieces"], **facts)
guess = questions.predict(rows)
revealed = guess is None or ui.predict(guess, "embeddings_guess")
matrices.show(table_rows.row_panels(rows.words, rows.x, revealed), "embeddings_rows")

if revealed:
    ui.say(lesson["Neighbours"], **facts)
    left, right = st.columns(2, gap="large")
    for place, kind in ((left, "cosine"), (right, "dot")):
        with place:
            word_plane.bars(near[kind], kind == "cosine", f"embeddings_{kind}")
    ui.say(lesson["Longer" if facts["into"] else "The same"], **facts)

ui.say(lesson["Map"], **facts)
if size == WORD_SIZE:
    ui.say(lesson["Named"])
found, named = word_plane.plane_box("embeddings", vectors, rows.x) if size == WORD_SIZE else (pca_plane(rows.x), None)
names = charts.map_names(found, named)
points = charts.map_rows(rows.words, found.points, rows.word, names)
word_plane.draw(points, found.points, charts.map_alt(points, names), "embeddings_map")
if size == WORD_SIZE:
    ui.say(lesson["Between"], **table_rows.between(vectors))

sums.show(lesson)

st.header(_("What to notice"))
shown = revealed and rows.word != START_SHOWN  # what one was asked to say; of the start token there is nothing to say
first = [lesson["Notice bytes" if rows.word.startswith("<0x") else "Notice near"]] if shown else []
ui.say("\n".join([*first, lesson.notice]), **facts)
ui.check(questions.questions(table, rows, found.points, revealed), key="embeddings_check")
ui.code(lesson, snippet(ids, table), cosines, analogy)
ui.mistakes(lesson, **word_sums.measured(), own=word_sums.own_words(vectors))
