"""Greedy against beam search on a page: both from the text as it stands, the tree, and a way on from any node."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

from core.tokenizer import EOS
from pages.decoding import voices, writer
from pages.decoding.model import beam_charts as charts
from pages.decoding.model import beams, questions
from pages.decoding.model.export import scores
from pages.decoding.writer import Writing
from pages.shared import state, ui
from pages.shared.components import component, said
from pages.shared.model import door
from pages.shared.model.prose import Lesson, _, fill
from pages.shared.model.written import number

if TYPE_CHECKING:
    from core.decoding import BeamTree

TREE = "decoding_tree"


def show(lesson: Lesson, writing: Writing, label: str) -> None:
    """`label` is that of the token behind which the tree begins."""
    ui.say(lesson["Beam"])
    if writing.over:
        return ui.say(lesson["Beam over"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width = ui.slider(_("Beam width"), 1, 5, 3, "decoding_width")
        n = ui.slider(_("Tokens at most"), 2, 24, 12, "decoding_depth")
        penalty = ui.slider(_("Length penalty"), 0.0, 2.0, 0.0, "decoding_length", step=0.1,
                            help=_("The sum is divided by length to this power: 0 leaves it a sum."))  # fmt: skip

    def search(w: int) -> "BeamTree":
        return voices.beam(writing.voice, writing.ids, n, w, penalty)

    tree, one = search(width), search(1)
    verdict = beams.verdict(tree, one)
    if not ui.predict(questions.better(verdict, width), "decoding_better"):
        return None
    texts(writing, search, width)
    facts = beams.facts(tree, one) | {"width": width}
    more = lesson["Beam more probable" if facts["more"] else "Beam less probable"]
    ui.say(f"{lesson[verdict]} {more}" if verdict == "Beam better" else lesson[verdict], **facts)
    ui.say(lesson["Beam tree"], **facts)
    data = charts.tree(tree, writing.name, label, len(writing.ids) - 1, width, penalty > 0)
    component("beam")(data=data | {"open": True}, key=TREE, on_go_change=lambda: heard(tree))
    with st.expander(_("In code: the two scores"), icon=":material/code:"):
        st.code(scores(beams.log_probs(one), beams.log_probs(tree), penalty), language="python")
    return None


def heard(tree: "BeamTree") -> None:
    """A press on a node: its tokens are written."""
    node = door.whole(said(TREE, "go"), len(tree.nodes), least=1)
    if node is not None:
        writer.ask("add", tree.ids(node)[len(tree.prompt) :])


def plain(writing: Writing, ids: tuple[int, ...]) -> str:
    """The tokens as a text; ■ where it ended."""
    ended = ids[-1:] == (EOS,)
    return writing.tokenizer.decode(ids[:-1] if ended else ids).strip() + (" ■" if ended else "")


def texts(writing: Writing, search: Callable[[int], "BeamTree"], width: int) -> None:
    """What each search found, its sum and its score; the best is marked."""
    state.check_link("decoding_widths", lambda raw: raw in ("true", "false"))
    every = st.toggle(_("All widths from 1 to 5"), key="decoding_widths", bind="query-params")
    widths = range(1, 6) if every else sorted({1, width})
    found = [beams.result(search(w)) for w in widths]
    top = max(r.score for r in found)
    columns = {
        _("search"): [_("greedy, width 1") if w == 1 else _("beam, width {w}").format(w=w) for w in widths],
        _("text"): [fill("{t}", t=plain(writing, r.ids)) for r in found],
        _("tokens"): [str(len(r.ids)) for r in found],
        _("sum of log p"): [number(r.total) for r in found],
        _("score"): [number(r.score, 3) + (" ★" if r.score == top else "") for r in found],
    }
    st.table(pa.table(columns), border="horizontal", hide_index=True, alt=_("What greedy and beam search found"))
