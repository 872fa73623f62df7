"""The house keeps its order: who may import whom, what every lesson has, and what has no place here."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from pages.shared import menu

ROOT = Path(__file__).parents[1]
CORE = sorted((ROOT / "core").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
MODEL = [path for path in PAGES if "model" in path.relative_to(ROOT).parts]
OURS = [*CORE, *PAGES, *ROOT.glob("*.py")]
LESSONS = sorted(path.name for path in (ROOT / "pages").iterdir() if path.is_dir() and path.name[0].isalpha())
LESSONS.remove("shared")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


BY_NAME = {name_of(path): path for path in OURS}


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


def needed(path: Path) -> set[Path]:
    """Our files that a file names in its imports."""
    return {BY_NAME[name] for name in imports(path) if name in BY_NAME} - {path}


@cache
def reached(path: Path) -> frozenset[str]:
    """What a file imports, and what those of our files import that it imports."""
    found, seen, waiting = set(), {path}, [path]
    while waiting:
        now = waiting.pop()
        found |= imports(now)
        waiting += needed(now) - seen
        seen |= needed(now)
    return frozenset(found)


def within(modules, *roots: str) -> set[str]:
    return {m for m in modules if any(m == root or m.startswith(f"{root}.") for root in roots)}


def each(paths):
    return pytest.mark.parametrize("path", [pytest.param(p, id=name_of(p)) for p in paths])


# Who may import whom


@each(CORE)
def test_core_knows_neither_pages_nor_streamlit_nor_charts(path):
    assert not within(reached(path), "pages", "app", "tests", "streamlit", "altair", "vl_convert", "matplotlib")


@each(MODEL)
def test_a_model_folder_does_without_streamlit(path):
    assert not within(reached(path), "streamlit")


@each(p for p in MODEL if "charts" in name_of(p))
def test_charts_compute_nothing(path):
    assert not within(imports(path), "torch")


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_imports_itself_and_what_is_shared(lesson):
    for path in (ROOT / "pages" / lesson).rglob("*.py"):
        ours = within(imports(path), "pages", "core", "app", "tests") - {"pages"}
        assert ours == within(ours, f"pages.{lesson}", "pages.shared", "core"), name_of(path)


@each((ROOT / "pages" / "shared").rglob("*.py"))
def test_what_is_shared_knows_no_lesson(path):
    ours = within(imports(path), "pages", "app", "tests") - {"pages"}
    assert ours == within(ours, "pages.shared")


def test_no_import_runs_in_a_circle():
    """Nor would one that only shows once a function runs."""
    assert circle(OURS) == []


def circle(paths) -> list[str]:
    """The first circle of imports that is met on the way from these files, by its names; empty if there is none."""
    done: set[Path] = set()

    def visit(path: Path, way: list[Path]) -> list[str]:
        if path in way:
            return [name_of(p) for p in (*way[way.index(path) :], path)]
        if path in done:
            return []
        found = next(filter(None, (visit(other, [*way, path]) for other in sorted(needed(path)))), [])
        done.add(path)
        return found

    return next(filter(None, (visit(path, []) for path in paths)), [])


def test_a_circle_is_found(monkeypatch):
    one, two = BY_NAME["core.masks"], BY_NAME["core.attention"]
    monkeypatch.setitem(globals(), "needed", {one: {two}, two: {one}}.__getitem__)
    assert circle([one]) == ["core.masks", "core.attention", "core.masks"]


# What core is


def test_core_can_be_read_in_an_evening():
    lines = [path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "core").glob("*.py")]
    assert sum(lines) <= 2350


@each(CORE)
def test_core_names_no_lesson_and_no_label(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(lesson|page|widget|screen)s?\b", text, re.IGNORECASE)
    assert not re.search(r"(?<![\w.])_\(", text), "words of a label: they belong to the lesson that shows them"


# What a lesson has


def test_every_folder_is_in_the_menu_and_has_its_words():
    """A new lesson is one folder, one line in the menu, one file of words."""
    assert sorted(entry.slug for entry in menu.entries()) == LESSONS
    assert sorted(path.stem for path in (ROOT / "assets" / "lessons" / "en").glob("*.md")) == LESSONS
    assert all((ROOT / "pages" / lesson / "page.py").is_file() for lesson in LESSONS)


def test_no_page_lies_directly_in_pages():
    """Streamlit would run it without app.py, and so without the frame."""
    assert list((ROOT / "pages").glob("*.py")) == []


@each(OURS)
def test_a_file_can_be_read_at_one_sitting(path):
    limit = 120 if path.name == "page.py" else 300
    assert path.read_text(encoding="utf-8").count("\n") <= limit


@each(OURS)
def test_every_file_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{name_of(path)} has no docstring."


# What has no place here


@each(OURS)
def test_no_html_comes_from_python(path):
    text = path.read_text(encoding="utf-8")
    assert "unsafe_allow_html" not in text
    assert not any(mark in text for mark in ("<div", "<span", "<script", "<style", "innerHTML"))


def test_streamlit_is_set_up_as_measured():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["runner"]["postScriptGC"] is False  # a collection after every run costs more than most runs
    assert settings["browser"]["gatherUsageStats"] is False  # nothing leaves the machine


def test_the_tests_of_this_house_find_something_to_test():
    assert CORE and MODEL and LESSONS
    assert "torch" in imports(ROOT / "core" / "attention.py")
    assert "streamlit" in reached(ROOT / "pages" / "masking" / "page.py")


def test_the_oracle_is_independent():
    assert imports(ROOT / "tests" / "reference.py") == {"math", "numpy"}
