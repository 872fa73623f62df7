"""The page Inside the model: its numbers against the oracle's, for plain and odd sentences, links and answers."""

import contextlib
import io
import json
import re

import numpy as np
import pyarrow as pa
import pytest

from core import tokenizer
from core.tokenizer import SOS
from pages.shared import models, state
from pages.shared.model import head_questions, panels
from pages.shared.model.questions import mark
from tests import reference
from tests.core.same import numbers
from tests.pages.conftest import go

PAGE = "pages/inside/page.py"
LAYER, HEAD = (state.DEFAULTS[name] - 1 for name in ("layer", "head"))  # counted from 0
LONG = (
    "Once upon a time, there was a little girl named Lily. She had a red ball and a blue car. One day she went to "
    "the park with her mom and her dog Max, and they saw a big tree."
)
ODD = {
    "empty": "",
    "one token": "Once",
    "two tokens": "Once upon",
    "emoji": "😀👍🏽",
    "Korean": "안녕하세요 친구",
    "right to left": "مرحبا يا صديقي, the שלום end",
    "control characters": "a\x00b\x07c\x1b[31m",
    "line breaks": "One day\n\n  Tom   ran.",
    "Markdown": "**b** $x$ [a](b) :red[x] `c` {t} <b> | # _i_ ![i](j) \\query{a}",
    "a single letter 300 times": "a " * 300,
}


class Oracle:
    """All that the page shows, computed in float64 by the reference's functions alone."""

    def __init__(self, text: str, name: str = "stories"):
        model = models.model(name)
        p, self.c = numbers(model), vars(model.config)
        self.p, n = p, self.c["n_heads"]
        self.ids = [SOS, *models.tokenizer(name).encode(text).ids][: self.c["context"]]
        self.mask = reference.causal(len(self.ids), len(self.ids))
        x = reference.embed(self.ids, p["embedding"], self.c)
        self.stream, self.heads = [x], []
        for block in p["blocks"].values():
            z, w = reference.layer_norm(x, **block["norm1"]), block["attention"]
            q, k, v = (np.split(reference.linear(z, w[f"w_{i}"], w[f"b_{i}"]), n, -1) for i in "qkv")
            self.heads.append([(*h, *reference.attention(*h, self.mask)) for h in zip(q, k, v, strict=True)])
            joined = np.hstack([h[-1] for h in self.heads[-1]])
            middle = x + reference.linear(joined, w["w_o"], w["b_o"])
            z = reference.layer_norm(middle, **block["norm2"])
            x = middle + reference.mlp(z, block["mlp"], self.c["activation"])
            self.stream += [middle, x]

    def logits(self, x: np.ndarray) -> np.ndarray:
        return reference.layer_norm(x, **self.p["norm"]) @ self.p["embedding"]["tokens"].T


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def matrices(app) -> dict[str, np.ndarray]:
    """The panels' numbers by name; a masked cell is -inf."""
    panels = component(app, "inside_matrices")["panels"]
    return {p["id"]: np.array([[-np.inf if x is None else x for x in row] for row in p["values"]]) for p in panels}


def chart(app, name: str) -> list[dict]:
    """The rows behind one of the page's three charts."""
    proto = app.get("vega_lite_chart")[("lengths", "next", "lens").index(name)].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_all().to_pylist()


def words(app) -> str:
    """All Markdown of the page on one line, without the signs that keep directions and Markdown apart."""
    text = " ".join(" ".join(m.value for m in app.markdown).split())
    return re.sub(r"[\u2068\u2069]|\\(?=\W)", "", text)


def close(got, expected) -> None:
    np.testing.assert_allclose(got, expected, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize(("layer", "head"), [(1, 1), (2, 5), (4, 6)])
def test_the_chosen_head_is_the_oracles(open_page, layer, head):
    app = open_page(PAGE, layer=str(layer), head=str(head))
    assert not app.exception
    expected = Oracle(state.DEFAULT_TEXT)
    q, k, v, scores, weights, output = expected.heads[layer - 1][head - 1]
    shown = matrices(app)
    masked = np.where(expected.mask, scores, -np.inf)
    for name, values in zip(shown, (q, k, scores, masked, weights, v, output), strict=True):
        close(shown[name], values)
    assert list(shown) == ["q", "k", "scores", "masked", "weights", "v", "output"]
    assert f"## 3 · Layer {layer}, head {head}" in words(app)


def test_the_chosen_head_in_the_link_reaches_the_grid(open_page):
    grid = component(open_page(PAGE, layer="3", head="4"), "inside_heads")
    assert grid["chosen"] == {"layer": 2, "head": 3}
    assert (grid["layers"], grid["heads"]) == (4, 6)


def test_choosing_a_head_moves_the_whole_page(open_page):
    app = open_page(PAGE)
    before = matrices(app)["scores"]
    app.session_state.layer, app.session_state.head = 2, 5  # what state.choose_head does
    app.run()
    assert "## 3 · Layer 2, head 5" in words(app)
    assert app.query_params["layer"] == "2"
    assert np.abs(matrices(app)["scores"] - before).max() > 0.1
    assert app.code[0].value.splitlines()[2].startswith("# Layer 2, head 5")


@pytest.mark.parametrize("position", [0, 5, 9])
def test_stream_logits_and_lens_of_a_token(open_page, position):
    expected = Oracle(state.DEFAULT_TEXT)
    labels = component(open_page(PAGE), "inside_matrices")["axes"]["query"]["labels"]
    app = open_page(PAGE, inside_token=labels[position])
    assert not app.warning
    lengths = np.linalg.norm(expected.stream, axis=-1)
    rows = chart(app, "lengths")
    close([r["length"] for r in rows if r["who"] == "chosen token"], lengths[:, position])
    close([r["length"] for r in rows if r["who"] == "start token"], lengths[:, 0])
    close([r["length"] for r in rows if r["who"] == "median"], np.median(lengths, axis=1))
    close([[r["low"], r["high"]] for r in rows if r["low"] is not None], np.stack([lengths.min(1), lengths.max(1)], 1))

    logits = expected.logits(expected.stream[-1])[position]
    probs = reference.softmax(logits)
    best = reference.by_size(logits)
    rows = chart(app, "next")
    assert [r["id"] for r in rows] == best[:10]
    close([r["logit"] for r in rows], logits[best[:10]])
    close([r["probability"] for r in rows], probs[best[:10]])

    early = [expected.logits(x)[position] for x in expected.stream[::2]]
    ranks = [reference.by_size(row).index(best[0]) + 1 for row in early]
    rows = chart(app, "lens")
    assert [r["rank"] for r in rows if r["place"] == "answer"] == ranks
    close([r["probability"] for r in rows if r["place"] == "answer"], [reference.softmax(x)[best[0]] for x in early])
    firsts = [tokenizer.show(models.tokenizer("stories").pieces[reference.by_size(row)[0]]) for row in early]
    assert [r["token"] for r in rows if r["place"] == "1"] == firsts
    assert ", ".join(f"{r:,}" for r in ranks) in words(app)


def test_the_words_quote_the_trace(open_page):
    app, expected = open_page(PAGE, layer="2", head="3"), Oracle(state.DEFAULT_TEXT)
    text, t = words(app), len(expected.ids)
    row = expected.heads[1][2][4][-1]
    assert f"The largest part, {row.max():.2f}, goes to **{row.argmax()} " in text
    assert f"Of the {t * t} cells of this matrix {t * (t - 1) // 2} are masked" in text
    weights = np.array([[h[4] for h in layer] for layer in expected.heads])
    before = np.array([[np.mean([w[i, i - 1] for i in range(2, t)]) for w in layer] for layer in weights])
    layer, head = np.unravel_index(before.argmax(), before.shape)
    assert f"layer {layer + 1}, head {head + 1} looks most at the token just before: {before.max():.0%}" in text
    start = weights[:, :, 2:, 0].mean(-1)
    layer, head = np.unravel_index(start.argmax(), start.shape)
    assert f"Layer {layer + 1}, head {head + 1} looks most at the start token: {start.max():.0%}" in text
    lengths = np.linalg.norm(expected.stream, axis=-1)[:, -1]
    assert f"begins with {lengths[0]:.1f} and ends with {lengths[-1]:.1f}" in text


def test_one_logit_is_worked_out(open_page):
    expected = Oracle(state.DEFAULT_TEXT)
    logits = expected.logits(expected.stream[-1])[-1]
    line = next(m.value for m in open_page(PAGE).markdown if "more}" in m.value).replace("−", "-")
    products = re.findall(r"(\(?-?[\d.]+\)?)\\cdot(\(?-?[\d.]+\)?)", line)
    products = [float(a.strip("()")) * float(b.strip("()")) for a, b in products]
    rest = float(re.search(r"underbrace\{\(?(-?[\d.]+)", line)[1])
    assert float(line.rsplit("= ", 1)[1].strip("$")) == pytest.approx(logits.max(), abs=0.006)
    assert sum(products) + rest == pytest.approx(logits.max(), abs=0.15)  # six products of rounded numbers
    assert f"{expected.c['d_model'] - 6} more" in line


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_sentence(open_page, text):
    app = open_page(PAGE, text=text)
    assert not app.exception
    expected = Oracle(text)
    t = len(expected.ids)
    assert f"Tokens: **{t}**" in words(app)
    assert len(app.warning) == (len(text) > 500)
    weights = matrices(app)["weights"]
    if t <= 24:
        close(weights, expected.heads[LAYER][HEAD][4])


def test_what_was_typed_is_never_read_as_markdown(open_page):
    app = open_page(PAGE, text="*", inside_token="2 *")
    said = [m.value for m in app.markdown if "begins with" in m.value]
    assert "**2 \\*** begins" in said[0]
    chips = next(m.value for m in app.markdown if "-badge[" in m.value)
    assert "\\*" in chips


@pytest.mark.parametrize("position", [23, 24, 30, 45])
def test_a_long_sentence_is_seen_through_a_window(open_page, position):
    expected = Oracle(LONG)
    labels = labels_of(LONG)
    app = open_page(PAGE, text=LONG, layer="3", head="4", inside_token=labels[position])
    shown, first = matrices(app), max(0, position - 23)
    here = slice(first, first + 24)
    q, k, v, scores, weights, output = (x[here] for x in expected.heads[2][3])
    for name, values in {"q": q, "k": k, "v": v, "output": output}.items():
        close(shown[name], values)
    close(shown["scores"], scores[:, here])
    close(shown["weights"], weights[:, here])
    if first:
        close(shown["before"][:, 0] + shown["weights"].sum(1), np.ones(24))
        close(shown["weights"] @ shown["v"] + shown["added"], shown["output"])
        assert f"**{labels[position]}** gives them {weights[-1, :first].sum():.2f}" in words(app)
    else:
        assert "before" not in shown
        close(shown["weights"].sum(1), np.ones(24))
    assert f"Shown are 24 tokens, **{labels[first]}** to **{labels[first + 23]}**" in words(app)


def labels_of(text: str) -> list[str]:
    read = models.tokenizer("stories").encode(text)
    return [f"{i} {name}" for i, name in enumerate([tokenizer.START_SHOWN, *tokenizer.labels(read, text)])]


@pytest.mark.parametrize("text", [state.DEFAULT_TEXT, LONG, ""])
def test_lines_hold_every_weight(open_page, text):
    app = open_page(PAGE, text=text, inside_view="Lines")
    drawn, weights = component(app, "inside_lines"), Oracle(text).heads[LAYER][HEAD][4]
    first = len(weights) - len(drawn["rows"])
    for i, row in enumerate(drawn["rows"]):
        lines = [w for query, _key, w in drawn["lines"] if query == i]
        close(sum(lines) + drawn["rest"][i][1], 1)
        assert row.startswith(f"{first + i} ")
    if first:
        assert drawn["cols"][0] == f"0–{first - 1}"
        near = [w for q, k, w in drawn["lines"] if (q, k) == (0, 0)]
        close(near[0] if near else 0, weights[first, :first].sum() if near else 0)


@pytest.mark.parametrize(("name", "raw"), [("token", "99 zebra"), ("view", "Sculpture"), ("change", "maybe")])
def test_nonsense_in_the_link_is_said_and_replaced(open_page, name, raw):
    app = open_page(PAGE, **{f"inside_{name}": raw})
    assert not app.exception
    assert [raw in warning.value for warning in app.warning] == [True]
    close(matrices(app)["weights"], Oracle(state.DEFAULT_TEXT).heads[LAYER][HEAD][4])


@pytest.mark.parametrize(("name", "raw"), [("layer", "99"), ("head", "7"), ("layer", "-1"), ("model", "gpt-9")])
def test_what_does_not_exist_in_the_model_is_replaced(open_page, name, raw):
    app = open_page(PAGE, **{name: raw})
    assert not app.exception
    close(matrices(app)["weights"], Oracle(state.DEFAULT_TEXT).heads[LAYER][HEAD][4])


def test_the_last_token_is_followed_as_the_text_grows(open_page):
    app = open_page(PAGE)
    app.text_input[0].set_value("Once upon a time").run()
    assert "**4 time** begins with" in words(app)
    app.text_input[0].set_value("Once upon a time there").run()
    assert "**5 there** begins with" in words(app)
    app.selectbox(key="inside_token").set_value("2 upon").run()
    assert "**2 upon** begins with" in words(app)
    app.text_input[0].set_value("Once").run()
    assert "**1 Once** begins with" in words(app)
    assert not app.exception


def test_digits_reach_the_matrices(open_page):
    assert component(open_page(PAGE, digits="4"), "inside_matrices")["digits"] == 4


def asked(app) -> list:
    ids = tuple(Oracle(app.session_state.text).ids)
    trace = models.trace("stories", ids)
    one = panels.one_head(trace.blocks[LAYER].attention.heads, HEAD)
    return head_questions.questions(one, labels_of(app.session_state.text), range(len(ids)), 192)


def test_right_answers_are_marked_right(open_page):
    app = open_page(PAGE)
    questions = asked(app)
    answer(app, [q.answer for q in questions])
    assert [s.value for s in app.success] == ["Right."] * len(questions) == ["Right."] * 4
    assert not app.error
    assert app.session_state.progress["inside_check"] == (4, 4)


def test_mistakes_are_named(open_page):
    app = open_page(PAGE)
    questions = asked(app)
    known = [next(m for m in q.mistakes if not mark(q, m[0]).right) for q in questions]
    answer(app, [wrong for wrong, _sentence in known])
    said = [e.value for e in app.error]
    assert said == [sentence for _wrong, sentence in known]
    for name in ("forgot to divide by the square root", "masked after the softmax", "keys for values"):
        assert any(name in sentence for sentence in said), name
    assert "\\sqrt" in app.expander[0].markdown[0].value  # the working


def answer(app, answers: list) -> None:
    """Type into the boxes and choose among the options, in the order of the page."""
    boxes = [box for box in app.text_input if box.key.startswith("inside_check")]
    *typed, chosen = answers
    for box, value in zip(boxes, typed, strict=True):
        box.set_value(str(value))
    app.radio[0].set_value(chosen)
    app.run()
    assert not app.exception


@pytest.mark.parametrize("text", ["", "Once upon a time", LONG])
def test_the_snippet_prints_the_numbers_of_the_page(open_page, text):
    app = open_page(PAGE, text=text, layer="2", head="4")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[0].value, {})
    weights, output = (np.fromstring(line.strip("[]"), sep=" ") for line in printed.getvalue().splitlines())
    expected = Oracle(text).heads[1][3]
    row = min(4, len(expected[4])) - 1
    np.testing.assert_allclose(weights, expected[4][row][: row + 1], atol=0.006)
    np.testing.assert_allclose(output, expected[5][row][:4], atol=0.006)


def test_the_functions_that_ran_are_shown(open_page):
    shown = [block.value for block in open_page(PAGE).code[1:]]
    assert shown[0].startswith("@precisely\ndef attention(")
    assert "def unembed(" in shown[1]


def test_every_chart_says_what_it_shows(open_page):
    app = open_page(PAGE)
    said = [c.proto.alt for c in app.get("vega_lite_chart")]
    assert len(said) == 3
    best = chart(app, "next")[0]
    assert f"1 {best['token'].split(' ', 1)[1]}" in said[1]
    assert "9 was" in said[0]
    assert "block 4" in said[2]


def test_the_page_keeps_little(open_page):
    """What the session holds after a visit: words and numbers, no traces."""
    app = open_page(PAGE, text=LONG)
    kept = [app.session_state[key] for key in app.session_state._state.filtered_state]
    assert len(repr(kept)) < 10_000


def test_coming_back_finds_the_same_head(open_page):
    app = open_page(PAGE, layer="2", head="5")
    go(app, "pages/home/page.py")
    go(app, PAGE)
    assert "## 3 · Layer 2, head 5" in words(app)


def test_marking_is_by_the_questions_own_tolerance(open_page):
    question = asked(open_page(PAGE))[0]
    assert mark(question, question.answer + 0.009).right
    assert not mark(question, question.answer + 0.02).right
