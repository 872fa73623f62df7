"""How fast a class is answered while two models are trained live, against the same class without them.

    python -m tests.bench.live [--visitors 50] [--interval 5] [--seconds 30] [--json FILE]

Two more visitors train on the training page, and begin again when a run is done. How many were at it is counted.
"""

import argparse
import asyncio
import random
import time
from contextlib import AsyncExitStack

import psutil

from tests.bench.client import Visitor
from tests.bench.report import report
from tests.bench.rerun import a_class
from tests.server import LINKS, Server, serve

LEARNERS = 2
LOOK = 2.0  # seconds between two looks at a run, as in the browser


async def keep_training(visitor: Visitor, end: float) -> None:
    while time.monotonic() < end:
        start = [control for control in visitor.controls.values() if control.label in ("Train", "Train again")]
        await (visitor.change(start[0]) if start else visitor.run())
        await asyncio.sleep(LOOK)


async def count_runs(server: Server, end: float) -> float:
    """Training processes of the server, on average."""
    counts = []
    while time.monotonic() < end:
        counts.append(len(psutil.Process(server.pid).children()))
        await asyncio.sleep(1)
    return sum(counts) / len(counts)


async def measure(server: Server, visitors: int, interval: float, seconds: float) -> dict:
    await a_class(server, LINKS, 2 * len(LINKS), 1, 15)  # models and caches are the server's, whoever comes first
    alone = await a_class(server, LINKS, visitors, interval, seconds)
    end = time.monotonic() + seconds + 10  # until the class has come and gone
    async with AsyncExitStack() as stack:
        learners = [Visitor(server.address, "training", random.Random(i)) for i in range(LEARNERS)]
        for learner in learners:
            learner.query = "training_part=Train+one+live"
            await stack.enter_async_context(learner)
        beside, runs, *_ = await asyncio.gather(
            a_class(server, LINKS, visitors, interval, seconds),
            count_runs(server, end),
            *(keep_training(learner, end) for learner in learners),
        )
    return {"alone": alone, "beside": beside, "runs": runs, "ratio_p95": beside["p95"] / alone["p95"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--interval", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--json")
    chosen = parser.parse_args()
    with serve() as server:
        report(asyncio.run(measure(server, chosen.visitors, chosen.interval, chosen.seconds)), chosen.json)


if __name__ == "__main__":
    main()
