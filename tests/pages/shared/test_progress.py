"""Home's list of lessons, and how far the learner is in each."""

from pages.home import poster
from pages.shared import menu, progress
from tests.pages.conftest import HOME, go

INSIDE = "pages/inside/page.py"


def links(app) -> list[str]:
    return [node.proto.page for node in app.main if node.type == "page_link"]


def captions(app) -> list[str]:
    return [caption.value for caption in app.caption]


def test_home_lists_the_lessons_in_the_order_of_the_menu(open_page):
    app = open_page()
    found, taught = links(app), [entry.slug for held in menu.lessons().values() for entry in held]
    assert found[0] == taught[0]  # "Learn from the start"
    start = 3  # after the three ways
    assert found[start : start + len(taught)] == taught
    assert captions(app) == list(menu.lessons())
    assert "home" not in taught and "glossary" not in taught


def test_home_says_how_far_the_learner_is(open_page):
    app = go(open_page(), INSIDE)
    asked = len(app.radio) + sum(box.label == "Your answer" for box in app.text_input)
    assert f"0 of {asked}" in captions(go(app, HOME))
    app = go(app, INSIDE)
    before = app.session_state.progress["inside_check"].right
    for radio in app.radio:
        for option in radio.options:
            app.radio(radio.key).set_value(option).run()
            if app.session_state.progress["inside_check"].right > before:
                break
    right, total = app.session_state.progress["inside_check"]
    assert right > 0 and total == asked
    assert f"{right} of {total}" in captions(go(app, HOME))
    again = go(app, INSIDE)  # its questions are unanswered again
    assert again.session_state.progress["inside_check"] == (right, total)


def test_the_most_that_was_right_is_kept(monkeypatch):
    held: dict = {}
    monkeypatch.setattr(progress.st, "session_state", held)
    assert progress.of("softmax") is None
    progress.note("softmax_check", 0, 4)
    assert progress.of("softmax") == (0, 4)
    progress.note("softmax_check", 3, 4)
    progress.note("softmax_check", 1, 4)
    progress.note("softmax_predict", True, 1)
    progress.note("self_attention_check", 2, 5)
    assert progress.of("softmax") == (4, 5) and progress.of("self_attention") == (2, 5)
    progress.note("softmax_check", 0, 2)  # another example asks less
    assert progress.of("softmax") == (3, 3)
    assert progress.of("attention") is None


def test_parts_of_the_poster_open_lessons_that_are_in_the_menu_or_the_page_inside():
    assert menu.find("inside") is not None
    known = {"tokens", "embeddings", "self_attention", "multi_head", "block", "decoding"}
    assert {part.slug for part in poster.LESSONS.values()} == known
