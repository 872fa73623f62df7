"""The snippets of many heads run as they stand and print the page's numbers."""

import contextlib
import io
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.attention import multi_head_attention
from pages.multi_head.model import head_steps, head_window
from pages.multi_head.model.example import HEADS, LOVE, divisors
from pages.multi_head.model.export import by_hand, in_model


def ran(code: str) -> tuple[dict, str]:
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(code, names)
    return names, said.getvalue()


@pytest.mark.parametrize(("n", "kv"), [(n, kv) for n in HEADS for kv in divisors(n)])
def test_by_hand_it_is_the_whole_computation(n, kv):
    state = head_steps.state(LOVE, {("X", 0, 0): 1 / 3, ("W_o", 1, 2): -2.0}, n, kv)
    names, said = ran(by_hand(state))
    np.testing.assert_allclose(names["weights"], state.now.heads.weights, atol=1e-9)
    np.testing.assert_allclose(names["concat"], state.now.concat, atol=1e-9)
    np.testing.assert_allclose(names["output"], state.now.output, atol=1e-9)
    assert str(np.round(state.now.output.numpy(), 2)).splitlines()[-1].strip("[] ") in said.replace("-0. ", " 0. ")


@pytest.mark.parametrize("label", ["2 dog", "2 #", "2 '''", "2 \n", "2 \u2028"])
def test_of_a_model_it_prints_the_output_on_screen(label):
    torch.manual_seed(1)
    x, (w_q, w_k, w_v, w_o) = torch.randn(1, 5, 24), torch.randn(4, 24, 24)
    trace = multi_head_attention(x, x, w_q, w_k, w_v, w_o, 3)
    labels = ["0 a", "1 b", label, "3 c", "4 d"]
    panels = head_window.panels(SimpleNamespace(w_o=w_o, b_o=None), trace, labels, range(1, 5), 2)
    names, said = ran(in_model(panels, 1, "Layer 1"))
    np.testing.assert_allclose(names["output"], trace.output[0, 2, :4], atol=0.02)  # four decimals, up to 10 in size
    assert len(said.split()) >= 4
