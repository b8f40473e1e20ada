"""What runs while hostile input is worked on: what the interpreter does outside of it, how long it takes, what it takes.

Knows no FEEL, no diagram and no form. The audit hook of Python cannot be taken away again, so every part of the soak
runs in a process of its own.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import TZPATH

from engine.errors import Refusal

MEGABYTE = 1024 * 1024
TRIES = 5  # neighbours slow a busy machine: only what is slow each time is slow
MOST_SHOWN = 20
FORBIDDEN = (
    "open",
    "import",
    "exec",
    "compile",
    "socket.",
    "subprocess.",
    "os.",
    "shutil.",
    "ctypes.",
    "pickle.",
    "urllib.",
)
"""Audit events that reach outside of the interpreter or run code, by how they begin."""


class Watch:
    """Notes every forbidden event that happens inside of ``watching``."""

    def __init__(self, *allowed: str) -> None:
        """``allowed``: events that may happen, such as ``os.listdir``."""
        self.seen: list[str] = []
        self._allowed = allowed
        self._active = False
        sys.addaudithook(self._hear)

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._active = True
        try:
            yield
        finally:
            self._active = False

    def _hear(self, event: str, details: tuple[Any, ...]) -> None:
        if not self._active or not event.startswith(FORBIDDEN) or event in self._allowed:
            return
        if event == "open" and _is_zone(details):
            return
        self.seen.append(f"{event} {str(details)[:200]}")

    def taken(self) -> list[str]:
        """What was seen since the last time."""
        seen, self.seen = self.seen, []
        return seen


def _is_zone(details: tuple[Any, ...]) -> bool:
    """Data of a time zone, read once and only read: the one file that an expression may lead to."""
    path, mode = details[0], details[1]
    return mode in ("r", "rb") and isinstance(path, str) and ".." not in path and path.startswith(TZPATH)


def peak() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@dataclass
class Score:
    """What a part counted, and every broken promise in words."""

    name: str
    limit: float  # seconds that one input may take
    growth: int | None = None  # bytes that the process may grow by
    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    worst: float = 0.0
    slowest: str = ""
    broken: list[str] = field(default_factory=list)
    notes: str = ""
    base: int = field(default_factory=peak)

    def took(self, seconds: float, what: str) -> None:
        if seconds > self.worst:
            self.worst, self.slowest = seconds, what

    def judge(self) -> bool:
        """Print the line and all that is wrong; whether nothing is."""
        grown = peak() - self.base
        if self.growth is not None and grown > self.growth:
            self.broken.append(f"memory grew by {grown / MEGABYTE:.0f} MB")
        if self.worst > self.limit:
            self.broken.append(f"took {self.worst:.2f} s: {self.slowest[:300]!r}")
        said = ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())
        result = "ok" if not self.broken else "FAILED"
        memory = f"+{grown / MEGABYTE:.0f} MB"
        print(
            f"{self.name}: {self.tried:,} tried, {said}; {self.notes}worst {self.worst:.3f} s, {memory}: {result}",
            flush=True,
        )
        for line in self.broken[:MOST_SHOWN]:
            print(f"  ✗ {line}")
        if len(self.broken) > MOST_SHOWN:
            print(f"  … and {len(self.broken) - MOST_SHOWN} more")
        return not self.broken


def attempt(score: Score, watch: Watch, what: str, act: Callable[[int], str]) -> None:
    """Run ``act(number of the try)``, which names its outcome. Only a Refusal may come out, soon, and nothing touched."""
    score.tried += 1
    taken = []
    for number in range(TRIES):
        began = time.thread_time()
        try:
            with watch.watching():
                outcome = act(number)
        except Refusal as refusal:
            outcome = f"{refusal.code} refused" if refusal.message("zh") else "refused in silence"
        except MemoryError:
            outcome = "out of memory"
            score.broken.append(f"out of memory: {what[:300]!r}")
        except Exception as error:
            outcome = "raised"
            score.broken.append(f"{type(error).__name__}: {str(error)[:200]} from {what[:300]!r}")
        taken.append(time.thread_time() - began)
        score.broken += [f"{event} from {what[:300]!r}" for event in watch.taken()]
        if taken[-1] <= score.limit:
            break
    score.took(min(taken), what)
    score.outcomes[outcome] += 1


def keep(folder: Path | None, name: str, data: bytes) -> None:
    """Write an input that broke a promise, for whoever looks into it."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
