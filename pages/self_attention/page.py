"""Self-attention: queries, keys and values, scores, weights, context vectors; by hand, and in a head of the model."""

import streamlit as st

from core.attention import attention, softmax
from pages.self_attention import one_word
from pages.self_attention.model import by_hand as steps
from pages.self_attention.model import export, questions
from pages.shared import attention_head, hand, matrices, models, state, ui
from pages.shared.model import head_questions, head_snippet, notice, panels, prose, window
from pages.shared.model.asking import KINDS
from pages.shared.model.hand import LOVE
from pages.shared.model.prose import _
from pages.shared.model.workbook import MIME

SLUG = "self_attention"

lesson = prose.load(SLUG)
ui.say(lesson.question)
ui.say(lesson.idea)

if hand.size(SLUG) == "hand":
    example = hand.example_box(SLUG, {"You love statistics": LOVE})
    with st.container(horizontal=True):
        kind = ui.choice(_("Similarity"), list(KINDS), f"{SLUG}_kind", KINDS.__getitem__)
        ui.digits()
    edits = hand.edits(SLUG, steps.shapes(example))
    now, before = steps.work(example, edits, kind), steps.work(example, {}, kind)

    ui.say(lesson["One"])
    query = one_word.who(list(example.labels), SLUG)
    facts = steps.facts(now, query)
    one_word.by_hand(lesson, SLUG, now, before, query, facts)

    ui.say(lesson["All"], **facts)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(_("Workbook (.xlsx)"), lambda: export.workbook(now), "self_attention.xlsx", MIME,
                           key=f"{SLUG}_workbook", icon=":material/table_view:", on_click="ignore",
                           help=lesson["Workbook"])  # fmt: skip
        hand.reset_button(SLUG)
    matrices.show(steps.everything(now, before), f"{SLUG}_all", on_edit=hand.editor(SLUG))

    one_word.raised(lesson, SLUG, example, edits, now, query)
    one_word.what_if(lesson, SLUG, example, edits, now)

    noticed = lesson.notice if facts["n"] > 1 else lesson["Notice a single word"]
    asked, snippet = questions.questions(now, query), export.snippet(now)
else:
    example, name = ui.example_box(), st.session_state.model
    model, (layer, head) = models.model(name), state.layer_and_head()
    labels, t = example.labels, len(example.ids)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        position = ui.token(labels, f"{SLUG}_token")
    shown = window.window(t, position)
    one = panels.one_head(models.trace(name, example.ids).blocks[layer].attention.heads, head)
    row = notice.row(one, labels, position, shown)
    facts = {**notice.sizes(model.config, t, layer, head), **row, "word": row["chosen"], "n": t}
    facts |= {
        "most": row["key"],
        "most_weight": row["most"],
        "d": model.config.d_head,
        "own": one.weights[position, position].item(),
    }

    ui.say(lesson["One"])
    one_word.in_model(lesson, SLUG, name, example.ids, labels, (layer, head), position, shown, facts)

    ui.say(lesson["Head"], **facts)
    attention_head.show(lesson, name, example.ids, labels, (layer, head), shown, facts, st.session_state.digits, SLUG)

    noticed = lesson["Notice in the model"]
    asked = head_questions.questions(one, labels, shown, model.config.d_model)
    snippet = head_snippet.snippet(one, labels, _("Layer {layer}, head {head}").format(**facts))

st.header(_("What to notice"))
ui.say(noticed, **facts)
ui.check(asked, key=f"{SLUG}_check")
ui.code(lesson, snippet, attention, softmax)
ui.mistakes(lesson, **facts)
