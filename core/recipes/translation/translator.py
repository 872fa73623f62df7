"""Asking the translator: sentences to ids as it was trained on them, and greedy decoding of many sentences at once."""

from collections.abc import Sequence

import torch
from torch import Tensor

from core import masks
from core.tokenizer import EOS, PAD, SOS, Tokenizer
from core.transformer import EncoderDecoder
from core.translation import normalise


def source_ids(tokens: Tokenizer, korean: str) -> list[int]:
    """What the encoder reads: the sentence, normalised, and EOS. Raises ValueError for half a character."""
    return [*tokens.encode(normalise(korean)).ids, EOS]


def target_ids(tokens: Tokenizer, english: str) -> list[int]:
    """What the decoder reads (all but the last) and should say (all but the first)."""
    return [SOS, *tokens.encode(english).ids, EOS]


def padded(rows: Sequence[Sequence[int]], value: int = PAD) -> Tensor:
    """Rows of one length: (batch, t)"""
    t = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (t - len(row))] for row in rows])


def source_mask(sources: Sequence[Sequence[int]]) -> Tensor:
    """Nobody looks at the padding: (batch, 1, t)"""
    lengths = torch.tensor([len(row) for row in sources])
    return masks.padding(lengths, int(lengths.max()))


@torch.no_grad()
def greedy_batch(model: EncoderDecoder, sources: Sequence[Sequence[int]], max_new: int) -> list[list[int]]:
    """For each source the most probable token after token until EOS, which is not given back; at most max_new."""
    mask = source_mask(sources)
    memory = {"memory": model.encoder(padded(sources), mask).output, "memory_mask": mask}
    past, last = None, torch.full((len(sources), 1), SOS)
    chosen, ended = [], torch.zeros(len(sources), dtype=torch.bool)
    for _ in range(max_new):
        trace = model.decoder(last, past=past, **memory)
        past, last = model.decoder.past(trace), trace.logits[:, -1:].argmax(-1)
        chosen.append(last[:, 0])
        ended |= last[:, 0] == EOS
        if ended.all():
            break
    rows = torch.stack(chosen, 1).tolist()
    return [row[: row.index(EOS)] if EOS in row else row for row in rows]


def translate(model: EncoderDecoder, tokens: Tokenizer, sentences: Sequence[str], batch: int = 64) -> list[str]:
    """The greedy translation of each sentence, at most 10 tokens more than twice as long.

    Raises ValueError for a sentence that is longer than the model reads.
    """
    sources = [source_ids(tokens, sentence) for sentence in sentences]
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))  # little padding in each batch
    found = [""] * len(sources)
    for part in (order[i : i + batch] for i in range(0, len(order), batch)):
        rows = [sources[i] for i in part]
        room = min(2 * len(rows[-1]) + 10, model.config.context)
        for i, ids in zip(part, greedy_batch(model, rows, room), strict=True):
            found[i] = tokens.decode(ids)
    return found
