"""What heads do: patterns found by plain loops, names by the rule, and the story model's own heads."""

import numpy as np
import pytest
import torch

from core import checkpoints
from core.interpretability import heads
from core.interpretability.heads import ENOUGH, FROM, PATTERNS, TIMES, Measured, average, measure, names, report
from core.tokenizer import SOS

PIECES = ("<s>", "▁A", "▁cat", ",", "▁a", "▁c", "ats", "▁cat", ".", "▁cat", "!")
IDS = tuple({piece: i for i, piece in enumerate(PIECES)}[piece] for piece in PIECES)  # the same piece, the same id
WORD = (0, 1, 2, 3, 4, 5, 5, 7, 8, 9, 10)
MARKS = (3, 8, 10)
T = len(PIECES)
WANTED = {  # from the definitions, key j of query i
    "first token": lambda i, j: j == 0,
    "current token": lambda i, j: j == i,
    "previous token": lambda i, j: j == i - 1,
    "same token": lambda i, j: j < i and IDS[j] == IDS[i],
    "induction": lambda i, j: 1 <= j <= i and IDS[j - 1] == IDS[i] and j - 1 < i,
    "own word": lambda i, j: j < i and WORD[j] == WORD[i],
    "punctuation": lambda i, j: j < i and j in MARKS,
    "after a mark": lambda i, j: j < i and j - 1 in MARKS,
}


def random_weights(seed: int = 1) -> torch.Tensor:
    """(2 layers, 3 heads, t, t), causal, each row sums to 1."""
    scores = torch.randn(2, 3, T, T, generator=torch.Generator().manual_seed(seed))
    return scores.masked_fill(~torch.ones(T, T).tril().bool(), -torch.inf).softmax(-1)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.name)
def test_a_pattern_is_its_definition(pattern):
    found = pattern.find(torch.tensor(IDS), PIECES)
    expected = [[WANTED[pattern.name](i, j) for j in range(T)] for i in range(T)]
    assert found[FROM:].int().tolist() == np.array(expected)[FROM:].astype(int).tolist()
    assert found.any(), "the sentence of this test has such a token"


def test_a_score_is_the_mean_weight_on_the_pattern():
    weights, measured = random_weights(), measure(random_weights(), IDS, PIECES)
    for p, pattern in enumerate(PATTERNS):
        rows = [i for i in range(2, T) if any(WANTED[pattern.name](i, j) for j in range(T))]
        assert int(measured.queries[p]) == len(rows)
        sums = [[weights[1, 2, i, j].item() for j in range(T) if WANTED[pattern.name](i, j)] for i in rows]
        assert measured.shares[p, 1, 2].item() == pytest.approx(np.mean([sum(row) for row in sums]), abs=1e-6)
        even = np.mean([len(row) / (i + 1) for i, row in zip(rows, sums, strict=True)])
        assert measured.evens[p].item() == pytest.approx(even, abs=1e-6)


def test_a_head_is_named_after_what_stands_out_most():
    evens, n = torch.tensor([0.1, 0.4, 0.1]), torch.tensor([10, 10, 10])
    shares = torch.tensor([[[0.5, 0.24, 0.3, 0.0]], [[0.9, 0.7, 0.2, 0.0]], [[0.3, 0.2, 0.45, 0.0]]])
    made = names(Measured(shares * 10, evens * 10, n))
    first, _second, third = (p.name for p in PATTERNS[:3])
    assert made == [[first, None, third, None]]  # 5.0 times beats 2.2; below ENOUGH; below TIMES; nothing


def test_without_such_tokens_there_is_no_name_and_no_score():
    nothing = Measured(torch.zeros(len(PATTERNS), 1, 1), torch.zeros(len(PATTERNS)), torch.zeros(len(PATTERNS)).long())
    assert names(nothing) == [[None]]
    rows = report(measure(random_weights(), IDS, PIECES), nothing, 0, 0)[:1]
    assert rows[0]["here"] is None


@pytest.mark.parametrize("t", [1, 2, 3])
def test_short_texts_measure_nothing_or_little(t):
    weights = random_weights()[..., :t, :t]
    measured = measure(weights / weights.sum(-1, keepdim=True), IDS[:t], PIECES[:t])
    assert (measured.queries[:3] == max(0, t - 2)).all()


@pytest.fixture(scope="module")
def story():
    return checkpoints.load("stories"), checkpoints.load_tokenizer("stories")


def test_the_story_model_has_heads_that_its_names_describe(story):
    measured = average(*story)
    named = names(measured)
    assert (len(named), len(named[0])) == (4, 6)
    assert {"previous token", "first token", "induction", "own word", None} <= {n for row in named for n in row}
    for layer, row in enumerate(named):
        for head, name in enumerate(row):
            if name is None:
                continue
            p = [pattern.name for pattern in PATTERNS].index(name)
            share, even = measured.shares[p, layer, head], measured.evens[p]
            assert share >= ENOUGH and share >= TIMES * even


def test_every_pattern_occurs_often_enough_to_be_measured(story):
    assert int(average(*story).queries.min()) >= 50


def test_an_average_counts_every_query_once(story):
    two = heads.SENTENCES[:2]
    both = average(*story, two)
    parts = [average(*story, [sentence]) for sentence in two]
    for name in Measured._fields:
        torch.testing.assert_close(getattr(both, name), sum(getattr(part, name) for part in parts))
    ids = [SOS, *story[1].encode(two[0]).ids]
    assert int(parts[0].queries[0]) == len(ids) - 2
