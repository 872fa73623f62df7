"""The page Similarity: its numbers against the oracle's, what can be moved and typed, and nonsense of all kinds."""

import contextlib
import io
import json
import math
import re

import numpy as np
import pyarrow as pa
import pytest

from pages.shared import models, state
from pages.similarity.model import scaling
from pages.similarity.model.comparing import PRESETS
from pages.similarity.model.questions import growth
from pages.similarity.vectors import read_move
from tests import reference

PAGE = "pages/similarity/page.py"
KINDS = ("dot", "cosine", "scaled_dot")
SMALL = {"similarity_size": "Small model"}


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panels(app, key: str = "similarity_matrices") -> dict[str, np.ndarray]:
    return {p["id"]: np.array(p["values"], dtype=float) for p in component(app, key)["panels"]}


def words(app) -> str:
    text = " ".join(
        " ".join(e.value for k in ("markdown", "caption", "info", "error", "warning") for e in app.get(k)).split()
    )
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def check_scores(shown: dict[str, np.ndarray]) -> None:
    """Dot product, cosine and scaled dot product are the oracle's for the query and keys on screen."""
    for name, kind in zip(("dot", "cosine", "scaled"), KINDS, strict=True):
        np.testing.assert_allclose(
            shown[name], reference.similarity(shown["q"], shown["k"], kind), atol=1e-5, rtol=1e-5
        )


def reveal(app):
    return app.button(key="similarity_predict_show").click().run()


def finite(app) -> None:
    """Nothing that is no number is shown, and no traceback."""
    assert not app.exception
    assert not re.search(r"(?<![“=])\b(nan|inf)\b", words(app), re.IGNORECASE)  # a link's own words are quoted
    for c in app.get("bidi_component"):
        assert "NaN" not in c.proto.json


@pytest.mark.parametrize("example", PRESETS)
def test_the_scores_are_the_oracles(example, open_page):
    app = open_page(PAGE, similarity_example=example)
    finite(app)
    shown, preset = panels(app), PRESETS[example]
    np.testing.assert_allclose(shown["q"], [preset.q])
    np.testing.assert_allclose(shown["k"], preset.k)
    check_scores(shown)
    plane = component(app, "similarity_plane")
    assert [(v["x"], v["y"]) for v in (plane["query"], *plane["keys"])] == [preset.q, *preset.k]


def test_the_default_shows_a_disagreement(open_page):
    said = words(open_page(PAGE))
    assert "The dot product puts **laptop** first (12.00 against 10.00), the cosine **cherry** (0.857" in said


def test_a_zero_vector_is_decided(open_page):
    app = open_page(PAGE, similarity_example="A zero vector")
    assert panels(app)["cosine"][0, 0] == 0
    assert "the cosine with a zero vector is 0" in words(app)


def test_an_edit_in_the_link_moves_the_arrow_too(open_page):
    app = open_page(PAGE, similarity_edits="k.1.0=0.5;q.0.1=-2")
    shown = panels(app)
    np.testing.assert_allclose(shown["q"], [[2, -2]])
    np.testing.assert_allclose(shown["k"], [[1, 4], [0.5, 1]])
    check_scores(shown)
    assert component(app, "similarity_plane")["keys"][1]["x"] == 0.5
    assert app.button(key="similarity_reset").label == "Undo all changes (2)"
    np.testing.assert_allclose(panels(app.button(key="similarity_reset").click().run())["q"], [[2, 2]])


@pytest.mark.parametrize("edits", ["k.9.0=1", "q.0.0=abc", "x.0.0=1", "q.0.0=1e300", "q.0.0=inf", "😀", "q.0.0=nan"])
def test_nonsense_edits_in_a_link(edits, open_page):
    app = open_page(PAGE, similarity_edits=edits)
    finite(app)
    assert len(app.warning) == 1
    np.testing.assert_allclose(panels(app)["q"], [[2, 2]])


def test_numbers_at_the_limit(open_page):
    app = open_page(PAGE, similarity_edits="q.0.0=1000000;q.0.1=-1000000;k.0.0=1000000;k.1.0=0;k.1.1=0")
    finite(app)
    check_scores(panels(app))


def test_another_example_forgets_the_changes(open_page):
    app = open_page(PAGE, similarity_edits="q.0.0=5")
    app.get_by_key("similarity_example").set_value("A tie").run()
    np.testing.assert_allclose(panels(app)["q"], [[2, 2]])
    assert "A tie by cosine" in words(app)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"id": "q.0", "x": 1, "y": -2.5}, ("q.0", 1, -2.5)),
        ({"id": "q.0", "x": 1}, None),
        ({"id": "z.0", "x": 1, "y": 1}, None),
        ({"id": "q.0", "x": "a", "y": 1}, None),
        ({"id": "q.0", "x": math.inf, "y": 1}, None),
        ({"id": "q.0", "x": 1e7, "y": 1}, None),
        (None, None),
        ([1], None),
    ],
)
def test_only_a_place_on_the_plane_counts_as_a_move(said, expected):
    assert read_move(said, {"q.0", "k.0"}) == expected


def test_what_if_holds_both_sides(open_page):
    app = open_page(PAGE, similarity_change="the first key were turned round")
    shown = panels(app, "similarity_whatif")
    np.testing.assert_allclose(shown["after"][:, 0], -shown["before"][:, 0])
    np.testing.assert_allclose(shown["difference"], shown["after"] - shown["before"])


def word_table(app) -> dict[str, list[str]]:
    return {row["name"]: [c["text"] for c in row["cells"]] for row in component(app, "similarity_table")["rows"]}


def value(text: str) -> float:
    return float(text.replace("−", "-"))


def test_real_words_are_compared_by_the_oracle(open_page):
    app = open_page(PAGE)
    table, vectors = word_table(app), models.word_vectors()
    q = vectors.vector("apple")
    assert set(table) == {"orange", "phone", "fruit", "iphone", "computer", "juice", "king"}
    for name, cells in table.items():
        k = vectors.vector(name)
        assert value(cells[0]) == pytest.approx(math.sqrt(k @ k), abs=0.0051)
        for cell, kind in zip(cells[1:4], KINDS, strict=True):
            assert value(cell) == pytest.approx(reference.similarity(q[None], k[None], kind)[0, 0], abs=0.0051)
    assert "“**computer**” has the larger dot product with “**apple**” (24.96 against 23.07)" in words(app)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"similarity_word": "appel"}, "“appel” (did you mean appeal"),
        ({"similarity_word": ""}, "Type a word to ask with."),
        ({"similarity_word": "😀"}, "Type a word to ask with."),
        ({"similarity_word": "red apple"}, "Only the first word asks."),
        ({"similarity_words": "xqzzy orange"}, "No vector is known for “xqzzy”."),
        ({"similarity_words": ""}, "There is no word to compare"),
        ({"similarity_words": "xqzzy <b> **"}, "There is no word to compare"),
        ({"similarity_words": "the of and to in a is was for on as with by"}, "There is room for 12 words."),
        ({"similarity_words": "orange orange ORANGE"}, "both orders are the same"),
    ],
)
def test_odd_words_are_answered_by_a_sentence(link, said, open_page):
    app = open_page(PAGE, **link)
    finite(app)
    assert said in words(app)


def chart(app, name: str) -> list[dict]:
    proto = app.get("vega_lite_chart")[("histogram", "variance", "largest", "slope").index(name)].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_all().to_pylist()


def test_the_experiment_waits_for_a_prediction(open_page):
    app = open_page(PAGE)
    assert not app.get("vega_lite_chart")
    question = growth(16, 4)
    app.radio(key=f"similarity_predict_{question.text}").set_value(question.options[0]).run()
    assert "more terms now" in app.info[0].value and len(app.get("vega_lite_chart")) == 4


@pytest.mark.parametrize("spread", scaling.SPREADS)
def test_the_experiment_is_drawn_as_it_was_measured(spread, open_page):
    names = {"normal": "normal", "uniform": "uniform", "shifted": "shifted by 1"}
    link = {"similarity_d": "16", "similarity_spread": names[spread], "similarity_seed": "7"}
    app = reveal(open_page(PAGE, **link))
    finite(app)
    products = scaling.draw(7, spread)
    rows = {(r["d"], r["kind"]): r["variance"] for r in chart(app, "variance")}
    for i, d in enumerate(scaling.WIDTHS):
        assert rows[d, "q·k"] == pytest.approx(products[i].var())
        assert rows[d, "q·k / √d"] == pytest.approx(products[i].var() / d)
    largest = {(r["d"], r["kind"]): r["value"] for r in chart(app, "largest")}
    assert largest[16, "q·k / √d"] == pytest.approx(reference.softmax(products[4] / 4).max(1).mean())
    assert f"At width 16 the variance of q·k is **{products[4].var():.4g}**" in words(app)
    cells = component(app, "similarity_row")["rows"][0]["cells"]
    assert value(cells[0]["text"]) == pytest.approx(products[4, 0, 0], abs=0.0051)
    assert value(cells[2]["text"]) == pytest.approx(products[4, 0, 0] / 4, abs=0.0051)


@pytest.mark.parametrize("raw", ["abc", "-1", "nan", "1e999", "3"])
@pytest.mark.parametrize("name", ["seed", "d", "example", "change", "size", "spread"])
def test_nonsense_in_a_link(name, raw, open_page):
    if (name, raw) == ("seed", "3"):
        return
    app = open_page(PAGE, **{f"similarity_{name}": raw})
    if name in ("seed", "d", "spread"):
        app = reveal(app)
    finite(app)


@pytest.mark.parametrize("text", [state.DEFAULT_TEXT, "", "Once", "a " * 64, "안녕하세요 😀"])
def test_in_the_story_model_the_scaled_score_is_the_heads_own(text, open_page):
    app = open_page(PAGE, **SMALL, text=text, layer="3", head="2")
    finite(app)
    shown = panels(app)
    check_scores(shown)
    ids = (1, *models.tokenizer("stories").encode(text).ids)
    head = models.trace("stories", ids).blocks[2].attention.heads.scores[0, 1, len(ids) - 1].numpy()
    np.testing.assert_allclose(shown["scaled"][0], head[-shown["scaled"].shape[1] :], atol=1e-4)


def test_a_token_can_be_chosen(open_page):
    app = open_page(PAGE, **SMALL, similarity_token="2 had")
    assert panels(app)["k"].shape == (3, 32) and "the query of **2 had**" in words(app)


@pytest.mark.parametrize("link", [{}, SMALL, {"similarity_example": "A zero vector"}])
def test_the_snippet_prints_the_pages_numbers(link, open_page):
    app = open_page(PAGE, **link)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(app.code[0].value, {})
    shown = panels(app)
    lines = said.getvalue().strip().splitlines()
    assert len(lines) == min(8, shown["k"].shape[0])
    for i, line in enumerate(lines):
        found = [float(x) for x in re.findall(r"-?\d+\.\d+", line.rsplit(": dot product", 1)[-1].split(": ")[-1])]
        np.testing.assert_allclose(found, [shown[n][0, i] for n in ("dot", "cosine", "scaled")], atol=0.006)


def test_the_questions_are_marked(open_page):
    app = open_page(PAGE)
    boxes = [b for b in app.text_input if b.key.startswith("similarity_check")]
    assert len(boxes) == 3
    boxes[0].set_value("9").run()
    assert "added all the numbers" in app.error[0].value
    app.text_input(key=boxes[0].key).set_value("10").run()
    assert app.success[0].value == "Right."
