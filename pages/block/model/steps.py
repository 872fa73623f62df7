"""One block, an operation at a time: on a few numbers for paper, or through a window on a trained model's.

The numbers are those of a `BlockTrace`, so both sizes are shown by the same steps.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from core.config import Config
from core.traces import BlockTrace
from core.transformer import Block
from pages.shared.model.hand import Hand
from pages.shared.model.panels import (
    Apply,
    Axis,
    Deviation,
    Dot,
    Mean,
    Norm,
    Panel,
    Rule,
    Sum,
    features,
    pipeline,
    sources,
)
from pages.shared.model.prose import _
from pages.shared.model.written import isolated, number

D_MODEL, D_FF, SEED = 4, 6, 2
WEIGHTS = {"w_q": (4, 4), "w_k": (4, 4), "w_v": (4, 4), "w_o": (D_MODEL, D_MODEL),
           "w_in": (D_MODEL, D_FF), "w_out": (D_FF, D_MODEL)}  # fmt: skip


class Step(NamedTuple):
    name: str  # its words stand in the lesson under "Step: ..."
    panels: dict


def weights(example: Hand) -> dict[str, np.ndarray]:
    """W_q, W_k, W_v of the example; the others are drawn, numbers between -1 and 1 with one decimal."""
    generator = np.random.default_rng(SEED)
    made = {name: np.round(generator.uniform(-1, 1, WEIGHTS[name]), 1) + 0.0 for name in ("w_o", "w_in", "w_out")}
    return {"w_q": example.w_q, "w_k": example.w_k, "w_v": example.w_v} | made


@torch.no_grad()
def run(x: np.ndarray, w: Mapping[str, np.ndarray], norm_first: bool = True) -> BlockTrace:
    """The block of core.transformer, two heads and ReLU, with these weights and no biases. x (t, 4) -> its trace."""
    config = Config(1, D_MODEL, 2, 1, D_FF, len(x), norm_first=norm_first, activation="relu", bias=False)
    block = Block(config).double()
    for name, values in w.items():
        part = block.mlp if name in ("w_in", "w_out") else block.attention
        getattr(part, name).copy_(torch.tensor(values))
    trace = block(torch.tensor(x)[None])
    return first(trace)


def first(trace: Any) -> Any:
    """The first of a batch, all the way down."""
    if isinstance(trace, torch.Tensor):
        return trace[0]
    return trace if trace is None else type(trace)(*map(first, trace))


def steps(
    trace: BlockTrace,
    labels: Sequence[str],
    w: Mapping[str, np.ndarray] | None = None,
    base: BlockTrace | None = None,
    base_w: Mapping[str, np.ndarray] | None = None,
    activation: str = "ReLU",
    shown: slice = slice(None),
) -> list[Step]:
    """A pre-norm block of one sentence in five steps. `trace` holds one sentence, (t, features) each.

    With weights `w` all features are shown; input and MLP can be edited, and `base`, `base_w` are what was there
    before any edit. Without, the tokens `shown` and their first D_FF features are, and sums over all features have no
    arithmetic.
    """
    before = matrices(base, base_w, shown) if base else {}
    pen = Pen(matrices(trace, w, shown), labels[shown], before, bool(w), activation)
    up, down = (["w_in"], ["w_out"]) if w else ([], [])
    return [
        Step("Norm", pen.draw("x", "mean1", "std1", "n1")),
        Step("Attention", pen.draw("x", "attention", "mid")),
        Step("Norm again", pen.draw("mid", "mean2", "std2", "n2")),
        Step("MLP", pen.draw("n2", *up, "hidden", "activated", *down, "mlp")),
        Step("Leave", pen.draw("mid", "mlp", "post")),
    ]


def matrices(trace: BlockTrace, w: Mapping[str, np.ndarray] | None, shown: slice) -> dict[str, Any]:
    """Every matrix of a block by the name of its panel; of a trained model's the first features."""
    found = {
        "x": trace.resid_pre, "mean1": trace.norm1.mean, "std1": trace.norm1.std, "n1": trace.norm1.output,
        "attention": trace.attention.output, "mid": trace.resid_mid, "mean2": trace.norm2.mean,
        "std2": trace.norm2.std, "n2": trace.norm2.output, "hidden": trace.mlp.hidden,
        "activated": trace.mlp.activated, "mlp": trace.mlp.output, "post": trace.resid_post,
    }  # fmt: skip
    return found | dict(w) if w else {name: values[shown, :D_FF] for name, values in found.items()}


SHOWN = {  # symbol, title, role, columns
    "x": ("x", _("what comes in"), "signed", "feature"),
    "mean1": ("μ", _("mean"), "plain", "mean"),
    "std1": ("σ", _("standard deviation"), "plain", "std"),
    "n1": ("norm(x)", _("mean 0, deviation 1"), "signed", "feature"),
    "attention": ("A", _("what attention found"), "output", "feature"),
    "mid": ("x′", _("the stream, between"), "signed", "feature"),
    "mean2": ("μ′", _("mean"), "plain", "mean"),
    "std2": ("σ′", _("standard deviation"), "plain", "std"),
    "n2": ("norm(x′)", _("what the MLP reads"), "signed", "feature"),
    "w_in": ("W_in", _("wider"), "signed", "hidden"),
    "hidden": ("H", _("hidden"), "signed", "hidden"),
    "activated": ("H′", _("bent"), "signed", "hidden"),
    "w_out": ("W_out", _("back"), "signed", "feature"),
    "mlp": ("F", _("what the MLP found"), "output", "feature"),
    "post": ("x″", _("what leaves"), "signed", "feature"),
}
EDITABLE = ("x", "w_in", "w_out")


def facts(trace: BlockTrace, labels: Sequence[str], activation: str) -> dict:
    """What the lesson's words say of the last token."""
    hidden = trace.mlp.hidden[-1]
    return {
        "t": len(labels),
        "d": trace.resid_pre.shape[-1],
        "d_ff": len(hidden),
        "label": isolated(labels[-1]),
        "mean": number(trace.norm1.mean[-1].item()),
        "std": number(trace.norm1.std[-1].item()),
        "mean2": number(trace.norm2.mean[-1].item()),
        "std2": number(trace.norm2.std[-1].item()),
        "active": int((hidden > 0).sum()),
        "activation": activation,
    }


class Pen(NamedTuple):
    """Draws the matrices of one block."""

    values: Mapping[str, Any]
    labels: Sequence[str]
    base: Mapping[str, Any]
    by_hand: bool
    activation: str

    def draw(self, *names: str) -> dict:
        width, d_ff = self.values["x"].shape[-1], self.values["hidden"].shape[-1]
        axes = {
            "token": Axis("token", self.labels),
            "feature": Axis("feature", features(width)),
            "in": Axis("feature", features(width)),
            "hidden": Axis("hidden feature", features(d_ff)),
            "mean": Axis("mean", ["μ"]),
            "std": Axis("deviation", ["σ"]),
        }
        return pipeline(axes, [self.panel(name, names) for name in names])

    def panel(self, name: str, beside: Sequence[str]) -> Panel:
        symbol, title, role, cols = SHOWN[name]
        rows = {"w_in": "in", "w_out": "hidden"}.get(name, "token")
        rule = self.rule(name)
        rule = rule if rule and set(sources(rule)) <= set(beside) else None
        editable = self.by_hand and name in EDITABLE
        return Panel(name, self.values[name], rows, cols, symbol, title, role, rule, None, editable,
                     self.base.get(name))  # fmt: skip

    def rule(self, name: str) -> Rule | None:
        """How a matrix comes about; only by hand where it takes a sum over all features, or the norm's own weights."""
        always = {
            "mid": Sum(["x", "attention"]),
            "activated": Apply("hidden", self.activation),
            "post": Sum(["mid", "mlp"]),
        }
        by_hand = {
            "mean1": Mean("x"), "std1": Deviation("x", "mean1"), "n1": Norm("x", "mean1", "std1"),
            "mean2": Mean("mid"), "std2": Deviation("mid", "mean2"), "n2": Norm("mid", "mean2", "std2"),
            "hidden": Dot("n2", "w_in"), "mlp": Dot("activated", "w_out"),
        }  # fmt: skip
        return (always | by_hand if self.by_hand else always).get(name)
