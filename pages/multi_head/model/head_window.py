"""All heads of a model's layer, joined and projected, through a window: some columns of each head and of the output.

What the columns outside of the window add to the output, and the bias, stand in a panel of their own: all numbers stay
true.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from core.attention import MultiHeadTrace
from core.transformer import MultiHead
from pages.multi_head.model.head_steps import columns, head_name
from pages.shared.model.panels import Axis, Dot, Panel, pipeline
from pages.shared.model.prose import _

COLUMNS = 12  # of the concatenation
OUT = 4  # of the output


def per_head(n_heads: int) -> int:
    """How many columns of each head there is room for."""
    return max(1, COLUMNS // n_heads)


def panels(layer: MultiHead, trace: MultiHeadTrace, labels: Sequence[str], shown: range, start: int) -> dict:
    """Concatenation (t, d_model), W_o and output for the tokens `shown`; of each head the columns from `start` on.

    `trace` has a batch of one.
    """
    n_heads, d_head = trace.heads.q.shape[-3], trace.heads.q.shape[-1]
    inside = range(start, min(start + per_head(n_heads), d_head))
    at = [head * d_head + i for head in range(n_heads) for i in inside]
    out = range(OUT)
    rows = slice(shown.start, shown.stop)
    concat, output = trace.concat[0, rows], trace.output[0, rows]
    axes = {
        "query": Axis(_("query"), [labels[i] for i in shown]),
        "column": columns([head_name(i) for i in range(n_heads)], inside),
        "out": Axis(_("column"), [str(i + 1) for i in out]),
    }
    square = _("of ({d}×{d})").format(d=n_heads * d_head)
    whole = f"({len(labels)}×{n_heads * d_head})"
    made = [
        Panel("concat", concat[:, at], "query", "column", "concat", _("of {whole}").format(whole=whole), "output"),
        Panel("W_o", layer.w_o[at][:, out], "column", "out", title=square, starts=True),
        Panel("rest", rest(layer, concat, at)[:, out], "query", "out", "rest", _("all other columns, and the bias")),
        Panel("output", output[:, out], "query", "out", "output", _("of {whole}").format(whole=whole), "output",
              Dot("concat", "W_o", plus="rest")),
    ]  # fmt: skip
    return pipeline(axes, made)


def rest(layer: MultiHead, concat: Tensor, shown: Sequence[int]) -> Tensor:
    """What the columns that are not shown add to the output: (t, d_model)"""
    others = torch.ones(concat.shape[-1], dtype=torch.bool)
    others[list(shown)] = False
    added = concat[:, others] @ layer.w_o[others]
    return added if layer.b_o is None else added + layer.b_o


def added(layer: MultiHead, trace: MultiHeadTrace, position: int) -> list[float]:
    """How long the vector is that each head adds to the token's: |head_i W_o rows_i|."""
    heads = trace.heads.output[0, :, position]
    rows = layer.w_o.unflatten(0, (len(heads), -1))
    return torch.einsum("hd,hdo->ho", heads, rows).norm(dim=-1).tolist()
