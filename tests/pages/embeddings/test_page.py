"""The page Embeddings: its numbers against the oracle's, what can be changed, and nonsense of all kinds."""

import numpy as np
import pytest

from core import words
from pages.embeddings.model.rows import USUAL
from pages.shared import models
from pages.shared.model.word_table import TABLE
from tests import reference
from tests.pages.words import charts, component, named, panels, said, show

PAGE = "pages/embeddings/page.py"
STORY = {"embeddings_size": "Story model"}
STORY_TEXT = "Once upon a time, there was a little girl named Lily. She had a red"


@pytest.fixture(scope="module")
def shipped():
    return words.load()


def opened(open_page, **link):
    return show(open_page(PAGE, **link), "embeddings_guess")


def test_the_page_opens_and_waits_for_a_prediction(open_page):
    app = open_page(PAGE)
    assert not app.exception and not app.warning
    assert list(panels(app, "embeddings_rows")) == ["x"]
    assert "Who is near" not in said(app)
    app.radio[0].set_value("mac").run()
    assert [s.value for s in app.success] == ["Right."]
    assert list(panels(app, "embeddings_rows")) == ["cosine", "x"]


def test_the_rows_and_their_cosines(open_page, shipped):
    shown = panels(opened(open_page, embeddings_words="Paris, river bank!", embeddings_word="bank"), "embeddings_rows")
    rows = shipped.rows(["paris", "river", "bank"])
    np.testing.assert_array_equal(shown["x"], rows)
    np.testing.assert_allclose(shown["cosine"], reference.similarity(rows, rows, "cosine"), atol=1e-9)


def test_an_edit_in_the_link_moves_all_that_follows(open_page):
    app = open_page(PAGE, embeddings_edits="E.1.0=-7.5", embeddings_look="phone apple")
    shown = panels(app, "embeddings_lookup")
    assert shown["E"][1].tolist() == [-7.5, 2] and shown["x"].tolist() == [[4, 0], [-7.5, 2]]
    assert component(app, "embeddings_lookup")["panels"][1]["base"] == TABLE.tolist()
    assert "[-7.5," in app.code[0].value.replace(" ", "").replace("[[", "[")
    app.button(key="embeddings_reset").click().run()
    assert panels(app, "embeddings_lookup")["E"].tolist() == TABLE.tolist()


@pytest.mark.parametrize("word", ["apple", "king"])
def test_neighbours_by_cosine_and_by_dot_product(open_page, shipped, word):
    app = opened(open_page, embeddings_word=word)
    cosine, dot = charts(app)[:2]
    x = shipped.vector(word)
    lengths = np.linalg.norm(shipped.vectors, axis=1)
    for rows, scores in ((cosine, shipped.vectors @ x / lengths / np.linalg.norm(x)), (dot, shipped.vectors @ x)):
        best = [i for i in reference.by_size(scores) if shipped.words[i] != word][:8]
        assert [r["word"] for r in rows] == [shipped.words[i] for i in best]
        assert [r["score"] for r in rows] == pytest.approx(scores[best])


def test_the_map_by_principal_axes_and_by_named_ones(open_page, shipped):
    app = open_page(PAGE)
    rows = shipped.rows(USUAL.split())
    centred = rows - rows.mean(0)
    places = named(charts(app)[0])
    got = np.array([places[w] for w in USUAL.split()])
    np.testing.assert_allclose(got.var(0) * len(rows), np.linalg.svd(centred)[1][:2] ** 2)
    app = open_page(PAGE, embeddings_axes="Named axes", embeddings_right="river", embeddings_down="king")
    places = named(charts(app)[0])
    river = shipped.vector("river")
    assert places["apple"][0] == pytest.approx(shipped.vector("apple") @ river / np.linalg.norm(river))
    assert [r["name"] for r in charts(app)[0] if r["mark"] in ("right", "up")] == [
        "river →",
        "↑ fruit banana cherry orange juice (not king)",
    ]


def test_king_minus_man_plus_woman(open_page):
    app = open_page(PAGE)
    assert "Nearest by cosine is **queen** (0.599)" in said(app)
    places = named(charts(app)[1])
    step = np.subtract(places["king"], places["man"])
    np.testing.assert_allclose(np.subtract(places["king − man + woman"], places["woman"]), step, atol=1e-12)
    assert charts(app)[2][0]["word"] == "queen"


def test_a_sum_of_ones_own(open_page):
    app = open_page(
        PAGE, embeddings_sum="Your own words", embeddings_a="walked", embeddings_b="walk", embeddings_c="talk"
    )
    assert "Nearest by cosine is **talked**" in said(app)


@pytest.mark.parametrize(("word", "sentence"), [("zzxq", "zzxq"), ("", "needs a word"), ("quen", "did you mean queen")])
def test_a_sum_of_words_without_a_vector(open_page, word, sentence):
    app = open_page(PAGE, embeddings_sum="Your own words", embeddings_a="king")
    app.text_input(key="embeddings_b").set_value(word).run()
    assert not app.exception
    assert sentence in said(app) and "Nearest by cosine" not in said(app)


def test_the_story_models_own_rows(open_page):
    app = opened(open_page, **STORY, text=STORY_TEXT, embeddings_token="10 girl")
    table = models.model("stories").embedding.tokens.double().detach().numpy()
    ids = models.tokenizer("stories").encode("little girl").ids
    x = table[ids[1]]
    scores = table @ x / np.linalg.norm(table, axis=1) / np.linalg.norm(x)
    assert charts(app)[0][0] == {"word": "boy", "score": pytest.approx(np.sort(scores)[-2]), "said": "0.626"}
    shown = component(app, "embeddings_rows")
    labels = shown["axes"]["word"]["labels"]
    np.testing.assert_allclose(panels(app, "embeddings_rows")["x"][labels.index("girl")], x)
    assert len(labels) == 12 and "Shown are 12 of the 16 different pieces" in said(app)
    assert "2,048 pieces with 192 numbers" in said(app) and "Named axes" not in said(app)


def test_the_sentence_that_travels_is_read(open_page):
    app = open_page(PAGE, **STORY, text="the cat and the dog")
    assert component(app, "embeddings_rows")["axes"]["word"]["labels"][1:] == ["the", "cat", "and", "dog"]


NONSENSE = [
    ({"embeddings_words": "zzxq qqq", "embeddings_word": "aple"}, "did you mean apple"),
    ({"embeddings_words": ""}, "apple"),
    ({"embeddings_words": "word " * 40}, ""),
    (
        {"embeddings_words": f"{USUAL} king queen man woman"},
        "Left out at the end: 1",
    ),
    ({"embeddings_look": "pear **b** $x$ :red[a]"}, "pear"),
    ({"embeddings_look": ""}, ""),
    ({"embeddings_edits": "E.1.0=inf;E.9.9=1;W.0.0=2;E.0.0=two"}, "does not exist"),
    ({"embeddings_edits": "E.1.0=0;E.1.1=0;E.0.0=0;E.0.1=0"}, ""),
    ({"embeddings_axes": "Named axes", "embeddings_right": ""}, "needs at least one word"),
    ({"embeddings_axes": "Named axes", "embeddings_up": "zzxq"}, "zzxq"),
    ({"embeddings_axes": "Named axes", "embeddings_right": "king", "embeddings_left": "king"}, "differ"),
    ({"embeddings_axes": "Sideways"}, "Sideways"),
    ({"embeddings_size": "Huge"}, "Huge"),
    ({**STORY, "text": ""}, "empty"),
    ({**STORY, "text": "😀 안녕"}, ""),
]


@pytest.mark.parametrize(("link", "sentence"), NONSENSE)
def test_nonsense_gets_a_sentence_or_a_decided_answer(open_page, link, sentence):
    app = open_page(PAGE, **link)
    assert not app.exception and not app.error
    assert sentence in said(app)
    for shown in ("embeddings_lookup", "embeddings_rows"):
        assert all(np.isfinite(values).all() for values in panels(app, shown).values())


def test_right_answers_are_marked_right(open_page):
    app = opened(open_page)
    boxes = [box for box in app.text_input if box.key.startswith("embeddings_check")]
    for box, value in zip(boxes, (4, 6 / (3 * 8**0.5), 1), strict=True):
        box.set_value(str(value))
    app.radio[-1].set_value("mac").run()
    assert [s.value for s in app.success] == ["Right."] * 4
    assert app.session_state.progress["embeddings_check"] == (4, 4)
    boxes[0].set_value("2").run()
    assert any("counted the rows from 1" in e.value for e in app.error)


def test_every_chart_says_what_it_shows(open_page):
    alts = [c.proto.alt for c in opened(open_page).get("vega_lite_chart")]
    assert len(alts) == 5
    assert "apples 0.814" in alts[0] and "Map of words" in alts[2] and "queen" in alts[3]
