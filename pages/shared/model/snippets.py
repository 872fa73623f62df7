"""What a learner takes along: code that runs as it stands, with the numbers of the page."""

from collections.abc import Iterable
from pprint import pformat

import numpy as np

LINE = 96  # characters that a page shows without scrolling
SCORES = {  # of queries Q and keys K, by kind of similarity
    "dot": "Q @ K.T",
    "scaled_dot": "Q @ K.T / np.sqrt(K.shape[-1])",
    "cosine": "unit(Q) @ unit(K).T",
}
UNIT = """\
def unit(x):  # vectors of length 1; a vector of zeros stays as it is
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length > 0, length, 1)

"""


def literal(name: str, values: Iterable, digits: int = 4) -> str:
    """`name = np.array(...)`, rounded to `digits` decimals, a new row on a new line; -inf is written as -np.inf."""
    array = np.round(np.asarray(values, dtype=np.float64), digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    start = f"{name} = np.array("
    width = max((len(str(x)) for x in array.ravel().tolist()), default=0)
    return f"{start}{nested(array.tolist(), len(start) + 1, width)})".replace("inf", "np.inf")


def written(name: str, values: Iterable[str]) -> str:
    """`name = [...]`, a list of texts."""
    start = f"{name} = "
    return start + pformat(list(values), width=LINE - len(start), compact=True).replace("\n", "\n" + " " * len(start))


def nested(values: float | list, column: int, width: int) -> str:
    """A list of lists as Python writes it, numbers one below the other; too long a row goes on in the next line."""
    if not isinstance(values, list):
        return str(values).rjust(width)
    each = [nested(value, column + 1, width) for value in values]
    a_line = 1 if values and isinstance(values[0], list) else max(1, (LINE - column) // (width + 2))
    lines = [", ".join(each[i : i + a_line]) for i in range(0, len(each), a_line)]
    return "[" + f",\n{' ' * column}".join(lines) + "]"
