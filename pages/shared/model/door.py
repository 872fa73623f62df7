"""The door for what comes from a browser: a value of the right kind and range, or None.

Our own components send nothing else. But a tab that was open since an older version does, and a stranger may.
"""

import math
from collections.abc import Mapping
from typing import Any

ANY = 1_000_000  # below this is any index, where what it is an index of checks it too


def whole(said: Any, below: int, least: int = 0) -> int | None:
    """A whole number from `least` to less than `below`; true and false are none."""
    return said if type(said) is int and least <= said < below else None


def number(said: Any, largest: float) -> float | None:
    """A finite number of at most this size, whole or not."""
    return float(said) if type(said) in (int, float) and math.isfinite(said) and abs(said) <= largest else None


def named(said: Any, *names: str) -> list[Any] | None:
    """The values under these names of an object; None if it is no object, or lacks one."""
    return [said[name] for name in names] if isinstance(said, Mapping) and set(names) <= said.keys() else None


def place(said: Any, layers: int, heads: int) -> tuple[int, int] | None:
    """A layer and a head, counted from 0, of a model that has so many."""
    layer, head = named(said, "layer", "head") or (None, None)
    layer, head = whole(layer, layers), whole(head, heads)
    return None if layer is None or head is None else (layer, head)
