"""Spreadsheets (.xlsx) that compute: inputs are cells to change, and every step after them is a formula.

Each formula is written with its value too, so that a preview which computes nothing shows the same numbers.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

import numpy as np
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pages.shared.model.prose import _

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = {  # role: fill and ink of a matrix's title
    "query": ("#0072B2", "#FFFFFF"),
    "key": ("#E69F00", "#000000"),
    "value": ("#009E73", "#000000"),
    "output": ("#CC79A7", "#000000"),
    "weights": ("#4F2A86", "#FFFFFF"),
    "plain": ("#5B6472", "#FFFFFF"),
}
INPUT, SHARE = "#FFF3C4", "#B0A8D6"  # fill of cells to change; of a weight of 1
KINDS = {"scaled_dot": _("scaled dot"), "dot": _("dot"), "cosine": _("cosine")}
NUMBER = "0.000"
EPOCH = datetime(2000, 1, 1)  # the same numbers give the same file


class Block(NamedTuple):
    """Where a matrix stands on its sheet; rows and columns are counted from 0."""

    sheet: str
    top: int
    left: int
    rows: int
    cols: int

    def cell(self, row: int, col: int) -> str:
        return xl_rowcol_to_cell(self.top + row, self.left + col)

    def row(self, row: int) -> str:
        return f"{self.cell(row, 0)}:{self.cell(row, self.cols - 1)}"

    def col(self, col: int) -> str:
        return f"{self.cell(0, col)}:{self.cell(self.rows - 1, col)}"

    def product(self, row: int, other: "Block", col: int) -> str:
        """This matrix's row times the other's column, term by term."""
        return "+".join(f"{self.cell(row, i)}*{other.cell(i, col)}" for i in range(self.cols))


class Softmax(NamedTuple):
    """The steps from scores to weights."""

    powers: np.ndarray  # (n, n)
    sums: np.ndarray  # (n, 1)
    weights: np.ndarray  # (n, n)

    @classmethod
    def of(cls, scores: np.ndarray, temperature: float = 1.0) -> "Softmax":
        powers = np.exp((scores - scores.max(-1, keepdims=True)) / temperature)
        sums = powers.sum(-1, keepdims=True)
        return cls(powers, sums, powers / sums)


class Book:
    """A workbook in memory; `save` gives its bytes."""

    def __init__(self, title: str):
        self.file = BytesIO()
        self.book = xlsxwriter.Workbook(self.file, {"in_memory": True})
        self.book.set_properties({"title": title, "author": "Attention Lab", "created": EPOCH})
        self.styles = {}

    def style(self, **how):
        key = tuple(sorted(how.items()))
        if key not in self.styles:
            self.styles[key] = self.book.add_format(how)
        return self.styles[key]

    def sheet(self, name: str, title: str, about: str) -> "Sheet":
        return Sheet(self, name, title, about)

    def save(self) -> bytes:
        self.book.close()
        return self.file.getvalue()


class Sheet:
    """A sheet with a title, a line on what it is, and one on what to change; these stay in sight."""

    FIRST = 5  # the row where the matrices begin

    def __init__(self, book: Book, name: str, title: str, about: str):
        self.book, self.name = book, name
        self.sheet = book.book.add_worksheet(name)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)  # a page wide when it is printed
        self.sheet.write_string(0, 0, title, book.style(bold=True, font_size=16))
        self.sheet.write_string(1, 0, about, book.style(font_color="#5B6472"))
        self.sheet.freeze_panes(self.FIRST - 1, 1)

    def hint(self, text: str) -> None:
        """What to change, beside a cell in the colour of the cells to change."""
        self.sheet.write_blank(2, 0, None, self.book.style(bg_color=INPUT, border=1, border_color="#C9B458"))
        self.sheet.write_string(2, 1, text, self.book.style(bold=True))

    def widths(self, names: Sequence[int], last: int) -> None:
        """Columns of names are wide, the others up to `last` just fit a number."""
        self.sheet.set_column(0, last, 8.5)
        for column in names:
            self.sheet.set_column(column, column, 16)

    def setting(self, col: int, label: str, value: str | float, options: Sequence[str] = ()) -> str:
        """A single input in the row above the matrices; its absolute address."""
        row = self.FIRST - 2
        self.sheet.write_string(row, col, label, self.book.style(bold=True))
        look = self.book.style(bg_color=INPUT, border=1, border_color="#C9B458", bold=True)
        self.sheet.write(row, col + 1, value, look)
        rule = {"validate": "list", "source": list(options)} if options else AT_LEAST
        self.sheet.data_validation(row, col + 1, row, col + 1, rule)
        return xl_rowcol_to_cell(row, col + 1, row_abs=True, col_abs=True)

    def matrix(
        self,
        place: tuple[int, int],
        title: str,
        rows: Sequence[str] | None,
        cols: Sequence[str],
        values: np.ndarray,
        formula: Callable[[int, int], str] | None = None,
        role: str = "plain",
    ) -> Block:
        """A titled matrix with its top left corner at `place`. Without a formula its numbers are there to be changed.

        `values` (rows, cols) are what the formulas come to. Labels are always text, whatever they begin with; with
        `rows=None` there is no column of names.
        """
        top, left = place
        values = np.asarray(values, dtype=np.float64)
        block = Block(self.name, top + 2, left if rows is None else left + 1, *values.shape)
        self.names(block, left, title, rows or (), cols, role)
        self.fill(block, values, formula)
        if role == "weights":
            last = block.top + block.rows - 1, block.left + block.cols - 1
            self.sheet.conditional_format(block.top, block.left, *last, SCALE)
        return block

    def names(self, block: Block, left: int, title: str, rows: Sequence[str], cols: Sequence[str], role: str) -> None:
        fill, ink = HEADS[role]
        head, name = self.book.style(bold=True, bg_color=fill, font_color=ink), self.book.style(italic=True)
        above = self.book.style(italic=True, align="right")
        for col in range(left, block.left + block.cols):
            self.sheet.write_string(block.top - 2, col, title if col == left else "", head)
        for i, label in enumerate(cols):
            self.sheet.write_string(block.top - 1, block.left + i, str(label), above)
        for i, label in enumerate(rows):
            self.sheet.write_string(block.top + i, left, str(label), name)

    def line(self, place: tuple[int, int], block: Block, title: str, below: str) -> None:
        """A line through the block's one column, over the names beside it."""
        chart = self.book.book.add_chart({"type": "line"})
        last = block.top + block.rows - 1
        names, numbers = ([self.name, block.top, col, last, col] for col in (block.left - 1, block.left))
        look = {"line": {"color": HEADS["query"][0]}, "marker": {"type": "circle", "size": 6}}
        chart.add_series({"categories": names, "values": numbers, **look})
        chart.set_title({"name": title})
        chart.set_x_axis({"name": below})
        chart.set_legend({"none": True})
        self.sheet.insert_chart(*place, chart)

    def fill(self, block: Block, values: np.ndarray, formula: Callable[[int, int], str] | None) -> None:
        shown = {"num_format": NUMBER, "border": 1, "border_color": "#D5DAE1"}
        changed = {"num_format": "General", "bg_color": INPUT, "border": 1, "border_color": "#C9B458"}
        for (row, col), value in np.ndenumerate(values):
            at = block.top + row, block.left + col
            if formula is None:
                self.sheet.write_number(*at, float(value), self.book.style(**changed))
            else:
                self.sheet.write_formula(*at, f"={formula(row, col)}", self.book.style(**shown), float(value))


SCALE = {
    "type": "2_color_scale",
    "min_type": "num",
    "max_type": "num",
    "min_value": 0,
    "max_value": 1,
    "min_color": "#FFFFFF",
    "max_color": SHARE,
}
AT_LEAST = {
    "validate": "decimal",
    "criteria": ">=",
    "value": 0.01,
    "error_title": _("Temperature"),
    "error_message": _("The temperature is a number of at least 0.01."),
}


def similarity(dot: str, kind: str, width: int, lengths: tuple[str, str]) -> str:
    """The formula of one score: `dot` divided as the cell `kind` says; cosine with a vector of length 0 is 0."""
    both = "*".join(lengths)
    cosine = f"IF({both}=0,0,({dot})/({both}))"
    return f'IF({kind}="{KINDS["cosine"]}",{cosine},({dot})/IF({kind}="{KINDS["dot"]}",1,SQRT({width})))'


def length(row: str) -> str:
    return f"SQRT(SUMSQ({row}))"


def softmax(
    sheet: Sheet, place: tuple[int, int], stride: int, labels: Sequence[str], scores: Block, steps: Softmax, t: str = ""
) -> Block:
    """Powers, their sums and the weights, side by side from `place` on; `t` is the cell of the temperature. -> weights

    As on the page, the row's largest score is subtracted first: that changes no weight, and no power is too large.
    """
    (top, left), n = place, len(labels)
    over, name = (f"/{t}", _("e^((score − largest)/T)")) if t else ("", _("e^(score − largest)"))
    power = lambda i, j: f"EXP(({scores.cell(i, j)}-MAX({scores.row(i)})){over})"  # noqa: E731
    powers = sheet.matrix(place, name, labels, labels, steps.powers, power)
    total = lambda i, _j: f"SUM({powers.row(i)})"  # noqa: E731
    sums = sheet.matrix((top, left + n + 1), _("sum"), None, [""], steps.sums, total)
    share = lambda i, j: f"{powers.cell(i, j)}/{sums.cell(i, 0)}"  # noqa: E731
    return sheet.matrix((top, left + stride), _("Weights"), labels, labels, steps.weights, share, "weights")
