"""Text comes back as it went in, each piece knows its characters, and what is no text is refused."""

import random
import re
from itertools import groupby, pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given

from core import tokenizer
from core.tokenizer import EOS, ESCAPE, PAD, SOS, SPACE, UNK, Tokenizer

SENTENCE = "once upon a time there was little dog who saw the big red ball and ran home 안녕 하세요 나는 학생 입니다"
WORDS = SENTENCE.split()


def stories(n: int = 300) -> list[str]:
    """Made-up lines, with a few of the two characters that must be escaped, so that pieces with them are learnt."""
    chance = random.Random(0)
    lines = ([chance.choice(WORDS) for _ in range(12)] for _ in range(n))
    return [" ".join(line) + chance.choice([".\n", "!\n\n", f" {SPACE}{SPACE} {ESCAPE}\n"]) for line in lines]


@pytest.fixture(scope="session", params=["bpe", "unigram"])
def tokens(request, tmp_path_factory) -> Tokenizer:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.model"
    tokenizer.train(stories(), path, {"bpe": 360, "unigram": 320}[request.param], request.param)
    return Tokenizer.load(path)


def bytes_of(piece: str) -> bytes:
    byte = re.fullmatch("<0x([0-9A-F]{2})>", piece)
    return bytes.fromhex(byte[1]) if byte else piece.replace(SPACE, " ").encode()


def check_spans(text: str, made) -> None:
    """The spans go through the text from its start to its end, and each piece writes its span's characters."""
    assert len(made.ids) == len(made.pieces) == len(made.spans)
    if not text:
        return
    assert made.spans[0][0] == 0 and made.spans[-1][1] == len(text)
    escaped = SPACE in text or ESCAPE in text  # such a character is two for sentencepiece, and pieces may share it
    for one, two in pairwise(made.spans):
        assert one == two or one[1] == two[0] or (escaped and one[0] <= two[0] < one[1] <= two[1])
    if not escaped:
        written = groupby(zip(made.pieces, made.spans, strict=True), key=lambda pair: pair[1])
        for i, ((start, end), group) in enumerate(written):
            expected = " " * (i == 0) + text[start:end]  # sentencepiece puts a space before the text
            assert b"".join(bytes_of(piece) for piece, _ in group).decode() == expected


SPECIAL = [
    "  ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x1b",
    "\x7f",
    "\ufeff",
    "\u200b",
    "\u202e",
    "\ufffd",
    "\u2047",
    "\U0010ffff",
]
MARKS = [SPACE, ESCAPE, "_", f"{ESCAPE}_", "<s>", "</s>", "<unk>", "<pad>", "<0x41>"]
LETTERS = ["안녕", "한", "\u1112\u1161\u11ab", "🙂", "👩\u200d👩\u200d👧", "e\u0301", "שלום", " the dog"]
fragments = st.sampled_from([*SPECIAL, *MARKS, *LETTERS])
texts = st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=8), fragments, st.sampled_from(WORDS)))


@given(texts.map("".join))
def test_any_text_comes_back(tokens, text):
    made = tokens.encode(text)
    assert tokens.decode(made.ids) == text
    assert UNK not in made.ids
    check_spans(text, made)


@given(texts.map(" ".join))
def test_words_come_back(tokens, text):
    made = tokens.encode(text)
    assert tokens.decode(made.ids) == text
    check_spans(text, made)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "  two  spaces  ",
        "line\nbreak\r\nand\n\n\nmore\n",
        "안녕하세요, 나는 학생입니다.",
        "🙂👩\u200d👩\u200d👧🏳\ufe0f\u200d🌈",
        "\0\x01\x1b\x7f\x9f",
        "\u2581 \u241b \u241b_ \u241b\u2581_",
        "<s></s><pad><unk><0x41>",
        "מה שלום",
        "once " * 4000,
    ],
)
def test_named_texts_come_back(tokens, text):
    made = tokens.encode(text)
    assert tokens.decode(made.ids) == text
    check_spans(text, made)


@pytest.mark.parametrize("text", ["\ud800", "a \udc41 b", "\udfff\ud800"])
def test_half_a_character_is_refused_with_a_sentence(tokens, text):
    with pytest.raises(ValueError, match=r"half a character .* type or paste it again\."):
        tokens.encode(text)


def test_spans_by_hand(tokens):
    made = tokens.encode("the 韓")
    start = made.spans.index((4, 5))
    assert made.pieces[start:] == ("<0xE9>", "<0x9F>", "<0x93>")
    assert made.spans[start:] == ((4, 5),) * 3
    assert [tokens.is_byte(i) for i in made.ids[start:]] == [True] * 3
    assert not any(tokens.is_byte(i) for i in made.ids[:start])


def test_special_ids_are_where_they_should_be_and_say_nothing(tokens):
    assert (PAD, SOS, EOS, UNK) == (0, 1, 2, 3)
    assert tokens.pieces[:4] == ("<pad>", "<s>", "</s>", "<unk>")
    ids = tokens.encode("the dog").ids
    assert tokens.decode([SOS, *ids, EOS, PAD, PAD]) == "the dog"
    assert tokens.decode([]) == tokens.decode([SOS, EOS]) == ""


def test_a_line_break_is_a_piece_of_its_own(tokens):
    assert tokens.encode("a\n\nb").pieces.count("\n") == 2
    assert sum("\n" in piece for piece in tokens.pieces) == 1


def test_bytes_that_form_no_character_give_a_sign_for_it(tokens):
    first = tokens.encode("韓").ids[1]
    assert "\ufffd" in tokens.decode([first])


def test_the_vocabulary_is_what_was_asked_for(tokens):
    assert tokens.vocab == len(tokens.pieces) == len(set(tokens.pieces)) in (360, 320)
    made = tokens.encode("once upon a time")
    assert made.pieces == tuple(tokens.pieces[i] for i in made.ids)
    assert len(made.ids) < 10  # it learnt words, and does not spell


def test_saved_and_loaded_it_is_the_same(tokens, tmp_path):
    tokens.save(tmp_path / "again.model")
    again = Tokenizer.load(tmp_path / "again.model")
    assert again.sha256 == tokens.sha256 and again.pieces == tokens.pieces
    assert again.encode("the dog").ids == tokens.encode("the dog").ids


@pytest.mark.parametrize(("kind", "size"), [("bpe", 340), ("unigram", 310)])
def test_the_same_texts_give_the_same_file(tmp_path, kind, size):
    first, second = (tokenizer.train(stories(), tmp_path / n, size, kind) for n in ("a", "b"))
    assert first.sha256 == second.sha256
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == first.model
    assert tokenizer.train(stories(299), tmp_path / "c", size, kind).sha256 != first.sha256


def test_bpe_merges_the_most_frequent_pair_first(tmp_path):
    """By hand: in "ab ab ab cb", the pair "ab" is in three of four words, "cb" in one (arXiv 1508.07909)."""
    made = tokenizer.train(["ab ab ab cb"] * 5, tmp_path / "m", 256 + 4 + 1 + 4 + 2, "bpe")
    merged = [p for p in made.pieces[4:] if len(p) > 1 and not p.startswith("<0x")]
    assert merged in (["ab", SPACE + "ab"], [SPACE + "a", SPACE + "ab"])


@pytest.mark.parametrize("content", [b"", b"no model", bytes(100)])
def test_a_file_that_is_no_tokenizer_is_refused(tmp_path, content):
    (tmp_path / "x.model").write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.model.* is not a sentencepiece model"):
        Tokenizer.load(tmp_path / "x.model")


def test_a_tokenizer_cut_short_or_missing_is_refused(tokens, tmp_path):
    (tmp_path / "cut.model").write_bytes(tokens.model[: len(tokens.model) // 2])
    for name in ("cut.model", "missing.model"):
        with pytest.raises(ValueError, match=f"No tokenizer can be read from {name}"):
            Tokenizer.load(tmp_path / name)


def test_a_vocabulary_that_cannot_be_learnt_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No vocabulary of 5000 pieces can be learnt"):
        tokenizer.train(["too little"], tmp_path / "x", 5000)
    with pytest.raises(ValueError, match="'bpe' or 'unigram'; got 'wordpiece'"):
        tokenizer.train(stories(), tmp_path / "x", 300, "wordpiece")
    assert not (tmp_path / "x").exists()


def test_a_long_text_is_learnt_from_too(tmp_path):
    """Sentencepiece leaves a text of more than 4,192 bytes out, unless it is told not to."""
    long = "the owl said zyzzyva to the otter. " * 200
    tokens = tokenizer.train([long], tmp_path / "long.model", 300)
    assert len(long) > 4192 and "\u2581zyzzyva" in tokens.pieces
