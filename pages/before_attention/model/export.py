"""The last step of an RNN as NumPy code with its own numbers."""

from core.recurrent import Recurrent, RecurrentTrace
from pages.shared.model.snippets import literal

FEATURES = 3  # of the new state that are worked out
STEPS = """\
from_input = x @ w_x + b
from_state = h_before @ w_h
h = np.tanh(from_input + from_state)
print(from_input.round(2), from_state.round(2))
print(h.round(2))
"""


def snippet(model: Recurrent, trace: RecurrentTrace) -> str:
    """A script for the first numbers of the last state, from the question's vector and the state before it."""
    cell = model.cell
    arrays = (
        literal("x", trace.embedding.output[0, -1]),
        literal("h_before", trace.cell.hidden[0, -2]),
        literal("w_x", cell.w_x[:, :FEATURES].T) + ".T",
        literal("w_h", cell.w_h[:, :FEATURES].T) + ".T",
        literal("b", cell.b[:FEATURES]),
    )
    return "\n".join(["import numpy as np", "", *arrays, "", STEPS])
