"""What many lessons share: edits in the link, steps, a prediction before the reveal."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import stepper

PAGE = Path(__file__).with_name("shared_parts.py")


@pytest.fixture
def opened():
    def open_it(**link: str) -> AppTest:
        app = AppTest.from_file(PAGE, default_timeout=60)
        app.query_params.update(link)
        return app.run()

    return open_it


def test_an_edit_comes_from_the_link_and_can_be_undone(opened):
    app = opened(try_edits="X.0.1=7")
    first = app.session_state.shown["panels"][0]
    assert first["values"][0] == [1.0, 7.0, 0.5] and first["base"][0] == [1.0, 0.0, 0.5]
    assert app.session_state.shown["panels"][1]["values"][0][0] == 1 + 49 + 0.25
    app.button(key="try_reset").click().run()
    assert "try_edits" not in app.query_params
    assert app.session_state.shown["panels"][0]["values"][0] == [1.0, 0.0, 0.5]


def test_edits_belong_to_one_sentence(opened):
    app = opened(try_example="Your sentence", text="The cat sat", try_edits="X.0.1=7")
    assert app.session_state.shown["panels"][0]["values"][0][1] == 7
    app.run()
    assert "try_edits" in app.query_params
    app.text_input(key="text").set_value("The dog ran").run()
    assert "try_edits" not in app.query_params
    assert app.session_state.shown["panels"][0]["values"] == app.session_state.shown["panels"][0]["base"]


def test_a_bad_link_is_said_and_what_is_good_of_it_kept(opened):
    app = opened(try_edits="X.0.1=7;Z.0.0=1;X.9.9=1", try_step="4", digits="9")
    assert len(app.warning) == 4
    assert app.query_params["try_edits"] == "X.0.1=7" and "try_step" not in app.query_params
    assert app.session_state.digits == 2


def test_steps_go_on_and_back_and_stop_at_both_ends(opened):
    app = opened(try_step="2")
    app.button(key="try_step_on").click().run()
    assert app.session_state.at == 2 and app.query_params["try_step"] == "3"
    assert app.button(key="try_step_on").disabled
    app.button(key="try_step_back").click().run()
    app.button(key="try_step_back").click().run()
    assert app.session_state.at == 0 and app.button(key="try_step_back").disabled
    assert "try_step" not in app.query_params


def test_play_takes_a_step_when_it_is_due_and_pause_ends_it(opened, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(stepper, "monotonic", lambda: now[0])
    app = opened()
    app.button(key="try_step_play").click().run()
    app.run()
    assert app.session_state.at == 0  # a rerun alone is no step
    now[0] += stepper.SECONDS
    app.run()
    assert app.session_state.at == 1
    app.button(key="try_step_play").click().run()
    now[0] += stepper.SECONDS
    app.run()
    assert app.session_state.at == 1


def test_nothing_is_revealed_before_the_prediction(opened):
    app = opened()
    assert app.session_state.revealed is False
    app.radio[0].set_value("b").run()
    assert app.session_state.revealed is True and app.info[0].value == "It comes out otherwise."
    app.radio[0].set_value("a").run()
    assert app.success[0].value == "Right."


def test_who_will_not_predict_can_be_shown(opened):
    app = opened()
    app.button(key="try_predict_show").click().run()
    assert app.session_state.revealed is True


def test_own_words_take_their_vectors_and_say_what_is_unknown(opened):
    app = opened(text="An apple qwxzy and one two three four five six", try_example="Your sentence")
    assert "qwxzy" in app.caption[0].value and "at the end: 2" in app.caption[1].value
    assert len(app.session_state.shown["panels"][0]["values"]) == 8


def test_no_word_at_all_is_answered_in_a_sentence(opened):
    app = opened(text="   ", try_example="Your sentence")
    assert not app.exception and "type a sentence" in app.error[0].value
