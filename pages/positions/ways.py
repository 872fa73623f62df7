"""Four ways to say where a token stands, one at a time; and two of them held against each other."""

import numpy as np
import streamlit as st

from core import positions
from core.attention import attention
from pages.positions import tables
from pages.positions.model import order, order_panels, turns
from pages.positions.model import score_charts as charts
from pages.positions.sentence import SLUG, Placed
from pages.shared import matrices, turn, ui
from pages.shared.model.panels import head_panels
from pages.shared.model.prose import Lesson, _

WAYS = {"sinusoidal": _("Sinusoidal"), "learned": _("Learned"), "rotary": _("Rotary"), "alibi": _("ALiBi")}
KINDS = {"none": _("none"), **WAYS}
REACH = 32
MOST_HEADS = 16


@turn.fragment
def show(lesson: Lesson, placed: Placed) -> None:
    """The chosen way alone is computed and drawn."""
    way = ui.choice(_("Way"), list(WAYS), f"{SLUG}_way", WAYS.__getitem__)
    ui.say(lesson[WAYS[way]])
    match way:
        case "sinusoidal":
            tables.sinusoidal(lesson)
        case "learned":
            tables.learned(lesson)
        case "rotary" | "alibi":
            if not placed.hand:
                ui.say(lesson["Borrowed"], layer=placed.at[0] + 1, head=placed.at[1] + 1)
            (rotary if way == "rotary" else alibi)(lesson, placed)


def rotary(lesson: Lesson, placed: Placed) -> None:
    """The last token's query and the first one's key, wherever the learner puts them."""
    head = placed.head()
    q, k = head.q[-1].double().numpy(), head.k[0].double().numpy()
    places = []
    asked = (("m", _("Query at m"), 5), ("n", _("Key at n"), 2), ("shift", _("Shift both by"), 10))
    for column, (name, label, value) in zip(st.columns(3), asked, strict=True):
        with column:
            places.append(ui.slider(label, 0, REACH, value, f"{SLUG}_{name}"))
    base = tables.base_box()
    pair = ui.choice(_("Pair"), range(1, len(q) // 2 + 1), f"{SLUG}_turning_{len(q)}") - 1
    facts = turns.facts(q, k, tuple(places), pair, base)
    names = {"query": placed.labels[-1], "key": placed.labels[0], "number": pair + 1, "d": len(q)}
    left, right = st.columns([2, 3], gap="large")
    with left:
        ui.say(lesson["Circle"], **facts, **names)
        circle(q, k, facts, pair, base)
    with right:
        ui.say(lesson["Turned"], **facts, **names)
        reached = turns.by_distance(q, k, REACH, base)
        mark = places[0] - places[1], turns.turned(q, k, *places[:2], base).score
        rows = charts.distance_rows(reached, mark=mark, who=_("here"))
        tables.distances(_("q·k"), rows, _("m − n"))


def circle(q: np.ndarray, k: np.ndarray, facts: dict, pair: int, base: float) -> None:
    m, n = facts["shifted_m"], facts["shifted_n"]
    there = turns.turned(q, k, m, n, base)
    at = slice(2 * pair, 2 * pair + 2)
    said = {"q": _("q at {m}").format(m=m), "k": _("k at {n}").format(n=n)}
    rows = charts.circle_rows({"q": q[at], "k": k[at]}, {"q": there.q[at], "k": there.k[at]}, said)
    ui.chart(charts.circle(ui.theme()), rows, alt=charts.circle_alt(rows), key=f"{SLUG}_circle", width="content")


def alibi(lesson: Lesson, placed: Placed) -> None:
    """A head's scores with the penalty of the chosen slope, and what that does to its weights."""
    left, right = st.columns(2, gap="large")
    with left:
        n_heads = ui.slider(_("Heads in the layer"), 1, MOST_HEADS, 8, f"{SLUG}_heads")
        chosen = 0
        if n_heads > 1:
            chosen = ui.slider(_("Head"), 1, n_heads, 1, f"{SLUG}_head_{n_heads}") - 1
    slopes = positions.slopes(n_heads)
    with right:
        rows = charts.slope_rows(slopes, chosen, REACH)
        ui.chart(charts.slopes(ui.theme()), rows, alt=charts.slopes_alt(slopes, chosen), key=f"{SLUG}_slopes")
    head = placed.head()
    q, k, v = head.q, head.k, head.v
    t, mask = len(q), head.mask
    bias = positions.alibi(n_heads, t, t, q.dtype)[chosen]
    plain, biased = attention(q, k, v, mask), attention(q, k, v, mask, bias=bias)
    with left:
        change = (biased.weights - plain.weights).abs().max().item()
        slope = slopes[chosen]
        ui.say(lesson["Slopes"], n=n_heads, head=chosen + 1, slope=slope, double=2 * slope, change=change)
    matrices.show(head_panels(biased, placed.labels, bias=bias), f"{SLUG}_alibi")


@turn.fragment
def what_if(lesson: Lesson, placed: Placed) -> None:
    """The same sentence and the same weights W, with one kind of positions and with another."""
    at = {"layer": placed.at[0] + 1, "head": placed.at[1] + 1, "slope": order.SLOPES[0]}
    ui.say(lesson["Other kinds by hand" if placed.hand else "Other kinds in the model"], **at)
    left, right = st.columns(2)
    with left:
        one = ui.choice(_("A"), placed.kinds, f"{SLUG}_a", KINDS.__getitem__, default="none")
    with right:
        other = ui.choice(_("B"), placed.kinds, f"{SLUG}_b", KINDS.__getitem__, default=placed.told)
    a, b = placed.weights(one), placed.weights(other)
    most = (a - b).abs().max().item()
    ui.say(lesson["Difference"], a=KINDS[one], b=KINDS[other], most=most)
    found = order_panels.weights(a, b, placed.labels, (KINDS[one], KINDS[other]))
    matrices.show(found, f"{SLUG}_whatif_{'hand' if placed.hand else 'small'}")
