"""What can be kept of a figure: the CSV of a matrix, and a PNG of matrices, heads and lines."""

import base64
import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright", reason="these tests need a browser: pip install -r tests/requirements.txt")

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Visit
from tests.server import serve

SCRIPT = """
import numpy as np, streamlit as st
from pages.shared.model.panels import Axis, Panel, pipeline, versus
from pages.shared import heads, lines, matrices
from pages.similarity import vectors
from tests.browser.test_keep import LABELS, ONE, OTHER
st.session_state.setdefault("digits", 3)
st.title("To keep")
axes = {"r": Axis("query", LABELS), "c": Axis("key", ["0 I", "1 me"])}
one = Panel("one", ONE, "r", "c", "S_a", "one way", "query")
matrices.show(versus(axes, one, Panel("other", OTHER, "r", "c", "B")), key="two")
matrices.show(pipeline(axes, [one]), key="alone")
weights = np.array([[[[1, 0], [0.25, 0.75]], [[1, 0], [0.5, 0.5]]]])
mask = np.array([[True, False], [True, True]])
heads.show(weights, ["0 I", "1 me"], "h", mask=mask, names=[["a", "b"]])
lines.show(weights[0, 0], ["0 I", "1 me"], ["0 I", "1 me"], key="l")
apple, cherry = vectors.Vector("q", "apple", 2, 2), vectors.Vector("k0", "cherry", 1, 4)
vectors.show(apple, [cherry], "v", lambda move: None)
"""
LABELS = ["0 a", '1 "so, so"', "2 <b>나</b>"]
ONE = np.array([[1 / 3, -np.inf], [1e-7, -2.5], [0.1, 2.5]])
OTHER = np.ones((3, 2))
LISTEN = """
const drawn = (window.drawn = []);
const { fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
  drawn.push(text);
  return fillText.call(this, text, ...more);
};
"""
COLOURS = """async (code) => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64," + code)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data } = pen.getImageData(0, 0, image.width, image.height);
  const found = new Set();
  for (let i = 0; i < data.length; i += 4) found.add(data.slice(i, i + 4).join());
  return [data.slice(0, 4).join(), [...found]];
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("keep") / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with serve(script) as server:
        yield server.address


@pytest.fixture
def person(browser, address) -> Iterator[Callable[..., Visit]]:
    """Somebody opens the script's page; in the end nothing went wrong and nothing left the machine."""
    came: list[Visit] = []

    def come(**how) -> Visit:
        came.append(Visit(browser, address, **how))
        came[-1].page.add_init_script(LISTEN)
        came[-1].open()
        return came[-1]

    yield come
    for one in came:
        one.context.close()
        assert one.errors == [] and one.outside == set()


def save(visit: Visit, button: Locator, key: str | None = None) -> tuple[str, bytes]:
    """The name and the content of the file that the button gives."""
    visit.page.evaluate("window.drawn.length = 0")
    with visit.page.expect_download() as saving:
        button.press(key) if key else button.click()
    return saving.value.suggested_filename, Path(saving.value.path()).read_bytes()


def figure(visit: Visit, kind: str, n: int = 0) -> Locator:
    return visit.page.locator(f".{kind}").nth(n).get_by_role("button", name="Save the figure as PNG")


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def colours(visit: Visit, png: bytes) -> tuple[str, list[str]]:
    """The colour of the upper left corner, and all that there are."""
    return visit.page.evaluate(COLOURS, base64.b64encode(png).decode())


def test_a_matrix_is_kept_as_csv_with_its_names_and_every_digit(person):
    visit = person()
    name, content = save(visit, visit.page.get_by_role("button", name="Save S_a as CSV").first)
    assert name == "attention-lab-home-one.csv"
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["", "0 I", "1 me"] and [row[0] for row in rows[1:]] == LABELS
    assert rows[1][2] == "-inf"
    assert (np.array([row[1:] for row in rows[1:]], float) == ONE).all()
    assert content.count(b"\r\n") == 4


def test_saving_is_reached_by_keyboard_after_the_matrix(person):
    visit = person()
    visit.page.get_by_role("gridcell", name=re.compile("^S_a, query 0 a, key 0 I")).first.focus()
    visit.page.keyboard.press("Tab")
    button = visit.page.get_by_role("button", name="Save S_a as CSV").first
    expect(button).to_be_focused()
    assert save(visit, button, "Enter")[0].endswith("one.csv")
    assert save(visit, figure(visit, "matrices"), "Enter")[0] == "attention-lab-home-matrices.png"


def test_a_figure_of_matrices_is_kept_with_all_that_it_says(person):
    visit = person(color_scheme="light")
    _, png = save(visit, figure(visit, "matrices"))
    texts = visit.page.evaluate("window.drawn")
    for text in ("S", "a", " one way ", "difference", "(3×2)", "0.333", "−∞", "−2.500", "0.100", "−", "→", "나</b>"):
        assert any(text in drawn for drawn in texts), text
    assert "−0.667" in texts and "−3.500" in texts and "1.500" in texts  # one − other
    assert "−1.000" in texts  # a masked cell counts as nothing in the difference
    corner, found = colours(visit, png)
    assert corner == "255,255,255,255" and "0,114,178,255" in found  # the queries' blue
    assert "79,42,134,255" in found and "143,74,8,255" in found  # both ends of the scale


def test_a_chosen_cell_is_kept_with_its_arithmetic(person):
    visit = person()
    visit.page.get_by_role("gridcell", name=re.compile("^difference, query 2")).last.click()
    expect(visit.page.locator(".arithmetic p")).to_have_count(2)
    low = size(save(visit, figure(visit, "matrices"))[1])
    texts = "".join(visit.page.evaluate("window.drawn"))
    assert "difference[2 <b>나</b>, 1 me] = 1.5000" in texts and "= 2.500 − 1.000" in texts
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("gridcell", name=re.compile("^difference, query 2")).last.press("Escape")
    expect(visit.page.locator(".arithmetic p")).to_have_count(0)
    assert size(save(visit, figure(visit, "matrices"))[1])[1] < low[1]


def test_one_matrix_is_a_figure_too_and_fits_on_any_screen(person):
    large = size(save(wide := person(), figure(wide, "matrices", 1))[1])
    phone = person(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert size(save(phone, figure(phone, "matrices", 1))[1]) == large
    assert phone.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 1


@pytest.mark.parametrize("kind", ["heads", "lines"])
def test_heads_and_lines_are_kept_in_the_theme_of_the_page(person, kind):
    visit = person(color_scheme="dark")
    name, png = save(visit, figure(visit, kind))
    assert name == f"attention-lab-home-{kind}.png"
    texts = visit.page.evaluate("window.drawn")
    expected = ["Layer 1", "Head 2", "b", "masked"] if kind == "heads" else ["queries look", "at keys", "me"]
    assert set(expected) <= set(texts)
    assert colours(visit, png)[0] not in ("255,255,255,255", "0,0,0,0")


def test_kept_lines_carry_their_numbers(person):
    visit = person()
    visit.page.locator(".lines .left button").nth(1).click()
    save(visit, figure(visit, "lines"))
    assert {"0.25", "0.75"} <= set(visit.page.evaluate("window.drawn"))


def test_a_drawing_is_kept_as_it_looks_with_its_colours_and_at_one_size(person):
    visit = person(color_scheme="light")
    name, png = save(visit, figure(visit, "vectors"))
    assert name == "attention-lab-home-vectors.png"
    corner, found = colours(visit, png)
    assert corner == "255,255,255,255"
    assert {"0,114,178,255", "230,159,0,255"} <= set(found)  # the query's arrow and the key's
    phone = person(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    assert size(save(phone, figure(phone, "vectors"))[1]) == size(png)
