"""The mood of a sentence: the oracle's numbers, and what the lesson says of them."""

import numpy as np
import pytest

from core import words
from pages.masking.model import mood
from tests import reference

TEXT = "The food was good but the service was terrible"


@pytest.fixture(scope="module")
def vectors():
    return words.load()


def test_it_is_the_oracles(vectors):
    found = mood.mood(vectors, TEXT)
    x = np.array([vectors.vectors[vectors.index[w]] for w in TEXT.lower().split()])
    axis = reference.unit(vectors.vectors[vectors.index["good"]] - vectors.vectors[vectors.index["bad"]])
    np.testing.assert_allclose(found.own, x @ axis)
    for row, mask in zip(found.seen, (True, reference.causal(9, 9)), strict=True):
        np.testing.assert_allclose(row, reference.attention(x, x, x, mask, kind="cosine")[2] @ axis, atol=1e-12)
    assert found.verdicts == pytest.approx(tuple(found.seen.mean(1)))


def test_order_counts_with_the_mask_only(vectors):
    found = mood.mood(vectors, TEXT)
    (free, causal), (free_back, causal_back) = found.verdicts, found.backward_verdicts
    assert free == pytest.approx(free_back)
    assert abs(causal - causal_back) > 0.1
    again = mood.mood(vectors, " ".join(reversed(TEXT.split())))
    assert again.verdicts == pytest.approx(found.backward_verdicts)


def test_the_last_word_has_heard_all(vectors):
    found = mood.mood(vectors, TEXT)
    assert found.seen[0, -1] == pytest.approx(found.seen[1, -1])
    assert found.seen[1, 0] == pytest.approx(found.own[0])


def test_unknown_and_superfluous_words_are_told(vectors):
    found = mood.mood(vectors, "boring " + "good " * 20)
    assert found.unknown == ("boring",)
    assert (len(found.words), found.left_out) == (mood.MOST_WORDS, 4)


@pytest.mark.parametrize("text", ["", "   ", "!?", "xyzzyx", "고양이"])
def test_no_known_word_is_a_sentence(vectors, text):
    with pytest.raises(ValueError, match="None of these words has a vector"):
        mood.mood(vectors, text)
