"""Self-attention by hand to take along: a workbook that computes it, and the same as a few lines of NumPy."""

import numpy as np

from pages.self_attention.model.by_hand import Worked
from pages.shared.model.hand import Hand
from pages.shared.model.panels import features
from pages.shared.model.prose import _
from pages.shared.model.snippets import SCORES, UNIT, literal
from pages.shared.model.workbook import KINDS, Block, Book, Sheet, Softmax, length, similarity, softmax

NAME = _("Self-attention")  # of the sheet


def workbook(now: Worked) -> bytes:
    """All words at once, from the words' vectors to the context vectors: change an input, and the rest follows."""
    hand, trace = now.hand, now.trace
    n, widest = len(hand.words), max(*hand.x.shape, hand.w_k.shape[1], hand.w_v.shape[1])
    book = Book(NAME)
    about = _("{n} words, every step from their vectors to their context vectors: softmax(Q·Kᵀ/√d)·V.").format(n=n)
    sheet = book.sheet(NAME, _("Self-attention by hand"), about)
    sheet.hint(_("Change any number in a cell of this colour: the words, the weights, what is added to a score."))
    stride = widest + 3
    sheet.widths([i * stride for i in range(4)], 4 * stride)
    kind = sheet.setting(0, _("Similarity"), KINDS[now.kind], tuple(KINDS.values()))
    rows = range(Sheet.FIRST, 100, max(n, widest) + 4)
    q, k, v = projections(sheet, hand, trace, rows, stride)
    scores = score_row(sheet, now, rows[2], stride, kind, (q, k))
    steps = Softmax.of(trace.scores.numpy())
    weights = softmax(sheet, (rows[3], 0), stride, hand.labels, scores, steps)
    mix = lambda i, j: weights.product(i, v, j)  # noqa: E731
    title = _("Context vectors = Weights·V")
    sheet.matrix((rows[3], 2 * stride), title, hand.labels, features(v.cols), trace.output.numpy(), mix, "output")
    return book.save()


def projections(sheet: Sheet, hand: Hand, trace, rows: range, stride: int) -> tuple[Block, Block, Block]:
    """The inputs, and below them Q, K and V, each beside its vectors' lengths. -> q, k, v"""
    d, labels = features(hand.x.shape[1]), hand.labels
    x = sheet.matrix((rows[0], 0), _("X, the words"), labels, d, hand.x)
    made = []
    for i, (letter, w, found, role) in enumerate(
        (("q", hand.w_q, trace.q, "query"), ("k", hand.w_k, trace.k, "key"), ("v", hand.w_v, trace.v, "value"))
    ):
        wide, title = features(w.shape[1]), f"W_{letter}"
        inputs = sheet.matrix((rows[0], (i + 1) * stride), title, d, wide, w, None, role)
        term = lambda row, col, inputs=inputs: x.product(row, inputs, col)  # noqa: E731
        at, title = (rows[1], i * stride), f"{letter.upper()} = X·{title}"
        made.append(sheet.matrix(at, title, labels, wide, found.numpy(), term, role))
    for block, found, letter in zip(made[:2], (trace.q, trace.k), "qk", strict=True):
        far = lambda row, _col, block=block: length(block.row(row))  # noqa: E731
        at = rows[1], block.left + block.cols
        sheet.matrix(at, f"|{letter}|", None, [""], np.linalg.norm(found.numpy(), axis=1, keepdims=True), far)
    return tuple(made)


def score_row(sheet: Sheet, now: Worked, top: int, stride: int, kind: str, projected: tuple[Block, Block]) -> Block:
    """Dot products, what is added to them by hand, and scores. -> scores"""
    (q, k), labels, trace = projected, now.hand.labels, now.trace
    match = lambda i, j: f"SUMPRODUCT({q.row(i)},{k.row(j)})"  # noqa: E731
    products = (trace.q @ trace.k.mT).numpy()
    dots = sheet.matrix((top, 0), _("q·k"), labels, labels, products, match)
    added = sheet.matrix((top, stride), _("Added by hand"), labels, labels, now.added)

    def score(i: int, j: int) -> str:
        lengths = q.cell(i, q.cols), k.cell(j, k.cols)  # they stand beside Q and K
        return f"{similarity(dots.cell(i, j), kind, q.cols, lengths)}+{added.cell(i, j)}"

    return sheet.matrix((top, 2 * stride), _("Scores"), labels, labels, trace.scores.numpy(), score)


STEPS = """\
Q, K, V = X @ W_q, X @ W_k, X @ W_v
scores = {scores}
powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
weights = powers / powers.sum(axis=-1, keepdims=True)  # each row sums to 1
output = weights @ V

print(weights.round(4))
print(output.round(4))  # one context vector a row
"""


def snippet(now: Worked) -> str:
    """A script that starts from the same words and weights, and prints the page's weights and context vectors."""
    hand = now.hand
    arrays = [exact("X", hand.x), exact("W_q", hand.w_q), exact("W_k", hand.w_k), exact("W_v", hand.w_v)]
    scores = SCORES[now.kind]
    if now.changed:
        arrays.append(exact("added", now.added))
        scores += " + added  # scores that were set by hand"
    about = "# " + ", ".join(hand.labels)
    start = ["import numpy as np", "", *([UNIT] if now.kind == "cosine" else []), about, *arrays, ""]
    return "\n".join([*start, STEPS.format(scores=scores)])


def exact(name: str, values: np.ndarray) -> str:
    """As literal, with all the decimals that were typed."""
    return literal(name, values, 12)
