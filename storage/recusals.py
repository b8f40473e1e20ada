"""Who must stand aside at which open task, so that lists and counts need not decide it. Knows no diagram.

The rows follow what ``engine.cases.recusal`` decides, in the same transaction; whether somebody may act is asked there
again. A row of a task that is closed says nothing any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final, TypedDict, cast

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    String,
    Subquery,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import metadata, rows_of
from storage.prepared import Prepared
from storage.rows import TaskRow
from storage.tables import cases, tasks

recusals = Table(
    "recusals",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("case_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # of the task
    Index("ix_recusals_task", "case_id", "number"),
)
recusal_cases = Table(
    "recusal_cases",
    metadata,
    Column("cited", String(60), primary_key=True),  # the number of another case: whoever acts there stands aside here
    Column("case_id", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),  # of the task
    Index("ix_recusal_cases_task", "case_id", "number"),
)
_OPEN: Final = tasks.c.status == literal_column("'open'")  # a literal: only then is the partial index looked up


class RecusalRow(TypedDict):
    """A person must stand aside at a task."""

    user_id: int
    case_id: int
    number: int


class CitedCase(TypedDict):
    """Whoever acts in the case of that number must stand aside at a task of another one."""

    cited: str
    case_id: int
    number: int


_TASK: Final[dict[str, BindParameter[Any]]] = {"case_id": bindparam("b_case"), "number": bindparam("b_number")}
_PUT: Final = Prepared(insert(recusals).values(user_id=bindparam("b_user"), **_TASK))
_CITE: Final = Prepared(insert(recusal_cases).values(cited=bindparam("b_cited"), **_TASK))
_FORGET: Final = tuple(
    Prepared(delete(one).where(one.c.case_id == bindparam("b_case"), one.c.number == bindparam("b_number")))
    for one in (recusals, recusal_cases)
)
_OPEN_AT: Final = Prepared(select(tasks).where(tasks.c.case_id == bindparam("b_case"), _OPEN).order_by(tasks.c.number))
_PEOPLE: Final = Prepared(
    select(recusals.c.user_id).where(
        recusals.c.case_id == bindparam("b_case"), recusals.c.number == bindparam("b_number")
    )
)


def _spread(kind: type[sqlite.Insert] | type[postgresql.Insert]) -> Prepared:
    at = (recusal_cases.c.case_id, recusal_cases.c.number)
    found = select(bindparam("b_user", type_=Integer), *at).where(recusal_cases.c.cited == bindparam("b_cited"))
    return Prepared(kind(recusals).from_select(["user_id", "case_id", "number"], found).on_conflict_do_nothing())


_SPREAD: Final = {"sqlite": _spread(sqlite.Insert), "postgresql": _spread(postgresql.Insert)}


def put(connection: Connection, case_id: int, number: int, people: Iterable[int], cited: Iterable[str]) -> None:
    """Who must stand aside at a task that has just opened, and the numbers of the cases by which others would."""
    task = {"b_case": case_id, "b_number": number}
    for user_id in people:
        _PUT.write(connection, {"b_user": user_id, **task})
    for one in dict.fromkeys(cited):
        _CITE.write(connection, {"b_cited": one, **task})


def change(connection: Connection, case_id: int, number: int, people: Collection[int], cited: Collection[str]) -> None:
    """Let just these be the people of a task, and the cases."""
    task = {"b_case": case_id, "b_number": number}
    stored = {row["user_id"] for row in _PEOPLE.all(connection, task)}
    if stored != set(people) or set(cited) != set(cited_by(connection, case_id, number)):
        forget(connection, case_id, number)
        put(connection, case_id, number, people, cited)


def spread(connection: Connection, cited: str, people: Iterable[int]) -> None:
    """These people have acted in the case of that number. A part of the step path: nothing is read for it."""
    for user_id in people:
        _SPREAD[connection.dialect.name].write(connection, {"b_user": user_id, "b_cited": cited})


def forget(connection: Connection, case_id: int, number: int) -> None:
    """Remove what is told of a task."""
    for statement in _FORGET:
        statement.write(connection, {"b_case": case_id, "b_number": number})


def cited_by(connection: Connection, case_id: int, number: int) -> list[str]:
    """The numbers of the cases by which people stand aside at a task."""
    at = recusal_cases.c.case_id == case_id, recusal_cases.c.number == number
    return list(connection.execute(select(recusal_cases.c.cited).where(*at).order_by(recusal_cases.c.cited)).scalars())


def citing(connection: Connection, cited: str) -> list[int]:
    """The cases with an open task at which people stand aside for having acted in the case of that number."""
    both = recusal_cases.join(
        tasks, (tasks.c.case_id == recusal_cases.c.case_id) & (tasks.c.number == recusal_cases.c.number)
    )
    found = select(recusal_cases.c.case_id).select_from(both).where(recusal_cases.c.cited == cited, _OPEN)
    return sorted(set(connection.execute(found).scalars()))


def of_case(connection: Connection, case_id: int) -> list[RecusalRow]:
    """Who must stand aside at the open tasks of a case, in order."""
    at = (tasks.c.case_id == recusals.c.case_id) & (tasks.c.number == recusals.c.number)
    found = select(recusals).select_from(recusals.join(tasks, at)).where(recusals.c.case_id == case_id, _OPEN)
    return rows_of(connection, found.order_by(recusals.c.number, recusals.c.user_id), RecusalRow)


def people_at(connection: Connection, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Who must stand aside at each of some tasks (case, number)."""
    wanted = set(places)
    of = recusals.c.case_id.in_({case_id for case_id, _ in wanted})
    found: dict[tuple[int, int], set[int]] = {place: set() for place in wanted}
    for row in rows_of(connection, select(recusals).where(of), RecusalRow):
        if (row["case_id"], row["number"]) in wanted:
            found[row["case_id"], row["number"]].add(row["user_id"])
    return found


def open_at(connection: Connection, case_id: int, elements: Iterable[str]) -> list[TaskRow]:
    """The open tasks of a case at some elements."""
    named = frozenset(elements)
    found = cast(list[TaskRow], _OPEN_AT.all(connection, {"b_case": case_id}))
    return [task for task in found if task["element"] in named]


def waiting(connection: Connection, places: Iterable[tuple[str, str]], after: int, most: int) -> list[int]:
    """The next cases behind an id with an open task at one of these places (digest, element)."""
    by_digest: dict[str, list[str]] = {}
    for digest, element in places:
        by_digest.setdefault(digest, []).append(element)
    found: set[int] = set()
    for digest, elements in by_digest.items():
        at = cases.c.digest == digest, _OPEN, tasks.c.element.in_(elements), cases.c.id > after
        query = select(cases.c.id).join(tasks, tasks.c.case_id == cases.c.id).where(*at).distinct()
        found |= set(connection.execute(query.order_by(cases.c.id).limit(most)).scalars())
    return sorted(found)[:most]


def at_task(people: Collection[int]) -> ColumnElement[bool]:
    """Of tasks: whether one of these people must stand aside there."""
    own = recusals.c.user_id == next(iter(people)) if len(people) == 1 else recusals.c.user_id.in_(sorted(people))
    at = (recusals.c.case_id == tasks.c.case_id, recusals.c.number == tasks.c.number)
    return exists().where(own, *at).correlate(tasks)


def tasks_of(people: Collection[int]) -> Subquery:
    """The tasks at which one of these people must stand aside, each once."""
    found = select(recusals.c.case_id, recusals.c.number).where(recusals.c.user_id.in_(sorted(people)))
    return found.distinct().subquery("aside")
