"""Targets, loss, perplexity and the smoothed loss of a sentence as NumPy code with the page's numbers."""

from collections.abc import Sequence

import numpy as np

from pages.shared.model.snippets import literal, written
from pages.training.model.teaching import Position

STEPS = """\
loss = log_sum - logit  # -log p(target), for all positions at once
print("p(target)", np.exp(-loss).round(4))
print("loss", loss.round(4))
print("mean loss", loss.mean().round(4), "perplexity", np.exp(loss.mean()).round(4))

mean_log_p = mean_logit - log_sum  # over the whole vocabulary
smooth = (1 - epsilon) * loss - epsilon * mean_log_p
print("smoothed loss", smooth.round(4))
"""


def snippet(
    found: Sequence[Position], mean_logits: Sequence[float], targets: Sequence[str], epsilon: float, first: int = 8
) -> str:
    """A script for the first positions: the target's logit, log Σ e^z and the mean logit of each are given."""
    part = slice(0, first)
    arrays = (
        literal("logit", [p.logit for p in found[part]], 6),
        literal("log_sum", [p.log_sum for p in found[part]], 6),
        literal("mean_logit", np.asarray(mean_logits)[part], 6),
    )
    about = [written("targets", targets[part]), f"epsilon = {epsilon!r}"]
    return "\n".join(["import numpy as np", "", *about, *arrays, "", STEPS])
