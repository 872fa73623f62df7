"""Many heads by hand as linked matrices, one operation at a time: project, split, attend, concatenate, project again.

Columns that belong to a head are named "1.2": head 1, column 2. Every panel holds what was there before an edit too.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from core.attention import MultiHeadTrace
from pages.multi_head.model.example import FEATURES, HEADS, PRESETS, WIDTH, Numbers, divisors, numbers, parameters, run
from pages.shared.model.edits import Edits
from pages.shared.model.hand import Hand
from pages.shared.model.panels import Axis, Cut, Dot, Join, Panel, Softmax, Sum, features, pipeline, span, versus
from pages.shared.model.prose import _
from pages.shared.model.window import earlier
from pages.shared.model.written import isolated

STEPS = (
    _("project to queries, keys, values"),
    _("split the columns into heads"),
    _("compare, each head by itself"),
    _("mix the values, each head by itself"),
    _("concatenate"),
    _("project once more"),
    _("the same again, head by head"),
)
PARTS = {"Q": (_("queries"), "query"), "K": (_("keys"), "key"), "V": (_("values"), "value")}


class State(NamedTuple):
    """The heads with the numbers on screen, and with those of the example, to mark what changed."""

    given: Numbers
    original: Numbers
    now: MultiHeadTrace
    before: MultiHeadTrace
    labels: Sequence[str]
    columns: Sequence[str]  # of X
    n_heads: int
    n_kv_heads: int

    @property
    def d_head(self) -> int:
        return WIDTH // self.n_heads

    @property
    def per_kv(self) -> int:
        """How many heads share one set of keys and values."""
        return self.n_heads // self.n_kv_heads

    def count(self, symbol: str) -> int:
        """Into how many parts Q, K or V is split."""
        return self.n_heads if symbol == "Q" else self.n_kv_heads


def state(example: Hand, edits: Edits, n_heads: int, n_kv_heads: int) -> State:
    given, original = numbers(example, edits), numbers(example)
    traces = (run(x, n_heads, n_kv_heads) for x in (given, original))
    named = FEATURES if any(example is preset for preset in PRESETS.values()) else features(WIDTH)
    return State(given, original, *traces, example.labels, named, n_heads, n_kv_heads)


def head_name(head: int) -> str:
    return _("head {n}").format(n=head + 1)


def shared_by(s: State, kv: int) -> str:
    """Whose keys and values these are."""
    if s.per_kv == 1:
        return head_name(kv)
    return _("heads {first}–{last}").format(first=kv * s.per_kv + 1, last=(kv + 1) * s.per_kv)


def columns(names: Sequence[str], shown: Sequence[int]) -> Axis:
    """An axis with the columns `shown` (counted from 0) of each head, or of each key-value head."""
    labels = [f"{head}.{i + 1}" for head in range(1, len(names) + 1) for i in shown]
    return Axis(_("column"), labels, [name for name in names for _i in shown])


def axes(s: State) -> dict[str, Axis]:
    return {
        "query": Axis(_("query"), s.labels),
        "key": Axis(_("key"), s.labels),
        "feature": Axis(_("feature"), s.columns),
        "Q": columns([head_name(i) for i in range(s.n_heads)], range(s.d_head)),
        "K": columns([shared_by(s, i) for i in range(s.n_kv_heads)], range(s.d_head)),
        "one": Axis(_("column"), features(s.d_head)),
        "out": Axis(_("column"), features(WIDTH)),
    }


def steps(s: State, step: int) -> dict:
    """The panels of one step, counted from 0."""
    made = (projections, splits, compares, mixes, concatenates, projects, adds)[step](s)
    used = {name for panel in made for name in (panel.rows, panel.cols)}
    named = axes(s)
    if step < 2:  # nobody asks yet: keys and values have the same rows
        named["query"] = Axis(_("word"), s.labels)
    return pipeline({name: axis for name, axis in named.items() if name in used}, made)


def joined(s: State, trace: MultiHeadTrace, symbol: str) -> Tensor:
    """Q, K or V of all heads side by side, shared ones once: (words, heads * d_head)"""
    heads = getattr(trace.heads, symbol.lower())
    return heads[:: s.n_heads // s.count(symbol)].transpose(0, 1).flatten(1)


def part(s: State, symbol: str, **more) -> Panel:
    """Q, K or V whole."""
    now, before = (joined(s, trace, symbol) for trace in (s.now, s.before))
    title, role = PARTS[symbol]
    return Panel(symbol, now, "query", "Q" if symbol == "Q" else "K", title=title, role=role, base=before, **more)


def projections(s: State) -> list[Panel]:
    made = [Panel("X", s.given.x, "query", "feature", title=_("the words"), editable=True, base=s.original.x)]
    for symbol in PARTS:
        name, width = f"W_{symbol.lower()}", s.count(symbol) * s.d_head
        w, base = (getattr(given, name.lower())[:, :width] for given in (s.given, s.original))
        panel = part(s, symbol, rule=Dot("X", name))
        weights = Panel(name, w, "feature", panel.cols, "", _("weights"), panel.role, editable=True, base=base)
        made += [weights._replace(starts=symbol != "Q"), panel]
    return made


def splits(s: State) -> list[Panel]:
    made = []
    for symbol in PARTS:
        panel = part(s, symbol, starts=symbol != "Q")
        made.append(panel)
        for i in range(s.count(symbol)):
            cut = slice(i * s.d_head, (i + 1) * s.d_head)
            title = head_name(i) if symbol == "Q" else shared_by(s, i)
            cells = {"values": panel.values[:, cut], "base": panel.base[:, cut], "rule": Cut(symbol, 0, cut.start)}
            made.append(panel._replace(id=f"{symbol}_{i + 1}", cols="one", title=title, starts=False, **cells))
    return made


def compares(s: State) -> list[Panel]:
    """A line for each head: Q, K, scores, weights."""
    made, top = [], span(s.now.heads.scores)
    for head in range(s.n_heads):
        q, k, scores, weights = (f"{name}_{head + 1}" for name in ("Q", "K@", "scores", "weights"))
        dot = Dot(q, k, True, math.sqrt(s.d_head))
        made += [
            of_head(s, head, "q", Panel(q, None, "query", "one", q, head_name(head), "query", starts=head > 0)),
            of_head(s, head, "k", Panel(k, None, "key", "one", kv_name("K", s, head), _("keys"), "key")),
            of_head(s, head, "scores", Panel(scores, None, "query", "key", rule=dot, largest=top)),
            of_head(s, head, "weights", Panel(weights, None, "query", "key", role="weights", rule=Softmax(scores))),
        ]
    return made


def mixes(s: State) -> list[Panel]:
    """A line for each head: weights, V, output."""
    made = []
    for head in range(s.n_heads):
        weights, v, output = (f"{name}_{head + 1}" for name in ("weights", "V@", "head"))
        first = Panel(weights, None, "query", "key", title=head_name(head), role="weights", starts=head > 0)
        made += [
            of_head(s, head, "weights", first),
            of_head(s, head, "v", Panel(v, None, "key", "one", kv_name("V", s, head), _("values"), "value")),
            of_head(s, head, "output", Panel(output, None, "query", "one", "", _("output"), "output", Dot(weights, v))),
        ]
    return made


def of_head(s: State, head: int, name: str, panel: Panel) -> Panel:
    """The panel with that part of the head's trace as its values."""
    now, before = (getattr(trace.heads, name)[head] for trace in (s.now, s.before))
    return panel._replace(values=now, base=before)


def kv_name(symbol: str, s: State, head: int) -> str:
    """K_1 for all heads that share the first keys."""
    return f"{symbol}_{head // s.per_kv + 1}"


def outputs(s: State) -> list[Panel]:
    """What each head brings, (words, d_head)."""
    pairs = zip(s.now.heads.output, s.before.heads.output, strict=True)
    title = _("output of head {n}")
    return [
        Panel(f"head_{n}", now, "query", "one", title=title.format(n=n), role="output", base=before)
        for n, (now, before) in enumerate(pairs, 1)
    ]


def concatenation(s: State, **more) -> Panel:
    title = _("all heads side by side")
    return Panel("concat", s.now.concat, "query", "Q", title=title, role="output", base=s.before.concat, **more)


def output(s: State, **more) -> Panel:
    return Panel("output", s.now.output, "query", "out", role="output", base=s.before.output, **more)


def concatenates(s: State) -> list[Panel]:
    made = outputs(s)
    return [*made, concatenation(s, rule=Join(tuple(panel.id for panel in made)))]


def projects(s: State) -> list[Panel]:
    w_o = Panel("W_o", s.given.w_o, "Q", "out", title=_("weights"), editable=True, base=s.original.w_o)
    return [concatenation(s), w_o, output(s, title=_("as wide as the words"), rule=Dot("concat", "W_o"))]


def adds(s: State) -> list[Panel]:
    """Each head with its own rows of W_o, and the sum: the same output."""
    made, added = [], []
    w_o, was = (torch.from_numpy(given.w_o) for given in (s.given, s.original))
    for i, head in enumerate(outputs(s)):
        n, rows = i + 1, slice(i * s.d_head, (i + 1) * s.d_head)
        added.append(f"added_{n}")
        own = Panel(f"rows_{n}", w_o[rows], "one", "out", "W_o", _("its rows for head {n}").format(n=n), base=was[rows])
        brings = Panel(added[-1], head.values @ w_o[rows], "query", "out", title=_("what head {n} adds").format(n=n))
        brings = brings._replace(role="output", rule=Dot(head.id, own.id), base=head.base @ was[rows])
        made += [head._replace(starts=i > 0), own, brings]
    return [*made, output(s, title=_("all of them added"), rule=Sum(tuple(added)), starts=True)]


Way = tuple[int, int]  # heads, key-value heads


def ways(s: State) -> list[Way]:
    """Other ways to use the same weights."""
    others = [(n, n) for n in HEADS if n != s.n_heads]
    return others + [(s.n_heads, kv) for kv in divisors(s.n_heads) if kv != s.n_kv_heads]


def way_name(way: Way) -> str:
    n_heads, n_kv_heads = way
    if n_kv_heads == n_heads:
        return counted(n_heads)
    return _("{heads} that share {n} of keys and values").format(heads=counted(n_heads), n=sets(n_kv_heads))


def counted(n: int) -> str:
    return _("{n} heads").format(n=n) if n > 1 else _("1 head")


def sets(n: int) -> str:
    return _("{n} sets").format(n=n) if n > 1 else _("1 set")


def what_if(s: State, other: MultiHeadTrace, way: Way) -> dict:
    """The output with the heads on screen and in another way, and the difference."""
    one = output(s, symbol="output", title=way_name((s.n_heads, s.n_kv_heads)))._replace(base=None)
    two = one._replace(id="other", values=other.output, symbol="other", title=way_name(way))
    return versus({name: axes(s)[name] for name in ("query", "out")}, one, two)


def mean_panels(weights: Tensor, head: int, labels: Sequence[str], shown: range | None = None) -> dict:
    """The mean of all heads' weights (n_heads, t, t), one head's, and the difference, for the tokens `shown`."""
    shown = range(len(labels)) if shown is None else shown
    names = [labels[i] for i in shown]
    rows = weights[:, shown.start : shown.stop]
    cells, keys = rows[..., shown.start : shown.stop], names
    if shown.start:
        cells = torch.cat([rows[..., : shown.start].sum(-1, keepdim=True), cells], -1)
        keys = [earlier(shown), *names]
    axes = {"query": Axis(_("query"), names), "key": Axis(_("key"), keys)}
    mean = Panel("mean", cells.mean(0), "query", "key", _("mean"), _("of all heads"), "weights")
    one = Panel("one", cells[head], "query", "key", f"weights_{head + 1}", head_name(head), "weights")
    return versus(axes, mean, one)


def look(weights: Tensor, labels: Sequence[str], query: int, head: int) -> dict:
    """What the mean hides of a query's row: weights (n_heads, t, t) -> facts for the lesson's words."""
    rows = weights[:, query]
    mean, key = rows.mean(0), int(rows[head].argmax())
    apart = int((rows.argmax(-1) != mean.argmax()).sum())
    found = {"head": head + 1, "heads": len(rows), "query": isolated(labels[query]), "key": isolated(labels[key])}
    return found | {"weight": rows[head, key].item(), "mean": mean[key].item(), "apart": apart}


def facts(s: State) -> dict:
    """What the lesson says about the heads on screen."""
    weights = s.now.heads.weights
    query = int(weights[0].amax(-1).argmax())
    last = int(weights[-1, query].argmax())
    found = look(weights, s.labels, query, 0) | {"key_last": isolated(s.labels[last])}
    found |= {"at": query, "key_at": int(weights[0, query].argmax()), "n_heads": counted(s.n_heads)}
    found |= {"weight_last": weights[-1, query, last].item(), "d_model": WIDTH, "d_head": s.d_head, "kv": s.n_kv_heads}
    return found | {"t": len(s.labels), "parameters": parameters(WIDTH, s.n_heads, s.d_head, s.n_kv_heads)}
