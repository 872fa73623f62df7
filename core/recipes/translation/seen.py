"""Which sentences the translator learnt from: fingerprints that tell, and from which the sentences cannot be read."""

import hashlib
from collections.abc import Iterable

import numpy as np
from safetensors.numpy import load, save

from core.recipes.translation.corpus import key
from core.recipes.translation.parts import Pair

FILE = "seen.safetensors"


def fingerprint(korean: str) -> int:
    """64 bits of the SHA-256 of the sentence's letters and digits."""
    return int.from_bytes(hashlib.sha256(key(korean).encode()).digest()[:8], "big")


def content(pairs: Iterable[Pair]) -> bytes:
    """The file for these pairs: the sorted fingerprints of their Korean sentences."""
    prints = sorted({fingerprint(pair.ko) for pair in pairs})
    return save({"seen": np.array(prints, dtype=np.uint64)})


def parse(file: bytes) -> np.ndarray:
    """The fingerprints (n,), sorted."""
    return load(file)["seen"]


def was_seen(korean: str, prints: np.ndarray) -> bool:
    """Whether a sentence with these letters and digits was learnt from; by chance one in 10¹⁴ is taken for another."""
    wanted = np.uint64(fingerprint(korean))
    at = int(np.searchsorted(prints, wanted))
    return at < len(prints) and bool(prints[at] == wanted)
