"""What stands outside a house on loopback: a real SMTP server, one that plays a script, a receiver of robots' posts."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@dataclass
class Post:
    """A real SMTP server that can be stopped and started again. ``refuses``: addresses that it does not know."""

    port: int = field(default_factory=free_port)
    mails: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    controller: Controller | None = None

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def start(self) -> None:
        self.controller = Controller(self, hostname=HOST, port=self.port, ready_timeout=60)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@contextmanager
def talking(lines: list[str | None], released: threading.Event | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server that says the next of ``lines`` whatever it hears, and hangs up at None; its port, and what it heard.

    ``released``: it says nothing before.
    """
    heard: list[str] = []

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if released is not None:
                released.wait(120)
            for line in lines:
                if line is None:
                    return
                try:
                    self.wfile.write(line.encode() + b"\r\n")
                    self.wfile.flush()
                    if line[3:4] == "-":
                        continue
                    said = self.rfile.readline()
                except OSError:
                    return
                heard.append(said.decode("utf-8", "replace").strip())
                while line.startswith("354") and said not in (b".\r\n", b""):
                    said = self.rfile.readline()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server((HOST, 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1]), heard
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Receiver:
    """A receiver of posts over HTTP. ``answers``: what it answers next, (status, body, headers); else that all is well."""

    port: int = 0
    posts: list[tuple[str, bytes]] = field(default_factory=list)
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.posts.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            status, body, headers = found.answers.pop(0) if found.answers else (200, b'{"errcode":0,"errmsg":"ok"}', {})
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST

        def log_message(self, format: str, *words: Any) -> None:
            pass

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
