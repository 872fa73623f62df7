"""The words of a lesson, read from assets/lessons/<language>/<slug>.md: a teacher edits them without Python.

A file has a title (`# ...`), and under fixed headings (`## Question`, `## Idea`, ...) the parts of the page. Headings
that the page shows are written `### ...`; there they stand right below the title. Values that the page computes stand
in braces, with a format if need be: `{largest:.2f}`.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[3] / "assets" / "lessons"
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(:[^{}$]*)?\}")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+.!|~$:&-])")
# What Streamlit makes of plain text, backslashes or not: icons, links, addresses, arrows and dashes.
TURNED = re.compile(
    r"(?<=:)(?=material/|streamlit:)|(?<=http)(?=s?://)|(?<=www)(?=\.)|(?=@)|(?<=[<>~-])(?=[-=>])", re.I
)
JOINER = "\u2060"  # unseen, and breaks no line: it keeps apart what would be read as one


class Lesson(NamedTuple):
    title: str
    question: str  # what the page answers
    idea: str  # the answer in short, with its formula
    notice: str  # what to look for in the numbers on screen
    code: str  # what stands above the code
    mistakes: str  # what people get wrong
    more: dict[str, str]  # any further heading of the page, by its name

    def __getitem__(self, heading: str) -> str:
        """The part under a heading of this page's own. Raises KeyError naming the lesson if it is not there."""
        if heading not in self.more:
            raise KeyError(f"The lesson '{self.title}' has no part '## {heading}'.")
        return self.more[heading]


FIXED = {
    "Question": "question",
    "Idea": "idea",
    "Notice": "notice",
    "In code": "code",
    "What people get wrong": "mistakes",
}


@cache
def words(slug: str, language: str = "en") -> dict[str, str]:
    """The parts of a page's file by their headings; the title stands under ""."""
    text = (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")
    title, *parts = re.split(r"^## +", text, flags=re.MULTILINE)
    raised = (re.sub("^###", "##", part, flags=re.MULTILINE) for part in parts)  # a reader expects no level left out
    sections = {head.strip(): body.strip() for head, _, body in (part.partition("\n") for part in raised)}
    return {"": title.strip().removeprefix("# "), **sections}


@cache
def load(slug: str, language: str = "en") -> Lesson:
    """The lesson's words. Raises ValueError if a fixed heading is missing."""
    sections = dict(words(slug, language))
    if missing := FIXED.keys() - sections.keys():
        raise ValueError(f"{slug}.md lacks the heading '## {min(missing)}'.")
    fixed = {name: sections.pop(heading) for heading, name in FIXED.items()}
    return Lesson(sections.pop(""), **fixed, more=sections)


def fill(text: str, **values) -> str:
    """Put computed values in the braces. What the learner typed is shown as typed, never read as Markdown.

    Inside formulas ($...$) braces are left as they are if they name no value, or are what a command is given:
    `\\text{weight}`. Elsewhere a name without a value raises KeyError.
    """

    def put(match: re.Match, in_formula: bool) -> str:
        name, form = match[1], (match[2] or ":")[1:]
        if in_formula and (name not in values or re.search(r"\\[a-zA-Z]+$", match.string[: match.start()])):
            return match[0]
        if name not in values:
            raise KeyError(f"No value was given for {{{name}}}.")
        value = values[name]
        return MARKDOWN.sub(r"\\\1", TURNED.sub(JOINER, value)) if isinstance(value, str) else format(value, form)

    pieces = re.split(r"(\$[^$]+\$)", text)
    filled = (PLACEHOLDER.sub(lambda m, odd=i % 2: put(m, bool(odd)), p) for i, p in enumerate(pieces))
    return "".join(filled)


def _(label: str) -> str:
    """A short label that stands in code. All of them pass through here, so that a translation can replace them."""
    return label
