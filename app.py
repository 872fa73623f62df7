"""The frame around every page: its look, its menu, the travelling example and the link. `streamlit run app.py`

`streamlit run` imports this file once, finds `app` and starts it; from then on the file is the script of each session.
"""

from pathlib import Path

import streamlit as st
from streamlit import runtime

from pages.shared import menu, models, serving, state, turn
from pages.shared.components import component

HERE = Path(__file__).parent  # the app may be started from anywhere


def frame() -> None:
    # before the menu, or the browser would fetch the page's icon from outside to show it in its tab
    icon = str(HERE / "assets" / "icon.svg")
    st.set_page_config(page_title=menu.HOME.title, page_icon=icon, layout="wide", initial_sidebar_state=menu.WIDTH)
    models.warm_up()
    state.read_link()
    page = menu.navigation()
    st.set_page_config(page_title=" · ".join(dict.fromkeys([page.title, menu.HOME.title])))
    arrived = state.arrive(page.url_path)
    st.logo(str(HERE / "assets" / "logo.svg"), icon_image=icon, size="large")
    st.title(page.title)
    notes = st.container()
    try:
        page.run()
        menu.onward(page)
    except turn.Ended:
        pass
    finally:  # also where a page fails
        state.write_link()
        state.show_notes(notes)
        if arrived:  # what it does to the window stays, and each change would wait 2 ms for it
            component("back")()


if runtime.exists():
    with turn.TURN:
        frame()
else:
    app = st.App(HERE / "app.py", lifespan=serving.ready, middleware=serving.MIDDLEWARE)
