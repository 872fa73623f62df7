"""The least that a Streamlit page can be: what the app's pages are measured against."""

import streamlit as st

st.slider("Number", 0, 100, key="number")
