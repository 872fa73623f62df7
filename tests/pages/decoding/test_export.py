"""The snippet of a step: run as it stands, it prints what the step chose."""

import ast
import contextlib
import io

import numpy as np
import pytest
import torch

from core import costs
from core.config import Config
from core.decoding import choose
from pages.decoding.model import cache_costs, export
from pages.decoding.model.draw import laid_out
from pages.decoding.model.export import snippet
from tests import reference


def run(code: str) -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, {})
    return said.getvalue().strip()


def make(logits: torch.Tensor, draw: float | None, name=lambda i: f"t{i}", **filters) -> str:
    filters = {"temperature": 1.0, "top_k": None, "top_p": None, "min_p": None} | filters
    step = choose((), logits, draw, **filters)
    segments = [s.tokens for s in laid_out(step.filtering.probs, (step.chosen,), 12)]
    return snippet(logits.numpy(), filters, step.filtering.kept.numpy(), draw, segments, name)


FILTERS = [
    {},
    {"temperature": 0.3},
    {"top_k": 40},
    {"top_k": 1},
    {"top_k": 400},
    {"top_k": 10**6},
    {"top_p": 0.3},
    {"top_p": 0.0},
    {"top_p": 1.0},
    {"top_p": 0.97},
    {"min_p": 0.2},
    {"min_p": 0.0},
    {"min_p": 1.0},
    {"top_k": 60, "top_p": 0.8},
    {"temperature": 1.7, "top_k": 90, "top_p": 0.9, "min_p": 0.1},
    {"top_p": 0.6, "min_p": 0.3},
    {"top_k": 300, "top_p": 0.2},
    {"temperature": 1e-9},
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("draw", [0.0, 0.2, 0.61, 0.93, 0.9999])
def test_it_prints_the_chosen_token_and_its_probability(filters, draw):
    logits = torch.randn(700) * 2
    probs = reference.filter_logits(logits.double().numpy(), **filters)
    name, prob = run(make(logits, draw, **filters)).split(": ")
    token = reference.draw(probs, draw)
    assert name == f"t{token}"
    assert float(prob) == pytest.approx(probs[token], abs=0.00015)


def test_greedy_takes_the_largest():
    logits = torch.randn(700)
    code = make(logits, None, temperature=0.0)
    assert run(code) == f"t{logits.argmax()}"
    assert "draw =" not in code


def test_it_is_about_ten_lines_and_tells_the_filters():
    code = make(torch.randn(700), 0.5, top_k=20, top_p=0.9, min_p=0.05)
    for part in ("probs[20:] = 0", ">= 0.9]", "0.05 * probs.max()", "temperature = 1.0", "draw = 0.5"):
        assert part in code
    assert len(ast.parse(make(torch.randn(700), 0.5)).body) <= 10


@pytest.mark.parametrize("name", ['"', "'", "\\", "\n", "{x}", "é", "日", "‮"])
def test_names_of_tokens_do_no_harm(name):
    assert run(make(torch.tensor([3.0, 1.0, 0.0]), 0.1, lambda i: name if i == 0 else f"t{i}")).startswith(name.strip())


def test_many_together_weigh_what_they_weigh():
    """Of 700 tokens 12 are listed; the others have one logit, which gives them their probability together."""
    logits = torch.randn(700)
    code = make(logits, 0.0)
    space: dict = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, space)
    probs = np.sort(reference.softmax(logits.double().numpy()))[::-1]
    np.testing.assert_allclose(space["probs"], [*probs[:12], probs[12:].sum()], atol=1e-6)
    assert space["tokens"][-1] == "(688 others together)"


def test_the_scores_of_two_texts():
    said = run(export.scores([-0.5, -1.25], [-0.25, -1.0, -0.125], 0.5)).splitlines()
    assert said == [f"greedy: {-1.75 / 2**0.5:.3f}", f"beam: {-1.375 / 3**0.5:.3f}"]


@pytest.mark.parametrize("source", [0, 5])
@pytest.mark.parametrize("t", [0, 6])
def test_the_operations_of_a_step(t, source):
    shape = "encoder_decoder" if source else "decoder"
    size = costs.of(Config(vocab=31, d_model=14, n_heads=7, n_layers=3, d_ff=23, context=13, shape=shape, n_kv_heads=1))
    step = cache_costs.step(size, t, source)
    said = run(export.cache_costs(size, t, source))
    assert said == f"{step.cached:,} with the cache, {step.uncached:,} without"
