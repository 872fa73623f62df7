"""One page at a time: what several visitors ask for is done in turn, whole pages and parts of them."""

import contextlib
import time
from threading import Thread

import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.glossary.model import glossary
from pages.shared import turn
from tests.pages.conftest import ROOT

GLOSSARY = "pages/glossary/page.py"
AT_ONCE = 3


class Watch:
    """How many are within, at most."""

    def __init__(self):
        self.within, self.most, self.times = 0, 0, 0

    def stay(self) -> None:
        self.within += 1
        self.times += 1
        self.most = max(self.most, self.within)
        time.sleep(0.05)  # others would come in now
        self.within -= 1


def all_at_once(*tasks) -> None:
    threads = [Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_pages_run_one_at_a_time(monkeypatch, open_page):
    visitors = [open_page(GLOSSARY) for _ in range(AT_ONCE)]
    watch, terms = Watch(), glossary.terms

    def slow():
        watch.stay()
        return terms()

    monkeypatch.setattr(glossary, "terms", slow)
    all_at_once(*(visitor.run for visitor in visitors))
    assert (watch.times, watch.most) == (AT_ONCE, 1)
    assert not any(visitor.exception for visitor in visitors)


def test_a_part_that_is_run_alone_waits_for_its_turn_too(monkeypatch):
    monkeypatch.setattr(st, "fragment", lambda part: part)  # what it is given it calls when the part is run alone
    watch = Watch()
    all_at_once(*[turn.fragment(watch.stay)] * AT_ONCE)
    assert (watch.times, watch.most) == (AT_ONCE, 1)


def test_a_part_runs_within_its_page_and_leaves_the_turn_to_others():
    def page():
        import streamlit as st

        from pages.shared import turn

        @turn.fragment
        def part():
            st.write("part")
            st.stop()

        with turn.TURN:
            part()

    for _ in range(2):  # the second would wait for ever, had the first kept its turn
        app = AppTest.from_function(page).run()
        assert [text.value for text in app.markdown] == ["part"]
    assert turn.TURN.holder is None


def test_the_turn_is_handed_on_in_the_order_in_which_it_was_asked_for():
    came, greedy = [], []

    def wait(name):
        with turn.TURN:
            came.append(name)

    with turn.TURN:
        threads = []
        for name in range(20):
            threads.append(Thread(target=wait, args=(name,)))
            threads[-1].start()
            while len(turn.TURN.line) <= name:
                time.sleep(0.001)
    with turn.TURN:  # asked for last, at once: a lock of Python's own would often be had before the others
        greedy += came
    for thread in threads:
        thread.join()
    assert came == greedy == list(range(20))


def test_who_holds_the_turn_may_take_it_again_and_an_error_gives_it_back():
    with contextlib.suppress(ZeroDivisionError), turn.TURN, turn.TURN:
        1 / 0  # noqa: B018
    assert (turn.TURN.holder, turn.TURN.depth, list(turn.TURN.line)) == (None, 0, [])


def test_every_part_of_a_page_takes_turns():
    """Streamlit's own decorator would let parts run beside each other."""
    users = [path.name for path in ROOT.glob("pages/**/*.py") if "st.fragment" in path.read_text(encoding="utf-8")]
    assert users == ["turn.py"]
