"""A head whose scores and mask were changed by hand, against the oracle."""

import numpy as np
import pytest
import torch

from core import masks
from core.attention import attention
from pages.shared.model import changed_head, window
from tests import reference

T, D, D_V = 29, 7, 5
LABELS = [f"{i} w" for i in range(T)]


@pytest.fixture
def head():
    q, k, v = torch.randn(T, D), torch.randn(T, D), torch.randn(T, D_V)
    return attention(q, k, v, masks.causal(T))


def oracle(head, edits):
    scores, mask = reference.similarity(head.q.numpy(), head.k.numpy()), head.mask.numpy().copy()
    for (name, row, col), value in edits.items():
        if name == "scores":
            scores[row, col] = value
        else:
            mask[row, col] = bool(value)
    weights = reference.softmax(np.where(mask, scores, -np.inf))
    return {"scores": scores, "mask": mask, "weights": weights, "output": weights @ head.v.numpy()}


EDITS = {("scores", 9, 3): 4.0, ("scores", 9, 7): -2.0, ("mask", 8, 12): 1.0, ("mask", 11, 6): 0.0}


@pytest.mark.parametrize("shown", [range(0, 24), range(5, 29)], ids=["first", "later"])
def test_what_follows_is_the_oracles_and_marked(head, shown):
    made = changed_head.panels(head, {k: v for k, v in EDITS.items() if k[2] >= 5 or not shown.start}, LABELS, shown)
    found = {p["id"]: p for p in made["panels"]}
    kept = {at: v for at, v in EDITS.items() if at[1] in shown and at[2] in shown}
    expected, here = oracle(head, kept), slice(shown.start, shown.stop)
    for name in ("scores", "mask", "weights"):
        np.testing.assert_allclose(found[name]["values"], expected[name][here, here], atol=1e-5)
    np.testing.assert_allclose(found["output"]["values"], expected["output"][here], atol=1e-5)
    usual = {p["id"]: p["values"] for p in window.panels(head, LABELS, shown)["panels"]}
    assert found["weights"]["base"] == usual["weights"]
    assert found["scores"]["editable"] and found["mask"]["editable"] and found["mask"]["role"] == "mask"
    assert ("change" in found) == any(name == "scores" for name, *_ in kept)


def test_what_lies_outside_the_window_counts_for_nothing(head):
    now, bias = changed_head.change(head, {("scores", 28, 3): 9.0, ("mask", 2, 28): 1.0}, range(0, 24))
    assert not bias.any() and torch.equal(now.weights, head.weights)


def test_a_row_that_may_look_at_nothing_gives_zeros(head):
    edits = {("mask", 1, 0): 0.0, ("mask", 1, 1): 0.0}
    found = {p["id"]: p for p in changed_head.panels(head, edits, LABELS, range(0, 24))["panels"]}
    assert not any(found["weights"]["values"][1]) and not any(found["output"]["values"][1])


def test_facts_tell_which_outputs_moved(head):
    facts = changed_head.facts(head, {("scores", 9, 3): 4.0}, LABELS, range(0, 24))
    assert (facts["rows"], facts["all"], facts["furthest"]) == (1, T, "9 w")
    moved = oracle(head, {("scores", 9, 3): 4.0})["output"] - head.output.numpy()
    assert facts["far"] == pytest.approx(np.linalg.norm(moved[9]), abs=1e-5)
    assert changed_head.facts(head, {}, LABELS, range(0, 24))["rows"] == 0
