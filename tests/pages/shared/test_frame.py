"""The frame: the menu, a title on every page, the configuration that is in force, and whose a widget is."""

import tomllib

import pytest
from streamlit import config

from tests.pages.conftest import PAGES, ROOT, go

TRAVELLING = {"text", "korean", "model", "layer", "head", "digits"}


def test_the_menu_lists_every_page(menu):
    assert sorted(menu) == PAGES
    assert len({page.title for page in menu.values()}) == len(PAGES)
    assert all(page.icon for page in menu.values())


def test_no_page_lies_directly_in_pages():
    """Streamlit would then serve it without the frame to whoever comes first."""
    assert list(ROOT.glob("pages/*.py")) == []


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_within_the_frame(page, menu, open_page):
    app = open_page(page)
    assert not app.exception
    assert app.title[0].value == menu[page].title
    assert [*app.error, *app.warning] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_widget_says_whose_it_is(page, open_page):
    keys = {key for node in open_page(page).main if (key := getattr(node, "key", None))}
    slug = page.split("/")[1]
    assert {key for key in keys if not key.startswith(slug)} <= TRAVELLING


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("runner.postScriptGC", False),  # hidden option: a full garbage collection after every run
        ("browser.gatherUsageStats", False),
        ("server.fileWatcherType", "none"),
    ],
)
def test_the_configuration_is_in_force(option, value):
    config.get_config_options(force_reparse=True)
    assert config.get_option(option) == value


def test_starting_the_server_asks_nothing_outside():
    """Streamlit's welcome looks this machine's address up on the network; usage would be reported."""
    with open(".streamlit/config.toml", "rb") as file:
        configured = tomllib.load(file)
    assert configured["logger"]["hideWelcomeMessage"] is True
    assert configured["browser"]["gatherUsageStats"] is False
    assert "headless" not in configured["server"]


@pytest.mark.parametrize(
    ("page", "start", "state"),
    [
        ("pages/softmax/page.py", "softmax_step_play", "softmax_step_playing"),
        ("pages/decoding/page.py", "decoding_run", "decoding_running"),
    ],
)
def test_what_goes_by_itself_stands_still_on_return(page, start, state, open_page):
    app = open_page(page)
    app.button(key=start).click().run()
    assert app.session_state[state]
    app = go(go(app, "pages/glossary/page.py"), page)
    assert not app.session_state[state] and not app.exception
