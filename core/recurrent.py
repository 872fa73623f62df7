"""Recurrent networks: a state that is carried from token to token. What sentences were read with before 2017.

The plain RNN is Elman's (1990); the LSTM is Hochreiter and Schmidhuber's (1997) with the forget gate of Gers et al.
(2000). Weights are (d_in, d_out) and applied as x @ w, as in core.transformer; a call returns the trace of all it did.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from core.traces import EmbeddingTrace


class State(NamedTuple):
    """What goes on to the next token."""

    hidden: Tensor  # (batch, d)
    cell: Tensor | None = None  # (batch, d), the LSTM's memory


class RnnTrace(NamedTuple):
    """Each (batch, t, d)."""

    from_input: Tensor  # x_t W_x + b
    from_state: Tensor  # h_{t-1} W_h
    hidden: Tensor  # h_t = tanh of their sum

    @property
    def state(self) -> State:
        return State(self.hidden[:, -1])


class LstmTrace(NamedTuple):
    """Each (batch, t, d); gates lie in 0..1."""

    forget: Tensor  # f_t: how much of the memory stays
    enter: Tensor  # i_t: how much of the candidate is written
    candidate: Tensor  # g_t, in -1..1
    cell: Tensor  # c_t = f_t * c_{t-1} + i_t * g_t
    tell: Tensor  # o_t: how much of the memory is told
    hidden: Tensor  # h_t = o_t * tanh(c_t)

    @property
    def state(self) -> State:
        return State(self.hidden[:, -1], self.cell[:, -1])


class Cell(nn.Module):
    """The weights of one recurrent layer; `gates` is how many vectors of width d_model a step computes."""

    gates = 1

    def __init__(self, d_in: int, d_model: int):
        super().__init__()
        self.w_x = nn.Parameter(torch.empty(d_in, self.gates * d_model))
        self.w_h = nn.Parameter(torch.empty(d_model, self.gates * d_model))
        self.b = nn.Parameter(torch.zeros(self.gates * d_model))

    def start(self, x: Tensor) -> State:
        """A state of zeros for each sequence of the batch."""
        zeros = x.new_zeros(len(x), self.w_h.shape[0])
        return State(zeros, zeros)


class Rnn(Cell):
    """h_t = tanh(x_t W_x + h_{t-1} W_h + b)  (Elman 1990)"""

    def forward(self, x: Tensor, state: State | None = None) -> RnnTrace:
        """x (batch, t, d_in) -> RnnTrace. The inputs' part is one product for all steps, the states' are many."""
        from_input = x @ self.w_x + self.b
        hidden = (state or self.start(x)).hidden
        steps = []
        for arrived in from_input.unbind(1):
            carried = hidden @ self.w_h
            hidden = torch.tanh(arrived + carried)
            steps.append((carried, hidden))
        return RnnTrace(from_input, *(torch.stack(each, 1) for each in zip(*steps, strict=True)))


class Lstm(Cell):
    """c_t = f_t c_{t-1} + i_t g_t;  h_t = o_t tanh(c_t)  (Hochreiter and Schmidhuber 1997, Gers et al. 2000)"""

    gates = 4  # input, forget, candidate, output: the order of nn.LSTM

    def forward(self, x: Tensor, state: State | None = None) -> LstmTrace:
        """x (batch, t, d_in) -> LstmTrace"""
        from_input = x @ self.w_x + self.b
        hidden, cell = state or self.start(x)
        steps = []
        for arrived in from_input.unbind(1):
            enter, forget, candidate, tell = (arrived + hidden @ self.w_h).chunk(4, -1)
            enter, forget, tell = enter.sigmoid(), forget.sigmoid(), tell.sigmoid()
            candidate = candidate.tanh()
            cell = forget * cell + enter * candidate
            hidden = tell * cell.tanh()
            steps.append((forget, enter, candidate, cell, tell, hidden))
        return LstmTrace(*(torch.stack(each, 1) for each in zip(*steps, strict=True)))


class RecurrentTrace(NamedTuple):
    embedding: EmbeddingTrace
    cell: RnnTrace | LstmTrace
    logits: Tensor  # (batch, t, vocab)


CELLS = {"rnn": Rnn, "lstm": Lstm}


class Recurrent(nn.Module):
    """Embedding, one recurrent layer, and a matrix to the vocabulary. kind: "rnn" or "lstm"."""

    def __init__(self, kind: str, vocab: int, d_model: int):
        super().__init__()
        self.tokens = nn.Parameter(torch.empty(vocab, d_model))
        self.cell = CELLS[kind](d_model, d_model)
        self.w_vocab = nn.Parameter(torch.empty(d_model, vocab))

    def forward(self, ids: Tensor) -> RecurrentTrace:
        """ids (batch, t) -> RecurrentTrace"""
        x = self.tokens[ids]
        cell = self.cell(x)
        return RecurrentTrace(EmbeddingTrace(x, None, x), cell, cell.hidden @ self.w_vocab)


def fill(model: nn.Module, generator: torch.Generator, forget_bias: float = 1.0) -> nn.Module:
    """Fresh weights: uniform within ±1/√(rows), embeddings normal; forget gates start open (Jozefowicz et al. 2015)."""
    for name, weight in model.named_parameters():
        if name.endswith("tokens"):
            nn.init.normal_(weight, generator=generator)
        elif weight.dim() == 2:
            bound = 1 / math.sqrt(weight.shape[0])
            nn.init.uniform_(weight, -bound, bound, generator=generator)
    for module in model.modules():
        if isinstance(module, Lstm):
            nn.init.constant_(module.b.data.chunk(4)[1], forget_bias)
    return model
