"""The snippet of a head: run as it stands, it prints the head's numbers. And the literals that it is made of."""

import ast
import contextlib
import io

import numpy as np
import pytest
import torch

from core import masks
from core.attention import attention
from pages.shared.model.head_snippet import snippet
from pages.shared.model.snippets import LINE, literal
from tests import reference


def run(code: str) -> tuple[dict, list[str]]:
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, names)
    return names, said.getvalue().splitlines()


def head(t: int, d: int = 32):
    q, k, v = torch.randn(3, t, d)
    return attention(q, k, v, masks.causal(t))


@pytest.mark.parametrize("t", [1, 2, 4, 11])
def test_it_prints_a_row_of_the_head(t):
    trace, n = head(t), min(t, 4)
    names, said = run(snippet(trace, [f"{i} w" for i in range(t)], "Layer 1, head 2"))
    q, k, v = (x[:n].double().numpy() for x in (trace.q, trace.k, trace.v))
    _, weights, output = reference.attention(q, k, v, reference.causal(n, n))
    np.testing.assert_allclose(names["weights"], weights, atol=1e-3)
    np.testing.assert_allclose(names["output"], output, atol=1e-3)
    np.testing.assert_allclose(names["weights"], trace.weights[:n, :n], atol=1e-3)  # nobody looks ahead
    printed = [np.fromstring(line.strip("[]"), sep=" ") for line in said]
    np.testing.assert_allclose(printed[0], weights[n - 1], atol=0.006)
    np.testing.assert_allclose(printed[1], output[n - 1, :4], atol=0.006)


def test_it_is_short_and_says_what_it_is():
    code = snippet(head(9), [f"{i} w" for i in range(9)], "Layer 1, head 2")
    assert "# Layer 1, head 2: 0 w, 1 w, 2 w, 3 w\n" in code
    assert len(ast.parse(code).body) <= 12
    assert max(map(len, code.splitlines())) <= LINE  # no number is out of sight


@pytest.mark.parametrize("label", ["1 '''", '1 """', "1 \\", "1 #", "1 ↵", "1 {x}", "1 مرحبا", "1 \u2028"])
def test_no_label_can_break_it(label):
    run(snippet(head(2), ["0 start", label], "Layer 1, head 1"))


@pytest.mark.parametrize(
    "values",
    [3.5, [1.0, -0.25], [[1e-9, 2.0], [-3.25, 1234.5678]], [[-np.inf, 0.0]], np.zeros((0,)), np.ones((2, 3, 4)) / 3],
    ids=str,
)
def test_a_literal_is_the_array_rounded(values):
    names = {"np": np}
    exec(literal("x", values), names)
    np.testing.assert_array_equal(names["x"], np.round(values, 4))


def test_a_literal_has_one_row_a_line_and_no_negative_zero():
    assert (
        literal("x", [[1.0, -0.25], [-0.00001, 10.0]])
        == "x = np.array([[  1.0, -0.25],\n              [  0.0,  10.0]])"
    )
