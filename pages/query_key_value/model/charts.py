"""Titles that match a query, a plane that two matrices bend, and how the loss falls while they are trained."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from pages.shared.model.charts import KEY, MUTED, OUTPUT, QUERY, plane, specification
from pages.shared.model.charts.bars import scale, share, signed, small, table
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from pages.query_key_value.model.projections import Seen
    from pages.query_key_value.model.retrieval import Library

LOOKS = {"word": MUTED, "query": QUERY, "key": KEY, "goal": OUTPUT}
SHAPES = ["circle", "circle", "diamond", "circle"]
REACH = 4  # grid lines to each side of the middle
OWN, SHARED = _("two matrices"), _("one for both")


def entries(library: "Library", scores: np.ndarray, weights: np.ndarray) -> dict:
    """A row for each title, the best first: its score, its weight, and the contents that it hands over. (n,), (n,)"""
    limits = scale(scores.tolist())
    rows = [
        {
            "id": int(i),
            "name": library.labels[i],
            "cells": [
                signed(float(scores[i]), limits, number(float(scores[i]))),
                share(float(weights[i]), small(float(weights[i]), 3)),
                {"text": library.entries[i].content},
            ],
            "chosen": at == 0,
        }
        for at, i in enumerate(np.argsort(-weights, kind="stable"))
    ]
    columns = [
        (_("score"), _("query against title")),
        (_("weight"), _("softmax of the scores")),
        (_("contents"), _("what is handed over")),
    ]
    return table(columns, rows)


def entries_alt(library: "Library", weights: np.ndarray) -> str:
    said = (f"{label}: {weight:.3f}" for label, weight in zip(library.labels, weights.tolist(), strict=True))
    return _("How much of each entry comes back: ") + "; ".join(said)


@cache
def bent(theme: str) -> dict:
    """A plane with grids as W_q and W_k bend them; `plane.framed` sets which part of it is seen."""
    frame = [alt.param(name=name, value=value) for name, value in (("cx", 0), ("cy", 0), ("r", 1))]
    base = alt.Chart(alt.NamedData("rows"))
    x = alt.X("x:Q", title=None, scale=plane.scale("cx", "width / height"), axis=alt.Axis(tickCount=6, grid=False))
    y = alt.Y("y:Q", title=None, scale=plane.scale("cy", "height / width"), axis=alt.Axis(tickCount=6, grid=False))
    colour = alt.Color("look:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=list(LOOKS.values())))
    shape = alt.Shape("look:N", legend=None, scale=alt.Scale(domain=list(LOOKS), range=SHAPES))
    lines = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q", "color": colour}
    grids = base.transform_filter("datum.mark == 'grid'").mark_rule(clip=True, opacity=0.65).encode(**lines)
    goals = base.transform_filter("datum.mark == 'goal'").mark_rule(strokeDash=[4, 4], strokeWidth=2).encode(**lines)
    points = base.transform_filter("datum.mark == 'word'").encode(x=x, y=y)
    told = [alt.Tooltip("name:N", title=_("word")), alt.Tooltip("where:N", title=_("place"))]
    dots = points.mark_point(filled=True, size=130, opacity=1).encode(color=colour, shape=shape, tooltip=told)
    names = [
        points.transform_filter(f"datum.side == '{side}'")
        .mark_text(dx=dx, dy=dy, align=align, fontSize=plane.FONT, color=plane.INK[theme])
        .encode(text="name:N")
        for side, (dx, dy, align) in plane.SIDES.items()
    ]
    return specification(alt.layer(grids, goals, dots, *names).add_params(*frame).properties(height=plane.HEIGHT))


def grid_rows(w: np.ndarray, look: str) -> list[dict]:
    """The squares of the learner's plane after w (2, 2): straight lines stay straight, through w."""
    ends = [((c, -REACH), (c, REACH)) for c in range(-REACH, REACH + 1)]
    ends += [((a, b), (c, d)) for (b, a), (d, c) in ends]
    rows = []
    for start, end in ends:
        (x, y), (x2, y2) = (np.array([start, end]) @ w).tolist()
        rows.append({"mark": "grid", "look": look, "x": x, "y": y, "x2": x2, "y2": y2})
    return rows


def before_rows(words: Sequence[str], x: np.ndarray) -> list[dict]:
    """The words (n, 2) where they stand, on squares."""
    return [*grid_rows(np.eye(2), "word"), *plane.word_rows(words, x, ["word"] * len(words), x)]


def after_rows(words: Sequence[str], seen: "Seen", goals: Sequence[int | None], frame: np.ndarray) -> list[dict]:
    """Each word's query and key, both grids, and a dotted line from each query to the key that it is to find."""
    names = [f"q {w}" for w in words] + [f"k {w}" for w in words]
    looks = ["query"] * len(words) + ["key"] * len(words)
    found = [(*seen.q[i].tolist(), *seen.k[goal].tolist()) for i, goal in enumerate(goals) if goal is not None]
    aims = [{"mark": "goal", "look": "goal", **dict(zip(("x", "y", "x2", "y2"), ends, strict=True))} for ends in found]
    points = np.concatenate([seen.q, seen.k])
    grids = [*grid_rows(seen.w_q, "query"), *grid_rows(seen.w_k, "key")]
    return [*grids, *aims, *plane.word_rows(names, points, looks, frame)]


def plane_alt(rows: Sequence[dict], title: str) -> str:
    return f"{title}: " + ", ".join(f"{r['name']} {r['where']}" for r in rows if r["mark"] == "word") + "."


@cache
def losses() -> dict:
    """The loss after each step of training, with two matrices and with one."""
    colour = alt.Scale(domain=[OWN, SHARED], range=[QUERY, KEY])
    dash = alt.Scale(domain=[OWN, SHARED], range=[[1, 0], [6, 4]])
    legend = alt.Legend(title=None, orient="top")
    base = alt.Chart(alt.NamedData("rows")).encode(
        x=alt.X("step:Q", title=_("steps of training"), axis=alt.Axis(grid=False)),
        y=alt.Y("loss:Q", title=_("loss"), scale=alt.Scale(zero=True)),
        color=alt.Color("how:N", scale=colour, legend=legend),
        strokeDash=alt.StrokeDash("how:N", scale=dash, legend=legend),
    )
    return specification(base.mark_line(strokeWidth=2.5, clip=True).properties(height=230))


def loss_rows(own: Sequence["Seen"], shared: Sequence["Seen"]) -> list[dict]:
    made = ((OWN, own), (SHARED, shared))
    return [{"step": i, "loss": seen.loss, "how": how} for how, run in made for i, seen in enumerate(run)]


def loss_alt(own: Sequence["Seen"], shared: Sequence["Seen"]) -> str:
    said = _("Two lines: the loss falls from {start:.2f} to {own:.3f} with two matrices, and to {shared:.3f} with one.")
    return said.format(start=own[0].loss, own=own[-1].loss, shared=shared[-1].loss)
