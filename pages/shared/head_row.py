"""One token and one head of the model that travels: the row that the token asks its keys with."""

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages.shared import heads, models, state, ui
from pages.shared.model.prose import _

if TYPE_CHECKING:
    from core.attention import AttentionTrace


class Row(NamedTuple):
    labels: tuple[str, ...]  # of the sentence's tokens
    position: int  # of the token that asks
    head: "AttentionTrace"  # q (t, d_head) and so on
    layer: int  # both counted from 0
    number: int

    @property
    def name(self) -> str:
        return _("layer {layer}, head {head}").format(layer=self.layer + 1, head=self.number + 1)


def choose(slug: str, most: int | None = None) -> Row:
    """The travelling sentence, a token of it, and the head: all three are the learner's to choose.

    With `most`, only the first tokens can be chosen: their rows of scores are no longer than that.
    """
    from core.interpretability import lens
    from pages.shared.model import panels

    example = ui.example_box()
    layer, number = state.layer_and_head()
    trace = models.trace(st.session_state.model, example.ids)
    one = panels.one_head(trace.blocks[layer].attention.heads, number)
    row = Row(example.labels, 0, one, layer, number)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        position = ui.token(example.labels[:most], key=f"{slug}_token")
        with st.popover(row.name.capitalize(), icon=":material/grid_view:", width="content"):
            heads.show(lens.weights(trace), example.labels, f"{slug}_heads", (layer, number),
                       on_choose=state.choose_head, mask=one.mask)  # fmt: skip
    if most and len(example.labels) > most:
        st.caption(_("Here only the first {n} tokens can be chosen: their rows fit on the screen.").format(n=most))
    return row._replace(position=position)
