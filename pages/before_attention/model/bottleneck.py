"""One sentence becomes another by recurrent networks: through one vector (2014), or with attention over all states.

Without attention: Sutskever et al. 2014 (arXiv 1409.3215); the decoder starts from the encoder's last state and sees
nothing else of the source. With it: Bahdanau et al. 2014 (arXiv 1409.0473), whose additive attention looks at every
state of the encoder before each step; ours reads in one direction only, theirs in both.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.recurrent import Lstm, LstmTrace, State
from core.training import Batch

LETTERS = "abcdefgh"
SOS = len(LETTERS)
VOCAB, D_MODEL = len(LETTERS) + 1, 48
TEST = 10**12  # seeds from here on are never trained with
SHORTEST, LONGEST = 2, 20  # letters that a sentence has
LENGTHS = tuple(range(SHORTEST, LONGEST + 1, 2))  # at which accuracy is measured


class Looked(NamedTuple):
    """Additive attention: scores v·tanh(s W + h U), a softmax over the source, and the states mixed."""

    scores: Tensor  # (batch, t_source)
    weights: Tensor
    context: Tensor  # (batch, d)


class Additive(nn.Module):
    """The alignment model of Bahdanau et al. 2014, section 3.1 and appendix A.1.2."""

    def __init__(self, d_model: int):
        super().__init__()
        self.w_state = nn.Parameter(torch.empty(d_model, d_model))
        self.w_source = nn.Parameter(torch.empty(d_model, d_model))
        self.v = nn.Parameter(torch.empty(d_model, 1))

    def forward(self, state: Tensor, source: Tensor, keys: Tensor) -> Looked:
        """state (batch, d), source (batch, t_source, d), keys = source · w_source -> Looked"""
        scores = (torch.tanh((state @ self.w_state)[:, None] + keys) @ self.v)[..., 0]
        weights = scores.softmax(-1)
        return Looked(scores, weights, (weights[:, None] @ source)[:, 0])


class PairTrace(NamedTuple):
    encoder: LstmTrace
    weights: Tensor | None  # (batch, t_target, t_source); None without attention
    hidden: Tensor  # of the decoder, (batch, t_target, d)
    logits: Tensor  # (batch, t_target, vocab)


class Pair(nn.Module):
    """Encoder and decoder, an LSTM each. With `attention` the decoder's steps also read the context they looked up."""

    def __init__(self, attention: bool, vocab: int = VOCAB, d_model: int = D_MODEL):
        super().__init__()
        self.tokens = nn.Parameter(torch.empty(vocab, d_model))
        self.encoder = Lstm(d_model, d_model)
        self.decoder = Lstm(2 * d_model if attention else d_model, d_model)
        self.attention = Additive(d_model) if attention else None
        self.w_vocab = nn.Parameter(torch.empty(d_model, vocab))

    def forward(self, source: Tensor, target: Tensor) -> PairTrace:
        """source (batch, t_source), target (batch, t_target) beginning with SOS -> PairTrace"""
        encoder = self.encoder(self.tokens[source])
        hidden, weights, _ = self.decode(target, encoder, encoder.state)
        return PairTrace(encoder, weights, hidden, hidden @ self.w_vocab)

    def decode(self, target: Tensor, encoder: LstmTrace, state: State) -> tuple[Tensor, Tensor | None, State]:
        """The decoder from this state on, over target (batch, t). -> hidden, weights, the state behind"""
        given = self.tokens[target]
        if self.attention is None:
            trace = self.decoder(given, state)
            return trace.hidden, None, trace.state
        keys, steps = encoder.hidden @ self.attention.w_source, []
        for token in given.unbind(1):  # each step asks with the state before it
            looked = self.attention(state.hidden, encoder.hidden, keys)
            state = self.decoder(torch.cat([token, looked.context], -1)[:, None], state).state
            steps.append((state.hidden, looked.weights))
        return *(torch.stack(each, 1) for each in zip(*steps, strict=True)), state


def batch(step: int, size: int = 64, seed: int = 0) -> Batch:
    """Random letters to be said backwards; all sentences of a batch have one length. The same step, the same batch."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
    length = int(torch.randint(SHORTEST, LONGEST + 1, (), generator=generator))
    return task(draw(length, size, generator))


def draw(length: int, size: int, generator: torch.Generator) -> Tensor:
    return torch.randint(len(LETTERS), (size, length), generator=generator)


def task(source: Tensor) -> Batch:
    """The source, what the decoder is fed (SOS and the answer but its last letter), and the answer."""
    answer = source.flip(1)
    return Batch((source, shifted(answer)), answer)


def shifted(answer: Tensor) -> Tensor:
    return torch.cat([torch.full_like(answer[:, :1], SOS), answer[:, :-1]], 1)


@torch.no_grad()
def write(model: Pair, source: Tensor) -> tuple[Tensor, Tensor | None]:
    """What the model itself writes, each letter fed back, as many as the source has. -> ids, weights (batch, t, t)"""
    encoder = model.encoder(model.tokens[source])
    state, last = encoder.state, torch.full_like(source[:, :1], SOS)
    written, looked = [], []
    for _ in range(source.shape[1]):
        hidden, weights, state = model.decode(last, encoder, state)
        last = (hidden @ model.w_vocab)[..., :SOS].argmax(-1)
        written.append(last)
        looked.append(weights)
    return torch.cat(written, 1), None if looked[0] is None else torch.cat(looked, 1)


def accuracy(model: Pair, length: int, size: int = 500, seed: int = 1) -> tuple[float, float]:
    """Over sentences never trained on: the share of letters right, and of sentences without a mistake."""
    source = draw(length, size, torch.Generator().manual_seed(TEST + seed * 1000 + length))
    right = write(model, source)[0] == source.flip(1)
    return right.float().mean().item(), right.all(-1).float().mean().item()
