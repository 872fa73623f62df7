"""The page on tokens: its numbers are the tokenizers' own, and any text can be typed into each of its boxes."""

import contextlib
import io
import json
import re

import numpy as np
import pyarrow as pa
import pytest

from core import tokenizer
from pages.shared import models, state
from pages.shared.model.written import number
from pages.tokens import cutting as parts
from pages.tokens.model import bpe, languages, lattice

PAGE = "pages/tokens/page.py"
LONG = "Once upon a time there was a cat. " * 600
ODD = {
    "empty": "",
    "spaces": "   ",
    "one character": "a",
    "emoji": "🐈👩‍👩‍👧🏳️‍🌈",
    "right to left": "كان يا ما كان، שלום \u202eabc",
    "control characters": "a\x00b\x07c\x1b[31m\x7f\u200b\ufeff",
    "escapes": "▁ ␛ a▁b",
    "markup": "<b>x</b> **bold** $x$ [a](b) :material/home: | a | {n}",
    "line breaks": "a\n\nb\tc",
    "20,000 characters": LONG[:20_000],
}
CHARTS = {"pair": "tokens_pairs", "lane": "tokens_lattice", "tokenizer": "tokens_cost"}  # by a column that each has


def words(app) -> str:
    """All Markdown of the page on one line, without the signs that keep directions and Markdown apart."""
    text = " ".join(" ".join(m.value for m in app.markdown).split())
    return re.sub(r"[\u2068\u2069]|\\(?=[^\w\s])", "", text)


def charts(app) -> dict[str, list[dict]]:
    """The rows behind each chart that is on the page."""
    found = {}
    for chart in app.get("vega_lite_chart"):
        rows = pa.ipc.open_stream(chart.proto.datasets[0].data.data).read_all()
        found |= {name: rows.to_pylist() for column, name in CHARTS.items() if column in rows.column_names}
    return found


def badges(markdown: str) -> list[str]:
    """What stands in the badges of one element."""
    return re.findall(r"-badge\[(.*?)(?<!\\)\]", re.sub(r"[\u2068\u2069]", "", markdown))


@pytest.fixture
def page(open_page):
    """The page with the first prediction waived."""

    def open_it(**link: str):
        return open_page(PAGE, **{"tokens_merge": "2"} | link)

    return open_it


def test_pieces_ids_and_their_number(page):
    app, read = page(tokens_table="true"), models.tokenizer("stories").encode(state.DEFAULT_TEXT)
    assert not app.exception and not app.error and not app.warning
    each = len(state.DEFAULT_TEXT) / len(read.ids)
    assert f"counted in tokens, {len(read.ids)}**. That is {each:.1f} characters a token" in words(app)
    chips = next(m.value for m in app.markdown if "small[519]" in m.value)
    assert [int(i) for i in re.findall(r":small\[(\d+)\]\]", chips)] == [tokenizer.SOS, *read.ids]
    table = app.dataframe[0].value
    assert list(table["id"]) == list(read.ids)
    assert list(table["in the vocabulary"]) == list(read.pieces)
    assert "".join(table["in the vocabulary"]) == app.code[0].value


@pytest.mark.parametrize("text", ["Lily saw 한 and 🙂🙂 é", "snake▁case"])
def test_bytes_are_grouped_and_spelled(page, text):
    app = page(text=text)
    tokens = models.tokenizer("stories")
    spelt = app.table[0].value
    shown = {c: ids for c, ids in zip(spelt["character"], spelt["ids"], strict=True)}
    for character, ids in shown.items():
        read = tokens.encode(character)
        assert [int(i) for i in ids.split()] == [i for i in read.ids if tokens.is_byte(i)]
        assert bytes(i - 5 for i in map(int, ids.split())).decode() == character
    assert set(shown) == ({"한", "🙂", "é"})
    assert ("no pieces here" in words(app)) == ("한" in text)


def test_four_ways_to_cut(page):
    text = "Lily's unbelievable 한 zorb"
    app = page(text=text)
    unigram, story = (len(t.encode(text).ids) for t in (models.unigram(), models.tokenizer("stories")))
    for way, n in {"Words": 4, "Characters": len(text), "BPE": story, "Unigram": unigram}.items():
        assert f"**{way}**: tokens {n}, characters in each {len(text) / n:.1f}" in words(app)
    known = models.word_vectors()
    lacking = ", ".join(f"“{word}”" for word in text.split() if word not in known)
    assert f"lacks {lacking}. And" in words(app)
    assert "“zorb”" in lacking


def test_the_costs_compare_one_sentence_in_many_languages_not_a_long_text_of_ones_own(page):
    app = page(text="a red dog " * 60)
    assert max(charts(app)["tokens_cost"], key=lambda row: row["tokens"])["text"] == "Your sentence"
    assert re.search(r"English takes \d+ tokens and \*\*Hindi", words(app))


def test_the_first_merge_is_predicted_before_anything_is_counted(open_page):
    app = open_page(PAGE)
    assert set(charts(app)) == {"tokens_lattice", "tokens_cost"}
    assert "**A merge.**" not in words(app)  # which would give it away
    app.radio[0].set_value("s + t").run()
    assert "Just as frequent" in app.info[0].value
    assert charts(app)["tokens_pairs"][0]["pair"] == "e + s"
    app.radio[0].set_value("e + s").run()
    assert app.success[0].value == "Right."
    assert "**A merge.**" in words(app)


def test_what_was_predicted_stays_said_when_one_goes_on_and_back(open_page):
    app = open_page(PAGE)
    app.radio[0].set_value("e + s").run()
    for button in ("tokens_merge_on", "tokens_merge_on", "tokens_merge_back", "tokens_merge_back"):
        app.button(key=button).click().run()
        assert app.radio[0].value == "e + s" and "tokens_pairs" in charts(app)
    assert "Step 1 of" in words(app)


def test_questions_and_code_follow_the_texts_of_labs_4_and_5(page):
    app = page()
    app.segmented_control(key="tokens_source").set_value(parts.OTHER).run()
    app.text_area(key="tokens_corpus").set_value("aab aab aac").run()
    app.text_input(key="tokens_path").set_value("strawberries").run()
    first = bpe.learn("aab aab aac")
    assert f"takes {first[0].tokens:,} tokens. The first merge joins" in words(app)
    assert any("text = 'aab aab aac'" in code.value for code in app.code)
    best = lattice.best_path(lattice.lattice(models.unigram(), "strawberries"))
    assert all(f"{edge.score:.2f}".replace("-", "−") in words(app) for edge in best.edges[:2])
    app.text_area(key="tokens_corpus").set_value("abc").run()
    assert "**A merge.**" not in words(app) and "there is nothing to learn" in words(app)


@pytest.mark.parametrize("step", [1, 2, 5, 16])
def test_each_step_of_the_merges(page, step):
    app = page(tokens_merge=str(step)) if step > 1 else page()
    steps = bpe.learn(parts.PAPERS)
    at = (step if step > 1 else 2) - 1
    now = steps[at]
    assert f"Merges so far: **{at}**. Now the text takes **{now.tokens}** tokens; in characters" in words(app)
    cut = next(m.value for m in app.markdown if m.value.endswith("×3]"))
    assert badges(cut) == [piece for word in now.words for piece in word.pieces]
    rows = charts(app).get("tokens_pairs", [])
    assert [r["count"] for r in rows] == [m.count for m in now.pairs[:10]]
    unseen = bpe.cut("lowest", bpe.merges(steps)[:at])
    assert f"Tokens: **{sum(map(len, unseen))}**" in words(app)


def test_stepping_on_and_a_text_of_ones_own(page):
    app = page()
    app.button(key="tokens_merge_on").click().run()
    assert "Merges so far: **2**" in words(app)
    app.segmented_control(key="tokens_source").set_value("Another text").run()
    app.text_area(key="tokens_corpus").set_value("banana bandana banana").run()
    steps = bpe.learn("banana bandana banana")
    assert f"Merges so far: **2**. Now the text takes **{steps[2].tokens}** tokens" in words(app)
    linked = page(tokens_merge="3", tokens_source="Another text", tokens_corpus="banana bandana banana")
    assert linked.code[1].value == app.code[1].value
    assert "text = 'banana bandana banana'" in app.code[1].value


@pytest.mark.parametrize("word", ["lowest", "unbelievable", "안녕하세요 친구", "🙂", "a"])
def test_the_lattices_best_path_is_what_sentencepiece_encodes(page, word):
    app, unigram = page(tokens_path=word), models.unigram()
    best = sorted((r for r in charts(app)["tokens_lattice"] if r["best"]), key=lambda r: r["start"])
    spelled = []
    for r in best:
        spelled += [f"<0x{b:02X}>" for b in r["piece"].encode()] if r["id"] == "3" else [r["piece"]]
    assert spelled == list(unigram.encode(word).pieces)
    for row in best:
        if row["id"] != "3":
            assert row["score"] == unigram.scores[unigram.pieces.index(row["piece"])]
    total = f"{sum(r['score'] for r in best):.2f}".replace("-", "−")
    assert f"= **{total}**" in words(app)


def test_what_every_language_costs(page):
    app = page(text="My own words")
    rows = charts(app)["tokens_cost"]
    texts = {**languages.SENTENCES, "Your sentence": "My own words"}
    for by, tokens in {
        "story model, BPE": models.tokenizer("stories"),
        "translator, unigram": models.unigram(),
    }.items():
        shown = {r["text"]: r["tokens"] for r in rows if r["tokenizer"] == by}
        assert shown == {name: len(tokens.encode(text).ids) for name, text in texts.items()}
    app.segmented_control(key="tokens_measure").set_value("tokens per character").run()
    rows = charts(app)["tokens_cost"]
    np.testing.assert_allclose([r["value"] for r in rows], [r["tokens"] / r["characters"] for r in rows])


@pytest.mark.parametrize(("token", "piece"), [("9 was", "▁was"), ("0 ⟨start⟩", "<s>"), ("6 .", ".")])
def test_the_row_of_the_token_that_is_followed(page, token, piece):
    app, tokens = page(tokens_token=token), models.tokenizer("stories")
    row, table = tokens.pieces.index(piece), models.model("stories").embedding.tokens
    assert f"The id {row} is a row number" in words(app)
    data = next(json.loads(c.proto.json) for c in app.get("bidi_component") if "tokens_rows" in c.proto.id)
    labels = [int(label.split()[0]) for label in data["axes"]["row"]["labels"]]
    assert row in labels and len(labels) >= 3
    np.testing.assert_allclose(data["panels"][0]["values"], table[labels, :8].numpy(), rtol=1e-6)
    unit = table.numpy() / np.linalg.norm(table.numpy(), axis=1, keepdims=True)
    near = np.argsort(-(unit @ unit[row]), kind="stable")
    first = next(i for i in near if i != row)
    assert f"{first} {tokenizer.show(tokens.pieces[first])} ({unit[first] @ unit[row]:.2f})" in words(app)


def test_other_numbers_change_nothing(page):
    app = page(tokens_seed="7")
    assert "the largest difference to those before is 0" in words(app)
    new = re.search(r"Now \*\*was\*\* is (\d+) and not 285", words(app))
    assert new and new[1] != "285"
    assert f":small[{new[1]}]]" in " ".join(m.value for m in app.markdown)


def test_the_least_alike_of_the_rows_of_bytes(page):
    app = page(text="é")
    rows = models.model("stories").embedding.tokens[5:261].numpy()
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert f"have a cosine of {(unit @ unit.T).min():.4f}" in words(app)


def test_boxes_that_are_closed_cost_nothing(page):
    assert not page().dataframe
    app = page(tokens_sentences="true")
    sentences = [s.replace("\\", "") for s in app.table[-1].value["sentence"]]
    assert sentences[:-1] == list(languages.SENTENCES.values())


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_sentence(page, text):
    app = page(text=text, tokens_source="Your sentence", tokens_table="true", tokens_sentences="true")
    assert not app.exception and not app.error
    assert len(app.warning) == (len(text) > 500)
    assert "nan" not in words(app).lower().split()


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_an_odd_text_in_every_other_box(page, text):
    app = page(tokens_source="Another text")
    app.text_area(key="tokens_corpus").set_value(text[:1000])
    app.text_input(key="tokens_path").set_value(text[:24])
    app.run()
    assert not app.exception and not app.error
    if not bpe.learn(text[:1000])[1:]:
        assert "nothing to learn" in words(app)
    else:
        app.text_input(key="tokens_word").set_value(text[:24]).run()
        assert not app.exception


@pytest.mark.parametrize(
    ("name", "raw"),
    [("token", "99 zebra"), ("source", "nowhere"), ("path", "x" * 25), ("corpus", "x" * 1001), ("merge", "99"),
     ("seed", "-1"), ("measure", "miles")],
)  # fmt: skip
def test_nonsense_in_the_link_is_said_and_replaced(open_page, name, raw):
    link = {"tokens_source": "Another text"} if name == "corpus" else {}
    app = open_page(PAGE, **{f"tokens_{name}": raw} | link)
    assert not app.exception
    assert [raw[:20] in warning.value for warning in app.warning] == [True]


def test_a_try_fills_the_box(page):
    app = page()
    app.button(key="tokens_try_1").click().run()
    assert app.text_input(key="text").value == parts.TRIES[1]
    assert not app.exception


def test_right_answers_are_marked_right(page):
    app = page()
    best = lattice.best_path(lattice.lattice(models.unigram(), "lowest"))
    path = [round(edge.score, 2) for edge in best.edges[:4]]
    read = models.tokenizer("stories").encode("é")
    answers = [read.ids[-1], 95 - 9, sum(path), 10 * 192]
    boxes = [box for box in app.text_input if box.key.startswith("tokens_check")]
    for box, value in zip(boxes, answers, strict=True):
        box.set_value(str(value))
    app.run()
    assert [s.value for s in app.success] == ["Right."] * 4
    assert app.session_state.progress["tokens_check"] == (4, 4)


def test_the_snippet_prints_the_merges_of_the_page(page):
    app = page(tokens_merge="11")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(app.code[1].value, {})
    cut = next(m.value for m in app.markdown if m.value.endswith("×3]"))
    assert printed.getvalue().splitlines()[10:] == [" ".join(badges(line)) for line in cut.splitlines()]


def test_every_chart_says_what_it_shows(page):
    said = [c.proto.alt for c in page().get("vega_lite_chart")]
    assert len(said) == 3 and all(said)
    first = lattice.best_path(lattice.lattice(models.unigram(), "lowest")).edges[0]
    assert f"The best: {first.piece} {number(first.score)}" in said[1]


def test_the_page_keeps_little(page):
    app = page(text=LONG)
    kept = [app.session_state[key] for key in app.session_state._state.filtered_state]
    assert len(repr(kept)) < 30_000
