"""The tree of a beam search in a real browser: keys go through it, and a press goes on from there."""

import re

from playwright.sync_api import expect

LINK = "decoding?text=Lily+had+a&decoding_closer=Greedy+and+beam&decoding_depth=4&decoding_width=2"


def opened(visit):
    one = visit()
    page = one.open(LINK)
    tree = page.get_by_role("group", name="The tree of hypotheses")
    show = page.get_by_role("button", name="Just show me")
    one.act(show.click, lambda: tree.count() == 1)
    return one, tree


def test_keys_go_through_the_tree(visit):
    one, tree = opened(visit)
    nodes = tree.get_by_role("button")
    assert nodes.count() == 2 + 3 * 4
    assert tree.locator('button[tabindex="0"]').count() == 1
    nodes.first.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowLeft"):
        one.page.keyboard.press(key)
    expect(nodes.nth(1)).to_be_focused()
    assert "log p" in nodes.nth(1).get_attribute("aria-label")
    assert not one.errors


def test_a_press_on_a_node_writes_its_tokens(visit):
    one, tree = opened(visit)
    node = tree.get_by_role("button", name=re.compile("; dropped")).first
    tokens = node.get_attribute("aria-label").split(":")[0].split(" ")
    written = one.page.get_by_role("button", name=re.compile("go back to before it"))
    one.act(node.click, lambda: written.count() == len(tokens))
    assert [text.split("\n")[0] for text in written.all_inner_texts()] == tokens
    for kept in (r"decoding_ids=\d", "decoding_depth=4", "decoding_width=2"):
        expect(one.page).to_have_url(re.compile(kept))
    expect(tree).to_be_visible()
    assert not one.errors


def test_the_table_holds_every_node(visit):
    one, _tree = opened(visit)
    one.page.get_by_text("The tree as a table").click()
    expect(one.page.get_by_role("table").filter(has_text="what became of it").locator("tbody tr")).to_have_count(14)


def test_the_keyboard_stays_where_it_is(visit):
    """Stop stands where Run stood; who goes back in the text stays in it."""
    one = visit()
    page = one.open("decoding?text=Lily+had+a&decoding_ids=578.373.300")
    page.get_by_role("button", name="Run").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
    expect(page.get_by_role("button", name="Run").first).to_be_focused()
    written = page.get_by_role("button", name=re.compile("go back to before it"))
    count = written.count()
    assert count > 3
    written.nth(2).focus()
    page.keyboard.press("Enter")
    expect(written).to_have_count(2)
    expect(written.nth(1)).to_be_focused()
    assert not one.errors
