"""What a learner takes along: code that runs as it stands, with the numbers of the page."""

from collections.abc import Iterable

import numpy as np


def literal(name: str, values: Iterable, digits: int = 4) -> str:
    """`name = np.array(...)`, one row a line, rounded to `digits` decimals; -inf is written as -np.inf."""
    array = np.round(np.asarray(values, dtype=np.float64), digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    start = f"{name} = np.array("
    width = max((len(str(x)) for x in array.ravel().tolist()), default=0)
    return f"{start}{nested(array.tolist(), len(start) + 1, width)})".replace("inf", "np.inf")


def nested(values: float | list, column: int, width: int) -> str:
    """A list of lists as Python writes it, numbers one below the other."""
    if not isinstance(values, list):
        return str(values).rjust(width)
    between = f",\n{' ' * column}" if values and isinstance(values[0], list) else ", "
    return f"[{between.join(nested(value, column + 1, width) for value in values)}]"
