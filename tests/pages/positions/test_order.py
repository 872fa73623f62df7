"""The same words in two orders: against the oracle, and what must and must not move."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from core import checkpoints, words
from pages.positions.model import order, order_panels
from pages.shared.model import hand
from tests import reference
from tests.core.same import numbers

VECTORS = words.load()
DOG = hand.example("dog bites man", VECTORS, width=4)
IDS = (1, 40, 300, 7, 40, 1200, 9)


@pytest.fixture(scope="module")
def model():
    return checkpoints.load("stories")


def oracle(example, kind: str, places=None, masked: bool = False):
    """Scores, weights and outputs by the reference's functions alone."""
    x = example.x[list(places)] if places else example.x
    t, d = x.shape
    x = x + reference.sinusoidal(t, d) if kind == "sinusoidal" else x
    q, k, v = (x @ w for w in (example.w_q, example.w_k, example.w_v))
    q, k = (reference.rotary(q), reference.rotary(k)) if kind == "rotary" else (q, k)
    bias = reference.alibi(8, t, t)[0] if kind == "alibi" else 0.0
    return reference.attention(q, k, v, reference.causal(t, t) if masked else True, bias)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("kind", order.HAND_KINDS)
@pytest.mark.parametrize("places", [(0, 1, 2), (2, 0, 1)])
def test_by_hand_it_is_the_oracles(kind, masked, places):
    got = order.hand_head(DOG, kind, places, masked)
    for mine, theirs in zip((got.scores, got.weights, got.output), oracle(DOG, kind, places, masked), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)


@given(some.integers(0, 999), some.permutations(range(5)))
def test_without_positions_outputs_go_along_with_their_words(seed, places):
    example = hand.example("the old dog bites men", VECTORS, seed, 4)
    moved = order.hand_moves(example, places)
    assert max(moved["none"].distances) < 1e-12
    np.testing.assert_allclose(*moved["none"].weights, rtol=0, atol=1e-12)


@pytest.mark.parametrize("places", order.orders(3))
def test_a_mask_alone_and_positions_break_the_symmetry(places):
    moved = order.hand_moves(DOG, places)
    assert max(moved["causal"].distances) > 0.1
    assert max(moved["told"].distances) > 0.1


def test_distances_by_hand():
    moved = order.Moved(torch.tensor([[3.0, 4.0], [1.0, 1.0]]), torch.tensor([[0.0, 0.0], [1.0, 1.0]]), ())
    assert moved.distances == [5, 0]


def test_back_undoes_an_order():
    x = torch.arange(12.0).reshape(4, 3)
    places = (2, 0, 3, 1)
    assert torch.equal(order.back(x[list(places)], places, -2), x)
    square = torch.arange(16.0).reshape(4, 4)
    assert torch.equal(order.back(square[list(places)][:, list(places)], places, -2, -1), square)


@pytest.mark.parametrize("n", range(1, 9))
def test_orders_are_others(n):
    found = order.orders(n)
    assert len(set(found)) == len(found) == {1: 0, 2: 1, 3: 5}.get(n, 4)
    assert all(sorted(one) == list(range(n)) and one != tuple(range(n)) for one in found)
    assert not found or found[0] == tuple(range(n))[::-1]


@pytest.mark.parametrize("t", [1, 2, 3, 4, 12])
def test_a_models_orders_keep_the_start_token(t):
    found = order.model_orders(t)
    assert bool(found) == (t > 2)
    assert all(one[0] == 0 and sorted(one) == list(range(t)) for one in found.values())
    assert all(one != tuple(range(t)) for one in found.values())


@pytest.mark.parametrize("kind", order.MODEL_KINDS)
def test_the_model_is_the_oracles_under_each_kind(model, kind):
    p, c = numbers(model), {**vars(model.config), "positions": kind}
    got = order.run(model, IDS, kind)
    expected = reference.stack(list(IDS), p, c, reference.causal(len(IDS), len(IDS)))
    np.testing.assert_allclose(got.output, expected, rtol=2e-3, atol=2e-3)
    assert got.weights.shape == (4, 6, len(IDS), len(IDS))


def test_with_its_own_positions_it_is_the_model_itself(model):
    with torch.no_grad():
        assert torch.equal(order.run(model, IDS).output, model(torch.tensor([IDS])).output[0])


def test_a_model_without_positions_and_mask_is_blind_to_order(model):
    moved = order.model_moves(model, IDS, order.model_orders(len(IDS))["reversed"])
    assert max(moved["none"].distances) < 1e-3
    np.testing.assert_allclose(*moved["none"].weights, rtol=0, atol=1e-4)
    for name in ("causal", "told"):
        assert moved[name].distances[0] < 1e-4  # the start token sees itself alone, in either order
        assert min(moved[name].distances[1:]) > 1


# As matrices


def panel(found: dict, name: str) -> dict:
    return next(p for p in found["panels"] if p["id"] == name)


@pytest.mark.parametrize("setting", order.HAND_SETTINGS)
@pytest.mark.parametrize("places", [(0, 1, 2), (2, 1, 0)])
def test_every_number_on_the_way(setting, places):
    kind, masked = order.HAND_SETTINGS[setting]
    found = order_panels.steps(DOG, DOG, places, setting)
    scores, weights, output = oracle(DOG, kind, places, masked)
    for name, values in (("scores", scores), ("weights", weights), ("output", output)):
        np.testing.assert_allclose(panel(found, name)["values"], values, rtol=0, atol=1e-12)
    assert ("masked" in {p["id"] for p in found["panels"]}) == masked
    assert bool(panel(found, "x").get("editable")) == (places == (0, 1, 2))
    assert panel(found, "w_q")["editable"]
    if kind == "sinusoidal":
        np.testing.assert_allclose(panel(found, "p")["values"], reference.sinusoidal(3, 4), rtol=0, atol=1e-12)
        assert panel(found, "q")["formula"] == "X′·W_Q"


def test_an_edited_number_is_compared_with_what_it_was():
    changed = DOG._replace(x=DOG.x + 1)
    found = panel(order_panels.steps(changed, DOG, (1, 0, 2), "none"), "x")
    np.testing.assert_allclose(np.subtract(found["values"], found["base"]), 1)


def test_until_a_step():
    found = order_panels.until(order_panels.steps(DOG, DOG, (0, 1, 2), "none"), "q")
    assert [p["id"] for p in found["panels"]] == ["x", "w_q", "q"]


def test_two_results_and_what_lies_between():
    one, other = torch.tensor([[0.25, 0.75], [0.5, 0.5]]), torch.tensor([[0.5, 0.5], [0.5, 0.5]])
    found = order_panels.weights(one, other, ["0 a", "1 b"], ("first", "second"))
    assert panel(found, "difference")["values"] == [[-0.25, 0.25], [0, 0]]
    assert panel(order_panels.outputs(one, other, ["0 a", "1 b"], ("x", "y")), "A")["role"] == "output"


def test_rounding_has_no_colour():
    one = torch.tensor([[0.25, 0.75], [0.5, 0.5]], dtype=torch.float64)
    found = order_panels.weights(one, one + 1e-16, ["0 a", "1 b"], ("first", "second"))
    assert panel(found, "difference")["scale"]["max"] == 0.75
