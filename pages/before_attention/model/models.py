"""The shipped models from before attention: six that recall a letter, two that say a sentence backwards."""

import json
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load as load_tensors
from torch import nn

from core.checkpoints import CONFIG, MODELS, WEIGHTS, CheckpointError, read_checked
from pages.before_attention.model import recall
from pages.before_attention.model.bottleneck import Pair

FOLDER, MEASURED = MODELS / "before", "measured.json"
PAIRS = {"one vector": False, "all states": True}  # whether the decoder has attention
NAMES = (*recall.KINDS, *recall.ALONE, *PAIRS)


def blank(name: str) -> nn.Module:
    """A model of this name whose weights are still to be filled in."""
    return Pair(PAIRS[name]) if name in PAIRS else recall.blank(name)


def load(name: str, folder: Path = FOLDER) -> nn.Module:
    """One of the shipped models in float32. Raises CheckpointError if the file is missing or is another one."""
    prefix = f"{name}/"
    shipped = {n.removeprefix(prefix): w for n, w in weights(folder).items() if n.startswith(prefix)}
    model = blank(name)
    shapes = {n: p.shape for n, p in model.named_parameters()}
    if {n: x.shape for n, x in shipped.items()} != shapes:
        raise CheckpointError(f"{WEIGHTS} of the models '{folder.name}' has other tensors than '{name}' needs.")
    with torch.no_grad():
        for n, parameter in model.named_parameters():
            parameter.copy_(shipped[n])
    return model.requires_grad_(False).eval()


def weights(folder: Path) -> dict[str, torch.Tensor]:
    """All tensors of the folder. Raises CheckpointError."""
    try:
        recorded = json.loads((folder / CONFIG).read_text(encoding="utf-8"))["sha256"][WEIGHTS]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{CONFIG} of the models '{folder.name}' is missing or cannot be used.") from error
    return load_tensors(read_checked(folder / WEIGHTS, recorded))


@cache
def measured() -> dict:
    """What was measured with the shipped models, by their names. Raises CheckpointError if that is missing."""
    try:
        return json.loads((FOLDER / MEASURED).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{MEASURED} of the models '{FOLDER.name}' is missing or cannot be used.") from error
