"""What a lesson's words say about a sentence in a model: every number in them comes from the trace."""

from collections.abc import Callable, Sequence

from core.attention import AttentionTrace
from core.config import Config
from core.interpretability.lens import Lens, habits, lengths, strongest, weights
from core.traces import DecoderTrace
from pages.shared.model.prose import _
from pages.shared.model.window import earlier
from pages.shared.model.written import isolated, number, percent


def sizes(config: Config, t: int, layer: int, head: int) -> dict:
    """The shapes of everything; layer and head are counted from 0 here and from 1 in words."""
    found = {name: getattr(config, name) for name in ("vocab", "d_model", "d_head")}
    counted = {"layers": config.n_layers, "heads": config.n_heads, "columns": config.n_layers + 1}
    return {"t": t, "layer": layer + 1, "head": head + 1, "stages": 2 * config.n_layers + 1, **counted, **found}


def row(trace: AttentionTrace, labels: Sequence[str], position: int, shown: range) -> dict:
    """One head, q (t, d) and so on: where the token looks most, and what lies outside the picture."""
    t, line = len(labels), trace.weights[position]
    key = int(line.argmax())
    found = {
        "chosen": isolated(labels[position]),
        "key": isolated(labels[key]),
        "most": line[key].item(),
        "shown": len(shown),
    }
    found |= {
        "first": isolated(labels[shown[0]]),
        "last": isolated(labels[shown[-1]]),
        "earlier": shown.start,
        "sum": earlier(shown),
    }
    found |= {"weight": line[: shown.start].sum().item(), "cells": t * t, "hidden": t * (t - 1) // 2}
    low, high = (number(score.item()) for score in trace.scores.aminmax())
    return found | {"low": low, "high": high}


def average(trace: DecoderTrace) -> dict:
    """Which heads look most at the token before, and which at the start; {} for a text that is too short to tell."""
    found = habits(weights(trace))
    if found is None:
        return {}
    said = {}
    for name in ("before", "start"):
        layer, head, share = strongest(getattr(found, name))
        said |= {name: share, f"{name}_layer": layer + 1, f"{name}_head": head + 1}
    return said


def stream(trace: DecoderTrace, labels: Sequence[str], position: int) -> dict:
    """How the token's vector grows, and which one ends as the longest."""
    found = lengths(trace)
    at, last = found[:, position], found[-1]
    longest = int(last.argmax())
    ratio = (last[longest] / last.quantile(0.5)).item()
    ends = {"at_first": at[0].item(), "at_last": at[-1].item(), "length": last[longest].item()}
    return ends | {"longest": isolated(labels[longest]), "ratio": ratio}


def answer(lens: Lens, name: Callable[[int], str]) -> dict:
    """When the final answer comes to the front."""
    first, settled = place(lens.first), place(lens.settled)
    since = first if lens.first == lens.settled else _("{first}, falls back, and comes first for good {settled}")
    found = {
        "best": isolated(name(lens.answer)),
        "id": lens.answer,
        "rank": lens.ranks[0],
        "prob": percent(lens.probs[-1]),
    }
    places = ", ".join(f"{rank:,}" for rank in lens.ranks)
    return found | {"places": places, "since": since.format(first=first, settled=settled)}


def place(layer: int) -> str:
    return _("after block {layer}").format(layer=layer) if layer else _("right after the embedding")
