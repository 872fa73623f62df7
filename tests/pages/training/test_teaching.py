"""Targets, losses, smoothing, free running, slopes: against the oracle."""

import math

import numpy as np
import pytest
import torch

from core.checkpoints import CheckpointError
from core.config import Config
from core.training import cross_entropy, learning_rate
from core.transformer import build
from pages.shared.model.questions import mark
from pages.training.model import questions, recorded, slope, teaching
from pages.training.model.live_task import CONFIG
from tests import reference

IDS = (1, 7, 3, 11, 5, 2)


@pytest.fixture(scope="module")
def sentence():
    model = build(
        Config(vocab=13, d_model=8, n_heads=2, n_layers=2, d_ff=16, context=20), torch.Generator().manual_seed(3)
    )
    model.requires_grad_(False).embedding.tokens.mul_(20)
    ask = lambda ids: model(torch.tensor([ids])).logits[0, -1]  # noqa: E731
    return teaching.Sentence(IDS, model(torch.tensor([IDS[:-1]])).logits[0], ask)


def test_inputs_and_targets_are_one_place_apart(sentence):
    assert sentence.inputs == IDS[:-1] and sentence.targets == IDS[1:]


def test_losses_are_the_oracles(sentence):
    z = sentence.logits.double().numpy()
    found = teaching.positions(sentence)
    for p, row, target in zip(found, z, sentence.targets, strict=True):
        logs = reference.log_softmax(row)
        assert p.target == target and p.best == row.argmax()
        assert p.loss == pytest.approx(-logs[target], abs=1e-12) == pytest.approx(p.log_sum - p.logit, abs=1e-12)
        assert p.prob == pytest.approx(math.exp(logs[target])) and p.rank == (row > row[target]).sum() + 1
    assert teaching.mean_loss(found) == pytest.approx(reference.cross_entropy(z, sentence.targets))
    facts = teaching.facts(found, 1, list("abcdefgh"), str)
    assert facts["perplexity"] == pytest.approx(math.exp(teaching.mean_loss(found)))


@pytest.mark.parametrize("epsilon", [0.0, 0.1, 0.5])
def test_smoothing_is_the_oracles_and_torchs(sentence, epsilon):
    for at in range(5):
        found = teaching.smoothed(sentence, at, epsilon)
        row, target = sentence.logits[at : at + 1].double(), sentence.targets[at : at + 1]
        assert found.loss == pytest.approx(reference.cross_entropy(row.numpy(), target, epsilon))
        assert found.loss == pytest.approx(cross_entropy(row[None], torch.tensor([target]), epsilon).item(), rel=1e-5)
        assert sum(map(len, found.tokens)) == 13 and len({i for g in found.tokens for i in g}) == 13
        for shares in (found.hard, found.smooth, found.model):
            assert sum(shares) == pytest.approx(1)
        assert found.smooth[0] == pytest.approx(1 - epsilon + epsilon / 13) and found.least <= found.loss
    assert (found.least == 0) == (epsilon == 0)


def test_forced_and_free(sentence):
    steps = teaching.side_by_side(sentence, 2, eos=2, room=4)
    assert [s.right for s in steps][:4] == [3, 11, 5, 2]
    ids = list(IDS[:2])
    for i, step in enumerate(steps):
        if i < 4:
            row = sentence.logits[1 + i].double().softmax(-1)
            assert step.forced == row.argmax() and step.forced_prob == pytest.approx(row.max().item())
        if step.free is not None:
            row = sentence.next_logits(ids).double().softmax(-1)
            assert step.free == row.argmax() and step.free_prob == pytest.approx(row.max().item(), abs=1e-6)
            ids.append(step.free)
    at = teaching.parted(steps)
    assert at is None or (steps[at].free != steps[at].right and all(s.free == s.right for s in steps[:at]))
    assert steps[0].forced == steps[0].free  # the same prefix as yet


@pytest.mark.parametrize("name", slope.weights())
def test_the_gradient_is_the_slope(name):
    found = slope.difference(name, 1, 2, 1e-4)
    one = slope.slope(name, 1, 2)
    assert found.slope == pytest.approx(one.gradient, abs=1e-8) and found.error < 1e-8
    assert found.above != found.below or one.gradient == 0
    assert one.moved - one.loss == pytest.approx(-slope.RATE * one.gradient**2, rel=0.2, abs=1e-12)


def test_both_errors_of_a_difference():
    found = {round(math.log10(d.h), 1): d.error for d in slope.sweep("blocks.0.attention.w_v", 1, 2)}
    assert found[-1] / found[-2] == pytest.approx(100, rel=0.05)  # grows with h squared
    assert found[-14] > 1e3 * min(found.values())  # rounding
    assert -6 < min(found, key=found.get) < -2.5


def test_the_story_models_rate_is_the_recipes():
    from core.training import Recipe

    recipe = Recipe(**recorded.recipe("stories"))
    for step, loss, lr in recorded.curve("stories"):
        assert lr == pytest.approx(learning_rate(recipe, step), rel=1e-4) and loss > 0


@pytest.mark.parametrize("name", ["stories", "translate"])
def test_recorded_attention(name):
    found = recorded.load(name)
    assert len(found.moments) == 12 and found.moments[0] == 0
    for weights in found.weights.values():
        np.testing.assert_allclose(weights.sum(-1), 1, atol=0.02)
    first, last = (recorded.sharpness(found.weights[m, 0]) for m in (0, found.moments[-1]))
    assert 0 < first < last < 1


def test_files_that_are_missing_are_named(tmp_path):
    for read in (recorded.load, recorded.curve, recorded.recipe):
        with pytest.raises(CheckpointError, match="cannot be read"):
            read(tmp_path)


def test_answers_are_the_oracles(sentence):
    found = teaching.positions(sentence)
    largest = sorted((round(p.loss, 2) for p in found), reverse=True)[:3]
    assert questions.perplexity(found).answer == pytest.approx(math.exp(sum(largest) / 3))
    target = torch.full((13,), 0.1 / 13).index_fill_(0, torch.tensor([4]), 0.9 + 0.1 / 13)
    z = torch.randn(1, 13, generator=torch.Generator().manual_seed(1))
    smoothed = cross_entropy(z, torch.tensor([4]), 0.1)
    torch.testing.assert_close(-(target * z.log_softmax(-1)).sum(), smoothed)
    assert questions.smoothing(13).answer == f"{target[4].item():.6f}"


def test_questions_are_marked(sentence):
    found = teaching.positions(sentence)
    names = [f"{i} t{x}" for i, x in enumerate(IDS)]
    for at in range(5):
        asked = questions.questions(found, names[:-1], names[1:], at, CONFIG.vocab)
        assert asked[0].answer == names[at + 1] and len(asked) == 4
        asked += (questions.warmup(), questions.guessing(14), questions.reversal("352"), questions.even(20))
        asked += tuple(questions.slope(slope.difference(name, 1, 2, 0.1)) for name in slope.weights())
        for question in asked:
            assert mark(question, question.answer).right
            assert not any(mark(question, wrong).right for wrong, _said in question.mistakes)
            assert not question.options or question.answer in question.options
    for parted in (None, 0, 3):
        asked = questions.predict("2 a", parted)
        assert mark(asked, asked.answer).right and len(asked.mistakes) == 2


@pytest.mark.parametrize(
    ("prob", "written"),
    [(0.0002, "0.0002"), (1.84e-9, "0.00000000184"), (0.5, "0.5"), (0.03172, "0.0317"), (0.937, "0.937")],
)
def test_a_small_probability_is_stated_as_it_is(sentence, prob, written):
    found = [teaching.positions(sentence)[0]._replace(prob=prob, loss=-math.log(prob))]
    asked = questions.loss(found, ["a"], 0)
    assert f"probability {written}." in asked.text.replace("\\", "") and mark(asked, -math.log(prob)).right
    assert asked.working.startswith(rf"$-\ln {written} = ")
