"""Tokens: how any text becomes numbers. Pieces and ids, spaces and bytes, BPE, unigram, languages, rows of a table."""

import streamlit as st

from core.tokenizer import labels, show
from pages.shared import matrices, models, turn, ui
from pages.shared.model import prose
from pages.shared.model.pieces import pieces
from pages.shared.model.prose import _
from pages.tokens import cutting as parts
from pages.tokens.model import bpe, cutting, lattice, questions, rows
from pages.tokens.model.export import snippet

lesson = prose.load("tokens")
ui.say(lesson.question)
ui.say(lesson.idea)

example = ui.example_box()
text, model = example.text, st.session_state.model
tokens, table = models.tokenizer(model), models.model(model).embedding.tokens
try:
    unigram, known = models.unigram(), models.word_vectors().index
except ValueError as error:
    st.error(str(error))
    turn.end()
parts.tries()
chosen = ui.token(example.labels, key="tokens_token")
read = tokens.encode(text)
cut = pieces(read, text)
row = example.ids[chosen]
facts = cutting.facts(tokens, text, read, row) | rows.facts(table, row, lambda i: show(tokens.pieces[i]))

ui.say(lesson["Pieces" if text else "Pieces of nothing"], **facts)
parts.sentence(cut, chosen, tokens.pieces)
parts.table(lambda: cutting.table(read, labels(read, text), text))

left, right = st.columns(2, gap="large")
with left:
    ui.say(lesson["Spaces"], **facts)
    st.code(facts["read_as"], language=None, wrap_lines=True)
    ui.say(lesson["Escaped" if cutting.escapes(text) else "Back"])
with right:
    spelt = cutting.spelled(tokens, text)
    ui.say(lesson["Bytes" if spelt else "Escaped alone" if cutting.escapes(text) else "No bytes"], **facts)
    spelt = spelt or cutting.spelled(tokens, cutting.EXAMPLES)
    parts.characters(spelt)

ui.say(lesson["Ways"])
parts.ways(lesson, text, {_("BPE"): tokens, _("Unigram"): unigram}, known)

ui.say(lesson["Merges"])
source = parts.corpus(text)
merged = parts.first_merge(lesson, source)

ui.say(lesson["Lattice"])
path = parts.paths(lesson, unigram)

ui.say(lesson["Languages"])
parts.cost(lesson, text, {_("story model, BPE"): tokens, _("translator, unigram"): unigram})

ui.say(lesson["Rows"], **facts)
left, right = st.columns([3, 2], gap="large")
with left:
    matrices.show(rows.around(table, row, lambda i: show(tokens.pieces[i])), key="tokens_rows")
with right:
    ui.say(lesson["Beside"], **facts)
    if tokens.is_byte(row):
        ui.say(lesson["Byte row"], least=rows.least_alike(table[facts["zero"] : facts["last"] + 1]))
    else:
        ui.say(lesson["Learnt row"])
parts.new_numbers(lesson, table, example.ids, cut, chosen, facts)

st.header(_("What to notice"))
ui.say("\n".join([*([lesson["Notice frequent"]] if text else []), lesson.notice]), **facts)
steps = bpe.learn(source)
ui.check(questions.questions(facts, spelt[0], steps if merged else (), path), key="tokens_check")
ui.code(lesson, snippet(source, bpe.merges(steps)), bpe.learn, bpe.pairs, lattice.places)
ui.mistakes(lesson, **facts)
