"""A classroom without a network: nothing is asked of any other machine, and nothing goes wrong unseen."""

import pytest

from tests.server import LINKS, NAMES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("link", LINKS, ids=NAMES)
def test_no_request_leaves_the_machine_and_no_error_shows(link, scheme, visit):
    one = visit(color_scheme=scheme)
    page = one.open(link)
    for _ in range(one.height() // 800):
        page.mouse.wheel(0, 800)  # what is drawn only when it comes into view
        page.wait_for_timeout(100)
    one.settle()
    assert one.outside == set()
    assert page.locator("link[rel~=icon]").get_attribute("href").startswith("data:")  # not a page's, from outside
    assert one.errors == []
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("document.fonts.size") > 0  # they came from the server
