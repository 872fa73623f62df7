"""The pictures of the lesson on recurrent networks: what they are fed, and what they say in words."""

import pytest

from pages.before_attention.model import charts

VALUES = {"rnn": (0.9, 0.1), "lstm": (0.8, 0.2), "attention": (1.0, 1.0)}


def test_rows_name_each_machine():
    rows = charts.rows(charts.NAMES, VALUES, (1, 20))
    assert len(rows) == 6
    assert {"who": "LSTM", "at": 20, "value": 0.2} in rows


def test_as_many_places_as_values():
    with pytest.raises(ValueError):
        charts.rows(charts.NAMES, VALUES, (1, 2, 3))


def test_words_say_where_lines_begin_and_end():
    assert charts.alt_text({"rnn": "RNN"}, {"rnn": (0.9, 0.1)}, (1, 20)) == "RNN: 0.9 at 1, 0.1 at 20"


@pytest.mark.parametrize("chart", [charts.accuracy, charts.known, charts.bottleneck])
def test_shares_run_from_0_to_1(chart):
    for layer in chart()["layer"]:
        assert layer["encoding"]["y"]["scale"]["domain"] == [0, 1]


@pytest.mark.parametrize("chart", [charts.reach, charts.times])
def test_what_spans_magnitudes_is_logarithmic(chart):
    for layer in chart()["layer"]:
        assert layer["encoding"]["y"]["scale"]["type"] == "log"


@pytest.mark.parametrize("chart", [charts.accuracy, charts.known, charts.reach, charts.times, charts.bottleneck])
def test_lines_are_told_apart_by_more_than_colour(chart):
    encoding = chart()["layer"][1]["encoding"]
    assert len(set(encoding["shape"]["scale"]["range"])) == len(set(encoding["color"]["scale"]["range"])) > 1
