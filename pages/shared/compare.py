"""What if: two beginnings or two settings, written on from the same seed, beside each other."""

import streamlit as st

from core import lessons
from core.charts import decoding as charts
from core.lessons import _
from core.tokenizer import EOS, SOS
from core.written import number
from pages.shared import steps, ui, writer
from pages.shared.state import LONGEST_PIECE
from pages.shared.writer import Settings, Writing

TAIL = 200  # characters of a sentence that are shown again
SENTENCE, SETTINGS = _("Another sentence"), _("Other settings")
OTHER = "Once upon a time, there was a little dog named Max. He had a red"


@st.fragment
def what_if(lesson: lessons.Lesson, model: str, prompt: tuple[int, ...], settings: Settings) -> None:
    """Closed it costs nothing, and what a session keeps of it is these arguments."""
    box = st.expander(_("What if? Two texts side by side"), icon=":material/compare_arrows:", key="decoding_whatif",
                      on_change="rerun", bind="query-params")  # fmt: skip
    if box.open:
        with box:
            ui.say(lesson["What if"])
            sides(lesson, Writing(model, prompt, settings))


def sides(lesson: lessons.Lesson, writing: Writing) -> None:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        versus = ui.choice(_("What is different"), (SENTENCE, SETTINGS), key="decoding_versus")
    with right:
        n = ui.slider(_("Tokens to write"), 1, 40, 12, "decoding_n")
    mine, other = writing.settings, writing.settings
    prompts = [writing.prompt, writing.prompt]
    if versus == SENTENCE:
        names = [_("Your sentence"), _("The other sentence")]
        prompts[1] = other_prompt(writing)
    else:
        other = steps.settings("2", Settings(temperature=1.3, seed=mine.seed), _(", other side"))
        names = [said(mine), said(other)]
    texts = [writer.go_on(writing.model, p, s, n) for p, s in zip(prompts, (mine, other), strict=True)]
    for column, *side in zip(st.columns(2), names, prompts, texts, strict=True):
        with column:
            one_side(writing, *side)
    difference(lesson, writing, texts, names)


def other_prompt(writing: Writing) -> tuple[int, ...]:
    text = st.text_input(_("The other sentence"), OTHER, key="decoding_other", bind="query-params", live=True)
    room = writing.config.context - 1
    try:
        return (SOS, *writing.tokenizer.encode(text[: room * LONGEST_PIECE]).ids[:room])
    except ValueError as error:
        st.error(str(error))
        return (SOS,)


def said(settings: Settings) -> str:
    names = {"temperature": "T", "top_k": "top-k", "top_p": "top-p", "min_p": "min-p"}
    return ", ".join(f"{names[k]} {charts.plain(x)}" for k, x in settings.filters.items() if x is not None)


def one_side(writing: Writing, name: str, prompt: tuple[int, ...], text: tuple) -> None:
    """The text, what was written in bold, and how probable that is."""
    from core.decoding import perplexity

    ids = tuple(w.token for w in text)
    before, after = writing.tokenizer.decode(prompt), writing.tokenizer.decode(prompt + ids)
    new = after.removeprefix(before).replace("\n", " ↵ ").strip() + (" ■" if ids[-1:] == (EOS,) else "")
    logs = [w.log_prob for w in text]
    with st.container(border=True):
        st.caption(lessons.fill("{name}", name=name))
        before = before if len(before) <= TAIL else "… " + before[-TAIL:]
        ui.say("{before} **{new}**" if new else "{before}", before=before, new=new)
        if text:
            ui.say(_("log-probability {total}, perplexity {perplexity}"), total=number(sum(logs)),
                   perplexity=number(perplexity(logs)))  # fmt: skip


def difference(lesson: lessons.Lesson, writing: Writing, texts: list[tuple], names: list[str]) -> None:
    from core.steps import parting

    if not all(texts):
        ui.say(lesson["No room"], context=writing.config.context)
        return
    at = parting(*texts)
    part = lesson["Same" if at is None else "Parted" if at else "Parted at once"]
    tokens = [writing.name(t[at].token) if at is not None and at < len(t) else _("nothing") for t in texts]
    ui.say(part, n=len(texts[0]), part=(at or 0) + 1, one=tokens[0], other=tokens[1])
    rows = charts.pair_rows(texts, names, at, writing.name)
    ui.chart(charts.pair(ui.theme()), rows, alt=charts.pair_alt(rows, names), key="decoding_pair")
