"""Rows of cases, tasks, drafts and attachments: the statements of a step. Knows no rule and no state's inside.

No ORM, and what every step runs is prepared (storage/prepared.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypedDict, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage import messages, news, row_drafts, words
from storage.database import new_id, row_of, rows_of
from storage.involvements import involved, took_part_in
from storage.passages import Passages
from storage.prepared import Prepared
from storage.rows import AttachmentRow, CaseRow, DraftRow, NewAttachment, TaskRow
from storage.tables import attachments, cases, drafts, records, tasks

Values = Mapping[str, object]


class CaseValues(TypedDict):
    """What an act may change of a case."""

    status: str
    title: str
    summary: str
    updated_at: datetime
    ended_at: datetime | None
    end_element: str | None
    decided: bool
    passages: Passages | None
    state: bytes


class NextRevision(CaseValues):
    """What an act leaves of a case, with the hash of its event."""

    revision: int
    head: str


class Done(TypedDict):
    """By whom a task was completed, for whom (``completed_for`` of a task), and in which instances."""

    completed_by: int
    completed_for: str | None
    instances: str | None


def numbers_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """The number of each case by its id, as an address names it; what is no id is left out."""
    wanted = {int(one) for one in ids if one.isascii() and one.isdigit() and len(one) < 10}
    found = connection.execute(select(cases.c.id, cases.c.number).where(cases.c.id.in_(wanted)))
    return {str(row.id): row.number for row in found}


_MOVING = tuple(name for name in NextRevision.__annotations__ if name != "status")
_DONE = ("status", "completed_at", "completed_by", "completed_for", "outcome", "outcome_kind")
_LATER = frozenset({"claimed_by", "claimed_name", *_DONE[1:]})  # what of a task is not known when it opens
_CASE = select(cases).where(cases.c.id == bindparam("case_id"))
_GET = Prepared(_CASE)
_LOCKED = Prepared(_CASE.with_for_update())
_TASK = Prepared(select(tasks).where(tasks.c.case_id == bindparam("case_id"), tasks.c.number == bindparam("number")))
_AT_REVISION = update(cases).where(cases.c.id == bindparam("b_id"), cases.c.revision == bindparam("b_revision"))
_ADVANCE = Prepared(_AT_REVISION.values({name: bindparam(name) for name in _MOVING}))
_ADVANCE_TO = Prepared(_AT_REVISION.values({name: bindparam(name) for name in (*_MOVING, "status")}))
"""Apart: SQLite writes the entries of an index again for every column of it that a statement names."""
_FINISH = Prepared(
    update(tasks)
    .where(tasks.c.case_id == bindparam("b_case"), tasks.c.number == bindparam("b_number"))
    .values({name: bindparam(name) for name in _DONE})
)
_DUE = ("due_at", "due_key", "warn_at")
_SET_DUE = Prepared(
    update(tasks)
    .where(tasks.c.case_id == bindparam("b_case"), tasks.c.number == bindparam("b_number"))
    .values({name: bindparam(name) for name in _DUE})
)
_DROPPED = delete(drafts).where(drafts.c.place == bindparam("b_place"))
_DROP, _DROP_OWN = Prepared(_DROPPED), Prepared(_DROPPED.where(drafts.c.user_id == bindparam("b_user")))
_OPEN_TASK = Prepared(insert(tasks).values({c.name: bindparam(c.name) for c in tasks.c if c.name not in _LATER}))
_NEW_CASE = Prepared(insert(cases).values({c.name: bindparam(c.name) for c in cases.c}))
_DONE_BY = (tasks.c.completed_by, tasks.c.completed_for, tasks.c.instances)


@cache
def _actors(count: int) -> Prepared:
    """Who completed a task of one of so many elements."""
    named = tasks.c.element.in_([bindparam(f"e{index}") for index in range(count)])
    found = select(*_DONE_BY).where(tasks.c.case_id == bindparam("case_id"), named)
    return Prepared(found.where(tasks.c.completed_by.is_not(None)))


def lock(connection: Connection, case_id: int) -> CaseRow | None:
    """The case, locked against every other writer until the transaction ends (SQLite holds its write lock anyway)."""
    return cast("CaseRow | None", _LOCKED.one(connection, {"case_id": case_id}))


def lock_all(connection: Connection) -> None:
    """Let nobody else begin or change any case until the transaction ends, and see all that was done before.

    On PostgreSQL it waits for every act under way, each of which holds its case or its series; SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE sequences, cases IN EXCLUSIVE MODE")


def get(connection: Connection, case_id: int) -> CaseRow | None:
    """The case as it is, without a lock."""
    return cast("CaseRow | None", _GET.one(connection, {"case_id": case_id}))


def task(connection: Connection, case_id: int, number: int) -> TaskRow | None:
    """One task of a case."""
    return cast("TaskRow | None", _TASK.one(connection, {"case_id": case_id, "number": number}))


def tasks_of(connection: Connection, case_id: int) -> list[TaskRow]:
    """All tasks of a case in the order of their opening."""
    return rows_of(connection, select(tasks).where(tasks.c.case_id == case_id).order_by(tasks.c.number), TaskRow)


def done_at(connection: Connection, case_id: int, elements: Iterable[str]) -> list[Done]:
    """Who completed a task of one of these elements in the case."""
    named = {f"e{index}": element for index, element in enumerate(elements)}
    return cast(list[Done], _actors(len(named)).all(connection, {"case_id": case_id, **named}))


def done_with(connection: Connection, case_id: int, element: str, outcome: str) -> list[Done]:
    """Who completed a task of the element in the case with that outcome."""
    query = select(*_DONE_BY).where(tasks.c.case_id == case_id, tasks.c.element == element, tasks.c.outcome == outcome)
    return rows_of(connection, query, Done)


def actors_in(connection: Connection, number: str) -> set[int]:
    """Who opened the case of that number completed a task of it or took part in one, or for whom somebody did."""
    opened = select(cases.c.starter_id).where(cases.c.number == number)
    done = select(*_DONE_BY).join(cases, cases.c.id == tasks.c.case_id)
    done = done.where(cases.c.number == number, tasks.c.completed_by.is_not(None))
    beside = took_part_in(connection, select(cases.c.id).where(cases.c.number == number))
    found = {*connection.execute(opened).scalars(), *beside}
    return found.union(*(people_of(one) for one in rows_of(connection, done, Done)))


def people_of(done: Done) -> set[int]:
    """Who completed a task, and everybody for whom he did."""
    return {done["completed_by"], *(int(one) for one in (done["completed_for"] or "").split("/") if one)}


def acted_in(connection: Connection, case_id: int, user_id: int) -> bool:
    """Whether this person, or somebody for him, completed a task of the case, or he was told something about it."""
    own = or_(tasks.c.completed_by == user_id, for_him(user_id))
    done = select(tasks.c.number).where(tasks.c.case_id == case_id, own).limit(1)
    acted = connection.execute(done).first() is not None or messages.told(connection, case_id, user_id)
    return acted or involved(connection, case_id, user_id)


def for_him(user_id: int) -> ColumnElement[bool]:
    """Which tasks somebody completed in this person's place, he being the one who was away."""
    return or_(tasks.c.completed_for == str(user_id), tasks.c.completed_for.startswith(f"{user_id}/"))


def add(connection: Connection, row: CaseRow) -> None:
    """Insert a case as its first event leaves it."""
    _NEW_CASE.write(connection, row)


def index(connection: Connection, row: CaseRow) -> None:
    """Let a case be found by what its row says now."""
    said = (row["number"], row["title"], row["summary"], row["organisation_name"])
    words.put(connection, words.CASE, row["id"], *said)


def advance(connection: Connection, case_id: int, revision: int, values: NextRevision, *, goes_on: bool) -> bool:
    """Write the next revision if nobody else has: compare and set on ``revision``. ``goes_on``: its status is as it
    was."""
    statement = _ADVANCE if goes_on else _ADVANCE_TO
    return statement.change(connection, {"b_id": case_id, "b_revision": revision, **values}) == 1


def open_tasks(connection: Connection, rows: Sequence[TaskRow]) -> None:
    """Insert the tasks that a run has opened."""
    for row in rows:
        _OPEN_TASK.write(connection, row)
        news.add(connection, [row["candidate"]], row["opened_at"])


def finish_task(connection: Connection, case_id: int, number: int, values: Values) -> None:
    """Close one task row with its status, outcome and who did it."""
    blank = dict.fromkeys(_DONE)
    _FINISH.write(connection, {"b_case": case_id, "b_number": number, **blank, **values})
    at = cast(datetime, values["completed_at"])
    messages.settle(connection, case_id, number, at)
    news.of_task(connection, case_id, number, at)


def put_task(connection: Connection, row: TaskRow) -> None:
    """Let a task stand as it says here."""
    which = update(tasks).where(tasks.c.case_id == row["case_id"], tasks.c.number == row["number"])
    connection.execute(which.values(dict(row)))


def set_due(connection: Connection, case_id: int, number: int, values: Values) -> None:
    """Write when a task is due now."""
    _SET_DUE.write(connection, {"b_case": case_id, "b_number": number, **values})


def claim(connection: Connection, case_id: int, number: int, user_id: int | None, name: str | None) -> None:
    """Set or clear who has taken the task."""
    query = update(tasks).where(tasks.c.case_id == case_id, tasks.c.number == number)
    connection.execute(query.values(claimed_by=user_id, claimed_name=name))


def claimed_by(connection: Connection, user_id: int) -> list[TaskRow]:
    """The open tasks that a person has claimed."""
    query = select(tasks).where(tasks.c.status == "open", tasks.c.claimed_by == user_id)
    return rows_of(connection, query.order_by(tasks.c.case_id, tasks.c.number), TaskRow)


def _added(connection: Connection, table: Table, row: Values) -> bool:
    """Insert a row unless another transaction has just put one with the same key there."""
    try:
        with connection.begin_nested():
            connection.execute(insert(table), dict(row))
    except IntegrityError:
        return False
    return True


def last_started(connection: Connection, user_id: int, key: str, code: str) -> int:
    """The id of the newest case of a kind that a person has started for an organisation; 0 for none."""
    own = select(cases.c.id).where(cases.c.starter_id == user_id, cases.c.key == key, cases.c.organisation_code == code)
    newest = own.order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(1)  # by the index of starters
    return connection.execute(newest).scalar() or 0


def draft(connection: Connection, user_id: int, place: str) -> DraftRow | None:
    """What a person has saved at a place without handing it in."""
    return row_of(connection, select(drafts).where(drafts.c.user_id == user_id, drafts.c.place == place), DraftRow)


def save_draft(connection: Connection, user_id: int, place: str, data: Any, at: datetime) -> None:
    """Keep a draft, replacing an older one."""
    row = {"user_id": user_id, "place": place, "data": data, "saved_at": at}
    change = update(drafts).where(drafts.c.user_id == user_id, drafts.c.place == place).values(data=data, saved_at=at)
    if connection.execute(change).rowcount == 0 and not _added(connection, drafts, row):
        connection.execute(change)


def drop_drafts(connection: Connection, place: str, user_id: int | None = None) -> None:
    """Forget drafts and rows of sheets: everybody's of a task that is done, or one person's of a start."""
    if user_id is None:
        _DROP.write(connection, {"b_place": place})
    else:
        _DROP_OWN.write(connection, {"b_place": place, "b_user": user_id})
    row_drafts.drop(connection, place if user_id is None else f"{place}:{user_id}")


def drop_start_drafts(connection: Connection, before: datetime) -> int:
    """Forget drafts of starts that were last saved before; how many."""
    old = delete(drafts).where(drafts.c.place.startswith("start:"), drafts.c.saved_at < before)
    return connection.execute(old).rowcount


def add_attachment(connection: Connection, row: NewAttachment) -> int:
    """Insert a file's row; its id."""
    return new_id(connection, attachments, row)


def attachments_of(connection: Connection, case_id: int) -> list[AttachmentRow]:
    """The files of a case, oldest first."""
    query = select(attachments).where(attachments.c.case_id == case_id).order_by(attachments.c.id)
    return rows_of(connection, query, AttachmentRow)


def follow_organisation(connection: Connection, old_path: str, new_path: str) -> None:
    """An organisation has moved in the tree: cases and records that stand there are seen from the new place.

    By the place, not the code: those of an organisation that has gone into this one move with it.
    """
    for table in (cases, records):
        moved = update(table).where(table.c.organisation_path == old_path)
        connection.execute(moved.values(organisation_path=new_path))


def running_states(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Number and state of every case that runs, read one by one."""
    query = select(cases.c.number, cases.c.state).where(cases.c.status == "running").order_by(cases.c.id)
    yield from (tuple(row) for row in connection.execution_options(stream_results=True).execute(query))


def case_ids(connection: Connection) -> list[int]:
    """All case ids in order."""
    return list(connection.execute(select(cases.c.id).order_by(cases.c.id)).scalars())
