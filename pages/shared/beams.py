"""Greedy against beam search on a page: both from the text as it stands, the tree, and a way on from any node."""

import pyarrow as pa
import streamlit as st

from core import beams
from core.charts import beam as charts
from core.export.decoding import scores
from core.lessons import Lesson, _, fill
from core.questions import decoding as questions
from core.tokenizer import EOS
from pages.shared import ui, writer
from pages.shared.components import component
from pages.shared.writer import Writing

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
    tree, one = (writer.beam(writing.voice, writing.ids, n, w, penalty) for w in (width, 1))
    verdict = beams.verdict(tree, one)
    if not ui.predict(questions.better(verdict, width), "decoding_better"):
        return None
    texts(writing, tree, one)
    ui.say(lesson[verdict], **beams.facts(tree, one), width=width, penalty=penalty)
    ui.say(lesson["Beam tree"], **beams.facts(tree, one))
    data = charts.tree(tree, writing.name, label, len(writing.ids) - 1, width, penalty > 0)
    component("beam")(data=data | {"open": True}, key=TREE, on_go_change=lambda: heard(tree))
    with st.expander(_("In code: the two scores"), icon=":material/code:"):
        st.code(scores(beams.log_probs(one), beams.log_probs(tree), penalty), language="python")
    return None


def heard(tree) -> None:
    """A press on a node: its tokens are written."""
    node = st.session_state[TREE].go
    if isinstance(node, int) and 0 < node < len(tree.nodes):
        writer.ask("add", tree.ids(node)[len(tree.prompt) :])


def plain(writing: Writing, ids: tuple[int, ...]) -> str:
    """The tokens as a text; ■ where it ended."""
    ended = ids[-1:] == (EOS,)
    return writing.tokenizer.decode(ids[:-1] if ended else ids).strip() + (" ■" if ended else "")


def texts(writing: Writing, tree, one) -> None:
    """What each found, its sum and its score."""
    found = [beams.result(x) for x in (one, tree)]
    facts = beams.facts(tree, one)
    columns = {
        _("search"): [_("greedy"), _("beam")],
        _("text"): [fill("{t}", t=plain(writing, r.ids)) for r in found],
        _("tokens"): [str(len(r.ids)) for r in found],
        _("sum of log p"): [facts["greedy_sum"], facts["beam_sum"]],
        _("score"): [facts["greedy_score"], facts["beam_score"]],
    }
    st.table(pa.table(columns), border="horizontal", hide_index=True, alt=_("What greedy and beam search found"))
