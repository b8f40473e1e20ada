"""One program at a time, by a lock on a file, which goes with the program that held it. Knows nothing of what for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def alone(file: Path, waits: bool = True) -> Iterator[bool]:
    """Let no other program come here meanwhile; whether that is so, which it is not when one is there and nobody waits.

    Raises OSError. Not to be asked for twice at once by the same thread.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb"):
        yield _held(handle, waits)


def _held(handle: int, waits: bool) -> bool:
    """Whether a file is locked for this program; where the system knows no such locks, it is for everybody."""
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
    return True
