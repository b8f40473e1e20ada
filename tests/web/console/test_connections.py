"""Idle, half-sent, slow and too large requests at a real socket: others are served, and nothing more is read."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from web.console import connections
from web.console.connections import listen

LARGEST = 1000
HALF = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: a\r\nX-Lo",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
)


def echo(environ: Any, start_response: Any) -> Iterable[bytes]:
    said = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ.get('CONTENT_LENGTH', '')} told, {len(said)} read".encode()]


@contextmanager
def serving(**settings: Any) -> Iterator[int]:
    """A server on loopback; its port."""
    asked: Any = {"host": "127.0.0.1", "port": 0, "threads": 2, "cleanup_interval": 0, **settings}
    server = listen(echo, lambda head: LARGEST if head["REQUEST_METHOD"] == "POST" else 0, **asked)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield server.effective_listen[0][1]
    finally:
        server.close()
        loop.join(10)


def connect(port: int, said: bytes = b"") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    made.sendall(said)
    return made


def heard(one: socket.socket) -> str:
    """All that comes until the other side has ended its words."""
    found = b""
    while part := one.recv(65536):
        found += part
    return found.decode()


def asked(port: int, head: str, body: bytes = b"") -> str:
    with connect(port, f"{head}\r\nHost: a\r\nConnection: close\r\n".encode() + body) as one:
        return heard(one)


def get(port: int) -> str:
    return asked(port, "GET / HTTP/1.1", b"\r\n")


def test_idle_and_half_sent_requests_keep_nobody_out() -> None:
    with serving() as port, ExitStack() as held:
        for number in range(300):
            held.enter_context(connect(port, HALF[number % len(HALF)]))
        assert get(port).endswith("0 read")


def test_when_all_places_are_taken_the_one_that_waits_longest_makes_room() -> None:
    with serving(connection_limit=20) as port, ExitStack() as held:
        waiting = [held.enter_context(connect(port, HALF[number % len(HALF)])) for number in range(60)]
        assert get(port).endswith("0 read")
        with suppress(ConnectionResetError):
            assert waiting[0].recv(1) == b"", "the first of them had to go"


@pytest.mark.parametrize("said", HALF[1:], ids=lambda said: ascii(said[-5:]))
def test_a_request_that_trickles_in_is_given_up(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Patience, "head", 0.0)
    monkeypatch.setattr(connections.Patience, "body", 0.0)
    with serving(asyncore_loop_timeout=0) as port, connect(port, said) as slow:
        with suppress(ConnectionResetError):
            assert slow.recv(1) == b""
        assert get(port).endswith("0 read")


def test_a_body_that_comes_steadily_has_time_by_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Patience, "head", 0.0)
    monkeypatch.setattr(connections.Patience, "body", 0.0)
    monkeypatch.setattr(connections.Patience, "bytes_a_second", 1)
    with (
        serving(asyncore_loop_timeout=0) as port,
        connect(
            port, b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1000\r\n\r\n" + b"x" * 999
        ) as one,
    ):
        for _ in range(3):
            assert get(port).endswith("0 read")
        one.sendall(b"x")
        assert heard(one).endswith("1000 told, 1000 read")


BODIES = {
    "as long as it may be": (b"Content-Length: 1000\r\n\r\n" + b"x" * 1000, "1000 told, 1000 read"),
    "in pieces": (b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + b"x" * 1000 + b"\r\n0\r\n\r\n", "1000 told, 1000 read"),
    "too long in pieces": (b"Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001, "1001 told, 0 read"),
    "in small pieces": (b"Transfer-Encoding: chunked\r\n\r\n" + b"64\r\n" + b"x" * 100 + b"\r\n0\r\n\r\n", "100 told, 100 read"),
    "told too long": (b"Content-Length: 1001\r\n\r\n", "1001 told, 0 read"),
    "sent too long": (b"Content-Length: 63000000\r\n\r\n" + b"x" * 3_000_000, "63000000 told, 0 read"),
    "asked before": (b"Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n", "1001 told, 0 read"),
    "a second request within": (
        b"Content-Length: 5000\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n", "5000 told, 0 read"),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_taken_in_up_to_what_its_page_takes_and_the_answer_is_heard(name: str) -> None:
    body, answer = BODIES[name]
    with serving() as port:
        said = asked(port, "POST / HTTP/1.1", body)
        assert said.startswith("HTTP/1.1 200") and said.endswith(answer) and said.count("HTTP/1.1") == 1, said
        assert asked(port, "GET / HTTP/1.1", b"Content-Length: 9\r\n\r\n").endswith("9 told, 0 read")


def test_what_stands_between_the_pieces_of_a_body_is_bounded() -> None:
    with serving() as port:
        head = b"Transfer-Encoding: chunked\r\n\r\n"
        for control in (b"0" * 20_000, b"1;a=" + b"b" * 20_000, b"0\r\nA: " + b"b" * 20_000):
            said = asked(port, "POST / HTTP/1.1", head + control)
            assert said.startswith("HTTP/1.1 400") or "0 read" in said, said


def test_a_head_may_be_no_longer_than_said() -> None:
    with serving() as port:
        assert asked(port, "GET / HTTP/1.1", b"A: " + b"b" * 200_000 + b"\r\n\r\n").startswith("HTTP/1.0 431")


def test_a_process_asks_the_system_for_as_many_connections_as_it_allows() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    try:
        assert connections.descriptors() >= min(hard if hard > 0 else soft, 8192)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
