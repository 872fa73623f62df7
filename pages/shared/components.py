"""Our own components: each is a folder in assets/components/ with NAME.html, NAME.css and NAME.js, no build step."""

from functools import cache
from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent.parent.parent / "assets" / "components"


@cache
def component(name: str):
    """The component's mount function: `component("poster")(data=..., key=...)`."""
    parts = {kind: (FOLDER / name / f"{name}.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")}
    return st.components.v2.component(f"attention_lab_{name}", **parts)
