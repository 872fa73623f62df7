"""The browser's readers of numbers and of pasted blocks, held to the table that holds Python's reader."""

import json

import pytest

pytest.importorskip("playwright", reason="these tests need a browser: pip install -r tests/requirements.txt")

from pages.shared.components import FOLDER, script
from tests.server import ROOT

TABLE = json.loads((ROOT / "tests" / "numbers.json").read_text(encoding="utf-8"))
BLOCKS = {
    "1,2,3": [["1", "2", "3"]],
    "1, 2\n3, 4": [["1", "2"], ["3", "4"]],
    "0,5 0,7": [["0,5", "0,7"]],
    "0,5\n0,7": [["0,5"], ["0,7"]],
    "0.5,0.7": [["0.5", "0.7"]],
    "1;2,5\n;3": [["1", "2,5"], ["", "3"]],
    "\t1\t2": [["", "1", "2"]],
    "1\t\t2": [["1", "", "2"]],
    "1\u00a0234,5": [["1\u00a0234,5"]],
    "1 / 3": [["1 / 3"]],
    "1,234": [["1,234"]],
    "a,b": [["a,b"]],
    "x\ty\n1\t2": [["1", "2"]],
    'name,"a, b"\r\n"0 so, so",0.5\r\n1 x,-1\r\n': [["0.5"], ["-1"]],
    "\ufeff,c,d\n0 r,1,2": [["1", "2"]],
    "1\tsix": [["1", "six"]],
    "": [[""]],
}


@pytest.fixture(scope="module")
def run(browser):
    """Calls a function of the components' scripts."""
    page = browser.new_page()
    code = script(FOLDER / "matrices" / "pasted.js", set())
    yield lambda name, text: page.evaluate(f"text => {{ {code}; return {name}(text) }}", text)
    page.close()


@pytest.mark.parametrize(("text", "expected"), TABLE.items())
def test_the_table(run, text, expected):
    found = run("readNumber", text)
    assert found is None if expected is None else found == pytest.approx(expected, rel=1e-15, abs=0)


@pytest.mark.parametrize(("text", "expected"), BLOCKS.items())
def test_a_block_is_cut_by_one_mark(run, text, expected):
    assert run("pastedBlock", text) == expected
