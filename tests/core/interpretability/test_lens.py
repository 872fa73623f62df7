"""The logit lens, the lengths of the stream, one logit, and where heads look, against the oracle."""

import numpy as np
import pytest
import torch

from core.config import Config
from core.interpretability import lens
from core.transformer import build
from tests import reference
from tests.core.same import close, numbers, shake

CONFIG = Config(vocab=29, d_model=12, n_heads=2, n_layers=3, d_ff=17, context=13)


def made(ids: list[int], **changes):
    model = shake(build(CONFIG if not changes else Config(**{**vars(CONFIG), **changes})))
    with torch.no_grad():
        return model, model(torch.tensor([ids]))


def oracle(model, ids: list[int]) -> tuple[list[np.ndarray], dict]:
    """The stream after the embedding and after each block, and the weights."""
    p, c = numbers(model), vars(model.config)
    stream = [reference.embed(ids, p["embedding"], c)]
    for i in range(c["n_layers"]):
        stream.append(reference.block(stream[-1], p["blocks"][str(i)], c, reference.causal(len(ids), len(ids))))
    return stream, p


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("position", [0, 3, 5])
def test_every_layer_is_asked(float64, tied, position):
    ids = [1, 5, 7, 7, 20, 11]
    model, trace = made(ids, tied=tied)
    stream, p = oracle(model, ids)
    out = p["embedding"]["tokens"].T if tied else p["w_vocab"]
    logits = [reference.layer_norm(x, **p["norm"])[position] @ out for x in stream]
    found = lens.lens(model, trace, position, n=4)
    assert found.answer == reference.by_size(logits[-1])[0]
    assert found.ranks == tuple(reference.by_size(row).index(found.answer) + 1 for row in logits)
    close(found.probs, [reference.softmax(row)[found.answer] for row in logits])
    for row, top in zip(logits, found.top, strict=True):
        assert [i for i, _ in top] == reference.by_size(row)[:4]
        close([p for _, p in top], [reference.softmax(row)[i] for i, _ in top])
    best = lens.next_tokens(trace, position, n=4)
    assert [i for i, _, _ in best] == [i for i, _ in found.top[-1]]
    close([x for _, x, _ in best], [logits[-1][i] for i, _, _ in best])
    one = lens.logit(model, trace, position, best[1][0])
    assert np.dot(one.x, one.column) == pytest.approx(best[1][1]) == one.value


@pytest.mark.parametrize(("ranks", "first", "settled"), [((9, 1, 4, 1), 1, 3), ((1, 1, 1), 0, 0), ((5, 2, 1), 2, 2)])
def test_when_the_answer_comes_first(ranks, first, settled):
    found = lens.Lens(3, ranks, (0.5,) * len(ranks), ())
    assert (found.first, found.settled) == (first, settled)


def test_lengths_are_measured_after_each_sublayer(float64):
    ids = [1, 5, 7, 7]
    model, trace = made(ids)
    stream, _ = oracle(model, ids)
    lengths = lens.lengths(trace)
    assert lengths.shape == (7, 4)
    close(lengths[::2], np.linalg.norm(stream, axis=-1))
    close(lengths[1], trace.blocks[0].resid_mid[0].norm(dim=-1))


def test_habits_are_averages_over_the_tokens_that_can_tell_before_from_start():
    weights = torch.rand(2, 3, 5, 5).tril()
    weights = weights / weights.sum(-1, keepdim=True)
    found = lens.habits(weights)
    for layer in range(2):
        for head in range(3):
            w = weights[layer, head].double().numpy()
            close(found.before[layer, head], np.mean([w[i, i - 1] for i in range(2, 5)]), rtol=1e-6, atol=1e-6)
            close(found.start[layer, head], np.mean([w[i, 0] for i in range(2, 5)]), rtol=1e-6, atol=1e-6)
            close(found.itself[layer, head], np.mean([w[i, i] for i in range(2, 5)]), rtol=1e-6, atol=1e-6)
    layer, head, share = lens.strongest(found.before)
    assert share == found.before.max() == found.before[layer, head]
    assert lens.habits(weights[..., :2, :2]) is None
