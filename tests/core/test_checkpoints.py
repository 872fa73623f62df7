"""A model comes back from disk as it went, and nothing but that model does."""

import hashlib
import json
import pickle
import random
import re
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from core import checkpoints, tokenizer
from core.checkpoints import CheckpointError
from core.config import Config
from core.transformer import build
from tests.core.same import shake

CONFIG = Config(vocab=300, d_model=12, n_heads=3, n_layers=2, d_ff=17, context=11)
WEIGHTS, SETTINGS, TOKENIZER = "model.safetensors", "config.json", "tokenizer.model"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    chance = random.Random(0)
    words = ["the", "little", "dog", "saw", "a", "big", "red", "ball", "and", "ran", "home"]
    text = [" ".join(chance.choices(words, k=9)) for _ in range(200)]
    return tokenizer.train(text, tmp_path_factory.mktemp("t") / "m", 300)


@pytest.fixture
def folder(tmp_path, tokens):
    """A saved model to spoil."""
    made = tmp_path / "owl"
    checkpoints.save(shake(build(CONFIG)), tokens, made)
    return made


def rewrite(folder, name: str, content: bytes) -> None:
    """Put other content in place, with the hash made right: only what it says can be wrong now."""
    (folder / name).write_bytes(content)
    settings = json.loads((folder / SETTINGS).read_text())
    settings["sha256"][name] = hashlib.sha256(content).hexdigest()
    (folder / SETTINGS).write_text(json.dumps(settings))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"shape": "encoder", "positions": "rotary", "n_kv_heads": 1},
        {"shape": "encoder_decoder", "norm_first": False, "positions": "sinusoidal", "scale_embedding": True},
        {"tied": False, "bias": False, "positions": "alibi", "activation": "relu", "norm_eps": 1e-6},
    ],
    ids=str,
)
def test_a_model_comes_back(tmp_path, tokens, changes):
    model = shake(build(replace(CONFIG, **changes)))
    checkpoints.save(model, tokens, tmp_path / "a" / "owl")
    loaded = checkpoints.load(tmp_path / "a" / "owl")
    assert type(loaded) is type(model) and loaded.config == model.config
    assert not loaded.training
    kept = dict(loaded.named_parameters())
    assert kept.keys() == dict(model.named_parameters()).keys()
    for name, parameter in model.named_parameters():
        assert kept[name].dtype == torch.float32 and not kept[name].requires_grad
        assert torch.equal(kept[name], parameter.half().float())
    ids = torch.tensor([[1, 5, 250]])
    given = (ids, ids) if model.config.shape == "encoder_decoder" else (ids,)
    output = [(m(*given).decoder if len(given) == 2 else m(*given)).output for m in (loaded, model)]
    assert (output[0] - output[1]).abs().max() < 0.2 * output[1].abs().max()


def test_the_tokenizer_comes_back(folder, tokens):
    again = checkpoints.load_tokenizer(folder)
    assert again.sha256 == tokens.sha256
    assert again.decode(again.encode("the little dog").ids) == "the little dog"


def test_a_shipped_model_has_a_name(folder, monkeypatch):
    monkeypatch.setattr(checkpoints, "MODELS", folder.parent)
    assert checkpoints.folder_of("owl") == folder
    assert checkpoints.load("owl").config == CONFIG
    with pytest.raises(CheckpointError, match=r"There is no model 'elk': config\.json is missing"):
        checkpoints.load("elk")


def test_further_weights_are_checked_too(tmp_path, tokens):
    model = shake(build(CONFIG))
    early = save_tensors({n: (2 * p.detach()).half() for n, p in model.named_parameters()})
    checkpoints.save(model, tokens, tmp_path / "owl", also={"early.safetensors": early})
    loaded = checkpoints.load(tmp_path / "owl", weights="early.safetensors")
    assert torch.equal(loaded.embedding.tokens, (2 * model.embedding.tokens).half().float())
    (tmp_path / "owl" / "early.safetensors").write_bytes(early[:-1])
    with pytest.raises(CheckpointError, match=r"early\.safetensors of the model 'owl' is not the file"):
        checkpoints.load(tmp_path / "owl", weights="early.safetensors")
    checkpoints.load(tmp_path / "owl")


# Weights that are not those


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def alter(content: bytes) -> bytes:
    at = len(content) - 5
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "spoil", [cut, alter, lambda c: b"", lambda c: c + b"\0"], ids=["cut", "byte", "empty", "longer"]
)
@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_file_that_is_not_the_one_shipped_is_refused(folder, name, spoil):
    (folder / name).write_bytes(spoil((folder / name).read_bytes()))
    load = checkpoints.load if name == WEIGHTS else checkpoints.load_tokenizer
    with pytest.raises(
        CheckpointError, match=rf"^{re.escape(name)} of the model 'owl' is not the file that was shipped"
    ):
        load(folder)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    load = checkpoints.load if name == WEIGHTS else checkpoints.load_tokenizer
    with pytest.raises(CheckpointError, match=rf"^{re.escape(name)} of the model 'owl' is missing\.$"):
        load(folder)


def refused(folder, message: str) -> None:
    with pytest.raises(CheckpointError, match=message):
        checkpoints.load(folder)


def with_tensors(folder, change) -> None:
    rewrite(folder, WEIGHTS, save_tensors(change(load_tensors((folder / WEIGHTS).read_bytes()))))


def test_another_shape_is_refused(folder):
    with_tensors(folder, lambda t: t | {"blocks.1.mlp.w_in": torch.zeros(12, 18)})
    refused(folder, r"model\.safetensors of the model 'owl': blocks\.1\.mlp\.w_in is \(12, 18\), expected \(12, 17\)")


def test_a_turned_tensor_is_refused(folder):
    with_tensors(folder, lambda t: t | {"blocks.1.mlp.w_in": t["blocks.1.mlp.w_in"].T.contiguous()})
    refused(folder, r"blocks\.1\.mlp\.w_in is \(17, 12\), expected \(12, 17\)")


def test_an_extra_tensor_is_refused(folder):
    with_tensors(folder, lambda t: t | {"blocks.2.norm1.weight": torch.zeros(12)})
    refused(folder, r"model\.safetensors of the model 'owl' has too many .* tensors: blocks\.2\.norm1\.weight")


def test_a_missing_tensor_is_refused(folder):
    with_tensors(folder, lambda t: {n: w for n, w in t.items() if n != "norm.bias"})
    refused(folder, r"model\.safetensors of the model 'owl' has .*too few tensors: norm\.bias")


@pytest.mark.parametrize("spoil", [cut, lambda c: b"", lambda c: b"no weights at all"], ids=["cut", "empty", "text"])
def test_a_file_that_holds_no_weights_is_refused(folder, spoil):
    rewrite(folder, WEIGHTS, spoil((folder / WEIGHTS).read_bytes()))
    refused(folder, r"^model\.safetensors of the model 'owl' is no safetensors file")


class Trap:
    sprung = False

    @staticmethod
    def spring():
        Trap.sprung = True

    def __reduce__(self):
        return Trap.spring, ()


def test_nothing_is_ever_unpickled(folder):
    rewrite(folder, WEIGHTS, pickle.dumps(Trap()))
    refused(folder, "is no safetensors file")
    assert not Trap.sprung


# A config that is none

NONSENSE = {
    "no json": "{",
    "no text": b"\xff\xfe\x00",
    "a list": "[]",
    "a number": "7",
    "nothing in it": "{}",
    "no config": '{"sha256": {}}',
    "no hashes": {"sha256": None},
    "hashes of another kind": {"sha256": 5},
    "hashes in a text": {"sha256": "abc"},
    "config is a list": {"config": [1]},
    "an unknown field": {"wings": 2},
    "vocab 0": {"vocab": 0},
    "vocab a text": {"vocab": "many"},
    "heads that do not divide": {"n_heads": 5},
    "no such shape": {"shape": "sphere"},
    "dropout over 1": {"dropout": 5},
    "dropout a text": {"dropout": "x"},
    "norm_eps below 0": {"norm_eps": -1.0},
    "larger than any memory": {"vocab": 10**15},
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_a_config_that_is_none_is_refused(folder, nonsense):
    settings = json.loads((folder / SETTINGS).read_text())
    if isinstance(nonsense, dict):
        place = settings if nonsense.keys() <= settings.keys() else settings["config"]
        place.update(nonsense)
        nonsense = json.dumps(settings)
    (folder / SETTINGS).write_bytes(nonsense if isinstance(nonsense, bytes) else nonsense.encode())
    refused(folder, r"^config\.json of the model 'owl'")


def test_a_field_that_is_missing_is_named(folder):
    settings = json.loads((folder / SETTINGS).read_text())
    del settings["config"]["d_model"]
    (folder / SETTINGS).write_text(json.dumps(settings))
    refused(folder, r"config\.json of the model 'owl' cannot be used: .*d_model")


def test_a_config_of_another_size_does_not_fit_the_weights(folder):
    settings = json.loads((folder / SETTINGS).read_text())
    settings["config"]["context"] = 12
    (folder / SETTINGS).write_text(json.dumps(settings))
    refused(folder, r"embedding\.positions is \(11, 12\), expected \(12, 12\)")


@pytest.mark.parametrize("change", [{"n_layers": 20_000}, {"d_model": 12_000, "n_heads": 12}, {"vocab": 10**12}])
def test_a_config_of_a_huge_model_is_refused_before_it_is_built(folder, change, monkeypatch):
    settings = json.loads((folder / SETTINGS).read_text())
    settings["config"] |= change
    (folder / SETTINGS).write_text(json.dumps(settings))
    monkeypatch.setattr(checkpoints, "blank", lambda config: pytest.fail("it was built"))
    refused(folder, r"config\.json of the model 'owl' describes another model than model\.safetensors holds")


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[]", "null", "3", '{"config": []}', '{"config": {"vocab": "' + "9" * 9999 + '"}}']
)
def test_a_config_that_is_none_is_refused_in_a_sentence(folder, text):
    (folder / SETTINGS).write_text(text)
    with pytest.raises(CheckpointError, match=r"^config\.json of the model 'owl' cannot be used: \S.{0,300}$"):
        checkpoints.load(folder)


@pytest.mark.parametrize("spoil", [lambda w: w * torch.nan, lambda w: w.int(), lambda w: w * 0 + torch.inf])
def test_weights_that_are_no_numbers_are_refused(folder, spoil):
    with_tensors(folder, lambda t: t | {"norm.bias": spoil(t["norm.bias"])})
    refused(folder, r"model\.safetensors of the model 'owl': norm\.bias holds what is no finite number")


@pytest.mark.parametrize("load", [checkpoints.load, checkpoints.load_tokenizer])
def test_a_missing_config_or_folder_is_named(folder, load):
    (folder / SETTINGS).unlink()
    with pytest.raises(CheckpointError, match=r"There is no model 'owl': config\.json is missing"):
        load(folder)
    with pytest.raises(CheckpointError, match=r"There is no model 'nowhere': config\.json is missing"):
        load(folder.parent / "nowhere")


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER])
def test_a_file_without_a_recorded_hash_is_refused(folder, name):
    settings = json.loads((folder / SETTINGS).read_text())
    del settings["sha256"][name]
    (folder / SETTINGS).write_text(json.dumps(settings))
    load = checkpoints.load if name == WEIGHTS else checkpoints.load_tokenizer
    with pytest.raises(CheckpointError, match=rf"No hash is recorded for {re.escape(name)} of the model 'owl'"):
        load(folder)


# A tokenizer of another model


def another(tmp_path, size: int) -> bytes:
    text = [f"one two three {i} four five" for i in range(300)]
    return tokenizer.train(text, tmp_path / "other", size).model


def test_the_tokenizer_of_another_model_is_refused(folder, tmp_path):
    (folder / TOKENIZER).write_bytes(another(tmp_path, 300))
    with pytest.raises(CheckpointError, match=r"tokenizer\.model of the model 'owl' is not the file that was shipped"):
        checkpoints.load_tokenizer(folder)


def test_a_tokenizer_of_another_size_is_refused(folder, tmp_path):
    rewrite(folder, TOKENIZER, another(tmp_path, 290))
    with pytest.raises(CheckpointError, match=r"tokenizer\.model has 290 pieces, but the model 'owl' knows 300"):
        checkpoints.load_tokenizer(folder)


@pytest.mark.parametrize("content", [b"", b"no tokenizer"])
def test_a_file_that_is_no_tokenizer_is_refused(folder, content):
    rewrite(folder, TOKENIZER, content)
    with pytest.raises(
        CheckpointError, match=r"tokenizer\.model of the model 'owl': this is not a sentencepiece model"
    ):
        checkpoints.load_tokenizer(folder)
