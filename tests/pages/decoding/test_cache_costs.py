"""What a step costs with a cache and without: against what torch counts and what the cache holds."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core import costs
from core.config import Config
from core.decoding import Cached
from core.transformer import build
from pages.decoding.model.cache_costs import step, steps, terms

SMALL = {"vocab": 31, "d_model": 14, "n_heads": 7, "n_layers": 3, "d_ff": 23, "context": 13}


def counted(run) -> int:
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


@pytest.mark.parametrize("more", [{}, {"n_kv_heads": 1}])
@pytest.mark.parametrize("source", [0, 5])
def test_operations_are_those_that_torch_counts(more, source):
    config = Config(**SMALL, shape="encoder_decoder" if source else "decoder", **more)
    model = build(config).requires_grad_(False)
    decoder = model.decoder if source else model
    memory = {"memory": torch.randn(1, source, 14)} if source else {}
    size, ids, cache = costs.of(config), (1, 4, 9, 2, 7, 7), Cached(decoder, **memory)
    for t in range(6):
        found = step(size, t, source)
        assert counted(lambda t=t: cache.step(ids[: t + 1])) == found.cached
        assert counted(lambda t=t: decoder(torch.tensor([ids[: t + 1]]), **memory)) == found.uncached
        past = cache.pasts[ids[: t + 1]]
        kept = [x for block in past for kv in block if kv is not None for x in kv]
        assert found.held == sum(x.numel() for x in kept) * 4


def test_what_is_added_is_what_the_cache_grows_by():
    found = steps(costs.of(Config(**SMALL)), 7)
    assert [f.added for f in found] == [2 * 3 * 14 * 4] * 7
    assert [f.held for f in found] == [f.added * (f.at + 1) for f in found]
    crossed = steps(costs.of(Config(**SMALL, shape="encoder_decoder")), 3, 5)
    assert [f.added for f in crossed] == [2 * 3 * 14 * 4 * 6, 2 * 3 * 14 * 4, 2 * 3 * 14 * 4]


def test_the_formulas_give_the_numbers():
    size = costs.of(Config(**SMALL))
    scores = next(x for x in terms(size, 4, cached=True) if x.part == "Scores and mixing")
    assert (scores.numbers, scores.each, scores.times) == ("4·1·5·14", 280, 3)
