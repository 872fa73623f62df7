"""A beam search as plain data for the component `beam`: a column of nodes for each step, the best score first."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pages.decoding.model import beams
from pages.shared.model.prose import _
from pages.shared.model.written import number

if TYPE_CHECKING:
    from core.decoding import BeamTree

STATES = {"open": _("kept"), "ended": _("kept, ended"), "dropped": _("dropped")}
WORDS = {
    "tree": _("The tree of hypotheses: a column for each step, the best first."),
    "how": _("Arrow keys go through the tree: left to the parent, right to what follows, up and down by score."),
    "from": _("the text so far"),
    "cut": _("✕ below: dropped"),
    "greedy": "G",
    "score": _("score"),
    "press": _("Press to go on from here."),
    "table": _("The tree as a table ({n} hypotheses)"),
    "heads": [_("T"), _("tokens"), _("log p of the last"), _("sum"), _("score"), _("what became of it")],
    "legend": _("★ the winner, its path thick. G: greedy's path. Double frame: ended. Dashed, struck out, ✕: dropped."),
}


def tree(found: "BeamTree", name: Callable[[int], str], root: str, first: int, width: int, penalised: bool) -> dict:
    """`first` is the step of the first column; scores stand there only where they differ from the sums."""
    winner = beams.winner(found)
    best, greedy = set(beams.line(found, winner)), set(beams.greedy_line(found))

    def node(i: int, n: int) -> dict:
        _parent, token, log_prob, total, score, _depth, state = made = found.nodes[i]
        said = {"id": i, "parent": made.parent, "name": name(token), "log": number(log_prob), "sum": number(total)}
        said |= {"score": number(score, 3) if penalised else "", "state": state, "said": STATES[state]}
        said |= {"best": i in best, "greedy": i in greedy, "winner": i == winner, "first": n == 0 and i == 1}
        said["path"] = " ".join(name(found.nodes[k].token) for k in beams.line(found, i))
        return said | {"title": title(said)}

    columns = [[node(i, n) for i in ids] for n, ids in enumerate(beams.columns(found))]
    shape = {"width": width, "first": first, "scored": penalised}
    return {"root": root, "columns": columns, "words": WORDS, **shape}


def title(node: dict) -> str:
    """All of a node in words."""
    said = _("{path}: log p {log}, sum {sum}").format(**node)
    said += _(", score {score}").format(**node) if node["score"] else ""
    roles = [node["said"], _("the winner") if node["winner"] else _("on the winner's path") if node["best"] else ""]
    roles.append(_("on greedy's path") if node["greedy"] else "")
    return f"{said}; {', '.join(filter(None, roles))}."
