"""The app as it is served: from any folder, silent towards the outside, with its headers."""

import socket
import urllib.request

import pytest
from streamlit import net_util

from pages.shared import serving
from tests.server import serve

WATCHER = """
import socket
asked = socket.getaddrinfo
def told(host, *more, **named):
    with open({log!r}, "a") as file:
        print(host, file=file)
    return asked(host, *more, **named)
socket.getaddrinfo = told
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A server started in an empty folder; it notes each name that it looks up. -> address, the names so far"""
    folder = tmp_path_factory.mktemp("elsewhere")
    log = folder / "names.txt"
    (folder / "sitecustomize.py").write_text(WATCHER.format(log=str(log)))
    with serve(cwd=folder, PYTHONPATH=str(folder), ATTENTION_LAB_FRAME_ANCESTORS="https://school.example") as server:
        yield server.address, lambda: log.read_text().split() if log.exists() else []


def shake_hands(address: str, origin: str) -> str:
    """Ask for Streamlit's websocket as a page of `origin` does. -> the first line of the answer"""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        lines = (
            "GET /_stcore/stream HTTP/1.1",
            f"Host: {host}:{port}",
            f"Origin: {origin}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        )
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return connection.recv(4096).decode("latin-1").splitlines()[0]


def test_another_sites_page_gets_no_connection_and_makes_the_server_ask_nobody(served):
    address, names = served
    before = names()
    assert "403" in shake_hands(address, "https://elsewhere.example")
    assert "101" in shake_hands(address, address)
    own = {"localhost", "127.0.0.1", "0.0.0.0", "::1", "None", "", socket.gethostname()}
    assert set(names()[len(before) :]) <= own


def test_without_this_streamlit_would_ask(monkeypatch):
    """So that the test above fails if Streamlit asks in another way one day: the function is still the one it calls."""
    from streamlit.web.server import server_util

    asked = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("outside"))
    assert not server_util.is_url_from_allowed_origins("https://elsewhere.example")
    assert asked == ["outside"]


def test_headers_that_browsers_heed(served):
    answer = urllib.request.urlopen(served[0])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors https://school.example"


@pytest.mark.parametrize(
    ("ancestors", "expected"), [("", None), ("'self'; script-src *", "frame-ancestors 'self'  script-src *")]
)
def test_only_frames_are_restricted_and_only_if_asked(monkeypatch, ancestors, expected):
    monkeypatch.setenv(serving.FRAME_ANCESTORS, ancestors)
    assert serving.Headers(None).headers.get("Content-Security-Policy") == expected


@pytest.mark.parametrize(("base", "expected"), [("", "http://localhost:8501"), ("/lab/", "http://localhost:8501/lab")])
def test_the_printed_address_has_the_base_path(monkeypatch, base, expected):
    options = {"server.baseUrlPath": base, "server.port": 8501}
    monkeypatch.setattr(serving.st, "get_option", options.__getitem__)
    assert serving.address() == expected


def test_it_starts_and_answers_from_any_folder(served):
    assert urllib.request.urlopen(f"{served[0]}/_stcore/health").status == 200
