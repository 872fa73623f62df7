"""The KV cache on a page: step by step, what is computed now and what is reused, and what that saves."""

import time
from functools import lru_cache
from typing import TYPE_CHECKING

import streamlit as st

from pages.decoding.model import cache_charts as charts
from pages.decoding.model import export, questions
from pages.decoding.voices import Voice
from pages.decoding.writer import Writing
from pages.shared import matrices, state, stepper, ui
from pages.shared.model.panels import Axis, Panel, features, pipeline
from pages.shared.model.prose import Lesson, _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from core.traces import DecoderTrace

SHOWN = 24  # tokens in the picture, the step's among the last
FEW = 4  # with fewer tokens there is little to see
ROWS = 6  # of one head's K and V
MEASURED = "decoding_measured"


def show(lesson: Lesson, writing: Writing, labels: tuple[str, ...], source_labels: tuple[str, ...]) -> None:
    """labels: of every token of the text so far; source_labels: of the Korean, if there is any."""
    from core import costs
    from pages.decoding.model import cache_costs

    ui.say(lesson["Cache"])
    if len(labels) < FEW:
        st.info(lesson["Cache short"], icon=":material/skip_next:")
    t = stepper.show([f"T = {i}" for i in range(len(labels))], "decoding_cache_t")
    steps = cache_costs.steps(costs.of(writing.config), len(labels), len(source_labels))
    now = steps[t]
    ui.say(lesson["Cache step"], t=t, token=labels[t], held=f"{now.held / 1024:.1f}", added=f"{now.added / 1024:.1f}",
           before=t, layers=writing.config.n_layers)  # fmt: skip
    picture(writing, labels, t, "own")
    if source_labels:
        ui.say(lesson["Cache cross"], n=len(source_labels))
        picture(writing, source_labels, t, "cross")
    one_head(lesson, writing, labels, t)
    if len(labels) >= FEW and ui.predict(questions.saved(steps[-1]), "decoding_saved"):
        rows = charts.cost_rows(steps, t)
        ui.say(lesson["Cache costs"], t=t, cached=now.cached, uncached=now.uncached, times=now.uncached / now.cached,
               all=sum(s.uncached for s in steps) / sum(s.cached for s in steps))  # fmt: skip
        ui.chart(charts.costs(ui.theme()), rows, alt=charts.cost_alt(steps, t), key="decoding_costs")
        with st.expander(_("In code: the operations of this step"), icon=":material/code:"):
            st.code(export.cache_costs(costs.of(writing.config), t, len(source_labels)), language="python")
        clock(lesson, writing)


def picture(writing: Writing, labels: tuple[str, ...], t: int, which: str) -> None:
    """Of a long text the part around the step."""
    cross = which == "cross"
    first = 0 if cross else max(0, min(t - SHOWN + 3, len(labels) - SHOWN))
    shown = labels if cross else labels[first : first + SHOWN]
    rows = charts.grid_rows(shown, t, writing.config.n_layers, first, all_at_once=cross)
    ui.chart(charts.grid(ui.theme()), rows, alt=charts.grid_alt(rows), key=f"decoding_grid_{which}")


def one_head(lesson: Lesson, writing: Writing, labels: tuple[str, ...], t: int) -> None:
    """The last rows of K and V of one head, as they lie in the cache."""
    config = writing.config
    with st.container(horizontal=True):
        at = (0, 0) if writing.beginning.source else state.layer_and_head()
        layer = ui.choice(_("Layer"), range(1, config.n_layers + 1), "decoding_layer", default=at[0] + 1)
        head = ui.choice(_("Head"), range(1, config.kv_heads + 1), "decoding_head", default=at[1] + 1)
        ui.digits()
    heads = trace(writing.voice, writing.ids).blocks[layer - 1].attention.heads
    first = max(0, t + 1 - ROWS)
    states = [_("reused")] * (t - first) + [_("computed now")]
    axes = {"token": Axis("token", labels[first : t + 1], states), "k": Axis("feature", features(config.d_head))}
    group = config.n_heads // config.kv_heads
    k, v = (x[0, (head - 1) * group, first : t + 1] for x in (heads.k, heads.v))
    ui.say(lesson["Cache head"], layer=layer, head=head, rows=t + 1, d=config.d_head, most=ROWS - 1)
    matrices.show(pipeline(axes, [Panel("k", k, "token", "k", "K", _("keys"), "key"),
                                  Panel("v", v, "token", "k", "V", _("values"), "value")]),
                  key="decoding_cache_head")  # fmt: skip


@lru_cache(maxsize=4)
def trace(told: Voice, ids: tuple[int, ...]) -> "DecoderTrace":
    import torch

    with torch.no_grad():
        return told(torch.tensor([ids]))


def clock(lesson: Lesson, writing: Writing) -> None:
    """Measured on this very machine, when it is asked for."""
    st.button(_("Measure the time of the whole text"), icon=":material/timer:", key="decoding_clock",
              on_click=measure, args=(writing,))  # fmt: skip
    if (found := st.session_state.get(MEASURED)) and found[0] == (writing.beginning, writing.ids):
        _text, cached, uncached = found
        ui.say(lesson["Cache time"], cached=number(1000 * cached, 1), uncached=number(1000 * uncached, 1),
               times=uncached / cached, n=len(writing.ids))  # fmt: skip


def measure(writing: Writing) -> None:
    """Seconds to feed the text token by token, with a cache and without."""
    import torch

    told, ids = writing.voice, writing.ids
    told.cached()(ids)  # once before: what only the first time takes is nobody's fault
    cache = told.cached()
    began = time.perf_counter()
    for n in range(1, len(ids) + 1):
        cache(ids[:n])
    between = time.perf_counter()
    with torch.inference_mode():
        for n in range(1, len(ids) + 1):
            told(torch.tensor([ids[:n]]))
    st.session_state[MEASURED] = ((writing.beginning, ids), between - began, time.perf_counter() - between)
