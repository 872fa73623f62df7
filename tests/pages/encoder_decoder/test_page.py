"""The page Encoder and decoder: the shipped translator's numbers, links, bad input, parts taken away."""

import contextlib
import io
import json
import math
import re

import numpy as np
import pytest
import torch

from core import checkpoints, translation
from core.tokenizer import EOS, SOS
from core.translation import Changes
from pages.encoder_decoder.model import stacks
from tests import reference
from tests.core.same import numbers

PAGE = "pages/encoder_decoder/page.py"
SAID = "저는 어제 친구와 영화를 봤어요."


@pytest.fixture(scope="module")
def shipped():
    return checkpoints.load("translate"), checkpoints.load_tokenizer("translate")


def words(app) -> str:
    text = " ".join(" ".join(m.value for m in [*app.markdown, *app.success]).split())
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panels(app, key: str) -> dict[str, np.ndarray]:
    made = component(app, key)["panels"]
    return {p["id"]: np.array([[-np.inf if x is None else x for x in row] for row in p["values"]]) for p in made}


class Oracle:
    """The encoder-decoder in NumPy for one source and one given target."""

    def __init__(self, model, source, target):
        p, c = numbers(model), vars(model.config)
        x = reference.embed(source, p["encoder"]["embedding"], c)
        for block in p["encoder"]["blocks"].values():
            x = reference.block(x, block, c)
        memory = reference.layer_norm(x, **p["encoder"]["norm"])
        table = p["encoder"]["embedding"]["tokens"]
        y = reference.embed(target, {**p["decoder"]["embedding"], "tokens": table}, c)
        self.cross = []
        for block in p["decoder"]["blocks"].values():
            z = reference.layer_norm(y, **block["norm1"])
            middle = y + reference.multi_head(z, z, block["attention"], c["n_heads"],
                                              mask=reference.causal(len(y), len(y)))[1]  # fmt: skip
            asked = reference.layer_norm(middle, **block["norm_cross"])
            self.cross.append(reference.multi_head(asked, memory, block["cross"], c["n_heads"])[0])
            y = reference.block(y, block, c, mask=reference.causal(len(y), len(y)), memory=memory)
        self.probs = reference.softmax(reference.layer_norm(y, **p["decoder"]["norm"]) @ table.T)


@pytest.fixture(scope="module")
def expected(shipped):
    model, tokens = shipped
    source = translation.source(tokens, SAID)
    found = translation.read(model, source.ids)
    return source, found, Oracle(model, list(source.ids), list(found.target[:-1]))


def test_the_opening_is_translated_exactly(open_page):
    app = open_page(PAGE)
    assert not app.exception and not app.error and not app.warning
    assert "hey, good to know you" in app.success[0].value.replace("\\", "")


def test_every_step_is_the_oracles(open_page, expected):
    source, found, oracle = expected
    assert oracle.probs.argmax(-1).tolist() == list(found.target[1:])
    step = len(found.target) // 2
    app = open_page(PAGE, korean=SAID, encoder_decoder_t=str(step + 1))
    lines = component(app, "encoder_decoder_growing")
    assert len(lines["rows"]) == step + 1 and lines["cols"] == list(source.labels)
    mean = oracle.cross[-1].mean(0)
    for row, col, weight in lines["lines"]:
        assert weight == pytest.approx(mean[row, col], abs=2e-3)
    total = np.log(oracle.probs[range(len(found.target) - 1), found.target[1:]]).sum()
    assert sum(found.log_probs) == pytest.approx(total, abs=1e-3)
    assert f"log-probability {total:.2f}".replace("-", "−").replace("log−", "log-") in words(app)


@pytest.mark.parametrize("part", [str(part) for part in stacks.parts(3)])
def test_every_part_opens(open_page, part):
    app = open_page(PAGE, encoder_decoder_part=part)
    assert not app.exception and not app.warning
    assert component(app, "encoder_decoder_part_picture")["chosen"] == part


def test_an_open_cross_attention_is_the_oracles(open_page, expected):
    _source, _found, oracle = expected
    shown = panels(open_page(PAGE, korean=SAID, encoder_decoder_part="cross-3"), "encoder_decoder_matrices_cross")
    np.testing.assert_allclose(shown["weights"], oracle.cross[2][0], atol=2e-3)
    assert "masked" not in shown


def test_an_open_encoder_has_no_mask_and_an_open_decoder_has(open_page):
    assert "masked" not in panels(open_page(PAGE, encoder_decoder_part="encoder-1"), "encoder_decoder_matrices_encoder")
    masked = panels(open_page(PAGE, encoder_decoder_part="decoder-1"), "encoder_decoder_matrices_decoder")["masked"]
    assert (np.isinf(masked) == ~np.tri(*masked.shape, dtype=bool)).all()


@pytest.mark.parametrize(("name", "changes"), [("Cut the cross-attention", Changes(cut=True)),
                                               ("The encoder sees only what came before", Changes(causal=True)),
                                               ("Take a Korean token away", Changes(removed=0))])  # fmt: skip
def test_what_happens_without_a_part(open_page, shipped, expected, name, changes):
    model, tokens = shipped
    source, found, _oracle = expected
    app = open_page(PAGE, korean=SAID, encoder_decoder_change=name)
    assert "Changed: “" not in words(app)
    app.button(key="encoder_decoder_predict_show").click().run()
    other = translation.read(model, source.ids, changes)
    said = tokens.decode([i for i in other.target if i not in (SOS, EOS)])
    assert f"Changed: “**{said}**”" in words(app)
    forced = translation.score(model, source.ids, found.target, changes)
    shown = panels(app, "encoder_decoder_changed")
    np.testing.assert_allclose(shown["after"][0], np.exp(forced.log_probs), atol=1e-6)
    np.testing.assert_allclose(shown["difference"], shown["after"] - shown["before"], atol=1e-6)


def test_the_token_that_is_taken_away_stands_in_the_link(open_page, shipped):
    source = translation.source(shipped[1], SAID)
    app = open_page(PAGE, korean=SAID, encoder_decoder_change="Take a Korean token away",
                    encoder_decoder_removed=source.labels[1])  # fmt: skip
    assert not app.warning and app.selectbox(key="encoder_decoder_removed").value == source.labels[1]


@pytest.mark.parametrize("text", ["", "hello there", "?!", "가 " * 1000, "ㅋㅋㅋ"])
def test_what_cannot_be_translated_gets_one_sentence_and_is_not_lost(open_page, text):
    app = open_page(PAGE, korean=text)
    assert not app.exception and len(app.error) == 1
    assert app.text_input(key="korean").value == text


@pytest.mark.parametrize("text", ["안녕 hello 😀", "쀍뛟", "나", "커피 두 잔 주세요 123"])
def test_odd_sentences_get_a_translation_and_a_caution(open_page, text):
    app = open_page(PAGE, korean=text)
    assert not app.exception and not app.error
    assert ("never saw this sentence" in words(app)) or ("saw this sentence" in words(app))


@pytest.mark.parametrize("text", ["안녕 hello 你好 مرحبا", SAID])
def test_a_translation_without_an_end_is_called_that(open_page, shipped, text):
    found = translation.read(shipped[0], translation.source(shipped[1], text).ids)
    assert ("found no end" in words(open_page(PAGE, korean=text))) == (found.target[-1] != EOS)


def test_a_ready_sentence_takes_the_place_of_the_old_one(open_page):
    app = open_page(PAGE)
    app.button_group(key="encoder_decoder_ready").set_value(SAID).run()
    assert app.session_state.korean == SAID and app.query_params["korean"] == SAID


@pytest.mark.parametrize("link", [{"encoder_decoder_t": "99"}, {"encoder_decoder_part": "cross-9"},
                                  {"encoder_decoder_layer": "0"}, {"encoder_decoder_head": "x"}])  # fmt: skip
def test_a_bad_link_opens_the_usual_view_and_says_so(open_page, link):
    app = open_page(PAGE, **link)
    assert not app.exception and len(app.warning) == 1


def test_the_code_prints_the_pages_weights(open_page, shipped):
    model, tokens = shipped
    app = open_page(PAGE)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(app.code[0].value, {})
    source = translation.source(tokens, "안녕하세요, 만나서 반가워요")
    weights = translation.cross_weights(translation.read(model, source.ids))[-1, 0, :4]
    first = np.array([float(x) for x in re.findall(r"[\d.]+", out.getvalue().split("]]")[0])]).reshape(4, -1)
    np.testing.assert_allclose(first, weights, atol=0.0051)


def test_probabilities_are_multiplied(shipped, expected):
    from pages.encoder_decoder.model import questions
    from pages.shared.model.questions import mark

    source, found, _oracle = expected
    labels = translation.target_labels(shipped[1], found.target)
    asked = questions.questions(source, found, labels, shipped[0].config)
    assert asked[2].answer == pytest.approx(math.prod(round(math.exp(p), 2) for p in found.log_probs[:3]))
    for question in asked:
        assert mark(question, question.answer).right
        assert not any(mark(question, wrong).right for wrong, _said in question.mistakes if wrong != question.answer)
    assert torch.isfinite(found.trace.logits).all()


def test_half_a_character_is_replaced_and_said(open_page):
    app = open_page(PAGE)
    app.session_state["korean"] = "안녕\ud800"  # no browser can send one
    app._run()
    assert not app.exception and "lone surrogate" in app.warning[0].value
