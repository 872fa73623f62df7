"""A step of decoding as a few lines of NumPy that run as they stand."""

from collections.abc import Callable, Sequence

import numpy as np

from core.export import literal
from core.lessons import _

MOST = 100  # tokens that are listed one by one; a filter that keeps more is shown by what it left


def snippet(
    logits: np.ndarray,
    filters: dict[str, float | None],
    kept: np.ndarray,
    draw: float | None,
    segments: Sequence[Sequence[int]],
    name: Callable[[int], str],
) -> str:
    """logits (vocab,), kept (vocab,) bool; `segments` are the tokens of the stretches that the draw falls on.

    A token that stands for many has the logit that gives it their probability: T · log Σ e^(logit / T).
    """
    order = np.argsort(-logits, kind="stable")
    top_k, top_p, min_p = (filters[f] for f in ("top_k", "top_p", "min_p"))
    n = max(12, int(kept.sum()), top_k or 0)
    written = []
    if draw is None:
        groups = [[i] for i in order[:12]]
    elif kept.all() or n > MOST:
        groups = [list(tokens) for tokens in segments]
    else:
        groups = [[i] for i in order[:n]]
        written = filter_lines(top_k, top_p, min_p)
        if top_k is None and top_p is not None:
            groups.append(order[n:].tolist())  # top-p looks at the whole vocabulary
    return "\n".join(
        [
            "import numpy as np",
            "",
            *data(logits, groups, filters["temperature"], name),
            "",
            *(choose_lines(draw, written)),
        ]
    )


def data(logits, groups, temperature: float, name: Callable[[int], str]) -> list[str]:
    """The tokens, their logits and the temperature."""
    names = [name(int(g[0])) if len(g) == 1 else _("({n:,} others together)").format(n=len(g)) for g in groups]
    values = [together(logits[list(g)].astype(np.float64), temperature) for g in groups]
    return [f"tokens = {names!r}", literal("logits", values, 6), f"temperature = {temperature!r}"]


def together(logits: np.ndarray, temperature: float) -> float:
    if len(logits) == 1:
        return float(logits[0])
    return float(logits.max() + temperature * np.log(np.exp((logits - logits.max()) / temperature).sum()))


def filter_lines(top_k: int | None, top_p: float | None, min_p: float | None) -> list[str]:
    """Each filter on what the one before left, renormalised."""
    again = "probs /= probs.sum()"
    lines = []
    if top_k is not None:
        lines += [f"probs[{top_k}:] = 0  # top-k", again]
    if top_p is not None:
        lines += [f"probs[1:][np.cumsum(probs)[:-1] >= {top_p!r}] = 0  # top-p: those before it reach p", again]
    if min_p is not None:
        lines += [f"probs[probs < {min_p!r} * probs.max()] = 0  # min-p", again]
    return lines


def choose_lines(draw: float | None, filters: Sequence[str]) -> list[str]:
    if draw is None:
        return ["print(tokens[logits.argmax()])  # temperature 0 is greedy: no division, no draw"]
    return [
        "scaled = logits / temperature",
        "probs = np.exp(scaled - scaled.max())",
        "probs /= probs.sum()",
        *filters,
        "",
        f"draw = {draw!r}",
        "at = int((np.cumsum(probs) <= draw).sum())",
        'print(f"{tokens[at]}: {probs[at]:.4f}")',
    ]
