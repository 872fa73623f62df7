"""Every step of a text as a table: T, what the model was fed, which token came next, how probable it was."""

import math

import pyarrow as pa
import streamlit as st

from pages.decoding.model.charts import share
from pages.decoding.writer import Writing
from pages.shared import ui
from pages.shared.model.prose import Lesson, _, fill

FED = 4  # of the tokens fed so many are named, the newest among them
LINES = 14  # more than so many scroll


def show(lesson: Lesson, writing: Writing, labels: tuple[str, ...], yours: int) -> None:
    """`labels` of all tokens of the text, "0 ⟨start⟩" first, of which the first `yours` are the learner's."""
    ui.say(lesson["Every step"])
    names = tuple(label.split(" ", 1)[1] for label in labels)
    nexts = [fill("**{t}**", t=name) for name in names[1:]]
    probs = [share(math.exp(p)) for p in writing.log_probs]
    parts = [_("your sentence") if i < yours else _("written") for i in range(1, len(names))]
    if not writing.over:
        nexts.append(fill(_("{t} (comes next)"), t=writing.name(writing.step.chosen)))
        probs.append(share(math.exp(writing.next.log_prob)))
        parts.append("–")
    columns = {
        _("T"): [str(t) for t in range(len(nexts))],
        _("fed"): [fill("{t}", t=fed(names[: t + 1])) for t in range(len(nexts))],
        _("next token"): nexts,
        _("its probability"): probs,
        _("part of the text"): parts,
    }
    many = len(nexts) > LINES
    with st.container(height=520 if many else "content", border=False):
        st.table(pa.table(columns), border="horizontal", hide_index=True, alt=_("Every step of the text"))


def fed(names: tuple[str, ...]) -> str:
    shown = " + ".join(names[-FED:]) if len(names) <= FED + 1 else f"… + {' + '.join(names[-FED:])}"
    return f"{names[0]} + {shown}" if len(names) == FED + 1 else shown
