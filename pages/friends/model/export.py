"""The class of friends to take along: a workbook that plays the rounds, and one round as a few lines of NumPy."""

from collections.abc import Sequence

import numpy as np

from core.words import Pull
from pages.friends.model.friends import FRIENDS, TRAITS, spread
from pages.shared.model.prose import _
from pages.shared.model.snippets import SCORES, UNIT, literal
from pages.shared.model.workbook import KINDS, Block, Book, Sheet, Softmax, length, similarity, softmax

NAME, SPREAD = _("Rounds"), _("Spread")  # of the sheets
HEIGHT, STRIDE = len(FRIENDS) + 3, len(TRAITS) + 3


def workbook(rounds: Sequence[Pull], kind: str, temperature: float) -> bytes:
    """Every round from its traits to the revised ones, each a band of the sheet; and how the friends grow alike."""
    book = Book(_("A class of friends"))
    about = _("In each round all friends become the mean of all, weighted by how well their traits match.")
    sheet = book.sheet(NAME, _("A class of friends, round after round"), about)
    sheet.hint(_("Change any number in a cell of this colour: the first traits, or how they are compared."))
    sheet.widths([i * STRIDE for i in range(5)], 5 * STRIDE)
    settings = (
        sheet.setting(0, _("Similarity"), KINDS[kind], tuple(KINDS.values())),
        sheet.setting(3, _("Temperature"), temperature),
    )
    traits, bands = None, []
    for i, pull in enumerate(rounds):
        top = Sheet.FIRST + i * HEIGHT
        before, traits = band(sheet, top, i + 1, pull, temperature, settings, traits)
        bands.append(before)
    summary(book, [*bands, traits], [*(p.before for p in rounds), rounds[-1].after])
    return book.save()


def band(
    sheet: Sheet, top: int, number: int, pull: Pull, temperature: float, settings: tuple, given: Block | None
) -> tuple[Block, Block]:
    """One round: traits, scores, softmax, revised traits. -> the blocks of the traits before and after"""
    kind, t = settings
    same = (lambda i, j: given.cell(i, j)) if given else None
    title = _("Round {n}: traits").format(n=number)
    traits = sheet.matrix((top, 0), title, FRIENDS, TRAITS, pull.before, same)
    far = lambda i, _j: length(traits.row(i))  # noqa: E731
    lengths = np.linalg.norm(pull.before, axis=1, keepdims=True)
    size = sheet.matrix((top, traits.left + traits.cols), _("length"), None, [""], lengths, far)

    def score(i: int, j: int) -> str:
        dot = f"SUMPRODUCT({traits.row(i)},{traits.row(j)})"
        return similarity(dot, kind, traits.cols, (size.cell(i, 0), size.cell(j, 0)))

    scores = sheet.matrix((top, STRIDE), _("Scores"), FRIENDS, FRIENDS, pull.scores, score)
    steps = Softmax.of(pull.scores, temperature)
    weights = softmax(sheet, (top, 2 * STRIDE), STRIDE, FRIENDS, scores, steps, t)
    mix = lambda i, j: weights.product(i, traits, j)  # noqa: E731
    title = _("Revised traits = Weights·Traits")
    return traits, sheet.matrix((top, 4 * STRIDE), title, FRIENDS, TRAITS, pull.after, mix, "output")


def summary(book: Book, bands: Sequence[Block], traits: Sequence[np.ndarray]) -> None:
    """The spread before the first round and after each, as a table and a line."""
    about = _("The root of the mean square distance of the friends from their mean.")
    sheet = book.sheet(SPREAD, _("How far the friends are apart"), about)
    sheet.widths([0], 1)
    rounds = [str(i) for i in range(len(bands))]

    def far(i: int, _j: int) -> str:
        columns = (f"DEVSQ('{NAME}'!{bands[i].col(c)})" for c in range(len(TRAITS)))
        return f"SQRT(({'+'.join(columns)})/{len(FRIENDS)})"

    values = np.array([[spread(x)] for x in traits])
    block = sheet.matrix((Sheet.FIRST, 0), _("After round"), rounds, [SPREAD], values, far, "output")
    sheet.line((Sheet.FIRST, 3), block, _("Spread after each round"), _("round"))


STEPS = """\
scores = {scores}
powers = np.exp((scores - scores.max(axis=-1, keepdims=True)) / {temperature})
weights = powers / powers.sum(axis=-1, keepdims=True)  # each row sums to 1
revised = weights @ traits

print(weights.round(4))
print(revised.round(4))  # again from the top with `traits = revised` is the next round
"""


def snippet(pull: Pull, kind: str, temperature: float) -> str:
    """One round as a script that prints the page's weights and revised traits."""
    unit = [UNIT] if kind == "cosine" else []
    about = [f"# rows: {', '.join(FRIENDS)}", f"# columns: {', '.join(TRAITS)}"]
    scores = SCORES[kind].replace("Q", "traits").replace("K", "traits")
    lines = ["import numpy as np", "", *unit, *about, literal("traits", pull.before, 12), ""]
    return "\n".join([*lines, STEPS.format(scores=scores, temperature=temperature)])
