"""What a model says, remembered for all sessions: about a text, and how it would go on, drawn or by beam search.

torch is imported late.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from core.tokenizer import EOS

if TYPE_CHECKING:
    from torch import Tensor

    from core.decoding import BeamTree, Cached, DecodeStep
    from core.traces import DecoderTrace
    from core.transformer import Decoder, EncoderDecoder
    from pages.decoding.model.steps import Written


class Settings(NamedTuple):
    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float = 1.0
    seed: int = 0

    @property
    def filters(self) -> dict[str, float | None]:
        """What `core.decoding` calls filters: all but the seed."""
        return dict(zip(self._fields[:-1], self, strict=False))

    @property
    def greedy(self) -> bool:
        from core.decoding import COLDEST

        return self.temperature < COLDEST


class Voice:
    """A decoder, with what it hears of an encoder if there is one: ids in, a trace out."""

    def __init__(self, decoder: "Decoder", **memory: "Tensor"):
        self.decoder, self.memory = decoder, memory

    def __call__(self, ids: "Tensor") -> "DecoderTrace":
        return self.decoder(ids, **self.memory)

    def cached(self) -> "Cached":
        from core.decoding import Cached

        return Cached(self.decoder, **self.memory)

    @property
    def heard(self) -> int:
        """How many tokens of a source it looks at."""
        return self.memory["memory"].shape[1] if self.memory else 0


@lru_cache(maxsize=64)  # a few KB each, beside the model that all share
def voice(model: "Decoder | EncoderDecoder", source: tuple[int, ...] = ()) -> Voice:
    """Of a decoder by itself, or of the translator once its encoder has read the source."""
    if not source:
        return Voice(model)
    import torch

    from core.translation import NOTHING, encode

    with torch.no_grad():
        return Voice(model.decoder, **encode(model, source, NOTHING)[1])


class Reading(NamedTuple):
    """What the model says about a text."""

    log_probs: tuple[float, ...]  # of each token after the first, given those before it
    logits: "Tensor"  # (vocab,), for the token that comes next


@lru_cache(maxsize=200)  # 14 KB each at most
def read(told: Voice, ids: tuple[int, ...]) -> Reading:
    import torch

    from core.decoding import log_probs

    with torch.no_grad():
        logits = told(torch.tensor([ids])).logits[0]
    return Reading(tuple(log_probs(logits, ids).tolist()), logits[-1].clone())


@lru_cache(maxsize=16)  # the parts of a page ask again; 100 KB each at most
def step(told: Voice, ids: tuple[int, ...], settings: Settings, n: int) -> "DecodeStep":
    """The step after `ids`, of which n were written."""
    from core.decoding import choose
    from pages.decoding.model.draw import nth_draw

    draw = None if settings.greedy else nth_draw(settings.seed, n)
    return choose(ids, read(told, ids).logits, draw, **settings.filters)


@lru_cache(maxsize=64)
def go_on(told: Voice, ids: tuple[int, ...], settings: Settings, n: int) -> tuple["Written", ...]:
    """What the model writes after `ids`: at most n tokens, until EOS or the end of its context, with a KV cache."""
    import torch

    from core.decoding import sample
    from pages.decoding.model.steps import written

    with torch.no_grad():
        generator = torch.Generator().manual_seed(settings.seed)
        n = min(n, told.decoder.config.context - len(ids))
        steps = sample(told.cached(), ids, EOS, n, generator=generator, **settings.filters)
        return tuple(map(written, steps))


@lru_cache(maxsize=64)  # some 30 KB each at most
def beam(told: Voice, ids: tuple[int, ...], n: int, width: int, length_penalty: float) -> "BeamTree":
    """The tree of at most n tokens after `ids`."""
    from core.decoding import beam_search

    n = min(n, told.decoder.config.context - len(ids))
    return beam_search(told.cached(), ids, EOS, n, width, length_penalty)
