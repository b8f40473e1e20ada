"""A page of a case's history, however long it is: its newest lines, and what was handed in. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.cases.reading.history import HANDING_IN, history_lines, submissions_of
from engine.cases.reading.resubmitted import resubmitted
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.views import HistoryAsked, HistoryLine, Resubmission, Submission
from storage import log
from storage.database import Connection
from storage.events import LoggedEvent
from storage.log import Window

LINES: Final = 100
"""Lines of history on a page."""
HANDED: Final = 20
"""Submissions on a page."""


class Grown:
    """What a page reads of a log. ``earlier``, ``handed_earlier``: before which event there is more; 0: no more."""

    def __init__(
        self, connection: Connection, definition: Definition, case_id: int, asked: HistoryAsked, veil: Veil
    ) -> None:
        self._connection, self._definition, self._case_id, self._asked = connection, definition, case_id, asked
        self._veil = veil
        whole = Window(LINES, asked.before, asked.names, asked.without)
        self._log, more = log.window(connection, case_id, whole)
        self.earlier = self._log[0]["seq"] if more else 0
        self._log = veil.log(self._log)
        self._handed, more = log.window(connection, case_id, Window(HANDED, asked.before, HANDING_IN))
        self.handed_earlier = self._handed[0]["seq"] if more else 0
        self._handed = veil.log(self._handed)

    def history(self) -> tuple[HistoryLine, ...]:
        """The lines, oldest first."""
        return history_lines(self._definition, self._log, self._before)

    def submissions(self) -> tuple[Submission, ...]:
        """What was handed in, oldest first; with what stands of other steps if that was asked for."""
        found = submissions_of(self._definition, self._handed)
        if self._asked.standing and self.handed_earlier:
            known = {one.element_id for one in found}
            others = log.completed_at(self._connection, self._case_id) - known
            start = self._definition.process.start
            others |= {start.id} - known if start else set()
            last = [self._before([one], self.handed_earlier) for one in sorted(others)]
            older = sorted((event for event in last if event is not None), key=lambda event: event["seq"])
            found = submissions_of(self._definition, older) + found
        return found

    def resubmitted(self) -> tuple[Resubmission, ...]:
        """What was handed in again since the reader's last look, with what has changed."""
        return resubmitted(self._definition, self._handed, self._asked.seen_at)

    def _before(self, elements: Sequence[str], sequence: int) -> LoggedEvent | None:
        """The last time that something was handed in at one of these before an event."""
        if sequence <= 1:
            return None
        found = log.last_at(self._connection, self._case_id, elements, Window(1, sequence, HANDING_IN))
        return next(iter(self._veil.log([] if found is None else [found])), None)
