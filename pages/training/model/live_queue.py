"""Training runs of many learners on one server: each in a process of its own, at most two at once, the others in line.

A run lives as long as somebody watches it: whose page has not called `watch` for some seconds is stopped.
"""

import contextlib
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock, Thread
from typing import Any, NamedTuple

import numpy as np

TASKS = ("copy", "reverse", "sort")
SHORTEST, LONGEST = 3, 6  # digits
VOCAB = 14  # PAD, SOS, EOS, ten digits, the arrow
STEPS = 600
MOST = 2  # runs at once
PATIENCE = 10.0  # seconds for which nobody need watch
IDLE = 60.0  # seconds for which a pause may keep others waiting
ROOT = Path(__file__).parents[3]
ACTIVE = ("waiting", "starting", "running", "paused")


class Settings(NamedTuple):
    task: str = "reverse"
    lr: float = 3e-3
    seed: int = 1
    digits: str = "352174"  # the string whose attention is watched
    steps: int = STEPS


class Point(NamedTuple):
    step: int
    loss: float  # the mean of the last few steps, nats per token
    lr: float


class Look(NamedTuple):
    """The model after so many steps."""

    step: int
    exact: float  # share of unseen strings that come out right to the last digit
    samples: tuple[tuple[str, str, str], ...]  # asked, said, right
    attention: np.ndarray  # (n_layers * n_heads, t, t)

    def aim(self) -> np.ndarray:
        """How much of its weight each head gives, before a digit is written, to that digit among those asked.

        The mean over all digits: (n_layers * n_heads,)
        """
        asked, _said, right = self.samples[0]
        source = np.array([[a == r for a in asked] for r in right])  # (written, asked)
        n = len(asked)
        looks = self.attention[:, n + 1 : 2 * n + 1, 1 : n + 1]  # from the arrow and all digits but the last
        return (looks * source).sum(-1).mean(-1)


class Run:
    """One learner's run, as the page sees it."""

    def __init__(self, settings: Settings):
        self.settings, self.state, self.why = settings, "waiting", ""
        self.curve: list[Point] = []
        self.looks: list[Look] = []
        self.process: subprocess.Popen | None = None
        self.seen = self.paused_at = time.monotonic()

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def step(self) -> int:
        return self.curve[-1].step if self.curve else 0

    def launch(self) -> None:
        """Raises OSError if the system starts no process."""
        below = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)  # Windows; elsewhere the child is nice by itself
        one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        pipe, command = subprocess.PIPE, [sys.executable, "-m", "pages.training.model.live"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe,
                                        stderr=subprocess.DEVNULL, text=True, encoding="utf-8", creationflags=below,
                                        env={**os.environ, **one})  # fmt: skip
        self.state = "starting"
        self.tell(self.settings._asdict())
        Thread(target=self.listen, name="live-run", daemon=True).start()

    def tell(self, order: dict[str, Any]) -> None:
        """A line to the child; one that has just ended hears nothing."""
        with contextlib.suppress(OSError, ValueError):
            print(json.dumps(order), file=self.process.stdin, flush=True)

    def listen(self) -> None:
        """In a thread of its own: what the child says, until it ends."""
        for line in self.process.stdout:
            self.hear(json.loads(line))
        code = self.process.wait()
        self.process.stdin.close()
        if self.active:
            self.state, self.why = (
                "failed",
                f"The training process ended by itself (exit status {code}). Start it again.",
            )

    def hear(self, news: dict[str, Any]) -> None:
        kind = news.pop("kind")
        if self.state == "starting":
            self.state = "running"
        if kind == "step":
            self.curve.append(Point(**news))
        elif kind == "look":
            samples, attention = tuple(map(tuple, news["samples"])), np.array(news["attention"], np.float32)
            self.looks.append(Look(news["step"], news["exact"], samples, attention))
        elif self.active:
            self.state, self.why = kind, news.get("why", "")

    def end(self, why: str) -> None:
        """At once: what it was doing is lost, what it has said is kept."""
        self.state, self.why = "stopped", why
        if self.process:
            self.process.kill()


class Queue:
    """All runs of the server. A thread starts those whose turn has come and stops those that nobody watches."""

    def __init__(self, most: int = MOST, patience: float = PATIENCE, idle: float = IDLE):
        self.most, self.patience, self.idle = most, patience, idle
        self.runs: list[Run] = []
        self.lock, self.thread = Lock(), None

    def start(self, settings: Settings) -> Run:
        run = Run(settings)
        with self.lock:
            self.runs.append(run)
            self.tidy()
            if self.thread is None:
                self.thread = Thread(target=self.look_after, name="live-queue", daemon=True)
                self.thread.start()
        return run

    def watch(self, run: Run) -> int:
        """Somebody sees this run. -> how many are before it in line, itself included; 0 for one that is not in line"""
        run.seen = time.monotonic()
        with self.lock:
            waiting = [r for r in self.runs if r.state == "waiting"]
            return waiting.index(run) + 1 if run in waiting else 0

    def order(self, run: Run, do: str, **more: Any) -> None:
        """ "pause", "go", "lr" or "digits" for a run; one that waits in line takes the last two as its settings."""
        with self.lock:
            if run.state == "waiting":
                run.settings = run.settings._replace(**more)
            elif run.active:
                run.tell({"do": do, **more})
                if do in ("pause", "go") and run.state in ("running", "paused"):
                    run.state, run.paused_at = {"pause": "paused", "go": "running"}[do], time.monotonic()

    def stop(self, run: Run, why: str = "") -> None:
        with self.lock:
            if run.active:
                run.end(why)
            self.tidy()

    def look_after(self) -> None:
        while True:
            with self.lock:
                self.tidy()
                if not self.runs:
                    self.thread = None
                    return
            time.sleep(0.3)

    def tidy(self) -> None:
        now = time.monotonic()
        waiting = any(run.state == "waiting" for run in self.runs)
        for run in self.runs:
            if run.active and now - run.seen > self.patience:
                run.end("Its page was closed, so it was stopped.")
            elif run.state == "paused" and waiting and now - run.paused_at > self.idle:
                run.end("It was paused while others waited, so it was stopped.")
        self.runs = [run for run in self.runs if run.active]
        busy = sum(run.state != "waiting" for run in self.runs)
        for run in [run for run in self.runs if run.state == "waiting"][: max(0, self.most - busy)]:
            try:
                run.launch()
            except OSError as error:  # no memory, no more processes
                run.state, run.why = "failed", f"The server cannot start another process now: {error}."


def parted(one: list[Point], other: list[Point]) -> int | None:
    """The first step at which two curves differ; None while they are the same, as far as both go."""
    pairs = zip(one, other, strict=False)
    return next((a.step for a, b in pairs if not math.isclose(a.loss, b.loss, rel_tol=1e-9)), None)
