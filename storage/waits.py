"""What cases wait for: messages and signals as rows of ``waits``, times as waiting jobs. Knows no kind of event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NotRequired, TypedDict

from sqlalchemy import Connection, bindparam, delete, insert, literal_column, or_, select

from storage import jobs as queue
from storage.database import rows_of
from storage.prepared import Prepared
from storage.rows import WaitRow
from storage.tables import cases, jobs, waits

TIMER: Final = "timer"
"""The kind of job by which a time that a case waits for comes."""
SIGNAL: Final = "signal"
"""The kind of job by which a signal comes to a case that waits for it."""
COUNTED: Final[Mapping[str, Any]] = {"counted": True}
"""The payload of a timer whose time the working calendar gave."""
OF_TIMER: Final = ("number", "element", "run_at", "payload")

_ADD = Prepared(insert(waits).values({column.name: bindparam(column.name) for column in waits.c}))
_DROP = Prepared(
    delete(waits).where(
        waits.c.case_id == bindparam("b_case"),
        waits.c.number == bindparam("b_number"),
        waits.c.element == bindparam("b_element"),
    )
)
_DROP_TIMER = Prepared(
    delete(jobs).where(
        jobs.c.case_id == bindparam("b_case"),
        jobs.c.number == bindparam("b_number"),
        jobs.c.element == bindparam("b_element"),
        jobs.c.kind == literal_column(f"'{TIMER}'"),  # a signal is for all places of the case that waited for it
        jobs.c.status != literal_column("'done'"),
    )
)


class Awaited(TypedDict):
    """What a case waits for: a message or a signal with ``name`` and ``key``, or a timer with the others."""

    number: int
    element: str
    kind: str
    name: NotRequired[str]
    key: NotRequired[str | None]
    run_at: NotRequired[datetime]
    payload: NotRequired[Mapping[str, Any]]


class SignalPayload(TypedDict, total=False):
    """By what a signal comes to a case: the (number, element) of all that waited when it was thrown, oldest first."""

    places: list[tuple[int, str]]


class CountedTimer(TypedDict):
    """A sleeping timer whose time the working calendar gave, with its case."""

    case_id: int
    number: int
    element: str
    run_at: datetime
    payload: dict[str, Any]
    case_number: str
    case_title: str
    case_organisation_code: str
    case_organisation_path: str


def add(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Wait for messages and signals."""
    for row in rows:
        _ADD.write(connection, row)


def add_timers(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Wait for times: jobs that run when they are due."""
    for row in rows:
        queue.add(connection, {**row, "kind": TIMER})


def drop(connection: Connection, case_id: int, places: Iterable[tuple[int, str]]) -> None:
    """Wait no longer at these (number, element)."""
    for number, element in places:
        for statement in (_DROP, _DROP_TIMER):
            statement.write(connection, {"b_case": case_id, "b_number": number, "b_element": element})


def drop_all(connection: Connection, case_id: int) -> None:
    """The case has ended: wait for nothing any more."""
    connection.execute(delete(waits).where(waits.c.case_id == case_id))
    coming = jobs.c.kind.in_([TIMER, SIGNAL])
    connection.execute(delete(jobs).where(jobs.c.case_id == case_id, coming, jobs.c.status != "done"))


def of_case(connection: Connection, case_id: int) -> list[Awaited]:
    """Everything that a case waits for: number, element, kind, name, key, and for a timer ``run_at``."""
    named = rows_of(connection, select(waits).where(waits.c.case_id == case_id), Awaited)
    query = select(jobs.c.kind, *(jobs.c[name] for name in OF_TIMER)).where(
        jobs.c.case_id == case_id,
        jobs.c.kind == TIMER,
        jobs.c.status != "done",  # one that was skipped is waited for, too
    )
    return [*named, *rows_of(connection, query, Awaited)]


def counted(connection: Connection) -> list[CountedTimer]:
    """Every sleeping timer whose time the working calendar gave, with its case, the one due first first."""
    named = ("number", "title", "organisation_code", "organisation_path")
    query = (
        select(
            jobs.c.case_id, *(jobs.c[name] for name in OF_TIMER), *(cases.c[one].label(f"case_{one}") for one in named)
        )
        .join(cases, cases.c.id == jobs.c.case_id)
        .where(jobs.c.status == "waiting", jobs.c.kind == TIMER, jobs.c.payload == COUNTED)
        .order_by(jobs.c.run_at, jobs.c.id)
    )
    return rows_of(connection, query, CountedTimer)


def waiting_for(connection: Connection, kind: str, name: str, key: str | None) -> list[WaitRow]:
    """Who waits for a message of that name and key (who names no key takes any), or for a signal.

    The oldest case first, and in it who began first.
    """
    query = select(waits).where(waits.c.kind == kind, waits.c.name == name)
    if kind == "message":
        query = query.where(or_(waits.c.key.is_(None), waits.c.key == key))
    return rows_of(connection, query.order_by(waits.c.case_id, waits.c.number, waits.c.element), WaitRow)
