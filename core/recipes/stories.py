"""The recipe of the story model: a small GPT-2 that writes short English stories.

    python -m core.training stories --corpus FILE

The corpus is TinyStories text (arXiv 2305.07759): stories separated by lines of <|endoftext|>. Beside weights and
tokenizer the run leaves the loss curve (training.csv), what was measured (measured.json), three early checkpoints, and
how the attention of three sentences looked at twelve moments (attention.safetensors).
"""

import json
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from core import checkpoints, tokenizer
from core.config import Config
from core.decoding import sample
from core.recipes import runs
from core.recipes.runs import facts, read_log, write_curve
from core.tokenizer import EOS, PAD, SOS, Tokenizer
from core.training import IGNORE, Batch, Recipe, Trainer, cpu_has_bf16
from core.transformer import Decoder, build

CONFIG = Config(vocab=2048, d_model=192, n_heads=6, n_layers=4, d_ff=768, context=256, dropout=0.1)
RECIPE = Recipe(steps=6500, lr=5e-3, warmup=200, seed=7, muon=True)
BATCH_TOKENS = 4096
EVERY = 100  # steps between checkpoints
MOMENTS = (0, 25, 50, 100, 200, 400, 700, 1100, 1700, 2600, 4000)  # and the end: when attention is recorded
EARLY = (100, 400, 1700)  # moments whose weights are kept as well
SENTENCES = (
    "Once upon a time, there was a little girl named Lily. Lily had a red ball.",
    "The cat was sad because the dog took the toy. The cat wanted the toy back.",
    "Tom and Sue went to the park. Tom saw a big bird and Sue saw a small bird.",
)
PROMPTS = ("Once upon a time", "The little dog was", "Tom and his mom went to")


def read(corpus: Path) -> tuple[list[str], list[str]]:
    """The stories to learn from and those held out: every story whose SHA-256 is divisible by 20, about 5 %."""
    stories = [s.strip() for s in runs.read_text(corpus).split("<|endoftext|>")]
    stories = list(dict.fromkeys(s for s in stories if s))
    held_out = [s for s in stories if runs.held_out(s, 20)]
    known = set(held_out)
    return [s for s in stories if s not in known], held_out


def sequence(tokens: Tokenizer, story: str) -> list[int]:
    return [SOS, *tokens.encode(story).ids, EOS]


class Batches:
    """Batches of whole stories of like length; a story that is too long goes on in a sequence of its own."""

    def __init__(self, sequences: list[list[int]], context: int, seed: int):
        self.chunks = [s[i : i + context + 1] for s in sequences for i in range(0, len(s) - 1, context)]
        self.seed, self.made, self.epoch = seed, [], 0

    def __call__(self, step: int) -> Batch:
        """The batch of this step, counted from 1: the same whenever it is asked for."""
        while len(self.made) < step:
            self.made += self.shuffled(self.epoch)
            self.epoch += 1
        return collate([self.chunks[i] for i in self.made[step - 1]])

    def shuffled(self, epoch: int) -> list[list[int]]:
        """Every chunk once, in batches of about BATCH_TOKENS, by a shuffle that depends on seed and epoch alone."""
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
        order = torch.randperm(len(self.chunks), generator=generator).tolist()
        batches, batch = [], []
        for pool in (order[i : i + 1024] for i in range(0, len(order), 1024)):
            for i in sorted(pool, key=lambda i: len(self.chunks[i])):
                if (len(batch) + 1) * len(self.chunks[i]) > BATCH_TOKENS:
                    batches.append(batch)
                    batch = []
                batch.append(i)
        batches += [batch] if batch else []
        return [batches[i] for i in torch.randperm(len(batches), generator=generator).tolist()]


def collate(chunks: list[list[int]]) -> Batch:
    """Inputs are all tokens but the last, targets all but the first; the padding behind them counts for nothing."""
    t = max(map(len, chunks)) - 1
    inputs = torch.tensor([c[:-1] + [PAD] * (t + 1 - len(c)) for c in chunks])
    targets = torch.tensor([c[1:] + [IGNORE] * (t + 1 - len(c)) for c in chunks])
    return Batch((inputs,), targets)


@torch.no_grad()
def negative_log_likelihood(model: Decoder, ids: list[int]) -> float:
    """-log p of all tokens but the first, summed, in nats. Past the context each token still sees half a context."""
    context, total = model.config.context, 0.0
    starts = [0, *range(context // 2, len(ids) - 1 - context // 2, context // 2)]
    scored = 1
    for start in starts:
        window = torch.tensor(ids[start : start + context + 1])
        logs = model(window[None, :-1]).logits[0].float().log_softmax(-1)
        end = start + len(window)
        rows = torch.arange(scored, end)
        total -= logs[rows - 1 - start, window[rows - start]].sum().item()
        scored = end
    return total


def nats_per_character(model: Decoder, tokens: Tokenizer, stories: list[str]) -> float:
    """Summed negative log-likelihood of the stories, EOS included, over the number of their characters."""
    model.eval()
    return sum(negative_log_likelihood(model, sequence(tokens, s)) for s in stories) / sum(map(len, stories))


@torch.no_grad()
def attention_now(model: Decoder, tokens: Tokenizer) -> dict[str, Tensor]:
    """All attention weights of the three sentences: (layer, head, query, key), float16."""
    model.eval()
    found = {}
    for i, sentence in enumerate(SENTENCES):
        trace = model(torch.tensor([[SOS, *tokens.encode(sentence).ids]]))
        found[f"sentence{i}"] = torch.cat([b.attention.heads.weights for b in trace.blocks]).half()
    return found


def write(model: Decoder, tokens: Tokenizer, prompt: str, seed: int) -> str:
    """A story that goes on from the prompt, at temperature 0.7."""
    start = [SOS, *tokens.encode(prompt).ids]

    def next_logits(ids):
        return model(torch.tensor([ids])).logits[0, -1]

    room = model.config.context - len(start)
    generator = torch.Generator().manual_seed(seed)
    ids = list(start)
    with torch.no_grad():
        for step in sample(next_logits, start, EOS, room, generator=generator, temperature=0.7):
            ids.append(step.chosen)
    return tokens.decode(ids)


def make(corpus: Path, out: Path, resume: bool = False, steps: int | None = None) -> None:
    """Train, measure and write everything that ships to `out`; what a resumed run needs lies in `out`/run."""
    recipe = replace(RECIPE, steps=RECIPE.steps if steps is None else steps, bf16=cpu_has_bf16())
    run = out / "run"
    run.mkdir(parents=True, exist_ok=True)
    train, held_out = read(corpus)
    if not train or not held_out:
        raise ValueError(f"{corpus} holds too few stories: it takes some to learn from, and one in 20 to measure with.")
    tokens = tokenizer.train(train, run / "tokenizer.model", CONFIG.vocab, "bpe")
    model = build(CONFIG, torch.Generator().manual_seed(recipe.seed))
    batches = Batches([sequence(tokens, s) for s in train], CONFIG.context, recipe.seed)
    trainer = Trainer(model, recipe, batches)
    runs.train(trainer, run, lambda step: record(model, tokens, run, step), MOMENTS, EVERY, resume)
    publish(model, tokens, train, held_out, recipe, out)


def record(model: Decoder, tokens: Tokenizer, run: Path, step: int) -> None:
    runs.record_attention(run, step, attention_now(model, tokens))
    if step in EARLY:
        early = {n: p.detach().half().contiguous() for n, p in model.named_parameters()}
        save_file(early, run / f"early-{step}.safetensors")


def publish(
    model: Decoder, tokens: Tokenizer, train: list[str], held_out: list[str], recipe: Recipe, out: Path
) -> None:
    """Write the files that ship, and measure the weights as they ship: rounded to float16."""
    run = out / "run"
    early = [run / f"early-{step}.safetensors" for step in EARLY if step <= recipe.steps]
    checkpoints.save(model, tokens, out, also={f.name: f.read_bytes() for f in early})
    runs.publish_attention(run, out, MOMENTS, recipe.steps, SENTENCES)
    rows = read_log(run)
    write_curve(rows, out / "training.csv")
    shipped = checkpoints.load(out)
    nats = nats_per_character(shipped, tokens, held_out)
    characters = sum(map(len, held_out))
    counted = sum(len(sequence(tokens, s)) - 1 for s in held_out)
    measured = {
        "nats_per_character": nats,
        "nats_per_token": nats * characters / counted,
        "nats_per_character_learnt": nats_per_character(shipped, tokens, train[: len(held_out)]),
        "stories": len(train) + len(held_out),
        "held_out_stories": len(held_out),
        "held_out_characters": characters,
        **facts(rows, model, recipe),
        "samples": {f"{p} / seed {i}": write(shipped, tokens, p, seed=i) for i, p in enumerate(PROMPTS)},
    }
    (out / "measured.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(f"{nats:.4f} nats per character on {len(held_out)} held-out stories")
