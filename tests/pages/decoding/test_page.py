"""The page Decoding: its numbers against the oracle's, and what its buttons, boxes and links do."""

import contextlib
import io
import json
import math
import re

import numpy as np
import pytest
import torch

from core.tokenizer import EOS, SOS
from pages.decoding import voices
from pages.shared import models
from tests import reference
from tests.core.same import numbers
from tests.pages.conftest import HOME, go

PAGE = "pages/decoding/page.py"
TEXT = "Lily had a red ball. One day"
START = {"decoding_t": "0.7", "decoding_seed": "5"}  # what the page opens with


@pytest.fixture(scope="module")
def oracle():
    """logits (t, vocab) of the story model, computed by the oracle in float64."""
    model = models.model("stories")
    weights, config, known = numbers(model), vars(model.config), {}

    def logits(ids: tuple[int, ...]) -> np.ndarray:
        if ids not in known:
            known[ids] = reference.decoder(np.array(ids), weights, config)
        return known[ids]

    return logits


def prompt(text: str = TEXT) -> tuple[int, ...]:
    return (SOS, *models.tokenizer("stories").encode(text).ids)


def chance(seed: int, n: int) -> float:
    """The n-th number of a stream, drawn one by one."""
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand((), generator=generator, dtype=torch.float64).item() for _ in range(n + 1)][n]


def expected(oracle, ids: tuple[int, ...], n: int = 0, seed: int = 5, **filters) -> tuple[np.ndarray, int]:
    """The filtered probabilities after ids, and the token that the n-th random number falls on."""
    probs = reference.filter_logits(oracle(ids)[-1], **{"temperature": 0.7} | filters)
    return probs, reference.draw(probs, chance(seed, n))


def component(app, key: str) -> dict:
    found = [c.proto for c in app.get("bidi_component")]
    return next(json.loads(p.json) for p in found if f"-{key}" in p.id)


def table(app) -> dict:
    return component(app, "decoding_steps")


def chosen(app) -> str:
    return next(row["name"] for row in table(app)["rows"] if row["chosen"])


def written(app) -> tuple[int, ...]:
    return app.session_state["decoding_ids"]


def value(text: str) -> float:
    """A printed number: −1.50, 3·10⁻⁷, up to 5.02, 0.073."""
    text = text.removeprefix("up to ").replace("−", "-").replace(",", "")
    mantissa, _, power = text.partition("·10")
    return float(mantissa) * 10 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def press(app, what: str):
    return app.button(key=f"decoding_{what}").click().run()


def take(app, token: int):
    """What a press on a token in the table asks for."""
    app.session_state["decoding_asked"] = [("take", token)]
    return app.run()


def words(app) -> str:
    return "\n".join(e.value for kind in ("markdown", "success", "info", "warning", "error") for e in app.get(kind))


SETTINGS = [
    {},
    {"temperature": 1.0},
    {"temperature": 1.35, "top_k": 40, "top_p": 0.9, "min_p": 0.05},
    {"top_k": 3},
    {"top_k": 1},
    {"top_k": 999_999},
    {"top_p": 0.0},
    {"top_p": 0.5},
    {"top_p": 1.0},
    {"min_p": 0.1},
    {"min_p": 1.0},
    {"temperature": 1e-9},
    {"temperature": 3.0, "top_p": 0.95},
]


def as_link(settings: dict) -> dict[str, str]:
    names = {"temperature": "t", "top_k": "k", "top_p": "p", "min_p": "m"}
    return {f"decoding_{names[name]}": str(x) for name, x in settings.items()}


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_table_has_the_oracles_numbers(settings, open_page, oracle):
    app = open_page(PAGE, text=TEXT, **as_link(settings))
    assert not app.exception and not app.warning
    logits, temperature = oracle(prompt())[-1], settings.get("temperature", 0.7)
    probs, token = expected(oracle, prompt(), **settings)
    shares, order = reference.softmax(logits / temperature), reference.by_size(logits)
    *single, others = table(app)["rows"]
    shown = {row["id"] for row in single}
    assert shown == {*order[:12], token, EOS}
    assert [row["id"] for row in single if row["chosen"]] == [token]
    for row in single:
        i, (logit, scaled, share, kept, prob) = row["id"], (cell["text"] for cell in row["cells"])
        assert row["rank"] == order.index(i) + 1
        assert value(logit) == pytest.approx(logits[i], abs=0.0051)
        assert value(scaled) == pytest.approx(logits[i] / temperature, abs=0.0051, rel=0.006)
        assert value(share) == pytest.approx(shares[i], abs=0.00051)
        assert value(prob) == pytest.approx(probs[i], abs=0.00051)
        assert (kept == "✓") == (not row["cut"]) == (i in np.flatnonzero(probs) or temperature == 1e-9)
    rest = [i for i in order if i not in shown]
    share, kept, prob = (others["cells"][c]["text"] for c in (2, 3, 4))
    assert others["name"] == f"{len(rest):,} others" and len(rest) + len(shown) == 2048
    assert value(share) == pytest.approx(shares[rest].sum(), abs=0.00051)
    assert value(prob) == pytest.approx(probs[rest].sum(), abs=0.00051)
    if temperature > 0.1:
        left = np.count_nonzero(probs[rest])
        assert kept == (f"{left:,} kept" if left else "−∞ all cut")


def test_temperature_0_is_greedy(open_page, oracle):
    app = open_page(PAGE, text=TEXT, decoding_t="0", decoding_k="7")
    best = int(oracle(prompt())[-1].argmax())
    assert [row["id"] for row in table(app)["rows"] if row["chosen"]] == [best]
    assert [row["cells"][4]["text"] for row in table(app)["rows"]] == ["1.000"] + ["0"] * (len(table(app)["rows"]) - 1)
    assert "No draw" in words(app) and "u =" not in words(app)
    assert not app.get("vega_lite_chart")
    assert written(press(app, "next")) == (best,)


def test_a_cut_token_says_by_which_filter(open_page):
    app = open_page(PAGE, text=TEXT, decoding_k="10", decoding_p="0.5", decoding_m="0.2")
    cells = [row["cells"][3]["text"] for row in table(app)["rows"]]
    assert cells[0] == "✓" and cells[11] == "−∞ top-k"
    assert set(cells) <= {"✓", "−∞ top-k", "−∞ top-p", "−∞ min-p", "−∞ all cut"}
    assert "top-k 10, top-p 0.5, min-p 0.2" in table(app)["columns"][3]["how"]


def test_the_draw_is_told(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    draw, (_, token) = chance(5, 0), expected(oracle, prompt())
    assert f"u = {draw:.4f}" in words(app)
    assert f"{draw:.4f} and falls on {chosen(app)}" in app.get("vega_lite_chart")[0].proto.alt
    assert token in [row["id"] for row in table(app)["rows"] if row["chosen"]]


def test_next_back_and_forward_again(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    ids, texts = prompt(), []
    for n in range(4):
        ids += (expected(oracle, ids, n)[1],)
        press(app, "next")
        assert prompt() + written(app) == ids
        texts.append(chosen(app))
    for n in (2, 1, 0):
        press(app, "back")
        assert prompt() + written(app) == ids[: len(prompt()) + n + 1] and chosen(app) == texts[n]
    for _ in range(3):
        press(app, "next")
    assert prompt() + written(app) == ids
    assert written(press(app, "start")) == ()
    assert app.button(key="decoding_back").disabled


def test_presses_in_quick_succession_all_count(open_page):
    app = open_page(PAGE, text=TEXT)
    for _ in range(3):
        press(app, "next")
    three = written(app)
    press(app, "start")
    app.session_state["decoding_asked"] = [("next", None)] * 3
    assert written(app.run()) == three


def test_the_score_of_the_text(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    press(press(press(app, "next"), "next"), "next")
    ids = prompt() + written(app)
    for name, first in (("| whole text", 1), ("| written", len(prompt()))):
        logs = [reference.log_softmax(oracle(ids)[i - 1])[ids[i]] for i in range(first, len(ids))]
        row = next(line for line in words(app).replace("\\", "").splitlines() if name in line).split("|")[2:5]
        assert int(row[0]) == len(logs)
        assert value(row[1]) == pytest.approx(sum(logs), abs=0.0051)
        assert value(row[2]) == pytest.approx(math.exp(-np.mean(logs)), abs=0.0051)
    tokens = component(app, "decoding_text")["tokens"]
    assert [t["kind"] for t in tokens] == ["yours"] * len(prompt()) + ["written"] * 3 + ["next"]
    for token, log in zip(tokens[-4:-1], logs, strict=True):
        assert value(token["prob"]) == pytest.approx(math.exp(log), abs=0.00051)


def test_another_token_can_be_taken(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    other = table(app)["rows"][5]["id"]
    take(app, other)
    assert written(app) == (other,)
    ids = (*prompt(), other)
    assert written(press(app, "next")) == (other, expected(oracle, ids, 1)[1])
    app.session_state["decoding_asked"] = [("to", 0)]  # a press on the first written token
    assert written(app.run()) == ()


@pytest.mark.parametrize("token", [-1, 2048, 10**12])
def test_a_token_that_does_not_exist_is_not_taken(token, open_page):
    assert written(take(open_page(PAGE, text=TEXT), token)) == ()


def test_it_ends_at_the_end_token(open_page):
    app = take(press(open_page(PAGE, text=TEXT), "next"), EOS)
    assert written(app)[-1] == EOS
    assert "the story is over" in words(app) and "The last step" in words(app)
    assert app.button(key="decoding_next").disabled and app.button(key="decoding_run").disabled
    assert table(app)["open"] is False and "“**⟨end⟩**” stands in the text instead" in words(app)
    app.session_state["decoding_asked"] = [("next", None)]
    assert written(app.run())[-1] == EOS and len(written(app)) == 2
    press(app, "back")
    assert "the story is over" not in words(app) and not app.button(key="decoding_next").disabled


def test_it_runs_token_by_token_and_stops(open_page, oracle):
    app = open_page(PAGE, text=TEXT)
    press(app, "run")
    for n in (1, 2, 3):  # each run of the page is a tick
        assert len(written(app)) == n
        assert "The model is writing" in words(app) and "Check yourself" not in [s.value for s in app.header]
        app.run()
    assert press(app, "run").button(key="decoding_run").label == "Run"  # it was Stop, and is where Run was
    ids = prompt()
    for n, token in enumerate(written(app)):
        assert token == expected(oracle, ids, n)[1]
        ids += (token,)
    assert len(written(app)) == len(written(app.run())) >= 4
    assert "Check yourself" in [s.value for s in app.header]


def test_a_run_stops_where_the_context_ends(open_page):
    text = "Tom ran. " * 200
    app = open_page(PAGE, text=text)
    assert "your sentence fill the model's context of 256 tokens" in words(app)
    assert app.button(key="decoding_next").disabled and not app.exception
    ids = models.tokenizer("stories").encode(text).ids[:252]
    app.text_input(key="text").set_value(models.tokenizer("stories").decode(ids)).run()
    press(app, "run")
    for _ in range(6):
        app.run()
    assert len(app.session_state["decoding_for"][1]) + len(written(app)) <= 256
    assert not app.session_state["decoding_running"]
    assert "context of 256 tokens" in words(app) or "story is over" in words(app)


def test_the_empty_text_begins_with_the_start_token_alone(open_page, oracle):
    app = open_page(PAGE, text="")
    assert [t["kind"] for t in component(app, "decoding_text")["tokens"]] == ["yours", "next"]
    assert written(press(app, "next")) == (expected(oracle, (SOS,))[1],)
    assert not app.exception


def test_another_sentence_begins_afresh(open_page):
    app = press(open_page(PAGE, text=TEXT), "next")
    app.text_input(key="text").set_value("A dog").run()
    assert written(app) == () and len(app.toast) == 1
    press(press(app, "next"), "run")
    app.selectbox(key="model").set_value("stories-100").run()
    assert written(app) == () and not app.session_state["decoding_running"]
    assert app.session_state["text"] == "A dog"


def link(app) -> dict[str, str]:
    return {name: x if isinstance(x, str) else x[-1] for name, x in app.query_params.items()}


def test_one_link_restores_the_view(open_page):
    app = press(press(open_page(PAGE, text=TEXT, decoding_t="1.3", decoding_k="50"), "next"), "next")
    app = take(app, table(app)["rows"][3]["id"])
    again = open_page(PAGE, **link(app) | {"decoding_t": "1.3", "decoding_k": "50"})
    assert written(again) == written(app) != ()
    assert table(again) == table(app)
    assert "decoding_ids" not in link(press(again, "start"))


def test_what_was_written_survives_a_change_of_page(open_page):
    app = press(open_page(PAGE, text=TEXT), "next")
    before = written(app)
    go(go(app, HOME), PAGE)
    assert written(app) == before != ()


@pytest.mark.parametrize("ids", ["x", "12.y", "-1", "99999", "1..2", "2048", "٣", "1e3", "9" * 5000, " "])
def test_nonsense_ids_in_a_link(ids, open_page):
    app = open_page(PAGE, text=TEXT, decoding_ids=ids)
    assert written(app) == () and not app.exception
    assert len(app.warning) == 1 and "decoding" in app.warning[0].value


def test_ids_in_a_link_are_cut_after_the_end_and_at_the_context(open_page):
    app = open_page(PAGE, text=TEXT, decoding_ids="9.2.7.8")
    assert written(app) == (9, EOS)
    app = open_page(PAGE, text=TEXT, decoding_ids=".".join(["9"] * 5000))
    assert len(prompt()) + len(written(app)) == 256
    assert "context of 256 tokens" in words(app) and not app.exception


@pytest.mark.parametrize("name", ["t", "k", "p", "m", "seed"])
@pytest.mark.parametrize("raw", ["abc", "-1", "nan", "1e999", "😀"])
def test_nonsense_settings_in_a_link(name, raw, open_page):
    app = open_page(PAGE, text=TEXT, **{f"decoding_{name}": raw})
    assert not app.exception
    assert len(app.warning) == 1 and raw.replace("-", "\\-") in app.warning[0].value
    assert table(app) == table(open_page(PAGE, text=TEXT))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_snippet_prints_the_pages_token_and_probability(settings, open_page, oracle):
    app = open_page(PAGE, text=TEXT, **as_link(settings))
    probs, token = expected(oracle, prompt(), **settings)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(app.code[0].value, {})
    name, prob = said.getvalue().strip().rsplit(": ", 1)
    assert name == chosen(app)
    assert float(prob) == pytest.approx(probs[token], abs=0.0002)


def test_the_greedy_snippet(open_page):
    app = open_page(PAGE, text=TEXT, decoding_t="0")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(app.code[0].value, {})
    assert said.getvalue().strip() == chosen(app)


def test_the_questions_are_marked_on_the_page(open_page):
    app = open_page(PAGE)
    numbers = [b for b in app.text_input if b.key.startswith("decoding_check")]
    assert len(numbers) == 5 and len([r for r in app.radio if r.key.startswith("decoding_check")]) == 1
    shares = [float(x) for x in re.findall(r"0\.\d{3}", numbers[1].key)]
    numbers[1].set_value(str(shares[0])).run()
    assert "renormalise" in app.error[0].value
    app.text_input(key=numbers[1].key).set_value(str(shares[0] / sum(shares))).run()
    assert app.success[0].value == "Right."


def test_what_if_holds_two_texts_together(open_page):
    app = open_page(PAGE, text=TEXT, decoding_whatif="true", decoding_n="6")
    assert not app.exception
    model, settings = models.model("stories"), voices.Settings(temperature=0.7, seed=5)
    mine = voices.go_on(voices.voice(model), prompt(), settings, 6)

    def shown(text) -> str:
        return models.tokenizer("stories").decode([w.token for w in text]).replace("\n", " ↵ ").strip()

    plain = words(app).replace("\\", "")
    assert shown(mine) in plain
    assert "They part at" in plain or "No difference" in plain
    app.get_by_key("decoding_versus").set_value("Other settings").run()
    other = voices.go_on(voices.voice(model), prompt(), settings._replace(temperature=1.3), 6)
    assert shown(other) in words(app).replace("\\", "")
    assert len(app.get("vega_lite_chart")) == 2


def test_the_written_part_follows_as_it_does_in_the_text(open_page):
    """No space before a comma or in the middle of a word."""
    app = open_page(PAGE, text="Once upon a time", decoding_t="0", decoding_whatif="true", decoding_n="3")
    assert "Once upon a time**\u2060, there was**" in words(app)


def test_nonsense_about_the_open_box_in_a_link(open_page):
    app = open_page(PAGE, text=TEXT, decoding_whatif="banana")
    assert len(app.warning) == 1 and "banana" in app.warning[0].value and not app.exception


def test_a_filter_that_cuts_nothing_is_not_called_off(open_page):
    said = words(open_page(PAGE, text=TEXT, decoding_k="999999"))
    assert "None of the 2,048 tokens is cut" in said


def test_a_question_says_that_the_penalty_is_paid(open_page):
    begins = "**Temperature.** The penalty for repetition is paid."
    assert begins in words(open_page(PAGE, text=TEXT, decoding_r="1.5")).replace("\\", "")
    assert begins not in words(open_page(PAGE, text=TEXT)).replace("\\", "")


def test_a_run_writes_what_sampling_with_a_cache_writes(open_page):
    """The lab, one step a rerun, and the whole continuation at once."""
    app = open_page(PAGE, text=TEXT)
    for _ in range(5):
        press(app, "next")
    told = voices.voice(models.model("stories"))
    whole = voices.go_on(told, prompt(), voices.Settings(temperature=0.7, seed=5), 5)
    assert written(app) == tuple(w.token for w in whole)


def test_the_notice_speaks_of_the_step_on_screen(open_page, oracle):
    app = open_page(PAGE, text=TEXT, decoding_k="10")
    logits = oracle(prompt())[-1]
    said = words(app).replace("\\", "")
    assert f"First of the 2,048 tokens stands “{chosen(open_page(PAGE, text=TEXT, decoding_t='0'))}”" in said
    assert f"its logit is {logits.max():.2f}" in said
    assert "keep 10 of 2,048 tokens" in said
    assert re.search(r"The end token stands at rank [\d,]+", said)
