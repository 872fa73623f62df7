"""What a learner takes along: code that runs as it stands, with the numbers of the page."""

from collections.abc import Iterable

import numpy as np


def literal(name: str, values: Iterable, digits: int = 4) -> str:
    """`name = np.array(...)`, one row a line, rounded to `digits` decimals; -inf is written as -np.inf."""
    array = np.round(np.asarray(values, dtype=np.float64), digits) + 0.0  # + 0.0 turns -0.0 into 0.0
    how = {"threshold": 10**9, "max_line_width": 10**9, "floatmode": "maxprec", "suppress_small": True}
    text = np.array2string(array, separator=", ", **how)
    text = text.replace("inf", "np.inf").replace("\n", "\n" + " " * len(f"{name} = np.array("))
    return f"{name} = np.array({text})"
