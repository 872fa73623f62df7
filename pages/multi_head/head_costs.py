"""What heads cost on a page: the same width cut into more or fewer heads, and keys and values that heads share."""

from collections.abc import Sequence

import pyarrow as pa
import streamlit as st

from pages.multi_head.model.example import PAPER, PUBLISHED, Shape, splits, written
from pages.shared import models, turn, ui
from pages.shared.model.prose import Lesson, _

WIDTHS = (4, 192, 512, 1024)
OURS = _("Our story model")
SPLITS = (
    _("heads"),
    "$d_k$",
    _("numbers in the four matrices"),
    _("multiplications for the scores of two tokens"),
    _("weights of a query for one key"),
    _("numbers, if each head were as wide as the model"),
    _("BLEU in the paper"),
)
CACHE = (_("sets of keys and values"), _("called"), _("for one token"), _("for all tokens"), _("of multi-head"))


def table(heading: Sequence[str], rows: Sequence[Sequence[str]], bold: int | None, alt: str) -> None:
    """Rows of texts; one of them stands out."""
    rows = [[f"**{cell}**" for cell in row] if i == bold else row for i, row in enumerate(rows)]
    columns = dict(zip(heading, zip(*rows, strict=True), strict=False))
    st.table(pa.table(columns), border="horizontal", width="content", hide_index=True, alt=alt)


@turn.fragment
def width(lesson: Lesson) -> None:
    """One width, all the ways to cut it."""
    ui.say(lesson["Width"])
    d_model = ui.choice(_("Width d_model"), WIDTHS, "multi_head_width", default=512)
    paper = dict(PAPER) if d_model == 512 else {}
    rows = []
    for s in splits(d_model):
        cells = [f"{n:,}" for n in (s.n_heads, s.d_head, s.parameters, s.products, s.weights, s.wide)]
        rows.append([*cells, str(paper.get(s.n_heads, "–"))] if paper else cells)
    table(SPLITS, rows, 3 if paper else None, _("A width of {d}, cut into heads").format(d=d_model))
    ui.say(lesson["Width found"])


def shape(name: str) -> Shape:
    if name in PUBLISHED:
        return PUBLISHED[name]
    c = models.model(models.DEFAULT).config
    return Shape(c.n_layers, c.n_heads, c.kv_heads, c.d_head, c.context, 4)


@turn.fragment
def cache(lesson: Lesson) -> None:
    """The KV cache, if fewer sets were kept."""
    ui.say(lesson["Shared"])
    name = ui.choice(_("Model"), [*PUBLISHED, OURS], "multi_head_model", default="Llama-2 70B")
    found = shape(name)
    tokens = ui.number(_("Tokens in the cache"), 1, 1_000_000, 4096, "multi_head_tokens", width=180)
    rows = []
    for kv in found.choices:
        kind = _("multi-head") if kv == found.n_heads else _("multi-query") if kv == 1 else _("grouped-query")
        kept = [written(found.cache(kv, n)) for n in (1, tokens)]
        rows.append([str(kv), kind, *kept, f"{kv / found.n_heads:.1%}"])
    table(CACHE, rows, found.choices.index(found.n_kv_heads), _("The KV cache of {name}").format(name=name))
    each = {"layers": found.n_layers, "kv": found.n_kv_heads, "d_head": found.d_head, "bytes": found.bytes}
    ui.say(lesson["Shared found"], name=name, heads=found.n_heads, tokens=tokens, **each,
           total=written(found.cache(found.n_kv_heads, tokens)))  # fmt: skip
