"""The shipped story model against transformers' GPT-2 on the same weights: logits, attention, ids and text."""

import pytest
import torch

from core import checkpoints
from core.decoding import Cached, greedy
from core.recipes.stories import PROMPTS, SENTENCES
from core.tokenizer import EOS, SOS
from tests.gpt2 import as_gpt2

NAME = "stories"
TEXTS = (*SENTENCES, "옛날 옛적에 🐈  double  spaces\n", "")


@pytest.fixture(scope="module")
def tokens():
    return checkpoints.load_tokenizer(NAME)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-4), (torch.float64, 1e-10)])
@pytest.mark.parametrize("text", TEXTS)
def test_logits_and_attention_agree(text, dtype, tolerance, tokens):
    model = checkpoints.load(NAME).to(dtype)
    ids = torch.tensor([[SOS, *tokens.encode(text).ids]])
    ours, theirs = model(ids), as_gpt2(model)(ids, output_attentions=True)
    assert ours.logits.dtype == dtype
    torch.testing.assert_close(ours.logits, theirs.logits, atol=tolerance, rtol=0)
    for block, expected in zip(ours.blocks, theirs.attentions, strict=True):
        torch.testing.assert_close(block.attention.heads.weights, expected, atol=tolerance, rtol=0)


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-12)])
def test_cached_logits_agree_with_those_of_one_call_over_the_whole_context(dtype, tolerance, tokens):
    """Measured by the largest logit, 22: float32 cannot hold 1e-5 of 1 there, in transformers' cache neither."""
    model = checkpoints.load(NAME).to(dtype)
    ids, cached, rows = [SOS, *tokens.encode(PROMPTS[0]).ids], Cached(model), []
    first = len(ids)
    while len(ids) < model.config.context:
        rows.append(cached(ids))
        ids.append(int(rows[-1].argmax()))
    whole = model(torch.tensor([ids])).logits[0, first - 1 : -1]
    assert (torch.stack(rows) - whole).abs().max() < tolerance * whole.abs().max()


@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy_writes_the_same_story(prompt, tokens):
    model = checkpoints.load(NAME)
    ids = [SOS, *tokens.encode(prompt).ids]
    room = model.config.context - len(ids)
    steps = list(greedy(Cached(model), ids, EOS, room))
    ours = [*steps[-1].ids, steps[-1].chosen]
    theirs = as_gpt2(model).generate(torch.tensor([ids]), do_sample=False, max_new_tokens=room)[0].tolist()
    assert ours == theirs
    assert tokens.decode(ours) == tokens.decode(theirs)
    assert tokens.decode(ours).startswith(prompt)
