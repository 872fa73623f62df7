"""Numbers that a learner changed, as differences from what was there: short enough for a link, plain enough to read.

`W_q.0.1=0.9;X.2.0=-1.5` says: row 0, column 1 of W_q is 0.9, and row 2, column 0 of X is -1.5.
"""

import re
from collections.abc import Mapping

import numpy as np

from pages.shared.model.numbers import read

LARGEST = 1_000_000.0  # an edited number may not be larger: its square and its sums stay far from overflow
MOST = 1_000  # changes that are read from a link; no page has as many cells
CHANGE = re.compile(r"([A-Za-z_]\w*)\.(\d{1,3})\.(\d{1,3})=(\S{1,24})")

Edits = dict[tuple[str, int, int], float]  # (matrix, row, column) -> number


def number(text: str) -> float:
    """The number that was typed. Raises ValueError, with a sentence, for anything else."""
    if abs(value := read(text)) > LARGEST:
        raise ValueError(f"A number here must lie between −{LARGEST:,.0f} and {LARGEST:,.0f}.")
    return value


def parse(text: str, shapes: Mapping[str, tuple[int, int]]) -> tuple[Edits, list[str]]:
    """The edits that a link asks for, and those of its parts that make no sense here or come after `MOST`."""
    parts = list(filter(None, text.split(";")))
    edits, refused = {}, []
    for part in parts[:MOST]:
        match = CHANGE.fullmatch(part)
        try:
            at = match[1], int(match[2]), int(match[3])
            value = number(match[4])
        except (TypeError, ValueError):  # no match, or no number
            refused.append(part)
            continue
        if within(at, shapes):
            edits[at] = value
        else:
            refused.append(part)
    return edits, refused + parts[MOST:]


def within(at: tuple[str, int, int], shapes: Mapping[str, tuple[int, int]]) -> bool:
    """Whether there is such a matrix, row and column."""
    name, row, col = at
    return name in shapes and row < shapes[name][0] and col < shapes[name][1]


def write(edits: Edits) -> str:
    """The edits as they stand in a link."""
    return ";".join(f"{name}.{row}.{col}={value:.12g}" for (name, row, col), value in edits.items())


def apply(name: str, values: np.ndarray, edits: Edits) -> np.ndarray:
    """A copy of the matrix `name` with its edits in place; an edit outside of it counts for nothing."""
    changed = np.array(values, dtype=np.float64)
    for (matrix, row, col), value in edits.items():
        if within((matrix, row, col), {name: changed.shape}):
            changed[row, col] = value
    return changed
