"""What this program keeps of cases beside their events, made for the cases that were there before. A part at a time.

The job of a fill does some cases in a transaction and queues the next; a case that cannot be read is noted and left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from engine.cases.base import Parts
from engine.cases.recording.columns import list_by
from engine.cases.recording.recusals import follow_case
from engine.damage import legible, of_case
from engine.publishing.catalog import COLUMNS
from engine.words import Words
from storage import case_columns, fills, handover, recusals
from storage import cases as rows
from storage.database import Connection, WouldWrite, is_foreseen
from storage.rows import CaseRow

AT_ONCE: Final = 40
"""Cases in one transaction: others wait for it."""
RECUSALS: Final = "recusals"


@dataclass(frozen=True, slots=True)
class _Way:
    """How a fill finds the next cases behind an id, and what it does with one that is locked."""

    cases: Callable[[int], Sequence[int]]
    fill: Callable[[CaseRow], None]


@dataclass(frozen=True, slots=True)
class Fills:
    """Goes on with what is still being filled in."""

    parts: Parts

    def go_on(self, connection: Connection, what: str) -> None:
        """Do the next cases of a fill; queue the rest, or end it."""
        after = fills.after(connection, what)
        if after is None:
            return
        key = what.removeprefix(COLUMNS)
        way = self._recusals(connection) if what == RECUSALS else self._columns(connection, key)
        found = way.cases(after)
        cases = [case for case_id in found if (case := rows.lock(connection, case_id)) is not None]
        list(legible(cases, partial(_each_foreseen, connection, way.fill), _named))
        if len(found) < AT_ONCE:
            fills.end(connection, what)
            return
        fills.reached(connection, what, found[-1])
        fills.go_on(connection, what, self.parts.now())

    def _recusals(self, connection: Connection) -> _Way:
        digests = handover.running_digests(connection)
        places = [
            (one, element)
            for one in digests
            for element in sorted(self.parts.catalog.definition(connection, one).recusing)
        ]

        def fill(case: CaseRow) -> None:
            follow_case(connection, self.parts.definition(connection, case), case)

        return _Way(lambda after: recusals.waiting(connection, places, after, AT_ONCE), fill)

    def _columns(self, connection: Connection, key: str) -> _Way:
        current, now = self.parts.catalog.current(connection, key), self.parts.now()

        def fill(case: CaseRow) -> None:
            digest = current.digest if current.process.columns else None
            definition = self.parts.catalog.listed(connection, case["digest"], digest)
            list_by(connection, definition, case, current, now)

        return _Way(lambda after: case_columns.next_of(connection, key, after, AT_ONCE), fill)


def _each_foreseen(connection: Connection, fill: Callable[[CaseRow], None], case: CaseRow) -> None:
    """One of many: where it is only foreseen, the next is, too."""
    with suppress(WouldWrite) if is_foreseen(connection) else nullcontext():
        fill(case)


def _named(case: CaseRow) -> tuple[Words, int | None]:
    return of_case(case["number"], case["id"])
