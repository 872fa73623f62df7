"""RNN and LSTM against torch's and against the equations in NumPy; the task, the gradients, the other models."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from core.recurrent import CELLS, Lstm, Recurrent, Rnn, State, fill
from core.training import IGNORE, Recipe, Trainer
from pages.before_attention.model import bottleneck, recall
from pages.before_attention.model.bottleneck import Pair
from tests.core.same import call, close, numbers, same_gradients, shake

BATCH, T, D_IN, D = 2, 5, 3, 7


def as_torch(cell) -> dict[str, torch.Tensor]:
    """Our weights under torch's names; torch has a second bias, which is 0 here."""
    named = {"weight_ih_l0": cell.w_x.mT, "weight_hh_l0": cell.w_h.mT, "bias_ih_l0": cell.b}
    return named | {"bias_hh_l0": torch.zeros_like(cell.b)}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(("ours", "theirs"), [(Rnn, nn.RNN), (Lstm, nn.LSTM)])
def test_cells_are_torchs_in_values_and_gradients(ours, theirs):
    cell, x = shake(ours(D_IN, D)), torch.randn(BATCH, T, D_IN, requires_grad=True)
    state = State(torch.randn(BATCH, D), torch.randn(BATCH, D))
    given = state.hidden[None] if ours is Rnn else (state.hidden[None], state.cell[None])
    expected, last = call(theirs(D_IN, D, batch_first=True), as_torch(cell), x, given)
    trace = cell(x, state)
    same_gradients(trace.hidden, expected, [x, *cell.parameters()])
    close(trace.state.hidden, (last if ours is Rnn else last[0])[0])
    if ours is Lstm:
        close(trace.state.cell, last[1][0])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def oracle(kind: str, x: np.ndarray, w: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The papers' equations for one text, x (t, d_in): every part, (t, d)."""
    h = c = np.zeros(w["w_h"].shape[0])
    rows = []
    for x_t in x:
        a = x_t @ w["w_x"] + h @ w["w_h"] + w["b"]
        if kind == "rnn":
            carried, h = h @ w["w_h"], np.tanh(a)
            rows.append({"from_input": x_t @ w["w_x"] + w["b"], "from_state": carried, "hidden": h})
            continue
        i, f, g, o = np.split(a, 4)
        i, f, o, g = sigmoid(i), sigmoid(f), sigmoid(o), np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        rows.append({"forget": f, "enter": i, "candidate": g, "cell": c, "tell": o, "hidden": h})
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("kind", CELLS)
def test_every_part_of_the_trace_is_the_equations(kind):
    model = shake(Recurrent(kind, 11, D))
    ids = torch.randint(11, (1, T))
    trace, w = model(ids), numbers(model)
    expected = oracle(kind, w["tokens"][ids[0].numpy()], w["cell"])
    assert expected.keys() == set(trace.cell._fields)
    for name, values in expected.items():
        close(getattr(trace.cell, name)[0], values)
    close(trace.logits[0], expected["hidden"] @ w["w_vocab"])


@pytest.mark.parametrize("kind", CELLS)
def test_in_two_parts_is_as_in_one(kind):
    cell, x = shake(CELLS[kind](D_IN, D)), torch.randn(BATCH, T, D_IN)
    first = cell(x[:, :2])
    close(cell(x[:, 2:], first.state).hidden, cell(x).hidden[:, 2:], rtol=1e-5, atol=1e-6)


def test_forget_gates_start_open():
    model = fill(Recurrent("lstm", 11, D), torch.Generator().manual_seed(1), forget_bias=2.0)
    assert [b.unique().tolist() for b in model.cell.b.chunk(4)] == [[0.0], [2.0], [0.0], [0.0]]


# The task


def test_a_batch_asks_for_what_stands_there():
    (ids,), targets = recall.batch(3, size=40, seed=1)
    again = recall.batch(3, size=40, seed=1)
    assert torch.equal(ids, again.inputs[0]) and not torch.equal(ids, recall.batch(4, size=40, seed=1).inputs[0])
    assert (targets[:, : recall.LENGTH] == IGNORE).all()
    for row, wanted in zip(ids, targets, strict=True):
        for question, answer in zip(row[recall.LENGTH :], wanted[recall.LENGTH :], strict=True):
            assert row[recall.LENGTH - (int(question) - recall.EMPTY)] == answer < recall.EMPTY
    assert (ids[::2, : recall.LENGTH] != recall.EMPTY).all()


def test_alone_stands_only_what_is_asked_for():
    (ids,), targets = recall.batch(3, size=40, seed=1, alone=True)
    letters = ids[:, : recall.LENGTH]
    standing = letters[letters != recall.EMPTY]
    assert len(standing) == 40 and torch.equal(targets[:, -1], standing)
    assert (ids[:, recall.LENGTH :] == ids[:, -1:]).all()


def test_texts_are_read():
    assert recall.read(" AbH ") == "abh"
    assert recall.ids("ab", 2) == [8] * 22 + [0, 1, 10]
    assert recall.asked("abc", 3) == "a"


@pytest.mark.parametrize("typed", ["", "  ", "abcx", "a" * 25, "1", "a b", "ä", "🙂"])
def test_texts_that_cannot_be_read_are_refused(typed):
    with pytest.raises(ValueError, match="letters"):
        recall.read(typed)


def test_a_question_about_nothing_is_refused():
    with pytest.raises(ValueError, match="4 steps back"):
        recall.asked("abc", 4)


@pytest.mark.parametrize("kind", recall.KINDS)
def test_the_gradient_is_the_loss_differences(kind):
    """∂loss/∂x of one number, by a finite difference in float64."""
    model = recall.fresh(kind, 5).double()
    tokens = torch.tensor([recall.ids("abcdefgh", 3)])
    targets = torch.full_like(tokens, IGNORE)
    targets[0, -1] = 5
    found = recall.backward(model, tokens, targets)[0]

    def loss(moved):
        given = model.tokens if kind != "attention" else model.embedding.tokens
        given.data[0] += moved  # only place 16 reads row 0
        value = nn.functional.cross_entropy(model(tokens).logits[0, -1:].double(), targets[0, -1:])
        given.data[0] -= moved
        return value.item()

    steps = 1e-5 * torch.eye(recall.D_MODEL, dtype=torch.float64)
    expected = torch.tensor([(loss(s) - loss(-s)) / 2e-5 for s in steps]).norm()
    assert found[16].item() == pytest.approx(expected.item(), rel=1e-3)


def test_gradients_fade_in_an_rnn_less_in_an_lstm_and_not_in_attention():
    left = {kind: recall.reach(kind, 1)[20] / recall.reach(kind, 1)[1] for kind in recall.KINDS}
    assert left["rnn"] < left["lstm"] / 2 < left["attention"] / 20


def test_a_larger_matrix_makes_gradients_grow():
    assert recall.reach("rnn", 1, 3.0)[20] > 100 * recall.reach("rnn", 1)[20]
    assert recall.spectral(1, 2.0) == pytest.approx(2 * recall.spectral(1), rel=1e-5)


@pytest.mark.parametrize(("back", "plain", "doubled"), [(1, 1, 1), (2, 1, 1), (3, 2, 2), (20, 10, 4), (24, 12, 4)])
def test_convolutions_reach_as_far_as_their_layers(back, plain, doubled):
    assert recall.layers_to_reach(back, 3) == plain
    assert recall.layers_to_reach(back, 3, doubling=True) == doubled
    assert 2 * plain >= back > 2 * (plain - 1)
    assert 2 * (2**doubled - 1) >= back > 2 * (2 ** (doubled - 1) - 1)


# Encoder and decoder


@pytest.mark.usefixtures("float64")
def test_additive_attention_is_bahdanaus():
    """e_j = v·tanh(W s + U h_j), a softmax over j, the states mixed; then an LSTM step on [token, context]."""
    model = shake(Pair(attention=True, vocab=9, d_model=D))
    source, target = torch.randint(8, (1, 4)), torch.tensor([[8, 2, 5]])
    trace, w = model(source, target), numbers(model)
    states = oracle("lstm", w["tokens"][source[0].numpy()], w["encoder"])
    h, c = states["hidden"][-1], states["cell"][-1]
    for t, token in enumerate(target[0].tolist()):
        look = w["attention"]
        e = np.tanh(h @ look["w_state"] + states["hidden"] @ look["w_source"]) @ look["v"][:, 0]
        weights = np.exp(e) / np.exp(e).sum()
        close(trace.weights[0, t], weights)
        x = np.concatenate([w["tokens"][token], weights @ states["hidden"]])
        i, f, g, o = np.split(x @ w["decoder"]["w_x"] + h @ w["decoder"]["w_h"] + w["decoder"]["b"], 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        close(trace.logits[0, t], h @ w["w_vocab"])


@pytest.mark.parametrize("attention", [False, True])
def test_writing_feeds_back_what_was_written(attention):
    model = fill(Pair(attention), torch.Generator().manual_seed(3))
    source = bottleneck.draw(6, 3, torch.Generator().manual_seed(4))
    ids, weights = bottleneck.write(model, source)
    trace = model(source, bottleneck.shifted(ids))
    assert torch.equal(trace.logits[..., : bottleneck.SOS].argmax(-1), ids)
    if attention:
        close(weights, trace.weights, rtol=1e-4, atol=1e-5)
    else:
        assert weights is None


def test_without_attention_only_the_last_state_is_known():
    model = fill(Pair(attention=False), torch.Generator().manual_seed(3))
    source = bottleneck.draw(6, 3, torch.Generator().manual_seed(4))
    encoder = model.encoder(model.tokens[source])
    target = torch.full((3, 1), bottleneck.SOS)
    emptied = encoder._replace(hidden=torch.zeros_like(encoder.hidden))
    close(model.decode(target, emptied, encoder.state)[0], model.decode(target, encoder, encoder.state)[0])


@pytest.mark.parametrize("name", ["rnn", "attention", "one vector"])
def test_the_loop_teaches_them(name):
    """A handful of steps on one batch: the loss falls below chance."""
    from pages.before_attention.model import models

    model = fill(models.blank(name), torch.Generator().manual_seed(0))
    batch = bottleneck.task(bottleneck.draw(3, 8, torch.Generator().manual_seed(1)))
    batch = batch if name == "one vector" else recall.batch(1, size=8)
    losses = [done.loss for done in Trainer(model, Recipe(60, 0.01, weight_decay=0.0), lambda step: batch)]
    assert losses[-1] < 0.5 * math.log(8) < losses[0]
