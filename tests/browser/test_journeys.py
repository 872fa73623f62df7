"""What people do, in a browser: links, typing, stepping, the keyboard, the phone."""

import re
import time
from itertools import pairwise
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BOX
from tests.server import LINKS, NAMES, serve

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WATCH = """
window.seen = [];
new MutationObserver(() => {
  if (document.body?.innerText.includes('Page not found')) window.seen.push('Page not found');
}).observe(document, {childList: true, subtree: true, characterData: true});
"""


def query(one) -> set[str]:
    return set(one.page.url.partition("?")[2].split("&"))


def test_the_first_visitor_of_a_fresh_server_may_come_by_a_deep_link(visit, record_property):
    with serve() as fresh:
        one = visit(fresh.address)
        one.page.add_init_script(WATCH)
        began = time.monotonic()
        one.page.goto(f"{fresh.address}/inside?text=The+cat+sat&layer=2")
        one.page.get_by_role("heading", name="Inside the model", level=1).wait_for()
        seconds = time.monotonic() - began
        record_property("seconds_to_the_first_words", round(seconds, 2))
        one.settle()
        assert one.box().input_value() == "The cat sat"
        assert "layer=2" in one.page.url
        assert one.page.get_by_test_id("stSidebarNav").get_by_role("link").count() == len(LINKS)
        assert one.page.evaluate("window.seen") == []
        assert one.page.get_by_role("dialog").count() == 0
        assert seconds < 10


def test_the_sentence_goes_along_and_a_reload_restores_it(visit):
    one = visit()
    one.open()
    one.type("The dog ran home")
    for title in ("Inside the model", "Decoding", "Attention Lab"):
        one.go(title)
        assert one.box().input_value() == "The dog ran home"
        assert "text=The+dog+ran+home" in one.page.url
    one.page.reload()
    one.settle()
    assert one.box().input_value() == "The dog ran home"


def test_a_box_that_was_cleared_stays_empty_after_a_reload(visit):
    """The page ends early then, with a sentence; its address is written all the same."""
    one = visit()
    one.open(f"encoder_decoder?korean={quote('내일 비가 와요.')}")
    box = one.page.get_by_role("textbox", name="Korean sentence")
    box.fill("")
    box.press("Enter")
    expect(one.page.get_by_text("The box is empty")).to_be_visible()
    one.page.wait_for_function("() => new URL(location).searchParams.get('korean') === ''")
    one.page.reload()
    expect(one.page.get_by_text("The box is empty")).to_be_visible()
    assert box.input_value() == ""


def test_an_answer_is_read_in_the_readers_own_notation(visit):
    one = visit()
    one.open("similarity")
    box = one.page.get_by_role("textbox", name="Your answer").first
    for typed, said in (
        ("10,0", "Right."),
        ("１０", "Right."),
        ("1,234", "could be 1.234 or 1234"),
        ("ten", "is not a number"),
    ):
        box.fill(typed)
        box.press("Enter")
        expect(one.page.get_by_text(said).first).to_be_visible()
        assert box.input_value() == typed


@pytest.mark.parametrize("link", ["", "?text=A+link+brought+this&model=stories-400"])
def test_what_nobody_typed_goes_along_too(link, visit):
    person = visit()
    person.open(link)
    before = person.box().input_value(), person.page.url.partition("?")[2]
    for title in ("Inside the model", "Decoding", "Attention Lab"):
        person.go(title)
        assert (person.box().input_value(), person.page.url.partition("?")[2]) == before
    assert before[0]


def test_back_leads_to_the_page_before_whatever_was_changed_on_this_one(visit):
    one = visit()
    one.open("")
    one.type("A small red ball")
    for title in ("Tokens", "Inside the model"):
        one.go(title)
    one.act(one.page.get_by_role("radio", name="4", exact=True).click, lambda: "digits=4" in query(one))
    for title in ("Tokens · Attention Lab", "Attention Lab"):
        one.page.go_back()
        one.page.wait_for_function("title => document.title === title", arg=title)
        one.settle()
        assert "text=A+small+red+ball" in query(one)
    one.page.go_forward()
    one.page.get_by_role("heading", name="Tokens", level=1).wait_for()


def test_back_finds_the_page_as_it_was_left(visit):
    one = visit()
    link = "masking?masking_kind=Padding&masking_pads=3"
    one.open(link)
    one.go("Tokens")
    one.page.go_back()
    one.page.wait_for_function("() => document.title.startsWith('Masking')")
    one.settle()
    expect(one.page.get_by_role("slider", name="Padding at the end")).to_have_value("3")
    assert one.page.url.endswith(link) and not one.errors


def test_the_usual_view_has_an_empty_link(visit):
    one = visit()
    one.open("masking?masking_kind=Padding")
    one.page.get_by_role("radio", name="Causal", exact=True).click()
    expect(one.page).to_have_url(re.compile(r"/masking$"))


@pytest.mark.parametrize("typed", ["http://a.b www.c.de f@g.h", ":material/home: :smile: &lt; -> <= --", "*x* $y$ {z}"])
def test_what_a_link_says_is_shown_as_it_stands(typed, visit):
    one = visit()
    one.open(f"glossary?model={quote(typed)}")
    told = one.page.get_by_role("alert").filter(has_text="The link asks for model")
    assert f"“{typed}”" in told.inner_text().replace("\u2060", "")
    assert not told.get_by_role("link").count() and not one.errors


def test_a_layer_and_head_that_were_chosen_survive_a_reload(visit):
    one = visit()
    one.open()
    one.type("The dog ran home")
    one.go("Inside the model")
    head = one.page.get_by_role("button", name="layer 2 head 2:")
    digits = one.page.get_by_role("radio", name="3", exact=True)
    one.act(head.click, lambda: {"layer=2", "head=2"} <= query(one))
    one.act(digits.click, lambda: "digits=3" in query(one))
    before = query(one)
    assert "text=The+dog+ran+home" in before
    one.page.reload()
    one.settle()
    assert query(one) == before
    assert one.box().input_value() == "The dog ran home"
    assert head.get_attribute("aria-pressed") == "true"
    assert digits.is_checked()
    one.go("Attention Lab")
    assert {"layer=2", "head=2"} <= query(one)


def test_what_was_written_survives_a_reload(visit):
    one = visit()
    one.open("decoding?decoding_t=0")
    written = one.page.get_by_role("button", name=re.compile("go back to before it"))
    next_token, back = (one.page.get_by_role("button", name=re.compile(name)) for name in ("^Next token", "^Back"))
    for n in (1, 2, 3):
        one.act(next_token.click, lambda n=n: written.count() >= n)
        assert written.count() == n
    one.act(back.click, lambda: written.count() == 2)
    words, before = written.all_inner_texts(), query(one)
    one.page.reload()
    one.settle()
    assert written.all_inner_texts() == words
    assert query(one) == before


@pytest.mark.parametrize("link", ["", "tokens", "inside", "decoding", "block?block_size=Small+model"])
def test_the_keyboard_reaches_the_sentence(link, visit):
    one = visit()
    page = one.open(link)
    presses = 0
    while page.evaluate("document.activeElement.getAttribute('aria-label')") != BOX:
        page.keyboard.press("Tab")
        presses += 1
        assert presses < 60, "the sentence cannot be reached"
    page.keyboard.press("Control+A")
    page.keyboard.type("A small red ball")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=A+small+red+ball*")
    one.settle()
    assert one.box().input_value() == "A small red ball"


@pytest.mark.parametrize("link", LINKS, ids=NAMES)
def test_a_phone_shows_the_page_without_scrolling_sideways_and_no_level_of_heading_is_left_out(link, visit):
    one = visit(**PHONE)
    page = one.open(link)
    too_wide = (
        "main => Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth)"
    )
    assert page.get_by_test_id("stMain").evaluate(too_wide) <= 1
    levels = page.get_by_test_id("stMain").locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1 and 2 in levels
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_text_with_half_a_character_can_be_corrected(visit):
    """A browser cannot send it; the connection is made anew, and nothing is lost."""
    one = visit()
    one.open()
    half = (
        "box => { Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(box, 'a\\ud800');"
        " box.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    one.box().evaluate(half)
    one.box().press("Enter")
    one.page.wait_for_timeout(1500)
    one.type("A small dog")
    assert "text=A+small+dog" in one.page.url
    assert one.page.get_by_test_id("stException").count() == 0
