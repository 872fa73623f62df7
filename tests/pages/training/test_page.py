"""The page Training: its numbers against the oracle's, links, and a real run in a child process."""

import contextlib
import io
import time

import numpy as np
import pytest

from pages.shared import models
from pages.training import live
from pages.training.model import recorded, slope
from tests import reference
from tests.pages.training.test_live import children
from tests.pages.words import charts, component, said

PAGE = "pages/training/page.py"
PARTS = ("Targets and loss", "Teacher forcing", "Rate and gradient", "Train one live", "Watch attention form")
TEXT = "Once upon a time"


@pytest.fixture(scope="module")
def oracle():
    ids = (1, *models.tokenizer("stories").encode(TEXT).ids, 2)
    z = models.trace("stories", ids[:-1]).logits[0].double().numpy()
    return ids, z, np.array([-reference.log_softmax(row)[y] for row, y in zip(z, ids[1:], strict=True)])


def test_every_position_shows_the_oracles_loss(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    assert not app.exception and not app.warning and not app.error
    ids, _z, losses = oracle
    rows = component(app, "training_table")["rows"]
    assert [row["cells"][2]["text"] for row in rows] == [f"{x:.2f}" for x in losses]
    assert [row["name"] for row in rows][1:] == [row["cells"][0]["text"].split(" ")[1] for row in rows][:-1]
    words = said(app)
    assert f"their mean is **{losses.mean():.4f}** nats" in words and f"**{np.exp(losses.mean()):.2f}**" in words
    assert f"= {losses[0]:.4f}" in words and len(ids) == len(rows) + 1


def test_following_another_position(open_page, oracle):
    app = open_page(PAGE, text=TEXT, training_at="3")
    assert f"= {oracle[2][2]:.4f}" in said(app)
    assert component(app, "training_table")["rows"][2]["chosen"]


def test_smoothing_is_the_oracles(open_page, oracle):
    app = open_page(PAGE, text=TEXT, training_epsilon="0.3")
    ids, z, _losses = oracle
    assert f"to **{reference.cross_entropy(z[:1], ids[1:2], 0.3):.4f}**" in said(app)
    rows = charts(app)[0]
    assert sum(r["p"] for r in rows if r["who"] == "smoothed target") == pytest.approx(1)


def test_the_translators_pair(open_page):
    app = open_page(PAGE, training_model="translate")
    assert not app.exception and not app.error
    assert component(app, "training_table")["rows"][0]["name"] == "⟨start⟩"
    assert "breaks off" not in said(app) and "breaks off" in said(open_page(PAGE))


def test_forced_and_free_stand_behind_a_prediction(open_page):
    app = open_page(PAGE, training_part=PARTS[1])
    assert not app.exception and "They part" not in said(app) and "never part" not in said(app)
    given = next(b for b in app.button if b.key.startswith("training_predict"))
    given.click().run()
    assert not app.exception and ("They part" in said(app) or "never part" in said(app))
    rows = component(app, "training_forcing")["rows"]
    assert rows[0]["cells"][0] == rows[0]["cells"][1]  # as yet the same prefix


def test_the_gradient_and_its_difference(open_page):
    app = open_page(PAGE, training_part=PARTS[2], training_matrix="blocks.0.mlp.w_out", training_row="4",
                    training_col="5", training_h="-3")  # fmt: skip
    assert not app.exception and not app.warning
    one, two = slope.slope("blocks.0.mlp.w_out", 3, 4), slope.difference("blocks.0.mlp.w_out", 3, 4, 1e-3)
    words = said(app).replace("−", "-")
    assert f"{one.gradient:.12f}" in words and f"{two.slope:.12f}" in words


@pytest.mark.parametrize("model", ["Story model", "Translator"])
def test_every_moment_that_was_recorded(open_page, model):
    folder = {"Story model": "stories", "Translator": "translate"}[model]
    record = recorded.load(folder)
    app = open_page(PAGE, training_part=PARTS[4], training_formed_model=model, **{f"training_moment_{folder}": "5"})
    assert not app.exception and not app.warning
    sharp = recorded.sharpness(record.weights[record.moments[4], 0])
    assert f"{sharp:.0%}" in said(app) and f"{record.moments[4]:,}" in said(app)


def tick(app, holds, seconds=120):
    """The fragment's heartbeat."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, said(app)[:500]
        time.sleep(0.3)
        app.run()
        assert not app.exception
    return app.run()


def test_a_run_live(open_page, monkeypatch):
    monkeypatch.setattr(live, "STEPS", 20)
    app = open_page(PAGE, training_part=PARTS[3], training_task="Sort", training_digits="9081")
    assert not app.exception and not app.warning and not children()
    app.button(key="training_start").click().run()
    run = app.session_state["training_run"]
    tick(app, lambda: run.state == "done")
    assert "Trained for 20 steps" in " ".join(s.value for s in app.success)
    assert "| 9081 |" in said(app) and "| 0189 |" in said(app)
    app.button(key="training_start").click().run()
    again = app.session_state["training_run"]
    tick(app, lambda: again.state == "done")
    assert again is not run and "the same, number for number" in said(app)
    assert not children()


def test_a_rate_of_100(open_page):
    app = open_page(PAGE, training_part=PARTS[3], training_lr="100")
    app.button(key="training_start").click().run()
    run = app.session_state["training_run"]
    tick(app, lambda: not run.active)
    assert "the loss is no longer a number" in app.error[0].value and "smaller learning rate" in app.error[0].value


def test_a_session_that_goes_away_leaves_no_process(open_page, monkeypatch):
    monkeypatch.setattr(live.queue(), "patience", 1.0)
    app = open_page(PAGE, training_part=PARTS[3])
    app.button(key="training_start").click().run()
    run = app.session_state["training_run"]
    tick(app, lambda: run.state == "running")
    assert len(children()) == 1
    end = time.monotonic() + 15  # from now on nobody runs the page
    while children():
        assert time.monotonic() < end
        time.sleep(0.2)
    assert run.state == "stopped"


def test_other_parts_keep_a_run_alive_and_stop_stops_it(open_page, monkeypatch):
    app = open_page(PAGE, training_part=PARTS[3])
    app.button(key="training_start").click().run()
    run = app.session_state["training_run"]
    before = run.seen
    app.segmented_control(key="training_part").set_value(PARTS[2]).run()
    assert run.active and run.seen > before
    app.segmented_control(key="training_part").set_value(PARTS[3]).run()
    app.button(key="training_stop").click().run()
    assert run.state == "stopped" and "You stopped it" in app.warning[0].value


@pytest.mark.parametrize("digits", ["", "12", "abc", "٣٤٥", "1 2"])
def test_digits_that_are_none(open_page, digits):
    app = open_page(PAGE, training_part=PARTS[3])
    app.text_input(key="training_digits").set_value(digits).run()
    assert not app.exception and "3 to 6 digits" in app.warning[0].value


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("text", ["", "!", "😀", "so " * 300])
def test_own_sentences(open_page, part, text):
    app = open_page(PAGE, training_part=part, text=text)
    assert not app.exception and not app.error


@pytest.mark.parametrize("link", [{"training_part": "x"}, {"training_at": "99"}, {"training_epsilon": "7"},
                                  {"training_model": "x"}])  # fmt: skip
def test_a_bad_link_opens_the_usual_view_and_says_so(open_page, link):
    app = open_page(PAGE, **link)
    assert not app.exception and len(app.warning) == 1


def test_the_code_prints_the_pages_numbers(open_page, oracle):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(open_page(PAGE, text=TEXT).code[0].value, {})
    ids, z, losses = oracle
    printed = out.getvalue()
    assert f"loss {losses[:8].round(4)}" in printed
    smooth = [reference.cross_entropy(z[i : i + 1], ids[i + 1 : i + 2], 0.1) for i in range(len(losses))]
    assert f"smoothed loss {np.array(smooth).round(4)}" in printed
