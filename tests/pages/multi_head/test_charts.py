"""The charts of many heads: what is drawn, from which numbers, and what is said in its place."""

import json

import pytest

from core.interpretability.heads import PATTERNS
from pages.multi_head.model import charts, one_head

REPORT = [
    {"pattern": p, "average": 0.3, "even": 0.1, "times": 3.0, "here": None if i else 0.2}
    for i, p in enumerate(PATTERNS)
]
SPECIFICATIONS = {
    "lost": lambda: charts.lost("light"),
    "patterns": lambda: charts.patterns("dark"),
    "added": charts.added,
}
ROWS = {
    "lost": charts.lost_rows(one_head.curve(4), 0.5, 0.5, 0.0),
    "patterns": charts.pattern_rows(REPORT),
    "added": charts.added_rows(["head 1", "head 2"], [1.5, 2.0]),
}


def fields(specification: dict) -> set[str]:
    return {part.split('"', 1)[0] for part in json.dumps(specification).split('"field": "')[1:]}


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_a_specification_is_built_once_and_every_field_is_given(name):
    make = SPECIFICATIONS[name]
    assert make() is make()
    assert '"name": "rows"' in json.dumps(make()) and "datasets" not in make()
    assert fields(make()) <= {key for row in ROWS[name] for key in row}


def test_what_is_lost_is_drawn_for_every_weight():
    rows = ROWS["lost"]
    assert rows[0] == {"at": 0.5, "both": 0.5}
    both = [(r["share"], r["lost"]) for r in rows if r.get("of") == charts.LOST[2]]
    assert both == [(share, pytest.approx(0.5)) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert {r["lost"] for r in rows if r.get("of") == charts.LOST[3]} == {0.0}
    assert charts.lost_alt(0.5, 0.5, 0.0).endswith("two heads lose 0%.")


def test_patterns_without_such_a_token_have_no_point():
    rows = ROWS["patterns"]
    assert [r["here"] for r in rows][:2] == [0.2, None]
    assert "first token 30% (10%)" in charts.pattern_alt(rows)


def test_every_head_has_its_bar():
    assert ROWS["added"] == [{"head": "head 1", "length": 1.5}, {"head": "head 2", "length": 2.0}]
    assert charts.added_alt(ROWS["added"]).endswith("head 1 1.50, head 2 2.00")
