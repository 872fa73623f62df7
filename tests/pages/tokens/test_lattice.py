"""The lattice of pieces: the best way through it is the one that sentencepiece itself takes."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core import tokenizer
from core.tokenizer import BYTE, SPACE, UNK
from pages.tokens.model import lattice
from tests.core.test_tokenizer import SENTENCE, stories

TEXTS = [SENTENCE, "the ball", "dog", "o", "韓 ball", "  two  spaces ", "a\nb\n\n", "\u2581 \u241b", "🙂", "red" * 30]


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    return tokenizer.train(stories(), tmp_path_factory.mktemp("unigram") / "tokenizer.model", 320, "unigram")


def spelled(path: lattice.Path) -> list[str]:
    """The pieces, with the bytes of what the vocabulary lacks."""
    found = []
    for edge in path.edges:
        found += [f"<0x{b:02X}>" for b in edge.piece.encode()] if edge.id == UNK else [edge.piece]
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_the_best_path_is_what_sentencepiece_encodes(tokens, text):
    assert spelled(lattice.best_path(lattice.lattice(tokens, text))) == list(tokens.encode(text).pieces)


@given(text=st.text(st.sampled_from("abdehilnoprstuw 안녕하\n▁␛é"), max_size=30))
def test_so_it_is_for_any_text(tokens, text):
    assert spelled(lattice.best_path(lattice.lattice(tokens, text))) == list(tokens.encode(text).pieces)


@pytest.mark.parametrize("text", ["the ball", "upon", "hello"])
def test_the_next_best_paths_are_sentencepieces_too(tokens, text):
    found = lattice.best_paths(lattice.lattice(tokens, text), 4)
    theirs = tokens._sp.nbest_encode(text, nbest_size=4, out_type=str)
    assert [list(path.pieces) for path in found] == theirs


@given(text=st.text(st.sampled_from("abdehilnoprstuw "), max_size=9))
def test_every_way_is_counted_and_none_is_better(tokens, text):
    found = lattice.lattice(tokens, text)
    ways = lattice.best_paths(found, 10_000)
    assert len(ways) == lattice.count_paths(found) == len({way.pieces for way in ways})
    assert ways[0] == lattice.best_path(found)
    assert [way.score for way in ways] == sorted((way.score for way in ways), reverse=True)
    for way in ways:
        assert "".join(way.pieces) == found.text
        assert way.score == pytest.approx(sum(edge.score for edge in way.edges))


def test_scores_are_the_models_own(tokens):
    for edge in lattice.lattice(tokens, "the little dog").edges:
        assert tokens.pieces[edge.id] == edge.piece
        assert edge.score == tokens._sp.get_score(edge.id)


def test_a_character_that_the_vocabulary_lacks_costs_more_than_any_piece(tokens):
    found = lattice.lattice(tokens, "韓")
    lacking = next(edge for edge in found.edges if edge.id == UNK)
    assert (lacking.piece, lacking.score) == ("韓", min(filter(None, tokens.scores)) - 10)


def test_nothing_has_one_way_of_no_pieces(tokens):
    found = lattice.lattice(tokens, "")
    assert (found.text, found.edges) == ("", ())
    assert lattice.best_path(found) == lattice.Path((), 0.0)
    assert lattice.count_paths(found) == 1


@given(text=st.text(st.characters(codec="utf-8"), max_size=12))
def test_pieces_are_cut_from_the_prepared_text(tokens, text):
    pieces = tokens.encode(text).pieces
    if not any(BYTE.fullmatch(piece) for piece in pieces):
        assert "".join(pieces) == tokenizer.prepared(text)
    assert tokenizer.prepared(text).startswith(SPACE) == bool(text)
