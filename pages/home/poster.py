"""The poster on a page: a component of our own. Its data come from `pages.home.model.poster`."""

from typing import Any, NamedTuple

import streamlit as st

from pages.shared.components import component, said
from pages.shared.hand import SIZES
from pages.shared.model import door
from pages.shared.model.prose import _


class Part(NamedTuple):
    """The lesson that takes a part of the picture apart, and the size at which it shows the model's own numbers."""

    slug: str
    size: str | None = None  # for a page that begins with smaller numbers


LESSONS = {
    "tokens": Part("tokens"),
    "embedding": Part("embeddings", _("Story model")),
    "attention": Part("self_attention", SIZES["small"]),
    "heads": Part("multi_head", SIZES["small"]),
    "mlp": Part("block", SIZES["small"]),
    "blocks": Part("block", SIZES["small"]),
    "next": Part("decoding"),
}
WORDS = {
    # around the picture
    "layer": _("Layer {n} of {count}"),
    "head": _("Head {n} of {count}"),
    "previous_layer": _("Previous layer"),
    "next_layer": _("Next layer"),
    "previous_head": _("Previous head"),
    "next_head": _("Next head"),
    "save": _("Save picture"),
    "save_png": _("Save picture as PNG"),
    "save_svg": _("Save picture as SVG"),
    "hint": _(
        "Point at a token to follow it, click to keep it. Keys: ↑ ↓ another token, ← → its numbers one by one, "
        "Shift ← → column by column."
    ),
    # the parts, which open a lesson
    "tokens": _("Tokens"),
    "vectors": _("Vectors"),
    "one_layer": _("Layer {first}"),
    "several_layers": _("Layers {first}–{last}"),
    "attention": _("Layer {layer} · attention, head {head} of {heads}"),
    "heads": _("Heads"),
    "mlp": _("MLP"),
    "next": _("Next token"),
    "open": _("{part}: open the lesson"),
    # over the columns
    "q_short": _("queries"),
    "k_short": _("keys"),
    "weights_short": _("who looks at whom"),
    "v_short": _("values"),
    "mixing": _("weights × values"),
    "output_short": _("head\noutput"),
    "attention_short": _("all heads\n× Wₒ"),
    "sum": _("sum"),
    "last": _("last {count}"),
    "of": _("of {count} pieces"),
    "before": _("… {count} before"),
    "earlier": _("earlier"),
    "others": _("{count} others"),
    # what a cell holds
    "number": _("{token} · {column} · number {i} of {count}"),
    "vectors_long": _("vectors"),
    "stream": _("stream after layer {layer}"),
    "q_long": _("queries"),
    "k_long": _("keys"),
    "v_long": _("values"),
    "output_long": _("head output"),
    "attention_long": _("what all heads add"),
    "mlp_long": _("what the MLP adds"),
    "looks": _("{token} looks at {other}: {share} of its attention"),
    "masked": _("{token} must not look at {other}: masked, weight 0"),
    "hidden": _("the {count} tokens before"),
    "comes_next": _("the probability that {next} comes after {token}"),
    "together": _("{next} together"),
    # under the picture
    "numbers_from": _("numbers: −m and less"),
    "numbers_to": _("m and more; m is the ± above each column"),
    "weights_from": _("weights from 0"),
    "weights_to": _("to 1"),
    "masked_legend": _("comes later: masked, −∞"),
    "stream_legend": _("residual stream: each part adds to it"),
    # for those who hear it, and for the file
    "summary": _("“{text}” in a Transformer, layer {layer} of {layers}, head {head} of {heads}. {told}"),
    "told": _("Token {token} looks most at {other}, {share}. Most probable next token: {next}, {chance}."),
    "subtitle": _("on its way through a Transformer · layer {layer} of {layers}, head {head} of {heads}"),
    "name": _("Attention Lab"),
}


class Opened(NamedTuple):
    """The part of the picture whose lesson was asked for, and where in the model (counted from 0)."""

    part: str  # a key of LESSONS
    layer: int
    head: int


def show(data: dict[str, Any], key: str) -> Opened | None:
    """Draw what `pages.home.model.poster.poster(...)` made. Returns what was just opened.

    A step to another layer or head is written to the session's `layer` and `head` before the page runs again.
    """

    def step() -> None:
        if to := place(said(key, "step"), data):
            st.session_state.layer, st.session_state.head = to[0] + 1, to[1] + 1

    result = component("poster")(
        data={**data, "words": WORDS}, key=key, on_step_change=step, on_open_change=lambda: None
    )
    to = place(result.open, data)
    part = to and result.open.get("part")
    return Opened(part, *to) if isinstance(part, str) and part in LESSONS else None


def place(said: Any, data: dict[str, Any]) -> tuple[int, int] | None:
    """The layer and head in what the browser said, or None if the model has no such place."""
    return door.place(said, data["sizes"]["n_layers"], data["sizes"]["n_heads"])
