"""Who looks at whom, as lines between two columns of tokens: pointing at a token leaves only its lines."""

from collections.abc import Sequence
from typing import Any

from pages.shared.components import component
from pages.shared.model.pictures import attention_lines
from pages.shared.model.prose import _

WORDS = {
    "png": _("Save the figure as PNG"),
    "queries": _("queries look"),
    "keys": _("at keys"),
    "hint": _("Point at a token to see only its lines, with the numbers. Click it, or press Enter, to keep them."),
    "picture": _("{count} lines from queries to keys."),
    "strongest": _("The strongest: {query} looks at {key}, {weight}."),
    "looks": _("{token} looks at:"),
    "seen": _("{token} is looked at by:"),
    "others": _("{count} others {sum} together"),
    "nobody": _("nothing at {threshold} or more"),
    "text": _("The same in words"),
}


def show(weights: Any, rows: Sequence[str], cols: Sequence[str], key: str, threshold: float = 0.05) -> None:
    """Weights (t_q, t_k) as lines from the queries `rows` to the keys `cols`; those below `threshold` are not drawn."""
    component("lines")(data={**attention_lines(weights, rows, cols, threshold), "words": WORDS}, key=key)
