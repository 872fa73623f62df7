"""The page The block: its numbers against the oracle's, edits, links, the bill."""

import contextlib
import io
import json
import re

import numpy as np
import pytest

from core import costs, words
from pages.block.model import charts, depth, questions, steps
from pages.block.model.published import PUBLISHED
from pages.shared import models, state
from pages.shared.model import hand
from pages.shared.model.questions import mark, same
from tests import reference

PAGE = "pages/block/page.py"


@pytest.fixture(scope="module")
def example():
    return hand.example("The cat sat", words.load(), width=steps.D_MODEL)


def normed(x):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


def oracle(x, w, norm_first=True):
    """The block in NumPy: two heads, ReLU, no biases."""

    def attend(z):
        q, k, v = (np.split(z @ w[n], 2, -1) for n in ("w_q", "w_k", "w_v"))
        return (
            np.hstack(
                [reference.attention(*h, np.ones((len(x), len(x)), dtype=bool))[-1] for h in zip(q, k, v, strict=True)]
            )
            @ w["w_o"]
        )

    def mlp(z):
        return np.maximum(z @ w["w_in"], 0) @ w["w_out"]

    if norm_first:
        middle = x + attend(normed(x))
        return middle, middle + mlp(normed(middle))
    middle = normed(x + attend(x))
    return middle, normed(middle + mlp(middle))


def panels(app, key="block_matrices"):
    found = next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)
    return {p["id"]: np.array(p["values"]) for p in found["panels"]}


def words_on(app) -> str:
    return re.sub(r"\\(?=\W)", "", " ".join(" ".join(m.value for m in app.markdown).split()))


@pytest.mark.parametrize("step", range(1, 6))
def test_every_step_shows_the_oracles_numbers(open_page, example, step):
    app = open_page(PAGE, **({"block_step": str(step)} if step > 1 else {}))
    assert not app.exception and not app.warning
    x, w = example.x, steps.weights(example)
    middle, post = oracle(x, w)
    z = normed(middle)
    expected = {
        "x": x, "n1": normed(x), "mean1": x.mean(-1, keepdims=True), "mid": middle, "attention": middle - x, "n2": z,
        "hidden": z @ w["w_in"], "activated": np.maximum(z @ w["w_in"], 0), "mlp": post - middle, "post": post,
        "std2": np.sqrt(middle.var(-1, keepdims=True) + 1e-5), "w_in": w["w_in"], "w_out": w["w_out"],
    }  # fmt: skip
    shown = panels(app)
    assert len(shown) >= 3
    for name in shown.keys() & expected.keys():
        np.testing.assert_allclose(shown[name], expected[name], atol=1e-9)


def test_an_edit_from_the_link_changes_all_that_follows(open_page, example):
    shown = panels(open_page(PAGE, block_step="5", block_edits="x.2.1=3;w_out.0.0=-2"))
    x, w = example.x.copy(), steps.weights(example)
    x[2, 1], w["w_out"][0, 0] = 3, -2
    np.testing.assert_allclose(shown["post"], oracle(x, w)[1], atol=1e-9)


def test_the_norm_before_and_behind(open_page, example):
    before, behind, difference = panels(open_page(PAGE), "block_whatif").values()
    w = steps.weights(example)
    np.testing.assert_allclose(before, oracle(example.x, w)[1], atol=1e-9)
    np.testing.assert_allclose(behind, oracle(example.x, w, norm_first=False)[1], atol=1e-9)
    np.testing.assert_allclose(difference, before - behind, atol=1e-12)


def test_the_story_models_block(open_page):
    app = open_page(PAGE, block_size="Small model", block_step="4", layer="3", text="Once upon a time")
    ids = state.Example("", (1, *models.tokenizer("stories").encode("Once upon a time").ids), ())
    block = models.trace("stories", ids.ids).blocks[2]
    shown = panels(app)
    np.testing.assert_allclose(shown["hidden"], block.mlp.hidden[0, -8:, :6], rtol=1e-4, atol=1e-4)
    active = int((block.mlp.hidden[0, -1] > 0).sum())
    assert f"above 0: {active} of " in words_on(app)


def test_the_bill_stands_behind_a_prediction(open_page):
    app = open_page(PAGE)
    assert "124,439,808" not in words_on(app)
    app.button(key="block_most_show").click().run()
    assert "Together **124,439,808** parameters" in words_on(app)


@pytest.mark.parametrize("preset", [*PUBLISHED, "Our story model"])
def test_operations_of_every_preset(open_page, preset):
    app = open_page(PAGE, block_preset=preset, block_n="777")
    assert not app.exception and not app.warning
    size = PUBLISHED[preset].size if preset in PUBLISHED else costs.of(models.model("stories").config)
    terms = costs.flops(size, 777)
    mantissa, exponent = f"{costs.total(terms):.2e}".split("e")
    power = str(int(exponent)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    assert f"takes **{mantissa}·10{power}** operations" in words_on(app)
    assert list(app.table[-1].value["all"]) == [f"{term.total:,}" for term in terms]


def test_a_model_of_ones_own(open_page):
    app = open_page(PAGE, block_preset="Your own", block_own_layers="2", block_own_heads="4", block_own_d_head="8",
                    block_own_d_ff="128", block_own_vocab="100")  # fmt: skip
    app.button(key="block_most_show").click().run()
    d, layer = 32, 4 * 32 * 32 + 4 * 32 + 2 * 32 * 128 + 128 + 32 + 4 * 32  # matrices, biases, two norms
    assert not app.exception and not app.warning
    assert f"Together **{100 * d + 2 * layer + 2 * d:,}** parameters" in words_on(app)


def test_operations_against_width(open_page):
    app = open_page(PAGE, block_preset="GPT-2 small", block_n="100", block_against="d_model")
    assert not app.exception and not app.warning
    rows = charts.width_rows(PUBLISHED["GPT-2 small"].size, 100)
    at = {row["who"]: row["flops"] for row in rows if row["size"] == 768}  # as it is
    assert at[charts.MATRICES] == 12 * 24 * 768**2 and at[charts.SCORES] == 12 * 4 * 100 * 768
    twice = {row["who"]: row["flops"] for row in rows if row["size"] == 1536}
    assert twice[charts.MATRICES] == 4 * at[charts.MATRICES] and twice[charts.SCORES] == 2 * at[charts.SCORES]


def test_depth_is_measured_where_the_page_says():
    pre, post = (depth.measure(norm_first, 6, 3) for norm_first in (True, False))
    assert len(pre.lengths) == 7 and len(pre.gradients) == 6
    assert pre.lengths[-1] > 2 * pre.lengths[1]  # it grows
    np.testing.assert_allclose(post.lengths[1:], depth.D_MODEL**0.5, rtol=1e-3)  # it cannot
    assert depth.measure(True, 6, 3) is pre


def test_the_code_prints_the_pages_numbers(open_page, example):
    code = open_page(PAGE).code[0].value
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    w = steps.weights(example)
    expected = io.StringIO()
    with contextlib.redirect_stdout(expected):
        print(normed(example.x).round(2))
        print(oracle(example.x, w)[1].round(2))
    assert out.getvalue().replace("-0. ", "0.") == expected.getvalue().replace("-0. ", "0.")


def test_questions_are_marked_by_the_oracles_numbers(example):
    w = steps.weights(example)
    trace = steps.run(example.x, w)
    norm, residual, bent, width = questions.questions(trace, example.labels)
    x = example.x[-1]
    column = np.abs(x - x.mean()).argmax()
    assert norm.answer == pytest.approx(normed(example.x)[-1, column], abs=0.03)
    assert residual.answer == pytest.approx(oracle(example.x, w)[0][-1, 0], abs=0.011)
    assert bent.answer == (normed(oracle(example.x, w)[0])[-1] @ w["w_in"] > 0).sum()
    for question in (norm, residual, bent, width):
        assert mark(question, question.answer).right
        for wrong, _sentence in question.mistakes:
            if not same(question, wrong, question.answer):
                assert not mark(question, wrong).right


@pytest.mark.parametrize("link", [{"block_step": "9"}, {"block_layers": "400"}, {"block_n": "1e999"},
                                  {"block_preset": "GPT-4"}, {"block_edits": "x.0.0=nan"}])  # fmt: skip
def test_a_bad_link_opens_the_usual_view_and_says_so(open_page, link):
    app = open_page(PAGE, **link)
    assert not app.exception and len(app.warning) == 1


@pytest.mark.parametrize("text", ["", "!", "qwxzy", "cat", "a b c d e f g h i j k", "😀"])
def test_own_sentences(open_page, text):
    app = open_page(PAGE, block_example="Your sentence", text=text)
    assert not app.exception
    assert (len(app.error) == 1) == (text == "")
