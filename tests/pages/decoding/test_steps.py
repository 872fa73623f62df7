"""What a lesson shows of decoding: the draw of any step, the line it falls on, filters one by one, a text's score."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from core.decoding import choose, draw_from, filter_logits, log_probs, perplexity, sample, stages
from pages.decoding.model.draw import laid_out, nth_draw
from tests import reference


@pytest.mark.parametrize("seed", [0, 7, 999_999])
def test_the_nth_draw_is_the_one_that_sampling_makes(seed):
    """Through and past 16, where torch begins to fill several numbers at once."""
    steps = sample(lambda ids: torch.zeros(3), [0], 99, 40, generator=torch.Generator().manual_seed(seed))
    assert [step.draw for step in steps] == [nth_draw(seed, n) for n in range(40)]


def test_one_step_by_itself():
    logits = torch.tensor([0.0, 2.0, 1.0])
    step = choose((4, 5), logits, 0.9, temperature=0.5)
    assert step.ids == (4, 5) and step.draw == 0.9
    assert step.chosen == reference.draw(reference.filter_logits(logits.double().numpy(), 0.5), 0.9)
    assert choose((), logits, None).chosen == 1


@given(some.lists(some.floats(-5, 5), min_size=1, max_size=30), some.floats(0, 0.999999), some.integers(1, 8))
def test_the_line_and_the_draw_agree(values, draw, top):
    probs = filter_logits(torch.tensor(values), top_p=0.9).probs
    chosen = draw_from(probs, draw)
    line = laid_out(probs, (chosen,), top)
    assert line[0].start == 0 and line[-1].end == pytest.approx(1)
    assert [i for s in line for i in s.tokens] == [i for i in reference.by_size(probs.numpy()) if probs[i] > 0]
    (place,) = [s for s in line if s.tokens == (chosen,)]
    assert place.start <= draw < place.end
    for s in line:
        assert s.end - s.start == pytest.approx(probs[list(s.tokens)].sum().item(), abs=1e-5)
        assert len(s.tokens) == 1 or chosen not in s.tokens


def test_the_filters_one_after_another():
    logits = torch.randn(50)
    filters = {"temperature": 0.9, "top_k": 30, "top_p": 0.8, "min_p": 0.1}
    found = stages(logits, **filters)
    assert list(found) == ["temperature", "top_k", "top_p", "min_p"]
    kept = [int(stage.kept.sum()) for stage in found.values()]
    assert kept == sorted(kept, reverse=True) and kept[0] == 50 and kept[1] == 30
    torch.testing.assert_close(found["min_p"].probs, filter_logits(logits, **filters).probs)
    assert list(stages(logits, temperature=1.0, top_k=None, top_p=0.5)) == ["temperature", "top_p"]


def test_the_score_of_a_text():
    logits, ids = torch.randn(5, 7, dtype=torch.float64), [3, 0, 6, 6, 2]
    logs = log_probs(logits, ids)
    expected = [reference.log_softmax(row)[i] for row, i in zip(logits.numpy(), ids[1:], strict=False)]
    np.testing.assert_allclose(logs, expected, atol=1e-12)
    assert perplexity(logs.tolist()) == pytest.approx(math.exp(reference.cross_entropy(logits.numpy()[:4], ids[1:])))
    assert log_probs(logits[:1], [3]).shape == (0,)
    assert math.isnan(perplexity([]))


def test_a_model_that_wavers_between_n_tokens_has_perplexity_n():
    assert perplexity(log_probs(torch.zeros(9, 13), [0] * 9).tolist()) == pytest.approx(13)
