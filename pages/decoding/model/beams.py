"""What a lesson shows of a beam search: the tree column by column, whose path is whose, and which of two is better."""

import math
from typing import TYPE_CHECKING, NamedTuple

from pages.shared.model.written import number

if TYPE_CHECKING:
    from core.decoding import BeamTree


class Result(NamedTuple):
    """Where a search ended."""

    ids: tuple[int, ...]  # what was written, without the prompt
    total: float
    score: float


def columns(tree: "BeamTree") -> list[list[int]]:
    """The nodes at each depth from 1 on, the best score first: those that were kept stand before the dropped ones."""
    depths = range(1, tree.nodes[-1].depth + 1)
    return [sorted(at_depth(tree, depth), key=lambda i: -tree.nodes[i].score) for depth in depths]


def at_depth(tree: "BeamTree", depth: int) -> list[int]:
    return [i for i, node in enumerate(tree.nodes) if node.depth == depth]


def line(tree: "BeamTree", node: int) -> list[int]:
    """The nodes from the first token to this one."""
    found = []
    while tree.nodes[node].parent is not None:
        found.append(node)
        node = tree.nodes[node].parent
    return found[::-1]


def winner(tree: "BeamTree") -> int:
    """The node at which the best text ends."""
    depth = len(tree.best) - len(tree.prompt)
    return next(i for i in at_depth(tree, depth) if tree.ids(i) == tree.best)


def greedy_line(tree: "BeamTree") -> list[int]:
    """The most probable token after each one, as far as the tree goes on there."""
    found, at = [], 0
    while children := [i for i, node in enumerate(tree.nodes) if node.parent == at]:
        at = max(children, key=lambda i: tree.nodes[i].log_prob)  # of equals the first, as greedy takes it
        found.append(at)
    return found


def result(tree: "BeamTree") -> Result:
    node = tree.nodes[winner(tree)]
    return Result(tree.best[len(tree.prompt) :], node.total, node.score)


def log_probs(tree: "BeamTree") -> list[float]:
    """Of each token of the best text."""
    return [tree.nodes[i].log_prob for i in line(tree, winner(tree))]


def verdict(beam: "BeamTree", greedy: "BeamTree") -> str:
    """The part of the lesson that says which is better; `greedy` is the tree of width 1."""
    one, other = result(beam), result(greedy)
    if one.ids == other.ids:
        return "Beam same"
    return "Beam better" if one.score > other.score else "Beam worse"


def facts(beam: "BeamTree", greedy: "BeamTree") -> dict:
    """What the lesson says of the two: sums, scores, how many times as probable one text is as the other."""
    one, other = result(beam), result(greedy)
    gap = one.total - other.total
    said = {"beam_sum": number(one.total), "greedy_sum": number(other.total), "n": len(one.ids), "m": len(other.ids)}
    said |= {"beam_score": number(one.score, 3), "greedy_score": number(other.score, 3), "gap": abs(gap)}
    said |= {"times": math.exp(min(abs(gap), 700)), "nodes": len(beam.nodes) - 1, "more": gap > 0}
    return said | {"dropped": sum(node.state == "dropped" for node in beam.nodes), "lost": lost(beam)}


def lost(tree: "BeamTree") -> int:
    """The depth at which greedy's path was dropped; 0 if it never was."""
    return next((tree.nodes[i].depth for i in greedy_line(tree) if tree.nodes[i].state == "dropped"), 0)
