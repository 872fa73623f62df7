"""The table by hand in NumPy: looked up, compared, added and subtracted."""

from collections.abc import Sequence

import numpy as np

from pages.shared.model.snippets import literal, written
from pages.shared.model.word_table import WORDS

STEPS = """\
one_hot = np.eye(len(words))[ids]
x = E[ids]  # what embedding layers do: no multiplication, the row is fetched
assert np.allclose(x, one_hot @ E)  # the same, as a product of matrices
print(x.round(2))

lengths = np.linalg.norm(E, axis=1, keepdims=True)
units = E / np.where(lengths > 0, lengths, 1)
print((units @ units.T).round(2))  # the cosine of each word with each
print((E[2] - E[0] + E[3]).round(2))  # phone - orange + cherry
"""


def snippet(ids: Sequence[int], table: np.ndarray) -> str:
    """A script with the table (4, 2) as it is now and the ids that were looked up."""
    known = [written("words", WORDS), literal("E", table), f"ids = {list(ids)!r}"]
    return "\n".join(["import numpy as np", "", *known, "", STEPS])
