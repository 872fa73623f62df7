"""A real server and a real browser: each starts once for all tests, and every test has a browser session of its own."""

import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.server import serve

BOX = "Your sentence"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with serve() as server:
        yield server.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("these tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One person's browser: what it shows, and what went wrong behind the screen."""

    def __init__(self, browser: Browser, address: str, **how):
        self.address = address
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 1000}, **how})
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.outside: set[str] = set()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self.note_console)
        self.page.on("response", self.note_response)
        self.page.on("request", lambda request: self.note_address(request.url))
        self.page.on("websocket", lambda socket: self.note_address(socket.url))

    def note_console(self, message) -> None:
        """A file that failed to load is told by its response."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.errors.append(message.text)

    def note_response(self, response) -> None:
        """Below a page's path Streamlit asks for its own addresses first, and gets 404."""
        if response.status >= 400 and "/_stcore/" not in response.url:
            self.errors.append(f"{response.status} {response.url}")

    def note_address(self, url: str) -> None:
        if not re.match(rf"(data:|blob:|(http|ws)://localhost:{self.address.rsplit(':')[-1]}/)", url):
            self.outside.add(url)

    def open(self, link: str = "") -> Page:
        self.page.goto(f"{self.address}/{link}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Until the script has run and the page stands still."""
        done = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
        self.page.wait_for_selector(done, timeout=30_000)
        self.page.wait_for_selector("h1", timeout=30_000)
        height, before = self.height(), -1
        while height != before:
            self.page.wait_for_timeout(300)
            before, height = height, self.height()

    def height(self) -> int:
        return self.page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")

    def go(self, title: str) -> None:
        """To another page, by the menu."""
        self.act(
            lambda: self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click(),
            lambda: self.page.locator("h1").inner_text() == title,
        )

    def act(self, action: Callable[[], None], done: Callable[[], bool], tries: int = 4) -> None:
        """Do it, and again if a page that had only just loaded took no notice."""
        for _ in range(tries):
            action()
            for _ in range(40):
                self.page.wait_for_timeout(150)
                if done():
                    return self.settle()
        raise AssertionError("the page takes no notice")

    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name=BOX)

    def type(self, text: str) -> None:
        def fill() -> None:
            self.box().fill(text)
            self.box().press("Enter")

        self.act(fill, lambda: "text=" in self.page.url)


@pytest.fixture
def visit(browser, server) -> Iterator[Callable[..., Visit]]:
    """`visit(color_scheme="dark", ...)`: another person comes. The words are Playwright's for a new context."""
    visits: list[Visit] = []

    def come(address: str = server, **how) -> Visit:
        visits.append(Visit(browser, address, **how))
        return visits[-1]

    yield come
    for one in visits:
        one.context.close()
