"""Rounds of gravity on a plane: where each word was, where it goes, and the same word under other choices."""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from pages.shared.model.charts import plane
from pages.shared.model.prose import _

LOOKS = ("one", "two", "three")


def round_rows(
    words: Sequence[str], places: np.ndarray, at: int, chosen: str, names: Sequence[str], frame
) -> list[dict]:
    """places (1 + rounds, n, 2) of a sentence after round `at`; its moves of earlier rounds are dotted."""
    moves = [
        [plane.move_row(x, y, "chosen" if word == chosen else "moved", frame, step < at - 1)
         for word, x, y in zip(words, places[step], places[step + 1], strict=True)]
        for step in range(at)
    ]  # fmt: skip
    looks = ["chosen" if word == chosen else "moved" if at else "word" for word in words]
    now = plane.word_rows(words, places[at], looks, frame, past=plane.along(places[:at], places[1 : at + 1]))
    for word, move in zip(now, moves[-1] if moves else (), strict=False):
        word["bare"] = move["angle"] is not None  # the arrow's head marks the place
    starts = plane.word_rows([""] * len(words), places[0], ["word"] * len(words), frame) if at else []
    return [*plane.axis_rows(names), *chain(*moves), *starts, *now]


def round_alt(sentence: str, rows: Sequence[dict], at: int) -> str:
    said = (
        _("The words of “{sentence}” on the plane after round {at}: ")
        if at
        else _("The words of “{sentence}” at the start: ")
    )
    names = ", ".join(f"{r['name']} {r['where']}" for r in rows if r["mark"] == "word" and r["name"])
    return said.format(sentence=sentence, at=at) + names + "."


def path_rows(word: str, others: Mapping[str, np.ndarray], paths: Mapping[str, np.ndarray], names, frame) -> list[dict]:
    """One word's way (1 + rounds, 2) under each choice; `others` are the sentence's other words at the start, (2,)."""
    rows = plane.axis_rows(names)
    for look, path in zip(LOOKS, paths.values(), strict=False):
        last = len(path) - 2
        rows += [plane.move_row(path[i], path[i + 1], look, frame, i < last) for i in range(last + 1)]
    start = next(iter(paths.values()))[0]
    ends = np.stack([path[-1] for path in paths.values()])
    seen = [word, *others, *paths]
    points = np.concatenate([start[None], *(p[None] for p in others.values()), ends])
    looks = ["chosen", *["word"] * len(others), *LOOKS[: len(paths)]]
    ways = [plane.along(path[:-1], path[1:]) for path in paths.values()]
    return [*rows, *plane.word_rows(seen, points, looks, frame, past=np.concatenate(ways))]


def path_alt(word: str, rows: Sequence[dict]) -> str:
    said = _("The way of “{word}” under each similarity, with where it ends: ").format(word=word)
    return said + ", ".join(f"{r['name']} {r['where']}" for r in rows if r["mark"] == "word") + "."
