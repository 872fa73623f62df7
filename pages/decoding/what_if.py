"""What if: two beginnings or two settings, written on from the same seed, beside each other."""

import streamlit as st

from core.tokenizer import EOS, SOS
from pages.decoding import steps, voices
from pages.decoding.model import charts
from pages.decoding.voices import Settings
from pages.decoding.writer import Beginning, Writing
from pages.shared import models, state, turn, ui
from pages.shared.model import prose
from pages.shared.model.prose import _
from pages.shared.model.written import number, short
from pages.shared.state import LONGEST_PIECE

TAIL = 200  # characters of a sentence that are shown again
SENTENCE, SETTINGS = _("Another sentence"), _("Other settings")
OTHER = "Lily had a little cat. Her name was"


@turn.fragment
def what_if(lesson: prose.Lesson, beginning: Beginning, settings: Settings) -> None:
    """Closed it costs nothing, and what a session keeps of it is these arguments."""
    state.check_link("decoding_whatif", lambda raw: raw in ("true", "false"))
    box = st.expander(_("What if? Two texts side by side"), icon=":material/compare_arrows:", key="decoding_whatif",
                      on_change="rerun", bind="query-params")  # fmt: skip
    if box.open:
        with box:
            ui.say(lesson["What if"])
            sides(lesson, Writing(beginning, settings))


def sides(lesson: prose.Lesson, writing: Writing) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        versus = ui.choice(_("What is different"), (SENTENCE, SETTINGS), key="decoding_versus")
    with right:
        n = ui.slider(_("Tokens to write"), 1, 40, 12, "decoding_n")
    mine, other = writing.settings, writing.settings
    begun = [writing.beginning, writing.beginning]
    if versus == SENTENCE:
        names = [_("Your sentence"), _("The other sentence")]
        begun[1] = other_source(writing) if writing.beginning.source else other_prompt(writing)
    else:
        other = steps.settings("2", Settings(temperature=1.3, seed=mine.seed), _(", other side"))
        names = [said(mine), said(other)]
    texts = [from_(b, s, n) for b, s in zip(begun, (mine, other), strict=True)]
    for column, *side in zip(st.columns(2), names, begun, texts, strict=True):
        with column:
            one_side(writing, *side)
    difference(lesson, writing, texts, names)


def from_(beginning: Beginning, settings: Settings, n: int) -> tuple:
    model = models.translator() if beginning.source else models.model(beginning.model)
    return voices.go_on(voices.voice(model, beginning.source), beginning.prompt, settings, n)


def other_prompt(writing: Writing) -> Beginning:
    text = st.text_input(_("The other sentence"), OTHER, key="decoding_other", bind="query-params", live=True)
    room = writing.config.context - 1
    try:
        prompt = (SOS, *writing.tokenizer.encode(text[: room * LONGEST_PIECE]).ids[:room])
    except ValueError as error:
        st.error(str(error))
        prompt = (SOS,)
    return writing.beginning._replace(prompt=prompt)


def other_source(writing: Writing) -> Beginning:
    """Another Korean sentence; one that cannot be read is said to be so, and nothing differs."""
    from core import translation
    from pages.shared import translator

    text = st.text_input(_("The other Korean sentence"), translator.READY[1], key="decoding_other_korean",
                         bind="query-params", live=True)  # fmt: skip
    try:
        return writing.beginning._replace(source=translation.source(writing.tokenizer, text).ids)
    except ValueError as error:
        st.error(prose.fill("{said}", said=str(error)))
        return writing.beginning


def said(settings: Settings) -> str:
    names = {
        "temperature": "T",
        "top_k": "top-k",
        "top_p": "top-p",
        "min_p": "min-p",
        "repetition_penalty": _("penalty"),
    }
    off = (None, Settings().repetition_penalty)
    on = {k: x for k, x in settings.filters.items() if k == "temperature" or x not in off}
    return ", ".join(f"{names[k]} {charts.plain(x)}" for k, x in on.items())


def one_side(writing: Writing, name: str, beginning: Beginning, text: tuple) -> None:
    """The text, what was written in bold, and how probable that is."""
    from core.decoding import perplexity

    ids = tuple(w.token for w in text)
    if beginning.source:
        from pages.shared import translator

        before, after = f"{writing.tokenizer.decode(beginning.source[:-1])} →", translator.english(ids)
    else:
        before, after = writing.tokenizer.decode(beginning.prompt), writing.tokenizer.decode(beginning.prompt + ids)
    new = after.removeprefix(before).replace("\n", " ↵ ")
    gap = " " if beginning.source or new[:1].isspace() else ""
    new = new.strip() + (" ■" if ids[-1:] == (EOS,) else "")
    logs = [w.log_prob for w in text]
    with st.container(border=True):
        st.caption(prose.fill("{name}", name=name))
        before = before if len(before) <= TAIL else "… " + before[-TAIL:]
        # bold may not begin in the middle of a word or before a comma, but before a joiner it may
        ui.say(f"{{before}}{gap}**{prose.JOINER}{{new}}**" if new else "{before}", before=before, new=new)
        if text:
            ui.say(_("log-probability {total}, perplexity {perplexity}"), total=number(sum(logs)),
                   perplexity=short(perplexity(logs)))  # fmt: skip


def difference(lesson: prose.Lesson, writing: Writing, texts: list[tuple], names: list[str]) -> None:
    from pages.decoding.model.steps import parting

    if not all(texts):
        ui.say(lesson["No room"], context=writing.config.context)
        return
    at = parting(*texts)
    part = lesson["Same" if at is None else "Parted" if at else "Parted at once"]
    tokens = [writing.name(t[at].token) if at is not None and at < len(t) else _("nothing") for t in texts]
    ui.say(part, n=len(texts[0]), part=(at or 0) + 1, one=tokens[0], other=tokens[1])
    rows = charts.pair_rows(texts, names, at, writing.name)
    ui.chart(charts.pair(ui.theme()), rows, alt=charts.pair_alt(rows, names), key="decoding_pair")
