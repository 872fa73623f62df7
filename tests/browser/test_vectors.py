"""Vectors on a plane, moved in a real browser by pointer and by keyboard, each mounted in a small script of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="these tests need a browser: pip install -r tests/requirements.txt")

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.server import serve

SCRIPT = """
import streamlit as st
from pages.similarity import vectors
from pages.similarity.vectors import Vector
at = st.session_state.setdefault("at", {"q": (2.0, 2.0), "a": (1.0, 4.0), "b": (0.0, 0.0)})
def moved(move):
    at[move.id] = (move.x, move.y)
    st.session_state.heard = st.session_state.get("heard", 0) + 1
st.title("A component")
vectors.show(Vector("q", "<b>q</b>", *at["q"]), [Vector("a", "cherry", *at["a"]), Vector("b", "none", *at["b"])],
             "plane", moved, ("tech", "fruit"))
st.text(f"q {at['q']}, a {at['a']}, b {at['b']}, heard {st.session_state.get('heard', 0) > 0}")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    script: Path = tmp_path_factory.mktemp("component") / "vectors.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with serve(script) as server:
        yield server.address


@pytest.fixture
def person(browser, address):
    came = []

    def come(**how) -> Page:
        came.append(Visit(browser, address, **how))
        return came[-1].open()

    yield come
    for one in came:
        one.context.close()
        assert one.errors == [] and one.outside == set()


def handle(page: Page, name: str):
    return page.get_by_role("slider", name=name, exact=True)


def said(page: Page, text: str) -> None:
    expect(page.get_by_test_id("stText").last).to_contain_text(text, timeout=15_000)


def test_what_is_drawn_is_said(person):
    told = person().locator(".told")
    expect(told).to_contain_text("<b>q</b> = (2, 2), length 2.83")  # text, not markup
    expect(told).to_contain_text("cherry = (1, 4), length 4.12, 31.0° from <b>q</b>")
    expect(told).to_contain_text("none = (0, 0), length 0.00, no angle")
    expect(told).to_contain_text("Shadow of cherry on the line of <b>q</b>: 3.536. Dot product: 2.828 · 3.536 = 10.00")


def test_a_tip_is_dragged(person):
    page = person()
    box = handle(page, "cherry").locator(".area").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    unit = page.locator(".vectors svg").bounding_box()["width"] / 440 * (440 / 2 - 26) / 6
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, 9):
        page.mouse.move(x - unit * 3 * i / 8, y + unit * 5 * i / 8)
    page.mouse.up()
    said(page, "a (-2.0, -1.0)")
    expect(page.locator(".told")).to_contain_text("cherry = (−2, −1)")
    assert handle(page, "cherry").get_attribute("aria-valuetext") == "cherry = (−2, −1), length 2.24"


def test_arrow_keys_move_it_too(person):
    page = person()
    handle(page, "none").focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowUp", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    said(page, "b (0.1, 0.9)")
    expect(page.locator(".told")).to_contain_text("none = (0.1, 0.9)")


def test_it_stays_on_the_plane(person):
    page = person()
    handle(page, "cherry").focus()
    for _ in range(5):
        page.keyboard.press("Shift+ArrowUp")
    said(page, "a (1.0, 6.0)")


@pytest.mark.parametrize("how", [{"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}])
def test_it_reads_in_the_dark_and_fits_a_phone(how, person):
    page = person(**how)
    root = page.locator(".vectors")
    expect(root).to_have_attribute("data-theme", "dark" if "color_scheme" in how else "light")
    box = root.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
