"""Rows beside their newest entries, table by table; what account events tell of a row, that it must be.

Reads rows, slice by slice, and plays no case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from engine.evidence.anchors.mismatch import Mismatch, Survey, readable
from engine.words import Words, say
from storage import account_events, anchor_entries, stated
from storage.anchor_entries import EntryRow, NewEntry
from storage.database import Connection
from storage.stated import StatedRow
from storage.told import TOLD, Statements

CASE: Final = "cases"
ACCOUNT_LOG: Final = "account_events"
GONE: Final = ""
"""The hash of an entry that says: this row went, and an account event told of it."""
Sink = Callable[[list[NewEntry]], None]


class ToldRows:
    """What the account events tell of rows: those after the last anchor, and for who needs them those before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Statements] = {}
        end = anchor_entries.newest(connection, ACCOUNT_LOG, [""]).get("")
        self.last = end["upto"] if end else 0

    def since(self, sequence: int) -> Statements:
        """Those after one event; read once."""
        if sequence not in self._known:
            self._known[sequence] = account_events.statements(self._connection, sequence)
        return self._known[sequence]

    def after(self, entry: EntryRow | None) -> Statements:
        """Those after a row was anchored; None: it never was."""
        if entry is None:
            return self.since(0)
        return self.since(anchor_entries.reached(self._connection, ACCOUNT_LOG, entry["position"]))


@dataclass(slots=True)
class RowSurvey:
    """The rows of one table. ``unhashed``: the columns that their hashes leave out."""

    connection: Connection
    name: str
    unhashed: Collection[str]
    told: ToldRows
    found: Survey
    sink: Sink
    seen: int = 0

    def compare(self, upto: int | None) -> None:
        """All of them. ``upto``: rows up to this number, for who anchors."""
        name = self.name
        highest = anchor_entries.highest(self.connection, name) if stated.is_numbered(name) else 0
        person = TOLD[name].person if name in TOLD else ""
        for part in stated.stated(self.connection, name, self.unhashed, person, upto):
            known = anchor_entries.newest(self.connection, name, [one.subject for one in part])
            self.seen += len(known)
            fresh: list[NewEntry] = []
            for row in part:
                entry = known.get(row.subject)
                said = self._newest(row, entry)
                wrong = self._wrong(row, entry, highest, said)
                if wrong is not None:
                    self._find(row.subject, wrong)
                elif _hash(entry) == row.hash:
                    self.found.count(self.found.proved, name)
                else:
                    self.found.count(self.found.young, name)
                hashed = row.hash if wrong is None else said if self._may_be(row, entry, highest) else None
                if hashed is not None and hashed != _hash(entry):  # what an event told is true, whatever stands there
                    fresh.append(self._entry(row.subject, row.number, hashed))
            self.sink(fresh)
        self._lost(upto)
        gone(self.connection, name, self.seen, self.found, self._went)

    def _newest(self, row: StatedRow, entry: EntryRow | None) -> str | None:
        """What the newest event says of a row; None: nothing since it was anchored."""
        if self.name not in TOLD:
            return None
        said = self._said(row.subject, self.told.since(self.told.last))
        return said if said is not None or _hash(entry) == row.hash else self._said(row.subject, self.told.after(entry))

    def _wrong(self, row: StatedRow, entry: EntryRow | None, highest: int, said: str | None) -> Words | None:
        name, which = self.name, readable(row.subject)
        if not self._may_be(row, entry, highest):
            return say("{table} 的 {row} 不在已锚定之列，是后来插入的", table=name, row=which)
        if said is not None:
            return None if said == row.hash else say("{table} 的 {row} 与账号记录所述的不符", table=name, row=which)
        if _hash(entry) == row.hash:
            return None
        if name not in TOLD:
            return None if entry is None else say("{table} 的 {row} 与锚定的不符", table=name, row=which)
        if self.told.after(entry).may_differ(name, row.person):
            return None
        if entry is None:
            return say("{table} 的 {row} 没有账号记录说明其由来", table=name, row=which)
        return say("{table} 的 {row} 与锚定的不符，也没有账号记录说明这一改动", table=name, row=which)

    @staticmethod
    def _may_be(row: StatedRow, entry: EntryRow | None, highest: int) -> bool:
        return entry is not None or not 0 < row.number <= highest

    def _said(self, subject: str, statements: Statements) -> str | None:
        """What stands there by the newest event; GONE: nothing any more; None: no event says it."""
        found = statements.rows.get(self.name, {}).get(subject)
        return GONE if found is None and self.name in statements.whole else found

    def _lost(self, upto: int | None) -> None:
        """Name the rows that are younger than the anchor, were told of, and are not there; the next anchor keeps them.

        ``upto``: who anchors has left out the rows that came after, and so does this.
        """
        told = self.told.since(self.told.last).rows.get(self.name, {})
        young = [one for one in told if upto is None or stated.number_of(one) <= upto]
        for start in range(0, len(young), anchor_entries.SLICE):
            part = young[start : start + anchor_entries.SLICE]
            known = anchor_entries.newest(self.connection, self.name, part)
            missing = sorted(set(part) - known.keys() - stated.present(self.connection, self.name, part))
            for one in missing:
                self._find(one, say("{table} 的 {row} 有账号记录，现已不在", table=self.name, row=readable(one)))
            self.sink([self._entry(one, stated.number_of(one), told[one]) for one in missing])

    def _went(self, subject: str, entry: EntryRow) -> bool:
        """Whether an event told that a row is not there any more; the next anchor then knows it."""
        if self.name not in TOLD or self._said(subject, self.told.after(entry)) != GONE:
            return False
        self.found.count(self.found.young, self.name)
        self.sink([self._entry(subject, 0, GONE)])
        return True

    def _entry(self, subject: str, number: int, hashed: str) -> NewEntry:
        return {"kind": self.name, "subject": subject, "upto": number, "hash": hashed}

    def _find(self, subject: str, told: Words) -> None:
        self.found.findings.append(Mismatch(self.name, readable(subject), told))


def _hash(entry: EntryRow | None) -> str | None:
    return None if entry is None else entry["hash"]


def gone(
    connection: Connection, name: str, seen: int, found: Survey,
    went: Callable[[str, EntryRow], bool] = lambda *_: False,
) -> None:  # fmt: skip
    """Name the rows that were anchored and are not there any more; ``went``: unless they may be gone."""
    if seen == anchor_entries.count_subjects(connection, name):
        return
    for part in anchor_entries.subjects(connection, name):
        there = stated.present(connection, name, part)
        missing = [one for one in part if one not in there]
        for subject, entry in sorted(anchor_entries.newest(connection, name, missing).items()):
            if (entry["hash"] == GONE and name in TOLD) or went(subject, entry):
                continue
            told = say("{table} 的 {row} 已锚定，现已不在", table=name, row=readable(subject))
            case_id = int(readable(subject)) if name == CASE else None
            found.findings.append(Mismatch(name, readable(subject), told, case_id))
