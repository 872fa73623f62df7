"""The words nearest to a vector, as bars with their scores."""

from collections.abc import Sequence
from functools import cache

import altair as alt

from core.words import Neighbour
from pages.shared.model.charts import plane, specification
from pages.shared.model.charts.stream import BAR
from pages.shared.model.prose import _
from pages.shared.model.written import number


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
