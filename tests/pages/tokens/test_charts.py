"""The charts of tokens: what is drawn, from which numbers, and what is said in their place."""

import json

import pytest

from core import tokenizer
from pages.tokens.model import bpe, charts, cutting, lattice
from tests.core.test_tokenizer import stories
from tests.pages.shared.charts.test_stream import fields
from tests.pages.tokens.test_bpe import PAPER

SPECIFICATIONS = {
    "pairs": lambda: charts.pairs("light"),
    "lattice": lambda: charts.lattice("dark"),
    "costs": lambda: charts.costs("light", charts.LENGTHS[0]),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    made = tokenizer.train(stories(), tmp_path_factory.mktemp("unigram") / "t", 320, "unigram")
    return lattice.lattice(made, "hello")


@pytest.fixture(scope="module")
def rows(found):
    return charts.lattice_rows(found, lattice.best_path(found), lattice.places(found))


@pytest.mark.parametrize("make", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_a_specification_is_built_once_and_names_its_rows(make):
    assert make() is make()
    assert '"name": "rows"' in json.dumps(make())
    assert "datasets" not in make()


def test_every_field_that_is_drawn_is_given(rows):
    computed = {"middle", "left", "right"}
    assert fields(charts.pairs("dark")) <= charts.pair_rows(bpe.learn(PAPER)[0].pairs)[0].keys()
    assert fields(charts.lattice("light")) - computed <= {key for row in rows for key in row}
    cost = charts.cost_rows([cutting.Cost("a", "b", 3, 2, 4)], charts.LENGTHS[0])[0]
    assert fields(charts.costs("light", charts.LENGTHS[1])) <= cost.keys()


def test_the_pair_that_is_joined_next_stands_out():
    made = charts.pair_rows(bpe.learn(PAPER)[0].pairs)
    assert [(r["pair"], r["count"]) for r in made[:3]] == [("e + s", 9), ("s + t", 9), ("w + e", 8)]
    assert [r["kind"] for r in made] == [charts.NEXT] + [charts.LATER] * (charts.MOST_PAIRS - 1)
    assert made[0]["said"] == "9  → es"
    assert {r["kind"] for r in charts.pair_rows(bpe.learn("abc")[0].pairs)} == {charts.LATER}
    assert charts.pairs_alt(made).endswith("▁ + n 6, d + e 3")
    assert "none is left" in charts.pairs_alt([])


def test_pieces_lie_below_their_characters_and_do_not_overlap(found, rows):
    pieces = [r for r in rows if "score" in r]
    assert len(pieces) == len(found.edges)
    for row in pieces:
        assert found.text[row["start"] : row["end"]] == row["piece"]
    for one in pieces:
        others = [r for r in pieces if r is not one and r["lane"] == one["lane"]]
        assert all(r["end"] <= one["start"] or one["end"] <= r["start"] for r in others)


def test_the_best_path_fills_the_first_lane(found, rows):
    best = [r for r in rows if r.get("best")]
    assert [r["piece"] for r in sorted(best, key=lambda r: r["start"])] == list(lattice.best_path(found).pieces)
    assert {r["lane"] for r in best} == {1}


def test_each_place_says_its_best_score(found, rows):
    far = [r["far"] for r in rows if "far" in r]
    reached = [place.score for place in lattice.places(found)[1:]]
    assert [float(x.replace("−", "-")) for x in far] == [round(score, 2) for score in reached]
    assert "".join(r["character"] for r in rows if "character" in r) == found.text


def test_the_lattice_in_words(found):
    said = charts.lattice_alt(found, lattice.best_path(found), lattice.count_paths(found))
    assert f"{len(found.edges)} pieces fit" in said
    assert said.endswith("in sum.")


@pytest.mark.parametrize(("measure", "value", "said"), [(charts.LENGTHS[0], 3, "3"), (charts.LENGTHS[1], 1.5, "1.50")])
def test_costs_by_either_measure(measure, value, said):
    row = charts.cost_rows([cutting.Cost("German", "BPE", 3, 2, 4)], measure)[0]
    assert (row["value"], row["said"], row["bytes"]) == (value, said, 4)
    assert charts.costs_alt([row], measure) == f"Bars, {measure}: German, BPE: {said}"
