"""The process in which a learner's model is trained: orders come as lines of JSON on stdin, news leave on stdout.

    python -m pages.training.model.live

The first line holds the settings (live_queue.Settings), each further one an order: {"do": "pause"}, {"do": "go"},
{"do": "lr", "lr": 0.01}, {"do": "digits", "digits": "352174"}. When stdin is closed, as it is when the app ends for
whatever reason, the process ends too. News are of the kinds "step" (loss, learning rate), "look" (share of right
answers, samples, attention), "failed" and "done".
"""

import contextlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from pages.training.model.live_queue import Settings

EVERY = 5  # steps that one point of the curve stands for
MOMENTS = (0, 10, 25, 50, 75)  # steps after which the model is looked at; from 100 on every 50
BETWEEN = 50

Say = Callable[[dict[str, Any]], None]


def main() -> None:
    lower_priority()
    settings = Settings(**json.loads(sys.stdin.readline()))
    orders: SimpleQueue = SimpleQueue()
    Thread(target=listen, args=(orders,), daemon=True).start()
    from core.training import torch  # takes a second: by now it is done at low priority, and stdin is watched

    torch.set_num_threads(1)
    run(settings, orders, say)
    os._exit(0)  # not sys.exit: that would wait for the thread that reads stdin


def lower_priority() -> None:
    """Run only where nobody else wants to: the pages of others come first. On Windows the parent asks for it."""
    if hasattr(os, "nice"):
        os.nice(19)
    if hasattr(os, "SCHED_IDLE"):  # Linux; a container may forbid it
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def listen(orders: SimpleQueue) -> None:
    """Orders as they come; at the end of stdin the process ends, in the middle of whatever it does."""
    for line in sys.stdin:
        orders.put(json.loads(line))
    os._exit(0)


def say(news: dict[str, Any]) -> None:
    print(json.dumps(news), flush=True)


def run(settings: Settings, orders: SimpleQueue, say: Say) -> None:
    """Train to the end, or until the loss is no longer a number."""
    from pages.training.model import live_task

    trainer, losses = live_task.trainer(settings), []
    live = Live(settings, trainer, say)
    live.look()
    while trainer.step < settings.steps:
        live.obey(orders)
        try:
            done = trainer.advance()
        except FloatingPointError as error:
            say({"kind": "failed", "why": str(error)})
            return
        losses.append(done.loss)
        if done.step % EVERY == 0 or done.step == settings.steps:
            say({"kind": "step", "step": done.step, "loss": sum(losses) / len(losses), "lr": done.lr})
            losses = []
        if done.step in MOMENTS or done.step % BETWEEN == 0 or done.step == settings.steps:
            live.look()
    say({"kind": "done"})


class Live:
    """A run in progress, and what it is asked to do differently."""

    def __init__(self, settings: Settings, trainer: Any, say: Say):
        self.settings, self.trainer, self.say = settings, trainer, say

    def look(self) -> None:
        from pages.training.model import live_task

        if found := live_task.look(self.trainer.model, self.settings):
            self.say({"kind": "look", "step": self.trainer.step, **found})

    def obey(self, orders: SimpleQueue) -> None:
        """All orders that have come; while paused, wait for the next."""
        paused = False
        while True:
            try:
                order = orders.get(block=paused)
            except Empty:
                return
            match order["do"]:
                case "pause" | "go" as what:
                    paused = what == "pause"
                case "lr":
                    self.trainer.recipe = replace(self.trainer.recipe, lr=order["lr"])
                case "digits":
                    self.settings = self.settings._replace(digits=order["digits"])
                    self.look()


if __name__ == "__main__":
    main()
