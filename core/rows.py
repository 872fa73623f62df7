"""What an id is: the number of a row. The numbers are arbitrary, the rows are what was learnt."""

from typing import NamedTuple

import torch
from torch import Tensor


class Near(NamedTuple):
    id: int
    cosine: float


def cosines(table: Tensor, row: int) -> Tensor:
    """How alike the directions of one row and of every row are: table (vocab, d_model) -> (vocab,)"""
    unit = torch.nn.functional.normalize(table.detach(), dim=-1)
    return unit @ unit[row]


def nearest(table: Tensor, row: int, n: int = 5) -> list[Near]:
    """The rows that point most in the same direction, the row itself left out."""
    found = cosines(table, row)
    order = found.argsort(descending=True, stable=True).tolist()
    return [Near(i, found[i].item()) for i in order if i != row][:n]


def beside(table: Tensor, row: int) -> list[Near]:
    """The rows just before and after in the table."""
    found = cosines(table, row)
    return [Near(i, found[i].item()) for i in (row - 1, row + 1) if 0 <= i < len(found)]


class Renumbered(NamedTuple):
    ids: Tensor  # (t,), the new ids
    table: Tensor  # (vocab, d_model), its rows moved along
    difference: float  # the largest, between what the old and the new ids fetch


def renumber(table: Tensor, ids: Tensor, seed: int) -> Renumbered:
    """Every id becomes another one, at random, and every row moves to its new number."""
    chance = torch.Generator().manual_seed(seed)
    new = torch.randperm(len(table), generator=chance)  # new[id] is the id's new number
    moved = torch.empty_like(table).index_copy_(0, new, table.detach())
    return Renumbered(new[ids], moved, (moved[new[ids]] - table[ids]).abs().max().item())
