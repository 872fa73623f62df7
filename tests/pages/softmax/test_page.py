"""The page Softmax: its numbers against the oracle's, every way to enter scores, and nonsense of all kinds."""

import contextlib
import io
import json
import math
import re

import numpy as np
import pyarrow as pa
import pytest

from pages.shared import models, state
from pages.softmax import scores
from pages.softmax.model import shares
from pages.softmax.model.questions import shift
from tests import reference

PAGE = "pages/softmax/page.py"
SMALL = {"softmax_size": "Small model"}


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panels(app, key: str = "softmax_matrices") -> dict[str, np.ndarray]:
    return {p["id"]: np.array(p["values"], dtype=float) for p in component(app, key)["panels"]}


def texts(app, key: str = "softmax_table") -> list[list[str]]:
    return [[cell["text"] for cell in row["cells"]] for row in component(app, key)["rows"]]


def words(app) -> str:
    text = " ".join(
        " ".join(e.value for k in ("markdown", "caption", "info", "error", "warning") for e in app.get(k)).split()
    )
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def finite(app) -> None:
    """Nothing that is no number is shown, and no traceback."""
    assert not app.exception
    assert not re.search(r"(?<![“=])\b(nan|inf)\b", words(app), re.IGNORECASE)  # a link's own words are quoted
    for c in app.get("bidi_component"):
        assert "NaN" not in c.proto.json and "nan" not in re.findall(r'"text": ?"(.*?)"', c.proto.json)


def value(text: str) -> float:
    mantissa, _, power = text.replace("−", "-").partition("·10")
    return float(mantissa) * 10 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def reveal(app):
    return app.button(key="softmax_predict_show").click().run()


def links():
    for text in ("2 1 0.1 -1", "3", "1 1 1 1", "20 5 1 -10", "2 1 -1 -2", "1000000 -1000000", "1 2 3 4 5 6 7 8"):
        for t in ("0.05", "1", "5"):
            yield text, t


@pytest.mark.parametrize(("text", "t"), list(links()))
def test_every_number_is_the_oracles(text, t, open_page):
    app = reveal(open_page(PAGE, softmax_scores=text, softmax_t=t, softmax_step="5"))
    finite(app)
    s, temperature = np.array([float(x) for x in text.split()]), float(t)
    p = reference.softmax(s, temperature)
    shown = panels(app)
    np.testing.assert_allclose(shown["scores"][0], s)
    np.testing.assert_allclose(shown["weights"][0], p, atol=1e-6)
    below = (s - s.max()) / temperature
    for i, row in enumerate(texts(app)):
        assert value(row[0]) == pytest.approx(s[i], abs=0.0051, rel=0.06)
        assert value(row[2]) == pytest.approx(below[i], abs=0.0051, rel=0.06)
        assert value(row[3]) == pytest.approx(np.exp(below[i]), abs=0.00051)
        assert value(row[4]) == pytest.approx(p[i], abs=0.00051)
    jacobian = panels(app, "softmax_jacobian")
    np.testing.assert_allclose(jacobian["jacobian"], np.diag(p) - np.outer(p, p), atol=1e-6)
    entropy = -sum(x * math.log(x) for x in p if x)
    assert f"is **{abs(entropy):.3f}** nats" in words(app)
    shifted = panels(app, "softmax_shifted")
    np.testing.assert_allclose(shifted["difference"], 0, atol=1e-7)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1 -2", "the *smallest* score the largest share, 0.667"),
        ("1 1 1 1", "equal shares for equal scores"),
        ("3 1", "Here it can be done: no score is negative"),
    ],
)
def test_what_is_said_of_plain_division_holds(open_page, typed, said):
    assert said in words(open_page(PAGE, softmax_scores=typed))


def test_one_score_alone(open_page):
    app = open_page(PAGE, softmax_scores="3")
    assert "One score alone" in words(app) and "No share stands alone" not in words(app)


def test_plain_division_is_judged(open_page):
    assert "Plain division **fails**: its “shares” run from −0.476 to 0.952" in words(open_page(PAGE))
    assert "cannot be done" in words(open_page(PAGE, softmax_scores="2 -2"))
    assert "Here it can be done" in words(open_page(PAGE, softmax_scores="2 1"))
    rows = texts(open_page(PAGE), "softmax_plain")
    assert [value(row[2]) for row in rows] == pytest.approx([2 / 2.1, 1 / 2.1, 0.1 / 2.1, -1 / 2.1], abs=0.00051)


@pytest.mark.parametrize(
    "text", ["", "a b", "1e300", "inf", "nan", "1 2 3 4 5 6 7 8 9", "<b>1</b>", "😀", "1 $x$", "9" * 300]
)
def test_nonsense_scores_are_answered_by_a_sentence(text, open_page):
    app = open_page(PAGE)
    app.text_input(key="softmax_scores").set_value(text).run()
    finite(app)
    assert len(app.error) == 1 and "2 1 0" in app.error[0].value and len(app.error[0].value) < 200
    np.testing.assert_allclose(panels(app)["scores"], [[2, 1, 0.1, -1]])


@pytest.mark.parametrize("name", scores.EXAMPLES)
def test_the_examples(name, open_page):
    app = open_page(PAGE)
    app.button(key=f"softmax_use_{name}").click().run()
    finite(app)
    np.testing.assert_allclose(panels(app)["scores"][0], shares.parse(scores.EXAMPLES[name]))


def chart(app, name: str) -> list[dict]:
    proto = app.get("vega_lite_chart")[("curves", "spread").index(name)].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_all().to_pylist()


def test_the_curves_are_the_oracles(open_page):
    app = open_page(PAGE, softmax_t="0.5")
    s = np.array([2, 1, 0.1, -1])
    for row in chart(app, "curves")[:-1]:
        i = int("₁₂₃₄".index(row["name"][1]))
        assert row["share"] == pytest.approx(reference.softmax(s, row["temperature"])[i], abs=1e-9)
    for row in chart(app, "spread")[:-1]:
        p = reference.softmax(s, row["temperature"])
        entropy = -sum(x * math.log(x) for x in p if x) / math.log(4)
        assert row["value"] == pytest.approx(1 - (p**2).sum() if row["kind"].startswith("Σ") else entropy, abs=1e-9)
    assert chart(app, "curves")[-1]["here"] == 0.5


def test_the_constant_waits_for_a_prediction(open_page):
    app = open_page(PAGE)
    assert "softmax_shifted" not in str([c.proto.id for c in app.get("bidi_component")])
    question = shift(100)
    app.radio(key=f"softmax_predict_{question.text}").set_value(question.options[0]).run()
    assert "cancels" in app.info[0].value
    assert panels(app, "softmax_shifted")["difference"].shape == (1, 4)


@pytest.mark.parametrize(
    ("c", "said", "cells"),
    [
        ("100", "fails in **float16 and float32**", ["∞ ÷ ∞", "∞ ÷ ∞"]),
        ("20", "fails in **float16**", ["∞ ÷ ∞", "0.638"]),
        ("-200", "fails in **float16 and float32**", ["0 ÷ 0", "0 ÷ 0"]),
        ("-16", "fails in **float16**", None),
        ("1", "both formats still manage", ["0.638", "0.638"]),
    ],
)
def test_overflow_is_shown_in_real_formats(c, said, cells, open_page):
    app = reveal(open_page(PAGE, softmax_constant=c))
    finite(app)
    assert said in words(app)
    row = texts(app, "softmax_formats")[0]
    assert cells in (None, [row[2], row[4]]) and row[5] == "0.638"
    assert "float16 overflows at $s = 12$, float32 at 89, float64 at 710" in words(app)


def test_of_many_scores_the_shares_are_those_of_all(open_page):
    app = reveal(open_page(PAGE, **SMALL, softmax_constant="1"))
    every = panels(app)["weights"][0]
    top = np.sort(np.argsort(-every, kind="stable")[: scores.KEYS])
    assert len(every) > len(top)
    for name in ("then", "now"):
        np.testing.assert_allclose(panels(app, "softmax_shifted")[name][0], every[top], atol=1e-6)
    for row, share in zip(texts(app, "softmax_formats"), every[top], strict=True):
        assert [float(cell) for cell in (row[4], row[5])] == pytest.approx([share] * 2, abs=6e-4)
    assert words(app).count(f"Shown are the {len(top)} largest of {len(every)} scores") == 2


def test_a_factor_saturates(open_page):
    app = open_page(PAGE, softmax_factor="100")
    then = reference.softmax(np.array([200, 100, 10, -100]))
    shown = panels(app, "softmax_sharper")
    np.testing.assert_allclose(shown["then"], np.diag(then) - np.outer(then, then), atol=1e-9)
    assert "and **0.0000** with scores 100 times as large" in words(app)


def test_the_steps_fill_the_table(open_page):
    app = open_page(PAGE)
    assert [text == "–" for text in texts(app)[0]] == [False, True, True, True, True]
    app.button(key="softmax_step_on").click().run()
    assert [text == "–" for text in texts(app)[0]] == [False, False, True, True, True]
    assert "$2.00 / 1 = 2.00$" in words(app)


@pytest.mark.parametrize("text", [state.DEFAULT_TEXT, "", "Once", "a " * 64, "안녕하세요 😀"])
def test_a_row_of_the_story_models_head(text, open_page):
    app = reveal(open_page(PAGE, **SMALL, text=text, layer="3", head="2", softmax_step="5"))
    finite(app)
    ids = (1, *models.tokenizer("stories").encode(text).ids)
    at = min(len(ids), scores.MOST) - 1
    heads = models.trace("stories", ids).blocks[2].attention.heads
    shown = panels(app)
    np.testing.assert_allclose(shown["scores"][0], heads.scores[0, 1, at, : at + 1].numpy(), atol=1e-4)
    np.testing.assert_allclose(shown["weights"][0], heads.weights[0, 1, at, : at + 1].numpy(), atol=1e-5)
    p = reference.softmax(shown["scores"][0])
    top = sorted(np.argsort(-shown["scores"][0], kind="stable")[:8])
    whole = np.diag(p) - np.outer(p, p)
    np.testing.assert_allclose(panels(app, "softmax_jacobian")["jacobian"], whole[np.ix_(top, top)], atol=1e-6)


def test_a_score_of_the_head_can_be_changed(open_page):
    app = open_page(PAGE, **SMALL, softmax_edits="scores.0.2=5")
    shown = panels(app)
    assert shown["scores"][0, 2] == 5
    np.testing.assert_allclose(shown["weights"][0], reference.softmax(shown["scores"][0]), atol=1e-6)
    app.text_input(key="text").set_value("A dog ran away").run()
    assert panels(app)["scores"][0, 2] != 5  # another row: its changes are not this one's


@pytest.mark.parametrize("raw", ["abc", "-1", "nan", "1e999", "99999"])
@pytest.mark.parametrize("name", ["t", "size", "factor", "constant", "step", "edits", "token", "scores"])
@pytest.mark.parametrize("size", ["By hand", "Small model"])
def test_nonsense_in_a_link(name, raw, size, open_page):
    finite(reveal(open_page(PAGE, **{"softmax_size": size} | {f"softmax_{name}": raw})))


@pytest.mark.parametrize("link", [{}, {"softmax_t": "0.05"}, {"softmax_scores": "3"}, SMALL])
def test_the_snippet_prints_the_pages_numbers(link, open_page):
    app = open_page(PAGE, **link)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(app.code[0].value, {})
    first, entropy, row = re.split(r"\nentropy|\nfirst row of the Jacobian", said.getvalue().replace("shares", ""))
    shown = panels(app)["weights"][0]
    np.testing.assert_allclose(np.fromstring(first.strip(" []\n"), sep=" "), shown, atol=1e-4)
    assert float(entropy.split()[0]) == pytest.approx(-sum(x * math.log(x) for x in shown if x), abs=1e-3)
    jacobian = np.diag(shown) - np.outer(shown, shown)
    np.testing.assert_allclose(np.fromstring(row.strip(" []\n"), sep=" "), jacobian[0], atol=1e-4)


def test_the_questions_are_marked(open_page):
    app = open_page(PAGE)
    boxes = [b for b in app.text_input if b.key.startswith("softmax_check")]
    assert len(boxes) == 4
    boxes[0].set_value(str(2 / 2.1)).run()
    assert "divided by the sum of the scores" in app.error[0].value
    app.text_input(key=boxes[0].key).set_value("0.638").run()
    assert app.success[0].value == "Right."
