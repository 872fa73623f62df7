"""How tests read the pages on word vectors: matrices, charts, words, answers."""

import json
import re

import numpy as np
import pyarrow as pa


def component(app, key: str) -> dict:
    return next(json.loads(c.proto.json) for c in app.get("bidi_component") if f"-{key}" in c.proto.id)


def panels(app, key: str) -> dict[str, np.ndarray]:
    return {p["id"]: np.array(p["values"], dtype=float) for p in component(app, key)["panels"]}


def charts(app) -> list[list[dict]]:
    """The rows of each chart, in the order of the page."""
    found = (c.proto.datasets[0].data.data for c in app.get("vega_lite_chart"))
    return [pa.ipc.open_stream(data).read_all().to_pylist() for data in found]


def named(rows: list[dict]) -> dict[str, tuple[float, float]]:
    """The places of the named words of a plane."""
    return {r["name"]: (r["x"], r["y"]) for r in rows if r["mark"] == "word" and r["name"]}


def said(app) -> str:
    """All words of the page on one line, without the signs that keep Markdown apart."""
    kinds = ("markdown", "caption", "info", "error", "warning")
    text = " ".join(" ".join(e.value for kind in kinds for e in app.get(kind)).split())
    return re.sub(r"\\(?=[^a-zA-Z\s])", "", text)


def show(app, key: str):
    """Waive the prediction, as the button does."""
    app.button(key=f"{key}_show").click().run()
    assert not app.exception
    return app
