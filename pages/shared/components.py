"""Our own components: each is a folder in assets/components/ with NAME.js and, if it shows something, NAME.html and
NAME.css; no build step."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

FOLDER = Path(__file__).parent.parent.parent / "assets" / "components"


@cache
def component(name: str):
    """The component's mount function: `component("poster")(data=..., key=...)`."""
    path = FOLDER / name / name
    js = script(path.with_suffix(".js"), set())
    if not path.with_suffix(".html").exists():
        return st.components.v2.component(f"attention_lab_{name}", js=js)
    html, css = path.with_suffix(".html").read_text(encoding="utf-8"), style(path.with_suffix(".css"))
    return st.components.v2.component(f"attention_lab_{name}", html=html, css=css, js=js)


def said(key: str, name: str) -> Any:
    """What the browser said under this name at the component `key`; None if it said nothing, or there is none here."""
    found = st.session_state.get(key)
    return found.get(name) if isinstance(found, Mapping) else None


def style(path: Path) -> str:
    """The file, with each `@import "../common.css";` replaced by what it names."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r'@import "(\..+?)";', lambda found: style(path.parent / found[1]), text)


def script(path: Path, seen: set[Path]) -> str:
    """The file, with each `import { ... } from "./part.js";` replaced, once, by that file: all share one scope.

    A component's script has no address of its own, so that the browser could not find what it imports.
    """
    if path in seen:
        return ""
    seen.add(path)
    text = re.sub(r"^export (?!default)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    part = re.compile(r'^import [^;]+? from "(\..+?)";$', re.MULTILINE)
    return part.sub(lambda found: script((path.parent / found[1]).resolve(), seen), text)
