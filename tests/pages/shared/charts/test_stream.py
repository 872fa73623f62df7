"""The charts of the residual stream: what is drawn, from which numbers, and what is said in its place."""

import json

import numpy as np
import pytest

from core.interpretability.lens import Lens
from pages.shared.model.charts import stream

LENGTHS = [[1.0, 2.0, 4.0], [3.0, 5.0, 4.0], [9.0, 6.0, 8.0]]  # one block, three tokens
LABELS = ["0 start", "1 a", "2 a"]
FOUND = Lens(7, (40, 2, 1), (0.000001, 0.25, 0.5), (((3, 0.9), (4, 0.1)), ((4, 0.6), (7, 0.25)), ((7, 0.5), (4, 0.4))))
SPECIFICATIONS = {
    "lengths": lambda: stream.lengths(4),
    "next": lambda: stream.next_tokens("light"),
    "lens": lambda: stream.lens("dark", 5),
}


def name(token: int) -> str:
    return f"piece {token}"


def fields(specification: dict) -> set[str]:
    """Every field that a specification reads."""
    text = json.dumps(specification)
    return {part.split('"', 1)[0] for part in text.split('"field": "')[1:]}


@pytest.mark.parametrize("make", SPECIFICATIONS.values(), ids=SPECIFICATIONS)
def test_a_specification_is_built_once_and_names_its_rows(make):
    assert make() is make()
    assert '"name": "rows"' in json.dumps(make())
    assert "datasets" not in make()


def test_every_field_that_is_drawn_is_given():
    rows = stream.length_rows(LENGTHS, LABELS, 1)
    assert fields(stream.lengths(1)) <= {key for row in rows for key in row}
    assert fields(stream.next_tokens("dark")) <= stream.next_rows([(3, 1.0, 0.5)], name)[0].keys()
    assert fields(stream.lens("light", 3)) <= stream.lens_rows(FOUND, name)[0].keys()


def test_lengths_of_the_chosen_the_start_and_the_middle_within_the_band_of_all():
    rows = stream.length_rows(LENGTHS, LABELS, 2)
    lines = {
        who: [r["length"] for r in rows if r.get("who") == who] for who in (stream.CHOSEN, stream.START, stream.ALL)
    }
    assert lines == {stream.CHOSEN: [4, 4, 8], stream.START: [1, 3, 9], stream.ALL: list(np.median(LENGTHS, axis=1))}
    assert [(r["low"], r["high"]) for r in rows if "low" in r] == [(1, 4), (3, 5), (6, 9)]
    assert {r["token"] for r in rows if r.get("who") == stream.CHOSEN} == {"2 a"}


@pytest.mark.parametrize("t", [1, 2, 5, 6])
def test_the_median_of_any_number_of_tokens(t):
    lengths = np.random.default_rng(t).uniform(1, 9, (5, t))
    rows = stream.length_rows(lengths.tolist(), [str(i) for i in range(t)], t - 1)
    np.testing.assert_allclose([r["length"] for r in rows if r.get("who") == stream.ALL], np.median(lengths, axis=1))


def test_stages_are_named_in_the_order_of_the_model():
    assert stream.stages(2) == ["embedding", "1 attention", "1 MLP", "2 attention", "2 MLP"]
    assert stream.lengths(2)["layer"][0]["encoding"]["x"]["sort"] == stream.stages(2)


def test_tokens_that_look_alike_stay_apart():
    rows = stream.next_rows([(5, 2.0, 0.5), (9, -1.0, 0.25)], lambda i: "a")
    assert [r["token"] for r in rows] == ["1 a", "2 a"]
    assert [r["id"] for r in rows] == [5, 9]
    assert [r["said"] for r in rows] == ["50%  (2.00)", "25%  (−1.00)"]


def test_the_lens_shows_each_layers_choices_and_frames_the_answer():
    rows = stream.lens_rows(FOUND, name)
    assert len(rows) == 3 * 3
    assert list(dict.fromkeys(r["layer"] for r in rows)) == ["embedding", "block 1", "block 2"]
    answers = [r for r in rows if r["place"] == "answer"]
    assert [(r["token"], r["rank"], r["probability"]) for r in answers] == list(
        zip(["piece 7"] * 3, FOUND.ranks, FOUND.probs, strict=True)
    )
    assert [r["share"] for r in answers] == ["#40", "#2", "#1"]
    assert all(r["answer"] == (r["token"] == "piece 7") for r in rows)
    assert [(r["place"], r["token"]) for r in rows if r["layer"] == "block 1"][:2] == [
        ("1", "piece 4"),
        ("2", "piece 7"),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_probabilities_are_coloured_on_one_scale_from_0_to_1_and_stay_readable(theme):
    scale = stream.lens(theme, 5)["layer"][0]["encoding"]["color"]["scale"]
    assert scale["domain"] == [0, 0.25, 0.5, 0.75, 1]
    below, above, turn = stream.INK[theme]
    for p in np.linspace(0, 1, 101):
        fill = [np.interp(p, scale["domain"], channel) for channel in np.transpose([rgb(c) for c in scale["range"]])]
        assert contrast(fill, rgb(above if p > turn else below)) > 4.4, p


def rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def contrast(one, other) -> float:
    """As WCAG 2.2 defines it."""

    def light(colour):
        parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return np.dot(parts, [0.2126, 0.7152, 0.0722]) + 0.05

    low, high = sorted((light(one), light(other)))
    return high / low


def test_what_is_said_in_the_charts_place():
    assert stream.lengths_alt(LENGTHS, LABELS, 1) == (
        "Line chart: the length of the vector of 1 a through the model: embedding 2.0, 1 attention 5.0, 1 MLP 6.0. "
        "At the end the vectors of all tokens are 6.0 to 9.0 long."
    )
    assert stream.next_alt(stream.next_rows([(3, 1.0, 0.5)], name)).endswith("1 piece 3 50%")
    assert "block 2: piece 7 50%" in stream.lens_alt(stream.lens_rows(FOUND, name))
