"""An id is the number of a row: rows beside it, rows like it, and all of them numbered anew."""

import numpy as np
import pytest
import torch

from core import checkpoints
from pages.shared.model.pieces import Piece
from pages.tokens.model import rows

TABLE = torch.tensor([[1.0, 0.0], [2.0, 0.1], [0.0, 3.0], [-1.0, 0.0], [0.0, 0.0]])


def cosine(a, b) -> float:
    length = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / length) if length else 0.0


@pytest.mark.parametrize("row", range(5))
def test_cosines(row):
    expected = [cosine(TABLE[row].numpy(), other.numpy()) for other in TABLE]
    torch.testing.assert_close(rows.cosines(TABLE, row), torch.tensor(expected))


def test_nearest_and_beside():
    assert [near.id for near in rows.nearest(TABLE, 0, 2)] == [1, 2]
    assert [near.id for near in rows.beside(TABLE, 0)] == [1]
    assert [near.id for near in rows.beside(TABLE, 2)] == [1, 3]
    assert [near.id for near in rows.beside(TABLE, 4)] == [3]


def test_colours_are_near_red_in_the_story_model():
    table = checkpoints.load("stories").embedding.tokens
    pieces = checkpoints.load_tokenizer("stories").pieces
    near = [pieces[n.id] for n in rows.nearest(table, pieces.index("▁red"))]
    assert {"▁yellow", "▁blue", "▁green"} < set(near)


def test_the_two_rows_that_differ_most():
    assert rows.least_alike(TABLE[:3]) == pytest.approx(cosine(TABLE[0].numpy(), TABLE[2].numpy()))
    table, zero = checkpoints.load("stories").embedding.tokens, 5
    assert rows.least_alike(table[zero : zero + 256]) > 0.999


@pytest.mark.parametrize("seed", [0, 1, 999])
def test_new_numbers_fetch_the_same_rows(seed):
    ids = [4, 0, 0, 2]
    found = rows.renumber(TABLE, ids, seed)
    assert found.difference == 0
    torch.testing.assert_close(found.table[found.ids], TABLE[ids])
    assert sorted(found.table.tolist()) == sorted(TABLE.tolist())
    assert rows.renumber(TABLE, ids, seed).ids.tolist() == found.ids.tolist()


def test_pieces_with_new_numbers():
    pieces = [Piece(0, "start", (1,)), Piece(1, "é", (8, 9))]
    assert rows.renumbered(pieces, torch.tensor([5, 6, 7])) == [Piece(0, "start", (5,)), Piece(1, "é", (6, 7))]


@pytest.mark.parametrize(("row", "shown"), [(0, [0, 1, 2]), (2, [0, 1, 2, 3, 4]), (4, [2, 3, 4])])
def test_the_rows_around_one(row, shown):
    table = torch.arange(50.0).reshape(5, 10)
    panels = rows.around(table, row, lambda i: f"piece {i}")
    assert panels["axes"]["row"]["labels"] == [f"{i} piece {i}" for i in shown]
    assert panels["panels"][0]["values"] == table[shown, : rows.FEW_COLUMNS].tolist()


def test_facts():
    said = rows.facts(TABLE, 1, "abcde".__getitem__)
    assert (said["row"], said["piece"], said["rows"], said["d_model"], said["numbers"]) == (1, "b", 5, 2, 10)
    assert said["beside"] == "0 a (1.00), 2 c (0.05)"
    assert said["alike"].startswith("0 a (1.00), 2 c (0.05)")
