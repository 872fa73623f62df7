"""The page Words that pull each other: rounds, edits, sizes, what if, and nonsense of all kinds."""

import contextlib
import io

import numpy as np
import pytest

from core import words
from pages.gravity.model.questions import FAR
from pages.shared.model import word_table
from pages.shared.model.word_table import TABLE
from tests import reference
from tests.pages.words import charts, component, named, panels, said, show

PAGE = "pages/gravity/page.py"
REAL = {"gravity_size": "Word vectors"}


@pytest.fixture(scope="module")
def shipped():
    return words.load()


def opened(open_page, **link):
    return show(open_page(PAGE, **link), "gravity_guess")


def rounds(x: np.ndarray, n: int, kind="scaled_dot", temperature=1.0) -> list:
    found = []
    for _ in range(n):
        found.append((x, *reference.attention(x, x, x, kind=kind, temperature=temperature)))
        x = found[-1][3]
    return found


def check_round(app, expected, atol=1e-9) -> None:
    x, scores, weights, after = expected
    shown = panels(app, "gravity_round")
    for name, values in {"x": x, "scores": scores, "weights": weights, "after": after}.items():
        np.testing.assert_allclose(shown[name], values, atol=atol, err_msg=name)


def test_nothing_moves_before_a_prediction(open_page):
    app = open_page(PAGE)
    assert not app.exception and not app.warning
    assert not app.get("vega_lite_chart")
    app.radio[0].set_value(FAR[1]).run()
    assert [s.value for s in app.success] == ["Right."]
    assert len(app.get("vega_lite_chart")) == 3


@pytest.mark.parametrize("step", [1, 2, 4, 7])
@pytest.mark.parametrize("which", ["First sentence", "Second sentence"])
def test_each_round_is_the_oracles(open_page, step, which):
    app = opened(open_page, gravity_step=str(step), gravity_which=which)
    x = TABLE[[1, 0]] if which == "First sentence" else TABLE[[1, 2]]
    made = rounds(x, 6)
    check_round(app, made[max(step - 1, 1) - 1])
    places = made[step - 2][3] if step > 1 else x
    at = named(charts(app)[0 if which == "First sentence" else 1])
    np.testing.assert_allclose(at["apple"], places[0])


def test_the_step_is_played_by_its_buttons(open_page):
    app = opened(open_page)
    app.button(key="gravity_step_on").click().run()
    assert "Step 2 of 7: **Round 1**" in said(app)
    assert r"$0.50\cdot(2.00, 2.00) + 0.50\cdot(4.00, 0.00) = (3.00, 1.00)$" in said(app)
    assert named(charts(app)[1])["apple"] == (pytest.approx(3), pytest.approx(1))


def test_every_coordinate_can_be_edited_and_is_in_the_link(open_page):
    app = opened(open_page, gravity_edits="E.1.0=-1;E.1.1=0.5", gravity_step="2")
    table = TABLE.copy()
    table[1] = -1, 0.5
    assert panels(app, "gravity_table")["E"].tolist() == table.tolist()
    assert component(app, "gravity_table")["panels"][0]["editable"]
    check_round(app, rounds(table[[1, 0]], 1)[0])
    app.button(key="gravity_reset").click().run()
    check_round(app, rounds(TABLE[[1, 0]], 1)[0])


def test_the_word_vectors(open_page, shipped):
    app = opened(open_page, **REAL, gravity_step="3")
    rows = shipped.rows(["an", "apple", "and", "an", "orange"])
    made = rounds(rows, 2, "cosine", 0.3)[1]
    plane = word_table.named_plane(shipped, rows, word_table.TECHNOLOGY, word_table.FRUIT)
    check_round(app, (plane.place(made[0]), made[1], made[2], plane.place(made[3])))
    np.testing.assert_allclose(panels(app, "gravity_round")["rows"], made[0], atol=1e-9)
    first, second = (named(rows)["apple"] for rows in charts(app)[:2])
    assert first[0] < second[0] and first[1] > second[1]


@pytest.mark.parametrize("kind", ["Dot product", "Cosine", "Scaled dot product"])
def test_what_if_shows_both_and_the_difference(open_page, kind):
    app = opened(open_page, gravity_hand_other=kind, gravity_hand_heat="0.5", gravity_first="apple orange phone cherry")
    x, name = TABLE[[1, 0, 2, 3]], kind.lower().replace(" product", "").replace(" ", "_")
    one, other = rounds(x, 1)[0][2], rounds(x, 1, name, 0.5)[0][2]
    shown = panels(app, "gravity_versus")
    for got, expected in zip(shown.values(), (one, other, one - other), strict=True):
        np.testing.assert_allclose(got, expected, atol=1e-9)


def test_the_ways_under_each_similarity(open_page):
    at = named(charts(opened(open_page, gravity_hand_temperature="0.5"))[2])
    for name, kind in (("Dot product", "dot"), ("Cosine", "cosine"), ("Scaled dot product", "scaled_dot")):
        np.testing.assert_allclose(at[name], rounds(TABLE[[1, 0]], 6, kind, 0.5)[-1][3][0])


@pytest.mark.parametrize("link", [{}, REAL, {"gravity_hand_kind": "Cosine", "gravity_hand_temperature": "0.5"}])
def test_the_snippet_prints_the_numbers_of_the_page(open_page, link):
    app = opened(open_page, gravity_step="7", **link)
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(app.code[0].value, {})
    shown = panels(app, "gravity_round")
    numbers = np.fromstring(out.getvalue().replace("[", " ").replace("]", " "), sep=" ")
    np.testing.assert_allclose(numbers, np.concatenate([shown[i].ravel() for i in ("weights", "after")]), atol=0.006)


NONSENSE = [
    ({"gravity_first": "", "gravity_second": ""}, "There is no word with a vector"),
    ({"gravity_first": "pear"}, "pear"),
    ({"gravity_first": "apple"}, ""),
    ({"gravity_first": "apple apple apple"}, ""),
    ({"gravity_first": "apple " * 30}, "Left out at the end: 22"),
    ({"gravity_first": "cherry", "gravity_second": "phone"}, "share no word"),
    ({"gravity_edits": "E.0.0=0;E.0.1=0", "gravity_hand_kind": "Cosine"}, "has no direction"),
    ({"gravity_edits": "E.0.0=0;E.0.1=0;E.1.0=0;E.1.1=0", "gravity_hand_kind": "Cosine"}, "has no direction"),
    ({"gravity_edits": "E.0.0=1e6;E.1.0=-1e6", "gravity_hand_temperature": "0.05"}, ""),
    ({"gravity_edits": "E.0.0=1e300;E.1.0=nan"}, "does not exist"),
    ({"gravity_hand_temperature": "-3"}, "does not exist"),
    ({"gravity_hand_kind": "Sine"}, "Sine"),
    ({"gravity_step": "99"}, "does not exist"),
    ({"gravity_word": "pear"}, "pear"),
    ({**REAL, "gravity_first": "zzxq aple"}, "did you mean apple"),
    ({**REAL, "gravity_right": "zzxq"}, "zzxq"),
    ({**REAL, "gravity_axes": "Principal axes", "gravity_first": "apple", "gravity_second": "apple"}, ""),
    ({**REAL, "gravity_first": "**b** $x$ :red[apple]"}, ""),
]


@pytest.mark.parametrize(("link", "sentence"), NONSENSE)
def test_nonsense_gets_a_sentence_or_a_decided_answer(open_page, link, sentence):
    app = open_page(PAGE, **link)
    text = said(app)
    if any(b.key == "gravity_guess_show" for b in app.button):
        show(app, "gravity_guess")
    assert not app.exception and not app.error
    assert sentence in text + said(app)
    assert all(np.isfinite(values).all() for values in panels(app, "gravity_round").values())
    assert "nan" not in said(app)


def test_right_answers_are_marked_right(open_page):
    app = opened(open_page)
    boxes = [box for box in app.text_input if box.key.startswith("gravity_check")]
    _x, scores, weights, after = rounds(TABLE[[1, 0]], 1)[0]
    for box, value in zip(boxes, (scores[0, 1], weights[0, 1], after[0, 0]), strict=True):
        box.set_value(str(value))
    app.radio[-1].set_value("0 apple").run()
    assert [s.value for s in app.success] == ["Right."] * 4
    boxes[2].set_value("1,0").run()
    assert any("plain mean" in e.value for e in app.error)


def test_every_chart_says_what_it_shows(open_page):
    alts = [c.proto.alt for c in opened(open_page, gravity_step="2").get("vega_lite_chart")]
    assert "“apple phone” on the plane after round 1: apple (3.00, 1.00), phone (" in alts[1]
    assert "The way of “apple”" in alts[2]


def test_what_is_said_of_the_same_word_needs_one(open_page):
    assert "Company decides" in said(opened(open_page))
    app = opened(open_page, gravity_first="apple orange", gravity_second="cherry phone")
    assert not app.exception and "Company decides" not in said(app)
    assert "Where will **cherry** go?" in said(app) and "how far has **cherry** gone" in said(app)


def test_what_a_word_keeps_to_itself_is_measured(open_page, shipped):
    x = shipped.rows(["an", "apple", "and", "an", "orange"])
    weights = reference.attention(x, x, x)[1]
    app = opened(open_page, **REAL)
    length = np.linalg.norm(x[1])
    assert f"**apple**, whose row is {length:.2f} long, keeps {weights[1, 1]:.3f} of its weight" in said(app)
