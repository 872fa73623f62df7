"""The glossary: every term and symbol of the app in a sentence or two, with a link to the page that shows it."""

import streamlit as st

from core import glossary, lessons
from core.lessons import _
from pages.shared import menu, ui


def entry(term: glossary.Term) -> None:
    page = next(filter(None, map(menu.find, term.shown)), None)
    shape = f"`{term.shape}`" if term.shape else ""
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{term.name}** &ensp; {term.symbol} &ensp; {shape}", width="stretch")
            if page:
                st.page_link(page.path, label=page.title, icon=page.icon, width="content")
        st.markdown(term.meaning)


terms = glossary.terms()
ui.say(glossary.about())
asked = ui.typed(_("Find"), "", "glossary_find", 60, placeholder=_("a term, a symbol, any word"),
                 icon=":material/search:")  # fmt: skip
if asked.strip():
    found = glossary.find(terms, asked)
    st.caption(_("{count} of {all} terms").format(count=len(found), all=len(terms)))
    for term in found:
        entry(term)
    if not found:
        st.info(lessons.fill(_("No term holds “{asked}”. Try a part of the word."), asked=asked))
else:
    held = glossary.letters(terms)
    st.markdown(" &ensp; ".join(f"[**{letter}**](#{letter.lower()})" for letter in held))
    for letter, group in held.items():
        st.subheader(letter, anchor=letter.lower(), divider="gray")
        for term in group:
            entry(term)
