"""Byte pair encoding in plain Python, learnt from the text of the page."""

from collections.abc import Sequence

from core.tokenizer import SPACE
from pages.tokens.model.bpe import PATTERN, Merge

MOST, WIDTH = 10, 100  # merges; characters in a line of the text

STEPS = """\
words = Counter(" ".join(word) for word in re.findall(r"{pattern}", "{space}" + "{space}".join(text.split())))
for step in range({merges}):
    pairs = Counter()
    for word, count in words.items():
        for pair in pairwise(word.split()):
            pairs[pair] += count
    a, b = min(pairs, key=lambda p: (-pairs[p], len(p[0] + p[1]), p[0] + p[1], p))
    print(f"{{a}} + {{b}}: {{pairs[a, b]}} times")
    side_by_side = re.compile(rf"(?<!\\S){{re.escape(a)}} {{re.escape(b)}}(?!\\S)")
    words = {{side_by_side.sub(lambda _: a + b, word): count for word, count in words.items()}}
print(*words, sep="\\n")
"""


def snippet(text: str, learnt: Sequence[Merge]) -> str:
    """A script that learns the first of these merges from the text, prints each, and then the words in pieces."""
    steps = STEPS.format(pattern=PATTERN, space=SPACE, merges=min(len(learnt), MOST))
    imports = "import re\nfrom collections import Counter\nfrom itertools import pairwise\n"
    return f"{imports}\ntext = {literal(text)}\n{steps}"


def literal(text: str) -> str:
    """A text as Python writes it, a long one on several lines."""
    parts = [repr(text[i : i + WIDTH]) for i in range(0, len(text), WIDTH)]
    return repr(text) if len(parts) < 2 else "(\n" + "".join(f"    {part}\n" for part in parts) + ")"
