"""The block: norm, attention, MLP and the stream that they add to; and what a whole model costs."""

import streamlit as st

from core.transformer import Block
from pages.block import costs as bill
from pages.block import norm_placement, operations
from pages.block.model import steps
from pages.block.model.export import snippet
from pages.block.model.questions import questions
from pages.shared import hand as by_hand
from pages.shared import matrices, models, state, ui
from pages.shared.model import edits, hand, panels, prose
from pages.shared.model.panels import Axis, Panel
from pages.shared.model.prose import _

WINDOW = 8  # tokens of a model's sentence

lesson = prose.load("block")
ui.say(lesson.question)
ui.say(lesson.idea)
with st.container(horizontal=True, vertical_alignment="bottom"):
    small = by_hand.size("block") == "small"
    ui.digits()
example = ui.example_box() if small else None

preset = hand.example(_("The cat sat"), models.word_vectors(), width=steps.D_MODEL)
words = preset if small else by_hand.example_box("block", {" ".join(preset.words): preset}, steps.D_MODEL)
base_w = steps.weights(words)
changed = by_hand.edits("block", {"x": words.x.shape} | {n: base_w[n].shape for n in ("w_in", "w_out")})
w = {name: edits.apply(name, values, changed) for name, values in base_w.items()}
x = edits.apply("x", words.x, changed)
mine = steps.run(x, w)
base = steps.run(words.x, base_w) if changed else mine

if small:
    layer, _head = state.layer_and_head()
    config = models.model(st.session_state.model).config
    trace = steps.first(models.trace(st.session_state.model, example.ids).blocks[layer])
    labels, shown = example.labels, slice(-WINDOW, None)
    made = steps.steps(trace, labels, activation="GELU", shown=shown)
    ui.say(lesson["Small"], layer=layer + 1, layers=config.n_layers, d_model=config.d_model, d_ff=config.d_ff,
           shown=len(labels[shown]), features=steps.D_FF)  # fmt: skip
else:
    trace, labels = mine, words.labels
    made = steps.steps(trace, labels, w, base, base_w)
    ui.say(lesson["Hand"])
    by_hand.reset_button("block")

operations.steps(lesson, made, steps.facts(trace, labels, "GELU" if small else "ReLU"))

ui.say(lesson["Post"])
if small:
    ui.say(lesson["Post by hand"])
axes = {"token": Axis("token", words.labels), "feature": Axis("feature", panels.features(steps.D_MODEL))}
pre_and_post = ((_("norm before"), mine), (_("norm behind"), steps.run(x, w, norm_first=False)))
both = (Panel(name, found.resid_post, "token", "feature", name) for name, found in pre_and_post)
matrices.show(panels.versus(axes, *both), key="block_whatif")

with st.container(key="block_depth"):
    norm_placement.show(lesson)

ui.say(lesson["Costs"])
model = bill.chosen()
bill.show(lesson, model)
spent = bill.operations(lesson, model.size)

st.header(_("What to notice"))
ui.say(lesson.notice)
ui.check(questions(trace, labels), key="block_check")
ui.code(lesson, snippet(x, mine.attention.output, w), Block.forward)
ui.mistakes(lesson, **spent)
