"""The app without a browser. Every page is opened through app.py, so that the frame runs too."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.shared import models

ROOT = Path(__file__).parents[2]
HOME = "pages/home/page.py"
SMALL = ("masking", "multi_head", "self_attention", "positions", "similarity", "softmax", "block")
WITH_BOX = {  # pages with a box for the travelling sentence, and the link that shows it
    HOME: {},
    "pages/tokens/page.py": {},
    "pages/inside/page.py": {},
    "pages/decoding/page.py": {},
    "pages/embeddings/page.py": {"embeddings_size": "Story model"},
    **{f"pages/{name}/page.py": {f"{name}_size": "Small model"} for name in SMALL},
}
PAGES = sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("pages/*/page.py"))


def go(app: AppTest, page: str) -> AppTest:
    """Change the page as a browser does: it sends no widgets of the page that it leaves, `app.run()` would."""
    return app.switch_page(page)._run()


@pytest.fixture(autouse=True)
def at_root(monkeypatch):
    """Streamlit looks for .streamlit/config.toml in the current folder."""
    monkeypatch.chdir(ROOT)


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """`open_page(page, layer="2", ...)` opens the app with these values in the link and goes to the page."""

    def open_it(page: str = HOME, **link: str) -> AppTest:
        app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
        app.query_params.update(link)
        app.run()
        return app if page == HOME else go(app, page)

    return open_it


@pytest.fixture
def menu(monkeypatch, open_page) -> dict[str, st.Page]:
    """What app.py puts into the menu, by the page's file."""
    seen: list[st.Page] = []
    navigation = st.navigation

    def look(sections: dict[str, list[st.Page]], **more):
        seen.extend(page for section in sections.values() for page in section)
        return navigation(sections, **more)

    monkeypatch.setattr(st, "navigation", look)
    open_page()
    return {Path(page._page).relative_to(ROOT).as_posix(): page for page in seen}


@pytest.fixture
def fresh_models():
    """Models are read from disk within this test, and again after it."""
    models.warm_up().join()
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()
