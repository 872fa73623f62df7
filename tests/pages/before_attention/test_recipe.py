"""The recipe of the models from before attention: a run of a few steps leaves what ships, and goes on to the same."""

import json

import pytest
import torch

from core.checkpoints import CheckpointError
from core.training import Recipe
from pages.before_attention.model import models, recipe


@pytest.fixture
def short(monkeypatch):
    """Two steps each, and nothing measured but that there is something to measure."""
    plans = {name: plan._replace(recipe=Recipe(2, 1e-3)) for name, plan in recipe.PLANS.items()}
    monkeypatch.setattr(recipe, "PLANS", plans)
    monkeypatch.setattr(recipe, "measure", lambda name, model: {"weights": sum(1 for _ in model.parameters())})


def test_every_model_has_a_plan():
    assert tuple(recipe.PLANS) == models.NAMES == tuple(models.measured())


def test_a_run_leaves_what_ships(short, tmp_path):
    recipe.main(["--out", str(tmp_path)])
    written = json.loads((tmp_path / "measured.json").read_text())
    assert tuple(written) == models.NAMES
    for name, found in written.items():
        model = models.load(name, tmp_path)
        assert found["recipe"]["steps"] == 2 and found["parameters"] == sum(p.numel() for p in model.parameters())
    before = (tmp_path / "model.safetensors").read_bytes()
    recipe.main(["--out", str(tmp_path), "--resume"])
    assert (tmp_path / "model.safetensors").read_bytes() == before


def test_the_same_seed_gives_the_same_weights(short, tmp_path):
    for folder in ("a", "b"):
        recipe.train("lstm", tmp_path / folder)
    one, other = ((tmp_path / f / "lstm" / "checkpoint.safetensors").read_bytes() for f in ("a", "b"))
    assert one == other


def test_a_model_that_is_none_is_refused(capsys):
    with pytest.raises(SystemExit):
        recipe.main(["transformer"])
    assert "no model 'transformer'" in capsys.readouterr().err


def test_a_folder_without_models_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="missing"):
        models.load("rnn", tmp_path)


def test_shipped_weights_are_float32_when_loaded():
    model = models.load("lstm")
    assert all(p.dtype == torch.float32 and not p.requires_grad for p in model.parameters())


def test_weights_of_another_shape_are_refused(monkeypatch):
    """A row would be copied into each row of a matrix without a word."""
    shipped = models.weights(models.FOLDER)
    name = next(n for n, w in shipped.items() if n.startswith("rnn/") and w.dim() == 2)
    monkeypatch.setattr(models, "weights", lambda folder: shipped | {name: shipped[name][:1]})
    with pytest.raises(CheckpointError, match="has other tensors than 'rnn' needs"):
        models.load("rnn")
