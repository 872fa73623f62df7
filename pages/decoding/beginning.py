"""Which model writes, and from where: the learner's sentence, or the start token and a Korean sentence beside it."""

from typing import NamedTuple

import streamlit as st

from core.tokenizer import SOS, START_SHOWN
from pages.decoding.writer import Beginning, Writing
from pages.shared import models, ui
from pages.shared.model.prose import _

TASKS = {"write": _("Write on"), "translate": _("Translate")}


class Start(NamedTuple):
    """A beginning, and how its tokens are called."""

    beginning: Beginning
    labels: tuple[str, ...]  # "0 ⟨start⟩", "1 Once", ...
    source: tuple[str, ...] = ()  # of the Korean

    def names(self, writing: Writing) -> tuple[str, ...]:
        """The labels of the whole text, what was written included."""
        return (*self.labels, *(f"{i} {writing.name(t)}" for i, t in enumerate(writing.written, len(self.labels))))


def choose() -> Start:
    """Stops the page, with a sentence, if there is nothing to begin with."""
    if ui.choice(_("Task"), list(TASKS), "decoding_task", TASKS.__getitem__) == "write":
        example = ui.example_box()
        return Start(Beginning(st.session_state.model, example.ids), example.labels)
    from pages.shared import translator  # late: it brings torch

    source = translator.box("decoding")
    return Start(Beginning(models.TRANSLATOR, (SOS,), source.ids), (f"0 {START_SHOWN}",), source.labels)
