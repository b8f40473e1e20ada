"""Which records a running case is about, kept as rows, and what others are told when such a record changes.

Knows no register: the diagram names records (``gw:concerns``), a run gives their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.messages.telling import OfCase, notice
from engine.model import Concerned, RegisterChange
from engine.operations.concerns import under_way
from engine.words import say
from storage import cases, concerns, records
from storage.concerns import Concerning, ConcernRow
from storage.database import Connection
from storage.rows import CaseRow, TaskRow


def concerned_by(connection: Connection, case_id: int) -> list[Concerned]:
    """The records that a case is about, as its rows tell."""
    return [_told(row) for row in concerns.of_case(connection, case_id)]


def keep(
    connection: Connection,
    case_id: int,
    found: tuple[Concerned, ...],
    seen: Mapping[tuple[str, str], int],
    now: datetime,
) -> None:
    """Let the rows be what a run has found. Raises UnderWay when another case has one of the records for itself.

    ``seen``: which version of a record the run has read. Each row says which one the case began to be about: what came
    after it is told by number, not by time, as who began first may be the second to commit.
    """
    rows = {(row["register"], row["number"]): row for row in concerns.of_case(connection, case_id)}
    has, wanted = set(map(_told, rows.values())), set(found)
    for one in sorted(has - wanted):
        concerns.drop(connection, case_id, one.register, one.number)
    for one in sorted(wanted - has):
        record = (one.register, one.number)
        newest = records.held(connection, *record)
        version = rows[record]["version"] if record in rows else seen.get(record, newest)
        row: ConcernRow = {
            "case_id": case_id, "register": one.register, "number": one.number, "exclusive": one.exclusive,
            "fields": list(one.fields), "version": version,
        }  # fmt: skip
        if not concerns.add(connection, row):
            raise under_way(concerns.exclusive(connection, one.register, [one.number])[one.number])
        if newest > version and record not in rows:
            _tell_of_meanwhile(connection, case_id, record, now)


def _tell_of_meanwhile(connection: Connection, case_id: int, record: tuple[str, str], now: datetime) -> None:
    """Tell the people of a case of what was written while it ran, by a case that did not see it yet."""
    by = records.versions(connection, *record)[0]
    if by["case_id"] != case_id:
        about = concerns.about(connection, record[0], [record[1]])
        _tell(connection, [one for one in about if one["case_id"] == case_id], by["case_number"], now)


def tell_others(connection: Connection, case: CaseRow, changes: Iterable[RegisterChange], now: datetime) -> None:
    """Tell who opened another running case, or has taken a task of it, that a record has changed which it is about."""
    for change in changes:
        others = concerns.about(connection, change.register, [change.number])
        _tell(connection, [row for row in others if row["case_id"] != case["id"]], case["number"], now)


def _tell(connection: Connection, rows: Iterable[Concerning], by: str, now: datetime) -> None:
    """Tell the people of these cases that the case ``by`` has changed the record."""
    for row in rows:
        title = say("事项 {number} 涉及的记录已有变化", number=row["case_number"])
        words = say(
            "记录{record}已由事项{case}改变。请查看事项{number}是否还能办理。",
            record=row["number"], case=by, number=row["case_number"],
        )  # fmt: skip
        people = {row["starter_id"], *(task["claimed_by"] for task in _open(connection, row["case_id"]))}
        other: OfCase = {"id": row["case_id"], "number": row["case_number"], "title": row["title"]}
        notice(connection, now, people, title, words, other)


def _open(connection: Connection, case_id: int) -> list[TaskRow]:
    return [task for task in cases.tasks_of(connection, case_id) if task["status"] == "open"]


def _told(row: ConcernRow) -> Concerned:
    return Concerned(row["register"], row["number"], row["exclusive"], tuple(row["fields"]))
