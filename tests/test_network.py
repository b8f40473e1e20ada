"""The tests' own guard against the world outside."""

import socket

import pytest


def test_a_connection_that_leaves_the_machine_is_refused():
    with socket.socket() as outgoing, pytest.raises(Exception, match=r"192\.0\.2\.1"):
        outgoing.connect(("192.0.2.1", 80))


def test_loopback_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass
