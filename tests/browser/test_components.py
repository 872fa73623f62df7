"""Matrices, heads and lines in a real browser, each mounted in a small script of its own."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("playwright", reason="these tests need a browser: pip install -r tests/requirements.txt")

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.server import serve

T, D = 6, 32
LABELS = ["0 start", "1 the", "2 dog", "3 <b>saw</b>", "4 مرحبا", "5 antidisestablishmentarianism"]

HEAD = f"""
import numpy as np, streamlit as st, torch
from core import masks
from core.attention import attention
chance = np.random.default_rng(5)
q, k, v = (torch.tensor(chance.normal(size=({T}, {D})), dtype=torch.float32) for _ in range(3))
trace = attention(q, k, v, masks.causal({T}))
labels = {LABELS!r}
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.session_state.digits = 2  # as the frame has it
st.title("A component")
"""
SCRIPTS = {
    "matrices": HEAD
    + """
from pages.shared.model.panels import head_panels
from pages.shared import matrices
shown = matrices.show(head_panels(trace, labels), key="m")
st.text(f"runs {st.session_state.runs}, cell {shown.cell and tuple(shown.cell)}")
""",
    "editing": HEAD
    + """
from pages.shared.model.panels import Axis, Dot, Panel, pipeline
from pages.shared import matrices
base = np.array([[1, 0], [0.5, -2], [0, 3]])
w = st.session_state.setdefault("w", base.copy())
def edited(edit):
    for change in edit.changes:
        w[change.row, change.col] = change.value
x = np.array([[0.43, 0.15, 0.89], [0.55, 0.87, 0.66]])
def panels():
    axes = {"t": Axis("token", ["0 Your", "1 journey"]), "i": Axis("in", list("123")), "o": Axis("out", list("12"))}
    return pipeline(axes, [
        Panel("x", x, "t", "i", "X"),
        Panel("w", w, "i", "o", "W_Q", role="query", editable=True, base=base),
        Panel("q", x @ w, "t", "o", "Q", role="query", rule=Dot("x", "w")),
    ])
shown = matrices.show(panels(), key="m", on_edit=edited)
st.text(f"runs {st.session_state.runs}, w {w.tolist()}, edit {shown.edit and len(shown.edit.changes)}")
""",
    "heads": HEAD
    + """
from pages.shared import heads
weights = torch.stack([attention(q * s, k, v, masks.causal(6)).weights for s in (0.2, 0.5, 1, 2, 4, 8)])
chosen = heads.show(weights.reshape(2, 3, 6, 6), labels, "h", mask=masks.causal(6), names=[list("abc"), list("def")])
st.text(f"runs {st.session_state.runs}, chosen {tuple(chosen)}")
""",
    "lines": HEAD
    + """
from pages.shared import lines
lines.show(trace.weights, labels, labels, key="l")
two = torch.tensor([[0.97, 0.03], [0.5, 0.5], [0.04, 0.96]])
lines.show(two, ["0 I", "1 see", "2 you"], ["0 나", "1 너"], key="cross")
st.text(f"runs {st.session_state.runs}")
""",
}


@pytest.fixture(scope="module")
def address(request, tmp_path_factory) -> Iterator[str]:
    """The address of a server that runs one of the scripts."""
    script: Path = tmp_path_factory.mktemp("component") / f"{request.param}.py"
    script.write_text(SCRIPTS[request.param], encoding="utf-8")
    with serve(script) as server:
        yield server.address


@pytest.fixture
def person(browser, address) -> Iterator[Callable[..., Page]]:
    """`person(...)`: somebody opens the script's page; in the end nothing went wrong and nothing left the machine."""
    came: list[Visit] = []

    def come(**how) -> Page:
        came.append(Visit(browser, address, **how))
        return came[-1].open()

    yield come
    for one in came:
        one.context.close()
        assert one.errors == [] and one.outside == set()


def mounted(name: str):
    return pytest.mark.parametrize("address", [name], indirect=True)


def causal_head() -> dict[str, np.ndarray]:
    """The head of the scripts once more, by NumPy in float64."""
    chance = np.random.default_rng(5)
    q, k, v = (chance.normal(size=(T, D)).astype(np.float32).astype(float) for _ in range(3))
    scores = q @ k.T / np.sqrt(D)
    powers = np.exp(scores) * np.tri(T)
    weights = powers / powers.sum(1, keepdims=True)
    return {"q": q, "k": k, "scores": scores, "weights": weights, "output": weights @ v}


def cell(page: Page, panel: str, row: int, col: int) -> Locator:
    table = page.get_by_role("grid", name=re.compile(rf"^{panel}, "))
    return table.locator("tbody tr").nth(row).locator("td").nth(col)


def said(page: Page, text: str | re.Pattern) -> None:
    """The script wrote this."""
    expect(page.get_by_test_id("stText").last).to_have_text(text, timeout=15_000)


def number(text: str) -> float:
    return float(text.strip("() ").replace("−", "-"))


def written(page: Page) -> list[str]:
    return page.locator(".arithmetic p").all_inner_texts()


def focused(page: Page) -> str:
    """What a screen reader says of the element that has the focus."""
    inner = (
        "(() => { let e = document.activeElement; while (e.shadowRoot) e = e.shadowRoot.activeElement; return e })()"
    )
    return page.evaluate(f"{inner}.ariaLabel ?? ''")


def rings(page: Page) -> dict[str, list[str]]:
    """Panel by panel the rings that are seen, and the names of rows and columns that are lit."""
    return page.locator(".panel").evaluate_all(
        """panels => Object.fromEntries(panels.map(panel => [panel.querySelector('b').textContent, [
            ...[...panel.querySelectorAll('.rings div')].filter(ring => !ring.hidden).map(ring => ring.className),
            ...[...panel.querySelectorAll('.lit')].map(name => name.title)]]))"""
    )


# ---- matrices -------------------------------------------------------------------------------------------------------


@mounted("matrices")
def test_pointing_lights_up_where_a_cell_comes_from_and_asks_the_server_nothing(person):
    page = person()
    cell(page, "scores", 4, 2).hover()
    query, key = LABELS[4], LABELS[2]
    assert rings(page) == {
        "Q": ["from", query],
        "K": ["from", key],
        "scores": ["here", key, query],
        "masked": ["kin", key, query],
        "weights": ["kin", key, query],
        "V": ["kin", key],
        "output": ["kin", query],
    }
    ring, first = page.locator(".panel").nth(1).locator(".from").bounding_box(), cell(page, "K", 2, 0).bounding_box()
    assert abs(ring["y"] - first["y"]) < 1 and abs(ring["x"] - first["x"]) < 1 and ring["width"] > 20 * first["width"]
    cell(page, "weights", 4, 2).hover()
    assert rings(page)["masked"] == ["kin", "from", key, query]  # the softmax reads the whole row
    cell(page, "output", 4, 7).hover()
    assert rings(page)["weights"] == ["from", query] and rings(page)["V"] == ["from", "8"]
    expect(page.locator(".readout")).to_have_text(
        f"output[{LABELS[4]}, 8] = {causal_head()['output'][4, 7]:.3f}".replace("-", "−")
    )
    page.mouse.move(5, 5)
    assert not any(rings(page).values())
    said(page, "runs 1, cell None")


@mounted("matrices")
def test_a_scores_arithmetic_is_written_out_term_by_term(person):
    page, head = person(), causal_head()
    cell(page, "scores", 4, 2).click()
    said(page, "runs 2, cell ('scores', 4, 2)")
    score = head["scores"][4, 2]
    first, terms, last = written(page)
    assert first.startswith(f"scores[{LABELS[4]}, {LABELS[2]}] = ")
    assert number(first.rsplit("=", 1)[1]) == pytest.approx(score, abs=6e-4)
    assert number(last.removeprefix("= ").removesuffix(" / √32")) == pytest.approx(score * D**0.5, abs=6e-4)
    assert terms.count("·") == 6 and re.search(r"26 more = −?[\d.]+", terms)
    products = head["q"][4] * head["k"][2]
    largest = products[np.argsort(-abs(products))[:6]]
    shown = [number(a) * number(b) for a, b in re.findall(r"(\(?[−\d.]+\)?)·(\(?[−\d.]+\)?)", terms)]
    np.testing.assert_allclose(shown, largest, atol=0.04)  # each factor is rounded to two decimals
    rest = number(re.search(r"more = (−?[\d.]+)", terms)[1])
    assert rest == pytest.approx(products.sum() - largest.sum(), abs=6e-4)

    page.get_by_role("button", name="26 more").click()
    shown = [number(a) * number(b) for a, b in re.findall(r"(\(?[−\d.]+\)?)·(\(?[−\d.]+\)?)", written(page)[1])]
    np.testing.assert_allclose(shown, products, atol=0.04)
    assert page.get_by_role("button", name="show fewer").evaluate("button => button.matches(':focus')")
    assert not re.search(r"(?<!\()−[\d.]+·|·−", written(page)[1])  # negatives stand in brackets


def test_what_was_added_to_a_score_stands_in_both_lines_of_its_arithmetic(visit):
    one = visit()
    page = one.open("inside?text=Tom+had+a+big+boat&inside_change=true&inside_head_edits=scores.3.1%3D5")
    scores = page.get_by_role("grid", name=re.compile("^scores"))
    written = page.locator(".arithmetic p")
    cell = scores.get_by_role("row").nth(4).get_by_role("gridcell").nth(1)  # a row of names comes first
    one.act(cell.click, lambda: written.count() == 3)
    value, terms, sums = written.all_inner_texts()
    assert value.endswith("= 5.000")
    assert re.search(r" / √32 \+ ([\d.]+)$", terms)[1] == re.search(r" / √32 \+ ([\d.]+)$", sums)[1]
    assert not one.errors


@mounted("matrices")
def test_a_weights_arithmetic_is_a_softmax(person):
    page, head = person(), causal_head()
    cell(page, "weights", 4, 2).click()
    first, powers, fraction, note = written(page)
    assert number(first.rsplit("=", 1)[1]) == pytest.approx(head["weights"][4, 2], abs=6e-4)
    assert powers.count("e^(") == 1 + 5 and "Masked keys (1)" in note
    above, below = map(number, fraction.removeprefix("= ").split(" / "))
    assert above / below == pytest.approx(head["weights"][4, 2], abs=2e-3)
    top = head["scores"][4, :5].max()
    assert above == pytest.approx(np.exp(head["scores"][4, 2] - top), abs=6e-4)


@mounted("matrices")
def test_a_masked_cell_says_so(person):
    page = person()
    masked = cell(page, "masked", 1, 3)
    expect(masked).to_have_text("−∞")
    expect(masked).to_have_attribute("aria-label", f"masked, query {LABELS[1]}, key {LABELS[3]}: masked, −∞")
    assert "gradient" in masked.evaluate("cell => getComputedStyle(cell).backgroundImage")  # crossed
    masked.click()
    assert "may not look" in written(page)[1]
    cell(page, "weights", 1, 3).click()
    assert "e^(−∞) = 0" in written(page)[1]
    cell(page, "masked", 3, 1).click()
    assert "may look" in written(page)[1] and "scores[" in written(page)[1]


@mounted("matrices")
def test_the_matrices_can_be_walked_by_keyboard(person):
    page, head = person(), causal_head()
    cell(page, "scores", 0, 0).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    number_said = f"{head['scores'][2, 1]:.2f}".replace("-", "−")
    assert focused(page) == f"scores, query {LABELS[2]}, key {LABELS[1]}: {number_said}"
    assert rings(page)["Q"] == ["from", LABELS[2]]
    page.keyboard.press("Enter")
    said(page, "runs 2, cell ('scores', 2, 1)")
    assert focused(page).startswith(f"scores, query {LABELS[2]}, key {LABELS[1]}")  # the new run did not take it
    page.keyboard.press("Tab")
    assert focused(page) == "Save scores as CSV"
    page.keyboard.press("Tab")
    assert focused(page).startswith(f"masked, query {LABELS[0]}, key {LABELS[0]}")
    page.keyboard.press("End")
    assert f"key {LABELS[5]}" in focused(page)
    page.keyboard.press("ArrowRight")  # there is nothing further
    assert f"key {LABELS[5]}" in focused(page)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert focused(page).startswith(f"scores, query {LABELS[2]}, key {LABELS[1]}")
    page.keyboard.press("Escape")
    said(page, "runs 3, cell None")
    assert written(page) == []


@mounted("matrices")
def test_large_matrices_are_squares_until_numbers_are_asked_for(person):
    page, head = person(), causal_head()
    small, large = cell(page, "Q", 0, 0), cell(page, "scores", 0, 0)
    assert small.bounding_box()["width"] < 16 and large.bounding_box()["width"] >= 44
    expect(small).to_have_text(f"{head['q'][0, 0]:.2f}".replace("-", "−"))  # there, for readers and for copying
    page.get_by_role("button", name="Numbers in every cell").click()
    assert cell(page, "Q", 0, 0).bounding_box()["width"] >= 44


def contrast(*colours: str) -> float:
    """The contrast of two CSS colours as WCAG 2.2 defines it, 1 to 21."""
    rgb = np.array([re.findall(r"[\d.]+", colour)[:3] for colour in colours], float)
    rgb /= [[1.0 if colour.startswith("color(srgb") else 255.0] for colour in colours]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


@mounted("matrices")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_stand_out_from_their_cells(person, theme):
    page = person(color_scheme=theme)
    pairs = page.locator("td[style]").evaluate_all(
        "cells => cells.map(cell => [getComputedStyle(cell).color, getComputedStyle(cell).backgroundColor])"
    )
    assert len(pairs) > 500
    worst = min(contrast(*pair) for pair in pairs)
    assert worst >= 4.5


@mounted("matrices")
def test_on_a_phone_panels_scroll_by_themselves(person):
    page = person(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 1
    scroll = page.locator(".panel .scroll").first
    assert scroll.evaluate("box => box.scrollWidth - box.clientWidth") > 100
    cell(page, "scores", 4, 2).tap()
    said(page, "runs 2, cell ('scores', 4, 2)")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 1


@mounted("matrices")
def test_a_panel_fades_out_on_the_right_while_there_is_more_of_it(person):
    page = person(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    scroll = page.locator(".scroll").first
    faded = "getComputedStyle(box).maskSize.startsWith('100% ')"  # so wide that its transparent end is in sight
    assert scroll.evaluate(f"box => box.scrollWidth > box.clientWidth && {faded}")
    scroll.evaluate("box => { box.scrollLeft = box.scrollWidth }")
    page.wait_for_function(f"box => !({faded})", arg=scroll.element_handle())
    wide = person()
    assert not wide.locator(".scroll").first.evaluate(f"box => box.scrollWidth > box.clientWidth || {faded}")


@mounted("editing")
def test_an_arrow_points_to_the_next_panel_beside_it_or_below(person):
    turned = "joint => getComputedStyle(joint).transform.startsWith('matrix(0, 1')"
    for width, down in ((1440, False), (390, True)):
        arrow = person(viewport={"width": width, "height": 800}).locator(".joint", has_text="→")
        assert arrow.evaluate(turned) is down


@mounted("matrices")
def test_words_are_never_markup(person):
    page = person()
    assert page.locator(".matrices th b").count() == 0
    assert page.get_by_role("rowheader", name=LABELS[3], exact=True).count() == 7


# ---- editing --------------------------------------------------------------------------------------------------------


def paste(target: Locator, text: str) -> None:
    """As a person does: the text is copied somewhere, and the keys are pressed at the cell."""
    target.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    target.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    target.focus()
    target.press("Control+v")


@mounted("editing")
def test_a_number_is_typed_over(person):
    page = person()
    target = cell(page, "W_Q", 1, 0)
    target.focus()
    page.keyboard.type("-1,6")
    page.keyboard.press("Enter")
    said(page, "runs 2, w [[1.0, 0.0], [-1.6, -2.0], [0.0, 3.0]], edit 1")
    expect(target).to_have_text("−1.60")
    expect(target).to_have_class(re.compile("changed"))
    expect(target).to_have_attribute("title", "changed, was 0.50")
    assert focused(page) == "W_Q, in 2, out 1: −1.60, changed, was 0.50"
    assert target.evaluate("cell => getComputedStyle(cell, '::after').borderRadius") == "50%"  # the dot
    expect(cell(page, "Q", 1, 0)).to_have_text(f"{0.55 - 1.6 * 0.87:.2f}".replace("-", "−"))
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(target).not_to_have_class(re.compile("changed"))


@mounted("editing")
def test_what_is_no_number_is_refused_and_the_old_one_stays(person):
    page = person()
    target = cell(page, "W_Q", 1, 0)
    for wrong in ("5x", "1e9", "-"):
        target.focus()
        page.keyboard.type(wrong)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(re.compile(f"“{wrong}” is not a number"))
        expect(target).to_have_text("0.50")
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    expect(target).to_have_text("0.50")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert focused(page).startswith("W_Q, in 2, out 1: 0.50")
    cell(page, "X", 0, 0).focus()
    page.keyboard.type("7")
    expect(page.locator("td input")).to_have_count(0)  # X cannot be edited
    said(page, re.compile(r"runs 1, .*edit None"))


@mounted("editing")
def test_a_second_click_opens_the_number_and_letters_are_no_shortcuts_meanwhile(person):
    page = person()
    target = cell(page, "W_Q", 2, 1)
    target.click()
    said(page, re.compile("runs 2"))
    target.click()
    expect(page.locator("td input")).to_have_value("3")
    page.keyboard.type("rc")  # Streamlit's shortcuts: run again, clear the cache
    page.wait_for_timeout(400)
    said(page, re.compile("runs 2"))
    page.keyboard.press("Escape")
    expect(target).to_have_text("3.00")


@mounted("editing")
def test_a_block_is_pasted_from_a_spreadsheet_all_of_it_or_nothing(person):
    page = person()
    target = cell(page, "W_Q", 1, 0)
    target.focus()
    paste(target, "0,25\t-4\r\n7\t8\r\n")
    said(page, "runs 2, w [[1.0, 0.0], [0.25, -4.0], [7.0, 8.0]], edit 4")
    paste(target, "1\tsix\n2\t3")
    expect(page.get_by_role("alert")).to_have_text(re.compile("“six” is not a number.*nothing was changed"))
    paste(target, "1\t2\t3")
    expect(page.get_by_role("alert")).to_have_text(re.compile("The block is 1×3, but only 2×2 fits"))
    said(page, re.compile("runs 2"))
    paste(cell(page, "W_Q", 0, 0), "1, 2\n3, 4\n5, 6")
    said(page, re.compile(r"runs 3, w \[\[1.0, 2.0\], \[3.0, 4.0\], \[5.0, 6.0\]\]"))


@mounted("editing")
def test_a_paste_is_read_as_it_was_meant(person):
    """Decimal commas, thousands, headings and labels, empty cells; each on the numbers that the paste before left."""
    page = person()
    for text, edited in (
        ("1,5\n2,5\n−3,5", [[1.5, 0.0], [2.5, -2.0], [-3.5, 3.0]]),
        ("1\u00a0234,5\t1/4\n\t27 %", [[1234.5, 0.25], [2.5, 0.27], [-3.5, 3.0]]),
        ("\t8\n\t9\n", [[1234.5, 8.0], [2.5, 9.0], [-3.5, 3.0]]),
        (",out 0,out 1\r\n0 in,0.5,-1\r\n1 in,0,1e-1\r\n", [[0.5, -1.0], [0.0, 0.1], [-3.5, 3.0]]),
        ("１２ ٣", [[12.0, 3.0], [0.0, 0.1], [-3.5, 3.0]]),
    ):
        paste(cell(page, "W_Q", 0, 0), text)
        said(page, re.compile(re.escape(f"w {edited}")))
    paste(cell(page, "W_Q", 0, 0), "1,234")
    expect(page.get_by_role("alert")).to_have_text(re.compile(r"“1,234” could be 1\.234 or 1234: nothing was changed"))


@mounted("editing")
def test_an_enter_that_ends_a_composition_does_not_close_the_cell(person):
    page = person()
    cell(page, "W_Q", 0, 0).dblclick()
    box = page.locator("td input")
    box.evaluate("box => box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }))")
    expect(box).to_have_count(1)
    assert box.get_attribute("inputmode") is None  # a decimal keypad has no minus on many phones


# ---- heads ----------------------------------------------------------------------------------------------------------


def picture(page: Page, layer: int, head: int) -> Locator:
    return page.get_by_role("button", name=f"layer {layer} head {head}:")


@mounted("heads")
def test_choosing_a_head_tells_the_page(person):
    page = person()
    said(page, "runs 1, chosen (0, 0)")
    weights = causal_head_times(8)
    query, key = divmod(int(np.argmax(weights[1:])), T)
    look = f"{LABELS[query + 1]} at {LABELS[key]}, {weights[query + 1, key]:.2f}"
    expect(picture(page, 2, 3)).to_have_attribute("aria-label", f"layer 2 head 3: strongest look: {look}")
    picture(page, 2, 3).hover()
    expect(page.locator(".readout")).to_have_text(f"Layer 2, head 3. Strongest look: {look}")
    picture(page, 2, 3).click()
    said(page, "runs 2, chosen (1, 2)")
    expect(picture(page, 2, 3)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    for key_ in ("ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key_)
    assert focused(page).startswith("layer 1 head 2:")
    said(page, "runs 2, chosen (1, 2)")  # moving is not choosing
    page.keyboard.press("Enter")
    said(page, "runs 3, chosen (0, 1)")
    assert focused(page).startswith("layer 1 head 2:")


def causal_head_times(factor: float) -> np.ndarray:
    """The weights of the scripts' head with its queries made larger."""
    powers = np.exp(causal_head()["scores"] * factor) * np.tri(T)
    return powers / powers.sum(1, keepdims=True)


@mounted("heads")
def test_the_pictures_show_the_weights(person):
    page = person(color_scheme="light")
    pixels = (
        picture(page, 2, 3)
        .locator("canvas")
        .evaluate("canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]")
    )
    image = np.array(pixels).reshape(T, T, 4)
    assert (image[..., 3] == 255 * np.tri(T)).all()  # what is masked is left open, for the hatching
    weights = causal_head_times(8)
    seen = np.tri(T) > 0
    order = np.argsort(weights[seen])
    brightness = image[seen][order, :3].sum(1)
    assert (np.diff(brightness) <= 0).all() and tuple(image[0, 0, :3]) == (0x4F, 0x2A, 0x86)
    expect(page.get_by_text("masked", exact=True)).to_be_visible()
    expect(page.get_by_text("f", exact=True)).to_be_visible()  # a head's name


# ---- lines ----------------------------------------------------------------------------------------------------------


@mounted("lines")
def test_pointing_at_a_token_leaves_its_lines_with_their_numbers(person):
    page, weights = person(), causal_head()["weights"]
    first = page.locator(".lines").first

    def shown() -> int:
        script = "paths => paths.filter(path => getComputedStyle(path).opacity > 0).length"
        return first.locator("path").evaluate_all(script)

    assert shown() == (weights >= 0.05).sum()
    first.locator(".left button").nth(4).hover()
    page.wait_for_timeout(300)
    mine = np.flatnonzero(weights[4] >= 0.05)
    assert shown() == len(mine)
    numbers = first.locator(".right .number").all_inner_texts()
    assert numbers == [f"{weights[4, i]:.2f}" if i in mine else "" for i in range(T)]
    first.locator(".right button").nth(1).hover()
    page.wait_for_timeout(300)
    assert shown() == (weights[:, 1] >= 0.05).sum()
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    assert shown() == (weights >= 0.05).sum()
    said(page, "runs 1")


@mounted("lines")
def test_the_lines_are_told_in_words(person):
    page, weights = person(), causal_head()["weights"]
    first, cross = page.locator(".lines").all()
    best = np.argsort(-weights[5], kind="stable")
    parts = [f"{LABELS[i]} {weights[5, i]:.2f}" for i in best if weights[5, i] >= 0.05]
    small = weights[5][weights[5] < 0.05]
    rest = f", {len(small)} others {small.sum():.2f} together" if len(small) else ""
    sentence = f"{LABELS[5]} looks at: {', '.join(parts)}{rest}"
    expect(first.locator(".left button").nth(5)).to_have_attribute("aria-label", sentence)
    expect(first.locator("li").nth(5)).to_have_text(sentence)
    expect(cross.locator("svg")).to_have_attribute("aria-label", re.compile("4 lines.*0 I looks at 0 나, 0.97"))
    expect(cross.locator(".left button").nth(0)).to_have_attribute(
        "aria-label", "0 I looks at: 0 나 0.97, 1 others 0.03 together"
    )


@mounted("lines")
def test_lines_by_keyboard_and_on_a_phone(person):
    page = person(viewport={"width": 390, "height": 800})
    cross = page.locator(".lines").last
    cross.locator(".left button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # keeps the lines
    page.keyboard.press("ArrowRight")
    assert focused(page).startswith("1 너 is looked at by: 2 you 0.96, 1 see 0.50")
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.shadowRoot.activeElement.blur()")
    assert cross.locator("path.mine").count() == 2
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 1
