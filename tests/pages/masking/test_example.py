"""Masking by hand against the oracle, what stands for −∞ in real number formats, and padding in a batch."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from core import masks, words
from core.text import words as words_of
from pages.masking.model import example, view
from pages.masking.model.example import GREETING
from tests import reference

T = len(GREETING.words)


def oracle(x: np.ndarray, mask) -> tuple:
    return reference.attention(x @ GREETING.w_q, x @ GREETING.w_k, x @ GREETING.w_v, mask)


def seen(kind: str = "causal", pads: int = 0) -> example.Look:
    return example.look(*example.by_hand(GREETING, pads), masks.of_kind(kind, T + pads, T))


@pytest.mark.parametrize("kind", masks.KINDS)
@pytest.mark.parametrize("pads", [0, 2])
def test_the_example_is_the_oracles(kind, pads):
    x = np.vstack([GREETING.x, np.zeros((pads, 3))])
    at = seen(kind, pads)
    scores, weights, output = oracle(x, at.mask.numpy())
    np.testing.assert_allclose(at.scores, scores, atol=1e-12)
    np.testing.assert_allclose(at.weights, weights, atol=1e-12)
    np.testing.assert_allclose(at.output, output, atol=1e-12)
    assert torch.equal(at.masked.isinf(), ~at.mask)


def test_a_row_with_nothing_to_look_at_gives_zeros_and_is_named():
    mask = masks.causal(T)
    mask[2] = False
    at = example.look(*example.by_hand(GREETING), mask)
    assert at.blind == [2]
    assert not at.weights[2].any()
    assert not at.output[2].any()
    assert view.blind(at, GREETING.labels) == "2 How"


def test_zero_after_the_softmax_loses_what_was_hidden():
    at = seen()
    for query in range(T):
        row = example.row(at, query)
        np.testing.assert_allclose(row.after.sum() + row.hidden, 1, atol=1e-12)
        np.testing.assert_allclose(row.again, row.before, atol=1e-12)
        assert row.before.sum().item() == pytest.approx(1)
    assert example.row(at, 2).after.sum() < 0.5


def test_a_hidden_score_reaches_the_row_only_when_the_mask_comes_late():
    scores, v = example.by_hand(GREETING)
    other = scores.clone()
    other[2, 5] += 3
    one, two = (example.row(example.look(s, v, masks.causal(T)), 2) for s in (scores, other))
    assert torch.equal(one.before, two.before)
    assert (one.after - two.after).abs().max() > 0.1


def test_row_facts_add_up():
    at = seen()
    for query in range(T):
        facts = view.row_facts(at, GREETING.labels, query)
        assert facts["allowed"] + facts["forbidden"] == facts["t"] == T
        assert facts["left"] == pytest.approx(facts["open_sum"] / facts["all_sum"])
        assert facts["left"] + facts["hidden"] == pytest.approx(1)
        assert (facts["masked"], facts["cells"]) == (15, 36)


def filled() -> dict[tuple[str, str], example.Filling]:
    at = seen()
    return {(f.name, f.format): f for f in example.fillings(at.scores[2], at.mask[2])}


def test_what_stands_for_minus_infinity():
    """The same worked out by NumPy, whose float16 is its own."""
    found = filled()
    assert len(found) == len(example.WAYS)
    with np.errstate(over="ignore", invalid="ignore"):
        half = np.float16(-1e9)
        assert np.isnan((1 - np.float16(1)) * half)
    assert found["(1 − mask) · −1e9 added", "float16"].number == half == -math.inf
    assert all(math.isnan(x) for x in found["(1 − mask) · −1e9 added", "float16"].blind)
    assert math.isnan(found["(1 − mask) · −1e9 added", "float16"].total)
    assert "overflow" in found["−1e9 put in place", "float16"].refused
    assert found["the lowest number added", "float16"].number == np.finfo(np.float16).min
    for f in found.values():
        if not f.refused and not math.isnan(f.total):
            assert f.hidden == 0
            assert f.total == pytest.approx(1, abs=2e-3)


def test_a_blind_row_in_each_format():
    found, scores = filled(), seen().scores[2].numpy()
    alike = pytest.approx([1 / T] * T, abs=1e-3)
    assert all(math.isnan(x) for x in found["−∞ put in place", "float16"].blind)
    assert found["−1e9 put in place", "float32"].blind == alike
    assert found["(1 − mask) · −1e9 added", "float32"].blind == alike
    assert found["the lowest number added", "float16"].blind == alike
    assert all(math.isnan(x) for x in found["the lowest number added twice", "float16"].blind)
    added = scores.astype(np.float32) + np.float32(-1e4)
    expected = reference.softmax(added.astype(np.float64))
    assert found["(1 − mask) · −10,000 added", "float32"].blind == pytest.approx(expected, abs=1e-6)


def test_the_table_tells_it():
    at = seen()
    table = view.table(example.fillings(at.scores[2], at.mask[2]), at.scores[2])
    assert len(table) == 6
    assert {len(column) for column in table.values()} == {len(example.WAYS)}
    last = table["if every key is forbidden"]
    assert last[0] == "**NaN** in every cell"
    assert last[5] == "the very weights without a mask"
    assert table["the number there"][1] == "−1e9"
    assert table["forbidden keys get"][2] == "refused"


@pytest.mark.parametrize(("x", "said"), [(math.nan, "**NaN**"), (-math.inf, "−∞"), (0, "0"), (-65504, "−65,504")])
def test_a_number_in_the_table(x, said):
    assert view.plain(x) == said


def test_where_the_formats_end():
    assert view.formats() == {"largest": 65504.0, "step": float(np.spacing(np.float32(1e9)))}


@given(some.integers(1, 8), some.integers(0, 999))
def test_a_padded_sentence_is_the_one_alone_if_padding_is_masked(n, seed):
    x = np.random.default_rng(seed).normal(size=(n, 3))
    found = example.batch(GREETING, [GREETING.x, x])
    short = x if n <= T else GREETING.x
    assert found.length == len(short)
    assert found.moved[1].max() < 1e-12
    longer = max(n, T)
    open_ = np.vstack([short, np.zeros((longer - len(short), 3))])
    far = oracle(open_, True)[2][: len(short)] - oracle(short, True)[2]
    np.testing.assert_allclose(found.moved[0], np.linalg.norm(far, axis=-1), atol=1e-12)
    assert not found.masked[:, len(short) :].any()
    np.testing.assert_allclose(found.open.sum(-1), np.ones(longer), atol=1e-12)


def test_panels_of_the_lab():
    at = seen("both", 2)
    labels = view.labelled(GREETING.labels, 2)
    assert labels[-2:] == ["6 pad", "7 pad"]
    made = view.lab(at, labels, True)
    panels = {p["id"]: p for p in made["panels"]}
    assert list(panels) == ["v", "scores", "mask", "masked", "weights", "output"]
    assert panels["mask"]["role"] == "mask"
    assert panels["mask"]["values"] == at.mask.int().tolist()
    assert [i for i, p in panels.items() if p.get("editable")] == ["v", "scores", "mask"]
    assert "base" not in panels["weights"]
    base = view.lab(at, labels, False, at)
    assert {p["id"] for p in base["panels"] if "base" in p} == {"scores", "v", "weights", "output"}


def test_the_preset_fits_together():
    assert words_of("Hi, How are you ?") == list(GREETING.words)
    assert all(w.shape == (3, 3) for w in (GREETING.w_q, GREETING.w_k, GREETING.w_v))
    assert "we" in words.load()
