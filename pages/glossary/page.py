"""The glossary: every term and symbol of the app in a sentence or two, with a link to the page that shows it."""

from collections.abc import Sequence

import streamlit as st

from pages.glossary.model import glossary
from pages.shared import menu, ui
from pages.shared.model import prose
from pages.shared.model.prose import _


def show(group: Sequence[glossary.Term]) -> None:
    """Two elements a term and no more: a hundred terms are on the page."""
    made = menu.pages()
    with st.container(gap="xsmall"):
        for term in group:
            shape = f"`{term.shape}`" if term.shape else ""
            st.markdown(f"**{term.name}** &ensp; {term.symbol} &ensp; {shape}  \n{term.meaning}")
            if page := next(filter(None, map(menu.find, term.shown)), None):
                st.page_link(made[page])


terms = glossary.terms()
ui.say(glossary.about())
asked = ui.typed(_("Find"), "", "glossary_find", 60, placeholder=_("a term, a symbol, any word"),
                 icon=":material/search:")  # fmt: skip
if asked.strip():
    found = glossary.find(terms, asked)
    st.caption(_("{count} of {all} terms").format(count=len(found), all=len(terms)))
    show(found)
    if not found:
        st.info(prose.fill(_("No term holds “{asked}”. Try a part of the word."), asked=asked))
else:
    held = glossary.letters(terms)
    st.markdown(" &ensp; ".join(f"[**{letter}**](#{letter.lower()})" for letter in held))
    for letter, group in held.items():
        st.header(letter, anchor=letter.lower(), divider="gray")
        show(group)
