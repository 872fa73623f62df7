"""The app as a user starts it, for the browser tests and the benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
NAMES = [p.parent.name for p in sorted(ROOT.glob("pages/*/page.py"))]
LINKS = ["" if name == "home" else name for name in NAMES]  # where Streamlit puts the pages


class Server(NamedTuple):
    address: str
    pid: int


@contextmanager
def serve(script: Path = ROOT / "app.py", cwd: Path = ROOT, **environment: str) -> Iterator[Server]:
    """`streamlit run script` on a free port, with the app's configuration; stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless=1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=cwd, env=os.environ | environment, process_group=0, **quiet)
    try:
        address = f"http://localhost:{port}"
        wait_until(lambda: answers(f"{address}/_stcore/health"), "the server did not start", seconds=90)
        yield Server(address, server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def answers(address: str) -> bool:
    try:
        return urllib.request.urlopen(address, timeout=1).status == 200
    except OSError:
        return False


def wait_until(holds: Callable[[], bool], otherwise: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
