"""The loss, the schedule and the loop by hand; a run that is stopped and taken up again; the story model's recipe."""

import csv
import hashlib
import json
import math
import random
import time
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from core import checkpoints, tokenizer
from core.config import Config
from core.recipes import runs, stories
from core.recipes.stories import Batches, collate, negative_log_likelihood, read, sequence
from core.tokenizer import EOS, PAD, SOS
from core.training import IGNORE, Batch, Recipe, Trainer, cross_entropy, learning_rate, main, optimizers
from core.transformer import build
from tests import reference
from tests.core.same import close, shake

CONFIG = Config(vocab=13, d_model=16, n_heads=2, n_layers=2, d_ff=24, context=11)


def model(**changes) -> nn.Module:
    return build(replace(CONFIG, **changes), torch.Generator().manual_seed(0))


def four_sequences(step: int = 1) -> Batch:
    """Four sequences to learn by heart, told apart by their first token: the same at every step."""
    ids = torch.randint(3, 13, (4, 9), generator=torch.Generator().manual_seed(1))
    ids[:, 0] = torch.arange(4)
    return Batch((ids[:, :-1],), ids[:, 1:])


def changing(step: int) -> Batch:
    ids = torch.randint(13, (3, 8), generator=torch.Generator().manual_seed(step))
    return Batch((ids[:, :-1],), ids[:, 1:].masked_fill(ids[:, 1:] == 0, IGNORE))


# The loss


def test_cross_entropy_of_equal_logits_is_the_log_of_their_number():
    close(cross_entropy(torch.zeros(2, 3, 7), torch.zeros(2, 3, dtype=torch.long)), math.log(7), rtol=0, atol=1e-6)


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_cross_entropy_is_the_oracles(smoothing):
    logits, targets = torch.randn(2, 5, 7) * 3, torch.randint(7, (2, 5))
    targets[0, 3:] = IGNORE
    expected = reference.cross_entropy(logits.flatten(0, 1).double().numpy(), targets.flatten().numpy(), smoothing)
    close(cross_entropy(logits, targets, smoothing), expected, rtol=1e-6, atol=1e-6)


def test_cross_entropy_by_hand():
    logits = torch.tensor([[[0.5, 0.25, 0.25], [0.1, 0.1, 0.8], [0.2, 0.2, 0.6]]]).log()
    targets = torch.tensor([[0, 2, IGNORE]])
    close(cross_entropy(logits, targets), -(math.log(0.5) + math.log(0.8)) / 2, rtol=0, atol=1e-6)
    smooth = [0.9 * math.log(0.5) + 0.1 * (math.log(0.5) + 2 * math.log(0.25)) / 3]
    smooth += [0.9 * math.log(0.8) + 0.1 * (math.log(0.8) + 2 * math.log(0.1)) / 3]
    close(cross_entropy(logits, targets, 0.1), -sum(smooth) / 2, rtol=0, atol=1e-6)


# The schedule


def test_learning_rate_by_hand():
    recipe = Recipe(steps=70, lr=2.0, warmup=10)
    at = {1: 0.2, 5: 1.0, 10: 2.0, 30: 1.5, 40: 1.0, 50: 0.5, 70: 0.0, 99: 0.0}
    close([learning_rate(recipe, step) for step in at], list(at.values()))


def test_without_warmup_it_starts_near_the_top():
    recipe = Recipe(steps=3, lr=4.0)
    close([learning_rate(recipe, step) for step in (1, 2, 3)], [3.0, 1.0, 0.0])
    close([learning_rate(Recipe(steps=2, lr=4.0, warmup=2), step) for step in (1, 2)], [2.0, 4.0])


@pytest.mark.parametrize(
    "bad, why",
    [({name: value}, "steps and lr must be above 0") for name, value in
     (("steps", 0), ("lr", 0.0), ("lr", math.nan), ("lr", math.inf), ("warmup", -1))]
    + [({name: value}, "label_smoothing lies from 0 to 1") for name, value in
       (("label_smoothing", -0.1), ("label_smoothing", 1.1), ("weight_decay", -1.0), ("weight_decay", math.nan),
        ("clip", 0.0), ("clip", math.nan))],
)  # fmt: skip
def test_a_recipe_that_cannot_be_meant_is_refused(bad, why):
    with pytest.raises(ValueError, match=why):
        Recipe(**{"steps": 1, "lr": 0.1} | bad)


# The loop


@pytest.mark.parametrize("muon", [False, True])
@pytest.mark.parametrize("shape", ["decoder", "encoder_decoder"])
def test_every_parameter_has_one_optimizer_and_only_matrices_decay(shape, muon):
    made = model(shape=shape)
    found = optimizers(made, Recipe(steps=1, lr=0.1, muon=muon, weight_decay=0.3))
    assert [type(o).__name__ for o in found] == ["AdamW", "Muon"][: 1 + muon]
    groups = [(o, g) for o in found for g in o.param_groups]
    held = Counter(id(p) for _, g in groups for p in g["params"])
    assert held == {id(p): 1 for p in made.parameters()}
    assert all(g["weight_decay"] == (0.3 if p.dim() == 2 else 0) for _, g in groups for p in g["params"])
    by_muon = {id(p) for o, g in groups if isinstance(o, torch.optim.Muon) for p in g["params"]}
    inner = {id(p) for n, p in made.named_parameters() if "blocks" in n and p.dim() == 2}
    assert by_muon == (inner if muon else set())


def test_the_first_step_by_hand():
    """AdamW's first step is lr · g / (|g| + eps), after a decay of lr · decay · weight (arXiv 1711.05101)."""
    made, recipe = model(), Recipe(steps=9, lr=0.01, warmup=4, weight_decay=0.5, clip=0.1)
    before = {n: p.detach().clone() for n, p in made.named_parameters()}
    batch = changing(1)
    loss = cross_entropy(made(*batch.inputs).logits, batch.targets)
    gradients = dict(zip(before, torch.autograd.grad(loss, list(made.parameters())), strict=True))
    norm = math.sqrt(sum(g.square().sum().item() for g in gradients.values()))
    done = Trainer(made, recipe, changing).advance()
    assert done.step == 1 and done.tokens == int((batch.targets != IGNORE).sum()) < batch.targets.numel()
    close([done.loss, done.gradient_norm, done.lr], [loss.item(), norm, 0.0025], rtol=1e-5, atol=0)
    assert norm > 0.1
    for name, parameter in made.named_parameters():
        g, w = gradients[name] * 0.1 / norm, before[name]
        decay = 0.0025 * 0.5 if w.dim() == 2 else 0
        firm = g.abs() > 1e-6  # far above eps: nothing hangs on rounding
        expected = w * (1 - decay) - 0.0025 * g / (g.abs() + 1e-8)
        close(parameter[firm], expected[firm], rtol=0, atol=1e-5)
    assert firm.any()


@pytest.mark.parametrize("muon", [False, True])
def test_four_sequences_are_learnt_by_heart_in_5_seconds(muon):
    began = time.process_time()
    done = list(Trainer(model(), Recipe(steps=160, lr=1e-2, warmup=10, muon=muon), four_sequences))
    assert time.process_time() - began < 5
    assert done[0].loss > 2 and done[-1].loss < 0.05
    assert [d.step for d in done] == list(range(1, 161))


def test_an_encoder_decoder_learns_too():
    made = model(shape="encoder_decoder", positions="sinusoidal", norm_first=False)
    (source,), target = four_sequences()
    batch = Batch((source, target[:, :-1]), target[:, 1:])
    losses = [s.loss for s in Trainer(made, Recipe(steps=60, lr=1e-2, warmup=10), lambda step: batch)]
    assert losses[-1] < 0.7 * losses[0]


def losses(seed: int, **changes) -> list[float]:
    recipe = Recipe(steps=5, lr=1e-2, seed=seed, **changes)
    return [s.loss for s in Trainer(model(dropout=0.3), recipe, changing)]


def test_the_same_seed_gives_the_same_losses():
    assert losses(1) == losses(1)
    assert losses(1) != losses(2)  # another dropout
    assert losses(1) != losses(1, label_smoothing=0.1)


def test_each_step_drops_something_else():
    made, dropped = model(dropout=0.5), []

    def forward(ids):
        trace = made(ids)
        dropped.append(trace.blocks[0].resid_pre == 0)
        return trace

    list(Trainer(made, Recipe(steps=2, lr=1e-9), four_sequences, forward))
    assert dropped[0].any() and not torch.equal(*dropped)


def test_training_leaves_the_worlds_chance_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    losses(1)
    assert torch.equal(torch.rand(3), expected)


def test_bfloat16_is_for_products_only():
    made = model()
    done = list(Trainer(made, Recipe(steps=2, lr=1e-2, bf16=True), four_sequences))
    exact = list(Trainer(model(), Recipe(steps=2, lr=1e-2), four_sequences))
    assert {p.dtype for p in made.parameters()} == {torch.float32}
    close([d.loss for d in done], [d.loss for d in exact], rtol=0.02, atol=0)
    assert done[0].loss != exact[0].loss


def copies(made: nn.Module) -> dict[str, torch.Tensor]:
    return {n: p.detach().clone() for n, p in made.named_parameters()}


def same_weights(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[n], b[n]) for n in a)


@pytest.mark.parametrize("muon", [False, True])
def test_a_loss_that_is_no_number_stops_the_run_with_a_sentence(muon):
    trainer = Trainer(model(), Recipe(steps=60, lr=1e9, muon=muon), four_sequences)
    with pytest.raises(
        FloatingPointError, match=r"^At step \d+ the loss is no longer a number: .*1e\+09.* Lower it\.$"
    ):
        list(trainer)


def test_a_loss_that_is_no_number_leaves_the_weights_as_they_were():
    made, recipe = model(), Recipe(steps=9, lr=1e-2)

    def forward(ids):
        return SimpleNamespace(logits=made(ids).logits * (math.nan if trainer.step == 2 else 1))

    trainer = Trainer(made, recipe, changing, forward)
    trainer.advance(), trainer.advance()
    before = copies(made)
    with pytest.raises(FloatingPointError, match="At step 3 the loss is no longer a number"):
        trainer.advance()
    assert trainer.step == 2 and same_weights(copies(made), before)


# Stopped and taken up again


@pytest.mark.parametrize("muon", [False, True])
@pytest.mark.parametrize("stop", [1, 4])
def test_a_resumed_run_is_the_uninterrupted_one_to_the_last_bit(tmp_path, stop, muon):
    recipe = Recipe(steps=7, lr=1e-2, warmup=3, seed=4, muon=muon)
    whole = model(dropout=0.2)
    expected = list(Trainer(whole, recipe, changing))
    first = Trainer(model(dropout=0.2), recipe, changing)
    for _ in range(stop):
        first.advance()
    first.save(tmp_path / "run.safetensors")
    other = shake(model(dropout=0.2))  # whatever its weights are, they are replaced
    again = Trainer(other, recipe, changing)
    again.resume(tmp_path / "run.safetensors")
    assert again.step == stop
    got = list(again)
    assert [(s.step, s.loss, s.lr, s.gradient_norm) for s in got] == [
        (s.step, s.loss, s.lr, s.gradient_norm) for s in expected[stop:]
    ]
    assert same_weights(copies(other), copies(whole))
    assert [f.name for f in tmp_path.iterdir()] == ["run.safetensors"]


OTHERS = {
    "wider": ({"d_model": 32}, {}),
    "fewer layers": ({"n_layers": 1}, {}),
    "more layers": ({"n_layers": 3}, {}),
    "no biases": ({"bias": False}, {}),
    "another optimizer": ({}, {"muon": True}),
}


@pytest.mark.parametrize(("changes", "recipe"), OTHERS.values(), ids=OTHERS.keys())
def test_a_file_of_another_model_is_refused(tmp_path, changes, recipe):
    path = tmp_path / "run.safetensors"
    plain = Recipe(steps=5, lr=1e-2)
    one, two = Trainer(model(), plain, changing), Trainer(model(**changes), replace(plain, **recipe), changing)
    for saved, other in ((one, two), (two, one)):
        saved.advance()
        saved.save(path)
        before, step = copies(other.model), other.step
        with pytest.raises(ValueError, match=r"run\.safetensors holds another model or recipe: \S+ does not fit\."):
            other.resume(path)
        assert same_weights(copies(other.model), before) and other.step == step


def test_a_run_on_other_data_is_not_taken_up(tmp_path):
    path, recipe = tmp_path / "run.safetensors", Recipe(steps=5, lr=1e-2)
    one, other = Trainer(model(), recipe, changing), Trainer(model(), recipe, lambda step: changing(step + 1))
    one.advance()
    one.save(path)
    before = copies(other.model)
    with pytest.raises(ValueError, match=r"run\.safetensors is of a run on other data"):
        other.resume(path)
    assert same_weights(copies(other.model), before) and other.step == 0


@pytest.mark.parametrize("other", [{"lr": 0.5}, {"steps": 3}, {"warmup": 1}, {"clip": 9.0}, {"label_smoothing": 0.1}])
def test_a_run_by_another_recipe_is_not_taken_up(tmp_path, other):
    path, recipe = tmp_path / "run.safetensors", {"steps": 5, "lr": 1e-2}
    one, two = Trainer(model(), Recipe(**recipe), changing), Trainer(model(), Recipe(**recipe | other), changing)
    one.advance()
    one.save(path)
    before = copies(two.model)
    with pytest.raises(ValueError, match=rf"another recipe \({next(iter(other))} was"):
        two.resume(path)
    assert same_weights(copies(two.model), before) and two.step == 0


@pytest.mark.parametrize("left", [0, 7, 500])
def test_a_checkpoint_that_was_cut_short_is_refused(tmp_path, left):
    path, run = tmp_path / "run.safetensors", Trainer(model(), Recipe(steps=5, lr=1e-2), changing)
    run.save(path)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(ValueError, match=r"run\.safetensors cannot be read"):
        run.resume(path)


@pytest.mark.parametrize(
    "spoil", [lambda run: run.pop("step"), lambda run: run.update(step="7"), lambda run: run.clear()]
)
def test_a_checkpoint_that_does_not_say_how_far_it_got_changes_nothing(tmp_path, spoil):
    path, run = tmp_path / "run.safetensors", Trainer(model(), Recipe(steps=5, lr=1e-2), changing)
    run.advance()
    run.save(path)
    with safe_open(path, "pt") as file:
        about = json.loads(file.metadata()["run"])
    spoil(about)
    save_file(load_file(path), path, metadata={"run": json.dumps(about)})
    run.advance()
    before = copies(run.model)
    with pytest.raises(ValueError, match=r"run\.safetensors does not say how far it got"):
        run.resume(path)
    assert same_weights(copies(run.model), before) and run.step == 2


def test_a_log_goes_on_where_the_checkpoint_is(tmp_path):
    log = tmp_path / "steps.csv"
    log.write_text("step,loss\n1,3.5\n2,3.25\n3,3.0\n1", encoding="utf-8")  # killed while it wrote step 13
    runs.keep_until(log, 2)
    assert log.read_text(encoding="utf-8") == "step,loss\n1,3.5\n2,3.25\n"
    for missing in (log, tmp_path / "none.csv"):
        with pytest.raises(ValueError, match="lacks steps"):
            runs.keep_until(missing, 3)


def test_a_gradient_that_is_no_number_changes_no_weight():
    run = Trainer(model(), Recipe(steps=5, lr=1e-2), changing)
    before = copies(run.model)
    next(run.model.parameters()).register_hook(lambda gradient: gradient * float("inf"))
    with pytest.raises(FloatingPointError, match="learning rate"):
        run.advance()
    assert same_weights(copies(run.model), before) and run.step == 0


# The story model's recipe


def corpus(path, n: int = 200):
    """Made-up stories, enough for a small vocabulary, with some twice, some empty, and spaces around."""
    chance = random.Random(0)
    names, things, verbs = (
        ["Lily", "Tom", "Sue", "Ben", "Mia"],
        ["ball", "toy", "cat", "dog", "bird"],
        ["saw", "took", "found", "lost"],
    )
    lines = (
        f"Once upon a time, {chance.choice(names)} {chance.choice(verbs)} a {chance.choice(things)}.\n"
        f"Then {chance.choice(names)} {chance.choice(verbs)} {chance.randrange(10**6)} things. The end."
        for _ in range(n)
    )
    told = list(lines)
    path.write_text("\n<|endoftext|>\n".join([*told, "  ", told[0], f" {told[1]}\n"]), encoding="utf-8")
    return path, told


def test_stories_are_held_out_by_their_hash(tmp_path):
    path, told = corpus(tmp_path / "stories.txt", 600)
    train, held_out = read(path)
    assert not set(train) & set(held_out)
    assert sorted(train + held_out) == sorted(set(told))  # each once, nothing empty, no spaces around
    assert held_out == [s for s in told if int(hashlib.sha256(s.encode()).hexdigest(), 16) % 20 == 0]
    assert 0.02 < len(held_out) / len(told) < 0.09


def test_a_sequence_is_a_story_between_its_marks(tmp_path):
    tokens = tokenizer.train(corpus(tmp_path / "s")[1], tmp_path / "m", 330)
    made = sequence(tokens, "Once upon a time")
    assert made[0] == SOS and made[-1] == EOS and tokens.decode(made[1:-1]) == "Once upon a time"


def test_collate_shifts_by_one_and_ignores_padding():
    (inputs,), targets = collate([[1, 7, 8, 2], [1, 9], [5, 6, 2]])
    assert inputs.tolist() == [[1, 7, 8], [1, PAD, PAD], [5, 6, PAD]]
    assert targets.tolist() == [[7, 8, 2], [9, IGNORE, IGNORE], [6, 2, IGNORE]]


def some_sequences() -> list[list[int]]:
    """Sequences of many lengths with no number twice, so that each target can be followed."""
    lengths = [2, 3, 5, 11, 12, 13, 23, 24, 25, 40, 7, 7, 7, 30, 2, 19]
    starts = [sum(lengths[:i]) for i in range(len(lengths))]
    return [list(range(s, s + n)) for s, n in zip(starts, lengths, strict=True)]


def epoch(batches: Batches) -> int:
    return len(batches.shuffled(0))


@pytest.mark.parametrize("room", [20, 64, 4096])
def test_an_epoch_brings_each_token_once(monkeypatch, room):
    monkeypatch.setattr(stories, "BATCH_TOKENS", room)
    sequences = some_sequences()
    batches = Batches(sequences, 11, seed=3)
    n = epoch(batches)
    for first in (1, n + 1):
        made = [batches(step) for step in range(first, first + n)]
        targets = [t for b in made for t in b.targets.flatten().tolist() if t != IGNORE]
        assert sorted(targets) == sorted(t for s in sequences for t in s[1:])
        for (inputs,), wanted in made:
            assert inputs.shape[1] <= 11 and inputs.numel() <= room
            assert (wanted - inputs)[wanted != IGNORE].eq(1).all()


def test_batches_are_the_same_whenever_they_are_asked_for(monkeypatch):
    monkeypatch.setattr(stories, "BATCH_TOKENS", 30)
    one, two = (Batches(some_sequences(), 11, seed=3) for _ in range(2))
    steps = range(1, 3 * epoch(one))
    in_order = {step: one(step).inputs[0].tolist() for step in steps}
    assert {step: two(step).inputs[0].tolist() for step in reversed(steps)} == in_order
    other = Batches(some_sequences(), 11, seed=4)
    assert [other(step).inputs[0].tolist() for step in steps] != list(in_order.values())
    n = epoch(one)
    assert [in_order[i] for i in range(1, n + 1)] != [in_order[i] for i in range(n + 1, 2 * n + 1)]


@pytest.mark.parametrize("t", [2, 3, 10, 11, 12])
def test_log_likelihood_within_the_context_is_the_plain_sum(t):
    made, ids = shake(model()), torch.randint(13, (t,)).tolist()
    with torch.no_grad():
        logits = made(torch.tensor([ids[:-1]])).logits[0].double().numpy()
    expected = -sum(reference.log_softmax(row)[y] for row, y in zip(logits, ids[1:], strict=True))
    close(negative_log_likelihood(made, ids), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("context", [2, 3, 8, 11])
@pytest.mark.parametrize("t", [2, 5, 8, 9, 10, 12, 13, 17, 24, 25, 33, 50])
def test_each_token_counts_once_and_sees_half_a_context(context, t):
    """A stand-in that gives every token the probability e^-(tokens it sees), so the sum tells what was seen."""

    def stand_in(ids):
        assert ids.shape[1] <= context
        seen = torch.arange(1.0, ids.shape[1] + 1)
        return SimpleNamespace(logits=torch.stack([-seen, (1 - (-seen).exp()).log()], -1)[None])

    stand_in.config = SimpleNamespace(context=context)
    half = context // 2
    expected = sum(i if i <= context else context - half + 1 + (i - context - 1) % half for i in range(1, t))
    close(negative_log_likelihood(stand_in, [0] * t), expected, rtol=1e-4, atol=0)


def test_log_likelihood_past_the_context_is_that_of_its_windows():
    made, ids = shake(model(context=6)), torch.randint(13, (14,)).tolist()

    def scores(start):  # -log p of the tokens after the first of this window
        with torch.no_grad():
            logits = made(torch.tensor([ids[start : start + 6]])).logits[0].double().numpy()
        return {
            start + i + 1: -reference.log_softmax(row)[ids[start + i + 1]] for i, row in enumerate(logits[: 13 - start])
        }

    by_window = {**scores(9), **scores(6), **scores(3), **scores(0)}  # the first window that holds a token scores it
    assert by_window.keys() == set(range(1, 14))
    close(negative_log_likelihood(made, ids), sum(by_window.values()), rtol=1e-5, atol=0)


def test_nats_per_character_of_a_model_that_knows_nothing(tmp_path):
    told = ["Tom saw a cat.", "Sue ran."]
    tokens = tokenizer.train(corpus(tmp_path / "s")[1], tmp_path / "m", 330)
    blank = model(vocab=330, context=64)
    for parameter in blank.parameters():
        parameter.data.zero_()
    counted = sum(len(tokens.encode(s).ids) + 1 for s in told)  # EOS too
    close(stories.nats_per_character(blank, tokens, told), counted * math.log(330) / 22, rtol=1e-5, atol=0)


def test_the_loss_curve_is_averaged_over_equal_stretches(tmp_path):
    rows = [{"step": str(i), "loss": str(i), "lr": str(2 * i)} for i in range(1, 8)]
    stories.write_curve(rows, tmp_path / "curve.csv", points=3)
    assert list(csv.reader((tmp_path / "curve.csv").open())) == [
        ["step", "loss", "lr"],
        *([str(b), f"{m:.4f}", str(2 * b)] for b, m in ((2, 1.5), (4, 3.5), (6, 5.5), (7, 7.0))),
    ]


BAD_CORPORA = {
    "missing": (None, r"stories\.txt cannot be read: No such file or directory\."),
    "empty": (b"", r"stories\.txt holds too few stories: "),
    "nothing between the marks": (b"<|endoftext|>\n\n<|endoftext|>", r"stories\.txt holds too few stories: "),
    "none held out": (b"Tom saw a cat.", r"stories\.txt holds too few stories: "),
    "no text": (bytes(range(256)), r"stories\.txt is not a text in UTF-8\."),
}


@pytest.mark.parametrize(("content", "sentence"), BAD_CORPORA.values(), ids=BAD_CORPORA.keys())
def test_a_corpus_that_cannot_be_learnt_from_is_refused_with_a_sentence(tmp_path, content, sentence):
    path = tmp_path / "stories.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SystemExit, match=sentence) as refused:
        main(["stories", "--corpus", str(path), "--out", str(tmp_path / "made"), "--threads", "1"])
    assert "\n" not in refused.value.code  # it goes to stderr, and the exit status is 1


def test_no_steps_are_refused(tiny, tmp_path):
    with pytest.raises(SystemExit, match="steps and lr must be above 0"):
        tiny(tmp_path / "made", "--steps", "0")


class Interrupted(runs.tqdm):
    """The progress bar of a run whose machine goes down in the sixth step: five are logged, four are saved."""

    def __iter__(self):
        for done in super().__iter__():
            if done.step == 6:
                raise KeyboardInterrupt
            yield done


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """The whole recipe, small enough for a test; gives a function that runs it from the command line."""
    sizes = {"vocab": 330, "d_model": 16, "n_heads": 2, "n_layers": 2, "d_ff": 24, "context": 96, "dropout": 0.1}
    changes = {"CONFIG": Config(**sizes), "BATCH_TOKENS": 512, "EVERY": 2, "MOMENTS": (0, 2), "EARLY": (2,)}
    changes["RECIPE"] = replace(stories.RECIPE, steps=6, warmup=2)
    for name, value in changes.items():
        monkeypatch.setattr(stories, name, value)
    path, _ = corpus(tmp_path / "stories.txt")
    return lambda out, *more: main(["stories", "--corpus", str(path), "--out", str(out), "--threads", "1", *more])


def test_the_recipe_from_end_to_end(tiny, tmp_path, capsys):
    out = tmp_path / "made"
    tiny(out, "--steps", "4")
    loaded, tokens = checkpoints.load(out), checkpoints.load_tokenizer(out)
    assert loaded.config == stories.CONFIG and tokens.vocab == 330
    assert loaded(torch.tensor([sequence(tokens, "Tom saw a cat.")])).logits.isfinite().all()
    early = checkpoints.load(out, weights="early-2.safetensors")
    assert not same_weights(copies(early), copies(loaded))
    measured = json.loads((out / "measured.json").read_text())
    _, held_out = read(tmp_path / "stories.txt")
    assert measured["held_out_stories"] == len(held_out) > 0
    assert measured["nats_per_character"] == pytest.approx(stories.nats_per_character(loaded, tokens, held_out))
    assert f"{measured['nats_per_character']:.4f} nats per character" in capsys.readouterr().out
    assert [text.startswith(p) for text, p in zip(measured["samples"].values(), stories.PROMPTS, strict=True)] == [
        True
    ] * 3
    seen = load_file(out / "attention.safetensors")
    assert set(seen) == {f"step{m}.sentence{i}" for m in (0, 2, 4) for i in range(3)}
    t = len(tokens.encode(stories.SENTENCES[1]).ids) + 1
    assert seen["step4.sentence1"].shape == (2, 2, t, t)
    assert (seen["step4.sentence1"].float().sum(-1) - 1).abs().max() < 0.01
    assert len(list(csv.DictReader((out / "training.csv").open()))) == 4
    weights = (out / "model.safetensors").read_bytes()
    tiny(out, "--steps", "4", "--resume")  # nothing is left to do
    assert (out / "model.safetensors").read_bytes() == weights


def test_a_recipe_taken_up_again_ships_the_same_files(tiny, tmp_path, monkeypatch):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    tiny(whole)
    with monkeypatch.context() as patch, pytest.raises(SystemExit, match="--resume"):
        patch.setattr(runs, "tqdm", Interrupted)
        tiny(parts)
    assert not (parts / "model.safetensors").exists()
    tiny(parts, "--resume")
    for name in ("model.safetensors", "tokenizer.model", "config.json", "early-2.safetensors", "training.csv"):
        assert (parts / name).read_bytes() == (whole / name).read_bytes(), name
    assert same_weights(*(load_file(out / "attention.safetensors") for out in (parts, whole)))
    assert [r["step"] for r in csv.DictReader((parts / "run" / "steps.csv").open())] == list("123456")


def test_who_stops_it_by_keyboard_is_told_how_to_go_on(monkeypatch, tmp_path):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(stories, "make", stopped)
    with pytest.raises(SystemExit, match="with --resume goes on"):
        main(["stories", "--corpus", str(tmp_path)])


def test_a_loss_over_nothing_is_refused():
    with pytest.raises(ValueError, match="every target is padding"):
        cross_entropy(torch.zeros(2, 3, 5), torch.full((2, 3), IGNORE))
