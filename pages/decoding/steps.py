"""A text being written and its next step on a page: the tokens, the table from logits to probabilities, the draw."""

import math

import streamlit as st

from pages.decoding import writer
from pages.decoding.model import charts
from pages.decoding.voices import Settings
from pages.shared import ui
from pages.shared.components import component, said
from pages.shared.model import door, prose
from pages.shared.model.prose import _
from pages.shared.model.written import number, short

TABLE, TEXT = "decoding_steps", "decoding_text"  # keys


def settings(suffix: str, default: Settings, note: str = "") -> Settings:
    """Temperature and filters as widgets: `suffix` ends the keys, `note` the labels. Without a suffix, the seed too."""
    temperature = ui.slider(_("Temperature") + note, 0.0, 3.0, default.temperature, f"decoding_t{suffix}", step=0.05,
                            format="%g", help=_("0 is greedy: always the most probable token."))  # fmt: skip
    off = {"placeholder": _("off"), "width": 150}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        top_k = ui.number(_("Top-k") + note, 1, 999_999, None, f"decoding_k{suffix}", **off)
        top_p = ui.decimal(_("Top-p") + note, 0.0, 1.0, None, f"decoding_p{suffix}", **off)
        min_p = ui.decimal(_("Min-p") + note, 0.0, 1.0, None, f"decoding_m{suffix}", **off)
        penalty = ui.decimal(_("Repetition penalty") + note, 1.0, 2.0, None, f"decoding_r{suffix}", **off,
                             help=_("Tokens that are in the text already lose: 1.2 is usual."))  # fmt: skip
        seed = default.seed if suffix else ui.number(_("Seed"), 0, 999_999, default.seed, "decoding_seed", width=150)
    return Settings(temperature, top_k, top_p, min_p, penalty or 1.0, seed)


def buttons(writing: writer.Writing) -> None:
    """What can be done next. N and B work anywhere on the page, but not while a box is being typed in."""
    begun = writing.written or writing.running  # while it runs only the text below is drawn anew
    with st.container(horizontal=True):
        press("next", _("Next token"), "skip_next", shortcut="N", type="primary", disabled=bool(writing.over))
        if writing.running:
            press("stop", _("Stop"), "stop", key="decoding_run")  # one button: who pressed Run can press Stop
        else:
            press("run", _("Run"), "play_arrow", disabled=bool(writing.over))
        press("back", _("Back"), "skip_previous", shortcut="B", disabled=not begun)
        press("start", _("Start again"), "restart_alt", disabled=not begun)


def press(what: str, label: str, icon: str, key: str = "", **more) -> None:
    key = key or f"decoding_{what}"
    st.button(label, icon=f":material/{icon}:", key=key, on_click=writer.ask, args=(what,), **more)


def text(writing: writer.Writing, names: tuple[str, ...], yours: int) -> None:
    """The text so far, each written token with what the model gave it; the first `yours` are the learner's."""
    probs = [None, *map(math.exp, writing.log_probs)]
    tokens = []
    for i, (name, p) in enumerate(zip(names, probs, strict=True)):
        title = name if p is None else _("{name}: probability {p}").format(name=name, p=charts.share(p))
        tokens.append({"kind": "yours", "name": name.split(" ", 1)[1], "title": title})
        if i >= yours:
            tokens[i] |= {"kind": "written", "prob": charts.share(p), "length": i - yours}
    if not writing.over:
        name, prob = writing.name(writing.step.chosen), math.exp(writing.next.log_prob)
        tokens.append({"kind": "next", "name": name, "title": name, "prob": charts.share(prob)})
    last = tokens[len(writing.ids) - 1]["title"] if writing.written else ""
    words = {"back": _("Press to go back to before it."), "next": _("Next"), "last": last}
    component("written")(data={"tokens": tokens, "words": words}, key=TEXT, on_to_change=lambda: heard(TEXT, "to"))


def heard(key: str, what: str) -> None:
    """A press inside a component."""
    value = door.whole(said(key, what), door.ANY)
    if value is not None:
        writer.ask(what, value)


def score(lesson: prose.Lesson, writing: writer.Writing) -> None:
    from core.decoding import perplexity

    new = writing.log_probs[len(writing.log_probs) - len(writing.written) :]
    values = {}
    for name, logs in (("all", writing.log_probs), ("new", new)):
        values |= {name: len(logs), f"{name}_log": number(sum(logs)) if logs else "–"}
        values[f"{name}_perplexity"] = short(perplexity(logs)) if logs else "–"
    ui.say(lesson["Score"], **values)


def step(lesson: prose.Lesson, writing: writer.Writing) -> None:
    """Each number on the way from the logits to the token."""
    ui.say(lesson["Step" if not writing.over else "Last" if writing.written else "Last of yours"])
    greedy = writing.settings.greedy
    words = {
        "caption": charts.table_alt(writing.rows),
        "token": _("token"),
        "press": "" if writing.over else _("press to take it"),
        "take": _("Take “{token}” instead"),
        "chosen": _("largest") if greedy else _("drawn"),
    }
    data = charts.table(writing.rows, writing.settings.filters, writing.name)
    data |= {"words": words, "open": not writing.over}
    component("steps")(data=data, key=TABLE, on_take_change=lambda: heard(TABLE, "take"))
    ui.say(lesson["Greedy" if greedy else "Draw"], **writing.facts)
    if not greedy:
        rows = charts.line_rows(writing.line, writing.step.draw, writing.step.chosen, writing.name)
        ui.chart(charts.line(ui.theme()), rows, alt=charts.line_alt(rows), key="decoding_line")
    if writing.over and writing.written and writing.ids[-1] != writing.step.chosen:
        ui.say(lesson["Other"], taken=writing.name(writing.ids[-1]))


def ending(lesson: prose.Lesson, writing: writer.Writing) -> None:
    """Why it goes no further."""
    if writing.over == "ended":
        st.success(lesson["Translated" if writing.beginning.source else "Ended"], icon=":material/flag:")
    elif writing.over:
        part = lesson["Full" if writing.written else "Full at once"]
        st.info(prose.fill(part, context=writing.config.context), icon=":material/info:")
