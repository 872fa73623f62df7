"""Text that no one should type and files that are damaged: one clear sentence each, no traceback, nothing lost."""

import hashlib
import json
import shutil

import pytest
from safetensors.torch import load_file, save

from core import checkpoints, tokenizer
from core.checkpoints import CONFIG, TOKENIZER, WEIGHTS
from core.recipes.translation import seen
from pages.shared import models
from tests.pages.conftest import WITH_BOX

LONG = "Once upon a time there was a cat. " * 600
TEXTS = {
    "empty": "",
    "only spaces": "   ",
    "control characters": "a\x00b\x07c\x1b[31m\x7f\u200b\ufeff",
    "right to left": "كان يا ما كان، שלום \u202eabc",
    "only emoji": "🐈👩‍👩‍👧🏳️‍🌈",
    "Korean": "옛날 옛적에 고양이가 살았어요.",
    "markup": "<script>alert(1)</script> **bold** $x$ [a](b) :material/home:",
    "one letter": "a",
    "line breaks": "a\n\nb\tc",
}


def said(app) -> list[str]:
    return [element.value for kind in ("error", "warning", "info") for element in app.get(kind)]


def type_in(app, text: str):
    return app.text_input(key="text").set_value(text).run()


@pytest.mark.parametrize("page", WITH_BOX)
@pytest.mark.parametrize("name", TEXTS)
def test_any_text_can_be_typed(page, name, open_page):
    app = type_in(open_page(page, **WITH_BOX[page]), TEXTS[name])
    assert not app.exception
    assert not app.error
    assert app.session_state["text"] == TEXTS[name]


@pytest.mark.parametrize("page", WITH_BOX)
def test_an_empty_box_is_said(page, open_page):
    app = type_in(open_page(page, **WITH_BOX[page]), "")
    assert sum("empty" in sentence for sentence in said(app)) == 1


@pytest.mark.parametrize("page", WITH_BOX)
def test_a_long_text_is_cut_and_the_notice_says_what_was_kept(page, open_page):
    text = LONG[:20_000]
    app = type_in(open_page(page, **WITH_BOX[page]), text)
    assert not app.exception
    assert [("first" in w.value, "20,000" in w.value) for w in app.warning] == [(True, True)]
    assert app.text_input(key="text").value == text


@pytest.mark.parametrize("page", WITH_BOX)
def test_half_a_character_is_mended_with_a_sentence(page, open_page):
    """Neither a browser nor AppTest can send one in a message, so it is put where the app would find it."""
    app = open_page(page, **WITH_BOX[page])
    app.session_state["text"] = "a\ud800b"
    app._run()
    assert not app.exception
    assert ["surrogate" in warning.value for warning in app.warning] == [True]
    assert app.text_input(key="text").value == "a\ufffdb"


def record(folder, name: str, content: bytes) -> None:
    """Put another file in, hash and all: only its content can tell that it does not belong."""
    (folder / name).write_bytes(content)
    about = json.loads((folder / CONFIG).read_text())
    about["sha256"][name] = hashlib.sha256(content).hexdigest()
    (folder / CONFIG).write_text(json.dumps(about))


def cut(folder):
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-1000])


def cut_with_its_hash(folder):
    record(folder, WEIGHTS, (folder / WEIGHTS).read_bytes()[:1000])


def alter_one_byte(folder):
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def another_shape(folder):
    about = json.loads((folder / CONFIG).read_text())
    about["config"]["d_ff"] += 1
    (folder / CONFIG).write_text(json.dumps(about))


def an_encoder(folder):
    """The story model's weights have the same names and sizes in an encoder, which says no next token."""
    about = json.loads((folder / CONFIG).read_text())
    about["config"]["shape"] = "encoder"
    (folder / CONFIG).write_text(json.dumps(about))


def a_huge_model(folder):
    about = json.loads((folder / CONFIG).read_text())
    about["config"]["n_layers"] = 20_000
    (folder / CONFIG).write_text(json.dumps(about))


def nested_without_end(folder):
    (folder / CONFIG).write_text("[" * 100_000)


def a_folder_for_the_weights(folder):
    (folder / WEIGHTS).unlink()
    (folder / WEIGHTS).mkdir()


def not_a_number(folder):
    tensors = load_file(folder / WEIGHTS)
    name = min(tensors)
    record(folder, WEIGHTS, save(tensors | {name: tensors[name] * float("nan")}))


def lose_weights(folder):
    (folder / WEIGHTS).unlink()


def lose_tokenizer(folder):
    (folder / TOKENIZER).unlink()


def lose_all(folder):
    shutil.rmtree(folder)


def break_config(folder):
    (folder / CONFIG).write_text("{")


def another_tokenizer(folder):
    tokenizer.train(["the cat sat on the mat"] * 5, folder / TOKENIZER, 280)


def another_tokenizer_with_its_hash(folder):
    another_tokenizer(folder)
    record(folder, TOKENIZER, (folder / TOKENIZER).read_bytes())


def no_tokenizer_at_all(folder):
    record(folder, TOKENIZER, b"not a tokenizer")


def lose_seen(folder):
    """Which sentences the translator has learnt from."""
    (folder / seen.FILE).unlink()


DAMAGE = {
    cut: WEIGHTS,
    cut_with_its_hash: WEIGHTS,
    alter_one_byte: WEIGHTS,
    another_shape: WEIGHTS,
    an_encoder: CONFIG,
    a_huge_model: CONFIG,
    nested_without_end: CONFIG,
    a_folder_for_the_weights: WEIGHTS,
    not_a_number: WEIGHTS,
    lose_weights: WEIGHTS,
    lose_tokenizer: TOKENIZER,
    lose_all: CONFIG,
    break_config: CONFIG,
    another_tokenizer: TOKENIZER,
    another_tokenizer_with_its_hash: TOKENIZER,
    no_tokenizer_at_all: TOKENIZER,
}


@pytest.fixture
def stories(tmp_path, monkeypatch, fresh_models):
    """A copy of the shipped model, which the app reads instead of it."""
    folder = tmp_path / "stories"
    shutil.copytree(checkpoints.MODELS / "stories", folder, ignore=shutil.ignore_patterns("run"))
    monkeypatch.setattr(checkpoints, "MODELS", tmp_path)
    monkeypatch.setattr(models, "warm_up", lambda: None)
    return folder


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_a_damaged_model_is_named_on_every_page(damage, stories, open_page):
    damage(stories)
    for page, link in WITH_BOX.items():
        app = open_page(page, **link)
        assert not app.exception
        assert len(app.error) == 1, page
        assert DAMAGE[damage] in app.error[0].value
        assert "\n" not in app.error[0].value


@pytest.fixture
def translate(tmp_path, monkeypatch, fresh_models):
    """All shipped models, copied: the translator is damaged, the others are as they were."""
    folder = tmp_path / "models"
    shutil.copytree(checkpoints.MODELS, folder, ignore=shutil.ignore_patterns("run"))
    monkeypatch.setattr(checkpoints, "MODELS", folder)
    monkeypatch.setattr(models, "warm_up", lambda: None)
    return folder / "translate"


TRANSLATING = {
    "pages/encoder_decoder/page.py": {},
    "pages/decoding/page.py": {"decoding_task": "Translate"},
    "pages/training/page.py": {"training_model": "translate"},
}


@pytest.mark.parametrize("damage", [*DAMAGE, lose_seen], ids=lambda damage: damage.__name__)
def test_a_damaged_translator_is_named_where_it_works(damage, translate, open_page):
    damage(translate)
    for page, link in TRANSLATING.items():
        app = open_page(page, **link)
        assert not app.exception, page
        if damage is lose_seen and page == "pages/training/page.py":  # it says nothing about that
            assert not app.error
            continue
        assert [DAMAGE.get(damage, seen.FILE) in error.value.replace("\\", "") for error in app.error] == [True], page


def test_the_copied_model_works(stories, open_page):
    """So that the tests above fail for the damage alone."""
    app = open_page()
    assert [*app.exception, *app.error] == []
