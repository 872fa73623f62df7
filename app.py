"""The frame around every page: its look, its menu, the travelling example and the link. `streamlit run app.py`"""

import streamlit as st

from core.lessons import _
from pages.shared import models, state

st.set_page_config(page_title="Attention Lab", page_icon="assets/icon.svg", layout="wide")
models.warm_up()
state.read_link()

page = st.navigation(
    {
        "": [st.Page("pages/start/home.py", title=_("Home"), icon=":material/home:", default=True)],
        _("The Transformer"): [
            st.Page("pages/transformer/inside.py", title=_("Inside the model"), icon=":material/layers:"),
            st.Page("pages/transformer/decoding.py", title=_("Decoding"), icon=":material/casino:"),
        ],
    }
)
st.logo("assets/logo.svg", icon_image="assets/icon.svg", size="large")
st.title(page.title)
notes = st.container()
try:
    page.run()
finally:  # also when a page stops early
    state.write_link()
    state.show_notes(notes)
