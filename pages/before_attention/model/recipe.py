"""The recipe of the models from before attention: six that recall a letter, two that say a sentence backwards.

    python -m pages.before_attention.model.recipe [NAME ...] [--out DIR] [--resume]

trains what the folder ships (all, or those that are named), each by the loop of core.training, with data drawn from a
seed. When all are there, weights (model.safetensors), their hash (config.json) and what was measured with the shipped
weights (measured.json) are written.
"""

import argparse
import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import safe_open
from safetensors.torch import save as save_tensors
from torch import nn

from core.checkpoints import CONFIG, WEIGHTS
from core.recipes import runs
from core.recurrent import fill
from core.training import Batch, Recipe, Trainer
from pages.before_attention.model import bottleneck, recall
from pages.before_attention.model.models import FOLDER, MEASURED, NAMES, PAIRS, blank, load

SEED, EVERY = 1, 500
DISTANCES = tuple(range(1, recall.LENGTH + 1))


class Plan(NamedTuple):
    """How one of the models is trained."""

    batch: Callable[..., Batch]
    recipe: Recipe


def recipe(steps: int, lr: float) -> Recipe:
    return Recipe(steps, lr, warmup=100, weight_decay=0.0, seed=SEED)


alone = partial(recall.batch, alone=True)
PLANS = {
    "rnn": Plan(recall.batch, recipe(10_000, 3e-3)),
    "lstm": Plan(recall.batch, recipe(10_000, 5e-3)),
    "attention": Plan(recall.batch, recipe(3_000, 3e-3)),
    "rnn alone": Plan(alone, recipe(3_000, 3e-3)),
    "lstm alone": Plan(alone, recipe(3_000, 3e-3)),
    "attention alone": Plan(alone, recipe(3_000, 3e-3)),
    "one vector": Plan(bottleneck.batch, recipe(3_000, 5e-3)),
    "all states": Plan(bottleneck.batch, recipe(3_000, 5e-3)),
}


def folder_of(run: Path, name: str) -> Path:
    return run / name.replace(" ", "-")


def train(name: str, run: Path, resume: bool = False) -> None:
    """Train one model, or go on with it; its checkpoint and log lie in run/NAME."""
    plan, folder = PLANS[name], folder_of(run, name)
    folder.mkdir(parents=True, exist_ok=True)
    model = fill(blank(name), torch.Generator().manual_seed(SEED))
    trainer = Trainer(model, plan.recipe, lambda step: plan.batch(step, seed=SEED))
    runs.train(trainer, folder, lambda step: None, (), EVERY, resume)


def publish(run: Path, out: Path) -> None:
    """All models' weights in float16 in one file, its hash, and what was measured with them."""
    tensors = {}
    for name in NAMES:
        with safe_open(folder_of(run, name) / runs.CHECKPOINT, "pt") as file:
            kept = [n for n in file.keys() if n.startswith("model.")]  # noqa: SIM118 (it is no dict)
            tensors |= {f"{name}/{n.removeprefix('model.')}": file.get_tensor(n).half() for n in kept}
    content = save_tensors(tensors)
    (out / WEIGHTS).write_bytes(content)
    hashes = {"sha256": {WEIGHTS: hashlib.sha256(content).hexdigest()}}
    (out / CONFIG).write_text(json.dumps(hashes, indent=2) + "\n", encoding="utf-8")
    found = {name: facts(name, run) | measure(name, load(name, out)) for name in NAMES}
    (out / MEASURED).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def facts(name: str, run: Path) -> dict:
    """The run: size, time, recipe, and the loss in its last steps, in nats per answer."""
    rows = runs.read_log(folder_of(run, name))
    last = [float(row["loss"]) for row in rows[-200:]]
    return runs.facts(rows, blank(name), PLANS[name].recipe) | {"loss": sum(last) / len(last)}


def measure(name: str, model: nn.Module) -> dict:
    """Accuracy by distance, or by length (letters right, sentences without a mistake)."""
    if name not in PAIRS:
        return {"accuracy": [recall.accuracy(model, k, name in recall.ALONE) for k in DISTANCES]}
    letters, sentences = zip(*(bottleneck.accuracy(model, n) for n in bottleneck.LENGTHS), strict=True)
    return {"letters": letters, "sentences": sentences}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m pages.before_attention.model.recipe", description=__doc__.split("\n")[0]
    )
    parser.add_argument("names", nargs="*", help=f"which models ({', '.join(PLANS)}); all if none is named")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the models go")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoints in OUT/run")
    chosen = parser.parse_args(arguments)
    if odd := set(chosen.names) - PLANS.keys():
        parser.error(f"there is no model {min(odd)!r}.")
    torch.set_num_threads(1)  # these models are too small for more
    run = chosen.out / "run"
    for name in chosen.names or PLANS:
        train(name, run, chosen.resume)
    if all((folder_of(run, name) / runs.CHECKPOINT).exists() for name in PLANS):
        publish(run, chosen.out)


if __name__ == "__main__":
    main()
