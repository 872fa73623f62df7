"""What a model costs: against the models themselves, published counts, and counted operations."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from core import checkpoints, costs
from core.config import Config
from core.costs import Size
from core.transformer import build, count_parameters


@pytest.mark.parametrize("shape", ["encoder", "decoder", "encoder_decoder"])
@pytest.mark.parametrize("more", [{}, {"bias": False, "tied": False}, {"n_kv_heads": 1, "norm_first": False},
                                  {"positions": "sinusoidal"}])  # fmt: skip
def test_the_parameters_of_every_shape_are_those_of_the_model(shape, more):
    config = Config(vocab=31, d_model=14, n_heads=7, n_layers=3, d_ff=23, context=11, shape=shape, **more)
    assert costs.total(costs.parameters(costs.of(config))) == count_parameters(build(config))


def test_the_shipped_model_is_billed_to_the_last_number():
    model = checkpoints.load("stories")
    assert costs.total(costs.parameters(costs.of(model.config))) == count_parameters(model)


def test_operations_are_those_that_torch_counts():
    config = Config(vocab=31, d_model=14, n_heads=7, n_layers=3, d_ff=23, context=13)
    with FlopCounterMode(display=False) as counter:
        build(config)(torch.zeros(1, 13, dtype=torch.long))
    assert counter.get_total_flops() == costs.total(costs.flops(costs.of(config), 13))


def test_with_an_encoder_both_sides_count():
    config = Config(vocab=31, d_model=14, n_heads=7, n_layers=3, d_ff=23, context=13, shape="encoder_decoder")
    with FlopCounterMode(display=False) as counter:
        build(config)(*torch.zeros(2, 1, 13, dtype=torch.long))
    assert counter.get_total_flops() == costs.total(costs.flops(costs.of(config), 13))


def test_an_encoder_alone_has_no_output_matrix():
    config = Config(vocab=31, d_model=14, n_heads=7, n_layers=3, d_ff=23, context=13, shape="encoder")
    with FlopCounterMode(display=False) as counter:
        build(config)(torch.zeros(1, 13, dtype=torch.long))
    assert counter.get_total_flops() == costs.total(costs.flops(costs.of(config), 13))


def test_where_both_parts_meet():
    size = Size(vocab=31, d_model=14, n_heads=7, d_ff=56, decoder_layers=3)
    assert costs.even(size) == 6 * 14  # 24·n·d² = 4·n²·d
    _, quadratic, _, _ = terms = costs.flops(size, 84)
    assert quadratic.total == terms[0].total + terms[2].total


def test_a_term_shows_what_it_works_out():
    term = costs.term("MLP", "2·d·d_ff + d_ff + d²", 5, d=3, d_ff=1000)
    assert term.numbers == "2·3·1,000 + 1,000 + 3²"
    assert (term.each, term.total) == (7009, 35045)


def test_the_cache_holds_a_key_and_a_value_for_each_layer():
    size = Size(vocab=31, d_model=14, n_heads=7, kv_heads=1, d_ff=5, decoder_layers=3)
    assert costs.cache_bytes(size, 11, bytes_each=4) == 2 * 3 * 2 * 11 * 4
