"""An experiment for itself: the norm before or behind the sublayer, in a stack of many blocks."""

import streamlit as st

from pages.block.model import charts, depth
from pages.shared import turn, ui
from pages.shared.model.prose import Lesson, _

PICTURES = (("lengths", _("mean length of the stream's vectors"), 0), ("gradients", _("length of the gradient"), 1))


@turn.fragment
def show(lesson: Lesson) -> None:
    place = st.container()
    layers = ui.slider(_("Blocks"), 2, 24, 12, "block_layers")
    seed = ui.number(_("Seed"), 0, 999, 1, "block_seed_depth", width=160)
    pre, post = (depth.measure(norm_first, layers, seed) for norm_first in (True, False))
    with place:
        ui.say(lesson["Depth"], layers=layers, width=depth.D_MODEL, **depth.facts(pre, post))
    for column, (what, title, first) in zip(st.columns(2), PICTURES, strict=True):
        lines = getattr(pre, what), getattr(post, what)
        with column:
            ui.chart(charts.depth(title), charts.depth_rows(*lines, first), alt=charts.depth_alt(*lines),
                     key=f"block_{what}")  # fmt: skip
