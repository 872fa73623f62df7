"""Where words lie, which are near, and what adding and subtracting them gives."""

from collections.abc import Sequence
from functools import cache

import altair as alt
import numpy as np

from core.words import Neighbour, Plane
from pages.shared.model.charts import plane, specification
from pages.shared.model.charts.stream import BAR
from pages.shared.model.prose import _
from pages.shared.model.written import number, percent


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


@cache
def bars(theme: str, unit: bool) -> dict:
    """The best matches as bars with their scores. With `unit` they are cosines, on a scale from 0 to 1."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("word:N", sort=None, title=None, axis=alt.Axis(labelFontSize=14, labelLimit=150)),
        x=alt.X(
            "score:Q",
            title=_("cosine") if unit else _("dot product"),
            scale=alt.Scale(domain=[0, 1.15]) if unit else alt.Scale(zero=True),
            axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2~f") if unit else alt.Axis(tickCount=4),
        ),
        tooltip=[alt.Tooltip("word:N", title=_("word")), alt.Tooltip("said:N", title=_("score"))],
    )
    ink = plane.INK[theme]
    text = base.mark_text(align="left", dx=5, fontSize=13, color=ink).encode(text="said:N")
    return specification((base.mark_bar(color=BAR, cornerRadiusEnd=2) + text).properties(height=alt.Step(26)))


def bar_rows(found: Sequence[Neighbour]) -> list[dict]:
    return [{"word": n.word, "score": n.score, "said": number(n.score, 3)} for n in found]


def bar_alt(rows: Sequence[dict]) -> str:
    return _("Bars of the best matches: ") + ", ".join(f"{r['word']} {r['said']}" for r in rows) + "."
