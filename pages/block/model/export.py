"""A block as NumPy code with its own numbers."""

from collections.abc import Mapping

import numpy as np

from pages.shared.model.snippets import literal

STEPS = """\
def norm(x):  # each row to mean 0 and deviation 1
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)


mid = x + attention  # the residual sum: what attention found is added
hidden = norm(mid) @ w_in
post = mid + np.maximum(hidden, 0) @ w_out  # ReLU, back to the stream's width, added again
print(norm(x).round(2))
print(post.round(2))
"""


def snippet(x: np.ndarray, attention: np.ndarray, w: Mapping[str, np.ndarray]) -> str:
    """A script from the stream and what attention found, (t, d) each, to what leaves the block."""
    arrays = literal("x", x, 6), literal("attention", attention, 6), *(literal(n, w[n], 6) for n in ("w_in", "w_out"))
    return "\n".join(["import numpy as np", "", *arrays, "", "", STEPS])
