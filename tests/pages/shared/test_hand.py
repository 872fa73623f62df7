"""Examples for paper: the preset, and sentences that are typed."""

import numpy as np
import pytest

from core import words
from pages.shared.model import hand


@pytest.fixture(scope="module")
def vectors():
    return words.load()


def test_the_preset_has_numbers_of_its_own_whatever_the_seed(vectors):
    assert hand.example("You love  statistics", vectors, seed=5) is hand.LOVE
    assert hand.LOVE.x.shape == (3, 3) and hand.LOVE.labels == ("0 You", "1 love", "2 statistics")


def test_other_words_stand_where_the_first_axes_put_them(vectors):
    found = hand.example("An apple, and an orange", vectors, seed=1, width=5)
    assert found.words == ("An", "apple", "and", "an", "orange")
    apple = vectors.vector("apple")[:5]
    assert np.allclose(found.x[1], apple * found.x[1, 0] / apple[0], atol=0.011)  # two decimals
    assert np.abs(found.x).max() == 2
    assert np.array_equal(found.x[0], found.x[3])


def test_a_seed_repeats_its_weights(vectors):
    one, two, other = (hand.example("cats sleep", vectors, seed=s) for s in (3, 3, 4))
    assert np.array_equal(one.w_q, two.w_q) and not np.array_equal(one.w_q, other.w_q)


def test_unknown_words_stand_at_the_origin_and_are_named(vectors):
    found = hand.example("the qwxzy runs", vectors)
    assert found.unknown == ("qwxzy",) and not found.x[1].any() and found.x[2].any()


def test_punctuation_takes_no_place_unless_there_is_nothing_else(vectors):
    assert hand.example("You love statistics!", vectors) is hand.LOVE
    assert hand.example("“Well”, it's (so)…", vectors).words == ("Well", "it's", "so")
    assert hand.example("?!", vectors).words == ("?", "!")
    assert hand.example("🙂 dog", vectors).words == ("🙂", "dog")  # no punctuation: it is named as unknown


def test_a_long_sentence_is_cut_and_an_empty_one_refused(vectors):
    found = hand.example("one two three four five six seven eight nine ten", vectors)
    assert (len(found.words), found.left_out) == (hand.MOST_WORDS, 2)
    with pytest.raises(ValueError, match="type a sentence"):
        hand.example("  ", vectors)


def test_an_invisible_character_is_no_word_of_its_own(vectors):
    assert hand.example("the\u200bcat ❤️ sat \u3164", vectors).words == ("the", "cat", "❤️", "sat")


@pytest.mark.parametrize("text", ["ฉันรักคุณ", "我爱你", "すし", "カタカナ"])
def test_a_sentence_without_spaces_is_one_word_and_known_as_such(vectors, text):
    found = hand.example(text, vectors)
    assert found.unknown == (text,) and hand.unspaced(text)
    assert not any(map(hand.unspaced, ("안녕", "نعم", "cat", "नमस्ते")))
