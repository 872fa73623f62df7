"""One sentence through the translator: what it says token after token, and what it would say if a part were missing."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core import masks
from core.decoding import Cached, greedy, log_probs
from core.tokenizer import END_SHOWN, EOS, SOS, Tokenizer, labels, show
from core.traces import EncoderDecoderTrace, EncoderTrace
from core.transformer import EncoderDecoder

LONGEST = 48  # pieces of a source sentence: it learnt from no longer ones
HANGUL = ("\uac00", "\ud7a3")  # composed syllables


class Source(NamedTuple):
    """A Korean sentence as the encoder reads it."""

    text: str
    ids: tuple[int, ...]  # EOS last
    labels: tuple[str, ...]  # "0 안녕", ..., "4 end"
    unknown: tuple[str, ...]  # characters that the vocabulary lacks, spelled in bytes


class Changes(NamedTuple):
    """What is taken from the machine."""

    cut: bool = False  # the decoder hears nothing of the encoder
    causal: bool = False  # the encoder's tokens see only what came before them
    removed: int | None = None  # a token of the source


NOTHING = Changes()


class Reading(NamedTuple):
    """A translation. `trace` holds every step at once: row T is what step T computed."""

    source: tuple[int, ...]
    target: tuple[int, ...]  # SOS first; EOS last, if it came to an end
    log_probs: tuple[float, ...]  # of each token after SOS
    trace: EncoderDecoderTrace  # of a batch of 1; the decoder read all of the target but its last token


def normalise(text: str) -> str:
    """What the translator reads: composed Hangul (NFC) and single spaces; case and punctuation stay as they are."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def source(tokens: Tokenizer, korean: str) -> Source:
    """The sentence in composed Hangul (NFC) and single spaces. Raises ValueError, which says what
    to do, for text without a Korean letter, text that is too long, and half a character."""
    text = normalise(korean)
    if not text:
        raise ValueError("The box is empty: type a Korean sentence, or choose one.")
    if not any(HANGUL[0] <= c <= HANGUL[1] for c in text):
        raise ValueError(
            "There is no Korean syllable in it: this model reads Korean. Choose a sentence to see it work."
        )
    read = tokens.encode(text)
    if len(read.ids) > LONGEST:
        raise ValueError(f"That is {len(read.ids)} tokens; this model learnt from sentences of {LONGEST} at most. "
                         "Please shorten it.")  # fmt: skip
    names = (*labels(read, text), END_SHOWN)
    byte = [text[start:end] for piece, (start, end) in zip(read.pieces, read.spans, strict=True) if piece[:3] == "<0x"]
    return Source(text, (*read.ids, EOS), tuple(f"{i} {n}" for i, n in enumerate(names)), tuple(dict.fromkeys(byte)))


def target_labels(tokens: Tokenizer, ids: Sequence[int]) -> tuple[str, ...]:
    """ "0 ⟨start⟩", "1 hey", ..., "6 ⟨end⟩" """
    return tuple(f"{i} {show(tokens.pieces[id_])}" for i, id_ in enumerate(ids))


@torch.no_grad()
def read(model: EncoderDecoder, ids: Sequence[int], changes: Changes = NOTHING) -> Reading:
    """Translate by greedy decoding with a KV cache; at most 10 tokens more than twice as many as the source has."""
    ids = tuple(i for at, i in enumerate(ids) if at != changes.removed)
    encoder, memory = encode(model, ids, changes)
    room = min(2 * len(ids) + 10, model.config.context)
    steps = greedy(Cached(model.decoder, **memory), [SOS], EOS, room)
    target = (SOS, *(step.chosen for step in steps))
    return forced(model, encoder, memory, ids, target)


@torch.no_grad()
def score(model: EncoderDecoder, ids: Sequence[int], target: Sequence[int], changes: Changes = NOTHING) -> Reading:
    """The probability of a given translation, token by token."""
    ids = tuple(i for at, i in enumerate(ids) if at != changes.removed)
    return forced(model, *encode(model, ids, changes), ids, tuple(target))


def encode(model: EncoderDecoder, ids: Sequence[int], changes: Changes) -> tuple[EncoderTrace, dict[str, Tensor]]:
    """The encoder's trace, and what the decoder is given of it."""
    encoder = model.encoder(torch.tensor([ids]), masks.causal(len(ids)) if changes.causal else None)
    heard = torch.full((1, 1, len(ids)), not changes.cut)
    return encoder, {"memory": encoder.output, "memory_mask": heard}


def forced(model: EncoderDecoder, encoder: EncoderTrace, memory: dict, ids: tuple, target: tuple) -> Reading:
    """Every step at once, the target given."""
    decoder = model.decoder(torch.tensor([target[:-1]]), **memory)
    said = log_probs(decoder.logits[0], target).tolist()
    return Reading(ids, target, tuple(said), EncoderDecoderTrace(encoder, decoder))


def cross_weights(reading: Reading) -> Tensor:
    """Cross-attention of every head: (n_layers, n_heads, t_target, t_source)"""
    return torch.cat([block.cross.heads.weights for block in reading.trace.decoder.blocks])
