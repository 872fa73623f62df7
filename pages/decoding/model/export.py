"""Decoding as a few lines of Python that run as they stand: a step, the score of two texts, what a cache spares."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pages.shared.model.prose import _
from pages.shared.model.snippets import literal, written

if TYPE_CHECKING:
    from core.costs import Size

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
    return [written("tokens", names), literal("logits", values, 6), f"temperature = {temperature!r}"]


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


def scores(greedy: Sequence[float], beam: Sequence[float], length_penalty: float) -> str:
    """log p of each token of the two texts -> their scores."""
    return "\n".join(
        [
            "import numpy as np",
            "",
            *(literal(name, logs, 6) for name, logs in (("greedy", greedy), ("beam", beam))),
            f"length_penalty = {length_penalty!r}",
            "",
            'for name, log_p in (("greedy", greedy), ("beam", beam)):',
            '    print(f"{name}: {log_p.sum() / len(log_p) ** length_penalty:.3f}")',
        ]
    )


def cache_costs(size: "Size", t: int, source: int) -> str:
    """The operations of step t with the cache and without, as `pages.decoding.model.cache_costs` counts them."""
    values = {"d": size.d_model, "d_kv": size.d_kv, "d_ff": size.d_ff, "layers": size.decoder_layers}
    values |= {"vocab": size.vocab, "t": t}
    cross = [
        f"source = {source}",
        "cross = lambda n: 4*n*d*d + 4*n*source*d  # queries and output; scores and mixing",
        "keys_values = 4*source*d*d_kv  # of the source: with a cache at step 0 alone",
    ]
    more = ["cross(n)", "(keys_values if n == t + 1 else 0)"] if source else []
    layer = ["4*n*d*d", "4*n*d*d_kv", "4*n*(t + 1)*d", f"{4 + 2 * size.gated}*n*d*d_ff", *more]
    return "\n".join(
        [
            *(f"{name} = {value}" for name, value in values.items()),
            *(cross if source else []),
            "",
            "def operations(n):  # n tokens are computed, and t + 1 keys looked at",
            f"    return layers * ({' + '.join(layer)}) + 2*n*d*vocab",
            "",
            'print(f"{operations(1):,} with the cache, {operations(t + 1):,} without")',
        ]
    )
