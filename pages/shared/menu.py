"""The menu: every page in the order in which they are read. A new page is one line here."""

from typing import NamedTuple

import streamlit as st

from core.lessons import _


class Entry(NamedTuple):
    path: str
    title: str
    icon: str

    @property
    def slug(self) -> str:
        """The name of the page in links and of its words in assets/lessons."""
        return self.path.rpartition("/")[2].removesuffix(".py")


WIDTH = 270  # pixels: what the titles need; the rest of the window is for what they lead to
HOME = Entry("pages/start/home.py", _("Attention Lab"), ":material/home:")
SECTIONS = {
    "": [HOME],
    _("Foundations"): [
        Entry("pages/foundations/tokens.py", _("Tokens"), ":material/abc:"),
        Entry("pages/foundations/embeddings.py", _("Embeddings"), ":material/data_array:"),
        Entry("pages/foundations/gravity.py", _("Words that pull each other"), ":material/scatter_plot:"),
        Entry("pages/foundations/positions.py", _("Positions"), ":material/pin_drop:"),
        Entry("pages/foundations/similarity.py", _("Similarity"), ":material/straighten:"),
        Entry("pages/foundations/softmax.py", _("Softmax"), ":material/percent:"),
    ],
    _("Attention"): [
        Entry("pages/attention/self_attention.py", _("Self-attention"), ":material/hub:"),
        Entry("pages/attention/friends.py", _("A class of friends"), ":material/group:"),
        Entry("pages/attention/query_key_value.py", _("Query, key, value"), ":material/manage_search:"),
        Entry("pages/attention/masking.py", _("Masking"), ":material/visibility_off:"),
        Entry("pages/attention/multi_head.py", _("Multi-head attention"), ":material/view_column:"),
    ],
    _("The Transformer"): [
        Entry("pages/transformer/block.py", _("The block"), ":material/view_agenda:"),
        Entry("pages/transformer/inside.py", _("Inside the model"), ":material/layers:"),
        Entry("pages/transformer/encoder_decoder.py", _("Encoder and decoder"), ":material/translate:"),
        Entry("pages/transformer/decoding.py", _("Decoding"), ":material/casino:"),
        Entry("pages/transformer/training.py", _("Training"), ":material/model_training:"),
        Entry("pages/transformer/before_attention.py", _("Before attention"), ":material/history:"),
    ],
    _("To look up"): [
        Entry("pages/start/glossary.py", _("Glossary"), ":material/menu_book:"),
    ],
}


def entries() -> list[Entry]:
    return [entry for section in SECTIONS.values() for entry in section]


def lessons() -> dict[str, list[Entry]]:
    """The sections with what is taught in them, in the order of reading."""
    kept = {name: [e for e in held if not e.path.startswith("pages/start/")] for name, held in SECTIONS.items()}
    return {name: held for name, held in kept.items() if held}


def find(slug: str) -> Entry | None:
    """The page of that name, if the menu has it."""
    return next((entry for entry in entries() if entry.slug == slug), None)


@st.cache_resource(scope="session", show_spinner=False)
def pages() -> dict[Entry, st.Page]:
    """Streamlit's own pages: to make them looks up each file, and so is done once a session."""
    return {e: st.Page(e.path, title=e.title, icon=e.icon, default=e is HOME) for e in entries()}


def navigation() -> st.Page:
    """The menu in the side bar; the page that the visitor opened."""
    made = pages()
    return st.navigation({section: [made[e] for e in held] for section, held in SECTIONS.items() if held})


def onward(page: st.Page) -> None:
    """Links to the lessons before and after this page."""
    read = entries()
    at = read.index(find(page.url_path) or HOME)
    before, after = read[max(at - 1, 0) : at], read[at + 1 : at + 2]
    st.divider()
    left, right = st.columns(2)
    for place, label, found in ((left, _("Before: {title}"), before), (right, _("Next: {title}"), after)):
        for entry in found:
            place.page_link(pages()[entry], label=label.format(title=entry.title), icon=entry.icon)
