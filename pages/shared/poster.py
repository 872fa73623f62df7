"""The poster on a page: a component of our own. Its data come from `core.poster`."""

from typing import NamedTuple

import streamlit as st

from pages.shared.components import component


class Opened(NamedTuple):
    """The part of the picture whose lesson was asked for, and where in the model (counted from 0)."""

    part: str  # "tokens", "embedding", "attention", "mlp", "blocks" or "next"
    layer: int
    head: int


def show(data: dict, key: str) -> Opened | None:
    """Draw `core.poster.poster(...)`. Returns what was just opened.

    A step to another layer or head is written to the session's `layer` and `head` before the page runs again.
    """

    def step() -> None:
        to = st.session_state[key].step
        st.session_state.layer, st.session_state.head = to["layer"] + 1, to["head"] + 1

    result = component("poster")(data=data, key=key, on_step_change=step, on_open_change=lambda: None)
    return Opened(**result.open) if result.open else None
