"""Byte pair encoding: the paper's example, sentencepiece's merges, and texts that are none."""

import re
from io import BytesIO
from itertools import pairwise

import hypothesis.strategies as st
import pytest
import sentencepiece as spm
from hypothesis import assume, given

from core.tokenizer import SPACE
from pages.tokens.model import bpe
from pages.tokens.model.bpe import Merge, Word

PAPER = "low low low low low lower lower newest newest newest newest newest newest widest widest widest"
WORDS = ["low", "lower", "lowest", "newest", "widest", "wide", "new", "slow", "owl", "stew", "western", "bread"]


def theirs(text: str, n: int) -> list[str]:
    """The first n pieces that sentencepiece's trainer merges."""
    made = BytesIO()
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter([text]), model_writer=made, vocab_size=3 + n + len(set(text) | {SPACE}) - (" " in text),
        model_type="bpe", normalization_rule_name="identity", character_coverage=1.0, minloglevel=2,
        hard_vocab_limit=False,
    )  # fmt: skip
    model = spm.SentencePieceProcessor(model_proto=made.getvalue())
    return [piece for i in range(3, model.vocab_size()) if len(piece := model.id_to_piece(i)) > 1]


def test_the_papers_example():
    """Counted by hand: e s and s t stand side by side nine times, in newest (6) and widest (3)."""
    steps = bpe.learn(PAPER)
    assert steps[0].words[:2] == (Word((SPACE, "l", "o", "w"), 5), Word((SPACE, "l", "o", "w", "e", "r"), 2))
    assert steps[0].pairs[:3] == (Merge(("e", "s"), 9), Merge(("s", "t"), 9), Merge(("w", "e"), 8))
    assert [merge.piece for merge in bpe.merges(steps)[:4]] == ["es", "est", "lo", "low"]
    assert steps[0].tokens == 5 * 4 + 2 * 6 + 6 * 7 + 3 * 7
    assert steps[1].tokens == steps[0].tokens - 9


def test_a_word_that_was_never_seen_is_cut_into_what_was_learnt():
    learnt = bpe.merges(bpe.learn(PAPER))
    assert bpe.cut("lowest", learnt[:5]) == ((SPACE + "low", "est"),)
    assert bpe.cut("lowest lowest", learnt[:0]) == (tuple(SPACE + "lowest"),) * 2


@pytest.mark.parametrize("text", [PAPER, "the cat sat on the mat and the hat that the rat had " * 2])
def test_the_merges_are_sentencepieces(text):
    ours = [merge.piece for merge in bpe.merges(bpe.learn(text))]
    assert ours == theirs(text, len(ours))[: len(ours)]
    assert len(ours) > 8


@given(st.lists(st.sampled_from(WORDS), min_size=4, max_size=30))
def test_so_they_are_for_other_texts(found):
    text = " ".join(found)
    ours = [merge.piece for merge in bpe.merges(bpe.learn(text))]
    assume(ours)
    assert ours == theirs(text, len(ours))[: len(ours)]


@given(st.text(st.sampled_from("ab c,!\n한🙂▁"), max_size=60))
def test_every_step_writes_the_same_text_with_fewer_pieces(text):
    steps = bpe.learn(text, 10)
    written = ["".join(word.pieces) for word in steps[0].words]
    for before, after in pairwise(steps):
        assert ["".join(word.pieces) for word in after.words] == written
        assert before.pairs[0].count >= 2
        assert before.tokens - before.pairs[0].count <= after.tokens < before.tokens
    assert len(steps) == 11 or not bpe.next_merge(steps[-1])
    assert [w.pieces for w in steps[-1].words] == list(dict.fromkeys(bpe.cut(text, bpe.merges(steps))))


def test_the_words_hold_all_of_the_text():
    text = " Hi, you  there!\n안녕 🙂🙂 "
    assert re.sub(SPACE, "", "".join("".join(w.pieces) * w.count for w in bpe.words(text))) == re.sub(r"\s", "", text)
    counted = [("".join(w.pieces), w.count) for w in bpe.words("a, a, b")]
    assert counted == [
        (f"{SPACE}a", 2),
        (",", 2),
        (f"{SPACE}b", 1),
    ]


@pytest.mark.parametrize("text", ["", " \n", "a", "ab cd", "🙂"])
def test_a_text_in_which_nothing_occurs_twice_has_no_merges(text):
    assert len(bpe.learn(text)) == 1
    assert bpe.merges(bpe.learn(text)) == ()


def test_a_pair_in_a_row_of_three_is_joined_from_the_left():
    assert bpe.merge(("a", "a", "a", "b"), ("a", "a")) == ("aa", "a", "b")
    assert bpe.pairs((Word(("a", "a", "a"), 1),)) == (Merge(("a", "a"), 2),)
