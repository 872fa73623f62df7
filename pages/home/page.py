"""Home: the learner's sentence on its way through the model, in one picture, three ways on, and all lessons."""

import streamlit as st

from core.tokenizer import show
from pages.home import poster as picture
from pages.home.model.poster import poster
from pages.shared import menu, models, progress, state, ui
from pages.shared.model import prose
from pages.shared.model.prose import _

sections = menu.lessons()
first_lesson = next(iter(sections.values()))[0]
inside, decoding = menu.find("inside"), menu.find("decoding")
SHORT = 230  # pixels: a narrower column would cut the titles of lessons
WAYS = (
    ("Learn", _("Learn from the start"), ":material/school:", first_lesson),
    ("Play", _("Play with a model"), ":material/casino:", decoding),
    ("Teach", _("Teach with it"), ":material/co_present:", inside),
)

words = prose.words("home")
ui.say(words["What this is"])
example = ui.example_box()
layer, head = state.layer_and_head()
pieces = models.tokenizer(st.session_state.model).pieces
trace = models.trace(st.session_state.model, example.ids)
data = poster(trace, example.labels, lambda i: show(pieces[i]), layer, head, text=example.text)
opened = picture.show(data, key="home_poster")
if opened:
    slug, size = picture.LESSONS[opened.part]
    state.choose_head((opened.layer, opened.head))
    state.write_link()
    at = {**st.query_params, **({f"{slug}_size": size} if size else {})}
    st.switch_page(menu.find(slug).path, query_params=at)

first = data["next"][-1]
ui.say(words["How to read the picture"], first=f"“{first['labels'][0]}”", share=first["probs"][0])
ways = st.grid(len(WAYS), min_column_width=SHORT, border=True)
for name, title, icon, page in WAYS:
    with ways.cell():
        st.page_link(menu.pages()[page], label=f"**{title}**", icon=icon)
        ui.say(words[name])

ui.say(words["Lessons"])
shelves = st.grid(len(sections), min_column_width=SHORT, gap="medium")
for section, held in sections.items():
    with shelves.cell():
        st.caption(section)
        for page in held:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.page_link(menu.pages()[page])
                if (done := progress.of(page.slug)) and done.total:
                    whole = ":green[:material/check_circle:] " if done.right == done.total else ""
                    st.caption(whole + _("{right} of {total}").format(**done._asdict()), width="content")
