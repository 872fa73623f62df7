"""One query and its keys, compared in three ways: NumPy code with the page's numbers."""

from collections.abc import Sequence

import numpy as np

from pages.shared.model.snippets import literal, written

STEPS = """\
def unit(x):  # length 1; the zero vector stays as it is, so that its cosine is 0
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length > 0, length, 1)

dot = k @ q
cosine = unit(k) @ unit(q)
scaled = dot / np.sqrt(q.size)

for row in zip(names, dot, cosine, scaled):
    print("{}: dot product {:.2f}, cosine {:.3f}, scaled {:.2f}".format(*row))
"""


def snippet(q: np.ndarray, k: np.ndarray, query: str, names: Sequence[str]) -> str:
    """A script that prints the three scores of every key. q (d,), k (n, d)"""
    data = [f"# the query is {query!r}", literal("q", q), literal("k", k), written("names", names)]
    return "\n".join(["import numpy as np", "", *data, "", STEPS])
