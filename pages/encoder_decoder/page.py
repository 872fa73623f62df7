"""Encoder and decoder: a Korean sentence becomes an English one, with every attention of the machine open."""

import streamlit as st

from core.interpretability import lens
from core.tokenizer import show
from core.transformer import Block, EncoderDecoder
from core.translation import cross_weights, target_labels
from pages.encoder_decoder import chips, cross_attention, stacks
from pages.encoder_decoder.model import notice, questions
from pages.encoder_decoder.model.export import snippet
from pages.shared import heads, lines, matrices, models, stepper, translator, ui
from pages.shared.model import panels, prose
from pages.shared.model.charts import stream
from pages.shared.model.prose import _

PART = "encoder_decoder_part"  # what is open, in the link

lesson = prose.load("encoder_decoder")
ui.say(lesson.question)
ui.say(lesson.idea)

source = translator.box("encoder_decoder")
config, pieces = models.translator().config, models.unigram().pieces
found = translator.reading(source.ids)
labels = target_labels(models.unigram(), found.target)
facts = notice.translation(source, found, labels, translator.english(found.target))
said = facts["english"] or "–"
st.success(f"## {prose.fill('{said}', said=said)}", icon=":material/translate:")
chips.show(found, labels)
ui.say(lesson[notice.familiar(source.text, translator.seen())])
if facts["doubted"]:
    ui.say(lesson["Doubt"], **facts)
if not facts["ended"]:
    ui.say(lesson["No end"], **facts)

ui.say(lesson["Steps"], **facts)
step = stepper.show(labels[1:], "encoder_decoder_t")
so_far = slice(0, step + 1)
left, right = st.columns(2, gap="large")
with left:
    ui.say(lesson["Step"], **notice.step(found, labels, step))
    rows = stream.next_rows(lens.next_tokens(found.trace.decoder, step), lambda i: show(pieces[i]))
    ui.chart(stream.next_tokens(ui.theme()), rows, alt=stream.next_alt(rows), key="encoder_decoder_next")
with right:
    ui.say(lesson["Growing"])
    mean = cross_weights(found)[-1].mean(0)
    lines.show(mean[so_far], labels[1:][so_far], source.labels, key="encoder_decoder_growing", threshold=0.1)

ui.say(lesson["Machine"], **facts)
left, right = st.columns([3, 2], gap="large")
with left:
    part = stacks.show(config, len(source.ids), step + 1, key=PART)
queries, keys = (source.labels if side == "source" else labels[:-1] for side in notice.SIDES[part.where])
with right:
    ui.say(lesson[f"Open {part.where}"], **facts)
    if part.where.endswith("mlp"):
        matrices.show(notice.mlp_panels(found, part, queries), key=f"encoder_decoder_{part.where}")
    else:
        one = notice.attention(found, part)
        at = part.layer, stacks.head(PART)
        opened = heads.show(one.weights, queries, f"encoder_decoder_heads_{part.where}", at,
                            key_labels=keys, mask=one.mask, on_choose=stacks.chooser(PART, part))  # fmt: skip
if not part.where.endswith("mlp"):
    ui.digits()
    matrices.show(panels.head_panels(panels.one_head(one, opened.head, batch=opened.layer), queries, keys),
                  key=f"encoder_decoder_matrices_{part.where}")  # fmt: skip

cross_attention.order(lesson, source, labels, facts)
cross_attention.what_if(lesson, source, labels, said)

st.header(_("What to notice"))
ui.say(lesson.notice, **facts)
ui.check(questions.questions(source, found, labels, config), key="encoder_decoder_check")
ui.code(lesson, snippet(panels.one_head(found.trace.decoder.blocks[-1].cross.heads, 0), labels, source.labels),
        EncoderDecoder.forward, Block.forward)  # fmt: skip
ui.mistakes(lesson)
