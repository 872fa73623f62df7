"""Inside the model: the learner's sentence through every layer and head, number by number."""

import streamlit as st

from core.attention import attention
from core.interpretability import lens
from core.tokenizer import show
from core.transformer import Decoder
from pages.shared import attention_head, heads, models, state, ui
from pages.shared.model import head_questions as questions
from pages.shared.model import notice, panels, pieces, prose, window
from pages.shared.model.charts import stream
from pages.shared.model.head_snippet import snippet
from pages.shared.model.prose import _
from pages.shared.model.written import dot

lesson = prose.load("inside")
ui.say(lesson.question)
ui.say(lesson.idea)

example = ui.example_box()
name = st.session_state.model
model, tokens = models.model(name), models.tokenizer(name)
layer, head = state.layer_and_head()
trace = models.trace(name, example.ids)
labels, t = example.labels, len(example.ids)

position = ui.token(labels, key="inside_token")
shown = window.window(t, position)
one = panels.one_head(trace.blocks[layer].attention.heads, head)
found = lens.lens(model, trace, position)
piece = lambda i: show(tokens.pieces[i])  # noqa: E731
facts = {
    **notice.sizes(model.config, t, layer, head),
    **notice.row(one, labels, position, shown),
    **notice.stream(trace, labels, position),
    **notice.answer(found, piece),
    **notice.average(trace),
}

read = pieces.pieces(tokens.encode(example.text), example.text)
ui.say(lesson["Pieces"], **facts)
ui.chips(read, position)
if any(len(p.ids) > 1 for p in read):
    ui.say(lesson["Bytes"])

ui.say(lesson["Heads"], **facts)
heads.show(lens.weights(trace), labels, "inside_heads", (layer, head), on_choose=state.choose_head, mask=one.mask)

ui.say(lesson["Head"], **facts)
attention_head.show(lesson, name, example.ids, labels, (layer, head), shown, facts, st.session_state.digits)

ui.say(lesson["Lengths"], **facts)
lengths = lens.lengths(trace).tolist()
ui.chart(stream.lengths(model.config.n_layers), stream.length_rows(lengths, labels, position),
         alt=stream.lengths_alt(lengths, labels, position), key="inside_lengths")  # fmt: skip

ui.say(lesson["Output"], **facts)
left, right = st.columns(2, gap="large")
with left:
    rows = stream.next_rows(lens.next_tokens(trace, position), piece)
    ui.chart(stream.next_tokens(ui.theme()), rows, alt=stream.next_alt(rows), key="inside_next")
with right:
    logit = lens.logit(model, trace, position, found.answer)
    ui.say(lesson["Logit"], **facts)
    ui.say(dot(logit.x, logit.column))

ui.say(lesson["Lens"], **facts)
if found.top[0][0][0] == example.ids[position]:
    ui.say(lesson["Its own token"], **facts)
rows = stream.lens_rows(found, piece)
ui.chart(stream.lens(ui.theme(), len(found.ranks)), rows, alt=stream.lens_alt(rows), key="inside_lens")

st.header(_("What to notice"))
ui.say(lesson.notice if "before" in facts else lesson["Notice a short text"], **facts)
ui.check(questions.questions(one, labels, shown, model.config.d_model), key="inside_check")
title = _("Layer {layer}, head {head}").format(**facts)
ui.code(lesson, snippet(one, labels, title), attention, Decoder.unembed, **facts)
ui.mistakes(lesson, **facts)
