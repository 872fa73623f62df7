"""Models on disk: a folder with config.json, model.safetensors (float16) and tokenizer.model, all checked when read.

Nothing is ever unpickled. config.json records the SHA-256 of the other two, so that a file that was cut short, altered
or swapped is refused with a sentence instead of giving wrong numbers.
"""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import nn

from core import costs
from core.config import Config
from core.tokenizer import Tokenizer
from core.transformer import blank

MODELS = Path(__file__).parent.parent / "assets" / "models"
MOST_SAID = 300  # characters of an error that are passed on
CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.model"


class CheckpointError(ValueError):
    """A model that cannot be used, with the file and what is wrong with it."""


def folder_of(name_or_path: str | Path) -> Path:
    """The folder of a shipped model's name ("stories"), or the path itself."""
    shipped = MODELS / name_or_path
    return shipped if shipped.is_dir() else Path(name_or_path)


def save(model: nn.Module, tokenizer: Tokenizer, folder: Path, also: dict[str, bytes] | None = None) -> None:
    """Write the model in float16 with its tokenizer and their hashes; `also`: further weights by file name."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = save_tensors({n: p.detach().half().contiguous() for n, p in model.named_parameters()})
    files = {WEIGHTS: weights, TOKENIZER: tokenizer.model, **(also or {})}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    text = json.dumps({"config": asdict(model.config), "sha256": hashes}, indent=2)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")


def load(name_or_path: str | Path, weights: str = WEIGHTS, shape: str = "") -> nn.Module:
    """The model in float32, ready to be asked. `weights` may name another recorded file; `shape` is the one expected.

    Raises CheckpointError if a file is missing, is not the recorded one, or does not fit the configuration.
    """
    folder = folder_of(name_or_path)
    config, hashes = read_config(folder)
    if shape and config.shape != shape:
        raise CheckpointError(
            f"{CONFIG} of the model '{folder.name}' is of the shape {config.shape}; expected {shape}."
        )
    content = read_checked(folder / weights, hashes.get(weights))
    try:
        tensors = load_tensors(content)
    except SafetensorError as error:
        raise CheckpointError(f"{weights} of the model '{folder.name}' is no safetensors file: {error}") from error
    held, told = sum(x.numel() for x in tensors.values()), costs.total(costs.parameters(costs.of(config)))
    if told > 2 * held or config.n_layers > len(tensors):  # said before a model is built that no machine can hold
        raise CheckpointError(f"{CONFIG} of the model '{folder.name}' describes another model than {weights} holds.")
    model = blank(config)
    expected = dict(model.named_parameters())
    if odd := expected.keys() ^ tensors.keys():
        raise CheckpointError(f"{weights} of the model '{folder.name}' has too many or too few tensors: {min(odd)}.")
    with torch.no_grad():
        for name, parameter in expected.items():
            if tensors[name].shape != parameter.shape:
                got, want = tuple(tensors[name].shape), tuple(parameter.shape)
                raise CheckpointError(f"{weights} of the model '{folder.name}': {name} is {got}, expected {want}.")
            if not (tensors[name].is_floating_point() and tensors[name].isfinite().all()):
                raise CheckpointError(f"{weights} of the model '{folder.name}': {name} holds what is no finite number.")
            parameter.copy_(tensors[name])
    return model.requires_grad_(False).eval()


def load_tokenizer(name_or_path: str | Path) -> Tokenizer:
    """The tokenizer that belongs to the model. Raises CheckpointError if it is missing or is another one."""
    folder = folder_of(name_or_path)
    config, hashes = read_config(folder)
    content = read_checked(folder / TOKENIZER, hashes.get(TOKENIZER))
    try:
        tokenizer = Tokenizer(content)
    except ValueError as error:
        raise CheckpointError(f"{TOKENIZER} of the model '{folder.name}': {error}") from error
    if tokenizer.vocab != config.vocab:
        raise CheckpointError(
            f"{TOKENIZER} has {tokenizer.vocab} pieces, but the model '{folder.name}' knows {config.vocab}: "
            "they do not belong together."
        )
    return tokenizer


def read_config(folder: Path) -> tuple[Config, dict[str, str]]:
    """config.json as a Config and the recorded hashes by file name."""
    try:
        content = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        return Config(**content["config"]), dict(content["sha256"])
    except FileNotFoundError as error:
        raise CheckpointError(f"There is no model '{folder.name}': {CONFIG} is missing.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = str(error)[:MOST_SAID] or type(error).__name__
        raise CheckpointError(f"{CONFIG} of the model '{folder.name}' cannot be used: {said}") from error


def read_checked(path: Path, recorded: str | None) -> bytes:
    """The file's bytes if their SHA-256 is the recorded one."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CheckpointError(f"{path.name} of the model '{path.parent.name}' is missing.") from error
    if recorded is None:
        raise CheckpointError(f"No hash is recorded for {path.name} of the model '{path.parent.name}'.")
    if hashlib.sha256(content).hexdigest() != recorded:
        raise CheckpointError(
            f"{path.name} of the model '{path.parent.name}' is not the file that was shipped "
            "(its SHA-256 differs): please fetch it again."
        )
    return content


def read_file(name_or_path: str | Path, name: str) -> bytes:
    """Any further file that is recorded with a model. Raises CheckpointError if it is missing or is another one."""
    folder = folder_of(name_or_path)
    _config, hashes = read_config(folder)
    return read_checked(folder / name, hashes.get(name))
