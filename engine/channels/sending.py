"""What every channel shares: what is sent, why it was not, and how long a try may take. Knows no channel."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from engine import letters
from engine.words import Words

SILENCE_SECONDS: Final = 10.0
"""So long one answer may take."""
DEADLINE_SECONDS: Final = 30.0
"""So long one try may take, however the other side divides its silence."""
LONGEST_SAID: Final = 120


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes out in one piece. ``token``: the same in every try; ``html``: for mail alone; ``at``: when queued."""

    to: str
    subject: str
    text: str
    html: str
    token: str
    at: datetime


class NotSent(Exception):
    """It did not go out. ``for_good``: trying again is no use; ``away``: nothing goes out on this channel now."""

    def __init__(self, why: Words, *, for_good: bool = False, away: bool = False) -> None:
        super().__init__(why.text("en"))
        self.why, self.for_good, self.away = why, for_good, away


class OpenLine(Protocol):
    """An open way over which parcels go, one after the other."""

    def send(self, parcel: Parcel) -> None:
        """Send one. Raises NotSent."""
        ...

    def close(self) -> None:
        """End it; never fails."""
        ...


def said(text: str | bytes, *secrets: str) -> str:
    """What the other side said, fit to be shown: one short line in which no secret stands."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = letters.tidy("".join(one if one.isprintable() else " " for one in words[: 10 * LONGEST_SAID]))
    for secret in filter(None, secrets):
        line = line.replace(secret, "…")
    return line[:LONGEST_SAID]


@contextmanager
def within(connected: Callable[[], socket.socket | None], seconds: float | None = None) -> Iterator[None]:
    """Cut a connection off that keeps us for too long: a side that sends a byte now and then is never silent."""

    def cut() -> None:
        sock = connected()
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE_SECONDS if seconds is None else seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
