"""Where processes of their own come from: forked from a pristine one (``pristine``), which is begun when one is wanted.

What a child must import is imported once for all of them, so that it begins in milliseconds. Knows nothing of the work.
"""

from __future__ import annotations

import atexit
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from engine.files.pristine import ORDER, OUT_OF_TIME

BEGIN = """
import socket, sys
_, place, number, module = sys.argv
sys.argv = ["-c", place, module]
sys.path.insert(0, place)
from engine.files import pristine
pristine.serve(socket.socket(fileno=int(number)), module)
"""
SWITCHES = ("-I", "-B", "-X", "utf8")
"""It hears no settings of Python and leaves nothing behind; what is compiled already it finds (``compiled``)."""
PLACE = str(Path(__file__).resolve().parents[2])
TO_BEGIN = 60.0
"""Seconds that the pristine process may take to come into being on a busy machine, beside those of the work."""
TO_END = 10.0
"""Seconds that it may take to end when nobody asks any more; one that somebody has stopped never would."""
TO_TELL = 2.0
"""Seconds that a warden may take to tell how a child has ended whose words have."""
WITHDRAWN = -1_000_000
"""How a child has ended whose answer nobody wants any longer."""
_AT_ONCE = 65536


class Withdrawal:
    """By which whoever asks says from another thread that he no longer wants the answer: the child then ends."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._talk: socket.socket | None = None
        self.said = False

    def say(self) -> None:
        """The answer is not wanted."""
        with self._turn:
            self.said = True
            if self._talk is not None:
                with suppress(OSError):  # it has ended at the same moment
                    self._talk.shutdown(socket.SHUT_RDWR)

    @contextmanager
    def over(self, talk: socket.socket) -> Iterator[None]:
        """Inside, that is said to a child."""
        with self._turn:
            self._talk = talk
        try:
            if self.said:
                self.say()
            yield
        finally:
            with self._turn:
                self._talk = None


def compiled() -> tuple[str, ...]:
    """The switches by which such a process finds what this one's modules were compiled to, if that lies apart."""
    return ("-X", f"pycache_prefix={sys.pycache_prefix}") if sys.pycache_prefix else ()


def kept() -> dict[str, str]:
    """What of the environment such a process needs: without these some systems start no interpreter."""
    return {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}


class _Pristine:
    """One such process and the way to ask it for a child."""

    def __init__(self, executable: str, module: str) -> None:
        self.executable = executable
        self._turn = threading.Lock()
        with ExitStack() as stack:
            ours, theirs = socket.socketpair()
            stack.enter_context(ours)
            stack.enter_context(theirs)
            # The words are our own: nothing of what comes from outside is among them.
            self._process = subprocess.Popen(  # noqa: S603
                [executable, *SWITCHES, *compiled(), "-c", BEGIN, PLACE, str(theirs.fileno()), module],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=kept(),
                start_new_session=True,  # whoever stops the server from his keyboard stops it by its end
            )
            theirs.close()
            stack.pop_all()
        self._asking = ours

    def bear(self, ends: Sequence[socket.socket], program: str, patience: float) -> None:
        """Ask for a child that runs the program with these two ends. Raises ConnectionError when the process is gone,
        OSError when there is no child to be had."""
        text = program.encode()
        with self._turn:
            if self._asking.fileno() < 0:  # another thread has found it gone
                raise ConnectionError
            socket.send_fds(self._asking, [ORDER.pack(patience, len(text))], [end.fileno() for end in ends])
            self._asking.sendall(text)

    def end(self) -> None:
        """Ask for nothing more; it ends, and so has whatever it had to do. One that does not is killed."""
        with suppress(OSError):
            self._asking.shutdown(socket.SHUT_RDWR)  # whoever asks it at this moment in vain asks no longer
        with self._turn:
            self._asking.close()
        try:
            self._process.wait(TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def leave(self) -> None:
        """In a fork of whoever asked: it is that one's, to ask and to end."""
        self._asking.close()
        self._process.returncode = 0


_pristine: dict[str, _Pristine] = {}
_turn = threading.Lock()


def work(
    module: str, program: str, told: bytes, patience: float, withdrawal: Withdrawal | None = None
) -> tuple[bytes, int | None]:
    """What a new child says to what it is told, and how it ended; None: no child came into being.

    ``program`` is what it runs, ``module`` what it needs for that. Raises OSError when no process can be begun.
    """
    one, wanted = _of(module), withdrawal or Withdrawal()
    said, code = _once(one, program, told, patience, wanted)
    if not said and code in (None, OUT_OF_TIME):  # it had ended, as it does when nobody asks for long, or stands still
        _forget(module, one)
    if not said and code is None:
        said, code = _once(_of(module), program, told, patience, wanted)
    return said, code


class Gone(Exception):
    """A child that no longer answers; ``code``: how it has ended, None when nobody knows."""

    def __init__(self, code: int | None) -> None:
        self.code = code
        super().__init__(code)


class Conversation:
    """A child that is spoken to for as long as one wants: a line is said, a line is heard. For one thread at a time."""

    def __init__(self, module: str, program: str, patience: float) -> None:
        """``patience``: seconds after which it ends, whatever is said. Raises OSError when none can be begun."""
        self._talk, its = socket.socketpair()
        self._ended, wardens = socket.socketpair()
        self._said = bytearray()
        with its, wardens:
            for again in (True, False):
                one = _of(module)
                try:
                    one.bear([its, wardens], program, patience)
                    return
                except ConnectionError:  # it had ended, as it does when nobody asks for long
                    _forget(module, one)
                    if not again:
                        raise

    def ask(self, line: bytes, seconds: float, most: int) -> bytes:
        """Its next line, of so many bytes at most, once it was told this one. Raises Gone."""
        until = time.monotonic() + seconds
        try:
            self._talk.settimeout(seconds)
            self._talk.sendall(line + b"\n")
            return self.hear(until, most)
        except OSError as error:
            raise Gone(self.end(late=isinstance(error, TimeoutError))) from error

    def hear(self, until: float, most: int) -> bytes:
        """Its next line. Raises OSError when none comes by then."""
        while (end := self._said.find(b"\n")) < 0:
            self._talk.settimeout(max(0.001, until - time.monotonic()))
            piece = self._talk.recv(_AT_ONCE)
            if not piece or len(self._said) > most:
                raise ConnectionError
            self._said += piece
        found = bytes(self._said[:end])
        del self._said[: end + 1]
        return found

    def end(self, *, late: bool = False) -> int | None:
        """Let it end, if it has not; how it did. ``late``: because it took too long."""
        code = b""
        with suppress(OSError):
            self._ended.settimeout(0 if late else TO_TELL)
            code = self._ended.recv(_AT_ONCE)
        self._talk.close()
        self._ended.close()  # its warden sees that, and ends it
        return OUT_OF_TIME if late else int(code) if code else None


def _once(
    one: _Pristine, program: str, told: bytes, patience: float, withdrawal: Withdrawal
) -> tuple[bytes, int | None]:
    (talk, its), (ended, wardens) = socket.socketpair(), socket.socketpair()
    with talk, ended:
        with its, wardens, suppress(ConnectionError):
            one.bear([its, wardens], program, patience)
        with withdrawal.over(talk):
            said = _exchange(talk, told, time.monotonic() + patience + TO_BEGIN)
        if withdrawal.said:
            return b"", WITHDRAWN  # its warden sees the other end close
        if said is None:
            return b"", OUT_OF_TIME
        code = ended.recv(_AT_ONCE)  # of the warden, who has nothing more to wait for; nothing if there is none
    return said, int(code) if code else None


def _exchange(talk: socket.socket, told: bytes, until: float) -> bytes | None:
    """Tell everything and hear everything, each as far as the other will have it; None when it takes too long."""
    talk.setblocking(False)
    rest, said = memoryview(told), bytearray()
    with selectors.DefaultSelector() as waiting, suppress(ConnectionError):
        waiting.register(talk, selectors.EVENT_READ | selectors.EVENT_WRITE)
        while found := waiting.select(max(0.0, until - time.monotonic())):
            ((_, ready),) = found
            if ready & selectors.EVENT_READ:
                piece = talk.recv(_AT_ONCE)
                if not piece:
                    return bytes(said)
                said += piece
            elif rest:
                with suppress(BrokenPipeError):  # it no longer hears, but may have said something
                    rest = rest[talk.send(rest[:_AT_ONCE]) :]
                    continue
                rest = rest[len(rest) :]
            else:
                with suppress(OSError):
                    talk.shutdown(socket.SHUT_WR)
                waiting.modify(talk, selectors.EVENT_READ)
        return None
    return bytes(said)  # it ended without having heard all


def _of(module: str) -> _Pristine:
    with _turn:
        found = _pristine.get(module)
        if found is None or found.executable != sys.executable:
            if found is not None:
                _pristine.pop(module).end()
            found = _pristine[module] = _Pristine(sys.executable, module)
        return found


def _forget(module: str, one: _Pristine | None = None) -> None:
    """End what there is for a module; only this one, if it is said: another may stand in its place by now."""
    with _turn:
        found = _pristine.get(module)
        if found is None or one not in (None, found):
            return
        del _pristine[module]
    found.end()


@atexit.register
def _end_all() -> None:
    for module in list(_pristine):
        _forget(module)


def _in_fork() -> None:
    """A fork of this process begins its own: two that ask one would fall into each other's words."""
    for one in _pristine.values():
        one.leave()
    _pristine.clear()
    _turn.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_in_fork)
