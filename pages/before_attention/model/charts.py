"""What came before attention, in pictures: who still knows, what reaches back, what time it takes."""

from collections.abc import Mapping, Sequence
from functools import cache

import altair as alt

from pages.shared.model.charts import KEY, QUERY, VALUE, specification
from pages.shared.model.prose import _

NAMES = {"rnn": _("RNN"), "lstm": _("LSTM"), "attention": _("Attention")}
PAIR = {"one vector": _("one vector"), "all states": _("attention over all states")}
TENS = [0.01, 0.1, 1, 10, 100, 1000]
TENTH = "round(log(datum.value) / LN10)"
POWER = f"(['10⁻', '10'][+({TENTH} >= 0)]) + (abs({TENTH}) > 9 ? '¹' : '') + '⁰¹²³⁴⁵⁶⁷⁸⁹'[abs({TENTH}) % 10]"
COLOURS, SHAPES = {3: [KEY, VALUE, QUERY], 2: [KEY, QUERY]}, ["circle", "square", "diamond"]


def lines(names: Mapping[str, str], x: alt.X, y: alt.Y, form: str, height: int = 280) -> dict:
    """A line with marks for each of the names; colour and shape tell them apart."""
    who = list(names.values())
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=x,
        y=y,
        color=alt.Color("who:N", sort=who, scale=alt.Scale(domain=who, range=COLOURS[len(who)]), title=None),
        shape=alt.Shape("who:N", sort=who, scale=alt.Scale(domain=who, range=SHAPES[: len(who)]), title=None),
        tooltip=["who:N", alt.Tooltip("at:Q", title=x["title"]), alt.Tooltip("value:Q", title=y["title"], format=form)],
    )
    both = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=55, opacity=1)
    return specification(both.properties(height=height).configure_legend(orient="top", direction="horizontal"))


def whole(title: str) -> alt.X:
    return alt.X("at:Q", title=title, axis=alt.Axis(tickMinStep=1, format="d"), scale=alt.Scale(nice=False))


def share(title: str) -> alt.Y:
    return alt.Y("value:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))


@cache
def accuracy() -> dict:
    """Right answers by distance, of all three machines."""
    return lines(NAMES, whole(_("steps back")), share(_("right answers")), ".1%")


@cache
def known() -> dict:
    """The probability of the right letter of one text, by distance."""
    return lines(NAMES, whole(_("steps back, in your text")), share(_("probability of the right letter")), ".1%")


@cache
def reach() -> dict:
    """Lengths of gradients by distance, on a logarithmic axis."""
    y = alt.Y(
        "value:Q",
        title=_("length of the gradient"),
        scale=alt.Scale(type="log"),
        axis=alt.Axis(labelExpr=POWER, tickCount=5),
    )
    return lines(NAMES, whole(_("steps back")), y, ".2e", 320)


@cache
def times() -> dict:
    """Milliseconds by length, both axes logarithmic."""
    x = alt.X("at:Q", title=_("tokens"), scale=alt.Scale(type="log", base=2), axis=alt.Axis(values=[16, 64, 256, 512]))
    y = alt.Y("value:Q", title=_("milliseconds"), scale=alt.Scale(type="log"), axis=alt.Axis(values=TENS, format="~g"))
    return lines(NAMES, x, y, ".3g")


@cache
def bottleneck() -> dict:
    """Letters right by length of the sentence, with attention and without."""
    return lines(PAIR, whole(_("letters in the sentence")), share(_("letters right")), ".1%")


def rows(names: Mapping[str, str], values: Mapping[str, Sequence[float]], at: Sequence[int]) -> list[dict]:
    """One number of each kind for each place `at`."""
    return [
        {"who": names[kind], "at": place, "value": value}
        for kind, numbers in values.items()
        for place, value in zip(at, numbers, strict=True)
    ]


def alt_text(names: Mapping[str, str], values: Mapping[str, Sequence[float]], at: Sequence[int]) -> str:
    """Where each line begins and ends, in words."""
    said = _("{who}: {first:.3g} at {start}, {last:.3g} at {end}")
    return "; ".join(
        said.format(who=names[kind], first=numbers[0], last=numbers[-1], start=at[0], end=at[-1])
        for kind, numbers in values.items()
    )
