"""The poster's data: the trace's own numbers, packed, cut to what is drawn, with every row still whole."""

import base64
import json
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from core.config import Config
from core.recipes.stories import CONFIG
from core.transformer import Decoder, build
from pages.home.model.poster import DRAWN, poster

SMALL = Config(vocab=37, d_model=26, n_heads=2, n_layers=3, d_ff=29, context=61)


def run(config: Config, t: int, seed: int = 3) -> tuple:
    """A trace of a model with random weights, large enough that heads prefer some tokens; and labels."""
    chance = torch.Generator().manual_seed(seed)
    model = build(config, chance).eval()
    assert isinstance(model, Decoder)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(8 if parameter.dim() == 2 else 1)
        trace = model(torch.randint(config.vocab, (1, t), generator=chance))
    return trace, [f"{i} word{i}" for i in range(t)]


def make(trace, labels, layer=1, head=1, **more) -> dict:
    """What the browser gets: through JSON and back."""
    return json.loads(json.dumps(poster(trace, labels, lambda i: f"«{i}»", layer, head, **more), allow_nan=False))


def unpack(packed: dict) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed["f16"]), "<f2").reshape(packed["shape"]).astype(np.float32)


def same(packed: dict, tensor: torch.Tensor) -> None:
    """Equal but for the rounding to float16."""
    np.testing.assert_array_equal(unpack(packed), tensor.half().float().numpy())
    np.testing.assert_allclose(unpack(packed), tensor.numpy(), rtol=2**-11, atol=1e-7)


@pytest.mark.parametrize("t", [1, 7, DRAWN, 23, 61])
@pytest.mark.parametrize(("layer", "head"), [(0, 1), (2, 0)])
def test_all_numbers_are_the_traces_own(t, layer, head):
    trace, labels = run(SMALL, t)
    data, n = make(trace, labels, layer, head), min(t, DRAWN)
    block = trace.blocks[layer]
    for name in ("q", "k", "v", "output"):
        same(data[name], getattr(block.attention.heads, name)[0, head, -n:])
    np.testing.assert_allclose(data["weights"], block.attention.heads.weights[0, head, -n:, -n:], rtol=0, atol=5.1e-7)
    same(data["attention"], block.attention.output[0, -n:])
    same(data["mlp"], block.mlp.output[0, -n:])
    states = [trace.embedding.output, *(b.resid_post for b in trace.blocks)]
    assert len(data["stream"]) == SMALL.n_layers + 1
    for packed, state in zip(data["stream"], states, strict=True):
        same(packed, state[0, -n:])
    same(data["stream"][layer], block.resid_pre[0, -n:])  # what the layer reads is what was there before it
    assert data["labels"] == labels[-n:] and data["hidden"] == t - n


@pytest.mark.parametrize("t", [1, 2, DRAWN, DRAWN + 1, 61])
def test_every_row_accounts_for_all_of_its_attention(t):
    data = make(*run(SMALL, t))
    totals = np.sum(data["weights"], 1) + data["weights_hidden"]
    np.testing.assert_allclose(totals, 1, atol=2e-5)
    assert all(share == 0 for share in data["weights_hidden"]) == (t <= DRAWN)


def test_what_may_be_looked_at_is_the_models_mask():
    trace, labels = run(SMALL, 30)
    assert make(trace, labels)["may_look"] == [("1" * (i + 1)).ljust(DRAWN, "0") for i in range(DRAWN)]
    seen = np.array([list(map(int, row)) for row in make(trace, labels)["may_look"]])
    assert (np.array(make(trace, labels)["weights"])[seen == 0] == 0).all()


def test_without_a_mask_everything_may_be_looked_at():
    trace, labels = run(SMALL, 3)
    blocks = []
    for block in trace.blocks:
        heads = block.attention.heads._replace(mask=None)
        blocks.append(block._replace(attention=block.attention._replace(heads=heads)))
    assert make(trace._replace(blocks=tuple(blocks)), labels)["may_look"] == ["111"] * 3


@pytest.mark.parametrize("top", [1, 10, 36, 37, 100])
def test_the_next_token_of_every_row(top):
    trace, labels = run(SMALL, 25)
    rows = make(trace, labels, top=top)["next"]
    probs = trace.logits[0, -DRAWN:].double().softmax(-1)
    assert len(rows) == DRAWN
    for row, expected in zip(rows, probs, strict=True):
        assert len(row["ids"]) == min(top, SMALL.vocab)
        assert row["labels"] == [f"«{i}»" for i in row["ids"]]
        np.testing.assert_allclose(row["probs"], expected[row["ids"]], atol=1e-6)
        assert row["probs"] == sorted(row["probs"], reverse=True)
        assert row["probs"][0] == pytest.approx(expected.max().item(), abs=1e-6)
        assert (row["rest"] is None) == (top >= SMALL.vocab)
        assert sum(row["probs"]) + (row["rest"] or 0) == pytest.approx(1, abs=1e-5)


def test_names_may_come_as_a_list():
    trace, labels = run(SMALL, 4)
    names = [f"piece {i}" for i in range(SMALL.vocab)]
    row = poster(trace, labels, names, 0, 0)["next"][-1]
    assert row["labels"] == [names[i] for i in row["ids"]]


def test_sizes_and_text_for_the_captions():
    trace, labels = run(SMALL, 5)
    data = make(trace, labels, 2, 1, text="any <b>words</b>")
    expected = {"t": 5, "d_model": 26, "d_head": 13, "n_layers": 3, "n_heads": 2, "vocab": 37}
    assert data["sizes"] == expected
    assert (data["layer"], data["head"], data["text"]) == (2, 1, "any <b>words</b>")


def test_other_kinds_of_decoder():
    for change in ({"n_kv_heads": 1}, {"positions": "rotary"}, {"norm_first": False}, {"positions": "alibi"}):
        trace, labels = run(replace(SMALL, d_model=28, **change), 6)
        same(make(trace, labels)["k"], trace.blocks[1].attention.heads.k[0, 1])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"layer": 3}, "layer must lie between 0 and 2; got 3."),
        ({"layer": -1}, "layer must lie between 0 and 2; got -1."),
        ({"head": 2}, "head must lie between 0 and 1; got 2."),
        ({"labels": ["0 a"]}, "each token needs one label; got 1 labels for 4 tokens."),
    ],
)
def test_what_does_not_exist_is_refused_with_a_sentence(change, sentence):
    trace, labels = run(SMALL, 4)
    with pytest.raises(ValueError) as error:
        make(**{"trace": trace, "labels": labels, **change})
    assert str(error.value) == sentence


def test_twenty_tokens_of_the_story_model_are_small_and_quick():
    trace, labels = run(CONFIG, 40)
    text = json.dumps(poster(trace, labels, str, 1, 2))
    assert len(text) < 120_000
    times = []
    for _ in range(20):
        start = time.perf_counter()
        poster(trace, labels, str, 1, 2)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005
