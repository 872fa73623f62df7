"""The map of words, and the arrows of a sum of words."""

from collections.abc import Sequence

import numpy as np

from core.words import Plane
from pages.shared.model.charts import plane
from pages.shared.model.prose import _
from pages.shared.model.written import percent


def map_names(found: Plane, named: Sequence[str] | None = None) -> list[str]:
    """What the two axes mean: their own names, or how much of the words' variance each principal axis holds."""
    if named:
        return list(named)
    said = _("principal axis {n}: {share} of the variance")
    return [said.format(n=n, share=percent(s)) for n, s in enumerate(found.explained.tolist(), 1)]


def map_rows(words: Sequence[str], points: np.ndarray, chosen: str, names: Sequence[str]) -> list[dict]:
    """points (n, 2) with their words."""
    looks = ["chosen" if word == chosen else "word" for word in words]
    return [*plane.axis_rows(names), *plane.word_rows(words, points, looks, points)]


def map_alt(rows: Sequence[dict], names: Sequence[str]) -> str:
    said = _("Map of words. To the right: {right}; up: {up}. ").format(right=names[0], up=names[1])
    return said + ", ".join(f"{r['name']} {r['where']}" for r in rows if r["mark"] == "word") + "."


def sum_rows(a: str, b: str, c: str, found: str, points: np.ndarray) -> list[dict]:
    """points (5, 2): a, b, c, the word found, and a − b + c; the step from b to a is taken again from c."""
    names = [a, b, c, found, f"{a} − {b} + {c}"]
    looks = ["word", "word", "word", "chosen", "goal"]
    steps = [plane.move_row(points[i], points[j], "goal", points) for i, j in ((1, 0), (2, 4))]
    axes = plane.axis_rows((_("{b} to {a}").format(a=a, b=b), _("towards {c}").format(c=c)))
    return [*axes, *steps, *plane.word_rows(names, points, looks, points, plane.along(points[[1, 2]], points[[0, 4]]))]


def sum_alt(rows: Sequence[dict]) -> str:
    said = _("Plane with two equal arrows: the step from the second word to the first, taken again from the third. ")
    return said + ", ".join(f"{r['name']} {r['where']}" for r in rows if r["mark"] == "word") + "."
