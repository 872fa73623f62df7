"""How fast a changed control is answered: by one visitor, then by a class that changes something every few seconds.

    python -m tests.bench.rerun [--visitors 100] [--interval 5] [--seconds 30] [--json FILE]

Starts `streamlit run app.py`; times go from the browser's message to "script finished". The same is then measured on
an empty Streamlit page (tests/bench/empty.py) with the same settings, so that every number stands beside its floor.
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from tests.bench.client import Visitor
from tests.bench.report import percentile, report
from tests.server import LINKS, Server, serve

EMPTY = Path(__file__).parent / "empty.py"
PAUSE = 0.25  # seconds between one visitor's changes: nobody is faster
TURNS = 6  # changes of each control


def milliseconds(times: list[float]) -> dict[str, float]:
    return {name: 1000 * percentile(times, p) for name, p in (("p50", 50), ("p95", 95), ("max", 100))}


def megabytes(server: Server) -> float:
    return psutil.Process(server.pid).memory_info().rss / 2**20


def cpu_seconds(server: Server) -> float:
    times = psutil.Process(server.pid).cpu_times()
    return times.user + times.system


async def one_visitor(server: Server, page: str) -> dict:
    """Every control of the page in turn, several times."""
    times: dict[str, list[float]] = {}
    async with Visitor(server.address, page, random.Random(1)) as visitor:
        cpu, received = cpu_seconds(server), visitor.bytes
        for _ in range(TURNS):
            for known in list(visitor.controls):
                control = visitor.controls.get(known)  # as it is now: its fragment may be another one
                if control is None:  # gone with the last change
                    continue
                await asyncio.sleep(PAUSE)
                times.setdefault(control.label, []).append(await visitor.change(control))
        slowest = {label: 1000 * percentile(found, 50) for label, found in times.items()}
        every = [took for found in times.values() for took in found]
        each = {
            "cpu_ms_a_change": 1000 * (cpu_seconds(server) - cpu) / len(every),
            "kb_a_change": (visitor.bytes - received) / 1024 / len(every),
        }
        return {**milliseconds(every), **each, "errors": Counter(visitor.errors), "controls_p50": slowest}


async def keep_changing(visitor: Visitor, interval: float, end: float) -> list[float]:
    times = []
    await asyncio.sleep(visitor.chance.random() * interval)
    while (began := time.monotonic()) < end:
        times.append(await visitor.change())
        await asyncio.sleep(max(0.0, began + interval - time.monotonic()))
    return times


async def a_class(server: Server, pages: list[str], visitors: int, interval: float, seconds: float) -> dict:
    """All come, spread over the pages, and each changes something every `interval` seconds."""
    before = megabytes(server)
    async with AsyncExitStack() as stack:
        here = [Visitor(server.address, pages[i % len(pages)], random.Random(i)) for i in range(visitors)]
        for i in range(0, visitors, 10):
            await asyncio.gather(*(stack.enter_async_context(visitor) for visitor in here[i : i + 10]))
        end = time.monotonic() + seconds
        done = await asyncio.gather(*(keep_changing(v, interval, end) for v in here), return_exceptions=True)
        after = megabytes(server)
    times = [took for found in done if isinstance(found, list) for took in found]
    errors = Counter(
        [repr(found) for found in done if not isinstance(found, list)] + [e for v in here for e in v.errors]
    )
    memory = {"before_mb": before, "after_mb": after, "mb_a_session": (after - before) / visitors}
    return {"visitors": visitors, "changes": len(times), **milliseconds(times), "errors": errors, **memory}


async def measure(server: Server, pages: list[str], chosen: argparse.Namespace) -> dict:
    found = {"one_visitor": {page or "home": await one_visitor(server, page) for page in pages}}
    await a_class(server, pages, 2 * len(pages), 1, 15)  # threads and caches are the server's, whoever comes first
    found["server_mb"] = megabytes(server)
    return found | {"class": await a_class(server, pages, chosen.visitors, chosen.interval, chosen.seconds)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--visitors", type=int, default=100)
    parser.add_argument("--interval", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--json")
    chosen = parser.parse_args()
    with serve(EMPTY) as server:
        peer = asyncio.run(measure(server, [""], chosen))
    with serve() as server:
        ours = asyncio.run(measure(server, LINKS, chosen))
    floor = peer["one_visitor"]["home"]["p50"]
    ratios = {f"{page}_p50": found["p50"] / floor for page, found in ours["one_visitor"].items()}
    ratios |= {f"class_{name}": ours["class"][name] / peer["class"][name] for name in ("p50", "p95", "mb_a_session")}
    report({"app": ours, "empty_page": peer, "app_over_empty_page": ratios}, chosen.json)


if __name__ == "__main__":
    main()
