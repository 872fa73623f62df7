"""Seconds from opening the address of a fresh server to words, and to the poster, for the first and a second visitor.

    python -m tests.bench.first_visit [--repeats 3] [--json FILE]

Needs Chromium. Each visitor's browser is new, so nothing is cached; the server has started, as a host's has. The same
is measured on an empty Streamlit page.
"""

import argparse
import shutil
import time
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.bench.report import report
from tests.bench.rerun import EMPTY
from tests.browser.conftest import FLAGS
from tests.server import serve

WORDS, POSTER = '[data-testid="stMain"] p', '[data-testid^="stBidiComponent"] svg'


def seconds_until(browser: Browser, address: str, *what: str) -> list[float]:
    """Until each of these can be seen, from the moment at which a person opens the address."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    began, times = time.perf_counter(), []
    page.goto(address, wait_until="commit")
    for selector in what:
        page.locator(selector).first.wait_for(state="visible")
        times.append(time.perf_counter() - began)
    page.context.close()
    return times


def one_server(browser: Browser) -> dict[str, float]:
    with serve() as server:
        first, second = (seconds_until(browser, server.address, WORDS, POSTER) for _ in range(2))
    with serve(EMPTY) as server:
        empty = seconds_until(browser, server.address, WORDS)
    names = ("first_words", "first_poster", "second_words", "second_poster", "empty_page")
    return dict(zip(names, [*first, *second, *empty], strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json")
    chosen = parser.parse_args()
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        found = [one_server(browser) for _ in range(chosen.repeats)]
        browser.close()
    middle = {name: median(one[name] for one in found) for name in found[0]}
    report(
        {"seconds": middle, "first_words_over_empty_page": middle["first_words"] / middle["empty_page"]}, chosen.json
    )


if __name__ == "__main__":
    main()
