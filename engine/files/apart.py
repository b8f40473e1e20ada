"""Work on what comes from outside, done in a process of its own with limits; and what became of it.

What is hostile may be slow, large or deadly to a reader: it takes that process with it and nothing else. The process
is no fork of a server, whose threads, secrets and open files it would inherit, but the child of one that is there for
nothing else (``children``). It hears its orders by its standard input, a line each, and answers each with a line; no
settings, no environment, no database. Knows nothing of what is read.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from engine.files import children
from engine.files.children import PLACE, SWITCHES, WITHDRAWN, Withdrawal, compiled, kept
from engine.files.pristine import OUT_OF_TIME

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What the work on one order may use: seconds of the processor, bytes of address space, and seconds in all.

    Where the system knows no limits of a process, the seconds in all still hold. They leave time for what else the
    machine does.
    """

    seconds: int
    memory: int
    patience: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What the process said, a line for each order as far as it came, and how it ended (0: well)."""

    lines: list[bytes]
    code: int

    @property
    def out_of_time(self) -> bool:
        return self.code == OUT_OF_TIME

    @property
    def out_of_memory(self) -> bool:
        return self.code == OUT_OF_MEMORY


class Withdrawn(Exception):
    """Whoever asked no longer wants the answer."""


class NotStarted(Exception):
    """The process did not start: the fault is ours, not that of what was to be read."""


FORKS = hasattr(os, "fork")
_READY = b"ready"
OUT_OF_MEMORY = 12  # exit code
START = """
import sys
sys.path.insert(0, sys.argv[1])
from importlib import import_module
import_module(sys.argv[2]).main()
"""


def ask(module: str, orders: Sequence[bytes], patience: int, withdrawal: Withdrawal | None = None) -> Heard:
    """The answers of ``main`` of a module of ours, in a process of its own, as far as they come within so many seconds.

    Raises NotStarted, Withdrawn.
    """
    told = b"\n".join(orders)
    try:
        if FORKS:
            said, code = children.work(module, START, told, patience, withdrawal)
        else:
            said, code = _fresh(module, START, told, patience)
    except OSError as error:
        raise NotStarted(str(error)) from error
    if code == WITHDRAWN:
        raise Withdrawn
    ready, *lines = said.splitlines() or [b""]
    if ready != _READY or code is None:
        raise NotStarted(str(code))
    return Heard(lines, code)


def _fresh(module: str, program: str, told: bytes, patience: float) -> tuple[bytes, int]:
    """The same as ``children.work`` on a system whose processes have no children of that kind: slower to begin."""
    try:
        # The words are our own: nothing of what comes from outside is among them.
        done = subprocess.run(  # noqa: S603
            [sys.executable, *SWITCHES, *compiled(), "-c", program, PLACE, module],
            input=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=patience,
            env=kept(),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", OUT_OF_TIME
    return done.stdout, done.returncode


# -- the other process ---------------------------------------------------------------------------------------------


def answer(work: Callable[[bytes], bytes], limits: Limits) -> None:
    """Answer each line of the standard input within the limits."""
    try:
        for line in sys.stdin.buffer:
            limit(limits)
            sys.stdout.buffer.write(work(line.rstrip(b"\n")) + b"\n")
            sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def ready() -> None:
    """Say that the process has started: what comes to grief from now on has itself to blame."""
    sys.stdout.buffer.write(_READY + b"\n")
    sys.stdout.buffer.flush()


def limit(limits: Limits) -> None:
    """From now on no more than so much time and memory; no file written, no process begun (but by root).

    Where the system knows such limits; else the one who waits ends this process.
    """
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = max(1, int(used.ru_utime + used.ru_stime) + 1 + limits.seconds)
        wanted = {"CPU": until, "AS": limits.memory, "FSIZE": 0, "CORE": 0, "NPROC": 0}
        for name, value in wanted.items():
            with suppress(AttributeError, ValueError, OSError):  # not every system knows each of them
                kind = getattr(resource, f"RLIMIT_{name}")
                resource.setrlimit(kind, (value, resource.getrlimit(kind)[1] if name == "CPU" else value))
