"""Questions about tokens: the answers by hand, mistakes named, nothing asked where there is nothing to ask."""

import pytest

from core import checkpoints, tokenizer
from pages.shared.model.questions import mark
from pages.tokens.model import bpe, cutting, lattice, questions
from pages.tokens.model.lattice import Edge, Path
from tests.core.test_tokenizer import stories
from tests.pages.tokens.test_bpe import PAPER

FACTS = {"characters": 10, "all": 4, "d_model": 8, "zero": 5}
SPELT = cutting.Character("é", "U+00E9", "C3 A9", (200, 174))
PATH = Path((Edge(0, 1, "a", 9, -2.0), Edge(1, 2, "b", 10, -3.25)), -5.25)


@pytest.fixture
def asked():
    return questions.questions(FACTS, SPELT, bpe.learn(PAPER), PATH)


def test_the_answers_by_hand(asked):
    assert [q.answer for q in asked] == [0xA9 + 5, 95 - 9, -5.25, 32]
    assert all(mark(q, q.answer).right for q in asked)


def test_no_mistake_is_right(asked):
    for question in asked:
        assert question.mistakes
        for wrong, sentence in question.mistakes:
            assert not mark(question, wrong).right
            assert mark(question, wrong).text in {s for _wrong, s in question.mistakes} and sentence


@pytest.mark.parametrize(
    ("question", "answer", "named"),
    [(0, 169, "begin at 5"), (0, 173, "One too few"), (1, 77, "both tokens away"), (1, 94, "everywhere at once"),
     (2, 6.5, "multiplied"), (2, 5.25, "The sign"), (3, 24, "start token"), (3, 80, "not characters")],
)  # fmt: skip
def test_mistakes_are_named(asked, question, answer, named):
    assert named in mark(asked[question], answer).text


def test_the_first_merge_is_to_be_predicted():
    question = questions.first_merge(bpe.learn(PAPER)[0])
    assert question.answer == "e + s"
    assert set(question.options) == {"e + s", "s + t", "w + e", "l + o"}
    assert "Just as frequent: 9 times" in mark(question, "s + t").text
    assert "That pair: 8; the most frequent one: 9" in mark(question, "w + e").text


@pytest.mark.parametrize("text", ["", "a", "abc", "🙂"])
def test_nothing_is_asked_where_there_is_nothing_to_ask(text):
    steps = bpe.learn(text)
    assert questions.first_merge(steps[0]) is None
    assert len(questions.questions(FACTS, SPELT, steps, Path((), 0.0))) == 2


def test_of_the_models_own_numbers(tmp_path):
    tokens = tokenizer.train(stories(), tmp_path / "t", 320, "unigram")
    path = lattice.best_path(lattice.lattice(tokens, "upon hello"))
    spelt = cutting.spelled(checkpoints.load_tokenizer("stories"), "한")[0]
    byte, _merge, total, _rows = questions.questions(FACTS, spelt, bpe.learn(PAPER), path)
    assert byte.answer == spelt.ids[-1]
    assert total.answer == pytest.approx(sum(e.score for e in path.edges[:4]), abs=0.03)
