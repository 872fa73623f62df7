"""Self-attention in a browser: a number typed, a mask cell switched, a step by the keyboard, a workbook fetched."""

from pathlib import Path

import numpy as np
import pytest

from pages.shared.model import hand
from tests.pages.self_attention.test_export import oracle
from tests.spreadsheet import stored, titled

SENTENCE = "Once+upon+a+time,+there+was"


def test_a_number_typed_into_a_weight_reaches_the_context_vectors_the_link_and_the_workbook(visit):
    one = visit()
    page = one.open("self_attention")
    cell = page.get_by_role("gridcell", name="W_q, feature 1, feature 2:").last
    output = page.get_by_role("gridcell", name="output, query 1 love, feature 1:").last
    before = output.inner_text()

    def type_it() -> None:
        cell.click()
        cell.press("3")
        page.keyboard.press("Enter")

    one.act(type_it, lambda: "W_q.0.1%3D3" in page.url or "W_q.0.1=3" in page.url)
    expected = oracle(hand.LOVE, {("W_q", 0, 1): 3.0})
    assert output.inner_text() == f"{expected['output'][1, 0]:.2f}" != before
    with page.expect_download() as saving:
        page.get_by_role("button", name="Workbook").click()
    assert saving.value.suggested_filename == "self_attention.xlsx"
    book = stored(Path(saving.value.path()).read_bytes())
    found = titled(book["Self-attention"], "Context vectors = Weights·V", 3, 3)
    np.testing.assert_allclose(np.array(found, float), expected["output"], atol=1e-9)
    page.get_by_role("button", name="Undo all changes").click()
    page.wait_for_url(lambda url: "W_q" not in url)
    assert not one.errors and not one.outside


@pytest.mark.parametrize("where", ["first", "last"])  # in the step, which is run alone, and among all matrices
def test_a_number_typed_where_a_step_is_shown_reaches_the_whole_page(visit, where):
    one = visit()
    page = one.open("self_attention?self_attention_step=2")  # every key
    cell = getattr(page.get_by_role("gridcell", name="W_k, feature 1, feature 2:"), where)
    output = page.get_by_role("gridcell", name="output, query 1 love, feature 1:")
    assert output.count() == 1

    def type_it() -> None:
        cell.click()
        cell.press("3")
        page.keyboard.press("Enter")

    one.act(type_it, lambda: "W_k.0.1%3D3" in page.url or "W_k.0.1=3" in page.url)
    expected = oracle(hand.LOVE, {("W_k", 0, 1): 3.0})["output"][1, 0]
    assert output.inner_text() == f"{expected:.2f}" != f"{oracle(hand.LOVE, {})['output'][1, 0]:.2f}"
    assert page.get_by_text("Step 2 of 6").is_visible()
    assert not one.errors


def test_a_mask_cell_of_the_model_is_switched_by_a_click(visit):
    one = visit()
    page = one.open(f"self_attention?text={SENTENCE}&self_attention_size=Small+model&self_attention_change=true")
    cell = page.get_by_role("gridcell", name="mask, query 2 upon, key 5 ,:")
    weight = page.get_by_role("gridcell", name="weights, query 2 upon, key 5 ,:")
    assert weight.get_attribute("aria-label").endswith("0.00")
    one.act(cell.click, lambda: "mask.2.5" in page.url, tries=1)
    assert "changed" in weight.get_attribute("class")
    assert page.get_by_text("Outputs that changed: 1 of 8").is_visible()
    assert not one.errors


def test_arrow_keys_take_a_step(visit):
    one = visit()
    page = one.open("self_attention")
    one.act(lambda: page.keyboard.press("ArrowRight"), lambda: "self_attention_step=2" in page.url, tries=1)
    assert page.get_by_text("Step 2 of 6").is_visible()


@pytest.mark.parametrize("link", ["self_attention?self_attention_step=4", "friends"])
def test_nothing_is_wider_than_a_phone(visit, link):
    one = visit(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = one.open(link)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    assert not one.errors


def test_the_class_is_revealed_and_its_workbook_is_fetched(visit):
    one = visit()
    page = one.open("friends")
    assert page.get_by_role("gridcell", name="revised, friend Joey").count() == 0
    one.act(page.get_by_role("button", name="Just show me").click,
            lambda: page.get_by_role("gridcell", name="revised, friend Joey").count() == 7, tries=1)  # fmt: skip
    with page.expect_download() as saving:
        page.get_by_role("button", name="Workbook").click()
    book = stored(Path(saving.value.path()).read_bytes())
    assert book.sheetnames == ["Rounds", "Spread"]
    assert not one.errors
