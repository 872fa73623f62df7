"""What an id is: the number of a row. The numbers are arbitrary, the rows are what was learnt."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from pages.shared.model.panels import Axis, Panel, features, pipeline
from pages.shared.model.pieces import Piece
from pages.shared.model.written import number

FEW_COLUMNS = 8  # of a row that are shown


class Near(NamedTuple):
    id: int
    cosine: float


@lru_cache(maxsize=64)  # a number for each piece
def cosines(table: Tensor, row: int) -> Tensor:
    """How alike the directions of one row and of every row are: table (vocab, d_model) -> (vocab,)"""
    unit = torch.nn.functional.normalize(table.detach(), dim=-1)
    return unit @ unit[row]


def nearest(table: Tensor, row: int, n: int = 5) -> list[Near]:
    """The rows that point most in the same direction, the row itself left out."""
    found = cosines(table, row)
    order = found.argsort(descending=True, stable=True)[: n + 1].tolist()
    return [Near(i, found[i].item()) for i in order if i != row][:n]


def beside(table: Tensor, row: int) -> list[Near]:
    """The rows just before and after in the table."""
    found = cosines(table, row)
    return [Near(i, found[i].item()) for i in (row - 1, row + 1) if 0 <= i < len(found)]


def around(table: Tensor, row: int, name: Callable[[int], str], reach: int = 2) -> dict:
    """The row between its neighbours, the first few columns of each: a matrix as the page shows it."""
    shown = range(max(0, row - reach), min(len(table), row + reach + 1))
    axes = {"row": Axis("id", [f"{i} {name(i)}" for i in shown])}
    axes["column"] = Axis("feature", features(FEW_COLUMNS))
    part = table.detach()[shown.start : shown.stop, :FEW_COLUMNS]
    return pipeline(axes, [Panel("E", part, "row", "column", "E")])


def facts(table: Tensor, row: int, name: Callable[[int], str]) -> dict:
    """What is said about one row: its size, what stands beside it, and what it is most like."""

    def listed(found: Sequence[Near]) -> str:
        return ", ".join(f"{near.id} {name(near.id)} ({number(near.cosine)})" for near in found)

    vocab, d_model = table.shape
    said = {"row": row, "piece": name(row), "rows": vocab, "d_model": d_model, "numbers": vocab * d_model}
    return said | {"beside": listed(beside(table, row)), "alike": listed(nearest(table, row)), "few": FEW_COLUMNS}


def least_alike(table: Tensor) -> float:
    """The smallest cosine between any two rows: (n, d_model)"""
    unit = torch.nn.functional.normalize(table.detach(), dim=-1)
    return (unit @ unit.mT).min().item()


class Renumbered(NamedTuple):
    ids: Tensor  # (t,), the new ids
    table: Tensor  # (vocab, d_model), its rows moved along
    difference: float  # the largest, between what the old and the new ids fetch


def renumber(table: Tensor, ids: Sequence[int], seed: int) -> Renumbered:
    """Every id becomes another one, at random, and every row moves to its new number."""
    old = torch.tensor(ids)
    chance = torch.Generator().manual_seed(seed)
    new = torch.randperm(len(table), generator=chance)  # new[id] is the id's new number
    moved = torch.empty_like(table).index_copy_(0, new, table.detach())
    return Renumbered(new[old], moved, (moved[new[old]] - table[old]).abs().max().item())


def renumbered(pieces: Sequence[Piece], ids: Tensor) -> list[Piece]:
    """The pieces with these ids in place of their own."""
    return [p._replace(ids=tuple(ids[p.first : p.last + 1].tolist())) for p in pieces]
