"""Positions that are added: a table of sines and cosines, and the rows that a model learned."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import streamlit as st

from core import words
from pages.positions.model import charts, tables
from pages.positions.model import score_charts as scores
from pages.positions.sentence import SLUG
from pages.shared import models, ui
from pages.shared.model.prose import Lesson, _
from pages.shared.model.written import number

WIDTHS = (8, 16, 32, 64, 128)
LENGTH = 100  # positions of a sinusoidal table
FAR = 32
BASE = 10_000.0


class Learned(NamedTuple):
    table: np.ndarray  # (t, d)
    similar: tables.Similar
    plane: words.Plane
    top: float  # where the colours end: 99 in 100 numbers are smaller
    liveliest: int  # the dimension that changes most from position 8 on


@lru_cache(maxsize=4)  # one for each model; half a MB
def learned_table(name: str) -> Learned:
    table = models.model(name).embedding.positions.double().numpy()
    top, liveliest = float(np.quantile(np.abs(table), 0.99)), int(table[8:-1, :-1].var(0).argmax())
    return Learned(table, tables.similar(table), words.pca_plane(table), top, liveliest)


@lru_cache(maxsize=8)
def learned_picture(name: str, theme: str) -> str:
    return charts.heat_picture(learned_table(name).table, theme, learned_table(name).top)


def base_box() -> float:
    """The base of the angles, for sinusoidal and rotary positions alike."""
    return ui.decimal(_("Base"), 1.1, 1e6, BASE, f"{SLUG}_base", persist_state="page", width=170)


def sinusoidal(lesson: Lesson) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        width = ui.choice(_("Width d"), WIDTHS, f"{SLUG}_width", default=64)
        base = base_box()
    table = tables.sinusoidal(LENGTH, width, base)
    left, right = st.columns(2, gap="large")
    with left:
        pair = ui.slider(_("Pair of dimensions"), 1, width // 2, max(1, width // 8), f"{SLUG}_pair_{width}") - 1
        facts = tables.wave_facts(pair, width, base)
        ui.say(lesson["Wave"], **facts)
        picture(charts.heat_picture(table, ui.theme(), 1.0), table, (2 * pair, 2 * pair + 1))
        at = np.union1d(np.linspace(0, LENGTH - 1, 300), np.arange(LENGTH))
        names = f"{charts.SIN} ({facts['sine']})", f"{charts.COS} ({facts['cosine']})"
        lines({name: (at, line) for name, line in zip(names, tables.wave(pair, width, base, at), strict=True)})
    with right:
        products(lesson, table, base)


def products(lesson: Lesson, table: np.ndarray, base: float) -> None:
    """The row of one position times every row: the same curve for each position."""
    row = ui.slider(_("Position p"), 0, LENGTH - 1, 20, f"{SLUG}_row")
    ui.say(lesson["Product"], **tables.product_facts(table, row, base))
    every = np.arange(1 - LENGTH, LENGTH)
    curve = every, tables.expected(table.shape[1], base, every)
    rows = scores.distance_rows(curve, (np.arange(LENGTH) - row, table @ table[row]), who=f"p = {row}")
    distances(_("PE(p)·PE(p + distance)"), rows)


def learned_facts() -> dict:
    """What the lesson says about the rows of the chosen model."""
    name = st.session_state.model
    t, width = learned_table(name).table.shape
    lengths = np.linalg.norm(learned_table(name).table, axis=1)
    said = {"model": models.MODELS[name][0], "t": t, "last": t - 1, "width": width}
    said["top"] = learned_table(name).top
    said["part"] = "First longest" if lengths.argmax() == 0 else "First not longest"
    return said | {"first": number(lengths[0]), "middle": number(float(np.median(lengths)))}


def learned(lesson: Lesson) -> None:
    name = st.session_state.model
    table, similar, plane, _top, liveliest = learned_table(name)
    t, width = table.shape
    ui.say(lesson["Rows"], **learned_facts())
    left, right = st.columns(2, gap="large")
    with left:
        one = ui.slider(_("Dimension"), 1, width - 1, liveliest + 1, f"{SLUG}_dimension_{name}")
        picture(learned_picture(name, ui.theme()), table, (one - 1, one))
        lines({_("dimension {i}").format(i=i): (np.arange(t), table[:, i - 1]) for i in (one, one + 1)})
    with right:
        row = ui.slider(_("Position p"), 0, t - 1, 50, f"{SLUG}_learned_row")
        ui.say(lesson["Likeness"], p=row, near=number(similar.mean[1]), far=number(similar.mean[FAR]), step=FAR)
        away = np.arange(t) - row
        low, mean, high = (x[np.abs(away)] for x in similar)
        points = away, tables.cosines(table, row)
        rows = scores.distance_rows((away, mean), points, band=(away, low, high), who=f"p = {row}")
        distances(_("cosine"), rows)
        ui.say(lesson["Plane"], one=float(plane.explained[0]), two=float(plane.explained[1]))
        ui.chart(charts.plane(ui.theme()), charts.plane_rows(plane.points), alt=charts.plane_alt(plane.points),
                 key=f"{SLUG}_plane")  # fmt: skip


def picture(url: str, table: np.ndarray, chosen: tuple[int, int]) -> None:
    rows = charts.heat_rows(url, table.shape, chosen)
    ui.chart(charts.heat(ui.theme()), rows, alt=charts.heat_alt(table), key=f"{SLUG}_heat")


def lines(columns: dict) -> None:
    ui.chart(charts.waves(), charts.wave_rows(columns), alt=charts.wave_alt(columns), key=f"{SLUG}_waves")


def distances(title: str, rows: list[dict], along: str = _("distance")) -> None:
    ui.chart(scores.by_distance(title, along), rows, alt=scores.distance_alt(title, rows), key=f"{SLUG}_distance")
