"""The server's connections: how many there may be, how slow they may be, and how much of a body is taken in.

Waitress reads a request whole before a thread sees it, so nobody's slowness holds a thread. What it lacks is here: a
body is bounded by its head alone, a request must be all there in time, and when all places are taken the connection
that has been waiting longest makes room. Knows no page; how large a body may be is asked.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final, cast
from wsgiref.types import WSGIApplication, WSGIEnvironment

from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer, TempfileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver, FixedStreamReceiver
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import BadRequest, RequestHeaderFieldsTooLarge

from web.common.bounds import ARRIVED
from web.common.spool import IN_MEMORY, Spool

LargestBody = Callable[[WSGIEnvironment], int]

MOST_CONNECTIONS = 4096
FILES_OF_OTHERS = 256  # descriptors that are kept for databases, files and the like
FILES_EACH = 2  # descriptors: the connection, and its body in a file
LONGEST_HEAD = 48 * 1024
IN_ANSWER = 4 * 1024 * 1024  # bytes of an answer that wait in memory; only files are larger
LONGEST_CONTROL: Final = 8 * 1024  # bytes of what stands between the pieces of a body in pieces (RFC 9112, 7.1)


class Patience:
    """How long a connection may take, in seconds."""

    head: Final = 20.0  # from the first byte of a request to the end of its head
    body: Final = 60.0  # to the end of its body, and
    bytes_a_second: Final = 1024  # more for each of so many bytes that have come
    farewell: Final = 5.0  # to read our refusal while we throw away what is still coming


class _File(TempfileBasedBuffer):
    """A body in a file."""

    def newfile(self) -> Any:
        """One that holds nothing in clear."""
        return Spool()


class _Buffer(OverflowableBuffer):
    """A body on its way in: in memory, then in such a file."""

    def _set_large_buffer(self) -> None:
        small: Any = self.buf
        self.buf = cast(Any, _File(small))
        if small is not None:
            small.close()
        self.overflowed = True


class Incoming(HTTPRequestParser):
    """One request on its way in. A body that may not be is not taken in: its page gets the head and says so."""

    headers: dict[str, str]
    path: str

    def __init__(self, adjustments: Adjustments, channel: Channel) -> None:
        super().__init__(adjustments)
        self._channel, self._largest, self.arrived = channel, 0, 0.0

    def received(self, data: bytes) -> int:
        """How much of ``data`` belongs to this request: all of it, when what comes after it cannot be told."""
        taken: int = super().received(data)
        body = self.body_rcv
        if self.error is None and body is not None:
            size = max(self.content_length, len(body))
            if len(getattr(body, "control_line", b"")) + len(getattr(body, "trailer", b"")) > LONGEST_CONTROL:
                self.error, self.completed = BadRequest("分块格式有误 · The pieces of the body make no sense"), True
            elif size > self._largest:
                self._cut(body, size)
        elif isinstance(self.error, RequestHeaderFieldsTooLarge):
            self.error.body = "网址或 Cookie 过长，请清除本站的 Cookie 后重试 · The address or the cookies are too long"
        if self.completed and not self.arrived:
            self.arrived = time.monotonic()
        self._channel.cut = self._channel.cut or self.error is not None
        return len(data) if self._channel.cut else taken

    def parse_header(self, header_plus: bytes) -> None:
        """Reads the head, and asks how large the body may be."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body_rcv.buf = _Buffer(self.adj.inbuf_overflow)
            head = {"REQUEST_METHOD": self.command, "PATH_INFO": self.path, "wsgi.url_scheme": "http"}
            cookie, host = self.headers.get("COOKIE", ""), "localhost"
            self._largest = self._channel.server.largest_body({**head, "HTTP_COOKIE": cookie, "HTTP_HOST": host})

    def _cut(self, body: FixedStreamReceiver | ChunkedReceiver, size: int) -> None:
        body.getbuf().close()
        self.body_rcv, self.expect_continue = None, False
        self.headers |= {"CONTENT_LENGTH": str(size), "CONNECTION": "close"}
        self.completed = self._channel.cut = True


class _Task(WSGITask):
    """One request as a thread takes it up."""

    def get_environment(self) -> dict[str, Any]:
        """With when the last byte of it had come."""
        environ: dict[str, Any] = super().get_environment()
        return environ | {ARRIVED: cast(Incoming, self.request).arrived}


class Channel(HTTPChannel):
    """One connection."""

    server: Server
    task_class = _Task

    def __init__(self, server: Server, *rest: Any, **named: Any) -> None:
        super().__init__(server, *rest, **named)
        self.parser_class = partial(Incoming, channel=self)  # type: ignore[assignment]
        self.cut = False  # something of it was not taken in
        self._began, self._leaving = self.creation_time, 0.0

    def received(self, data: bytes) -> bool:
        """What came is added to the request under way."""
        before = self.request
        taken: bool = super().received(data)
        if self.request is not before:
            self._began = self.last_activity
        return taken

    def waiting_since(self) -> float | None:
        """Since when it has been idle, or has been sending or reading; none while a thread has or will have it."""
        if self.requests:
            return None
        return self._began if self.request is not None or self.total_outbufs_len else self.last_activity

    def is_late(self, now: float) -> bool:
        """Whether its request should have been all there by now, or its refusal read."""
        if self._leaving:
            return now > self._leaving
        if self.request is None or self.requests:
            return False
        allowed = Patience.head
        if self.request.headers_finished:
            allowed += Patience.body + self.request.body_bytes_received / Patience.bytes_a_second
        return now - self._began > allowed

    def give_up(self) -> None:
        """End it. Its number may be another's as soon as it is closed, so that is left to the loop, which is told."""
        self.will_close = True
        with suppress(OSError):
            cast(socket.socket, self.socket).shutdown(socket.SHUT_RDWR)

    # A refused body may still be coming. To close at once would reset the connection, and the refusal be lost: so the
    # end of our words is told first, and what comes is thrown away for a while (RFC 9112, 9.6).

    def readable(self) -> bool:
        return bool(self._leaving or super().readable())

    def writable(self) -> bool:
        return bool(self.will_close or (not self._leaving and super().writable()))

    def handle_write(self) -> None:
        if self.cut and self.close_when_flushed and not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed, self._leaving = False, self.last_activity + Patience.farewell
            with suppress(OSError):
                cast(socket.socket, self.socket).shutdown(socket.SHUT_WR)
            return
        super().handle_write()

    def handle_read(self) -> None:
        if not self._leaving:
            super().handle_read()
            return
        with suppress(OSError):
            self.recv(self.adj.recv_bytes * 8)


class Server(TcpWSGIServer):
    """One address on which we listen."""

    channel_class = Channel
    effective_host: str
    effective_port: str

    def __init__(
        self, application: WSGIApplication, largest_body: LargestBody, sockets: dict[int, Any], **named: Any
    ) -> None:
        self.largest_body, self._sockets = largest_body, sockets
        super().__init__(application, map=sockets, **named)

    def maintenance(self, now: int) -> None:
        """Close what is idle for too long, and what is too slow."""
        super().maintenance(now)
        for channel in self._channels():
            if channel.will_close or channel.is_late(now):
                channel.give_up()

    def readable(self) -> bool:
        """Whether one more may come in: before all places are taken, those that wait longest make room."""
        spare = max(3, self.adj.connection_limit // 16)
        if self.accepting and len(self._sockets) >= self.adj.connection_limit - spare:
            known = [(since, channel) for channel in self._channels() if (since := channel.waiting_since()) is not None]
            for _, channel in sorted(known, key=lambda one: one[0])[:spare]:
                channel.give_up()
        return bool(super().readable())

    def _channels(self) -> list[Channel]:
        return list(cast("dict[int, Channel]", self.active_channels).values())


def listen(application: WSGIApplication, largest_body: LargestBody, **settings: Any) -> MultiSocketServer:
    """A server on every address that the host's name has, not yet running. Raises OSError when the port is taken."""
    most = min(MOST_CONNECTIONS, (descriptors() - FILES_OF_OTHERS) // FILES_EACH)
    ours = {
        "connection_limit": max(64, most),
        "asyncore_use_poll": True,  # select() knows no more than 1,024 files
        "cleanup_interval": 5,
        "max_request_body_size": 2**62,  # ours is smaller
        "max_request_header_size": LONGEST_HEAD,
        "inbuf_overflow": IN_MEMORY,
        "outbuf_overflow": IN_ANSWER,
    }
    adjustments = Adjustments(**{**ours, **settings})
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(adjustments.threads)
    sockets: dict[int, Any] = {}
    servers = [
        Server(application, largest_body, sockets, dispatcher=dispatcher, adj=adjustments, sockinfo=one)
        for one in adjustments.listen
    ]
    places = [(one.effective_host, int(one.effective_port)) for one in servers]
    return MultiSocketServer(sockets, adjustments, places, dispatcher)


def descriptors() -> int:
    """How many files and connections this process may have open, after asking the system for as many as it allows."""
    try:
        import resource
    except ImportError:  # a system without such limits
        return 2 * MOST_CONNECTIONS * FILES_EACH
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS * FILES_EACH + FILES_OF_OTHERS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
