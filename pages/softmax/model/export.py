"""One row of scores through softmax as NumPy code with the page's numbers."""

from collections.abc import Sequence

import numpy as np

from pages.shared.model.snippets import literal

STEPS = """\
below = scores / temperature
below = below - below.max()  # changes no share, and no power of e can overflow
powers = np.exp(below)
p = powers / powers.sum()
entropy = -(p[p > 0] * np.log(p[p > 0])).sum()
jacobian = np.diag(p) - np.outer(p, p)  # how each share answers to each score / temperature

print("shares", p.round(4))
print("entropy", entropy.round(4), "of at most", np.log(p.size).round(4))
print("first row of the Jacobian", jacobian[0].round(4))
"""


def snippet(scores: np.ndarray, temperature: float, names: Sequence[str]) -> str:
    """A script that prints shares, entropy and a row of the Jacobian. scores (n,)"""
    about = f"# {', '.join(names)}"
    start = ["import numpy as np", "", about, literal("scores", scores, 6), f"temperature = {temperature!r}"]
    return "\n".join([*start, "", STEPS])
