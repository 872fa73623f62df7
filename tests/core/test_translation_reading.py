"""One sentence through the translator: steps against the uncached model and torch, parts taken away, what was seen."""

import math
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
import torch

from core import checkpoints, translation
from core.recipes.translation import recipe, seen
from core.recipes.translation.grammar import OPENING
from core.recipes.translation.parts import Pair
from core.tokenizer import EOS, SOS
from core.transformer import build
from core.translation import Changes
from pages.encoder_decoder.model import notice, stacks
from tests.core.same import shake

IDS = (7, 11, 23, EOS)


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(5)
    config = replace(recipe.CONFIG, vocab=31, d_model=14, n_heads=7, n_layers=2, d_ff=19, context=40)
    return shake(build(config))


@pytest.fixture(scope="module")
def shipped():
    return checkpoints.load("translate"), checkpoints.load_tokenizer("translate")


def test_a_reading_is_what_the_whole_model_says_at_every_step(model):
    found = translation.read(model, IDS)
    assert found.target[0] == SOS
    whole = model(torch.tensor([IDS]), torch.tensor([found.target[:-1]]))
    assert whole.logits[0].argmax(-1).tolist() == list(found.target[1:])
    told = whole.logits[0].log_softmax(-1)
    expected = [told[i, token].item() for i, token in enumerate(found.target[1:])]
    assert found.log_probs == pytest.approx(expected, abs=1e-5)
    torch.testing.assert_close(found.trace.logits, whole.logits)


def test_it_ends_at_eos_or_where_there_is_no_more_room(model):
    found = translation.read(model, IDS)
    assert (found.target[-1] == EOS) != (len(found.target) - 1 == 2 * len(IDS) + 10)
    assert EOS not in found.target[1:-1]


def test_without_cross_attention_the_source_is_of_no_account(model):
    one, other = (translation.read(model, ids, Changes(cut=True)) for ids in (IDS, (5, 6, EOS)))
    n = min(len(one.target), len(other.target))
    assert one.target[:n] == other.target[:n]
    assert not translation.cross_weights(one).any()


def test_a_masked_encoder_sees_nothing_that_comes_later(model):
    plain, masked = (translation.read(model, IDS, Changes(causal=causal)) for causal in (False, True))
    weights = masked.trace.encoder.blocks[0].attention.heads.weights
    assert not weights.triu(1).any() and plain.trace.encoder.blocks[0].attention.heads.weights.triu(1).any()


def test_a_removed_token_is_as_if_it_had_never_been(model):
    assert translation.read(model, IDS, Changes(removed=1)).target == translation.read(model, (7, 23, EOS)).target


def test_a_given_translation_is_scored_token_by_token(model):
    target = (SOS, 4, 9, EOS)
    found = translation.score(model, IDS, target)
    told = model(torch.tensor([IDS]), torch.tensor([target[:-1]])).logits[0].log_softmax(-1)
    assert found.log_probs == pytest.approx([told[i, t].item() for i, t in enumerate(target[1:])], abs=1e-5)


def test_all_heads_of_a_kind_stand_side_by_side(model):
    found = translation.read(model, IDS)
    for where, (t, s) in {"encoder": (4, 4), "decoder": (-1, -1), "cross": (-1, 4)}.items():
        one = notice.attention(found, stacks.Part(where, 0))
        n = len(found.target) - 1
        assert one.weights.shape == (2, 7, n if t < 0 else t, n if s < 0 else s)
        torch.testing.assert_close(one.weights.sum(-1), torch.ones(one.weights.shape[:-1]))
    blocks = found.trace.decoder.blocks
    torch.testing.assert_close(notice.attention(found, stacks.Part("cross", 0)).q[1], blocks[1].cross.heads.q[0])


def test_crossing_lines_are_counted():
    weights = torch.eye(5)[[0, 3, 2, 1, 4]]  # the last row and column are the end
    facts = notice.order(weights, ["1 a", "2 b", "3 c", "4 d", "5 end"], ["0 w", "1 x", "2 y", "3 z", "4 end"])
    assert (facts["sure"], facts["pairs"], facts["crossing"]) == (4, 6, 3)  # b-c, b-d, c-d
    assert "2 b → 3 z (1.00)" in facts["looks"]


def test_the_picture_holds_every_part_once(model):
    sides = stacks.picture(model.config, 4, 3)
    opening = [part["id"] for side in sides for part in side["parts"] if "id" in part]
    assert sorted(opening) == sorted(map(str, stacks.parts(2))) and len(set(opening)) == 10
    assert [part["heard"] for side in sides for part in side["parts"] if "heard" in part] == ["(4×14)"] * 2
    assert stacks.parse("cross-2", 2) == ("cross", 1) and stacks.parse("cross-3", 2) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), ("  ", "empty"), ("hello", "no Korean"), ("?!…", "no Korean"), ("가 " * 1000, "48 at most")],
)
def test_what_cannot_be_translated_is_answered_in_a_sentence(shipped, text, said):
    with pytest.raises(ValueError, match=said):
        translation.source(shipped[1], text)


def test_decomposed_hangul_and_double_spaces_are_the_same_sentence(shipped):
    odd = unicodedata.normalize("NFD", OPENING.ko).replace(" ", "  ")
    assert translation.source(shipped[1], odd) == translation.source(shipped[1], OPENING.ko)


def test_characters_that_the_vocabulary_lacks_are_named(shipped):
    assert translation.source(shipped[1], "저는 쀍뛟을 좋아해요").unknown == ("쀍", "뛟")
    assert translation.source(shipped[1], OPENING.ko).unknown == ()


def test_what_was_seen_is_known_again_and_nothing_else():
    prints = seen.parse(seen.content([Pair("안녕하세요, 만나서 반가워요", "hey"), Pair("누구?", "Who?")]))
    assert seen.was_seen("안녕하세요 만나서 반가워요!", prints) and seen.was_seen("누구", prints)
    assert not seen.was_seen("안녕", prints) and not seen.was_seen("누구", np.array([], dtype=np.uint64))


def test_the_shipped_translator_says_the_opening_exactly(shipped):
    model, tokens = shipped
    source = translation.source(tokens, OPENING.ko)
    found = translation.read(model, source.ids)
    assert found.target[-1] == EOS
    assert tokens.decode(found.target[1:-1]) == OPENING.en == "hey, good to know you"
    assert math.exp(sum(found.log_probs)) > 0.5


def test_the_shipped_fingerprints_know_the_grammars_training_sentences():
    from core.recipes.translation.corpus import split
    from core.recipes.translation.grammar import pairs

    prints = seen.parse(checkpoints.read_file("translate", seen.FILE))
    parts = split([], pairs())
    for part, expected in ((parts.train, True), (parts.test, False)):
        for family in ("greetings", "prices", "sequences"):
            assert {seen.was_seen(pair.ko, prints) for pair in part[family][:50]} == {expected}
