"""A text that a model writes on, one token at a time, behind the learner's sentence or as its translation.

A session keeps the written ids, whether they grow by themselves, and the presses not yet answered: no traces. The step
on screen is computed again from the ids, the settings and the seed. torch is imported late.
"""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from core.tokenizer import EOS, show
from pages.decoding import voices
from pages.shared import models, state
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from torch import Tensor

    from core.decoding import DecodeStep
    from pages.decoding.model.draw import Segment
    from pages.decoding.model.steps import Row, Written

KEY = "decoding_ids"  # in the link: the written ids, with points between
TICK = 0.2  # seconds from token to token while it runs


class Beginning(NamedTuple):
    """From where a model writes on: few numbers, as a session keeps them."""

    model: str  # its name
    prompt: tuple[int, ...]  # SOS first
    source: tuple[int, ...] = ()  # what the encoder reads, for the translator


def functions() -> tuple:
    """What ran for a step, for those who want to read it."""
    from core import decoding

    return decoding.filter_logits, decoding.draw_from, decoding.beam_search, decoding.Cached.step


def ask(what: str, value: int | tuple[int, ...] | None = None) -> None:
    """A press: "next", "back", "start", "run", "stop", "take" a token or "add" some, back "to" a length.

    All are answered in turn.
    """
    st.session_state.decoding_asked.append((what, value))


class Writing:
    """The sentence and what was written behind it, as the session has it now; presses are answered on the way in."""

    def __init__(self, beginning: Beginning, settings: voices.Settings):
        self.beginning, self.settings = beginning, settings
        self.prompt, source = beginning.prompt, beginning.source
        self.voice = voices.voice(models.translator() if source else models.model(beginning.model), source)
        self.tokenizer = models.unigram() if source else models.tokenizer(beginning.model)
        self.config = self.voice.decoder.config
        self.recall(beginning)
        asked, st.session_state.decoding_asked = st.session_state.get("decoding_asked", []), []
        for what, value in asked:
            self.answer(what, value)

    def recall(self, now: Beginning) -> None:
        """The session's ids, at the first visit the link's; none after another sentence, or for another model."""
        before = st.session_state.get("decoding_for")
        if before is None:
            raw = st.query_params.get(KEY, "")
            self.keep(self.parse(raw))
            if raw != ".".join(map(str, self.written)):
                state.note_bad_link(KEY, raw)
        elif before != now:
            if self.written:
                st.toast(_("Another beginning: the model writes on afresh."), icon=":material/edit:")
            self.keep(())
            self.running = False
        st.session_state.decoding_for = now

    def parse(self, raw: str) -> tuple[int, ...]:
        """The ids of a link, as far as the context goes and up to the first EOS; () if they make no sense."""
        pieces = raw.split(".")[: self.config.context - len(self.prompt)]
        if not all(p.isascii() and p.isdigit() and len(p) < 8 and int(p) < self.config.vocab for p in pieces):
            return ()
        ids = tuple(map(int, pieces))
        return ids[: ids.index(EOS) + 1] if EOS in ids else ids

    @property
    def written(self) -> tuple[int, ...]:
        return st.session_state[KEY]

    def keep(self, written: tuple[int, ...]) -> None:
        st.session_state[KEY] = written
        for name in ("step", "rows", "told", "line", "facts"):  # of the text as it was
            self.__dict__.pop(name, None)

    @property
    def running(self) -> bool:
        return st.session_state.get("decoding_running", False)

    @running.setter
    def running(self, value: bool) -> None:
        st.session_state.decoding_running = value

    @property
    def ids(self) -> tuple[int, ...]:
        return self.prompt + self.written

    @property
    def over(self) -> str:
        """Why no token can follow: "ended" at EOS, "full" at the end of the context; "" if one can."""
        return "ended" if self.written[-1:] == (EOS,) else "full" if len(self.ids) >= self.config.context else ""

    def answer(self, what: str, value: int | None = None) -> None:
        if what in ("run", "stop"):
            self.running = what == "run"
        elif what == "start":
            self.keep(())
        elif what == "back":
            self.keep(self.written[:-1])
        elif what == "to":
            self.keep(self.written[:value])
        elif not self.over:
            tokens = value if what == "add" else [self.step.chosen if what == "next" else value]
            if all(0 <= token < self.config.vocab for token in tokens):
                self.keep((*self.written, *tokens)[: self.config.context - len(self.prompt)])
        if self.over:
            self.running = False

    @cached_property
    def step(self) -> "DecodeStep":
        """The step that comes next; once the text is over, the one that came last."""
        ids = self.ids[:-1] if self.over and len(self.ids) > 1 else self.ids
        return voices.step(self.voice, ids, self.settings, max(0, len(ids) - len(self.prompt)))

    @property
    def next(self) -> "Written":
        """What the step will have written."""
        from pages.decoding.model.steps import written

        return written(self.step)

    @cached_property
    def rows(self) -> list["Row"]:
        """The step as a table; the end token always has its own row."""
        from core.decoding import stages
        from pages.decoding.model.steps import rows

        filters, ids = self.settings.filters, self.step.ids
        found = stages(self.step.filtering.logits, seen=ids, **filters)
        return rows(self.step, found, always=(EOS,), repetition_penalty=filters["repetition_penalty"])

    @cached_property
    def told(self) -> "Tensor":
        """The step's logits, the penalty for repetition paid."""
        from core.decoding import penalised

        return penalised(self.step.filtering.logits, self.step.ids, self.settings.repetition_penalty)

    @cached_property
    def line(self) -> list["Segment"]:
        """The kept tokens of the step end to end, where the draw falls."""
        from pages.decoding.model.draw import laid_out
        from pages.decoding.model.steps import TOP

        return laid_out(self.step.filtering.probs, (self.step.chosen, EOS), TOP)

    @cached_property
    def facts(self) -> dict:
        from pages.decoding.model.steps import facts

        return facts(self.step, self.rows, self.name)

    @property
    def log_probs(self) -> tuple[float, ...]:
        """Of each token after the first, the learner's and the written ones."""
        return voices.read(self.voice, self.ids).log_probs

    def name(self, token: int) -> str:
        return show(self.tokenizer.pieces[token])

    def write_link(self) -> None:
        state.keep(KEY, ".".join(map(str, self.written)))
