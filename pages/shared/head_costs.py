"""What heads cost on a page: the same width cut into more or fewer heads, and keys and values that heads share."""

import streamlit as st

from core.lessons import Lesson, _
from core.multi_head import PAPER, PUBLISHED, Shape, splits, written
from pages.shared import models, ui

WIDTHS = (4, 192, 512, 1024)
OURS = _("Our story model")
SPLITS = _("| heads | $d_k$ | numbers in the four matrices | products for one score in each head | weights a query has "
           "for one key | numbers, if each head were as wide as the model |")  # fmt: skip
CACHE = _("| sets of keys and values | called | for one token | for {tokens:,} tokens | of multi-head |")


def line(cells: list[str], bold: bool) -> str:
    return "| " + " | ".join(f"**{cell}**" if bold else cell for cell in cells) + " |"


def width(lesson: Lesson) -> None:
    """One width, all the ways to cut it."""
    ui.say(lesson["Width"])
    d_model = ui.choice(_("Width d_model"), WIDTHS, "multi_head_width", default=512)
    paper = dict(PAPER) if d_model == 512 else {}
    lines = [SPLITS + (_(" BLEU in the paper |") if paper else ""), "|--:" * (7 if paper else 6) + "|"]
    for s in splits(d_model):
        cells = [f"{n:,}" for n in (s.n_heads, s.d_head, s.parameters, s.products, s.weights, s.wide)]
        cells += [str(paper.get(s.n_heads, "–"))] if paper else []
        lines.append(line(cells, bool(paper) and s.n_heads == 8))
    st.markdown("\n".join(lines))
    ui.say(lesson["Width found"])


def shape(name: str) -> Shape:
    if name in PUBLISHED:
        return PUBLISHED[name]
    c = models.model(models.DEFAULT).config
    return Shape(c.n_layers, c.n_heads, c.kv_heads, c.d_head, c.context, 4)


def cache(lesson: Lesson) -> None:
    """The KV cache, if fewer sets were kept."""
    ui.say(lesson["Shared"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = ui.choice(_("Model"), [*PUBLISHED, OURS], "multi_head_model", default="Llama-2 70B")
        found = shape(name)
        tokens = ui.number(_("Tokens in the cache"), 1, 1_000_000, 4096, "multi_head_tokens", width=180)
    lines = [CACHE.format(tokens=tokens), "|--:|:--|--:|--:|--:|"]
    for kv in found.choices:
        kind = _("multi-head") if kv == found.n_heads else _("multi-query") if kv == 1 else _("grouped-query")
        cells = [
            str(kv),
            kind,
            written(found.cache(kv, 1)),
            written(found.cache(kv, tokens)),
            f"{kv / found.n_heads:.1%}",
        ]
        lines.append(line(cells, kv == found.n_kv_heads))
    st.markdown("\n".join(lines))
    each = {"layers": found.n_layers, "kv": found.n_kv_heads, "d_head": found.d_head, "bytes": found.bytes}
    ui.say(lesson["Shared found"], name=name, heads=found.n_heads, tokens=tokens, **each,
           total=written(found.cache(found.n_kv_heads, tokens)))  # fmt: skip
