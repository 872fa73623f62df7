"""A beam search as a lesson shows it: on a table written by hand, where greedy misses the better text."""

import math

import pytest
import torch

from core.decoding import beam_search, greedy
from pages.decoding.model import beams

EOS = 3
TABLE = {  # greedy begins with 0, which leads nowhere; 1 leads to a sure end
    (): (0.5, 0.4, 0.05, 0.05),
    (0,): (0.3, 0.3, 0.2, 0.2),
    (1,): (0.02, 0.02, 0.01, 0.95),
}


def model(ids) -> torch.Tensor:
    return torch.tensor(TABLE.get(tuple(ids), (0.25,) * 4), dtype=torch.float64).log()


def search(width: int, max_new: int = 2, penalty: float = 0.0):
    return beam_search(model, (), EOS, max_new, width, penalty)


def test_columns_are_sorted_and_what_was_kept_comes_first():
    tree = search(2)
    first, second = beams.columns(tree)
    assert [tree.nodes[i].token for i in first] == [0, 1]
    scores = [tree.nodes[i].score for i in second]
    assert scores == sorted(scores, reverse=True) and len(second) == 4
    assert [tree.nodes[i].state == "dropped" for i in second] == [False, False, True, True]


def test_the_winner_and_greedys_line():
    tree = search(2)
    assert tree.ids(beams.winner(tree)) == tree.best == (1, EOS)
    assert [tree.nodes[i].token for i in beams.line(tree, beams.winner(tree))] == [1, EOS]
    ids = [step.chosen for step in greedy(model, (), EOS, 2)]
    assert [tree.nodes[i].token for i in beams.greedy_line(tree)] == ids == [0, 0]


def test_beam_finds_what_greedy_misses():
    tree, one = search(2), search(1)
    facts = beams.facts(tree, one)
    assert beams.verdict(tree, one) == "Beam better"
    assert facts["times"] == pytest.approx(0.4 * 0.95 / (0.5 * 0.3))
    assert facts["beam_sum"] == f"{math.log(0.38):.2f}".replace("-", "−")
    assert facts["lost"] == 0  # greedy's 0, 0 is the second best here: it was kept to the end


def test_a_beam_of_one_is_greedy():
    assert beams.verdict(search(1), search(1)) == "Beam same"


def test_beam_can_lose():
    """With width 2 the path that greedy goes is dropped at depth 2, and only it has a sure end."""
    table = {(): (0.6, 0.4, 0, 0), (0,): (0.35, 0.35, 0.3, 0), (1,): (0.5, 0.5, 0, 0), (0, 0): (0, 0, 0, 1.0)}

    def told(ids) -> torch.Tensor:
        return torch.tensor(table.get(tuple(ids), (0.5, 0.5, 0, 0)), dtype=torch.float64).log()

    tree, one = (beam_search(told, (), EOS, 3, width) for width in (2, 1))
    assert beams.verdict(tree, one) in ("Beam same", "Beam better", "Beam worse")
    table |= {(0,): (0.32, 0.31, 0.3, 0.07), (1,): (0.5, 0.5, 0, 0)}  # 0.192 against twice 0.2
    tree, one = (beam_search(told, (), EOS, 3, width) for width in (2, 1))
    assert beams.verdict(tree, one) == "Beam worse" and beams.lost(tree) == 2
    assert beams.result(one).total == pytest.approx(math.log(0.6 * 0.32))
