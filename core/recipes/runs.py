"""A training run on disk: what every recipe does around the loop.

In `run` lie a checkpoint, a log of every step and what was recorded at certain moments; from them a stopped run goes on
to the same result, and the files that ship are made.
"""

import csv
import hashlib
import json
import platform
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from tqdm import tqdm

from core.training import Recipe, Trainer, TrainStep
from core.transformer import count_parameters

CHECKPOINT, LOG = "checkpoint.safetensors", "steps.csv"


def read_text(corpus: Path) -> str:
    """The text to learn from. Raises ValueError, with a sentence, if it cannot be read or is not UTF-8."""
    try:
        return corpus.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{corpus} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{corpus} is not a text in UTF-8.") from error


def held_out(text: str, one_in: int) -> bool:
    """Whether this text is kept from training: decided by its SHA-256 alone, so the same whatever else there is."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % one_in == 0


def train(
    trainer: Trainer, run: Path, record: Callable[[int], None], moments: Iterable[int], every: int, resume: bool = False
) -> None:
    """Train to the end with a progress bar, saving `every` so many steps.

    `record(step)` is called before the first step, at the moments, and after the last step.
    """
    checkpoint, log, steps = run / CHECKPOINT, run / LOG, trainer.recipe.steps
    if resume and checkpoint.exists():
        trainer.resume(checkpoint)
        keep_until(log, trainer.step)
    else:
        log.write_text(",".join(TrainStep._fields) + "\n", encoding="utf-8")
        record(0)
    bar = tqdm(trainer, initial=trainer.step, total=steps, unit="step", smoothing=0.05)
    with log.open("a", newline="", encoding="utf-8") as file:
        for done in bar:
            csv.writer(file).writerow([f"{v:.6g}" for v in done])
            bar.set_postfix_str(f"loss {done.loss:.3f}, {done.tokens / done.seconds:,.0f} tokens/s")
            if done.step in moments or done.step == steps:
                record(done.step)
            if done.step % every == 0 or done.step == steps:
                file.flush()
                trainer.save(checkpoint)


def keep_until(log: Path, step: int) -> None:
    """Forget what was logged after the checkpoint: it will be done again.

    Raises ValueError if the log, a row for each step, lacks some that were done.
    """
    rows = log.read_text(encoding="utf-8").splitlines()[: step + 1] if log.exists() else []
    if len(rows) <= step:
        raise ValueError(f"{log.name} lacks steps that the checkpoint has. Begin without --resume.")
    log.write_text("\n".join(rows) + "\n", encoding="utf-8")


def record_attention(run: Path, step: int, weights: dict[str, Tensor]) -> None:
    save_file(weights, run / f"attention-{step}.safetensors")


def publish_attention(run: Path, out: Path, moments: Iterable[int], steps: int, sentences: object) -> None:
    """What was recorded at the moments, in one file: `step0.sentence0` and so on; moments and sentences beside it."""
    moments = sorted({m for m in moments if m <= steps} | {steps})
    seen = {f"step{m}.{n}": t for m in moments for n, t in load_file(run / f"attention-{m}.safetensors").items()}
    about = {"moments": json.dumps(moments), "sentences": json.dumps(sentences)}
    save_file(seen, out / "attention.safetensors", metadata=about)


def facts(rows: list[dict[str, str]], model: nn.Module, recipe: Recipe) -> dict:
    """What measured.json says of every run."""
    return {
        "parameters": count_parameters(model),
        "tokens_trained": sum(int(float(r["tokens"])) for r in rows),
        "minutes": sum(float(r["seconds"]) for r in rows) / 60,
        "threads": torch.get_num_threads(),
        "machine": f"{platform.machine()}, torch {torch.__version__}",
        "recipe": asdict(recipe),
    }


def read_log(run: Path) -> list[dict[str, str]]:
    with (run / LOG).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_curve(rows: list[dict[str, str]], path: Path, points: int = 300) -> None:
    """The loss curve, averaged over equal stretches of steps."""
    width = max(1, len(rows) // points)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["step", "loss", "lr"])
        for i in range(0, len(rows), width):
            part = rows[i : i + width]
            out.writerow([part[-1]["step"], f"{sum(float(r['loss']) for r in part) / len(part):.4f}", part[-1]["lr"]])
