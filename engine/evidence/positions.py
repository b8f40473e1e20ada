"""A case position by position: played from its events, as far as it is asked for, from the nearest place kept.

What was played is kept for a while, every so many events, so that a step costs no more late in a case than early.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from engine.definition import Definition
from engine.evidence.rebuilding import played
from engine.evidence.rebuilt import Rebuilt
from storage.events import LoggedEvent

EVERY: Final = 50
"""Events between two places that are kept."""
KEPT_BYTES: Final = 64 * 1024 * 1024
"""Of all places that are kept, of all cases together; one of which more than an eighth is needed is not kept."""


class Places:
    """Cases as they stood after some of their events. Safe to share between threads."""

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most, self.size = most, 0
        self._kept: OrderedDict[tuple[int, str, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def played(
        self, definition: Definition, log: list[LoggedEvent], case_id: int, first: int
    ) -> Iterator[tuple[LoggedEvent, Rebuilt]]:
        """The case after each event from number ``first`` on; what is given is only good until the next one.

        Raises what the replay raises: an event that does not fit its diagram ends it.
        """
        after, built = self._nearest(log, case_id, first - 1)
        for done, now in enumerate(played(definition, log, case_id, after, built), start=after + 1):
            if done % EVERY == 0:
                self._keep(log, case_id, done, now)
            if done >= first:
                yield log[done - 1], now

    def _nearest(self, log: list[LoggedEvent], case_id: int, most: int) -> tuple[int, Rebuilt | None]:
        """The last place kept at or before that many events, by the hash of the event: another history is another."""
        for done in range(most - most % EVERY, 0, -EVERY):
            with self._lock:
                found = self._kept.get((case_id, log[done - 1]["hash"], done))
            if found is not None:
                built: Rebuilt = pickle.loads(found)  # noqa: S301 - of our own memory
                return done, built
        return 0, None

    def _keep(self, log: list[LoggedEvent], case_id: int, done: int, built: Rebuilt) -> None:
        place = (case_id, log[done - 1]["hash"], done)
        with self._lock:
            if place in self._kept:
                return
        kept = pickle.dumps(built, pickle.HIGHEST_PROTOCOL)
        if len(kept) > self._most // 8:
            return
        with self._lock:
            if place not in self._kept:
                self._kept[place] = kept
                self.size += len(kept)
            while self.size > self._most:
                self.size -= len(self._kept.popitem(last=False)[1])
