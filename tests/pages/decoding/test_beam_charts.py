"""A beam search as the component gets it: every node once, what became of it said in words too."""

import torch

from core.decoding import beam_search
from pages.decoding.model import beam_charts as charts


def tree(width: int = 2, penalised: bool = False) -> dict:
    logits = torch.tensor([2.0, 1.5, 1.0, 0.5]).double()
    found = beam_search(lambda ids: logits.roll(len(ids)), (), 3, 3, width, 0.5 if penalised else 0.0)
    return charts.tree(found, lambda i: f"n{i}", "start", 4, width, penalised)


def test_columns_hold_every_node_with_the_best_first():
    data = tree()
    assert data["first"] == 4 and data["root"] == "start"
    for column in data["columns"]:
        sums = [float(node["sum"].replace("−", "-")) for node in column]
        assert sums == sorted(sums, reverse=True)
        assert [node["state"] == "dropped" for node in column[:2]] == [False] * len(column[:2])
    ids = [node["id"] for column in data["columns"] for node in column]
    assert sorted(ids) == list(range(1, len(ids) + 1))


def test_what_is_drawn_is_also_said():
    nodes = [node for column in tree()["columns"] for node in column]
    for node in nodes:
        assert node["name"] in node["title"] and node["sum"] in node["title"]
        assert ("dropped" in node["title"]) == (node["state"] == "dropped")
        assert ("winner" in node["title"]) == node["best"] and ("greedy" in node["title"]) == node["greedy"]
    assert sum(node["winner"] for node in nodes) == 1 == sum(node["first"] for node in nodes)


def test_scores_stand_only_where_they_differ_from_sums():
    assert not any(node["score"] for column in tree()["columns"] for node in column)
    nodes = [node for column in tree(penalised=True)["columns"] for node in column]
    assert all("score" in node["title"] and node["score"] for node in nodes)
