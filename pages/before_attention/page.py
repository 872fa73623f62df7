"""Before attention: RNN and LSTM against attention, on the same task, trained by the same loop."""

import streamlit as st

from core.recurrent import Lstm, Rnn
from pages.before_attention import one_machine
from pages.before_attention.model import bottleneck, charts, questions, recall, view
from pages.before_attention.model.export import snippet
from pages.before_attention.model.models import measured
from pages.shared import lines, turn, ui
from pages.shared.model import prose
from pages.shared.model.prose import _

KEY = one_machine.KEY
FAR = 20  # steps back, where the three are compared
NAMES = charts.NAMES

lesson = prose.load(KEY)
ui.say(lesson.question)
ui.say(lesson.idea)

ui.say(lesson["Machines"], d=recall.D_MODEL)
left, right = st.columns([3, 2], vertical_alignment="bottom")
with left:
    typed = ui.typed(_("Your text, of the letters a to h"), recall.EXAMPLE, f"{KEY}_text", 2 * recall.LENGTH)
with right:
    back = ui.slider(_("Steps back"), 1, recall.LENGTH, 3, f"{KEY}_back")
try:
    text = recall.read(typed)
    recall.asked(text, back)
    facts, machines = measured(), {kind: one_machine.machine(kind) for kind in recall.KINDS}
except ValueError as error:  # CheckpointError is one
    st.error(str(error))
    turn.end()
traces = {kind: view.read(machine, text, back) for kind, machine in machines.items()}
for column, (kind, trace) in zip(st.columns(3), traces.items(), strict=True):
    with column.container(border=True):
        told = view.said(trace, text, back)
        ui.say(lesson["Says"], name=NAMES[kind], **told)
        ui.say(lesson["Right" if told["letter"] == told["right"] else "Wrong"], **told)

one_machine.look_into(lesson, text, back)

ui.say(lesson["Known"], size=recall.ASKED, chance=1 / len(recall.LETTERS))
shares = {
    "Among": {kind: facts[kind]["accuracy"] for kind in recall.KINDS},
    "Alone": {kind: facts[name]["accuracy"] for name, kind in recall.ALONE.items()},
}
far = {kind: found[FAR - 1] for kind, found in shares["Among"].items()}
if ui.predict(questions.predict(FAR, far, NAMES), f"{KEY}_predict"):
    at = range(1, recall.LENGTH + 1)
    for column, (how, found) in zip(st.columns(2, gap="large"), shares.items(), strict=True):
        with column:
            ui.say(lesson[how], length=recall.LENGTH, **view.accuracy_facts(found, FAR))
            ui.chart(charts.accuracy(), charts.rows(NAMES, found, at), alt=charts.alt_text(NAMES, found, at),
                     key=f"{KEY}_{how}")  # fmt: skip
    ui.say(lesson["Yours"], counts=recall.by_counts())
    mine, at = {kind: view.known(machines[kind], text) for kind in machines}, range(1, len(text) + 1)
    ui.chart(charts.known(), charts.rows(NAMES, mine, at), alt=charts.alt_text(NAMES, mine, at), key=f"{KEY}_known")
    ui.say(lesson["Training"], **view.machines(facts))

ui.say(lesson["Reach"])
left, right = st.columns([1, 2], gap="large")
with left:
    scale = ui.slider(_("RNN and LSTM: $W_h$ times"), 0.5, 5.0, 1.0, f"{KEY}_scale", step=0.5)
    bias = ui.slider(_("LSTM: bias of the forget gates"), -2.0, 5.0, 1.0, f"{KEY}_bias", step=0.5)
    seed = ui.number(_("Seed"), 0, 999, 1, f"{KEY}_seed", width=160)
    ui.say(lesson["Try"])
reach = {kind: recall.reach(kind, seed, scale, bias) for kind in recall.KINDS}
with right:
    at = range(len(reach["rnn"]))
    ui.chart(charts.reach(), charts.rows(NAMES, reach, at), alt=charts.alt_text(NAMES, reach, at), key=f"{KEY}_reach")
    radius = recall.spectral(seed, scale)
    ui.say(lesson["Reached"], radius=radius, **view.reach_facts(reach, FAR))

clocked = recall.timings()
waiting = view.time_facts(clocked)
left, right = st.columns(2, gap="large")
with left:
    ui.say(lesson["Time"], **waiting)
    ui.say(lesson["Timed"], **waiting)
with right:
    ui.chart(charts.times(), charts.rows(NAMES, clocked, recall.LENGTHS),
             alt=charts.alt_text(NAMES, clocked, recall.LENGTHS), key=f"{KEY}_times")  # fmt: skip

ui.say(lesson["Bottleneck"], **view.bottleneck_facts(facts))
left, right = st.columns(2, gap="large")
with left:
    letters = {name: facts[name]["letters"] for name in charts.PAIR}
    ui.chart(charts.bottleneck(), charts.rows(charts.PAIR, letters, bottleneck.LENGTHS),
             alt=charts.alt_text(charts.PAIR, letters, bottleneck.LENGTHS), key=f"{KEY}_bottleneck")  # fmt: skip
    ui.say(lesson["Squeezed"], **view.squeezed_facts(facts))
with right:
    source = text[: bottleneck.LONGEST]
    said = {name: view.backwards(one_machine.machine(name), source) for name in charts.PAIR}
    ui.say(lesson["Backwards"], **view.backwards_facts(said, source))
    lines.show(said["all states"].weights, *view.backwards_labels(said, source), key=f"{KEY}_backwards")

ui.say(lesson["Convolutions"], **view.convolution_facts())

st.header(_("What to notice"))
ui.say(lesson.notice, **view.looks(machines["attention"], text))
made = questions.questions(traces["rnn"].cell, traces["lstm"].cell, recall.LENGTHS[-1], radius)
ui.check(made, key=f"{KEY}_check")
ui.code(lesson, snippet(machines["rnn"], traces["rnn"]), Rnn.forward, Lstm.forward)
ui.mistakes(lesson, rnn_alone=shares["Alone"]["rnn"][FAR - 1], **recall.gate())
