"""A short queue in front of what is dear: few at once, few that wait, and nobody waits long. Knows no password.

To compare a password takes 64 MB and a tenth of a second: many at once would take the memory and the threads of all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.errors import Refusal
from engine.words import say


class Busy(Refusal):
    """More than can be done at once; ``seconds``: when to come back."""

    sentence = say("正在登录的人较多，请 {seconds} 秒后再试。")

    def __init__(self, seconds: int = 1) -> None:
        self.seconds = seconds
        super().__init__(seconds=seconds)


@dataclass(slots=True, eq=False)
class Turn:
    """Somebody in the queue, or whose turn it is."""

    keys: frozenset[str]
    first: bool
    rests: bool = False


class Queue:
    """Who shares a key with another goes one after the other. Safe to share between threads."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        """``waiting``: so many may wait, half as many of one key; ``patience`` (seconds): so long."""
        self._at_once, self._most, self._patience = at_once, waiting, patience
        self._changed = threading.Condition()
        self._running: list[Turn] = []
        self._waiting: list[Turn] = []

    @contextmanager
    def turn(self, *keys: str, first: bool = False) -> Iterator[Turn]:
        """Do what is inside when it is one's turn. ``first``: before those that are not, beside their places.

        Raises Busy.
        """
        turn = Turn(frozenset(keys), first)
        with self._changed:
            self._enter(turn)
            limit = time.monotonic() + self._patience
            try:
                while not self._is_next(turn):
                    if not self._changed.wait(limit - time.monotonic()):
                        raise Busy
                self._running.append(turn)
            finally:
                self._waiting.remove(turn)
                self._changed.notify_all()
        try:
            yield turn
        finally:
            with self._changed:
                self._running.remove(turn)
                self._changed.notify_all()

    def rest(self, turn: Turn) -> None:
        """What is dear is done: others go on, except those who share a key with this turn, until it ends."""
        with self._changed:
            turn.rests = True
            self._changed.notify_all()

    def _enter(self, turn: Turn) -> None:
        others = [one for one in self._waiting if one.first is turn.first]
        alike = max((sum(key in one.keys for one in others) for key in turn.keys), default=0)
        if len(others) >= self._most or alike >= max(1, self._most // 2):
            raise Busy
        before = next((i for i, one in enumerate(self._waiting) if turn.first > one.first), len(self._waiting))
        self._waiting.insert(before, turn)

    def _is_next(self, turn: Turn) -> bool:
        if sum(not one.rests for one in self._running) >= self._at_once:
            return False
        taken = {key for one in self._running for key in one.keys}
        return turn is next((one for one in self._waiting if taken.isdisjoint(one.keys)), None)
