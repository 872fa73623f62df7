"""Many heads by hand and in a model: numbers against the oracle, panels against their rules, costs against counts."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core import checkpoints
from core.words import load as load_words
from pages.multi_head.model import head_steps, head_window, one_head
from pages.multi_head.model.example import (
    HEADS,
    LOVE,
    PUBLISHED,
    SWAPPED,
    WIDTH,
    divisors,
    numbers,
    parameters,
    run,
    shapes,
    splits,
    written,
)  # fmt: skip
from pages.shared.model.hand import example
from tests import reference
from tests.core.same import close

WAYS = [(n, kv) for n in HEADS for kv in divisors(n)]
EDITS = {("W_q", 3, 0): 2.5, ("X", 0, 0): -3.0, ("W_o", 3, 3): 1.25, ("W_v", 0, 1): 0.7, ("W_k", 1, 0): -0.4}


def oracle(given, n_heads: int, n_kv: int) -> tuple[np.ndarray, np.ndarray]:
    kept = n_kv * WIDTH // n_heads
    p = {"w_q": given.w_q, "w_k": given.w_k[:, :kept], "w_v": given.w_v[:, :kept], "w_o": given.w_o}
    return reference.multi_head(given.x, given.x, p, n_heads, n_kv_heads=n_kv)


def values(panel: dict) -> np.ndarray:
    return np.array(panel["values"], dtype=float)


def by_rule(panel: dict, panels: dict[str, dict]) -> np.ndarray:
    """What the panel's rule gives, from the numbers of the other panels."""
    rule, of = panel["rule"], panel["rule"].get("of")
    read = (lambda name: values(panels[rule[name]])) if of is None else None
    match rule["kind"]:
        case "dot":
            b = read("b").T if rule["transposed"] else read("b")
            return read("a") @ b / rule["divide"] + (read("plus") if rule["plus"] else 0)
        case "softmax":
            return reference.softmax(values(panels[of]))
        case "cut":
            rows, cols = values(panel).shape
            return values(panels[of])[rule["row"] :, rule["col"] :][:rows, :cols]
        case "join":
            return np.hstack([values(panels[i]) for i in of])
        case "sum":
            return sum(values(panels[i]) for i in of)
        case "minus":
            return read("a") - read("b")


def check(data: dict) -> dict[str, dict]:
    panels = {panel["id"]: panel for panel in data["panels"]}
    for panel in panels.values():
        if "rule" in panel:
            np.testing.assert_allclose(values(panel), by_rule(panel, panels), atol=2e-6)
    return panels


@pytest.mark.parametrize(("n_heads", "n_kv"), WAYS)
@pytest.mark.parametrize("edits", [{}, EDITS], ids=["as given", "edited"])
def test_the_heads_are_the_oracles(n_heads, n_kv, edits):
    given = numbers(LOVE, edits)
    weights, output = oracle(given, n_heads, n_kv)
    made = run(given, n_heads, n_kv)
    close(made.heads.weights, weights)
    close(made.output, output)
    assert made.output.dtype == torch.float64


def test_love_asks_who_and_what():
    """The weights do what the words on the page say: head 1 looks at who, head 2 at what, one head at all alike."""
    for sentence in (LOVE, SWAPPED):
        weights = run(numbers(sentence), 2).heads.weights
        assert weights[0, 1, 0] > 0.98 and weights[1, 1, 2] > 0.98
        close(run(numbers(sentence), 1).heads.weights[0, 1], torch.ones(3, dtype=torch.float64) / 3)


def test_with_the_examples_weights_two_heads_can_share_their_keys_and_values():
    given = numbers(LOVE)
    close(run(given, 2, 1).output, run(given, 2).output)
    assert not torch.allclose(run(numbers(LOVE, EDITS), 2, 1).output, run(numbers(LOVE, EDITS), 2).output)


@pytest.mark.parametrize("step", range(len(head_steps.STEPS)))
@pytest.mark.parametrize(("n_heads", "n_kv"), WAYS)
def test_every_step_shows_numbers_that_follow_from_each_other(step, n_heads, n_kv):
    state = head_steps.state(LOVE, EDITS, n_heads, n_kv)
    panels = check(head_steps.steps(state, step))
    if "output" in panels:
        np.testing.assert_allclose(values(panels["output"]), oracle(state.given, n_heads, n_kv)[1], atol=1e-12)
    for panel in panels.values():
        assert np.array(panel["base"]).shape == values(panel).shape


def test_what_was_edited_differs_from_its_base_and_nothing_else_upstream():
    state = head_steps.state(LOVE, {("W_q", 3, 0): 2.5}, 2, 2)
    panels = check(head_steps.steps(state, 0))
    changed = {name: (values(p) != np.array(p["base"])).sum() for name, p in panels.items()}
    assert changed == {"X": 0, "W_q": 1, "Q": 1, "W_k": 0, "K": 0, "W_v": 0, "V": 0}
    assert {name for name, p in panels.items() if p.get("editable")} == {"X", "W_q", "W_k", "W_v"}


def test_columns_say_which_head_they_belong_to():
    made = head_steps.steps(head_steps.state(LOVE, {}, 4, 2), 0)["axes"]
    assert made["Q"]["labels"] == ["1.1", "2.1", "3.1", "4.1"]
    assert made["Q"]["groups"] == ["head 1", "head 2", "head 3", "head 4"]
    assert made["K"]["groups"] == ["heads 1–2", "heads 3–4"]
    assert made["feature"]["labels"] == ["m1", "m2", "place", "verb"]


def test_the_heads_parts_add_up_to_the_output():
    panels = check(head_steps.steps(head_steps.state(LOVE, EDITS, 4, 4), 6))
    parts = [values(panels[f"added_{n}"]) for n in (1, 2, 3, 4)]
    np.testing.assert_allclose(sum(parts), values(panels["output"]), atol=1e-12)


@pytest.mark.parametrize("text", ["one", "The cat sat on the mat with zzyzx", "You love statistics"])
def test_a_sentence_of_the_learners(text):
    own = example(text, load_words(), 1, WIDTH)
    state = head_steps.state(own, {}, 2, 2)
    for step in range(len(head_steps.STEPS)):
        check(head_steps.steps(state, step))
    assert state.columns == ["1", "2", "3", "4"]
    assert head_steps.facts(state)["t"] == len(own.words)


def test_ways_to_use_the_same_weights():
    state = head_steps.state(LOVE, {}, 4, 2)
    assert head_steps.ways(state) == [(1, 1), (2, 2), (4, 1), (4, 4)]
    assert head_steps.way_name((4, 1)) == "4 heads that share 1 set of keys and values"
    for way in head_steps.ways(state):
        other = run(state.given, *way)
        panels = check(head_steps.what_if(state, other, way))
        np.testing.assert_allclose(values(panels["other"]), oracle(state.given, *way)[1], atol=1e-12)


@pytest.mark.parametrize("shown", [None, range(0, 4), range(3, 7)])
def test_the_mean_of_heads_beside_one(shown):
    weights = torch.rand(3, 7, 7, dtype=torch.float64).tril()
    weights /= weights.sum(-1, keepdim=True)
    panels = check(head_steps.mean_panels(weights, 2, [f"{i} w" for i in range(7)], shown))
    shown = shown or range(7)
    rows = weights[2, shown.start : shown.stop]
    np.testing.assert_allclose(values(panels["one"]).sum(1), rows[:, : shown.stop].sum(1))
    np.testing.assert_allclose(values(panels["mean"])[-1, -1], weights[:, shown[-1], shown[-1]].mean())
    if shown.start:
        np.testing.assert_allclose(values(panels["one"])[:, 0], rows[:, : shown.start].sum(1))


def test_what_the_mean_hides():
    weights = torch.tensor([[[0.0, 0.9, 0.1]], [[0.8, 0.1, 0.1]], [[0.7, 0.2, 0.1]]])
    found = head_steps.look(weights, ["0 a", "1 b", "2 c"], 0, 0)
    assert (found["key"], round(found["weight"], 2), round(found["mean"], 2), found["apart"]) == ("1 b", 0.9, 0.4, 1)


# ---- costs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("d_model", [4, 192, 512, 1024])
def test_cutting_a_width_costs_nothing(d_model):
    for s in splits(d_model):
        q, k, v, o = (np.zeros((d_model, s.n_heads * s.d_head)) for _ in range(4))
        assert s.parameters == q.size + k.size + v.size + o.size == 4 * d_model**2
        assert (s.products, s.weights, s.wide) == (d_model, s.n_heads, s.n_heads * 4 * d_model**2)
    assert next((s.d_head for s in splits(512) if s.n_heads == 8), 64) == 64


def test_parameters_of_grouped_queries():
    """Llama-2 70B: 64 heads of 128 at a width of 8192, 8 key-value heads."""
    assert parameters(8192, 64, 128, 8) == 2 * 8192 * 8192 + 2 * 8192 * 1024


def test_the_kv_cache_is_what_is_stored():
    llama = PUBLISHED["Llama-2 70B"]
    assert llama.cache(8, 4096) == 2 * np.zeros((80, 8, 4096, 128), np.float16).nbytes == 1_342_177_280
    assert llama.cache(64, 4096) == 8 * llama.cache(8, 4096)
    assert llama.choices == [64, 32, 8, 1]
    assert PUBLISHED["GPT-2 small"].choices == [12, 6, 1]
    model = checkpoints.load("stories")
    past = model(torch.tensor([[1, 5, 9]])).blocks[0].attention.heads.k
    assert past[0].numel() == 3 * 6 * 32  # what head_costs takes for our model


@pytest.mark.parametrize(
    ("n", "said"),
    [(96, "96 bytes"), (6144, "6.14 kB"), (327_680, "328 kB"), (1_342_177_280, "1.34 GB"), (10**13, "10,000 GB")],
)
def test_bytes_as_people_say_them(n, said):
    assert written(n) == said


# ---- what one head cannot keep --------------------------------------------------------------------------------------


def test_whatever_the_weight_one_head_loses_half():
    for _share, who, what in one_head.curve():
        assert who + what == pytest.approx(1.0, abs=1e-12)


def test_no_map_does_better_than_the_one_that_was_solved_for():
    made, best = one_head.mixed(0.3), one_head.kept(one_head.mixed(0.3))
    rng = np.random.default_rng(1)
    rows = np.hstack([made, np.ones((16, 1))])
    solved = np.linalg.lstsq(rows, one_head.wanted(), rcond=None)[0]
    for _ in range(200):
        tried = rows @ (solved + rng.normal(0, 0.1, solved.shape))
        assert ((tried - one_head.wanted()) ** 2).mean() >= best.lost.mean() - 1e-12


def test_gradient_descent_on_one_head_with_such_weights_finds_nothing_better():
    """All of a head at once: the row of weights (by place) and the map behind it."""
    x, wanted = torch.tensor(one_head.vectors()), torch.tensor(one_head.wanted())
    for seed in range(3):
        generator = torch.Generator().manual_seed(seed)
        scores = torch.randn(3, generator=generator, dtype=torch.float64, requires_grad=True)
        map_ = torch.randn(4, 4, generator=generator, dtype=torch.float64, requires_grad=True)
        descent = torch.optim.Adam([scores, map_], 0.05)
        for _step in range(400):
            descent.zero_grad()
            loss = ((scores.softmax(-1) @ x @ map_ - wanted) ** 2).mean()
            loss.backward()
            descent.step()
        assert loss.item() > 0.5 - 1e-6


def test_two_heads_keep_both():
    assert one_head.kept(one_head.two_heads()).lost.max() == 0
    assert one_head.two_heads().shape == (16, 4)  # as wide as one head's


def test_two_sentences_become_one():
    panels = check(one_head.panels(0.5))
    assert panels["mix_1"]["values"] == panels["mix_2"]["values"]
    assert panels["one"]["values"][0] == panels["one"]["values"][1]
    np.testing.assert_allclose(values(panels["two"]), values(panels["wanted"]), atol=1e-8)
    apart = check(one_head.panels(0.8))
    assert apart["mix_1"]["values"] != apart["mix_2"]["values"]
    assert list(itertools.chain(*panels["wanted"]["values"])) == [1, 1, -1, 1, -1, 1, 1, 1]


# ---- a layer through a window ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("start", "shown"), [(0, range(0, 3)), (5, range(2, 6)), (7, range(0, 6))])
def test_a_window_on_a_layer_adds_up(bias, start, shown):
    from core.attention import multi_head_attention

    torch.manual_seed(2)
    x, (w_q, w_k, w_v, w_o) = torch.randn(1, 6, 24), torch.randn(4, 24, 24)
    b_o = torch.randn(24) if bias else None
    trace = multi_head_attention(x, x, w_q, w_k, w_v, w_o, 3, biases=(None, None, None, b_o))
    layer = SimpleNamespace(w_o=w_o, b_o=b_o)
    labels = [f"{i} w" for i in range(6)]
    panels = {p["id"]: p for p in head_window.panels(layer, trace, labels, shown, start)["panels"]}
    whole = trace.concat[0] @ w_o + (0 if b_o is None else b_o)
    here = slice(shown.start, shown.stop)
    np.testing.assert_allclose(values(panels["output"]), whole[here, :4], atol=1e-4)
    added = values(panels["concat"]) @ values(panels["W_o"]) + values(panels["rest"])
    np.testing.assert_allclose(added, whole[here, :4], atol=1e-4)
    first = trace.concat[0][here, start]
    np.testing.assert_allclose(values(panels["concat"])[:, 0], first, atol=1e-6)


def test_what_each_head_adds_is_as_long_as_its_part():
    from core.attention import multi_head_attention

    torch.manual_seed(3)
    x, (w_q, w_k, w_v, w_o) = torch.randn(1, 5, 12), torch.randn(4, 12, 12)
    trace = multi_head_attention(x, x, w_q, w_k, w_v, w_o, 3)
    lengths = head_window.added(SimpleNamespace(w_o=w_o, b_o=None), trace, 2)
    parts = [trace.heads.output[0, h, 2] @ w_o[4 * h : 4 * h + 4] for h in range(3)]
    np.testing.assert_allclose(lengths, [p.norm() for p in parts], rtol=1e-5)
    torch.testing.assert_close(sum(parts), trace.output[0, 2])


def test_the_link_knows_every_matrix():
    assert shapes(LOVE) == {"X": (3, 4), "W_q": (4, 4), "W_k": (4, 4), "W_v": (4, 4), "W_o": (4, 4)}
