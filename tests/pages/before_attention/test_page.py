"""The page Before attention: its numbers against the equations in NumPy, bad input, links, what was measured."""

import contextlib
import io
import json
import re

import numpy as np
import pytest
import torch

from core.checkpoints import CheckpointError
from pages.before_attention.model import bottleneck, models, questions, recall, view
from pages.before_attention.model.charts import NAMES
from pages.before_attention.model.export import snippet
from pages.shared.model.questions import mark, same
from tests import reference
from tests.core.same import numbers
from tests.core.test_recurrent import oracle

PAGE = "pages/before_attention/page.py"
TEXT = "cabbagefacadebeheaddecaf"
CLOSE = {"rtol": 1e-4, "atol": 1e-5}


def words(app) -> str:
    return re.sub(r"\\(?=\W)", "", " ".join(" ".join(m.value for m in app.markdown).split()))


def panels(app, key: str) -> dict[str, np.ndarray]:
    found = next(
        json.loads(c.proto.json) for c in app.get("bidi_component") if f"-before_attention_{key}" in c.proto.id
    )
    return {p["id"]: np.array(p["values"]) for p in found["panels"]}


@pytest.fixture(scope="module")
def machines():
    return {name: models.load(name) for name in models.NAMES}


@pytest.fixture(scope="module")
def expected(machines):
    """Every part of RNN and LSTM for the page's text, asked 3 back, from the equations."""
    found = {}
    for kind in ("rnn", "lstm"):
        w = numbers(machines[kind])
        found[kind] = oracle(kind, w["tokens"][recall.ids(TEXT, 3)], w["cell"])
        scores = (found[kind]["hidden"] @ w["w_vocab"])[-1, : recall.EMPTY]
        found[kind]["answer"] = recall.LETTERS[int(scores.argmax())]
    return found


def test_the_page_opens(open_page, expected):
    app = open_page(PAGE)
    assert not app.exception and not app.warning and not app.error
    said = words(app)
    for kind in ("rnn", "lstm"):
        assert f"**{NAMES[kind]}**: **{expected[kind]['answer']}**" in said
    assert "**Attention**: **c**" in said  # ...decaf: c stands 3 back


@pytest.mark.parametrize("step", [1, 2, 20, 25])
def test_a_step_of_the_rnn_is_the_equations(open_page, expected, step):
    app = open_page(PAGE, **({"before_attention_step": str(step)} if step > 1 else {}))
    shown, right = (
        panels(app, "rnn"),
        {n: v[step - 1 : step, : view.FEATURES] for n, v in list(expected["rnn"].items())[:3]},
    )
    np.testing.assert_allclose(shown["x"], right["from_input"], **CLOSE)
    np.testing.assert_allclose(shown["h_before"], right["from_state"], **CLOSE)
    np.testing.assert_allclose(shown["h"], right["hidden"], **CLOSE)
    np.testing.assert_allclose(panels(app, "strip")["states"], expected["rnn"]["hidden"][:step], **CLOSE)


@pytest.mark.parametrize("step", [1, 9, 25])
def test_a_step_of_the_lstm_is_the_equations(open_page, expected, step):
    link = {"before_attention_machine": "LSTM"} | ({"before_attention_step": str(step)} if step > 1 else {})
    app = open_page(PAGE, **link)
    assert not app.exception and not app.warning
    shown, parts = (
        panels(app, "lstm"),
        {n: v[:, : view.FEATURES] for n, v in expected["lstm"].items() if n != "answer"},
    )
    at = step - 1
    before = parts["cell"][at - 1] if at else np.zeros(view.FEATURES)
    right = {"f": parts["forget"][at], "i": parts["enter"][at], "g": parts["candidate"][at], "o": parts["tell"][at]}
    right |= {"c_before": before, "kept": right["f"] * before, "new": right["i"] * right["g"]}
    right |= {"c": parts["cell"][at], "squashed": np.tanh(parts["cell"][at]), "h": parts["hidden"][at]}
    assert right.keys() == shown.keys()
    for name, values in right.items():
        np.testing.assert_allclose(shown[name][0], values, **CLOSE)


def test_attention_looks_where_it_was_asked(open_page, machines):
    app = open_page(PAGE, before_attention_machine="Attention", before_attention_back="20")
    assert not app.exception and not app.warning
    w, c = numbers(machines["attention"]), vars(recall.DECODER)
    x = reference.embed(recall.ids(TEXT, 20), w["embedding"], c)
    block = w["blocks"]["0"]
    z = reference.layer_norm(x, **block["norm1"])
    weights, _ = reference.multi_head(z, z, block["attention"], 1, mask=reference.causal(25, 25))
    np.testing.assert_allclose(panels(app, "look")["weights"][0], weights[0][-1], **CLOSE)
    assert weights[0][-1].argmax() == 4
    assert "**Attention**: **a**" in words(app)


@pytest.mark.parametrize("typed", ["", "hello", "a b", "1", "a" * 25, "🙂", "안녕", "nan", "1e300"])
def test_what_cannot_be_read_gets_a_sentence(open_page, typed):
    app = open_page(PAGE)
    app.text_input(key="before_attention_text").set_value(typed).run()
    assert not app.exception and len(app.error) == 1 and "letters" in app.error[0].value


def test_a_question_about_nothing_gets_a_sentence(open_page):
    app = open_page(PAGE, before_attention_text="ab", before_attention_back="3")
    assert not app.exception and "none stands 3 steps back" in app.error[0].value


def test_one_letter_is_enough(open_page):
    app = open_page(PAGE, before_attention_text="h", before_attention_back="1")
    assert not app.exception and not app.error
    assert "**Attention**: **h**" in words(app)


def test_a_link_that_asks_for_nonsense_is_told_so(open_page):
    app = open_page(PAGE, before_attention_machine="Turing", before_attention_back="99")
    assert not app.exception and len(app.warning) == 2


def test_the_curves_come_after_the_guess(open_page):
    app = open_page(PAGE)
    assert "After 20 steps" not in words(app)
    app.button(key="before_attention_predict_show").click().run()
    assert not app.exception
    shown, shares = words(app), models.measured()
    for kind in recall.KINDS:
        assert f"{shares[kind]['accuracy'][19]:.1%}" in shown


@pytest.mark.parametrize("scale", ["0.5", "5"])
def test_gradients_follow_the_sliders(open_page, scale):
    app = open_page(PAGE, before_attention_scale=scale, before_attention_bias="5")
    assert not app.exception and not app.warning
    lengths = recall.reach("rnn", 1, float(scale), 5.0)
    assert f"RNN's gradient is multiplied by **{view.scientific(lengths[20] / lengths[1])}**" in words(app)


def test_backwards_is_what_the_models_write(open_page, machines):
    said = words(open_page(PAGE))
    source = torch.tensor([[recall.LETTERS.index(c) for c in TEXT[: bottleneck.LONGEST]]])
    for name in models.PAIRS:
        ids, _ = bottleneck.write(machines[name], source)
        assert f"**{''.join(recall.LETTERS[i] for i in ids[0])}**" in said


# What ships


@pytest.mark.parametrize("kind", recall.KINDS)
@pytest.mark.parametrize("back", [1, 5, 20])
def test_measured_accuracy_comes_out_again(machines, kind, back):
    recorded = models.measured()[kind]["accuracy"][back - 1]
    assert recall.accuracy(machines[kind], back) == pytest.approx(recorded, abs=0.005)


@pytest.mark.parametrize("name", models.PAIRS)
def test_measured_bottleneck_comes_out_again(machines, name):
    recorded = models.measured()[name]
    letters, sentences = bottleneck.accuracy(machines[name], bottleneck.LENGTHS[-1])
    assert letters == pytest.approx(recorded["letters"][-1], abs=0.005)
    assert sentences == pytest.approx(recorded["sentences"][-1], abs=0.01)


def test_what_the_lesson_says_holds():
    found = models.measured()
    far = {kind: found[kind]["accuracy"][19] for kind in recall.KINDS}
    assert far["attention"] > 0.99 and far["lstm"] < 0.5 and far["rnn"] < 0.5
    assert sum(found["lstm"]["accuracy"]) > sum(found["rnn"]["accuracy"])
    assert found["all states"]["sentences"][-1] > 2 * found["one vector"]["sentences"][-1]


def test_a_file_that_was_altered_is_refused(tmp_path):
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((models.FOLDER / name).read_bytes())
    content = bytearray((tmp_path / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match="SHA-256"):
        models.load("rnn", tmp_path)


def test_the_files_are_small():
    assert sum(path.stat().st_size for path in models.FOLDER.iterdir() if path.is_file()) < 2e6


# Questions and code


def traces(machines):
    tokens = torch.tensor([recall.ids(TEXT, 3)])
    return machines["rnn"](tokens), machines["lstm"](tokens)


def test_right_answers_are_right_and_mistakes_are_not(machines):
    rnn, lstm = traces(machines)
    for question in questions.questions(rnn.cell, lstm.cell, 512, 0.6):
        assert mark(question, question.answer).right
        for wrong, _sentence in question.mistakes:
            assert not same(question, wrong, question.answer)
        assert not question.options or question.answer in question.options


def test_the_guess_is_marked_by_what_was_measured():
    found = models.measured()
    question = questions.predict(20, {kind: found[kind]["accuracy"][19] for kind in recall.KINDS}, NAMES)
    assert question.answer == "Attention"


def test_the_snippet_prints_the_pages_numbers(machines):
    rnn, _ = traces(machines)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(snippet(machines["rnn"], rnn), {})
    shown = np.array([float(x) for x in re.findall(r"-?\d\.?\d*", printed.getvalue())])
    expected = torch.cat([part[0, -1, :3] for part in (rnn.cell.from_input, rnn.cell.from_state, rnn.cell.hidden)])
    np.testing.assert_allclose(shown, expected.numpy(), atol=0.011)
