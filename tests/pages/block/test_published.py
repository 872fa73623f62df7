"""The shapes of known models: against the reference library, and the counts that their authors give."""

import pytest
import torch
import transformers

from core import costs
from core.transformer import count_parameters
from pages.block.model.published import PUBLISHED


def test_gpt2_and_llama_are_what_the_reference_library_builds():
    llama = transformers.LlamaConfig(
        vocab_size=32_000, hidden_size=8192, intermediate_size=28_672, num_hidden_layers=80, num_attention_heads=64,
        num_key_value_heads=8)  # fmt: skip
    for name, kind, config in (
        ("GPT-2 small", transformers.GPT2LMHeadModel, transformers.GPT2Config()),
        ("Llama-2 70B", transformers.LlamaForCausalLM, llama),
    ):
        with torch.device("meta"):
            assert count_parameters(kind(config)) == costs.total(costs.parameters(PUBLISHED[name].size))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_counts_are_met_within_a_few_percent(name):
    known = PUBLISHED[name]
    assert costs.total(costs.parameters(known.size)) == pytest.approx(known.count, rel=0.035)
