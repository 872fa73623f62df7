"""Masking as plain data for the page: linked matrices, a table, and what the words say about them."""

import math
from collections.abc import Sequence

import torch

from core.attention import softmax
from pages.masking.model.example import Batch, Filling, Look, Row, row
from pages.shared.model.panels import Axis, Dot, Mask, Panel, Softmax, features, pipeline, span
from pages.shared.model.prose import _
from pages.shared.model.written import isolated

SAME = 0.002  # two rows of weights that differ by less count as alike


def labelled(labels: Sequence[str], pads: int) -> list[str]:
    """The words' labels and, behind them, those of the padding: "6 pad"."""
    return [*labels, *(f"{len(labels) + i} {_('pad')}" for i in range(pads))]


def lab(at: Look, labels: Sequence[str], values_editable: bool, base: Look | None = None) -> dict:
    """From scores and values to the output; the mask flips at a click. `base` is the same before changes by hand."""
    axes = {"query": Axis("query", labels), "key": Axis("key", labels)}
    axes["value"] = Axis("feature", features(at.v.shape[-1]))
    place, top = ("query", "key"), span(at.scores)
    was = base._asdict() if base else {}
    made = [
        Panel("v", at.v, "key", "value", "V", _("values"), "value", editable=values_editable, base=was.get("v")),
        Panel("scores", at.scores, *place, "", "q·k/√d", "signed", None, top, True, was.get("scores")),
        Panel("mask", at.mask.int(), *place, "mask", _("1 may look, 0 may not"), "mask", editable=True),
        Panel("masked", at.masked, *place, "", _("before the softmax"), "signed", Mask("scores"), top),
        Panel("weights", at.weights, *place, "", _("each row shares 1"), "weights", Softmax("masked"),
              base=was.get("weights")),
        Panel("output", at.output, "query", "value", "", _("the values, mixed"), "output", Dot("weights", "v"),
              base=was.get("output")),
    ]  # fmt: skip
    return pipeline(axes, made)


def three_ways(found: Row, labels: Sequence[str]) -> dict:
    """One query's weights with the mask before and after the softmax, and what each row sums to."""
    ways = [_("−∞ before"), _("zero after"), _("zero after, ÷ sum")]
    rows = torch.stack(found[:3])
    axes = {"way": Axis(_("mask"), ways), "key": Axis("key", labels), "sum": Axis(_("of"), [_("the row")])}
    shares = Panel("shares", rows, "way", "key", "weights", _("of one query"), "weights")
    return pipeline(axes, [shares, Panel("sums", rows.sum(-1, keepdim=True), "way", "sum", "sum", "", "plain")])


def padded_pair(found: Batch, labels: Sequence[str]) -> dict:
    """The weights of the shorter sentence, without and with the padding mask."""
    axes = {"query": Axis("query", labels), "key": Axis("key", labels)}
    named = ((found.open, "open", _("no mask")), (found.masked, "closed", _("padding mask")))
    return pipeline(axes, [Panel(i, w, "query", "key", "weights", title, "weights") for w, i, title in named])


def row_facts(at: Look, labels: Sequence[str], query: int) -> dict:
    """What the words say about one row of the mask."""
    allowed, found = int(at.mask[query].sum()), row(at, query)
    powers = (at.scores[query] - at.scores[query].max()).exp()
    open_sum = powers[at.mask[query]].sum().item()
    said = {"query": isolated(labels[query]), "allowed": allowed, "forbidden": len(labels) - allowed, "t": len(labels)}
    said |= {"cells": at.mask.numel(), "masked": int((~at.mask).sum()), "hidden": found.hidden}
    return said | {"left": found.after.sum().item(), "open_sum": open_sum, "all_sum": powers.sum().item()}


def blind(at: Look, labels: Sequence[str]) -> str:
    """The queries with nothing to look at, by name."""
    return ", ".join(isolated(labels[i]) for i in at.blind)


def table(found: Sequence[Filling], scores: torch.Tensor) -> dict[str, list[str]]:
    """What each way of saying “no” did, as the columns of a table. scores (t,), those of the row."""
    unmasked = softmax(scores.double()).tolist()
    heads = _("what is done"), _("format"), _("the number there"), _("forbidden keys get"), _("the row sums to")
    lines = [
        (f.name, f.format, plain(f.number), _("refused"), "", f"“{f.refused}”")
        if f.refused
        else (f.name, f.format, plain(f.number), plain(f.hidden), plain(f.total), blind_row(f.blind, unmasked))
        for f in found
    ]
    return dict(zip((*heads, _("if every key is forbidden")), map(list, zip(*lines, strict=True)), strict=True))


def plain(x: float) -> str:
    """A number as the table prints it; NaN and −∞ are told as they are."""
    if math.isnan(x):
        return "**NaN**"
    if math.isinf(x):
        return "−∞"
    if abs(x) >= 1e6:
        return f"{x:.0e}".replace("-", "−").replace("+0", "")
    if abs(x) >= 1000:
        return f"{x:,.0f}".replace("-", "−")
    return "0" if x == 0 else f"{x:.4f}"


def blind_row(weights: Sequence[float], unmasked: Sequence[float]) -> str:
    """What a row gives in which every key is forbidden."""
    if any(map(math.isnan, weights)):
        return _("**NaN** in every cell")
    if max(weights) - min(weights) < SAME:
        return _("{share:.3f} for each: all alike").format(share=weights[0])
    if max(abs(a - b) for a, b in zip(weights, unmasked, strict=True)) < SAME:
        return _("the very weights without a mask")
    return _("weights up to {most:.2f}").format(most=max(weights))


def formats() -> dict:
    """Where float16 ends, and how wide the steps of float32 are at 1e9."""
    at = torch.tensor(1e9, dtype=torch.float32)
    step = torch.nextafter(at, torch.tensor(torch.inf)) - at
    return {"largest": torch.finfo(torch.float16).max, "step": step.item()}
