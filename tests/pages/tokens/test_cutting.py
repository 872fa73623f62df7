"""One text cut in several ways, and what each way costs."""

import pytest

from core import checkpoints
from core.tokenizer import SPACE
from pages.shared.model import pieces
from pages.tokens.model import cutting, languages
from pages.tokens.model.cutting import Character, Cost, Cut

TEXT = "Don't stop, Lily 한🙂!"


@pytest.fixture(scope="module")
def tokens():
    return checkpoints.load_tokenizer("stories")


def test_words_and_characters():
    assert cutting.words(TEXT) == ["Don't", "stop", ",", "Lily", "한", "🙂", "!"]
    assert cutting.characters("a b\n\x07") == ["a", "␣", "b", "↵", "␇"]
    assert cutting.words(" \n") == cutting.characters("") == []


def test_four_ways_count_their_tokens(tokens):
    cuts = cutting.cuts(TEXT, {"one": tokens, "other": tokens})
    assert [cut.way for cut in cuts] == ["Words", "Characters", "one", "other"]
    assert cuts[0] == Cut("Words", cutting.words(TEXT), 7)
    assert cuts[1].n == len(TEXT)
    assert cuts[2].n == len(tokens.encode(TEXT).ids) > len(cuts[2].pieces)
    assert {"\u2068한\u2069 ×3", "\u2068🙂\u2069 ×4"} < set(cuts[2].pieces)


def test_the_table_holds_every_token_as_it_stands_in_the_vocabulary(tokens):
    read = tokens.encode("a é")
    rows = cutting.table(read, ("a", "␣", "é 1/2", "é 2/2"), "a é")
    assert [row["id"] for row in rows] == list(read.ids)
    assert [row["in the vocabulary"] for row in rows] == [SPACE + "a", SPACE, "<0xC3>", "<0xA9>"]
    assert rows[-1] == {
        "token": "é 2/2", "in the vocabulary": "<0xA9>", "id": read.ids[-1], "characters": "é", "UTF-8 bytes": "C3 A9"
    }  # fmt: skip


def test_what_is_spelled_with_bytes(tokens):
    found = cutting.spelled(tokens, "é a 🙂é ▁")
    zero = cutting.byte_zero(tokens)
    assert found[0] == Character("é", "U+00E9", "C3 A9", (zero + 0xC3, zero + 0xA9))
    assert [c.text for c in found] == ["é", "🙂"]
    assert found[1].ids == tuple(zero + b for b in "🙂".encode())
    assert cutting.spelled(tokens, "the end") == cutting.spelled(tokens, "") == []
    assert len(cutting.spelled(tokens, cutting.EXAMPLES)) == 3


def test_the_ids_of_bytes_stand_in_order(tokens):
    zero = cutting.byte_zero(tokens)
    assert tokens.pieces[zero : zero + 256] == tuple(f"<0x{b:02X}>" for b in range(256))


@pytest.mark.parametrize(
    ("text", "read"),
    [("", ""), ("a b", "▁a▁b"), ("▁", "▁␛_"), ("a\n", "▁a↵"), ("x" * 200, "▁" + "x" * 99 + "…")],
)
def test_what_is_cut(text, read):
    assert cutting.read_as(text) == read


def test_kinds_of_pieces(tokens):
    text = "Lily, é"
    cut = pieces.pieces(tokens.encode(text), text)
    assert [cutting.kind(p, tokens.pieces) for p in cut] == [
        "start",
        "with a space",
        "without",
        "with a space",
        "bytes",
    ]


def test_what_a_text_costs(tokens):
    found = cutting.costs({"x": "한a", "nothing": ""}, {"t": tokens})
    assert found == [Cost("x", "t", len(tokens.encode("한a").ids), 2, 4), Cost("nothing", "t", 0, 0, 0)]
    assert found[0].per_character == found[0].tokens / 2
    assert found[1].per_character == 0


def test_the_dearest_language(tokens):
    found = cutting.costs(languages.SENTENCES, {"t": tokens})
    said = cutting.dearest(found)
    counts = {name: len(tokens.encode(text).ids) for name, text in languages.SENTENCES.items()}
    assert (said["least"], said["few"]) == ("English", min(counts.values())) == ("English", counts["English"])
    assert (said["most"], said["many"]) == ("Hindi", max(counts.values()))
    assert said["times"] == said["many"] / said["few"]


def test_a_word_with_and_without_its_space(tokens):
    for piece in (SPACE + "red", "red", "<0x00>", "<s>"):
        twin, with_space, without = cutting.twins(tokens, piece)
        assert tokens.pieces[with_space] == SPACE + twin
        assert tokens.pieces[without] == twin
    assert cutting.twins(tokens, SPACE + "red")[0] == "red"


def test_words_that_a_list_lacks():
    assert cutting.unknown("The zorb saw 3 the Zorb!", {"the": 0, "saw": 1}) == ["zorb", "Zorb"]


def test_facts_of_an_empty_text_are_numbers(tokens):
    said = cutting.facts(tokens, "", tokens.encode(""), 1)
    assert (said["n"], said["all"], said["each"], said["per_word"], said["read_as"]) == (0, 1, 0, 0, "")
