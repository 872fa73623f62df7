"""Teaching a model: the loss, the schedule, and a loop that yields after every step.

    python -m core.training stories --corpus FILE [--out DIR] [--resume]
    python -m core.training translate --corpus PAIRS.tsv [--out DIR] [--resume]

train again what the project ships (see the model's card in assets/models/). The loop itself knows no task: it takes a
model and a function that gives the batch of each step, so it trains a toy as well as a shipped model.
"""

import argparse
import hashlib
import importlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

RECIPES = {"stories": "core.recipes.stories", "translate": "core.recipes.translation.recipe"}
IGNORE = -100  # a target that does not count: padding


class Batch(NamedTuple):
    """What one step learns from: the model's inputs, and for each output position the token that should come."""

    inputs: tuple[Tensor, ...]  # each (batch, t)
    targets: Tensor  # (batch, t), IGNORE where nothing is to be learnt


class TrainStep(NamedTuple):
    step: int  # from 1
    loss: float  # nats per token, smoothing included
    lr: float
    gradient_norm: float  # before clipping
    tokens: int  # targets in this batch
    seconds: float


@dataclass(frozen=True)
class Recipe:
    """How to train. Raises ValueError for values that cannot be meant."""

    steps: int
    lr: float
    warmup: int = 0
    label_smoothing: float = 0.0
    weight_decay: float = 0.1
    clip: float = 1.0
    seed: int = 0
    bf16: bool = False  # matrix products in bfloat16; weights and optimizer stay float32
    muon: bool = False  # orthogonalised updates for the matrices within the blocks

    def __post_init__(self):
        if self.steps < 1 or self.warmup < 0 or not 0 < self.lr < math.inf:
            raise ValueError(f"steps and lr must be above 0, warmup at least 0; got {self}.")
        if not (0 <= self.label_smoothing <= 1 and 0 <= self.weight_decay < math.inf and self.clip > 0):
            raise ValueError(f"label_smoothing lies from 0 to 1, weight_decay from 0 up, clip above 0; got {self}.")


def cross_entropy(logits: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Mean of -log p(target) over all targets but IGNORE, in nats. (batch, t, vocab), (batch, t) -> ()

    Raises ValueError if no target counts: there is no mean of nothing.
    """
    if not (targets != IGNORE).any():
        raise ValueError("there is nothing to learn: every target is padding.")
    return nn.functional.cross_entropy(
        logits.flatten(0, -2).float(), targets.flatten(), ignore_index=IGNORE, label_smoothing=label_smoothing
    )


def learning_rate(recipe: Recipe, step: int) -> float:
    """A straight line up during the warm-up, then half a cosine down to 0 (arXiv 1608.03983). step counts from 1."""
    if step <= recipe.warmup:
        return recipe.lr * step / recipe.warmup
    done = (step - recipe.warmup) / max(1, recipe.steps - recipe.warmup)
    return recipe.lr * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def optimizers(model: nn.Module, recipe: Recipe) -> list[torch.optim.Optimizer]:
    """AdamW (arXiv 1711.05101), no decay on biases and norms; Muon for the blocks' matrices if the recipe says so."""
    named = list(model.named_parameters())
    inner = [p for n, p in named if recipe.muon and "blocks." in n and p.dim() == 2]
    taken = {id(p) for p in inner}
    rest = [p for _, p in named if id(p) not in taken]
    groups = [
        {"params": [p for p in rest if p.dim() >= 2], "weight_decay": recipe.weight_decay},
        {"params": [p for p in rest if p.dim() < 2], "weight_decay": 0.0},
    ]
    made: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=recipe.lr, betas=(0.9, 0.98))]
    if inner:
        # "match_rms_adamw" scales the update so that AdamW's learning rate serves both (arXiv 2502.16982)
        made.append(
            torch.optim.Muon(inner, lr=recipe.lr, weight_decay=recipe.weight_decay, adjust_lr_fn="match_rms_adamw")
        )
    return made


class Trainer:
    """A run that can be stopped anywhere and taken up again with the same result (same machine, threads and torch)."""

    def __init__(self, model: nn.Module, recipe: Recipe, batch: Callable[[int], Batch], forward=None):
        """`batch(step)` must give the same batch for the same step; `forward` may be a compiled form of the model."""
        self.model, self.recipe, self.batch = model, recipe, batch
        self.forward = model if forward is None else forward
        self.optimizers = optimizers(model, recipe)
        self.step = 0

    def __iter__(self) -> Iterator[TrainStep]:
        while self.step < self.recipe.steps:
            yield self.advance()

    def advance(self) -> TrainStep:
        """One step. Raises FloatingPointError, weights untouched, if loss or gradient are no longer numbers."""
        began, recipe, step = time.perf_counter(), self.recipe, self.step + 1
        inputs, targets = self.batch(step)
        self.model.train()
        amp = torch.autocast("cpu", torch.bfloat16) if recipe.bf16 else nullcontext()
        with torch.random.fork_rng(devices=[]):  # dropout draws from the global generator only
            torch.manual_seed(recipe.seed * 1_000_003 + step)
            with amp:
                logits = self.forward(*inputs).logits
            loss = cross_entropy(logits, targets, recipe.label_smoothing)
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.model.parameters(), recipe.clip)
        if not math.isfinite(loss.item() + norm.item()):
            raise FloatingPointError(
                f"At step {step} the loss is no longer a number: the learning rate {recipe.lr:g} is too high. Lower it."
            )
        lr = learning_rate(recipe, step)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = lr
            optimizer.step()
        self.step = step
        counted = int((targets != IGNORE).sum())
        return TrainStep(step, loss.item(), lr, norm.item(), counted, time.perf_counter() - began)

    def save(self, path: Path) -> None:
        """Weights, optimizer state and step in one safetensors file, put in place whole."""
        tensors = {f"model.{n}": p.detach() for n, p in self.model.named_parameters()}
        for o, optimizer in enumerate(self.optimizers):
            for i, state in optimizer.state_dict()["state"].items():
                tensors |= {f"optimizer.{o}.{i}.{n}": torch.as_tensor(v) for n, v in state.items()}
        tensors = {n: t.contiguous().clone() for n, t in tensors.items()}
        about = {"step": self.step, "data": self.data, "recipe": asdict(self.recipe)}
        run = json.dumps(about)  # one entry: of several the order would be chance
        save_file(tensors, path.with_suffix(".part"), metadata={"run": run})
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> None:
        """Go on from `save`'s file.

        Raises ValueError, with nothing changed, if it cannot be read, or if model, recipe or data were others.
        """
        try:
            with safe_open(path, "pt") as file:
                tensors = {n: file.get_tensor(n) for n in file.keys()}  # noqa: SIM118 (it is no dict)
                run = json.loads((file.metadata() or {}).get("run", "{}"))
        except (OSError, SafetensorError, ValueError, RecursionError) as error:
            raise ValueError(f"{path.name} cannot be read: {error}. Begin without --resume.") from error
        if odd := self.misfits(tensors):
            raise ValueError(f"{path.name} holds another model or recipe: {min(odd)} does not fit.")
        then = run.get("recipe", {}) if isinstance(run, dict) and type(run.get("step")) is int else None
        if then is None:
            raise ValueError(f"{path.name} does not say how far it got. Begin without --resume.")
        if other := [name for name, value in asdict(self.recipe).items() if then.get(name) != value]:
            said = ", ".join(f"{name} was {then.get(name)}" for name in other)
            raise ValueError(f"{path.name} is of another recipe ({said}). Begin without --resume.")
        if run.get("data") != self.data:
            raise ValueError(f"{path.name} is of a run on other data: take its corpus, or begin without --resume.")
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(tensors[f"model.{name}"])
        for o, optimizer in enumerate(self.optimizers):
            whole = optimizer.state_dict()
            for name, tensor in tensors.items():
                if name.startswith(f"optimizer.{o}."):
                    _, _, i, field = name.split(".")
                    whole["state"].setdefault(int(i), {})[field] = tensor
            optimizer.load_state_dict(whole)
        self.step = run["step"]

    @cached_property
    def data(self) -> str:
        """What tells one corpus from another: the SHA-256 of the first batch."""
        inputs, targets = self.batch(1)
        return hashlib.sha256(b"".join(x.numpy().tobytes() for x in (*inputs, targets))).hexdigest()

    def misfits(self, tensors: dict[str, Tensor]) -> set[str]:
        """Names of weights that are missing, and of tensors that are as large as no parameter of ours by that name."""
        owners = {f"model.{n}": p for n, p in self.model.named_parameters()}
        odd = owners.keys() - tensors.keys()
        for o, optimizer in enumerate(self.optimizers):
            held = (p for group in optimizer.param_groups for p in group["params"])
            owners |= {f"optimizer.{o}.{i}": p for i, p in enumerate(held)}
        for name, tensor in tensors.items():
            owner = owners.get(name if name in owners else name.rpartition(".")[0])
            if owner is None or (tensor.dim() and tensor.shape != owner.shape):  # AdamW counts its steps in a scalar
                odd.add(name)
        return odd


def cpu_has_bf16() -> bool:
    """Whether this processor multiplies bfloat16 by itself; elsewhere it would be slower than float32."""
    return torch.backends.mkldnn.is_available() and torch.ops.mkldnn._is_mkldnn_bf16_supported()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m core.training", description=__doc__.split("\n")[0])
    tasks = parser.add_subparsers(dest="task", required=True)
    stories = tasks.add_parser("stories", help="the story model: a decoder that writes short English stories")
    stories.add_argument("--corpus", type=Path, required=True, help="stories separated by lines of <|endoftext|>")
    translate = tasks.add_parser("translate", help="the translator: an encoder-decoder from Korean to English")
    translate.add_argument("--corpus", type=Path, required=True, help="lines of Korean, a tab, English")
    for task, folder in ((stories, "stories"), (translate, "translate")):
        out = Path("assets/models") / folder
        task.add_argument("--out", type=Path, default=out, help="where the model goes")
        task.add_argument("--resume", action="store_true", help="go on from the last checkpoint in OUT/run")
        task.add_argument("--threads", type=int, default=torch.get_num_threads())
        task.add_argument("--steps", type=int, help="fewer steps than the recipe, to try it out; then with --out")
    chosen = parser.parse_args(arguments)
    torch.set_num_threads(chosen.threads)
    make = importlib.import_module(RECIPES[chosen.task]).make  # the task's own imports are not the loop's
    try:
        make(chosen.corpus, chosen.out, resume=chosen.resume, steps=chosen.steps)
    except (ValueError, FloatingPointError) as error:  # each says in a sentence what is wrong
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command with --resume goes on from the last checkpoint.")


if __name__ == "__main__":
    main()
