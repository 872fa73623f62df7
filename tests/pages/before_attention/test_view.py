"""What the lesson on recurrent networks shows of a text: panels that hold together, facts that are true of it."""

import pytest
import torch

from core.recurrent import fill
from pages.before_attention.model import bottleneck, recall, view
from pages.before_attention.model.bottleneck import Pair

TEXT = "abcadef"
LABELS = ["17 a", "18 b", "19 c", "20 a", "21 d", "22 e", "23 f", "24 2 back?"]


@pytest.fixture(scope="module", params=("rnn", "lstm"))
def trace(request):
    return view.read(recall.fresh(request.param, 3), TEXT, 2)


def values(made: dict) -> dict[str, torch.Tensor]:
    return {panel["id"]: torch.tensor(panel["values"]) for panel in made["panels"]}


def test_labels_count_from_the_first_letter():
    assert view.labels(TEXT, 2) == LABELS


@pytest.mark.parametrize("at", [0, 3, 7])
def test_a_step_adds_up(trace, at):
    shown = values(view.step(trace.cell, LABELS, at))
    if "f" in shown:
        torch.testing.assert_close(shown["kept"], shown["f"] * shown["c_before"])
        torch.testing.assert_close(shown["c"], shown["kept"] + shown["new"])
        torch.testing.assert_close(shown["h"], shown["o"] * shown["c"].tanh())
    else:
        torch.testing.assert_close(shown["h"], (shown["x"] + shown["h_before"]).tanh())


def test_a_gate_and_what_it_lets_through_are_written_as_a_product():
    trace = view.read(recall.fresh("lstm", 3), TEXT, 2)
    panels = {panel["id"]: panel for panel in view.step(trace.cell, LABELS, 1)["panels"]}
    assert panels["kept"]["rule"] == {"kind": "times", "a": "f", "b": "c_before"}
    assert panels["kept"]["formula"] == "f_t ⊙ c_old"


def test_the_strip_grows_by_a_row_a_step(trace):
    for at in (0, 5):
        shown = values(view.strip(trace.cell, LABELS, at))["states"]
        torch.testing.assert_close(shown, trace.cell.hidden[0, 17 : 18 + at])


def test_the_first_step_of_a_full_text_starts_from_nothing():
    trace = view.read(recall.fresh("lstm", 3), "a" * 24, 1)
    labels = view.labels("a" * 24, 1)
    assert not values(view.step(trace.cell, labels, 0))["c_before"].any()
    facts = view.step_facts(trace.cell, labels, 0)
    assert float(facts["moved"]) == pytest.approx(trace.cell.hidden[0, 0].norm().item(), abs=0.005)


def test_known_asks_for_every_letter():
    model = recall.fresh("attention", 3)
    found = view.known(model, TEXT)
    for back in range(1, 8):
        told = view.said(view.read(model, TEXT, back), TEXT, back)
        probs = view.read(model, TEXT, back).logits[0, -1, :8].softmax(-1)
        assert told["right"] == TEXT[-back]
        assert found[back - 1] == pytest.approx(probs["abcdefgh".index(TEXT[-back])].item(), rel=1e-4)


def test_look_leaves_out_the_empty_places():
    trace = view.read(recall.fresh("attention", 3), TEXT, 2)
    weights = trace.blocks[0].attention.heads.weights[0, 0, -1]
    assert torch.equal(view.look(trace, LABELS)[0], weights[-8:])
    facts = view.look_facts(trace, LABELS)
    assert facts["most"] == weights[-8:].max() and facts["label"] == LABELS[7 - facts["asked"]]


@pytest.mark.parametrize("text", ["a", "abc", "a" * bottleneck.LONGEST])
def test_backwards_counts_what_is_right(text):
    found = view.backwards(fill(Pair(attention=True), torch.Generator().manual_seed(2)), text)
    assert len(found.written) == len(text) and found.weights.shape == (len(text), len(text))
    assert found.right == sum(a == b for a, b in zip(found.written, reversed(text), strict=True))


def test_below_one_half():
    facts = view.accuracy_facts({"rnn": [0.9, 0.4, 0.6], "lstm": [0.9] * 3, "attention": [1.0] * 3}, 2)
    assert facts["rnn_half"] == "2 steps" and facts["lstm_half"] == "no distance here" and facts["rnn_2"] == 0.4


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0147, "0.015"), (57.19, "57"), (5.13e-7, "5.1·10⁻⁷"), (1.1, "1.1"), (9.99e-5, "1·10⁻⁴"), (2e12, "2·10¹²")],
)
def test_scientific(x, text):
    assert view.scientific(x).replace(".0·", "·") == text
