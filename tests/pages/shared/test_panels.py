"""Matrices, pictures and lines as plain data: the numbers are the trace's, and the rules give them."""

import base64
import json
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core import masks
from core.attention import AttentionTrace, attention
from pages.shared.model.panels import (
    Apply,
    Axis,
    Divide,
    Dot,
    Mask,
    Panel,
    Softmax,
    Sum,
    head_panels,
    numbers,
    one_head,
    pipeline,
    root,
)
from pages.shared.model.pictures import LARGEST, MASKED, attention_lines, head_pictures

AXES = {"r": Axis("row", ["0 a", "1 b"]), "c": Axis("column", ["0 x", "1 y", "2 z"]), "one": Axis("bias", ["0"])}


def labels(n: int) -> list[str]:
    return [f"{i} t{i}" for i in range(n)]


def trace(t: int = 5, d: int = 7, d_v: int = 3, t_k: int | None = None, causal: bool = True, **more) -> AttentionTrace:
    t_k = t_k or t
    mask = masks.causal(t, t_k) if causal else None
    return attention(torch.randn(t, d), torch.randn(t_k, d), torch.randn(t_k, d_v), mask, **more)


def by_id(data: dict) -> dict[str, dict]:
    return {panel["id"]: panel for panel in data["panels"]}


def values(panel: dict) -> np.ndarray:
    return np.array([[-np.inf if x is None else x for x in row] for row in panel["values"]])


def recompute(panel: dict, panels: dict[str, dict]) -> np.ndarray:
    """What the panel's rule gives, by NumPy, from the numbers of the other panels."""
    rule = panel["rule"]
    of = values(panels[rule["of"]]) if isinstance(rule.get("of"), str) else None
    match rule["kind"]:
        case "dot":
            a, b = values(panels[rule["a"]]), values(panels[rule["b"]])
            b = b.T if rule["transposed"] else b
            divide = np.linalg.norm(a, axis=1)[:, None] * np.linalg.norm(b, axis=0) if rule["by_lengths"] else 1
            return a @ b / divide / rule["divide"] + (values(panels[rule["plus"]]) if rule["plus"] else 0)
        case "mask":
            return np.where(np.isinf(values(panel)), -np.inf, of)
        case "softmax":
            powers = np.exp(of / rule["temperature"])
            return powers / powers.sum(1, keepdims=True)


# ---- matrices -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [{}, {"kind": "dot"}, {"kind": "cosine"}, {"temperature": 0.7}, {"bias": torch.arange(25.0).reshape(5, 5) / 9}],
    ids=str,
)
def test_every_rule_gives_the_numbers_of_its_panel(more):
    panels = by_id(head_panels(trace(**more), labels(5), **more))
    derived = [panel for panel in panels.values() if "rule" in panel]
    assert [panel["id"] for panel in derived] == ["scores", "masked", "weights", "output"]
    for panel in derived:
        np.testing.assert_allclose(recompute(panel, panels), values(panel), rtol=1e-5, atol=1e-6)


def test_a_head_is_shown_from_queries_to_output():
    made = trace()
    data = head_panels(made, labels(5))
    assert [panel["id"] for panel in data["panels"]] == ["q", "k", "scores", "masked", "weights", "v", "output"]
    panels = by_id(data)
    for name, tensor in (("q", made.q), ("masked", made.masked), ("weights", made.weights), ("output", made.output)):
        assert (values(panels[name]).astype(np.float32) == tensor.numpy()).all()
    assert (panels["scores"]["formula"], panels["scores"]["shapes"]) == ("Q·Kᵀ/√7", "(5×7)·(7×5) → (5×5)")
    assert panels["masked"]["values"][1][2] is None
    assert (panels["output"]["formula"], panels["output"]["shapes"]) == ("weights·V", "(5×5)·(5×3) → (5×3)")
    assert panels["weights"]["scale"] == {"kind": "sequential", "max": 1}
    assert panels["scores"]["scale"] == panels["masked"]["scale"]
    assert data["axes"]["key"] == {"name": "key", "labels": labels(5)}


def test_without_a_mask_there_is_no_masked_panel():
    panels = by_id(head_panels(trace(causal=False), labels(5)))
    assert "masked" not in panels and panels["weights"]["rule"]["of"] == "scores"


def test_keys_may_come_from_another_text():
    data = head_panels(trace(t=5, t_k=11, causal=False), labels(5), labels(11))
    assert len(data["axes"]["key"]["labels"]) == 11 and len(by_id(data)["v"]["values"]) == 11


def test_one_head_of_a_model_takes_its_mask_along():
    heads = attention(*(torch.randn(2, 3, 5, 7) for _ in range(3)), masks.causal(5)[None, None])
    one = one_head(heads, head=2, batch=1)
    assert (one.q == heads.q[1, 2]).all() and one.mask.shape == (5, 5)
    assert len(head_panels(one, labels(5))["panels"]) == 7
    with pytest.raises(ValueError, match="one head"):
        head_panels(heads, labels(5))


def test_a_head_of_20_tokens_stays_small():
    assert len(json.dumps(head_panels(trace(t=20, d=32, d_v=32), labels(20)))) < 60_000


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_numbers_are_the_float32_they_came_from(row):
    found = numbers(np.array([row], np.float32))[0]
    assert (np.array(found, np.float32) == np.array(row, np.float32)).all()
    assert all(len(repr(x)) <= 17 for x in found if abs(x) < 1e6)  # a float64 of the same number may need 24


def test_numbers_that_cannot_be_shown_are_refused():
    assert numbers(np.array([[-np.inf, 0.43]], np.float32)) == [[None, 0.43]]
    for bad in (np.nan, np.inf):
        with pytest.raises(ValueError, match="NaN or ∞"):
            numbers(np.array([[bad]], np.float32))


def test_formulas():
    x = Panel("x", np.ones((2, 3)), "r", "c", "X")
    b = Panel("b", np.ones((1, 3)), "one", "c")
    rules = [Sum(("x", "b")), Divide("x", math.sqrt(3)), Divide("x", 4), Apply("x", "GELU"), Mask("x"), Softmax("x", 2)]
    panels = [Panel(f"p{i}", np.ones((2, 3)), "r", "c", rule=rule) for i, rule in enumerate(rules)]
    made = pipeline(AXES, [x, b, *panels])["panels"][2:]
    assert [panel["formula"] for panel in made] == ["X + b", "X/√3", "X/4", "GELU(X)", "X, or −∞", "softmax(X/2)"]
    assert made[0]["rule"] == {"kind": "sum", "of": ["x", "b"]}
    assert made[0]["shapes"] == "(2×3) → (2×3)"
    assert [root(x) for x in (math.sqrt(32), 8, 0.5, 1.7)] == ["√32", "8", "0.5", "1.7"]


def test_edited_numbers_come_with_what_they_were():
    w = np.array([[1, 2, 3], [4, 5, 6]])
    made = pipeline(AXES, [Panel("w", w, "r", "c", editable=True, base=w + 1)])["panels"][0]
    assert made["editable"] and made["base"][1] == [5, 6, 7]
    assert "editable" not in pipeline(AXES, [Panel("w", w, "r", "c")])["panels"][0]


def test_colours_end_at_the_largest_number():
    def scale(values, **more):
        return pipeline(AXES, [Panel("w", values, "r", "c", **more)])["panels"][0]["scale"]

    assert scale(np.full((2, 3), -4)) == {"kind": "diverging", "max": 4}
    assert scale(np.zeros((2, 3))) == {"kind": "diverging", "max": 1}
    assert scale(np.ones((2, 3)), largest=9) == {"kind": "diverging", "max": 9}
    assert scale(np.ones((2, 3)), role="plain") is None


@pytest.mark.parametrize(
    ("panel", "message"),
    [
        (Panel("w", np.ones((3, 2)), "r", "c"), r"w: expected values \(2, 3\).*got \(3, 2\)"),
        (Panel("w", np.ones((2, 3)), "r", "c", base=np.ones((2, 2))), r"expected values \(2, 3\).*got \(2, 2\)"),
        (Panel("w", np.ones((2, 3)), "r", "nowhere"), "no axis 'nowhere'"),
        (Panel("w", np.ones((2, 3)), "r", "c", role="loud"), "role must be one of"),
        (Panel("w", np.ones((2, 3)), "r", "c", rule=Dot("w", "ghost")), "'ghost', which is no panel"),
    ],
)
def test_what_does_not_fit_is_named(panel, message):
    with pytest.raises(ValueError, match=message):
        pipeline(AXES, [panel])


# ---- pictures of heads ----------------------------------------------------------------------------------------------


def pixels(made: dict) -> np.ndarray:
    flat = np.frombuffer(base64.b64decode(made["pixels"]), np.uint8)
    return flat.reshape(made["layers"], made["heads"], made["rows"], made["cols"])


def test_each_head_has_its_picture_and_its_strongest_look():
    weights = torch.softmax(torch.randn(2, 3, 5, 5).masked_fill(~masks.causal(5), -torch.inf), -1)
    made = head_pictures(weights, labels(5), mask=masks.causal(5), names=[["a", "b", "c"], ["d", "e", "f"]])
    assert (pixels(made)[:, :, ~masks.causal(5).numpy()] == MASKED).all()
    open_ = weights.numpy()[:, :, masks.causal(5).numpy()]
    assert np.abs(pixels(made)[:, :, masks.causal(5).numpy()] / 254 - open_).max() <= 0.5 / 254 + 1e-6
    query, key = divmod(int(weights[1, 2, 1:].argmax()), 5)
    assert made["looks"][1][2] == f"{query + 1} t{query + 1} at {key} t{key}, {weights[1, 2, query + 1, key]:.2f}"
    assert made["names"][1][2] == "f"


def test_a_query_without_a_choice_is_no_look_unless_there_is_no_other():
    weights = torch.tensor([[[[1.0, 0], [0.6, 0.4]]]])
    assert head_pictures(weights, labels(2), mask=masks.causal(2))["looks"] == [["1 t1 at 0 t0, 0.60"]]
    assert head_pictures(torch.ones(1, 1, 1, 1), ["0 start"], mask=masks.causal(1))["looks"] == [
        ["0 start at 0 start, 1.00"]
    ]


def test_large_matrices_are_pooled_by_their_largest_weights():
    weights = torch.zeros(1, 1, 130, 130)
    weights[0, 0, 100, 50] = 1
    made = head_pictures(weights, labels(130), mask=masks.causal(130))
    picture = pixels(made)[0, 0]
    assert picture.shape == (44, 44)  # blocks of 3×3, so that at most 64 are left
    assert picture[33, 16] == 254 and (picture == 254).sum() == 1
    assert picture[0, 43] == MASKED and picture[5, 5] == 0  # a block on the diagonal is partly open


def test_24_heads_of_64_tokens_stay_small():
    made = head_pictures(torch.rand(4, 6, LARGEST, LARGEST), labels(LARGEST))
    assert len(json.dumps(made)) < 200_000 and (pixels(made) != MASKED).all()


def test_pictures_need_as_many_labels_as_tokens():
    with pytest.raises(ValueError, match=r"expected weights \(4×4\)"):
        head_pictures(torch.rand(1, 1, 5, 5), labels(4))
    assert head_pictures(torch.rand(1, 1, 5, 3), labels(5), labels(3))["cols"] == 3


# ---- lines ----------------------------------------------------------------------------------------------------------


def test_lines_from_the_threshold_on_and_the_rest_as_a_sum():
    weights = torch.tensor([[0.03, 0.61, 0.02, 0.34], [0.25, 0.25, 0.25, 0.25], [1, 0, 0, 0]])
    made = attention_lines(weights, labels(3), labels(4))
    assert made["lines"][:2] == [[0, 1, 0.61], [0, 3, 0.34]]
    assert [key for query, key, _ in made["lines"] if query == 1] == [0, 1, 2, 3]
    assert made["rest"] == [[2, pytest.approx(0.05)], [0, 0], [0, 0]]
    with pytest.raises(ValueError, match=r"\(3×3\)"):
        attention_lines(weights, labels(3), labels(3))
