"""A process that has read nothing yet and forks a child for each piece of work: what that child needs is imported once.

It is a fresh interpreter of its own, without threads, settings, secrets or open files of whoever asks, so that its
children have none either. Each works on one thing and ends. Between it and the child stands a warden, who ends the
child when its time is over and tells how it ended. Knows nothing of the work.
"""

from __future__ import annotations

import _thread
import gc
import os
import signal
import socket
import struct
import sys
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import NoReturn

IDLE = 60.0
"""Seconds without work after which it ends and gives its memory back."""
ORDER = struct.Struct("!dI")
"""How many seconds the child may take in all, and how long the text of its program is, which follows; with it come the
two files of ``_guard``."""
OUT_OF_TIME = -int(getattr(signal, "SIGXCPU", 24))  # so the system ends what passes the limit of the processor


def serve(asking: socket.socket, module: str) -> None:
    """Fork a child for each order until nobody asks any more. What its program wants of ``module`` is there."""
    import_module(module)
    gc.collect()
    gc.freeze()  # a child that looked through what it shares with this process would copy it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a warden
    asking.settimeout(IDLE)
    with suppress(TimeoutError, ConnectionError):
        while True:
            said, files, _, _ = socket.recv_fds(asking, ORDER.size, 2)
            if not said:
                return
            patience, length = ORDER.unpack(said)
            program = _all(asking, length).decode()
            if os.fork() == 0:
                asking.close()
                _guard(files, patience, program)
            for file in files:
                os.close(file)


def _all(asking: socket.socket, length: int) -> bytes:
    """So many bytes, however many come at once. Raises TimeoutError, ConnectionError."""
    said = bytearray()
    while len(said) < length:
        piece = asking.recv(length - len(said))
        if not piece:
            raise ConnectionError
        said += piece
    return bytes(said)


def _guard(files: list[int], patience: float, program: str) -> NoReturn:
    """Let a child of its own do the work by the first file; tell by the second how it ended, as ``subprocess`` does."""
    talk, ended = files
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(ended)
        _work(talk, program)
    os.close(talk)
    late = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal late
        late = True
        with suppress(ProcessLookupError):  # it has ended at the same moment
            os.kill(child, signal.SIGKILL)

    def watch() -> None:
        """Whoever asked has gone, or no longer wants it: he never writes, so whatever is read here is his end."""
        with suppress(OSError):
            os.read(ended, 1)
            if not over:
                os.kill(child, signal.SIGKILL)

    over = False
    _thread.start_new_thread(watch, ())
    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, patience)
    _, status = os.waitpid(child, 0)
    over = True
    signal.setitimer(signal.ITIMER_REAL, 0)
    code = OUT_OF_TIME if late else os.waitstatus_to_exitcode(status)
    with suppress(OSError):  # whoever asked has gone
        os.write(ended, str(code).encode())
    os._exit(0)


def _work(talk: int, program: str) -> NoReturn:
    """Be the interpreter of the program, with a standard input and output and nothing else."""
    os.dup2(talk, 0)
    os.dup2(talk, 1)
    os.close(talk)
    code = 1
    try:
        sys.stdin, sys.stdout = open(0), open(1, "w")  # noqa: SIM115 - the end of the process closes them
        exec(program, {"__name__": "__main__"})  # noqa: S102 - it is ours
        sys.stdout.flush()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        os._exit(code)
