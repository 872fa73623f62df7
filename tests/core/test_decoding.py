"""Filters, draws, beams and the cached model, against the oracle, exhaustive search and transformers."""

import math
from itertools import product

import hypothesis.strategies as st
import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis.extra.numpy import arrays
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from core.config import Config
from core.decoding import (
    Cached,
    beam_search,
    choose,
    draw_from,
    filter_logits,
    greedy,
    penalised,
    perplexity,
    ranked,
    sample,
    stages,
)
from core.transformer import build
from tests import reference
from tests.core.same import close, decoder_as_gpt2, shake

pytestmark = pytest.mark.usefixtures("float64")
INF = math.inf


def logits_of(*probs: float) -> torch.Tensor:
    return torch.tensor(probs).log()


def kept(logits, **filters) -> list[int]:
    return filter_logits(torch.as_tensor(logits), **filters).kept.nonzero().flatten().tolist()


# Filters, by hand


def test_without_filters_the_probabilities_are_the_softmax():
    filtering = filter_logits(logits_of(0.5, 0.3, 0.2))
    close(filtering.probs, [0.5, 0.3, 0.2])
    close(filtering.scaled, filtering.logits)
    assert filtering.kept.tolist() == [True] * 3


def test_temperature_by_hand():
    filtering = filter_logits(torch.tensor([2.0, 0.0]), temperature=2.0)
    assert filtering.logits.tolist() == [2, 0] and filtering.scaled.tolist() == [1, 0]
    close(filtering.probs, [math.e / (1 + math.e), 1 / (1 + math.e)])


def test_top_k_by_hand():
    filtering = filter_logits(logits_of(0.1, 0.4, 0.2, 0.3), top_k=2)
    assert filtering.kept.tolist() == [False, True, False, True]
    close(filtering.probs, [0, 4 / 7, 0, 3 / 7])


def test_the_token_that_crosses_p_is_kept():
    logits = logits_of(0.1, 0.5, 0.15, 0.25)
    assert kept(logits, top_p=0.49) == [1]
    assert kept(logits, top_p=0.51) == [1, 3]
    assert kept(logits, top_p=0.74) == [1, 3]
    assert kept(logits, top_p=0.76) == [1, 2, 3]
    assert kept(logits, top_p=0.91) == [0, 1, 2, 3]
    close(filter_logits(logits, top_p=0.6).probs, [0, 2 / 3, 0, 1 / 3])


def test_p_reached_exactly_needs_no_more():
    assert kept(torch.tensor([0.0, 0.0, 0.0, 0.0]), top_p=0.5) == [0, 1]


def test_min_p_by_hand():
    logits = logits_of(0.1, 0.5, 0.15, 0.25)
    assert kept(logits, min_p=0.51) == [1]
    assert kept(logits, min_p=0.49) == [1, 3]
    assert kept(logits, min_p=0.29) == [1, 2, 3]
    close(filter_logits(logits, min_p=0.49).probs, [0, 2 / 3, 0, 1 / 3])


def test_temperature_comes_before_top_p():
    logits = logits_of(0.6, 0.3, 0.1)
    assert kept(logits, top_p=0.55) == [0]
    assert kept(logits, top_p=0.55, temperature=10.0) == [0, 1]


def test_top_k_comes_before_top_p():
    logits = logits_of(0.5, 0.3, 0.2)
    assert kept(logits, top_p=0.6) == [0, 1]
    assert kept(logits, top_k=2, top_p=0.6) == [0]  # of the two left, the first has 0.625


def test_min_p_comes_after_top_p():
    logits = logits_of(0.5, 0.3, 0.15, 0.05)
    assert kept(logits, min_p=0.5) == [0, 1]
    assert kept(logits, top_p=0.6, min_p=0.5) == [0, 1]  # the other way round the first would have 0.625 of two


# Filters, edge cases with a decided answer


@pytest.mark.parametrize("temperature", [0, 0.0, 1e-9, 1e-40])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_no_temperature_is_greedy(temperature, dtype):
    filtering = filter_logits(torch.tensor([1e4, -3.0, 1e4 + 1, -INF], dtype=dtype), temperature=temperature)
    assert filtering.probs.tolist() == [0, 0, 1, 0]
    assert filtering.probs.dtype == torch.float64  # in which small shares are not 0


def test_at_temperature_0_one_of_equals_is_kept_and_nothing_is_scaled():
    logits = torch.tensor([1.0, 7.0, 7.0])
    filtering = filter_logits(logits, temperature=0, top_k=3, top_p=1.0, min_p=0.0)
    assert filtering.kept.tolist() == [False, True, False]
    assert torch.equal(filtering.scaled, logits)


@pytest.mark.parametrize(("top_k", "expected"), [(99, 5), (5, 5), (3, 3), (1, 1), (0, 1), (-7, 1)])
def test_top_k_is_clamped(top_k, expected):
    assert len(kept(torch.randn(5), top_k=top_k)) == expected


def test_top_p_0_keeps_the_best_and_1_keeps_all():
    assert kept(logits_of(0.2, 0.5, 0.3), top_p=0) == [1]
    assert kept(logits_of(0.2, 0.5, 0.3), top_p=1) == [0, 1, 2]
    assert kept(torch.tensor([0.0, -100.0, -200.0]), top_p=1) == [0, 1, 2]  # however small the tail


def test_min_p_0_keeps_all_and_1_keeps_the_best():
    assert kept(torch.tensor([0.0, 3.0, -600.0, 3.0]), min_p=0) == [0, 1, 2, 3]
    assert kept(torch.tensor([0.0, 3.0, -600.0, 3.0]), min_p=1) == [1, 3]


def test_ties_go_to_the_lowest_id():
    equal = torch.zeros(7)
    assert kept(equal, top_k=2) == [0, 1]
    assert kept(equal, top_p=0.3) == [0, 1, 2]
    assert kept(equal, temperature=0) == [0]
    assert ranked(torch.tensor([1.0, 5.0, 1.0, 5.0, 9.0])).tolist() == [4, 1, 3, 0, 2]
    assert ranked(torch.zeros(1000)).tolist() == list(range(1000))


@pytest.mark.parametrize("filters", [{}, {"top_k": 4}, {"top_p": 1.0}, {"min_p": 0.0}])
def test_impossible_tokens_are_never_kept(filters):
    filtering = filter_logits(torch.tensor([-INF, 1.0, -INF, 0.0]), **filters)
    assert filtering.kept.tolist() == [False, True, False, True]
    close(filtering.probs, [0, math.e / (1 + math.e), 0, 1 / (1 + math.e)])


@pytest.mark.parametrize("logits", [[-INF] * 3, [0.0, math.nan, 1.0], [math.nan] * 2, [0.0, INF]])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_logits_that_are_no_choice_are_refused(logits, temperature):
    with pytest.raises(ValueError, match=r"There is no next token to choose: .*\."):
        filter_logits(torch.tensor(logits), temperature=temperature)
    with pytest.raises(ValueError, match=r"There is no next token to choose: .*\."):
        beam_search(lambda ids: torch.tensor(logits), [0], 1, 3, 2)


@pytest.mark.parametrize(
    "filters",
    [
        *({"temperature": t} for t in (-0.1, INF, math.nan)),
        *({name: p} for name in ("top_p", "min_p") for p in (-0.1, 1.1, math.nan)),
    ],
    ids=str,
)
def test_settings_out_of_range_are_refused(filters):
    ((name, value),) = filters.items()
    with pytest.raises(ValueError, match=f"{name} must .*; got {value}"):
        filter_logits(torch.zeros(3), **filters)


# Filters, against the oracle and transformers

some_logits = arrays(np.float64, st.integers(1, 12), elements=st.floats(-20, 20, width=32))
shares = st.one_of(st.none(), st.floats(0, 1))


@given(some_logits, st.floats(0.05, 10), st.one_of(st.none(), st.integers(0, 14)), shares, shares)
def test_filters_are_the_oracles(logits, temperature, top_k, top_p, min_p):
    how = {"temperature": temperature, "top_k": top_k}
    if top_p is not None:  # not within a rounding error of the border
        assume(abs(np.cumsum(np.sort(reference.filter_logits(logits, **how))[::-1]) - top_p).min() > 1e-9)
    if min_p is not None:
        left = reference.filter_logits(logits, **how, top_p=top_p)
        assume(abs(left - min_p * left.max()).min() > 1e-9 or min_p in (0, 1))
    filtering = filter_logits(torch.from_numpy(logits), **how, top_p=top_p, min_p=min_p)
    expected = reference.filter_logits(logits, **how, top_p=top_p, min_p=min_p)
    close(filtering.probs, expected)
    assert ((filtering.probs > 0) <= filtering.kept).all()
    close(filtering.probs.sum(), 1.0)


@pytest.mark.parametrize("seed", range(8))
def test_filters_are_transformers(seed):
    scores = torch.randn(1, 29, generator=torch.Generator().manual_seed(seed)) * 2
    filters = {"temperature": 0.8, "top_k": 11, "top_p": 0.85, "min_p": 0.07}
    expected = scores
    for warper, value in zip(
        (TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper, MinPLogitsWarper), filters.values(), strict=True
    ):
        expected = warper(value)(None, expected)
    filtering = filter_logits(scores[0], **filters)
    assert filtering.kept.tolist() == (expected[0] > -INF).tolist()
    close(filtering.probs, expected[0].softmax(-1))


# Draws


def test_the_draw_falls_on_the_shares_laid_end_to_end_the_largest_first():
    probs = torch.tensor([0.125, 0.5, 0.0, 0.125, 0.25])
    draws = {0.0: 1, 0.4999: 1, 0.5: 4, 0.7499: 4, 0.75: 0, 0.8749: 0, 0.875: 3, 1 - 2**-53: 3}
    assert {draw: draw_from(probs, draw) for draw in draws} == draws


def test_equal_steps_of_the_draw_give_each_token_its_share():
    probs = torch.tensor([0.11, 0.0, 0.29, 0.2, 0.4])
    counts = np.bincount([draw_from(probs, (i + 0.5) / 1000) for i in range(1000)], minlength=5)
    close(counts / 1000, probs, rtol=0, atol=1e-9)


@given(some_logits, st.floats(0, 1, exclude_max=True))
def test_draws_are_the_oracles(logits, number):
    probs = torch.from_numpy(logits).softmax(0)
    reached = np.cumsum(sorted(probs.numpy(), reverse=True))
    assume(abs(reached - number).min() > 1e-9)
    assert draw_from(probs, number) == reference.draw(probs.numpy() / probs.numpy().sum(), number)


def test_a_draw_next_to_1_still_falls_on_a_token_that_can_be():
    probs = torch.tensor([0.1] * 10 + [0.0], dtype=torch.float32)  # their float32 sum is a little off
    assert draw_from(probs, 1 - 2**-53) == 9


# Steps: models are tables, a row of logits for each sequence


def table(vocab: int, seed: int = 0, spread: float = 2.0):
    """A model that remembers everything: other logits after each sequence, the same every time."""
    return lambda ids: torch.from_numpy(np.random.default_rng([seed, *ids]).normal(size=vocab)) * spread


def bigrams(*rows: list[float]):
    """A model that looks at the last token only: probabilities of the next one by the last one."""
    return lambda ids: torch.tensor(rows[ids[-1]]).log()


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_greedy_by_hand():
    model = bigrams([0.1, 0.6, 0.3], [0.2, 0.3, 0.5], [0.9, 0.0, 0.1])
    steps = list(greedy(model, [0], eos=9, max_new=4))
    assert [s.chosen for s in steps] == [1, 2, 0, 1]
    assert [s.ids for s in steps] == [(0,), (0, 1), (0, 1, 2), (0, 1, 2, 0)]
    assert all(s.draw is None for s in steps)
    assert all(s.filtering.logits.tolist() == model(s.ids).tolist() for s in steps)
    assert [s.chosen for s in greedy(model, [0], eos=2, max_new=4)] == [1, 2]  # EOS is the last one
    assert list(greedy(model, [0], eos=2, max_new=0)) == []


@pytest.mark.parametrize("seed", range(5))
def test_greedy_takes_the_largest_each_time(seed):
    model = table(7, seed)
    steps = list(greedy(model, [3, 1], eos=0, max_new=6))
    for step in steps:
        assert step.chosen == int(np.argmax(model(step.ids).numpy()))
    assert len(steps) == 6 or steps[-1].chosen == 0
    assert 0 not in [s.chosen for s in steps[:-1]]


def test_a_sample_is_repeated_by_its_seed():
    def run(seed):
        return list(sample(table(11), [1], 0, 20, generator=generator(seed), temperature=1.3, top_k=9))

    once, again, other = run(5), run(5), run(6)
    assert [(s.ids, s.chosen, s.draw) for s in once] == [(s.ids, s.chosen, s.draw) for s in again]
    assert [s.draw for s in once] != [s.draw for s in other][: len(once)]


@pytest.mark.parametrize("filters", [{}, {"temperature": 0.6}, {"top_k": 3}, {"top_p": 0.7, "min_p": 0.1}], ids=str)
def test_each_sampled_token_is_the_one_its_draw_falls_on(filters):
    model, numbers = table(11, spread=1.0), generator(3)
    steps = list(sample(model, [1], -1, 30, generator=generator(3), **filters))
    assert len(steps) == 30
    for before, step in zip([None, *steps], steps, strict=False):
        assert step.ids == ((1,) if before is None else (*before.ids, before.chosen))
        assert step.draw == torch.rand((), generator=numbers, dtype=torch.float64).item()
        expected = reference.filter_logits(model(step.ids).numpy(), **filters)
        close(step.filtering.probs, expected)
        assert step.chosen == reference.draw(expected, step.draw)


def test_tokens_come_as_often_as_their_probabilities_say():
    probs, n = [0.05, 0.4, 0.25, 0.3], 3000
    chance = generator(1)
    chosen = [s.chosen for _ in range(n) for s in sample(lambda _: logits_of(*probs), [0], -1, 1, generator=chance)]
    counts, expected = np.bincount(chosen, minlength=4), np.array(probs) * n
    assert ((counts - expected) ** 2 / expected).sum() < 16.3  # chi-square with 3 degrees of freedom: 1 in 1000


def test_sampling_at_temperature_0_is_greedy():
    ids = [s.chosen for s in sample(table(7), [2], 0, 9, generator=generator(), temperature=0)]
    assert ids == [s.chosen for s in greedy(table(7), [2], 0, 9)]


# Beam search


@pytest.mark.parametrize("penalty", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(6))
def test_a_beam_of_width_1_is_greedy(seed, penalty):
    tree = beam_search(table(5, seed), [3], 0, 6, 1, penalty)
    assert tree.best == (3, *(s.chosen for s in greedy(table(5, seed), [3], 0, 6)))


def exhaustive(model, prompt, eos, max_new, vocab, penalty):
    """Score every sequence that could be written: those that end in EOS, and those that fill all the room."""
    best = (-INF, ())
    for length in range(1, max_new + 1):
        for tail in product(range(vocab), repeat=length):
            if eos in tail[:-1] or (tail[-1] != eos and length < max_new):
                continue
            logs = [reference.log_softmax(model((*prompt, *tail[:i])).numpy())[t] for i, t in enumerate(tail)]
            best = max(best, (sum(logs) / length**penalty, (*prompt, *tail)))
    return best


@pytest.mark.parametrize("penalty", [0.0, 0.6, 1.0, 2.0])
@pytest.mark.parametrize(("vocab", "max_new"), [(3, 3), (4, 3), (5, 2), (3, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_a_beam_wide_enough_finds_the_best_of_all(seed, vocab, max_new, penalty):
    model = table(vocab, seed, spread=1.0)
    score, ids = exhaustive(model, (1,), 0, max_new, vocab, penalty)
    tree = beam_search(model, [1], 0, max_new, vocab**max_new, penalty)
    assert tree.best == ids
    close(max(n.score for n in tree.nodes[1:] if n.state == "ended" or n.depth == max_new), score)


def test_a_length_penalty_prefers_longer_sequences():
    model = bigrams([0.0, 0.0, 1.0], [0.4, 0.6, 0.0], [0.45, 0.55, 0.0])  # 0 is EOS
    assert beam_search(model, [2], 0, 3, 9, 0.0).best == (2, 0)  # log 0.45 against log 0.55 · 0.6 · 0.6
    assert beam_search(model, [2], 0, 3, 9, 1.0).best == (2, 1, 1, 1)


def test_greedy_can_miss_what_a_beam_finds():
    model = bigrams([1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.55, 0.45], [0.4, 0.3, 0.0, 0.3], [1.0, 0.0, 0.0, 0.0])
    assert beam_search(model, [1], 0, 2, 1).best == (1, 2, 0)  # 0.55 · 0.4
    tree = beam_search(model, [1], 0, 2, 2)
    assert tree.best == (1, 3, 0)  # 0.45 · 1
    close(math.exp(max(n.score for n in tree.nodes[1:] if n.state == "ended")), 0.45)


@pytest.mark.parametrize("penalty", [0.0, 0.7, 1.5])
@pytest.mark.parametrize("width", [1, 2, 3, 7])
@pytest.mark.parametrize("seed", range(4))
def test_beams_are_the_oracles(seed, width, penalty):
    model = table(6, seed, spread=1.0)
    tree = beam_search(model, [4, 2], 0, 5, width, penalty)
    score, ids = reference.beam_search(lambda i: model(i).numpy(), [4, 2], 0, 5, width, penalty)
    assert tree.best == tuple(ids)
    close([n.score for i, n in enumerate(tree.nodes) if i and tree.ids(i) == tree.best], [score])


@pytest.mark.parametrize("penalty", [0.0, 0.7])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_the_tree_holds_what_it_says(width, penalty):
    model = table(6, 2, spread=1.0)
    tree = beam_search(model, [4, 2], 0, 5, width, penalty)
    root, *rest = tree.nodes
    assert tree.prompt == (4, 2) == tree.ids(0)
    assert (root.parent, root.token, root.total, root.depth, root.state) == (None, None, 0, 0, "open")
    for i, node in enumerate(rest, 1):
        parent = tree.nodes[node.parent]
        assert node.parent < i and node.depth == parent.depth + 1
        assert parent.state == "open"  # nothing follows an ended or dropped one
        assert tree.ids(i) == (*tree.ids(node.parent), node.token)
        close(node.log_prob, reference.log_softmax(model(tree.ids(node.parent)).numpy())[node.token])
        close(node.total, parent.total + node.log_prob)
        close(node.score, node.total / node.depth**penalty)
        assert node.state in ("open", "ended", "dropped")
        assert node.state == "dropped" or (node.state == "ended") == (node.token == 0)
    for depth in {n.depth for n in rest}:
        level = [n for n in rest if n.depth == depth]
        stay = [n for n in level if n.state != "dropped"]
        parents = {n.parent for n in level}
        assert len(stay) == min(width, len(level)) and len(level) == len(parents) * min(width, 6)
        assert min(n.score for n in stay) >= max((n.score for n in level if n.state == "dropped"), default=-INF)


def test_beams_of_equals_take_the_lowest_ids():
    tree = beam_search(lambda ids: torch.zeros(4), [0], eos=-1, max_new=3, width=2)
    assert tree.best == (0, 0, 0, 0)
    assert [tree.ids(i) for i, n in enumerate(tree.nodes) if n.depth == 2 and n.state == "open"] == [
        (0, 0, 0),
        (0, 0, 1),
    ]


def test_a_beam_does_not_end_before_it_is_sure():
    """EOS comes early and is the best so far, but with the penalty a longer one overtakes it."""
    model = bigrams([1.0, 0.0, 0.0], [0.02, 0.98, 0.0], [0.6, 0.4, 0.0])
    assert beam_search(model, [2], 0, 8, 2, 1.0).best == (2, *[1] * 8)
    assert beam_search(model, [2], 0, 8, 2, 0.0).best == (2, 0)


@pytest.mark.parametrize(
    "bad",
    [{"width": 0}, {"max_new": 0}, {"length_penalty": -1.0}, {"length_penalty": 1e6}, {"length_penalty": math.nan}],
)
def test_a_beam_that_cannot_be_is_refused(bad):
    with pytest.raises(ValueError, match="beam search cannot use"):
        beam_search(**{"next_logits": table(3), "prompt": [0], "eos": 1, "max_new": 2, "width": 2} | bad)


# A model, plain and cached

CONFIG = Config(vocab=13, d_model=30, n_heads=6, n_layers=2, d_ff=17, context=19, n_kv_heads=2)


def plain(model, **memory):
    with torch.no_grad():
        return lambda ids: model(torch.tensor([ids]), **memory).logits[0, -1].detach()


def models():
    """A decoder, and an encoder-decoder's decoder with what its encoder made."""
    decoder = shake(build(CONFIG))
    both = shake(build(Config(**{**vars(CONFIG), "shape": "encoder_decoder", "positions": "rotary", "d_model": 36})))
    return (decoder, {}), (both.decoder, {"memory": both.encoder(torch.randint(13, (1, 7))).output.detach()})


@pytest.mark.parametrize("which", [0, 1], ids=["decoder", "encoder-decoder"])
def test_a_cached_model_decodes_as_the_plain_one(which):
    model, memory = models()[which]
    model.requires_grad_(False)
    runs = (
        lambda m: list(greedy(m, [1, 5, 7], -1, 15)),
        lambda m: list(sample(m, [1, 5, 7], -1, 15, generator=generator(2), temperature=3.0, top_p=0.95)),
    )
    for run in runs:
        ours, expected = run(Cached(model, **memory)), run(plain(model, **memory))
        assert len(ours) > 3
        for a, b in zip(ours, expected, strict=True):
            assert (a.ids, a.draw, a.chosen) == (b.ids, b.draw, b.chosen)
            close(a.filtering.logits, b.filtering.logits, rtol=1e-9, atol=1e-9)
    for width in (1, 3):
        trees = [beam_search(m(model, **memory), [1, 5], 0, 6, width, 0.5) for m in (Cached, plain)]
        assert trees[0].best == trees[1].best
        assert [(n.parent, n.token, n.state) for n in trees[0].nodes] == [
            (n.parent, n.token, n.state) for n in trees[1].nodes
        ]
        close([n.score for n in trees[0].nodes], [n.score for n in trees[1].nodes], rtol=1e-8, atol=1e-8)


def test_one_cached_model_serves_many_sequences():
    model = shake(build(CONFIG)).requires_grad_(False)
    cached, direct = Cached(model), plain(model)
    for ids in [(1, 2, 3), (1, 2, 3, 4), (5,), (1, 2, 3, 4, 6), (1, 2, 3, 5), (1, 2), (1, 2, 3), (5, 6), (1, 2, 3, 4)]:
        close(cached(ids), direct(ids), rtol=1e-9, atol=1e-9)


def test_a_step_reads_only_what_is_not_in_the_cache():
    cached = Cached(shake(build(CONFIG)))
    read = [
        cached.step(ids).logits.shape[1] for ids in [(1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 5), (1, 2, 3, 5, 6), (9, 8)]
    ]
    assert read == [3, 1, 1, 1, 2]
    assert not cached.step((9, 8, 7)).logits.requires_grad


def test_the_caches_kept_are_those_of_the_last_two_lengths():
    cached = Cached(shake(build(CONFIG)))
    for start in range(10):
        for step in greedy(cached, [start, 1], eos=-1, max_new=5):
            assert {len(ids) for ids in cached.pasts} <= {len(step.ids) - 1, len(step.ids)}
    assert len(cached.pasts) == 2


def test_greedy_text_is_transformers():
    ours = shake(build(Config(vocab=13, d_model=15, n_heads=3, n_layers=2, d_ff=17, context=19)))
    sizes = {"vocab_size": 13, "n_positions": 19, "n_embd": 15, "n_layer": 2, "n_head": 3, "n_inner": 17}
    theirs = GPT2LMHeadModel(GPT2Config(**sizes, bos_token_id=1, eos_token_id=2)).eval()
    lost = theirs.load_state_dict(decoder_as_gpt2(ours), strict=False)
    assert lost.missing_keys == ["lm_head.weight"] and not lost.unexpected_keys  # tied to wte
    for prompt in ([3], [5, 6, 7], [1, 9]):
        expected = theirs.generate(torch.tensor([prompt]), do_sample=False, max_new_tokens=9, pad_token_id=0)
        steps = list(greedy(Cached(ours), prompt, eos=2, max_new=9))
        assert [*steps[-1].ids, steps[-1].chosen] == expected[0].tolist()


# Repetition penalty


def test_the_penalty_divides_positive_logits_and_multiplies_negative_ones():
    logits = torch.tensor([4.0, -2.0, 0.0, 3.0, -INF])
    assert penalised(logits, [0, 1, 2, 4, 0], 2.0).tolist() == [2, -4, 0, 3, -INF]
    assert logits.tolist() == [4, -2, 0, 3, -INF]  # nothing is changed in place
    filtering = filter_logits(logits, temperature=2.0, repetition_penalty=2.0, seen=(0, 0, 1))
    assert filtering.logits.tolist() == logits.tolist()
    assert filtering.scaled.tolist() == [1, -2, 0, 1.5, -INF]  # the penalty comes before the temperature


@pytest.mark.parametrize("penalty", [1.0, 1.2, 3.0, 0.5])
def test_the_penalty_is_that_of_transformers(penalty):
    logits, seen = 3 * torch.randn(97), [5, 11, 5, 0, 96]
    theirs = RepetitionPenaltyLogitsProcessor(penalty)(torch.tensor([seen]), logits[None].clone())[0]
    close(filter_logits(logits, repetition_penalty=penalty, seen=seen).scaled, theirs)


def test_without_a_penalty_nothing_is_copied():
    logits = torch.randn(7)
    assert filter_logits(logits, temperature=0, seen=(1, 2)).scaled is logits
    assert choose((900, 901), logits, None).chosen == int(logits.argmax())  # ids are looked up for a penalty only


@pytest.mark.parametrize("penalty", [0.0, -1.0, INF, math.nan])
def test_a_penalty_out_of_range_is_refused(penalty):
    with pytest.raises(ValueError, match="repetition_penalty must be a number above 0"):
        filter_logits(torch.zeros(3), repetition_penalty=penalty)


def test_a_heavy_penalty_stops_greedy_from_repeating_itself():
    logits = torch.tensor([1.0, 5.0, 4.0, 3.0])
    plain = [s.chosen for s in greedy(lambda ids: logits, [0], -1, 3)]
    heavy = sample(lambda ids: logits, [0], -1, 3, generator=torch.Generator(), temperature=0, repetition_penalty=9)
    assert plain == [1, 1, 1] and [s.chosen for s in heavy] == [1, 2, 3]


def test_every_stage_has_the_penalty():
    found = stages(torch.tensor([4.0, 3.0, 2.0]), repetition_penalty=4, seen=[0], top_k=2)
    assert [f.scaled.tolist() for f in found.values()] == [[1, 3, 2]] * 2
    assert found["top_k"].kept.tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("logits", "temperature", "dtype"),
    [
        ([1, 1e9, 0], 1e-30, torch.float32),
        ([-3e38, 3e38, 0], 0.1, torch.float32),
        ([9, 10, 0], 1e-5, torch.float16),
    ],
)
def test_where_the_division_would_overflow_it_is_greedy(logits, temperature, dtype):
    assert filter_logits(torch.tensor(logits, dtype=dtype), temperature=temperature).probs.tolist() == [0, 1, 0]


def test_a_penalty_that_leaves_no_numbers_is_refused():
    with pytest.raises(ValueError, match="not numbers"):
        filter_logits(torch.tensor([-10.0, -20.0]), repetition_penalty=1e308, seen=(0, 1))


def test_beams_do_not_follow_what_cannot_be():
    table = {1: (-INF, -INF, 0.0), 2: (0.0, -INF, -INF)}  # of token 0 there is no row: it cannot come before the end
    tree = beam_search(lambda ids: torch.tensor(table[ids[-1]]), (1,), 0, 4, width=3)
    assert tree.best == (1, 2, 0) and len(tree.nodes) == 3


# At the edges


def test_a_model_needs_something_to_go_on_from():
    model = build(Config(vocab=13, d_model=6, n_heads=2, n_layers=1, d_ff=7, context=11))
    with pytest.raises(ValueError, match="there is nothing to go on from"):
        list(greedy(Cached(model), [], 2, 3))


def test_the_largest_length_penalty_works_at_any_length():
    tree = beam_search(lambda ids: torch.tensor([0.0, 0.5, -1.0]), [0], 99, 2_000, 1, 100.0)
    assert len(tree.best) == 2_001 and all(math.isfinite(node.score) for node in tree.nodes)


@pytest.mark.parametrize(
    ("logs", "expected"), [([-800.0], math.inf), ([-709.0], math.exp(709)), ([-1.0, -3.0], math.exp(2))]
)
def test_perplexity_may_be_infinite(logs, expected):
    assert perplexity(logs) == pytest.approx(expected)
