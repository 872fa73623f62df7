"""What ships of the story model: its files load, its card says what was measured, its recording is whole."""

import json
import math

import numpy as np
import pytest
from safetensors import safe_open

from core import checkpoints
from core.recipes import stories
from core.tokenizer import EOS
from core.transformer import count_parameters

FOLDER = checkpoints.MODELS / "stories"
MEASURED = json.loads((FOLDER / "measured.json").read_text())


@pytest.mark.parametrize("weights", [checkpoints.WEIGHTS, *(f"early-{step}.safetensors" for step in stories.EARLY)])
def test_every_weights_file_loads_and_is_the_recipes_model(weights):
    model = checkpoints.load("stories", weights)
    assert model.config == stories.CONFIG
    assert count_parameters(model) == MEASURED["parameters"]


STORY = """One day, Tim went to the park with his mom. He saw a big dog near the tree. The dog looked sad.
Tim asked his mom, "Can I play with the dog?" His mom said, "Yes, but be careful." Tim threw a stick and the dog ran to
get it. They played all day. When it was time to go home, Tim hugged the dog and said, "You are my new friend." """


def test_the_shipped_weights_read_a_story_better_than_the_early_ones():
    tokens = checkpoints.load_tokenizer("stories")
    files = [*(f"early-{step}.safetensors" for step in stories.EARLY), checkpoints.WEIGHTS]
    found = [stories.nats_per_character(checkpoints.load("stories", f), tokens, [STORY.strip()]) for f in files]
    assert found == sorted(found, reverse=True)


def test_it_is_within_its_limits():
    assert MEASURED["nats_per_character"] <= 0.58
    assert 2e6 <= MEASURED["parameters"] <= 4e6
    assert sum((FOLDER / name).stat().st_size for name in (checkpoints.WEIGHTS, checkpoints.TOKENIZER)) <= 10e6


def test_the_card_says_what_was_measured():
    card = (FOLDER / "card.md").read_text()
    for number in (
        f"{MEASURED['nats_per_character']:.4f} nats per character",
        f"{MEASURED['nats_per_character_learnt']:.4f} nats per character",
        f"{MEASURED['nats_per_token']:.3f} nats per token",
        f"{math.exp(MEASURED['nats_per_token']):.2f}",
        f"{MEASURED['parameters']:,} parameters",
        f"{MEASURED['tokens_trained'] / 1e6:.1f} million tokens",
        f"{MEASURED['held_out_characters']:,} characters",
        f"{MEASURED['recipe']['steps']:,} steps",
    ):
        assert number in card, number
    for sample in MEASURED["samples"].values():
        assert sample.splitlines()[0] in card


def test_its_samples_can_be_written_again():
    model, tokens = checkpoints.load("stories"), checkpoints.load_tokenizer("stories")
    name, sample = next(iter(MEASURED["samples"].items()))
    prompt, seed = name.split(" / seed ")
    again = stories.write(model, tokens, prompt, int(seed))
    assert again[: len(prompt) + 40] == sample[: len(prompt) + 40]  # rounding may part them later, on another machine
    assert EOS not in tokens.encode(sample).ids


def test_the_recorded_attention_is_whole_and_ends_with_the_shipped_weights():
    with safe_open(FOLDER / "attention.safetensors", "np") as file:
        moments, sentences = (json.loads(file.metadata()[name]) for name in ("moments", "sentences"))
        recorded = {name: file.get_tensor(name).astype(np.float32) for name in file.keys()}  # noqa: SIM118
    assert len(moments) == 12
    assert moments[-1] == MEASURED["recipe"]["steps"]
    assert recorded.keys() == {f"step{m}.sentence{i}" for m in moments for i in range(len(sentences))}
    now = stories.attention_now(checkpoints.load("stories"), checkpoints.load_tokenizer("stories"))
    for i in range(len(sentences)):
        np.testing.assert_allclose(recorded[f"step{moments[-1]}.sentence{i}"], now[f"sentence{i}"].numpy(), atol=5e-3)
    for weights in recorded.values():
        np.testing.assert_allclose(weights.sum(-1), 1, atol=5e-3)
