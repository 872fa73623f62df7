"""All heads of a model at a glance; choosing a picture chooses the layer and head."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pages.shared.components import component, said
from pages.shared.model import door
from pages.shared.model.pictures import head_pictures
from pages.shared.model.prose import _

WORDS = {
    "png": _("Save the figure as PNG"),
    "grid": _("Attention weights of all heads: rows are layers, columns are heads"),
    "layers": _("Layers"),
    "layer": _("Layer {layer}"),
    "head": _("Head {head}"),
    "label": _("layer {layer} head {head}: strongest look: {look}"),
    "told": _("Layer {layer}, head {head}. Strongest look: {look}"),
    "masked": _("masked"),
}


class Chosen(NamedTuple):
    layer: int  # from 0
    head: int


def show(
    weights: Any,
    labels: Sequence[str],
    key: str,
    chosen: tuple[int, int] = (0, 0),
    *,
    on_choose: Callable[[Chosen], None] | None = None,
    **more: Any,
) -> Chosen:
    """The grid of weights (n_layers, n_heads, t_q, t_k), and the head that is chosen in it.

    `chosen` is the page's own choice and holds until another is made here; a page that keeps it elsewhere (in the
    link, say) takes it over in `on_choose`, before the next run. `more` goes to `head_pictures`.
    """
    pictures = head_pictures(weights, labels, **more)

    def read() -> Chosen | None:
        at = door.place(said(key, "head"), pictures["layers"], pictures["heads"])
        return at and Chosen(*at)

    def changed() -> None:
        if (head := read()) and on_choose:
            on_choose(head)

    now = (None if on_choose else read()) or Chosen(*chosen)
    data = {**pictures, "chosen": now._asdict(), "words": WORDS}
    component("heads")(data=data, key=key, on_head_change=changed)
    return now
