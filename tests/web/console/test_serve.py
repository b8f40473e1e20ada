"""The server and what stands in front of it: a proxy that names visitors, and strangers who never finish."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.site import prepared_environment, serving
from tests.visitor import Visitor
from web.console.connections import descriptors

HALF_SENT = 300
FORGED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return prepared_environment(tmp_path_factory.mktemp("proxied"))


@pytest.mark.parametrize(("proxy", "believed"), [("127.0.0.1", "203.0.113.7"), ("", "127.0.0.1")])
def test_only_the_proxy_that_is_named_may_say_where_a_visitor_comes_from(environment, proxy, believed):
    folder = environment["GANGWEI_DATA_DIR"]
    with (
        serving(Path(folder), environment | {"GANGWEI_TRUSTED_PROXY": proxy}) as site,
        Visitor(site.url, extra=FORGED) as visitor,
    ):
        visitor.sign_in("changan")
    with closing(sqlite3.connect(f"{folder}/gangwei.db")) as connection:
        newest = connection.execute("SELECT address FROM account_events ORDER BY sequence DESC LIMIT 1").fetchone()
    assert newest == (believed,)


def test_a_server_with_many_half_sent_requests_serves_others_and_reads_no_strangers_body(environment):
    host, port = "127.0.0.1", int(environment["GANGWEI_PORT"])
    heads = [b"", b"GET / HT", b"POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nlogin="]
    many = max(HALF_SENT, min(1_100, descriptors() - 200))  # more than 1,024, where the system lets us
    with serving(Path(environment["GANGWEI_DATA_DIR"]), environment) as site, ExitStack() as held:
        for number in range(many):
            half = held.enter_context(socket.create_connection((host, port)))
            half.sendall(heads[number % len(heads)])
        with Visitor(site.url) as visitor:
            assert visitor.sign_in("changan").get("/tasks").status == 200
        for address in ("/login", "/start/post_approval", "/cases/1/files", "/tasks/1-1", "/nowhere"):
            with socket.create_connection((host, port), timeout=60) as stranger:
                head = f"POST {address} HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\nContent-Length: 63000000\r\n\r\n"
                stranger.sendall(head.encode())
                assert stranger.recv(1000)[:12] in (b"HTTP/1.1 413", b"HTTP/1.1 303"), "nobody asked to have the body"
