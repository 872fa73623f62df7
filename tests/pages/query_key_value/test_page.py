"""The page Query, key, value: three pictures against the oracle, the predictions, bad input."""

import contextlib
import io
import re

import numpy as np
import pytest

from core import words
from pages.query_key_value.model import chat, projections, retrieval
from pages.query_key_value.model.projections import CAT, RPS
from tests import reference
from tests.pages.words import charts, component, panels, said, show

PAGE = "pages/query_key_value/page.py"
SLUG = "query_key_value"
SEARCH, CHAT, PLANE = ({f"{SLUG}_part": part} for part in ("A search", "A group chat", "A bent plane"))


def link(**values: str) -> dict[str, str]:
    return {f"{SLUG}_{name}": value for name, value in values.items()}


@pytest.fixture(scope="module")
def vectors():
    return words.load()


def snippet(app) -> np.ndarray:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(app.code[0].value, {})
    return np.array([float(x) for x in re.findall(r"-?\d+\.\d*", out.getvalue())])


@pytest.mark.parametrize(("label", "kind", "t"), [("Cosine", "cosine", 0.1), ("Scaled dot", "scaled_dot", 1.0)])
@pytest.mark.parametrize("query", ["fresh fruit", "guitar"])
def test_the_search_is_the_oracles(open_page, vectors, query, label, kind, t):
    app = open_page(PAGE, **link(query=query, kind=label))
    assert not app.exception and not app.warning
    library = retrieval.library(retrieval.LIBRARY, vectors)
    q = vectors.rows(words.split(query)).mean(0)
    scores, weights, output = reference.attention(q[None], library.k, library.v, kind=kind, temperature=t)
    shown = panels(app, f"{SLUG}_hard")
    np.testing.assert_allclose(shown["A"], weights, atol=1e-9)
    np.testing.assert_allclose(shown["B"][0], np.eye(8)[weights[0].argmax()])
    rows = component(app, f"{SLUG}_entries")["rows"]
    assert [row["id"] for row in rows] == np.argsort(-scores[0]).tolist()
    bars = [row["score"] for row in charts(app)[0]]
    np.testing.assert_allclose(bars, [n.score for n in words.neighbours(vectors, output[0], 6)], atol=1e-9)
    np.testing.assert_allclose(snippet(app), weights[0], atol=6e-5)


@pytest.mark.parametrize("step", ["1", "2", "3", "4"])
@pytest.mark.parametrize("kind", ["Cosine", "Dot", "Scaled dot"])
def test_every_step_of_the_search_opens(open_page, step, kind):
    app = open_page(PAGE, **link(step=step, kind=kind))
    assert not app.exception and not app.warning


def test_titles_come_back_only_after_a_prediction(open_page):
    app = open_page(PAGE)
    assert "titles come back" not in said(app)
    app.radio[0].set_value("They stay as they are").run()
    assert "titles come back" in said(app) and [s.value for s in app.success] == ["Right."]


@pytest.mark.parametrize("t", ["0.3", "1"])
@pytest.mark.parametrize("back", ["1", "2"])
def test_the_chat_is_the_oracles(open_page, vectors, t, back):
    app = show(open_page(PAGE, **CHAT, **link(chat_t=t, back=back, round="2")), f"{SLUG}_arrives")
    assert not app.exception and not app.warning
    x = chat.chat(chat.CHAT, vectors).x
    found = []
    for _round in range(2):
        mask = reference.sliding_window(4, int(back) + 1)
        _scores, weights, x = reference.attention(x, x, x, mask, kind="cosine", temperature=float(t))
        found.append(weights)
    shown = panels(app, f"{SLUG}_heard")
    np.testing.assert_allclose(shown["weights"], found[1], atol=1e-9)
    np.testing.assert_allclose(shown["before"], found[0], atol=1e-9)
    np.testing.assert_allclose(shown["heard"], found[1] @ found[0], atol=1e-9)
    assert "by way of" in said(app)
    np.testing.assert_allclose(snippet(app), np.stack([found[0], found[1] @ found[0]]).ravel(), atol=6e-5)


def test_she_is_measured_and_by_hand(open_page):
    app = open_page(PAGE, **CHAT)
    assert "layer 2, head 5 gives **0.72** from **she** to **nurse**" in said(app)
    assert panels(app, f"{SLUG}_heads")["here"].shape == (4, 6)
    app = open_page(PAGE, **CHAT, **link(she="By hand", edits="W_q.2.0=0"))
    shown = panels(app, f"{SLUG}_she_hand")
    wanted = reference.attention(shown["X"] @ shown["W_q"], shown["X"] @ shown["W_k"], shown["X"])
    np.testing.assert_allclose(shown["scores"], wanted[0], atol=1e-12)
    assert shown["W_q"][2, 0] == 0


@pytest.mark.parametrize(("way", "shared"), [("Two, trained", False), ("One for both, trained", True)])
@pytest.mark.parametrize(("words_", "task"), [("hungry cat eats fish", CAT), ("rock, paper, scissors", RPS)])
@pytest.mark.parametrize("moment", [1, 5, 9])
def test_the_plane_is_what_was_trained(open_page, words_, task, way, shared, moment):
    app = open_page(PAGE, **PLANE, **link(plane_task=words_, plane_way=way, plane_moment=str(moment)))
    assert not app.exception and not app.warning
    seen = projections.train(task.x, task.goals, shared)[projections.MOMENTS[moment - 1]]
    shown = panels(app, f"{SLUG}_plane_matrices")
    scores, weights, _output = reference.attention(task.x @ seen.w_q, task.x @ seen.w_k, task.x)
    np.testing.assert_allclose(shown["scores"], scores, atol=1e-9)
    np.testing.assert_allclose(shown["weights"], weights, atol=1e-9)
    assert f"is **{abs(scores - scores.T).max():.2f}**" in said(app)
    np.testing.assert_allclose(snippet(app), weights.ravel(), atol=6e-5)


def test_one_for_both_is_shown_after_a_prediction(open_page):
    app = open_page(PAGE, **PLANE)
    assert "goals are met with two" not in said(app)
    app.radio[0].set_value("No, one matrix is not enough").run()
    assert "3 of 3 goals are met with two, 0 with one" in said(app)
    own, shared = (projections.train(CAT.x, CAT.goals, together)[-1].weights for together in (False, True))
    np.testing.assert_allclose(panels(app, f"{SLUG}_plane_beside")["difference"], own - shared, atol=1e-9)


def test_matrices_of_the_learners_own(open_page):
    edits = "W_q.0.0=0;W_q.0.1=1;W_q.1.0=-1;W_q.1.1=0;X.0.0=1"
    app = open_page(PAGE, **PLANE, **link(plane_way="Yours", plane_edits=edits, plane_task="rock, paper, scissors"))
    x, w_q = RPS.x.copy(), np.array([[0.0, 1.0], [-1.0, 0.0]])
    x[0, 0] = 1
    shown = panels(app, f"{SLUG}_plane_matrices")
    np.testing.assert_allclose(shown["weights"], reference.attention(x @ w_q, x, x)[1], atol=1e-12)
    app.button(key=f"{SLUG}_plane_reset").click().run()
    np.testing.assert_allclose(panels(app, f"{SLUG}_plane_matrices")["q"], RPS.x)


NONSENSE = [
    (SEARCH | link(query=""), "Type a word"),
    (SEARCH | link(query="zzxq aple"), "did you mean apple"),
    (SEARCH | link(library=""), "Type a word"),
    (SEARCH | link(library="apple\nphone: battery"), "Left out"),
    (SEARCH | link(library="**b** $x$ apple: :red[fruit]", query="**apple** $1"), ""),
    (SEARCH | link(library="apple: fruit"), ""),
    (SEARCH | link(kind="Sine"), "Sine"),
    (SEARCH | link(t_cosine="-1"), "does not exist"),
    (CHAT | link(chat=""), "at least one message"),
    (CHAT | link(chat="Ann: zzxq"), "zzxq"),
    (CHAT | link(chat="Ann: hello"), ""),
    (CHAT | link(chat="Ann: hello\n" * 20), "Left out at the end: 12"),
    (CHAT | link(back="99"), "does not exist"),
    (CHAT | link(back="0"), ""),
    (CHAT | link(sentence="Your sentence", own=""), "at least two words"),
    (CHAT | link(sentence="Your sentence", own="she"), "at least two words"),
    (CHAT | link(sentence="Your sentence", own="¡ 안녕 🐈 she!"), ""),
    (CHAT | link(sentence="Your sentence", own="she " * 40), ""),
    (CHAT | link(she="By hand", edits="X.0.0=1e6;W_q.0.0=-1e6;W_k.0.0=1e300"), "does not exist"),
    (PLANE | link(plane_edits="X.0.0=1e6;X.1.1=-1e6"), ""),
    (PLANE | link(plane_edits=";".join(f"X.{i}.{j}=0" for i in range(4) for j in (0, 1))), ""),
    (PLANE | link(plane_way="Yours", plane_edits="X.0.0=1e6;W_q.0.0=1e6;W_k.0.0=-1e6"), ""),
    (PLANE | link(plane_edits="X.9.0=1;W_q.0.0=nan"), "does not exist"),
    (PLANE | link(plane_moment="99"), "does not exist"),
    (link(part="A dream"), "A dream"),
]


@pytest.mark.parametrize(("asked", "sentence"), NONSENSE)
def test_nonsense_gets_a_sentence_or_a_decided_answer(open_page, asked, sentence):
    app = open_page(PAGE, **asked)
    text = said(app)
    for button in [b.key for b in app.button if b.key and b.key.endswith("_show")]:
        app = app.button(key=button).click().run()
    assert not app.exception and not app.error
    assert sentence in text + said(app)
    assert not re.search(r"\bnan\b|\binf\b", said(app))


def test_every_chart_says_what_it_shows(open_page):
    for part in (SEARCH, PLANE):
        alts = [c.proto.alt for c in open_page(PAGE, **part).get("vega_lite_chart")]
        assert alts and all(alts)


@pytest.mark.parametrize("part", [SEARCH, CHAT, PLANE])
def test_right_answers_are_marked_right(open_page, part):
    app = open_page(PAGE, **part)
    assert sum(b.key.startswith(f"{SLUG}_check") for b in (*app.text_input, *app.radio)) == 3
