"""Home: the learner's sentence on its way through the model, in one picture, and three ways on from there."""

import streamlit as st

from core import lessons
from core.lessons import _
from core.poster import poster
from core.tokenizer import show
from pages.shared import models, state, ui
from pages.shared import poster as picture

INSIDE, DECODING = "pages/transformer/inside.py", "pages/transformer/decoding.py"
LESSONS = {"next": DECODING}  # every other part of the picture is taken apart on the page Inside the model
WAYS = (
    ("Learn", _("Learn from the start"), ":material/school:", INSIDE),
    ("Play", _("Play with a model"), ":material/casino:", DECODING),
    ("Teach", _("Teach with it"), ":material/co_present:", INSIDE),
)

words = lessons.words("home")
ui.say(words["What this is"])
example = ui.example_box()
layer, head = state.layer_and_head()
pieces = models.tokenizer(st.session_state.model).pieces
trace = models.trace(st.session_state.model, example.ids)
data = poster(trace, example.labels, lambda i: show(pieces[i]), layer, head, text=example.text)
opened = picture.show(data, key="home_poster")
if opened:
    st.session_state.layer, st.session_state.head = opened.layer + 1, opened.head + 1
    st.switch_page(LESSONS.get(opened.part, INSIDE))

first = data["next"][-1]
ui.say(words["How to read the picture"], first=f"“{first['labels'][0]}”", share=first["probs"][0])
for column, (name, title, icon, page) in zip(st.columns(len(WAYS)), WAYS, strict=True):
    with column.container(border=True, height="stretch"):
        st.page_link(page, label=f"**{title}**", icon=icon)
        ui.say(words[name])
