"""How fast the story model writes: our decoding, with every trace, against transformers' `generate` with attentions.

    python -m tests.bench.decode [--tokens 200] [--repeats 20] [--json FILE]

Same weights, same machine, one thread, greedy, KV cache on both sides. Prints tokens a second and their ratio.
"""

import argparse
import time
from collections.abc import Callable

import torch

from core import checkpoints
from core.decoding import Cached, greedy
from core.tokenizer import SOS
from tests.bench.report import report
from tests.gpt2 import as_gpt2

PROMPT = "Once upon a time, there was a little girl named Lily."
NEVER = -1  # no token ends the text early: both must write all of it


def ours(model, ids: list[int], n: int) -> list[int]:
    """Cached keeps the trace of each step while it lasts, as a page does."""
    cached = Cached(model)
    return [step.chosen for step in greedy(cached, ids, NEVER, n)]


def theirs(model, ids: list[int], n: int) -> list[int]:
    made = model.generate(
        torch.tensor([ids]),
        attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        max_new_tokens=n,
        do_sample=False,
        eos_token_id=None,
        output_attentions=True,
        return_dict_in_generate=True,
    )
    assert len(made.attentions) == n
    return made.sequences[0, len(ids) :].tolist()


def seconds(run: Callable[[], list[int]]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--json")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    model = checkpoints.load("stories")
    ids = [SOS, *checkpoints.load_tokenizer("stories").encode(PROMPT).ids]
    gpt2, n = as_gpt2(model), chosen.tokens
    assert ours(model, ids, n) == theirs(gpt2, ids, n), "the two do not write the same text"
    times = [
        (seconds(lambda: ours(model, ids, n)), seconds(lambda: theirs(gpt2, ids, n))) for _ in range(chosen.repeats)
    ]
    fastest = [n / min(column) for column in zip(*times, strict=True)]
    found = {"ours_tokens_s": fastest[0], "transformers_tokens_s": fastest[1], "ratio": fastest[0] / fastest[1]}
    report({"tokens": n, "repeats": chosen.repeats, **found}, chosen.json)


if __name__ == "__main__":
    main()
