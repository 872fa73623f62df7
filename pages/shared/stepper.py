"""Named steps, one after the other: back, on, or played. The step stands in the link."""

from collections.abc import Sequence
from time import monotonic

import streamlit as st

from pages.shared import state, turn
from pages.shared.model import prose
from pages.shared.model.prose import _

SECONDS = 1.6  # between two steps while they are played


def show(names: Sequence[str], key: str) -> int:
    """The step that the learner is at, counted from 0. The arrow keys go back and on."""
    runs = st.session_state.get(f"{key}_playing")
    at = position(len(names), key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Back"), key=f"{key}_back", icon=":material/arrow_back:", shortcut="Left", disabled=at == 0,
                  on_click=go, args=(key, at - 1))  # fmt: skip
        st.button(_("On"), key=f"{key}_on", icon=":material/arrow_forward:", shortcut="Right",
                  disabled=at == len(names) - 1, on_click=go, args=(key, at + 1))  # fmt: skip
        # one button, so that who pressed Play by keyboard can press Pause
        label, icon, act, to = (_("Pause"), "pause", go, at) if runs else (_("Play"), "play_arrow", play, len(names))
        st.button(label, key=f"{key}_play", icon=f":material/{icon}:", disabled=len(names) == 1, on_click=act,
                  args=(key, to))  # fmt: skip
        told = _("Step {at} of {all}: **{name}**")
        st.markdown(prose.fill(told, at=at + 1, all=len(names), name=names[at]))
    if runs:
        tick(key, len(names))
    return at


def position(count: int, key: str) -> int:
    """From the session or, at first, from the link, where steps are counted from 1."""
    if key not in st.session_state:
        raw = st.query_params.get(key, "1")
        known = len(raw) < 9 and raw.isdecimal() and 1 <= int(raw) <= count
        st.session_state[key] = int(raw) - 1 if known else 0
        if not known:
            state.note_bad_link(key, raw)
    st.session_state[key] = min(st.session_state[key], count - 1)
    state.keep(key, str(st.session_state[key] + 1), "1")
    return st.session_state[key]


def go(key: str, at: int) -> None:
    st.session_state[key] = at
    st.session_state[f"{key}_playing"] = False


def play(key: str, count: int) -> None:
    """From here on; from the start again where the end is reached."""
    if st.session_state[key] == count - 1:
        st.session_state[key] = 0
    st.session_state[f"{key}_playing"] = True
    st.session_state[f"{key}_due"] = monotonic() + SECONDS / 2


@turn.fragment(run_every=SECONDS)
def tick(key: str, count: int) -> None:
    """The next step, when it is due: the page itself runs this too, whenever anything changes."""
    if monotonic() < st.session_state[f"{key}_due"]:
        return
    st.session_state[f"{key}_due"] = monotonic() + SECONDS / 2
    st.session_state[key] += 1
    st.session_state[f"{key}_playing"] = st.session_state[key] < count - 1
    st.rerun()
