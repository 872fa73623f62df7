"""The house keeps its order: who may import whom, and what has no place here."""

import ast
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
OURS = [*CORE, *PAGES, *ROOT.glob("*.py")]
DRAWING = ()


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file names in an import, wherever in the file: "core.masks" for `from core import masks`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively; the house's imports are absolute."
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def reached(path: Path, seen: set[Path] | None = None) -> set[str]:
    """What a file imports, and what those of our files import that it imports."""
    seen = {path} if seen is None else seen
    found = set(imports(path))
    for other in [*CORE, *PAGES]:
        if name_of(other) in imports(path) and other not in seen:
            seen.add(other)
            found |= reached(other, seen)
    return found


def within(modules, *roots: str) -> set[str]:
    return {m for m in modules if any(m == root or m.startswith(f"{root}.") for root in roots)}


def each(paths):
    return pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in paths])


@each(CORE)
def test_core_knows_neither_streamlit_nor_pages(path):
    assert not within(reached(path), "streamlit", "pages", "app", "tests")


@each(p for p in CORE if not within([name_of(p)], *DRAWING))
def test_maths_draws_nothing(path):
    assert not within(imports(path), "altair", "vl_convert", "matplotlib")
    if not within(imports(path), *DRAWING):
        assert not within(reached(path), "altair")


@each(p for p in CORE if within([name_of(p)], "core.charts"))
def test_charts_compute_nothing(path):
    assert not within(imports(path), "torch")


MATHS = ("attention", "masks", "positions", "traces", "transformer", "tokenizer", "decoding", "training", "checkpoints")


@pytest.mark.parametrize("name", MATHS)
def test_the_models_own_modules_import_no_drawing_at_all(name):
    assert not within(reached(ROOT / "core" / f"{name}.py"), "altair", *DRAWING)


@each(PAGES)
def test_pages_import_only_what_pages_share(path):
    assert all(m == "pages" or m.startswith("pages.shared") for m in within(imports(path), "pages"))
    assert not within(imports(path), "app", "tests")


def test_no_page_lies_directly_in_pages():
    """Streamlit would run it without app.py, and so without the frame."""
    assert list((ROOT / "pages").glob("*.py")) == []


@each(OURS)
def test_no_html_comes_from_python(path):
    text = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert not any(mark in text for mark in ("<div", "<span", "<script", "<style", "innerHTML"))


@each(CORE)
def test_core_files_can_be_read_at_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@each(PAGES)
def test_pages_are_short(path):
    limit = 300 if within([name_of(path)], "pages.shared") else 120
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def test_streamlit_is_set_up_as_measured():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False  # a collection after every run costs more than most runs
    assert settings["browser"]["gatherUsageStats"] is False  # nothing leaves the machine


def test_the_tests_of_this_house_find_something_to_test():
    assert {p.stem for p in CORE} >= set(MATHS)
    assert PAGES and "torch" in imports(ROOT / "core" / "attention.py")


def test_the_oracle_is_independent():
    assert imports(ROOT / "tests" / "reference.py") == {"math", "numpy"}
