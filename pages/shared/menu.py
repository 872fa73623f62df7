"""The menu: every page in the order in which they are read. A new page is one line here."""

from typing import NamedTuple

import streamlit as st

from pages.shared.model.prose import _


class Entry(NamedTuple):
    slug: str  # the page's folder in `pages/`, its address, and the name of its words in assets/lessons
    title: str
    icon: str

    @property
    def path(self) -> str:
        return f"pages/{self.slug}/page.py"


WIDTH = 270  # pixels: what the titles need; the rest of the window is for what they lead to
HOME = Entry("home", _("Attention Lab"), ":material/home:")
GLOSSARY = Entry("glossary", _("Glossary"), ":material/menu_book:")
SECTIONS = {
    "": [HOME],
    _("Foundations"): [
        Entry("tokens", _("Tokens"), ":material/abc:"),
        Entry("embeddings", _("Embeddings"), ":material/data_array:"),
        Entry("gravity", _("Words that pull each other"), ":material/scatter_plot:"),
        Entry("positions", _("Positions"), ":material/pin_drop:"),
        Entry("similarity", _("Similarity"), ":material/straighten:"),
        Entry("softmax", _("Softmax"), ":material/percent:"),
    ],
    _("Attention"): [
        Entry("self_attention", _("Self-attention"), ":material/hub:"),
        Entry("friends", _("A class of friends"), ":material/group:"),
        Entry("query_key_value", _("Query, key, value"), ":material/manage_search:"),
        Entry("masking", _("Masking"), ":material/visibility_off:"),
        Entry("multi_head", _("Multi-head attention"), ":material/view_column:"),
    ],
    _("The Transformer"): [
        Entry("block", _("The block"), ":material/view_agenda:"),
        Entry("inside", _("Inside the model"), ":material/layers:"),
        Entry("encoder_decoder", _("Encoder and decoder"), ":material/translate:"),
        Entry("decoding", _("Decoding"), ":material/casino:"),
        Entry("training", _("Training"), ":material/model_training:"),
        Entry("before_attention", _("Before attention"), ":material/history:"),
    ],
    _("To look up"): [GLOSSARY],
}


def entries() -> list[Entry]:
    return [entry for section in SECTIONS.values() for entry in section]


def lessons() -> dict[str, list[Entry]]:
    """The sections with what is taught in them, in the order of reading."""
    kept = {name: [e for e in held if e not in (HOME, GLOSSARY)] for name, held in SECTIONS.items()}
    return {name: held for name, held in kept.items() if held}


def find(slug: str) -> Entry | None:
    """The page of that name, if the menu has it."""
    return next((entry for entry in entries() if entry.slug == slug), None)


@st.cache_resource(scope="session", show_spinner=False)
def pages() -> dict[Entry, st.Page]:
    """Streamlit's own pages: to make them looks up each file, and so is done once a session."""
    return {e: st.Page(e.path, title=e.title, icon=e.icon, url_path=e.slug, default=e is HOME) for e in entries()}


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
