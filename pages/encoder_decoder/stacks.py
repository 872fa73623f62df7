"""Encoder and decoder in one picture; choosing an attention opens it."""

from collections.abc import Callable

import streamlit as st

from core.config import Config
from pages.encoder_decoder.model import stacks
from pages.encoder_decoder.model.stacks import Part
from pages.shared import state
from pages.shared.components import component, said
from pages.shared.heads import Chosen
from pages.shared.model.prose import _

WORDS = {"heard": _("K, V"), "hands": _("to every cross-attention")}
FIRST = Part("cross", 1)


def show(config: Config, t_source: int, t_target: int, key: str) -> Part:
    """The part that is open; it stands in the link as `key`."""
    chosen = read(config.n_layers, key)
    data = {"sides": stacks.picture(config, t_source, t_target), "chosen": str(chosen), "words": WORDS}
    widget = f"{key}_picture"

    def changed() -> None:
        st.session_state[key] = stacks.parse(said(widget, "part"), config.n_layers) or chosen

    component("stacks")(data=data, key=widget, on_part_change=changed)
    return chosen


def head(key: str) -> int:
    """The head that is open, counted from 0."""
    return st.session_state.get(f"{key}_head", 0)


def chooser(key: str, part: Part) -> Callable[[Chosen], None]:
    """For `heads.show(on_choose=...)`: another layer or head of the same kind of attention."""

    def choose(chosen: Chosen) -> None:
        st.session_state[key], st.session_state[f"{key}_head"] = part._replace(layer=chosen.layer), chosen.head

    return choose


def read(n_layers: int, key: str) -> Part:
    """From the session or, at first, from the link."""
    if key not in st.session_state:
        raw = st.query_params.get(key, str(FIRST))
        st.session_state[key] = stacks.parse(raw, n_layers) or FIRST
        if raw != str(st.session_state[key]):
            state.note_bad_link(key, raw)
    state.keep(key, str(st.session_state[key]), str(FIRST))
    return st.session_state[key]
