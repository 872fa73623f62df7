"""Text to pieces and ids, and back to the very same text. The work is sentencepiece's (arXiv 1808.06226)."""

import hashlib
import re
from collections.abc import Iterable
from functools import cached_property
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import sentencepiece as spm

from core.text import visible

PAD, SOS, EOS, UNK = range(4)
SPACE = "\u2581"  # what sentencepiece writes for a space
START_SHOWN, END_SHOWN = "⟨start⟩", "⟨end⟩"  # in brackets: the words start and end are pieces, too
SHOWN = {SPACE: "␣", " ": "␣", "\n": "↵", "<s>": START_SHOWN, "</s>": END_SHOWN}
SHOWN |= {"<pad>": "⟨padding⟩", "<unk>": "⟨unknown⟩"}
BYTE = re.compile("<0x([0-9A-F]{2})>")
LONGEST = 2**30  # bytes of a text to learn from: the most that sentencepiece allows
ESCAPE = "\u241b"  # stands before a SPACE or an ESCAPE that the text itself contains


class Tokens(NamedTuple):
    ids: tuple[int, ...]
    pieces: tuple[str, ...]  # as in the vocabulary: a leading U+2581 is a space, <0x41> is a byte
    spans: tuple[tuple[int, int], ...]  # which characters of the text; the bytes of one character share its span


class Tokenizer:
    """A sentencepiece model. `decode(encode(text).ids) == text` for every text without lone surrogates."""

    def __init__(self, model: bytes):
        self.model, self._sp = model, spm.SentencePieceProcessor()
        try:
            self._sp.LoadFromSerializedProto(model)  # the constructor would take an empty file without a word
        except RuntimeError as error:
            raise ValueError("this is not a sentencepiece model.") from error

    @classmethod
    def load(cls, path: str | Path) -> "Tokenizer":
        """Raises ValueError if the file is missing or is no sentencepiece model."""
        try:
            return cls(Path(path).read_bytes())
        except (OSError, ValueError) as error:
            raise ValueError(f"No tokenizer can be read from {Path(path).name}: {error}") from error

    def save(self, path: str | Path) -> None:
        Path(path).write_bytes(self.model)

    @property
    def vocab(self) -> int:
        return self._sp.vocab_size()

    @cached_property
    def pieces(self) -> tuple[str, ...]:
        """The whole vocabulary, by id."""
        return tuple(self._sp.id_to_piece(i) for i in range(self.vocab))

    @cached_property
    def scores(self) -> tuple[float, ...]:
        """By id: in a unigram model the logarithm of the piece's probability, in BPE its merge: 0, −1, −2 and so on."""
        return tuple(self._sp.get_score(i) for i in range(self.vocab))

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.model).hexdigest()

    def is_byte(self, token: int) -> bool:
        return self._sp.is_byte(token)

    def encode(self, text: str) -> Tokens:
        """Raises ValueError for a lone surrogate, which is half a character and stands for no text."""
        if re.search("[\ud800-\udfff]", text):
            raise ValueError("The text holds half a character (a lone surrogate): please type or paste it again.")
        ids = tuple(self._sp.encode(escape(text)))
        pieces = tuple(self.pieces[i] for i in ids)
        return Tokens(ids, pieces, spans(text, pieces, [self.is_byte(i) for i in ids]))

    def decode(self, ids: Iterable[int]) -> str:
        """The text of these ids; SOS, EOS and PAD say nothing, bytes that form no character give U+FFFD."""
        return unescape(self._sp.decode([int(i) for i in ids]))


def show(piece: str) -> str:
    """A piece as people read it: "the" begins a word, "·ing" goes on with one, ␣ and ↵ are a space and a line break."""
    if piece in SHOWN:
        return SHOWN[piece]
    word = piece.removeprefix(SPACE)
    text = "".join(SHOWN.get(c, c) for c in word)
    return "·" + text if piece == word and word[0].isalnum() else text


def labels(tokens: Tokens, text: str) -> tuple[str, ...]:
    """A label for each token; the bytes of a character that the vocabulary lacks say which part they are: "안 1/3"."""
    found: list[str] = []
    for span, group in groupby(zip(tokens.pieces, tokens.spans, strict=True), key=lambda pair: pair[1]):
        pieces = [piece for piece, _ in group]
        if not BYTE.fullmatch(pieces[0]):
            found += map(show, pieces)
            continue
        character, n = "".join(map(visible, text[slice(*span)])), len(pieces)
        found += [character] if n == 1 else [f"{character} {i}/{n}" for i in range(1, n + 1)]
    return tuple(found)


def escape(text: str) -> str:
    return re.sub(f"[{SPACE}{ESCAPE}]", lambda m: ESCAPE + {SPACE: "_", ESCAPE: ESCAPE}[m[0]], text)


def prepared(text: str) -> str:
    """What is cut into pieces: a SPACE before the text and for each space in it, its own SPACEs escaped."""
    return SPACE + escape(text).replace(" ", SPACE) if text else ""


def unescape(text: str) -> str:
    return re.sub(f"{ESCAPE}(_|{ESCAPE})", lambda m: {"_": SPACE, ESCAPE: ESCAPE}[m[1]], text)


def spans(text: str, pieces: tuple[str, ...], is_byte: list[bool]) -> tuple[tuple[int, int], ...]:
    """For each piece the characters [start, end) of the text that it writes."""
    start, end = [0], [0]  # of each character that sentencepiece saw; the first is the space it puts before the text
    for i, character in enumerate(text):
        times = 2 if character in (SPACE, ESCAPE) else 1
        start += [i] * times
        end += [i + 1] * times
    found, here, left = [], 0, 0  # left: bytes still to come of the character at `here`
    for piece, byte in zip(pieces, is_byte, strict=True):
        if byte:
            value = int(piece[3:5], 16)
            left = left or (1 if value < 0x80 else 2 if value < 0xE0 else 3 if value < 0xF0 else 4)
            found.append((start[here], end[here]))
            left -= 1
            here += left == 0
        else:
            found.append((start[here], end[here + len(piece) - 1]))
            here += len(piece)
    return tuple(found)


def train(
    text: Iterable[str], path: str | Path, vocab_size: int, kind: str = "bpe", split_digits: bool = False
) -> Tokenizer:
    """Learn a vocabulary ("bpe" or "unigram") and write it to `path`. The same texts give the same file.

    With `split_digits` every digit is a piece of its own.

    Raises ValueError for another kind, or if the texts are too few for so many pieces.
    """
    if kind not in ("bpe", "unigram"):
        raise ValueError(f"kind must be 'bpe' or 'unigram'; got {kind!r}.")
    made = BytesIO()
    try:
        spm.SentencePieceTrainer.train(
            sentence_iterator=(escape(t) for t in text),
            model_writer=made,
            vocab_size=vocab_size,
            model_type=kind,
            byte_fallback=True,
            character_coverage=1.0,
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            split_digits=split_digits,
            user_defined_symbols=["\n"],
            max_sentence_length=LONGEST,  # a longer text would be left out without a word
            pad_id=PAD,
            bos_id=SOS,
            eos_id=EOS,
            unk_id=UNK,
            num_threads=1,
            minloglevel=2,
        )
    except RuntimeError as error:
        raise ValueError(f"No vocabulary of {vocab_size} pieces can be learnt from this text: {error}") from error
    tokenizer = Tokenizer(made.getvalue())
    tokenizer.save(path)
    return tokenizer
