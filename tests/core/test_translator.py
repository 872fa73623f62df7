"""What ships of the translator: its files, what its card claims, and how well it translates what it never saw."""

import json

import pytest
import torch
from safetensors import safe_open

from core import checkpoints
from core.recipes.translation import recipe, seen
from core.recipes.translation.grammar import OPENING, pairs
from core.recipes.translation.parts import Draw
from core.recipes.translation.recipe import shuffle
from core.recipes.translation.translator import source_ids, target_ids, translate
from core.transformer import count_parameters

FOLDER = checkpoints.MODELS / "translate"
EACH = 5  # unseen sentences of each family


@pytest.fixture(scope="module")
def shipped():
    return checkpoints.load("translate"), checkpoints.load_tokenizer("translate")


@pytest.fixture(scope="module")
def measured():
    return json.loads((FOLDER / "measured.json").read_text())


def test_it_is_as_the_recipe_and_the_card_say(shipped, measured):
    model, _tokens = shipped
    assert model.config == recipe.CONFIG
    assert measured["parameters"] == count_parameters(model)
    assert measured["exact"] >= 0.98 and measured["bleu"] >= 18 and measured["opening"] == OPENING.en
    card = (FOLDER / "card.md").read_text()
    assert f"{measured['parameters']:,} parameters" in card
    assert f"{measured['exact']:.1%} of {measured['grammar_sentences']:,} sentences" in card
    assert f"BLEU {measured['bleu']} on {measured['real_sentences']}" in card


def test_it_is_small(shipped):
    files = [path for path in FOLDER.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000


def test_unseen_sentences_come_out_right(shipped):
    prints = seen.parse(checkpoints.read_file("translate", seen.FILE))
    chosen = []
    for name, family in pairs().items():
        unseen = [pair for pair in family if not seen.was_seen(pair.ko, prints)]
        chosen += shuffle(unseen, Draw(f"few {name}"))[:EACH]
    assert len(chosen) > 240
    said = translate(*shipped, [pair.ko for pair in chosen])
    right = sum(got == pair.en for got, pair in zip(said, chosen, strict=True))
    assert right / len(chosen) >= 0.96


def test_recorded_attention_ends_with_the_shipped_models_own(shipped):
    """Recorded in float32 while it was trained; the shipped weights are rounded."""
    model, tokens = shipped
    with safe_open(FOLDER / "attention.safetensors", "pt") as file:
        about = file.metadata()
        moments = json.loads(about["moments"])
        assert len(moments) == 12 and moments[-1] == recipe.RECIPE.steps
        for i, (ko, en) in enumerate(json.loads(about["sentences"])):
            source, target = source_ids(tokens, ko), target_ids(tokens, en)[:-1]
            blocks = model(torch.tensor([source]), torch.tensor([target])).decoder.blocks
            now = torch.cat([block.cross.heads.weights for block in blocks])
            last = file.get_tensor(f"step{moments[-1]}.sentence{i}").float()
            torch.testing.assert_close(last, now, atol=0.02, rtol=0)


def test_the_curve_falls(measured):
    rows = [row.split(",") for row in (FOLDER / "training.csv").read_text().splitlines()[1:]]
    assert float(rows[-1][1]) < float(rows[0][1]) / 2 and int(rows[-1][0]) == measured["recipe"]["steps"]
