"""The block: norm, attention, MLP and the stream that they add to; and what a whole model costs."""

import streamlit as st

from core import block_steps, edits, hand, lessons, panels
from core.export.block import snippet
from core.lessons import _
from core.panels import Axis, Panel
from core.questions.block import questions
from core.transformer import Block
from pages.shared import costs as bill
from pages.shared import deep, in_block, matrices, models, state, ui
from pages.shared import hand as by_hand

WINDOW = 8  # tokens of a model's sentence

lesson = lessons.load("block")
ui.say(lesson.question)
ui.say(lesson.idea)
with st.container(horizontal=True, vertical_alignment="bottom"):
    small = by_hand.size("block") == "small"
    ui.digits()
example = ui.example_box() if small else None

preset = hand.example(_("The cat sat"), models.word_vectors(), width=block_steps.D_MODEL)
words = preset if small else by_hand.example_box("block", {" ".join(preset.words): preset}, block_steps.D_MODEL)
base_w = block_steps.weights(words)
changed = by_hand.edits("block", {"x": words.x.shape} | {n: base_w[n].shape for n in ("w_in", "w_out")})
w = {name: edits.apply(name, values, changed) for name, values in base_w.items()}
x = edits.apply("x", words.x, changed)
mine = block_steps.run(x, w)
base = block_steps.run(words.x, base_w) if changed else mine

if small:
    layer, _head = state.layer_and_head()
    config = models.model(st.session_state.model).config
    trace = block_steps.first(models.trace(st.session_state.model, example.ids).blocks[layer])
    labels, shown = example.labels, slice(-WINDOW, None)
    made = block_steps.steps(trace, labels, activation="GELU", shown=shown)
    ui.say(lesson["Small"], layer=layer + 1, layers=config.n_layers, d_model=config.d_model, d_ff=config.d_ff,
           shown=len(labels[shown]), features=block_steps.D_FF)  # fmt: skip
else:
    trace, labels = mine, words.labels
    made = block_steps.steps(trace, labels, w, base, base_w)
    ui.say(lesson["Hand"])
    by_hand.reset_button("block")

in_block.steps(lesson, made, block_steps.facts(trace, labels, "GELU" if small else "ReLU"))

ui.say(lesson["Post"])
if small:
    ui.say(lesson["Post by hand"])
axes = {"token": Axis("token", words.labels), "feature": Axis("feature", panels.features(block_steps.D_MODEL))}
pre_and_post = ((_("norm before"), mine), (_("norm behind"), block_steps.run(x, w, norm_first=False)))
both = (Panel(name, found.resid_post, "token", "feature", name) for name, found in pre_and_post)
matrices.show(panels.versus(axes, *both), key="block_whatif")

with st.container(key="block_depth"):
    deep.show(lesson)

ui.say(lesson["Costs"])
model = bill.chosen()
bill.show(lesson, model)
spent = bill.operations(lesson, model.size)

st.header(_("What to notice"))
ui.say(lesson.notice)
ui.check(questions(trace, labels), key="block_check")
ui.code(lesson, snippet(x, mine.attention.output, w), Block.forward)
ui.mistakes(lesson, **spent)
