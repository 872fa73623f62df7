"""The parts that lesson pages are composed of. A page computes nothing and draws nothing itself."""

import inspect
from collections.abc import Callable, Sequence

import streamlit as st

from core import lessons
from core.lessons import _
from core.questions import Question, mark
from pages.shared import models, state


def say(text: str, **values) -> None:
    """A lesson's words, with the values that the page computed."""
    st.markdown(lessons.fill(text, **values) if values else text)


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
        st.stop()
    if not example.text:
        st.info(_("The box is empty: the model sees only its start token. Type any sentence."))
    return example


def choice(label: str, options: Sequence[str], key: str, names: Callable[[str], str] = str, **more) -> str:
    """One of a few, kept in the link."""
    state.check_link(key, lambda raw: raw in map(names, options))
    more.setdefault("default", options[0])
    return st.segmented_control(label, options, key=key, format_func=names, required=True, bind="query-params", **more)


def slider(label: str, lowest: float, highest: float, value: float, key: str, **more) -> float:
    """A number within limits, kept in the link."""

    def valid(raw: str) -> bool:
        try:
            return lowest <= float(raw) <= highest
        except ValueError:
            return False

    state.check_link(key, valid)
    return st.slider(label, lowest, highest, value, key=key, bind="query-params", **more)


def number(label: str, lowest: float, highest: float, value: float | None, key: str, **more) -> float | None:
    """A typed number within limits, kept in the link. With `value=None` the box may be empty: the answer is None."""

    def valid(raw: str) -> bool:
        try:
            return lowest <= float(raw) <= highest
        except ValueError:
            return raw == "" and value is None

    state.check_link(key, valid)
    return st.number_input(label, lowest, highest, value, key=key, bind="query-params", **more)


@st.fragment
def check(questions: Sequence[Question], key: str) -> None:
    """Questions about the numbers on screen, marked at once; right answers count for the lesson's progress."""
    st.subheader(_("Check yourself"))
    right = 0
    for i, question in enumerate(questions):
        with st.container(border=True):
            answer = ask(question, f"{key}_{i}")
            if answer is None:
                continue
            verdict = mark(question, answer)
            right += verdict.right
            (st.success if verdict.right else st.error)(lessons.fill(verdict.text))
            if not verdict.right:
                with st.expander(_("Show the working")):
                    say(question.working)
    st.session_state.setdefault("progress", {})[key] = (right, len(questions))


def ask(question: Question, key: str) -> str | float | None:
    """The learner's answer; None while there is none. A question about other numbers starts afresh."""
    say(question.text)
    key = f"{key}_{question.text}"
    if question.options:
        return st.radio(_("Your answer"), question.options, index=None, key=key, label_visibility="collapsed")
    return st.number_input(_("Your answer"), value=None, key=key, format="%.4g", placeholder=_("a number"))


def chart(specification: dict, rows: list[dict], *, alt: str, key: str, **more):
    """A chart from core.charts with this run's rows; `alt` says in words what it shows now."""
    return st.vega_lite_chart({**specification, "datasets": {"rows": rows}}, alt=alt, key=key, **more)


def code(lesson: lessons.Lesson, snippet: str, *functions: Callable) -> None:
    """The numbers of the page as a few lines that run as they stand, and the functions that computed them."""
    st.subheader(_("In code"))
    say(lesson.code)
    st.code(snippet, language="python")
    for function in functions:
        with st.expander(_("The function that just ran: {name}").format(name=function.__qualname__)):
            st.code(inspect.getsource(function), language="python")


def mistakes(lesson: lessons.Lesson) -> None:
    st.subheader(_("What people get wrong"))
    say(lesson.mistakes)
