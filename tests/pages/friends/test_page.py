"""The page A class of friends: rounds against the oracle, the prediction, changes, bad links."""

import contextlib
import io
import re

import numpy as np
import pyarrow as pa
import pytest

from core.words import pull
from pages.friends.model import questions
from pages.friends.model.friends import FRIENDS, JOEY, ROUNDS, TABLE
from tests.pages.friends.test_export import oracle, spread
from tests.pages.inside.test_page import component

PAGE = "pages/friends/page.py"


def shown(app, key: str) -> dict[str, np.ndarray]:
    return {p["id"]: np.array(p["values"]) for p in component(app, f"friends_{key}")["panels"]}


def chart(app, at: int) -> list[dict]:
    proto = app.get("vega_lite_chart")[at].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_all().to_pylist()


def reveal(app):
    return app.button(key="friends_becomes_show").click().run()


def words(app) -> str:
    return re.sub(r"\\(?=\W)", "", " ".join(" ".join(m.value for m in app.markdown).split()))


@pytest.mark.parametrize(
    ("label", "kind", "t"), [("Dot", "dot", "1"), ("Scaled dot", "scaled_dot", "0.5"), ("Cosine", "cosine", "2")]
)
def test_every_number_is_the_oracles(open_page, label, kind, t):
    app = reveal(open_page(PAGE, friends_kind=label, friends_t=t, friends_at="4"))
    assert not app.exception and not app.warning
    expected = oracle(TABLE, kind, float(t))
    found = shown(app, "round")
    for name, theirs in (("X", "before"), ("scores", "scores"), ("weights", "weights"), ("revised", "after")):
        np.testing.assert_allclose(found[name], expected[0][theirs], atol=1e-12)
    np.testing.assert_allclose(shown(app, "traits")["traits"], expected[2]["after"], atol=1e-12)
    wanted = [spread(f["before"]) for f in expected] + [spread(expected[-1]["after"])]
    rows = chart(app, 0)
    np.testing.assert_allclose([r["spread"] for r in rows], wanted, atol=1e-12)
    assert [r["round"] for r in rows if r["here"]] == [3]
    compared = [r["spread"] for r in chart(app, 2) if r["how"] == "as chosen here"]
    cold = oracle(TABLE, "dot", 0.25)
    np.testing.assert_allclose(compared[:-1], [spread(f["before"]) for f in cold], atol=1e-12)


def test_revised_traits_are_hidden_until_somebody_was_named(open_page):
    app = open_page(PAGE)
    assert list(shown(app, "round")) == ["X", "scores", "weights"]
    radio = next(r for r in app.radio if r.key.startswith("friends_becomes"))
    radio.set_value("Phoebe").run()
    assert "another ends closer" in app.info[0].value
    assert list(shown(app, "round")) == ["X", "scores", "weights", "revised"]
    assert "**Monika** is closest to **Joey**, at a distance of 0.42" in words(app)


def test_a_changed_trait_is_marked_and_moves_every_round(open_page):
    app = reveal(open_page(PAGE, friends_edits="X.5.0=1"))
    traits = np.array(TABLE)
    traits[5, 0] = 1
    np.testing.assert_allclose(shown(app, "round")["revised"], oracle(traits)[0]["after"], atol=1e-12)
    panels = {p["id"]: p for p in component(app, "friends_round")["panels"]}
    assert panels["X"]["base"][5][0] == TABLE[5, 0]
    app.button(key="friends_reset").click().run()
    np.testing.assert_allclose(shown(app, "round")["X"], TABLE)


@pytest.mark.parametrize("part", ["Scores", "Weights", "Revised traits"])
def test_one_row_is_written_out(open_page, part):
    app = reveal(open_page(PAGE, friends_row="Ross", friends_part=part, digits="6"))
    formula = next(m.value for m in app.markdown if "begin{aligned}" in m.value)
    found = [float(x) for x in re.findall(r"(?<!sum} )&= ([-\d.]+) ", formula)]
    name = {"Scores": "scores", "Weights": "weights", "Revised traits": "after"}[part]
    np.testing.assert_allclose(found, oracle(TABLE)[0][name][FRIENDS.index("Ross")], atol=1e-6)


def test_camps_are_named_and_sameness_is_said(open_page):
    assert "the six have grown alike" in words(reveal(open_page(PAGE)))
    text = words(reveal(open_page(PAGE, friends_t="0.25")))
    assert "there are 3 camps" in text and "Monika, Phoebe, Joey" in text


@pytest.mark.parametrize(("name", "raw"), [("kind", "x"), ("t", "0"), ("t", "nan"), ("edits", "X.6.0=1")])
def test_nonsense_in_the_link_is_said_and_replaced(open_page, name, raw):
    app = open_page(PAGE, **{f"friends_{name}": raw})
    assert not app.exception
    assert [raw in w.value.replace("\\", "") for w in app.warning] == [True]
    np.testing.assert_allclose(shown(app, "round")["weights"], oracle(TABLE)[0]["weights"], atol=1e-12)


def test_a_round_that_is_not_played_is_said(open_page):
    app = reveal(open_page(PAGE, friends_at="99"))
    assert ["99" in w.value for w in app.warning] == [True]
    np.testing.assert_allclose(shown(app, "traits")["traits"], TABLE)


@pytest.mark.parametrize("kind", ["Dot", "Scaled dot", "Cosine"])
@pytest.mark.parametrize("value", ["1000000", "-1000000", "0"])
def test_extreme_traits_are_shown(open_page, kind, value):
    link = ";".join(f"X.{i}.{j}={value}" for i in (0, 3) for j in range(7))
    app = reveal(open_page(PAGE, friends_edits=link, friends_kind=kind, friends_t="0.1", friends_part="Weights"))
    assert not app.exception and not app.error
    assert not re.search(r"\bnan\b|\binf\b", words(app))


def test_answers_are_marked(open_page):
    app = reveal(open_page(PAGE))
    asked = questions.questions(pull(TABLE, "dot", 1)[0], JOEY, 1.0)
    boxes = [b for b in app.text_input if b.key.startswith("friends_check")]
    for box, question in zip(boxes, asked, strict=False):
        box.set_value(str(question.answer))
    next(r for r in app.radio if r.key.startswith("friends_check")).set_value(asked[-1].answer)
    app.run()
    assert [s.value for s in app.success] == ["Right."] * 3


def test_the_snippet_prints_the_numbers_of_the_page(open_page):
    app = open_page(PAGE, friends_t="0.5", friends_edits="X.5.0=1")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    rows = [np.fromstring(line.strip(" []"), sep=" ") for line in printed.getvalue().splitlines()]
    np.testing.assert_allclose(np.array(rows[:6]), shown(app, "round")["weights"], atol=6e-5)


def test_every_chart_says_what_it_shows(open_page):
    said = [c.proto.alt for c in reveal(open_page(PAGE)).get("vega_lite_chart")]
    assert len(said) == 3 and all(said)
    assert "1.36" in said[0] and "Joey" in said[1] and said[2].count("Line chart") == 2
    assert ROUNDS == 10
