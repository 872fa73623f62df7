"""Training in the page: the tasks, the child process, the line of runs. The processes here are real."""

import contextlib
import os
import time
from queue import SimpleQueue

import psutil
import pytest
import torch

from core.tokenizer import EOS, SOS
from core.training import IGNORE
from pages.training.model import live, live_task
from pages.training.model.live_queue import Look, Queue, Run, Settings, parted
from tests.server import wait_until

TASK = {"copy": "352174", "reverse": "471253", "sort": "123457"}


def children() -> list[psutil.Process]:
    """Runs of this process that are alive; one that is ending while we look does not count."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            found += [child] if "pages.training.model.live" in " ".join(child.cmdline()) else []
    return found


def news(settings: Settings, orders=()) -> list[dict]:
    """All that the child would say, without the process."""
    said, line = [], SimpleQueue()
    for order in orders:
        line.put(order)
    live.run(settings, line, said.append)
    return said


def until_over(queue: Queue, *runs: Run, seconds: float = 120) -> None:
    def over() -> bool:
        for run in runs:
            queue.watch(run)
        return not any(run.active for run in runs)

    wait_until(over, "the runs do not end", seconds)


@pytest.mark.parametrize("task", TASK)
def test_sequences_and_their_targets(task):
    (inputs,), targets = live_task.batch_of(task, torch.tensor([[3, 5, 2, 1, 7, 4]]))
    right = [int(c) + live_task.FIRST for c in TASK[task]]
    assert inputs[0].tolist() == [SOS, 6, 8, 5, 4, 10, 7, live_task.ARROW, *right]
    assert targets[0].tolist() == [IGNORE] * 7 + [*right, EOS]  # what comes before the arrow is chance


@pytest.mark.parametrize("t", [3, 6])
def test_tested_strings_are_never_learnt(t):
    learnt, tested = live_task.draw(5, 200, t, False), live_task.draw(6, 48, t, True)
    assert learnt.shape == (200, t) and tested.shape == (48, t)
    assert not {tuple(r) for r in learnt.tolist()} & {tuple(r) for r in tested.tolist()}


def test_the_same_step_gives_the_same_batch():
    one, two, other = (live_task.batch(Settings(seed=seed), 7).inputs[0] for seed in (3, 3, 4))
    assert torch.equal(one, two) and not (one.shape == other.shape and torch.equal(one, other))


def test_a_run_says_loss_looks_and_its_end():
    said = news(Settings("copy", steps=12))
    assert [n["step"] for n in said if n["kind"] == "step"] == [5, 10, 12]
    looks = [n for n in said if n["kind"] == "look"]
    assert [n["step"] for n in looks] == [0, 10, 12] and said[-1] == {"kind": "done"}
    assert torch.tensor(looks[0]["attention"]).shape == (8, 14, 14)
    assert looks[0]["samples"][0][::2] == ("352174", "352174")
    torch.testing.assert_close(torch.tensor(looks[-1]["attention"]).sum(-1), torch.ones(8, 14), atol=0.01, rtol=0)


def test_equal_seeds_give_equal_curves_and_a_rate_changed_on_the_way_another():
    one, two = (news(Settings("sort", seed=5, steps=10)) for _ in range(2))
    assert one == two
    other = news(Settings("sort", seed=5, steps=10), [{"do": "lr", "lr": 0.01}])
    assert next(n["lr"] for n in other if n["kind"] == "step") == pytest.approx(0.01 * 5 / 10)
    assert other[-2]["exact"] != one[-2]["exact"] or other != one


def test_other_digits_are_looked_at_at_once():
    said = news(Settings("reverse", steps=5), [{"do": "digits", "digits": "987"}])
    first = [n for n in said if n["kind"] == "look"][1]
    assert first["step"] == 0 and first["samples"][0][0] == "987" and first["samples"][0][2] == "789"


def test_a_learning_rate_of_100_is_answered_by_a_sentence():
    said = news(Settings(lr=100.0))
    assert said[-1]["kind"] == "failed"
    assert "the loss is no longer a number: the learning rate 100 is too high. Lower it." in said[-1]["why"]


@pytest.mark.parametrize("task", TASK)
def test_six_hundred_steps_are_enough(task):
    looks = [n for n in news(Settings(task)) if n["kind"] == "look"]
    assert looks[0]["exact"] < 0.05 and looks[-1]["exact"] >= 0.97
    assert looks[-1]["samples"][0][1] == TASK[task]


def test_processes_two_at_once_the_third_in_line_and_none_left():
    queue = Queue()
    first, second, third = runs = [queue.start(Settings("copy", steps=10, seed=seed)) for seed in (1, 1, 2)]
    assert [queue.watch(run) for run in runs] == [0, 0, 1] and third.state == "waiting" and len(children()) == 2
    queue.order(third, "lr", lr=0.01)  # whoever waits can still choose
    until_over(queue, *runs)
    assert [run.state for run in runs] == ["done"] * 3 and third.settings.lr == 0.01
    assert first.curve == second.curve and parted(first.curve, second.curve) is None
    assert parted(first.curve, third.curve) == 5
    wait_until(lambda: not children(), "a process is left", 20)


def test_pause_go_and_stop():
    queue = Queue()
    run = queue.start(Settings(steps=5000))
    wait_until(lambda: queue.watch(run) == 0 and run.step >= 10, "it does not learn", 120)
    assert not hasattr(os, "nice") or children()[0].nice() == 19  # nobody waits for it
    queue.order(run, "pause")
    wait_until(lambda: run.state == "paused", "it does not pause", 5)
    time.sleep(0.5)
    at = run.step
    time.sleep(0.5)
    assert run.step == at
    queue.order(run, "go")
    wait_until(lambda: queue.watch(run) == 0 and run.step > at, "it does not go on", 60)
    queue.stop(run, "Enough.")
    assert run.state == "stopped" and run.why == "Enough." and run.curve
    wait_until(lambda: not children(), "the process is left", 10)


def test_a_run_that_nobody_watches_is_stopped():
    queue = Queue(patience=0.5)
    run = queue.start(Settings(steps=100_000))
    assert len(children()) == 1
    wait_until(lambda: not run.active, "it goes on alone", 10)
    assert run.state == "stopped" and "closed" in run.why
    wait_until(lambda: not children() and queue.thread is None, "something is left", 10)


def test_a_pause_does_not_keep_others_waiting_forever():
    queue = Queue(most=1, idle=0.5)
    run = queue.start(Settings(steps=100_000))
    wait_until(lambda: queue.watch(run) == 0 and run.state == "running", "it does not start", 60)
    queue.order(run, "pause")
    other = queue.start(Settings(steps=5))
    until_over(queue, other)
    assert run.state == "stopped" and "paused" in run.why and other.state == "done"


def test_the_child_ends_with_its_parent():
    run = Run(Settings(steps=100_000))
    run.launch()
    wait_until(lambda: run.step >= 5, "it does not learn", 60)
    run.process.stdin.close()  # as the system does when the parent dies
    assert run.process.wait(20) == 0


def test_a_child_that_dies_is_reported():
    run = Run(Settings(steps=100_000))
    run.launch()
    run.process.kill()
    wait_until(lambda: run.state == "failed", "nobody notices", 10)
    assert "Start it again" in run.why


def test_aim_is_the_weight_on_the_digit_to_be_written():
    t, n = 8, 3
    weights = torch.rand(8, t, t).tril()
    weights /= weights.sum(-1, keepdim=True)
    look = Look(1, 0.0, (("352", "", "253"),), weights.numpy())
    right = [(n + 1, 3), (n + 2, 2), (n + 3, 1)]  # from the arrow at the 2, from there at the 5, from there at the 3
    expected = torch.stack([weights[:, query, key] for query, key in right]).mean(0)
    torch.testing.assert_close(torch.tensor(look.aim()), expected)
