"""The class round after round, and the same rounds under other rules; each part runs by itself."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.words import Pull
from pages.friends.model import charts, friends
from pages.shared import matrices, stepper, turn, ui
from pages.shared.model.asking import KINDS
from pages.shared.model.prose import Lesson, _

SLUG = "friends"
AS_DOT = ("dot", "scaled_dot", "cosine")


@turn.fragment
def rounds(played: Sequence[Pull], spreads: Sequence[float], kind: str) -> None:
    """The class after each round: how far apart the friends are, where they stand, and their traits."""
    names = [_("at first"), *(_("after round {n}").format(n=n) for n in range(1, friends.ROUNDS + 1))]
    at = stepper.show(names, f"{SLUG}_at")
    left, right = st.columns(2, gap="large")
    with left:
        chart = charts.spread((KINDS[kind],))
        ui.chart(chart, charts.spread_rows(spreads, KINDS[kind], at), alt=charts.spread_alt(spreads, KINDS[kind]),
                 key=f"{SLUG}_spread")  # fmt: skip
    with right:
        ways = charts.way_rows(friends.ways(played), at)
        ui.chart(charts.ways(), ways, alt=charts.way_alt(ways), key=f"{SLUG}_ways")
    places = [played[0].before, *(one.after for one in played)]
    matrices.show(friends.traits_panel(places[at], names[at]), f"{SLUG}_traits")


@turn.fragment
def what_if(lesson: Lesson, traits: np.ndarray, spreads: Sequence[float]) -> None:
    """Another similarity and temperature against those chosen, whose `spreads` are known. traits (6, 7)"""
    ui.say(lesson["What if"])
    left, right = st.columns([1, 2], gap="large")
    with left:
        other = ui.choice(_("Compared by"), AS_DOT, f"{SLUG}_other", KINDS.__getitem__)
        cold = ui.slider(_("At temperature"), 0.1, 4.0, 0.25, f"{SLUG}_other_t", step=0.05, format="%g")
        there = friends.spreads(friends.play(traits, other, cold))
        mine, theirs = friends.said(spreads[-1]), friends.said(there[-1])
        ui.say(lesson["Difference"], rounds=friends.ROUNDS, mine=mine, other=theirs)
    with right:
        ways = (_("as chosen above"), spreads), (_("as chosen here"), there)
        rows = [row for name, found in ways for row in charts.spread_rows(found, name)]
        said = " ".join(charts.spread_alt(found, name) for name, found in ways)
        ui.chart(charts.spread(tuple(name for name, _found in ways)), rows, alt=said, key=f"{SLUG}_both")
