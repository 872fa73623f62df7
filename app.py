"""The frame around every page: its look, its menu, the travelling example and the link. `streamlit run app.py`

`streamlit run` imports this file once, finds `app` and starts it; from then on the file is the script of each session.
"""

from contextlib import asynccontextmanager

import streamlit as st
from streamlit import runtime
from streamlit.runtime.pages_manager import PagesManager

from pages.shared import menu, models, state, turn
from pages.shared.components import component
from pages.shared.model.prose import _


@asynccontextmanager
async def ready(_app):
    """Before the first visitor: load torch and the model, so that nobody waits for them."""
    # st.navigation sets this too, but only in the first session: until then a folder named `pages` would make
    # Streamlit look for pages by itself, and greet whoever comes first by a deep link with "Page not found".
    PagesManager.uses_pages_directory = False
    models.warm_up()
    print(_("Attention Lab is at http://localhost:{port}").format(port=st.get_option("server.port")))
    yield


def frame() -> None:
    # before the menu, or the browser would fetch the page's icon from outside to show it in its tab
    st.set_page_config(
        page_title=menu.HOME.title, page_icon="assets/icon.svg", layout="wide", initial_sidebar_state=menu.WIDTH
    )
    models.warm_up()
    state.read_link()
    page = menu.navigation()
    st.set_page_config(page_title=" · ".join(dict.fromkeys([page.title, menu.HOME.title])))
    arrived = state.arrive(page.url_path)
    st.logo("assets/logo.svg", icon_image="assets/icon.svg", size="large")
    st.title(page.title)
    notes = st.container()
    try:
        page.run()
        menu.onward(page)
    finally:  # also when a page stops early
        state.write_link()
        state.show_notes(notes)
        if arrived:  # what it does to the window stays, and each change would wait 2 ms for it
            component("back")()


if runtime.exists():
    with turn.TURN:
        frame()
else:
    app = st.App("app.py", lifespan=ready)
