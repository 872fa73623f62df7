"""The maths of the lesson Query, key, value: look-up, chat, pronoun, projections, and what is taken along."""

import contextlib
import io

import numpy as np
import pytest
import torch

from core import checkpoints, words
from core.attention import KINDS
from pages.query_key_value.model import chat, export, projections, pronoun, questions, retrieval
from pages.query_key_value.model.projections import CAT, RPS, TASKS
from pages.shared.model.questions import mark
from tests import reference


@pytest.fixture(scope="module")
def vectors():
    return words.load()


@pytest.fixture(scope="module")
def library(vectors):
    return retrieval.library(retrieval.LIBRARY, vectors)


@pytest.fixture(scope="module")
def talk(vectors):
    return chat.chat(chat.CHAT, vectors)


@pytest.fixture(scope="module")
def stories():
    return checkpoints.load("stories", "model.safetensors"), checkpoints.load_tokenizer("stories")


def printed(code: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, {})
    return out.getvalue()


def numbers(text: str) -> np.ndarray:
    return np.array([float(x) for x in text.replace("[", " ").replace("]", " ").split()])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_a_look_up_is_the_oracles(vectors, library, kind, temperature):
    q = vectors.rows(["fresh", "fruit"]).mean(0)
    k = np.stack([vectors.rows(words.split(entry.title)).mean(0) for entry in library.entries])
    v = np.stack([vectors.rows(words.split(entry.content)).mean(0) for entry in library.entries])
    trace = retrieval.look_up(q, library, kind, temperature)
    expected = reference.attention(q[None], k, v, kind=kind, temperature=temperature)
    for got, wanted in zip((trace.scores, trace.weights, trace.output), expected, strict=True):
        np.testing.assert_allclose(got, wanted, atol=1e-9)


def test_every_word_of_ours_has_a_vector(library, talk):
    assert len(library.entries) == 8 and not library.unknown and not library.refused
    assert len(talk.messages) == 4 and not talk.unknown and not talk.refused


def test_soft_becomes_hard_as_the_temperature_falls(vectors, library):
    q = vectors.vector("fruit")
    trace = retrieval.look_up(q, library, "cosine", 0.0005)
    np.testing.assert_allclose(trace.weights[0], retrieval.hard(trace.weights[0].numpy()), atol=1e-6)


def test_lines_that_cannot_be_used_are_named(vectors):
    found = retrieval.library(
        "apple: fruit\nzzxq: fruit\napple\n: fruit\n\nphone: zzxq battery" + "\ndog: cat" * 9, vectors
    )
    assert [entry.title for entry in found.entries[:2]] == ["apple", "phone"]
    assert found.refused == ("zzxq: fruit", "apple", ": fruit") and found.left_out == 4 and "zzxq" in found.unknown
    talk = chat.chat("Ann: hello\nzzxq\nBen: zzxq\n: fine", vectors)
    assert talk.messages == ("Ann: hello", ": fine") and talk.labels == ("1 Ann", "2 ?")


@pytest.mark.parametrize("back", [0, 1, 2, 7])
def test_rounds_are_the_oracles_and_their_product_is_what_was_heard(talk, back):
    made = chat.rounds(talk.x, back, 0.3)
    x, heard = talk.x, np.eye(4)
    mask = reference.sliding_window(4, back + 1)
    for one in made:
        _scores, weights, x = reference.attention(x, x, x, mask, kind="cosine", temperature=0.3)
        heard = weights @ heard
        np.testing.assert_allclose(one.weights, weights, atol=1e-9)
        np.testing.assert_allclose(one.heard, heard, atol=1e-9)
        np.testing.assert_allclose(one.after, heard @ talk.x, atol=1e-9)


def test_news_of_message_1_reaches_message_4_by_way_of_others(talk):
    made = chat.rounds(talk.x, 2, 0.3)
    assert chat.reach(made) == (3, 0)
    assert made[0].heard[3, 0] == 0 < made[1].heard[3, 0]
    w_1, w_2 = made[0].weights, made[1].weights
    assert made[1].heard[3, 0] == pytest.approx(w_2[3, 1] * w_1[1, 0] + w_2[3, 2] * w_1[2, 0])
    assert "by way of 2" in chat.paths(made, talk.labels, 3, 0)
    assert chat.reach(chat.rounds(talk.x, 0, 0.3)) is None
    assert chat.reach(chat.rounds(talk.x, 3, 0.3)) is None


def test_two_heads_compare_their_own_columns(talk):
    panels = {p["id"]: np.array(p["values"]) for p in chat.two_heads(talk, 2, 0.3)["panels"]}
    for head, half in (("head_1", talk.x[:, :32]), ("head_2", talk.x[:, 32:])):
        mask = reference.sliding_window(4, 3)
        wanted = reference.attention(half, half, half, mask, kind="cosine", temperature=0.3)[1]
        np.testing.assert_allclose(panels[head], wanted, atol=1e-9)


def test_she_looks_at_the_nurse_in_one_head_and_not_with_a_boy_between(stories):
    looked = pronoun.looks(*stories, "The nurse said that she", "nurse")
    assert [stories[1].pieces[looked.ids[i]] for i in looked.person] == ["▁n", "ur", "se"]
    assert looked.weights.argmax() == 1 * 6 + 4 and looked.weights.max() > 0.65 and looked.even == 3 / 8
    model, _tokens = stories
    with torch.no_grad():
        trace = model(torch.tensor([looked.ids]))
    weights = torch.cat([block.attention.heads.weights for block in trace.blocks])
    torch.testing.assert_close(looked.weights, weights[:, :, -1, 2:5].sum(-1))
    other = pronoun.looks(*stories, "The nurse told the boy that she", "nurse")
    assert other.weights[1, 4] < 0.25 < looked.weights[1, 4]


def test_the_average_counts_every_sentence_once(stories):
    mean, even = pronoun.average(*stories)
    each = [pronoun.looks(*stories, text, word) for text, word in pronoun.TRIED]
    assert all(one.person for one in each)
    torch.testing.assert_close(mean, sum(one.weights for one in each) / len(each))
    assert even == pytest.approx(np.mean([one.even for one in each]))


def test_she_by_hand_is_the_oracles():
    panels = {p["id"]: p for p in pronoun.by_hand({("X", 3, 2): 3.0})["panels"]}
    x, w_q, w_k = (np.array(panels[name]["values"]) for name in ("X", "W_q", "W_k"))
    assert x[3, 2] == 3
    weights = reference.attention(x @ w_q, x @ w_k, x, reference.causal(4, 4))[1]
    np.testing.assert_allclose(panels["weights"]["values"], weights, atol=1e-12)
    assert weights[3].argmax() == 1


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
@pytest.mark.parametrize("shared", [False, True])
def test_training_is_gradient_descent_on_the_cross_entropy(task, shared):
    """The same by torch's autograd."""
    run = projections.train(task.x, task.goals, shared, 5)
    x = torch.tensor(task.x)
    w_q = torch.eye(2, dtype=torch.float64, requires_grad=True)
    w_k = w_q if shared else torch.eye(2, dtype=torch.float64, requires_grad=True)
    rows = [i for i, goal in enumerate(task.goals) if goal is not None]
    for seen in run:
        scores = (x @ w_q) @ (x @ w_k).T / 2**0.5
        loss = torch.nn.functional.cross_entropy(scores[rows], torch.tensor([task.goals[i] for i in rows]))
        assert seen.loss == pytest.approx(loss.item(), abs=1e-9)
        np.testing.assert_allclose(seen.weights, scores.softmax(-1).detach(), atol=1e-9)
        slopes = torch.autograd.grad(loss, [w_q] if shared else [w_q, w_k])
        with torch.no_grad():
            for w, slope in zip((w_q, w_k), slopes, strict=False):
                w -= projections.RATE * slope


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_two_matrices_learn_what_one_cannot(task):
    own, shared = (projections.train(task.x, task.goals, together)[-1] for together in (False, True))
    assert projections.facts(task, own)["met"] == 3 and own.loss < 0.01
    assert projections.facts(task, shared)["met"] == 0 and shared.loss > 1
    assert projections.lopsided(shared.scores) < 1e-12 and projections.lopsided(own.scores) > 5
    scores, weights, _output = reference.attention(own.q, own.k, own.k)
    np.testing.assert_allclose(own.scores, scores, atol=1e-9)
    np.testing.assert_allclose(own.weights, weights, atol=1e-9)


def test_one_matrix_makes_rock_paper_scissors_even():
    np.testing.assert_allclose(projections.train(RPS.x, RPS.goals, True)[-1].weights, 1 / 3, atol=1e-9)


def test_the_identity_looks_at_itself():
    assert projections.facts(CAT, projections.train(CAT.x, CAT.goals, False)[0])["own"] == 4


@pytest.mark.parametrize("x", [CAT.x * 5e5, CAT.x * 0, CAT.x * 1e-9, -CAT.x])
def test_any_points_that_can_be_typed_stay_finite(x):
    for shared in (False, True):
        assert all(np.isfinite(seen.weights).all() and np.isfinite(seen.loss)
                   for seen in projections.train(x, CAT.goals, shared))  # fmt: skip


def test_questions_and_their_mistakes(vectors, library, talk):
    q = vectors.rows(["fresh", "fruit"]).mean(0)
    scores = retrieval.look_up(q, library, "cosine", 0.1).scores[0].numpy()
    made = chat.rounds(talk.x, 2, 0.3)
    seen = projections.train(CAT.x, CAT.goals, False)[20]
    asked = [*questions.search(library, scores, 0.1), *questions.chat(talk, made, 3, 0)]
    asked += [*questions.plane(CAT, seen, 0), *questions.plane(CAT, seen, 3), questions.handed()]
    asked += [questions.arrives(talk, 3, 0), questions.can_share(False), questions.can_share(True)]
    for question in asked:
        assert mark(question, question.answer).right
        assert all(not mark(question, wrong).right for wrong, _said in question.mistakes)
    assert asked[0].answer == pytest.approx(1 / (1 + np.exp(-(round(scores[5], 2) - round(scores[0], 2)) / 0.1)))
    assert "first raise e" in mark(asked[0], 0.51 / 0.95).text
    assert "√2" in mark(asked[7], float(asked[7].answer) * 2**0.5).text


def test_snippets_print_the_numbers(vectors, library, talk):
    trace = retrieval.look_up(vectors.vector("fruit"), library, "cosine", 0.1)
    out = printed(export.search(library, trace.scores[0].numpy(), 0.1))
    weights, _, contents = out.strip().rpartition("\n")
    np.testing.assert_allclose(numbers(weights), trace.weights[0], atol=6e-5)
    assert contents == library.entries[int(trace.weights[0].argmax())].content
    made = chat.rounds(talk.x, 2, 0.3)
    expected = np.concatenate([made[0].weights.ravel(), made[1].heard.ravel()])
    np.testing.assert_allclose(numbers(printed(export.chat(talk, made, 0.3))), expected, atol=6e-5)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("steps", [0, 1, 200, None])
def test_the_snippet_trains_as_the_page_does(shared, steps):
    seen = projections.train(CAT.x, CAT.goals, shared)[20 if steps is None else steps]
    np.testing.assert_allclose(
        numbers(printed(export.plane(CAT, seen, steps, shared))), seen.weights.ravel(), atol=6e-5
    )


def test_equal_titles_leave_one_right_answer(vectors):
    found = retrieval.library("fruit: apple\nfruit: banana\nphone: screen", vectors)
    q, _unknown = retrieval.phrase(vectors, "fruit")
    scores = retrieval.look_up(q, found, "cosine", 0.1).scores[0].numpy()
    hard = next(one for one in questions.search(found, scores, 0.1) if "Hard" in one.text)
    assert hard.answer == "apple" and "banana" not in hard.options and "screen" in hard.options


@pytest.mark.parametrize(("text", "back"), [("A: hello", 2), ("A: hello\nB: good\nC: morning", 0)])
def test_nobody_looks_at_others_so_it_is_not_asked_who_is_looked_at(vectors, text, back):
    found = chat.chat(text, vectors)
    asked = questions.chat(found, chat.rounds(found.x, back, 0.3), len(found.messages) - 1, 0)
    assert not any("Read the matrix" in question.text for question in asked)
