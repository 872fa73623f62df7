"""How the attention of a few sentences looked while a shipped model learnt: recorded at certain steps."""

import csv
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from safetensors import SafetensorError, safe_open

from core.checkpoints import CheckpointError, folder_of

FILE, CURVE = "attention.safetensors", "training.csv"


class Recorded(NamedTuple):
    moments: tuple[int, ...]  # steps of training
    sentences: tuple[Any, ...]  # a text each, or a pair of them
    weights: dict[tuple[int, int], np.ndarray]  # by moment and sentence: (n_layers, n_heads, t_q, t_k)


@lru_cache(maxsize=4)
def load(name: str | Path) -> Recorded:
    """Raises CheckpointError, with a sentence for the page, if the file cannot be used."""
    path = folder_of(name) / FILE
    try:
        with safe_open(path, "np") as file:
            about = {key: json.loads(text) for key, text in (file.metadata() or {}).items()}
            moments, sentences = tuple(about["moments"]), tuple(about["sentences"])
            cells = [(m, s) for m in moments for s in range(len(sentences))]
            weights = {(m, s): file.get_tensor(f"step{m}.sentence{s}").astype(np.float32) for m, s in cells}
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise CheckpointError(f"{FILE} of the model '{path.parent.name}' cannot be read: {error}") from error
    return Recorded(moments, sentences, weights)


@lru_cache(maxsize=4)
def curve(name: str | Path) -> list[tuple[int, float, float]]:
    """The loss while the model was trained: step, loss, learning rate. Raises CheckpointError as `load` does."""
    path = folder_of(name) / CURVE
    try:
        with path.open(encoding="utf-8") as file:
            return [(int(r["step"]), float(r["loss"]), float(r["lr"])) for r in csv.DictReader(file)]
    except (OSError, KeyError, ValueError) as error:
        raise CheckpointError(f"{CURVE} of the model '{path.parent.name}' cannot be read: {error}") from error


def recipe(name: str | Path) -> dict[str, Any]:
    """The settings of the run, from measured.json. Raises CheckpointError as `load` does."""
    path = folder_of(name) / "measured.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))["recipe"]
    except (OSError, KeyError, ValueError) as error:
        raise CheckpointError(f"{path.name} of the model '{path.parent.name}' cannot be read: {error}") from error


def sharpness(weights: np.ndarray) -> float:
    """The mean, over heads and queries that have a choice, of the largest weight in a row; 1: all on one key."""
    return float(weights[..., 1:, :].max(-1).mean()) if weights.shape[-2] > 1 else float(weights.max(-1).mean())
