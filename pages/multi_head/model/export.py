"""Many heads as NumPy code with the numbers on screen."""

import numpy as np

from pages.multi_head.model.head_steps import State
from pages.shared.model.snippets import literal

HEADS = """\
def split(z, n):  # (words, n * d) -> (n, words, d)
    return z.reshape(len(z), n, -1).transpose(1, 0, 2)

q, k, v = split(x @ w_q, n_heads), split(x @ w_k, n_kv_heads), split(x @ w_v, n_kv_heads)
k, v = (np.repeat(z, n_heads // n_kv_heads, axis=0) for z in (k, v))  # shared by some heads
scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
weights = powers / powers.sum(axis=-1, keepdims=True)
concat = (weights @ v).transpose(1, 0, 2).reshape(len(x), -1)
output = concat @ w_o

print(weights.round(2))
print(concat.round(2))
print(output.round(2))
"""

JOINED = """\
output = concat @ w_o + rest

print(output.round(3))  # the first {n} columns of what {name} gets
"""


def by_hand(s: State) -> str:
    """All of it, from the words to the output."""
    kept = s.n_kv_heads * s.d_head
    given = s.given._replace(w_k=s.given.w_k[:, :kept], w_v=s.given.w_v[:, :kept])
    arrays = [literal(name, values, 12) for name, values in given._asdict().items()]
    sizes = f"n_heads, n_kv_heads = {s.n_heads}, {s.n_kv_heads}"
    return "\n".join(["import numpy as np", "", *arrays, sizes, "", HEADS])


def in_model(panels: dict, row: int, title: str) -> str:
    """One token's part of `head_window.panels`: the columns on screen and what all others add."""
    values = {panel["id"]: np.array(panel["values"]) for panel in panels["panels"]}
    name = panels["axes"]["query"]["labels"][row].replace("\n", " ")
    arrays = [
        literal(n, x)
        for n, x in (("concat", values["concat"][row]), ("w_o", values["W_o"]), ("rest", values["rest"][row]))
    ]
    end = JOINED.format(n=len(values["rest"][row]), name=" ".join(name.split()))
    return "\n".join(["import numpy as np", "", f"# {title}", *arrays, "", end])
