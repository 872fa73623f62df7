"""What a benchmark prints, and writes as JSON if it is asked to."""

import json
import os
import platform
from pathlib import Path


def report(found: dict, path: str | None) -> None:
    found = {"machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}", **found}
    text = json.dumps(rounded(found), indent=2)
    print(text)
    if path:
        Path(path).write_text(text + "\n", encoding="utf-8")


def percentile(values: list[float], percent: float) -> float:
    """By the nearest rank."""
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


def rounded(found):
    """Four figures say all that a measurement can."""
    if isinstance(found, dict):
        return {name: rounded(value) for name, value in found.items()}
    return float(f"{found:.4g}") if isinstance(found, float) else found
