"""The page Decoding, looked at more closely: every step, beam search, the KV cache, the penalty, and the translator."""

import math
import re

import numpy as np
import pytest
import torch

from core import costs
from core import translation as reading
from core.decoding import Cached, beam_search, greedy
from core.tokenizer import EOS, SOS
from pages.decoding.model import beams, cache_costs
from pages.shared import models, state
from tests.pages.decoding.test_page import PAGE, TEXT, component, press, prompt, table, words, written

TRANSLATE = {"decoding_task": "Translate"}


def translation(sentence: str = state.DEFAULT_KOREAN) -> tuple[int, ...]:
    """What greedy decoding makes of it, by the loaded model."""
    model = models.translator()
    return reading.read(model, reading.source(models.unigram(), sentence).ids).target[1:]


def told(sentence: str = state.DEFAULT_KOREAN) -> Cached:
    model = models.translator()
    ids = reading.source(models.unigram(), sentence).ids
    with torch.no_grad():
        _, memory = reading.encode(model, ids, reading.NOTHING)
    return Cached(model.decoder, **memory)


def shown(app) -> dict[str, list[str]]:
    """The table of steps, or of searches: its columns."""
    return {str(name): [str(x).replace("\\", "") for x in column] for name, column in app.table[-1].value.items()}


def reveal(app, key: str):
    return app.button(key=f"decoding_{key}_show").click().run()


def plain(app) -> str:
    return words(app).replace("\\", "")


# Every step


def test_every_step_of_the_story(open_page):
    app = press(press(open_page(PAGE, text="Lily had", decoding_t="0"), "next"), "next")
    columns, n = shown(app), len(prompt("Lily had"))
    assert columns["T"] == [str(i) for i in range(n + 2)]
    assert columns["fed"][:2] == ["⟨start⟩", "⟨start⟩ + Lily"]
    assert columns["part of the text"] == ["your sentence"] * (n - 1) + ["written"] * 2 + ["–"]
    assert columns["next token"][-1].endswith("(comes next)")


def test_every_step_of_the_translation(open_page):
    app = open_page(PAGE, **TRANSLATE, decoding_t="0")
    target = translation()
    for _ in target:
        press(app, "next")
    assert written(app) == target and not app.exception
    columns = shown(app)
    assert columns["fed"][0] == "⟨start⟩" and len(columns["T"]) == len(target)
    logs = [math.log(float(p)) for p in columns["its probability"]]
    found = reading.read(models.translator(), reading.source(models.unigram(), state.DEFAULT_KOREAN).ids)
    np.testing.assert_allclose(np.exp(logs), np.exp(found.log_probs), atol=0.0006)
    assert "the translation is complete" in words(app) and app.button(key="decoding_next").disabled


# Beam search


@pytest.mark.parametrize("link", [{"text": TEXT}, TRANSLATE])
@pytest.mark.parametrize("width", [1, 4])
def test_the_tree_is_that_of_the_search(link, width, open_page):
    app = open_page(PAGE, **link, decoding_closer="Greedy and beam", decoding_width=str(width), decoding_depth="5")
    reveal(app, "better")
    assert not app.exception
    ids, model = (prompt(), Cached(models.model("stories"))) if "text" in link else ((SOS,), told())
    tree = beam_search(model, ids, EOS, 5, width)
    data = component(app, "decoding_tree")
    nodes = [node for column in data["columns"] for node in column]
    assert len(nodes) == len(tree.nodes) - 1
    for node in nodes:
        assert node["parent"] == tree.nodes[node["id"]].parent and node["state"] == tree.nodes[node["id"]].state
        assert float(node["sum"].replace("−", "-")) == pytest.approx(tree.nodes[node["id"]].total, abs=0.0051)
    best = [n["id"] for n in nodes if n["best"]]
    assert tree.ids(best[-1]) == tree.best and [n["id"] for n in nodes if n["winner"]] == [best[-1]]
    if width == 1:
        steps = [step.chosen for step in greedy(model, ids, EOS, 5)]
        assert [tree.nodes[i].token for i in best] == steps
        assert "The same text" in plain(app)


def test_all_widths_are_measured(open_page):
    app = open_page(PAGE, text=TEXT, decoding_closer="Greedy and beam", decoding_depth="6", decoding_widths="true")
    columns = shown(reveal(app, "better"))
    model = Cached(models.model("stories"))
    trees = [beam_search(model, prompt(), EOS, 6, width) for width in range(1, 6)]
    best = [max(tree.nodes[i].total for i in range(len(tree.nodes)) if tree.ids(i) == tree.best) for tree in trees]
    sums = [float(x.replace("−", "-")) for x in columns["sum of log p"]]
    np.testing.assert_allclose(sums, best, atol=0.0051)
    marked = [i for i, x in enumerate(columns["score"]) if x.endswith("★")]
    assert marked == [i for i in range(5) if best[i] == max(best)]


def test_how_many_times_as_probable_the_beams_text_is(open_page):
    app = reveal(open_page(PAGE, text="Once upon a time", decoding_closer="Greedy and beam", decoding_width="5",
                           decoding_depth="24"), "better")  # fmt: skip
    model, ids = Cached(models.model("stories")), prompt("Once upon a time")
    one, five = (beams.result(beam_search(model, ids, EOS, 24, width)) for width in (1, 5))
    gap = five.total - one.total
    assert gap > 0.1 and f"$e^{{{gap:.2f}}} \\approx$ {math.exp(gap):,.2f} times" in words(app)


def test_a_branch_goes_on_from_any_node(open_page):
    app = reveal(open_page(PAGE, text=TEXT, decoding_closer="Greedy and beam"), "better")
    tree = beam_search(Cached(models.model("stories")), prompt(), EOS, 12, 3)
    node = next(i for i, n in enumerate(tree.nodes) if n.state == "dropped" and n.depth == 2)
    app.session_state["decoding_asked"] = [("add", tree.ids(node)[len(prompt()) :])]
    app.run()
    assert prompt() + written(app) == tree.ids(node)
    assert component(app, "decoding_tree")["first"] == len(tree.ids(node)) - 1
    assert len(written(press(app, "back"))) == 1


@pytest.mark.parametrize("tokens", [(-1,), (5, 10**9)])
def test_a_branch_of_tokens_that_do_not_exist_is_not_taken(tokens, open_page):
    app = open_page(PAGE, text=TEXT)
    app.session_state["decoding_asked"] = [("add", tokens)]
    assert written(app.run()) == ()


def test_no_tree_grows_from_a_text_that_is_over(open_page):
    app = open_page(PAGE, text=TEXT, decoding_ids="9.2", decoding_closer="Greedy and beam")
    assert "no tree can grow" in words(app) and not app.exception


# The KV cache


@pytest.mark.parametrize("link", [{"text": TEXT}, TRANSLATE])
def test_the_cache_of_a_step(link, open_page):
    app = open_page(PAGE, **link, decoding_t="0")
    for _ in range(3):
        press(app, "next")
    app.get_by_key("decoding_closer").set_value("KV cache").run()
    n = 1 if link is TRANSLATE else len(prompt())
    app.session_state["decoding_cache_t"] = n
    reveal(app.run(), "saved")
    assert not app.exception
    config = models.translator().config if link is TRANSLATE else models.model("stories").config
    source = len(reading.source(models.unigram(), state.DEFAULT_KOREAN).ids) if link is TRANSLATE else 0
    step = cache_costs.step(costs.of(config), n, source)
    assert f"{step.cached:,} operations with the cache, {step.uncached:,} without" in plain(app)
    assert f"holds {step.held / 1024:.1f} KiB" in plain(app).replace("**", "")
    alt = next(c.proto.alt for c in app.get("vega_lite_chart") if c.proto.alt.startswith("Rows of K and V"))
    assert f"the same in each of {2 * config.n_layers} lines" in alt
    app.button(key="decoding_clock").click().run()
    assert re.search(r"[\d.]+ ms\*\* with the cache", plain(app))


def test_a_measurement_is_of_one_model(open_page):
    app = open_page(PAGE, text=TEXT, decoding_closer="KV cache")
    reveal(app, "saved").button(key="decoding_clock").click().run()
    assert "Measured here" in words(app)
    assert "Measured here" not in words(app.selectbox(key="model").set_value("stories-100").run())


def test_the_rows_of_a_head_are_the_caches(open_page):
    app = open_page(PAGE, text=TEXT, decoding_closer="KV cache", decoding_cache_t="4", decoding_layer="2")
    data, cache = component(app, "decoding_cache_head"), Cached(models.model("stories"))
    for t in range(1, 5):
        cache.step(prompt()[:t])
    k, v = cache.pasts[prompt()[:4]][1].attention
    for panel, kept in zip(data["panels"], (k, v), strict=True):
        np.testing.assert_allclose(panel["values"], kept[0, state.DEFAULTS["head"] - 1], atol=1e-5)
    assert data["axes"]["token"]["groups"] == ["reused"] * 3 + ["computed now"]


# Repetition penalty


def test_the_penalty_has_its_column(open_page):
    app = open_page(PAGE, text="The red ball was red and the ball was red", decoding_r="1.5", decoding_t="1")
    data, seen = table(app), set(prompt("The red ball was red and the ball was red"))
    assert [c["name"] for c in data["columns"]] == ["logit", "penalised", "scaled", "share", "kept?", "probability"]
    for row in data["rows"][:-1]:
        before, after = (float(row["cells"][i]["text"].replace("−", "-").strip("▾ ")) for i in (0, 1))
        paid = before * 1.5 if before < 0 else before / 1.5
        assert after == pytest.approx(paid if row["id"] in seen else before, abs=0.012)
        assert row["cells"][1]["text"].startswith("▾") == (row["id"] in seen)
    assert "repetition penalty" in plain(app) and not app.exception


def test_without_a_penalty_there_is_no_column(open_page):
    assert len(table(open_page(PAGE, text=TEXT))["columns"]) == 5


# The translator


def test_two_korean_sentences_side_by_side(open_page):
    app = open_page(PAGE, **TRANSLATE, decoding_whatif="true", decoding_t="0", decoding_n="20")
    assert not app.exception
    for sentence in (state.DEFAULT_KOREAN, "저는 어제 친구와 영화를 봤어요."):
        said = models.unigram().decode([i for i in translation(sentence) if i != EOS])
        assert said in plain(app)


def test_settings_side_by_side_for_the_translator(open_page):
    app = open_page(PAGE, **TRANSLATE, decoding_whatif="true", decoding_versus="Other settings")
    assert not app.exception
    assert "No difference" in plain(app) or "They part" in plain(app)


@pytest.mark.parametrize("korean", ["", "hello", "!!!", "가" * 2000])
def test_what_cannot_be_translated_is_said(korean, open_page):
    app = open_page(PAGE, **TRANSLATE, korean=korean)
    assert len(app.error) == 1 and not app.exception


def test_another_task_begins_afresh(open_page):
    app = press(open_page(PAGE, text=TEXT), "next")
    app.get_by_key("decoding_task").set_value("Translate").run()
    assert written(app) == () and not app.exception
