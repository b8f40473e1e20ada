"""The deadlines of tasks, and the jobs that remind and escalate. Knows no calendar: what is due is told to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    not_,
    select,
    type_coerce,
    update,
)

from storage import jobs as queue
from storage import paging
from storage.columns import valid_json
from storage.database import row_of, rows_of, utc_text
from storage.prepared import Prepared
from storage.rows import DeadlineRow, PlacedDeadline
from storage.tables import cases, deadlines, jobs

REMIND: Final = "remind"
ESCALATE: Final = "escalate"
DAY_IS_OVER: Final = timedelta(seconds=1)
"""After the due moment, which is the last second of a day: only then is somebody late (Civil Code, art. 203)."""

_OF_TASK = and_(deadlines.c.case_id == bindparam("b_case"), deadlines.c.number == bindparam("b_number"))
# Literals, not parameters: only then does SQLite use the index of those that run.
RUNS = deadlines.c.status.in_([literal_column("'open'"), literal_column("'passed'")])
# What the case says of a deadline, for lists, is no part of the deadline.
ROW = [column for column in deadlines.c if column.name != "organisation_code"]
KEY: Final = [(name, deadlines.c[name]) for name in ("due_at", "case_id", "number")]
"""The order of a list of them: the one due first first."""
_ADD = Prepared(insert(deadlines).values({column.name: bindparam(column.name) for column in deadlines.c}))
_CHANGED = ("extra", "pauses", "status", "due_at", "warn_at", "calendar", "provisional", "ledger")
_CHANGE = Prepared(update(deadlines).where(_OF_TASK).values({name: bindparam(name) for name in _CHANGED}))
_CLOSE = Prepared(update(deadlines).where(_OF_TASK, RUNS).values(status=bindparam("status")))
_JOBS = (
    jobs.c.case_id == bindparam("b_case"),
    jobs.c.number == bindparam("b_number"),
    jobs.c.kind.in_([literal_column(f"'{kind}'") for kind in (REMIND, ESCALATE)]),
    jobs.c.status != literal_column("'done'"),
)
_PLANNED = Prepared(select(jobs.c.kind).where(*_JOBS))
_DROP_JOBS = Prepared(delete(jobs).where(*_JOBS))


class RunningDeadline(PlacedDeadline):
    """A deadline of an open task with what tells its case."""

    organisation_path: str
    case_number: str
    title: str


def add(connection: Connection, rows: Sequence[DeadlineRow], organisation_code: str) -> None:
    """New deadlines of a case of that organisation."""
    for row in rows:
        _ADD.write(connection, {**row, "organisation_code": organisation_code})


def get(connection: Connection, case_id: int, number: int) -> DeadlineRow | None:
    """The deadline of a task."""
    found = select(*ROW).where(deadlines.c.case_id == case_id, deadlines.c.number == number)
    return row_of(connection, found, DeadlineRow)


def of_case(connection: Connection, case_id: int, ended: int | None = None) -> list[DeadlineRow]:
    """All deadlines of a case, in the order of their tasks; of those that have ended the newest ``ended``."""
    own = select(*ROW).where(deadlines.c.case_id == case_id)
    if ended is None:
        return rows_of(connection, own.order_by(deadlines.c.number), DeadlineRow)
    last = own.where(not_(RUNS)).order_by(deadlines.c.number.desc()).limit(ended)
    found = [*rows_of(connection, own.where(RUNS), DeadlineRow), *rows_of(connection, last, DeadlineRow)]
    return sorted(found, key=itemgetter("number"))


def running(connection: Connection, path: str = "/") -> Iterator[RunningDeadline]:
    """Every deadline of an open task in a subtree with the organisation of its case, the one due first first.

    Some are read at a time: one that a caller moves meanwhile may come again.
    """
    case = (cases.c.organisation_path, cases.c.number.label("case_number"), cases.c.title)
    inside = and_(RUNS, cases.c.organisation_path.startswith(path, autoescape=True))
    listing = paging.Listing(RunningDeadline, (deadlines, *case), deadlines.join(cases), [inside], KEY)
    return listing.every(connection)


def change(connection: Connection, row: DeadlineRow) -> None:
    """Write what was computed again, or a status: ``row`` as it is to stand."""
    _CHANGE.write(connection, {**row, "b_case": row["case_id"], "b_number": row["number"]})


def is_over(due_at: datetime, now: datetime) -> bool:
    """Whether the day of a due moment has ended: its last second belongs to it."""
    return now >= due_at + DAY_IS_OVER


def close(connection: Connection, case_id: int, number: int, status: str) -> None:
    """The task is done or gone: its deadline no longer runs, nobody is reminded."""
    _CLOSE.write(connection, {"b_case": case_id, "b_number": number, "status": status})
    _DROP_JOBS.write(connection, {"b_case": case_id, "b_number": number})


def schedule(connection: Connection, row: DeadlineRow, event_seq: int, now: datetime) -> None:
    """Remind and escalate when a deadline that begins says so. Whoever begins late is told of it at once."""
    _plan(connection, row, event_seq, now, {ESCALATE})


def reschedule(connection: Connection, row: DeadlineRow, event_seq: int, now: datetime) -> None:
    """The same in the place of what was planned before; what nobody was told of yet is told, at once if need be."""
    task = {"b_case": row["case_id"], "b_number": row["number"]}
    untold = {str(job["kind"]) for job in _PLANNED.all(connection, task)}
    _DROP_JOBS.write(connection, task)
    _plan(connection, row, event_seq, now, untold)


def _plan(connection: Connection, row: DeadlineRow, event_seq: int, now: datetime, untold: Set[str]) -> None:
    fixed = {"case_id": row["case_id"], "number": row["number"], "element": row["element"], "event_seq": event_seq}
    for kind, at in ((REMIND, row["warn_at"]), (ESCALATE, row["due_at"] + DAY_IS_OVER)):
        if at > now or kind in untold - ({REMIND} if is_over(row["due_at"], now) else set()):
            queue.add(connection, {**fixed, "kind": kind, "payload": {}, "run_at": max(at, now)})


def of_tasks(connection: Connection, tasks_: Sequence[tuple[int, int]]) -> dict[tuple[int, int], DeadlineRow]:
    """The deadlines of these tasks (case, number), by task; one statement for all."""
    # By each for itself: SQLite reads the whole table to compare pairs.
    cases_, numbers = ({task[part] for task in tasks_} for part in (0, 1))
    found = select(*ROW).where(deadlines.c.case_id.in_(cases_), deadlines.c.number.in_(numbers))
    rows = {(row["case_id"], row["number"]): row for row in rows_of(connection, found, DeadlineRow)}
    return {task: rows[task] for task in tasks_ if task in rows}


def stands_still(connection: Connection, now: datetime) -> ColumnElement[bool]:
    """Whether a deadline is suspended: its last pause has not come to its limit and nobody has resumed it."""
    until, resumed = (_of_last_pause(connection, name) for name in ("until", "resumed_at"))
    some = type_coerce(deadlines.c.pauses, String) != literal_column("'[]'")  # most have none: nothing is to be read
    return and_(some, until > utc_text(now), resumed.is_(None))


def _of_last_pause(connection: Connection, name: str) -> ColumnElement[Any]:
    if connection.dialect.name == "postgresql":
        last = func.substring(type_coerce(deadlines.c.pauses, String), r"[^{]*$")  # no parsing: a row may hold anything
        return func.substring(last, f'"{name}":"([^"]*)"')
    return func.json_extract(valid_json(connection, deadlines.c.pauses), literal_column(f"'$[#-1].{name}'"))


def places_of(connection: Connection, case_id: int) -> set[str]:
    """The organisations that the deadlines of a case say it belongs to."""
    query = select(deadlines.c.organisation_code).where(deadlines.c.case_id == case_id)
    return set(connection.execute(query).scalars())
