"""A workbook as a spreadsheet program sees it: LibreOffice opens it, computes every formula again, and saves it."""

import shutil
import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

ALWAYS = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""  # 0: compute all formulas when a file is opened, whatever values it holds


def computed(book: bytes, folder: Path, changes: Mapping[str, Mapping[str, float | str]] | None = None):
    """The workbook with some inputs changed, {sheet: {cell: value}}, and computed. Skips where there is no LibreOffice.

    The values that our own file holds are lost on the way: openpyxl writes formulas alone.
    """
    office = shutil.which("soffice")
    if not office:
        pytest.skip("this test needs LibreOffice: apt-get install libreoffice-calc-nogui")
    opened = openpyxl.load_workbook(BytesIO(book))
    for sheet, cells in (changes or {}).items():
        for at, value in cells.items():
            opened[sheet][at] = value
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(ALWAYS, encoding="utf-8")
    opened.save(folder / "asked.xlsx")
    command = [
        office,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    command += ["--outdir", str(folder / "done"), str(folder / "asked.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return openpyxl.load_workbook(folder / "done" / "asked.xlsx", data_only=True)


def stored(book: bytes):
    """The workbook with the values that the file itself holds."""
    return openpyxl.load_workbook(BytesIO(book), data_only=True)


def titled(sheet, title: str, rows: int, cols: int) -> list[list]:
    """The numbers of the matrix under this title."""
    found = [cell for line in sheet.iter_rows() for cell in line if cell.value == title]
    assert len(found) == 1, f"{title}: {len(found)} titles"
    top, left = found[0].row + 2, found[0].column + 1
    return [[sheet.cell(top + i, left + j).value for j in range(cols)] for i in range(rows)]


def place(sheet, title: str, row: int, col: int) -> str:
    """The address of a cell of the matrix under this title."""
    found = next(cell for line in sheet.iter_rows() for cell in line if cell.value == title)
    return sheet.cell(found.row + 2 + row, found.column + 1 + col).coordinate
