"""Whether a backup is under way, so that nobody takes away what it still has to copy. Knows no backup.

A file in the data folder says until when; whoever copies renews it, and one that died stops nobody for long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from engine.model import Clock

NAME: Final = "backup.lease"
HELD_FOR: Final = timedelta(minutes=10)


class Lease:
    """That of one installation. ``machine``: the clock that no demo moves."""

    def __init__(self, data_dir: Path, machine: Clock) -> None:
        self._file = data_dir / NAME
        self._machine = machine

    def is_held(self) -> bool:
        """Whether a backup is under way."""
        try:
            until = datetime.fromisoformat(self._file.read_text("ascii"))
        except (OSError, ValueError):
            return False
        return self._machine.now() < until <= self._machine.now() + HELD_FOR

    @contextmanager
    def holding(self) -> Iterator[Callable[[], None]]:
        """Hold it; call what is given now and then, to hold it on."""
        renewed = datetime.min.replace(tzinfo=self._machine.now().tzinfo)

        def renew() -> None:
            nonlocal renewed
            now = self._machine.now()
            if abs(now - renewed) > HELD_FOR / 10:  # also when the clock was set back
                self._file.write_text((now + HELD_FOR).isoformat(), "ascii")
                renewed = now

        renew()
        try:
            yield renew
        finally:
            self._file.unlink(missing_ok=True)
