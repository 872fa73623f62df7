"""The recipe of the translator: the encoder-decoder of 2017, small, from Korean to English.

    python -m core.training translate --corpus PAIRS.tsv

A third of what it learns from is real sentence pairs, the rest is made by the grammar, whose families are drawn evenly.
Beside weights and tokenizer the run leaves the loss curve (training.csv), what was measured (measured.json), and how
the cross-attention of a few sentences looked at twelve moments (attention.safetensors).
"""

import json
from dataclasses import replace
from pathlib import Path

import sentencepiece as spm
import torch
from torch import Tensor

from core import checkpoints, tokenizer
from core.config import Config
from core.recipes import runs
from core.recipes.translation import seen
from core.recipes.translation.corpus import REAL, Corpus, corpus
from core.recipes.translation.grammar import OPENING
from core.recipes.translation.parts import Draw, Pair
from core.recipes.translation.translator import padded, source_ids, source_mask, target_ids, translate
from core.tokenizer import EOS, SOS, Tokenizer
from core.training import IGNORE, Batch, Recipe, Trainer, cpu_has_bf16
from core.transformer import EncoderDecoder, build

CONFIG = Config(
    vocab=4000,
    d_model=160,
    n_heads=4,
    n_layers=3,
    d_ff=640,
    context=64,
    shape="encoder_decoder",
    activation="relu",
    dropout=0.2,
)
RECIPE = Recipe(steps=6000, lr=5e-3, warmup=200, label_smoothing=0.1, seed=7, muon=True)
EACH = {REAL: 32, "grammar": 64}  # pairs in a batch
POOL = 32  # batches whose sentences are sorted by length together
WAYS, FLATNESS = 8, 0.3  # ways to cut a real sentence into pieces; 0 would make them all equally likely
LONGEST = 48  # pieces of a sentence; the few longer pairs are left out
EVERY = 100  # steps between checkpoints
MOMENTS = (0, 25, 50, 100, 200, 400, 700, 1200, 2000, 3000, 4500)  # and the end: when attention is recorded
SENTENCES = (
    OPENING,
    Pair("저는 어제 친구와 영화를 봤어요.", "I watched a movie with a friend yesterday."),
    Pair("톰은 메리에게 꽃을 줬다.", "Tom gave Mary a flower."),
    Pair("책상 위에 책이 두 권 있어요.", "There are two books on the desk."),
)
TESTED = 40  # unseen sentences of each family that are translated in the end


class Cutter:
    """Ways to cut a sentence into pieces: one of the best, by chance (subword regularisation, arXiv 1804.10959)."""

    def __init__(self, tokens: Tokenizer):
        self.model = spm.SentencePieceProcessor(model_proto=tokens.model)
        self.known: dict[str, tuple[list[list[int]], list[float]]] = {}

    def ways(self, text: str) -> tuple[list[list[int]], list[float]]:
        """The best ways, and their chances summed up; each is proportional to p ** FLATNESS."""
        if text not in self.known:
            found = self.model.nbest_encode(tokenizer.escape(text), nbest_size=WAYS, out_type=int)
            logs = torch.tensor([sum(map(self.model.get_score, ids)) for ids in found], dtype=torch.float64)
            self.known[text] = found, (logs * FLATNESS).softmax(0).cumsum(0).tolist()
        return self.known[text]

    def cut(self, text: str, draw: Draw) -> list[int]:
        ways, reached = self.ways(text)
        at = draw.random()
        return next((way for way, end in zip(ways, reached, strict=True) if at < end), ways[-1])


class Batches:
    """Batches of real pairs and pairs of the grammar; each epoch brings every real pair once."""

    def __init__(self, train: dict[str, list[Pair]], tokens: Tokenizer, seed: int):
        self.real = train[REAL]
        self.families = [family for name, family in train.items() if name != REAL]
        self.tokens, self.cutter, self.seed = tokens, Cutter(tokens), seed
        self.made: list[tuple[list[Pair], list[Pair]]] = []
        self.epoch = 0

    def __call__(self, step: int) -> Batch:
        """The batch of this step, counted from 1: the same whenever it is asked for."""
        while len(self.made) < step:
            self.made += self.shuffled(Draw(f"{self.seed} epoch {self.epoch}"))
            self.epoch += 1
        (real, made), draw = self.made[step - 1], Draw(f"{self.seed} step {step}")
        return collate([self.ids(pair, draw) for pair in real] + [self.ids(pair, None) for pair in made])

    def shuffled(self, draw: Draw) -> list[tuple[list[Pair], list[Pair]]]:
        """An epoch: batches of real pairs and of made ones, both of like length."""
        real, batches = shuffle(self.real, draw), []
        for i in range(0, len(real), POOL * EACH[REAL]):
            pool = real[i : i + POOL * EACH[REAL]]
            count = len(pool) * EACH["grammar"] // EACH[REAL]
            made = [draw.one(draw.one(self.families)) for _ in range(count)]
            batches += zip(parts(pool, EACH[REAL]), parts(made, EACH["grammar"]), strict=True)
        return shuffle(batches, draw)

    def ids(self, pair: Pair, draw: Draw | None) -> tuple[list[int], list[int]]:
        """Source and target; with chance, cut into pieces in one of the best ways."""
        if draw is None:
            return source_ids(self.tokens, pair.ko), target_ids(self.tokens, pair.en)
        return [*self.cutter.cut(pair.ko, draw), EOS], [SOS, *self.cutter.cut(pair.en, draw), EOS]


def parts(pairs: list[Pair], size: int) -> list[list[Pair]]:
    """Parts of so many pairs, the short ones together."""
    ordered = sorted(pairs, key=length)
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


def length(pair: Pair) -> int:
    return len(pair.ko) * 2 + len(pair.en)  # a Korean syllable is about two letters


def shuffle(items: list, draw: Draw) -> list:
    """A new order by `random()` alone, which every Python repeats."""
    return [items[i] for _, i in sorted((draw.random(), i) for i in range(len(items)))]


def collate(pairs: list[tuple[list[int], list[int]]]) -> Batch:
    """The decoder reads all but the last token of the target and learns all but the first; padding counts nothing."""
    sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
    inputs = padded(sources), padded([t[:-1] for t in targets]), source_mask(sources)
    return Batch(inputs, padded([t[1:] for t in targets], IGNORE))


def vocabulary(train: dict[str, list[Pair]], path: Path, seed: int) -> Tokenizer:
    """One vocabulary for both languages, learnt from the real pairs and as many of the grammar."""
    draw = Draw(f"{seed} vocabulary")
    families = [family for name, family in train.items() if name != REAL]
    made = [draw.one(draw.one(families)) for _ in train[REAL]]
    texts = (side for pair in (*train[REAL], *made) for side in pair)
    return tokenizer.train(texts, path, CONFIG.vocab, "unigram", split_digits=True)


def fitting(part: dict[str, list[Pair]], tokens: Tokenizer) -> dict[str, list[Pair]]:
    """The pairs that the model can read; those of the grammar are all short."""
    short = [pair for pair in part[REAL] if all(len(tokens.encode(side).ids) <= LONGEST for side in pair)]
    return part | {REAL: short}


@torch.no_grad()
def attention_now(model: EncoderDecoder, tokens: Tokenizer) -> dict[str, Tensor]:
    """The cross-attention of the sentences, the right translation given: (layer, head, query, key), float16."""
    model.eval()
    found = {}
    for i, pair in enumerate(SENTENCES):
        source, target = source_ids(tokens, pair.ko), target_ids(tokens, pair.en)[:-1]
        trace = model(torch.tensor([source]), torch.tensor([target])).decoder
        found[f"sentence{i}"] = torch.cat([block.cross.heads.weights for block in trace.blocks]).half()
    return found


def make(path: Path, out: Path, resume: bool = False, steps: int | None = None) -> None:
    """Train, measure and write everything that ships to `out`; what a resumed run needs lies in `out`/run."""
    recipe = replace(RECIPE, steps=RECIPE.steps if steps is None else steps, bf16=cpu_has_bf16())
    run = out / "run"
    run.mkdir(parents=True, exist_ok=True)
    pairs = corpus(path)
    tokens = vocabulary(pairs.train, run / "tokenizer.model", recipe.seed)
    pairs = Corpus(*(fitting(part, tokens) for part in pairs))
    model = build(CONFIG, torch.Generator().manual_seed(recipe.seed))
    trainer = Trainer(model, recipe, Batches(pairs.train, tokens, recipe.seed))

    def record(step: int) -> None:
        runs.record_attention(run, step, attention_now(model, tokens))

    runs.train(trainer, run, record, MOMENTS, EVERY, resume)
    publish(model, tokens, pairs, recipe, out)


def publish(model: EncoderDecoder, tokens: Tokenizer, pairs: Corpus, recipe: Recipe, out: Path) -> None:
    """Write the files that ship, and measure the weights as they ship: rounded to float16."""
    run = out / "run"
    learnt = seen.content(pair for family in pairs.train.values() for pair in family)
    checkpoints.save(model, tokens, out, {seen.FILE: learnt})
    runs.publish_attention(run, out, MOMENTS, recipe.steps, SENTENCES)
    rows = runs.read_log(run)
    runs.write_curve(rows, out / "training.csv")
    measured = measure(checkpoints.load(out), tokens, pairs.test) | runs.facts(rows, model, recipe)
    (out / "measured.json").write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{measured['exact']:.2%} of unseen grammar sentences exactly right, BLEU {measured['bleu']} on real ones")


def measure(model: EncoderDecoder, tokens: Tokenizer, test: dict[str, list[Pair]]) -> dict:
    """What the model makes of sentences that it never saw, and of the opening one."""
    right: dict[str, float] = {}
    wrong: list[tuple[str, str, str]] = []
    counted = 0
    for name, family in test.items():
        if name == REAL or not family:
            continue
        chosen = shuffle(family, Draw(f"test {name}"))[:TESTED]
        said = translate(model, tokens, [pair.ko for pair in chosen])
        missed = [(*pair, got) for pair, got in zip(chosen, said, strict=True) if got != pair.en]
        right[name], counted = 1 - len(missed) / len(chosen), counted + len(chosen)
        wrong += missed
    real = test[REAL]
    said = translate(model, tokens, [pair.ko for pair in real])
    return {
        "opening": translate(model, tokens, [OPENING.ko])[0],
        "exact": 1 - len(wrong) / max(1, counted),
        "grammar_sentences": counted,
        "exact_by_family": right,
        "bleu": bleu(said, [pair.en for pair in real]),
        "real_sentences": len(real),
        "mistakes": wrong[:20],
        "samples": [(*pair, got) for pair, got in zip(real, said, strict=True)][:: max(1, len(real) // 20)],
    }


def bleu(said: list[str], right: list[str]) -> float | None:
    """Corpus BLEU by sacrebleu's defaults (arXiv 1804.08771); None where that is not installed."""
    try:
        from sacrebleu import corpus_bleu
    except ImportError:
        print("BLEU is not measured: sacrebleu is missing (pip install sacrebleu).")
        return None
    return round(corpus_bleu(said, [right]).score, 2) if said else None
