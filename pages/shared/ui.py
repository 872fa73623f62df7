"""The parts that lesson pages are composed of. A page computes nothing and draws nothing itself."""

import inspect
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial

import pyarrow as pa
import streamlit as st

from pages.shared import models, progress, state, turn
from pages.shared.model import numbers, prose
from pages.shared.model.pieces import Piece
from pages.shared.model.prose import _
from pages.shared.model.questions import NOT_YET, Question, mark

LONGEST_NUMBER = 40  # characters
COLOURS = {  # of text and formulas, on light and on dark
    "small print": ("#4A5463", "#B4BECB"),
    "query": ("#0072B2", "#56B4E9"),
    "key": ("#8F5F00", "#E69F00"),
    "value": ("#007A59", "#2FC79A"),
    "outcome": ("#A3487A", "#CC79A7"),
}


def say(text: str, **values) -> None:
    """A lesson's words, with the values that the page computed. Formulas may colour: `\\query{Q}`, `\\key{K}`."""
    text = prose.fill(text, **values) if values else text
    st.markdown(re.sub(r"\\(query|key|value|outcome)(?={)", lambda m: f"\\textcolor{{{colour(m[1])}}}", text))


def colour(name: str) -> str:
    light, dark = COLOURS[name]
    return dark if theme() == "dark" else light


def theme() -> str:
    """ "light" or "dark", as the visitor sees the page."""
    return st.context.theme.type or "light"


def example_box() -> state.Example:
    """The sentence and the model that travel through all pages. Stops the page if they cannot be read, and says why."""
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    left.text_input(_("Your sentence"), key="text", persist_state="session", live=True)
    right.selectbox(_("Model"), list(models.MODELS), key="model", persist_state="session",
                    format_func=lambda name: models.MODELS[name][0])  # fmt: skip
    try:
        example = state.example()
    except ValueError as error:  # CheckpointError is one
        st.error(str(error))
        turn.end()
    if not example.text:
        st.info(_("The box is empty: the model sees only its start token. Type any sentence."))
    return example


def digits() -> int:
    """How many decimals the matrices print, on every page."""
    options = range(1, state.MOST_DIGITS + 1)
    return st.segmented_control(_("Digits"), options, key="digits", required=True, persist_state="session")


def pick(label: str, labels: Sequence[str], key: str, at: int) -> int:
    """One of the words, at first the one at `at`."""
    state.check_link(key, lambda raw: raw in labels)
    state.renew(key, labels, labels[at])
    chosen = st.selectbox(label, labels, index=at, key=key, bind="query-params")
    return labels.index(chosen) if chosen in labels else at


def choice(label: str, options: Sequence[str], key: str, names: Callable[[str], str] = str, **more) -> str:
    """One of a few, kept in the link."""
    state.check_link(key, lambda raw: raw in map(names, options))
    more = {"default": options[0], "bind": "query-params", **more}
    state.renew(key, options, more["default"])
    if st.query_params.get(key) == "":
        del st.query_params[key]  # Streamlit would take it for no choice at all, so it does not get to see it
        more["bind"] = None
    return st.segmented_control(label, options, key=key, format_func=names, required=True, **more)


def token(labels: Sequence[str], key: str) -> int:
    """One token of the sentence, kept in the link; unless one is chosen it is the last, however the text goes on."""
    options = [_("the last token"), *labels]
    state.check_link(key, lambda raw: raw in options)
    state.renew(key, options, options[0])
    chosen = st.selectbox(_("Token to follow"), options, key=key, bind="query-params")
    return labels.index(chosen) if chosen in labels else len(labels) - 1


def chips(pieces: Sequence[Piece], chosen: int, colours: Sequence[str] | None = None) -> None:
    """The sentence as the model reads it: index, piece and ids of each, in colour where the chosen token is.

    `colours`, names of Streamlit's, are those of the other pieces.
    """
    words = []
    for piece, colour in zip(pieces, colours or ["gray"] * len(pieces), strict=True):
        index = f"{piece.first}–{piece.last}" if len(piece.ids) > 1 else str(piece.first)
        colour = "blue" if piece.first <= chosen <= piece.last else colour
        name = prose.fill("{name}", name=f"\u2068{piece.text}\u2069")  # keeps Arabic's direction to itself
        words.append(f":{colour}-badge[:small[{index}] **{name}** :small[{' '.join(map(str, piece.ids))}]]")
    many = len(words) > 80
    with st.container(height=250 if many else "content", border=many):
        st.markdown(" ".join(words))


def slider(label: str, lowest: float, highest: float, value: float, key: str, **more) -> float:
    """A number within limits, kept in the link."""

    def valid(raw: str) -> bool:
        try:
            return lowest <= float(raw) <= highest
        except ValueError:
            return False

    state.check_link(key, valid)
    return st.slider(label, lowest, highest, value, key=key, bind="query-params", **more)


def decimal(label: str, lowest: float, highest: float, value: float | None, key: str, **more) -> float | None:
    """A number typed in any notation, within limits, kept in the link; an empty box means `value`.

    What cannot be read stays in the box, with a sentence, and the number before stays in force.
    """

    def read(text: str) -> float | None:
        found = numbers.read(text) if text.strip() else value
        if found is not None and not lowest <= found <= highest:
            raise ValueError(_("{label} must lie between {a:g} and {b:g}.").format(label=label, a=lowest, b=highest))
        return found

    def valid(raw: str) -> bool:
        with suppress(ValueError):
            read(raw)
            return True
        return False

    state.check_link(key, valid)
    bind = "query-params"
    if key not in st.session_state and not valid(st.query_params.get(key, "")):
        del st.query_params[key]
        bind = None
    usual = "" if value is None else f"{value:g}"
    typed = st.text_input(label, usual, key=key, bind=bind, max_chars=LONGEST_NUMBER, **more)
    held = f"{key}_in_force"
    try:
        st.session_state[held] = read(typed)
    except ValueError as error:
        st.warning(prose.fill("{said}", said=str(error)))
    return st.session_state.get(held, value)


def number(label: str, lowest: int, highest: int, value: int | None, key: str, **more) -> int | None:
    """A typed whole number within limits, kept in the link. With `value=None` the box may be empty: that is None."""

    def valid(raw: str) -> bool:
        try:
            return lowest <= float(raw) <= highest and float(raw).is_integer()
        except ValueError:
            return raw == "" and value is None

    state.check_link(key, valid)
    bind = "query-params"
    if (held := st.session_state.get(key)) is not None:
        if not lowest <= held <= highest:  # the limits have changed: another matrix has fewer rows
            st.session_state[key] = min(max(held, lowest), highest)
    elif key not in st.session_state and not valid(st.query_params.get(key, str(lowest))):
        del st.query_params[key]  # Streamlit stumbles over k=1e999, so it does not get to see it
        bind = None
    return st.number_input(label, lowest, highest, value, key=key, bind=bind, **more)


def typed(label: str, default: str, key: str, most: int, *, lines: bool = False, **more) -> str:
    """A text of the learner's with at most so many characters, kept in the link; `lines` gives it room for several."""
    state.check_link(key, lambda raw: len(raw) <= most)
    box = st.text_area if lines else partial(st.text_input, live=True)
    return box(label, default, max_chars=most, key=key, bind="query-params", **more)


@turn.fragment
def check(questions: Sequence[Question], key: str) -> None:
    """Questions about the numbers on screen, marked at once; right answers count for the lesson's progress."""
    st.header(_("Check yourself"))
    right = 0
    for i, question in enumerate(questions):
        with st.container(border=True):
            answer = ask(question, f"{key}_{i}")
            if answer is None:
                continue
            verdict = mark(question, answer)
            right += verdict.right
            (st.success if verdict.right else st.error)(prose.fill(verdict.text))
            if not verdict.right:
                with st.expander(_("Show the working")):
                    say(question.working)
    progress.note(key, right, len(questions))


def predict(question: Question, key: str) -> bool:
    """The learner says what will happen; True once that was said, or waived: the page may show it then.

    The link says whether it is shown, so that it restores this very view.
    """
    waived, shown = f"{key}_waived_{question.text}", f"{key}_shown"
    if shown not in st.session_state:
        state.check_link(shown, lambda raw: raw == "true")
        st.session_state[shown] = True  # the link was read
        st.session_state[waived] = st.query_params.get(shown) == "true"
    with st.container(border=True):
        st.markdown(f":material/online_prediction: **{_('First say what will happen')}**")
        answer = ask(question, key)
        verdict = None if answer is None else mark(question, answer)
        progress.note(key, bool(verdict and verdict.right), 1)
        if verdict:
            told = _("It comes out otherwise.") if verdict.text == NOT_YET else verdict.text
            (st.success if verdict.right else st.info)(prose.fill(told))
        elif not st.session_state.get(waived):
            st.button(_("Just show me"), key=f"{key}_show", on_click=st.session_state.__setitem__, args=(waived, True))
    seen = answer is not None or bool(st.session_state.get(waived))
    state.keep(shown, "true" if seen else "")
    return seen


def ask(question: Question, key: str) -> str | float | None:
    """The learner's answer; None while there is none. A question about other numbers starts afresh."""
    say(question.text)
    key = f"{key}_{question.text}"
    if question.options:
        return st.radio(_("Your answer"), question.options, index=None, key=key, label_visibility="collapsed",
                        format_func=lambda option: prose.fill("{option}", option=option))  # fmt: skip
    typed = st.text_input(_("Your answer"), key=key, max_chars=LONGEST_NUMBER, placeholder=_("a number"))
    try:
        return numbers.read(typed) if typed.strip() else None
    except ValueError as error:  # what was typed stays in the box
        st.warning(prose.fill("{said}", said=str(error)))
        return None


def chart(specification: dict, rows: list[dict], *, alt: str, key: str, **more):
    """A chart from pages.shared.model.charts with this run's rows; `alt` says in words what it shows now."""
    columns = dict.fromkeys(name for row in rows for name in row)
    table = pa.table({name: [row.get(name) for row in rows] for name in columns})  # 20 times faster than by pandas
    shown = {**specification, "config": legible(specification.get("config", {})), "datasets": {"rows": table}}
    return st.vega_lite_chart(shown, alt=alt, key=key, **more)


def legible(config: dict) -> dict:
    """A chart's configuration with axes and legends in a colour that can be read: Streamlit's own is too pale."""
    ink = {"labelColor": colour("small print"), "titleColor": colour("small print")}
    return config | {part: config.get(part, {}) | ink for part in ("axis", "legend")}


def code(lesson: prose.Lesson, snippet: str, *functions: Callable, **values) -> None:
    """The numbers of the page as a few lines that run as they stand, and the functions that computed them."""
    st.header(_("In code"))
    say(lesson.code, **values)
    st.code(snippet, language="python")
    for function in functions:
        with st.expander(_("The function that just ran: {name}").format(name=function.__qualname__)):
            st.code(source(function), language="python")


source = cache(inspect.getsource)  # reading it takes longer than running it


def mistakes(lesson: prose.Lesson, **values) -> None:
    st.header(_("What people get wrong"))
    say(lesson.mistakes, **values)
