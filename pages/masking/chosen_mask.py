"""The mask that a learner chose or drew, and what it is applied to; all of it stands in the link."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from pages.shared import hand, models, state, stepper, turn, ui
from pages.shared.matrices import Edit
from pages.shared.model.prose import Lesson, _

if TYPE_CHECKING:
    from torch import Tensor

    from pages.masking.model.example import Look
    from pages.shared.model.hand import Hand
    from pages.shared.state import Example

KEY = "masking_drawn"  # in the link: the padding, a point, and a drawn mask as `model.drawn` writes it
DRAWN = "drawn"
NAMES = {
    "causal": _("Causal"),
    "none": _("None"),
    "padding": _("Padding"),
    "both": _("Causal and padding"),
    "window": _("Sliding window"),
    DRAWN: _("Drawn by hand"),
}
MOST_PADS = 4


class Setting(NamedTuple):
    kind: str
    pads: int  # padding behind the words
    window: int


def setting() -> Setting:
    """Which mask; how much padding and how wide a window, where that matters. A drawn mask keeps its padding."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = ui.choice(_("Mask"), list(NAMES), "masking_kind", NAMES.__getitem__)
        pads, window = drawn(kind)[0] if kind == DRAWN else 0, 3
        if kind in ("padding", "both"):
            pads = ui.slider(_("Padding at the end"), 0, MOST_PADS, 2, "masking_pads", width=200)
        if kind == "window":
            window = ui.slider(_("Width of the window"), 1, 8, 3, "masking_window", width=200)
    return Setting(kind, pads, window)


def drawn(kind: str) -> tuple[int, str]:
    """The padding and the rows of the drawn mask, from the session or, at first, from the link: "0.1-3-7"."""
    if KEY not in st.session_state:
        raw = st.query_params.get(KEY, "")
        st.session_state[KEY] = raw if valid(raw) else ""
        if raw != st.session_state[KEY]:
            state.note_bad_link(KEY, raw)
    text = st.session_state[KEY]
    state.keep(KEY, text if kind == DRAWN else "")
    pads, _dot, rows = text.partition(".")
    return int(pads or 0), rows


def valid(raw: str) -> bool:
    from pages.masking.model.drawn import read

    pads, _dot, rows = raw.partition(".")
    try:
        read(rows, 1)
    except ValueError:
        return not raw
    return pads in map(str, range(MOST_PADS + 1))


def mask(chosen: Setting, t: int) -> "Tensor":
    """The mask (t, t), padding included; nothing drawn yet is causal."""
    from core import masks
    from pages.masking.model.drawn import read

    rows = drawn(chosen.kind)[1]
    if chosen.kind == DRAWN:
        return read(rows, t) if rows else masks.causal(t)
    return masks.of_kind(chosen.kind, t, t - chosen.pads, chosen.window)


def editor(slug: str, chosen: Setting, now: "Tensor") -> Callable[[Edit], None]:
    """What is flipped in the mask makes a drawn one of it; other numbers are kept as everywhere."""
    keep = hand.editor(slug)

    def take(edit: Edit) -> None:
        if edit.panel == "mask":
            draw(edit, chosen, now.clone())
        else:
            keep(edit)

    return take


def draw(edit: Edit, chosen: Setting, now: "Tensor") -> None:
    from pages.masking.model.drawn import write

    for change in edit.changes:
        now[change.row, change.col] = bool(change.value)
    st.session_state[KEY] = f"{chosen.pads}.{write(now)}"
    st.session_state.masking_kind = DRAWN


@turn.fragment
def stepped(steps: Sequence[tuple[str, str]]) -> None:
    """One row, step by step: a name and a sentence for each."""
    ui.say(steps[stepper.show([name for name, _text in steps], "masking_step")][1])


class Start(NamedTuple):
    """What the mask is applied to: by hand or a head of a model, padding included."""

    slug: str  # of the edits
    example: "Hand | Example"
    labels: list[str]
    scores: "Tensor"  # (t, t)
    v: "Tensor"  # (t, d_v)


def by_hand(pads: int) -> Start:
    from pages.masking.model import example as masking
    from pages.masking.model import view

    example = hand.example_box("masking", {"Hi, How are you ?": masking.GREETING})
    return Start("masking", example, view.labelled(example.labels, pads), *masking.by_hand(example, pads))


def one_head(lesson: Lesson, pads: int) -> Start:
    """The chosen head of the model, at the first tokens of the sentence."""
    from core.tokenizer import PAD
    from pages.masking.model import view
    from pages.shared.model import panels, window

    example = ui.example_box()
    layer, head = state.layer_and_head()
    room = window.SHOWN - pads
    trace = models.trace(st.session_state.model, (*example.ids[:room], *[PAD] * pads))
    heads = panels.one_head(trace.blocks[layer].attention.heads, head)
    ui.say(lesson["Small"], layer=layer + 1, head=head + 1)
    if len(example.ids) > room:
        ui.say(lesson["First"], shown=room)
    labels = view.labelled(example.labels[:room], pads)
    return Start("masking_small", example, labels, heads.scores.double(), heads.v.double())


def edited(start: Start, now: "Tensor") -> tuple["Look", "Look | None"]:
    """The attention with what was changed by hand, and without it if anything was."""
    import torch

    from pages.masking.model import example as masking
    from pages.shared.model import edits

    shapes = {"scores": tuple(start.scores.shape), "v": tuple(start.v.shape)}
    base, kept = masking.look(start.scores, start.v, now), hand.edits(start.slug, shapes)
    if not kept:
        return base, None
    changed = (torch.tensor(edits.apply(name, getattr(start, name).numpy(), kept)) for name in shapes)
    return masking.look(*changed, now), base
