"""Rows of a table: looked up, compared, placed on planes, added and subtracted."""

import contextlib
import io
import json

import numpy as np
import pytest

from core import words
from core.recipes import words as words_recipe
from pages.embeddings.model import questions, sums
from pages.embeddings.model import rows as table_rows
from pages.embeddings.model.export import snippet
from pages.embeddings.model.rows import Rows
from pages.shared.model import word_table
from pages.shared.model.questions import mark
from pages.shared.model.word_table import TABLE
from tests import reference


@pytest.fixture(scope="module")
def shipped():
    return words.load()


def printed(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})
    return out.getvalue()


def values(panels: dict, name: str) -> np.ndarray:
    return np.array(next(p["values"] for p in panels["panels"] if p["id"] == name))


def test_one_hot_times_the_table_is_the_row():
    table = TABLE + np.arange(8).reshape(4, 2) / 7
    panels = table_rows.lookup_panels([1, 3, 1], table)
    np.testing.assert_array_equal(values(panels, "x"), table[[1, 3, 1]])
    np.testing.assert_array_equal(values(panels, "onehot") @ values(panels, "E"), values(panels, "x"))
    assert panels["panels"][1]["editable"] and panels["panels"][1]["base"] == TABLE.tolist()


def test_cosines_are_the_oracles(shipped):
    x = shipped.rows(["apple", "orange", "phone", "king", "queen"])
    panels = table_rows.row_panels("abcde", x)
    np.testing.assert_allclose(values(panels, "cosine"), reference.similarity(x, x, "cosine"), atol=1e-12)
    assert [p["id"] for p in table_rows.row_panels("abcde", x, with_cosines=False)["panels"]] == ["x"]


def test_a_zero_row_has_a_cosine_of_0():
    assert table_rows.cosines(np.array([[0.0, 0], [3, 4]])).tolist() == [[0, 0], [0, 1]]


def test_neighbours_are_all_others_by_size(shipped):
    found = table_rows.near(Rows(shipped, ("phone", "apple"), 1))
    assert [n.word for n in found["cosine"][:4]] == ["apples", "mac", "macintosh", "fruit"]
    x = shipped.vector("apple")
    by_dot = reference.by_size(shipped.vectors @ x)
    assert [n.word for n in found["dot"]] == [shipped.words[i] for i in by_dot[1:9]]
    assert [n.score for n in found["dot"]] == pytest.approx((shipped.vectors @ x)[by_dot[1:9]])


@pytest.mark.parametrize("word", ["apple", "the", "king", "paris", "nurse"])
def test_what_the_dot_product_brings_in_is_longer_than_what_it_drops(shipped, word):
    rows = Rows(shipped, (word,), 0)
    facts = table_rows.facts(rows, table_rows.near(rows))
    assert not facts["into"] or facts["long"] > facts["short"] > 0
    assert bool(facts["into"]) == bool(facts["out"])


def test_apple_lies_between(shipped):
    facts = table_rows.between(shipped)
    assert facts["orange_x"] < facts["apple_x"] < facts["phone_x"]
    assert facts["orange_y"] > facts["apple_y"] > facts["phone_y"]


@pytest.mark.parametrize("asked", sums.SUMS)
def test_the_plane_of_a_sum_is_a_true_parallelogram(shipped, asked):
    a, b, c = asked.replace("−", "+").split(" + ")
    points = sums.plane(shipped, a, b, c, "dog").points
    x, y, z = (v / np.linalg.norm(v) for v in shipped.rows([a, b, c]))
    np.testing.assert_allclose(points[0] - points[1], points[4] - points[2], atol=1e-12)
    np.testing.assert_allclose(points[1], 0, atol=1e-12)
    assert np.linalg.norm(points[0]) == pytest.approx(np.linalg.norm(x - y))
    assert np.linalg.norm(points[4] - points[0]) == pytest.approx(np.linalg.norm(z - y))
    assert points[0, 1] == pytest.approx(0) and points[2, 1] > 0


def test_a_sum_of_one_word_has_a_plane_without_directions(shipped):
    assert np.isfinite(sums.plane(shipped, "king", "king", "king", "queen").points).all()


def test_what_is_told_of_the_analogies_was_measured(shipped):
    told = sums.measured()
    measured = json.loads((words.FOLDER / "measured.json").read_text())["shipped"]
    assert told["capital"] == "{} of {}".format(*measured["analogies"]["country and capital"])
    assert told["queen"] == pytest.approx(words.analogy(shipped, "king", "man", "woman", 1)[0].score, abs=1e-3)
    own = 0
    for a, b, c in (q.split()[:3] for kind in words_recipe.ANALOGIES.values() for q in kind.split(",")):
        x, y, z = (v / np.linalg.norm(v) for v in shipped.rows([b, a, c]))
        lengths = np.linalg.norm(shipped.vectors, axis=1)
        own += shipped.words[int((shipped.vectors @ (x - y + z) / lengths).argmax())] in (a, b, c)
    assert sums.own_words(shipped) == own


def test_a_models_pieces_keep_apart():
    table = table_rows.of_pieces(["<s>", "▁start", "▁start", "ing", "<0x41>"], np.eye(5))
    assert table.words == ("⟨start⟩", "start (1)", "start (2)", "·ing", "<0x41>")


@pytest.mark.parametrize(
    ("ids", "most", "always", "expected"),
    [([1, 5, 1, 7], 9, 0, [0, 1, 3]), ([1, 5, 1, 7], 2, 3, [0, 3]), ([4, 4, 4], 2, 2, [0]), ([1, 2, 3], 2, 1, [0, 1])],
)
def test_different_tokens_and_always_the_one_that_is_followed(ids, most, always, expected):
    assert table_rows.distinct(ids, most, always) == expected


def test_the_snippet_prints_the_tables_numbers():
    table = TABLE + np.array([[0, 0], [-3, 0.25], [0, 0], [0, 0]])
    text = printed(snippet([1, 2], table))
    numbers = np.fromstring(text.replace("[", " ").replace("]", " "), sep=" ")
    expected = [table[[1, 2]], reference.similarity(table, table, "cosine"), table[2] - table[0] + table[3]]
    np.testing.assert_allclose(numbers, np.concatenate([x.ravel() for x in expected]), atol=0.006)


@pytest.mark.parametrize("table", [TABLE, np.zeros((4, 2)), TABLE * 1e6, -TABLE, np.ones((4, 2))])
def test_questions_are_marked_by_their_own_numbers(shipped, table):
    rows = Rows(shipped, tuple(["apple", "orange", "phone", "mac", "fruit"]), 0)
    places = words.pca_plane(rows.x).points
    for question in questions.questions(table, rows, places):
        assert mark(question, question.answer).right
        assert question.working
        for wrong, said in question.mistakes:
            assert mark(question, wrong).text in (said, "Right.") or len(question.mistakes) > 1
    assert len(questions.questions(table, rows, places, with_cosines=False)) == 3


def test_the_cosine_that_is_asked_is_the_oracles(shipped):
    rows = Rows(shipped, ("apple",), 0)
    made = questions.questions(TABLE, rows, words.pca_plane(rows.x).points)
    assert [q.answer for q in made] == pytest.approx([4, made[1].answer, 1])
    names = [w for w in word_table.WORDS if f"**{w}**" in made[1].text]
    x = word_table.by_hand().rows(names)
    assert made[1].answer == pytest.approx(reference.similarity(x, x, "cosine")[0, 1])
    assert "dot product" in mark(made[1], float(x[0] @ x[1])).text


def test_the_prediction_is_the_largest_cosine_on_screen(shipped):
    rows = Rows(shipped, tuple(table_rows.USUAL.split()), 0)
    guess = questions.predict(rows)
    assert guess.answer == "mac" and len(guess.options) == 4
    assert "mac" in mark(guess, guess.options[0]).text
    assert questions.predict(Rows(shipped, ("apple", "mac"), 0)) is None
