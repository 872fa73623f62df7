"""What is drawn of a step of decoding, and of two texts side by side."""

import json
import math
from itertools import pairwise

import pytest
import torch

from core.decoding import choose, stages
from core.tokenizer import EOS
from pages.decoding.model import charts, steps
from pages.decoding.model.draw import laid_out
from pages.shared.model.written import short

LOGITS = torch.tensor([0.5, -1.0, -4.0, 2.0, 1.5, 0.1, 0.0, -0.2, -0.5, -0.6, 1.0, 0.9, 0.8, 0.7, 0.6, 0.4, 0.3])
NAMES = [f"n{i}" for i in range(len(LOGITS))]


def made(draw: float | None = 0.3, logits: torch.Tensor = LOGITS, **filters):
    filters = {"temperature": 0.8, "top_k": None, "top_p": None, "min_p": None, "repetition_penalty": 1.0} | filters
    step = choose((), logits, draw, **filters)
    return step, steps.rows(step, stages(logits, **filters), always=(EOS,)), filters


def table(*args, **filters) -> dict:
    _step, rows, filters = made(*args, **filters)
    return charts.table(rows, filters, NAMES.__getitem__)


def test_rows_leave_nothing_out():
    step, rows, _ = made(top_k=6, top_p=0.9)
    assert sum(len(r.tokens) for r in rows) == len(LOGITS)
    assert sorted(i for r in rows for i in r.tokens) == list(range(len(LOGITS)))
    assert sum(r.share for r in rows) == pytest.approx(1) == sum(r.prob for r in rows)
    assert sum(r.kept for r in rows) == int(step.filtering.kept.sum())
    assert [r.rank for r in rows[:12]] == list(range(1, 13))
    assert [r.tokens for r in rows if r.chosen] == [(step.chosen,)]
    assert any(r.tokens == (EOS,) for r in rows)


def test_rows_of_a_small_vocabulary_have_no_others():
    logits = torch.tensor([1.0, 2.0, 0.5])
    _, rows, filters = made(0.5, logits)
    assert [r.tokens for r in rows] == [(1,), (0,), (2,)]
    assert not any(row["many"] for row in charts.table(rows, filters, NAMES.__getitem__)["rows"])


def test_what_cut_a_token_is_told():
    assert [r["cells"][3]["text"] for r in table(top_k=2)["rows"]][1:3] == ["✓", "−∞ top-k"]
    assert table(top_p=0.0)["rows"][1]["cells"][3]["text"] == "−∞ top-p"
    assert table(min_p=1.0)["rows"][1]["cells"][3]["text"] == "−∞ min-p"
    assert table(None, temperature=0.0)["rows"][1]["cells"][3]["text"] == "−∞ greedy"
    assert table(top_k=14)["rows"][-1]["cells"][3]["text"] == "2 kept"


def test_bars_stand_on_one_scale():
    data = table()
    for row in data["rows"]:
        for cell in row["cells"]:
            low, high = cell.get("bar", (0, 0))
            assert 0 <= low <= high <= 1 + 1e-9
    span = (2.0 - -4.0) / 0.8  # from the smallest scaled logit shown to the largest
    low, high = data["rows"][0]["cells"][0]["bar"]
    assert high - low == pytest.approx(2.0 / span)
    low, high = data["rows"][0]["cells"][1]["bar"]
    assert high - low == pytest.approx(2.0 / 0.8 / span)
    assert data["rows"][0]["cells"][2]["bar"] == [0, pytest.approx(LOGITS.div(0.8).softmax(0)[3].item())]


def test_columns_say_what_was_done():
    how = [c["how"] for c in table(temperature=1e-9, top_k=5, top_p=0.9)["columns"]]
    assert how == ["what the model says", "÷ 1e-09", "softmax over all", "top-k 5, top-p 0.9", "÷ 1.000"]
    assert table()["columns"][3]["how"] == "no filter"
    assert table(None, temperature=0.0)["columns"][1]["how"] == "as they are: greedy"


def test_the_table_can_travel():
    json.dumps(table(top_k=3), allow_nan=False)
    json.dumps(table(logits=torch.where(LOGITS < 0, -torch.inf, LOGITS)), allow_nan=False)


@pytest.mark.parametrize(
    ("p", "text"),
    [(1, "1.000"), (0.0734, "0.073"), (0.0005, "0.001"), (0.0004, "4·10⁻⁴"), (3.2e-12, "3·10⁻¹²"), (0, "0")],
)
def test_probabilities_as_text(p, text):
    assert charts.share(p) == text


@pytest.mark.parametrize(("x", "text"), [(-1.5, "−1.50"), (7.994e9, "7.99·10⁹"), (-2.5e6, "−2.50·10⁶"), (0.0, "0.00")])
def test_logits_as_text(x, text):
    assert short(x) == text


def test_the_line_goes_from_0_to_1():
    step, _, _ = made(0.6)
    rows = charts.line_rows(laid_out(step.filtering.probs, (step.chosen,), 12), 0.6, step.chosen, NAMES.__getitem__)
    *parts, draw = rows
    assert parts[0]["start"] == 0 and parts[-1]["end"] == pytest.approx(1)
    assert all(a["end"] == b["start"] for a, b in pairwise(parts))
    chosen = next(p for p in parts if p["kind"] == "chosen")
    assert chosen["start"] <= 0.6 < chosen["end"] and chosen["name"] == NAMES[step.chosen]
    assert parts[-1]["name"] == "5 others" and parts[-1]["kind"] == "others"
    assert draw == {"draw": 0.6, "said": "u = 0.6000"}
    assert charts.line_alt(rows).endswith(
        f"falls on {chosen['name']}, from {chosen['start']:.4f} to {chosen['end']:.4f}."
    )


def test_a_chosen_token_far_down_has_its_own_stretch():
    step, _, _ = made(0.9999)
    parts = laid_out(step.filtering.probs, (step.chosen,), 3)
    assert [p.tokens for p in parts if len(p.tokens) == 1][-1] == (step.chosen,)
    assert sum(len(p.tokens) for p in parts) == len(LOGITS)


def test_a_token_that_was_cut_does_not_break_the_line():
    probs = made(0.0, top_k=2)[0].filtering.probs
    assert [s.tokens for s in laid_out(probs, (9,), 12)] == [(3,), (4,)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_built_once_and_say_their_scales(theme):
    line, pair = charts.line(theme), charts.pair(theme)
    assert line is charts.line(theme) and pair is charts.pair(theme)
    assert line["layer"][0]["encoding"]["x"]["scale"]["domain"] == [0, 1]
    assert charts.INK[theme] in json.dumps(line) and charts.INK[theme] in json.dumps(pair)
    json.dumps(pair, allow_nan=False)


def w(*tokens: int) -> list[steps.Written]:
    return [steps.Written(token, 0.5, math.log(0.25)) for token in tokens]


@pytest.mark.parametrize(
    ("one", "other", "part"),
    [((1, 2, 3), (1, 2, 3), None), ((1, 2), (1, 3), 1), ((1,), (2,), 0), ((1, 2), (1, 2, 3), 2), ((), (), None)],
)
def test_where_two_texts_part(one, other, part):
    assert steps.parting(w(*one), w(*other)) == part


def test_two_texts_in_one_chart():
    texts = [w(1, 4), w(1, 5)]
    rows = charts.pair_rows(texts, ["left", "right"], 1, NAMES.__getitem__)
    assert [(r["step"], round(r["x"], 9), r["same"]) for r in rows[:-1]] == [
        (1, -0.25, True), (2, -0.25, False), (1, 0.25, True), (2, 0.25, False)
    ]  # fmt: skip
    assert rows[-1] == {"part": 2}
    assert charts.pair_alt(rows, ["left", "right"]) == (
        "left: 1 n1 0.250; 2 n4 0.250. right: 1 n1 0.250; 2 n5 0.250. They part at token 2."
    )
    assert charts.pair_alt(charts.pair_rows(texts, ["T 1", "T 1"], 1, NAMES.__getitem__), ["T 1", "T 1"]) == (
        "T 1: 1 n1 0.250; 2 n4 0.250. T 1: 1 n1 0.250; 2 n5 0.250. They part at token 2."
    )
    assert len(charts.pair_rows(texts, ["l", "r"], None, NAMES.__getitem__)) == 4
