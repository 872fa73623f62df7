"""The door for what comes from a browser: what is of the right kind and range passes, everything else is nothing."""

import math

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from pages.encoder_decoder.model import stacks
from pages.shared import components, matrices
from pages.shared.matrices import Change, Edit
from pages.shared.model import door
from pages.shared.model.panels import Axis, Panel, pipeline
from pages.similarity.vectors import Move, read_move

ODD = [None, True, False, "", "1", "x" * 1000, [], [1], {}, {"a": 1}, 1.5, -1, 10**30, math.inf, -math.inf, math.nan]
ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=9),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
PANELS = pipeline(
    {"r": Axis("row", ["a", "b", "c"]), "c": Axis("column", ["d", "e"])},
    [Panel("W", [[1, 2], [3, 4], [5, 6]], "r", "c", editable=True), Panel("X", [[1, 2], [3, 4], [5, 6]], "r", "c")],
)


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_what_is_no_index_or_number_is_nothing(odd):
    assert door.whole(odd, 5) is None
    assert door.number(odd, 1e6) == (odd if odd in (1.5, -1) and odd is not True else None)
    assert door.place({"layer": odd, "head": 0}, 4, 6) is None and door.place(odd, 4, 6) is None


@given(some.integers(-9, 9), some.integers(-9, 9), some.integers(-9, 9))
def test_an_index_lies_within_its_bounds(said, below, least):
    assert door.whole(said, below, least) == (said if least <= said < below else None)


def test_what_our_components_send_passes():
    assert door.place({"layer": 3, "head": 0}, 4, 6) == (3, 0)
    assert door.number(-2, 10) == -2.0 and door.number(0.25, 10) == 0.25
    assert matrices.read_cell(PANELS, {"panel": "X", "row": 2, "col": 1}) == ("X", 2, 1)
    said = {"panel": "W", "changes": [{"row": 2, "col": 0, "value": -7}, {"row": 0, "col": 1, "value": 0.5}]}
    assert matrices.read_edit(PANELS, said) == Edit("W", (Change(2, 0, -7.0), Change(0, 1, 0.5)))
    assert read_move({"id": "k.0", "x": 1, "y": -2.5}, {"k.0"}) == Move("k.0", 1.0, -2.5)


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("at", ["panel", "row", "col", "value", "change", "changes", "all"])
def test_one_odd_value_spoils_the_whole_edit(at, odd):
    if (at, odd) in (("value", 1.5), ("value", -1)) and odd is not True:
        return
    change = {"row": 0, "col": 0, "value": 1}
    said = {"panel": "W", "changes": [change]}
    if at in change:
        change[at] = odd
    elif at in said:
        said[at] = odd
    elif at == "change":
        said["changes"] = [{"row": 1, "col": 1, "value": 2}, odd]
    else:
        said = odd
    assert matrices.read_edit(PANELS, said) is None


def test_a_panel_that_is_not_to_be_edited_and_more_changes_than_cells_are_refused():
    change = {"row": 0, "col": 0, "value": 1}
    assert matrices.read_edit(PANELS, {"panel": "X", "changes": [change]}) is None
    assert matrices.read_edit(PANELS, {"panel": "W", "changes": [change] * 7}) is None
    assert matrices.read_edit(PANELS, {"panel": "W", "changes": []}) is None


@given(ANYTHING)
def test_anything_is_read_without_an_error(said):
    for value in (said, {"panel": said, "row": said, "col": said, "changes": said, "id": said, "x": said, "y": said}):
        cell, edit = matrices.read_cell(PANELS, value), matrices.read_edit(PANELS, value)
        assert cell is None and edit is None
        assert read_move(value, {"q.0"}) is None
    assert stacks.parse(said, 4) is None


@pytest.mark.parametrize("held", [None, *ODD], ids=repr)
def test_a_component_that_this_session_has_not_built_said_nothing(monkeypatch, held):
    monkeypatch.setattr(st, "session_state", {"one": held})
    assert components.said("one", "take") is None and components.said("other", "take") is None
    monkeypatch.setattr(st, "session_state", {"one": {"take": 3}})
    assert components.said("one", "take") == 3
