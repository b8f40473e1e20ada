"""Who is brought into a task beside its holder: one row each, for as long as the case is kept. Knows no rule of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TypedDict, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    literal_column,
    not_,
    or_,
    select,
    text,
)

from storage.account_lists import fitting
from storage.accounts import memberships, users
from storage.database import UtcTime, metadata, rows_of
from storage.organisations import organisations
from storage.prepared import Prepared
from storage.tables import tasks

involvements = Table(
    "involvements",
    metadata,
    Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the event that brought him in
    Column("place", Integer, primary_key=True),  # among those whom it brought in
    Column("number", Integer, nullable=False),  # of the task
    Column("kind", String(20), nullable=False),  # forward, delegate, before, beside, after, ask, decision
    Column("user_id", Integer, nullable=False),
    Column("user_name", String(100), nullable=False),
    Column("by_id", Integer),
    Column("by_name", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("candidate", String(120), nullable=False),  # who had the task until then
    Column("status", String(20), nullable=False),  # waiting, open, done, removed, lapsed
    Column("opened_at", UtcTime, nullable=False),
    Column("answer", String(100), nullable=False),
    Column("opinion", Text, nullable=False),
    Column("settled_at", UtcTime),
    Column("settled_by", String(60)),  # who answered in his place, then who stands in between: ids, between slashes
    Index("ix_involvements_task", "case_id", "number"),
    Index("ix_involvements_by", "by_id", "opened_at", "case_id"),
    Index(
        "ix_involvements_open",
        "user_id",
        "case_id",
        "number",
        sqlite_where=text("status = 'open'"),
        postgresql_where=text("status = 'open'"),
    ),
)
OPEN: ColumnElement[bool] = involvements.c.status == literal_column("'open'")  # a literal: only then is the index used
PENDING = ("waiting", "open")
TAKING_PART = ("delegate", "before", "beside", "after")
"""Kinds by which somebody takes part in what a task decides."""


class InvolvementRow(TypedDict):
    """That a person is brought into a task."""

    case_id: int
    seq: int
    place: int
    number: int
    kind: str
    user_id: int
    user_name: str
    by_id: int | None
    by_name: str
    reason: str
    candidate: str
    status: str
    opened_at: datetime
    answer: str
    opinion: str
    settled_at: datetime | None
    settled_by: str | None


class Reachable(TypedDict):
    """An active person with a role at an organisation."""

    id: int
    name: str
    login: str
    role: str
    organisation: str


class TookPart(TypedDict):
    """Who took part in a task beside its holder, and in which instances."""

    completed_by: int
    settled_by: str | None
    instances: str | None


_ORDER = (involvements.c.seq, involvements.c.place)
_OF_TASK = Prepared(
    select(involvements)
    .where(involvements.c.case_id == bindparam("case_id"), involvements.c.number == bindparam("number"))
    .order_by(*_ORDER)
)
_ANSWERED = (
    involvements.c.status == literal_column("'done'"),
    involvements.c.kind.in_([literal_column(f"'{kind}'") for kind in TAKING_PART]),
)


def of_task(connection: Connection, case_id: int, number: int) -> list[InvolvementRow]:
    """Everybody who was brought into a task, in order."""
    return _OF_TASK.all(connection, {"case_id": case_id, "number": number})  # type: ignore[return-value]


def of_case(connection: Connection, case_id: int) -> list[InvolvementRow]:
    """Everybody who was brought into any task of a case, in order."""
    found = select(involvements).where(involvements.c.case_id == case_id).order_by(*_ORDER)
    return rows_of(connection, found, InvolvementRow)


def pending_of(connection: Connection, user_id: int) -> list[InvolvementRow]:
    """Where a person is still to answer, now or later."""
    found = select(involvements).where(involvements.c.user_id == user_id, involvements.c.status.in_(PENDING))
    return rows_of(connection, found.order_by(involvements.c.case_id, *_ORDER), InvolvementRow)


def at_tasks(connection: Connection, people: Collection[int], case_ids: Collection[int]) -> list[InvolvementRow]:
    """Where it is the turn of one of these people to answer, at the tasks of these cases."""
    found = select(involvements).where(involvements.c.user_id.in_(list(people)), OPEN)
    found = found.where(involvements.c.case_id.in_(list(case_ids))).order_by(*_ORDER)
    return rows_of(connection, found, InvolvementRow)


def answered_for(connection: Connection, user_id: int, case_ids: Collection[int]) -> set[tuple[int, int]]:
    """The tasks of these cases where somebody has answered whom the person had brought in."""
    found = select(involvements.c.case_id, involvements.c.number).where(
        involvements.c.by_id == user_id, involvements.c.case_id.in_(list(case_ids)), *_ANSWERED
    )
    return {(row.case_id, row.number) for row in connection.execute(found)}


def keep(connection: Connection, rows: Sequence[InvolvementRow]) -> None:
    """Write these rows in the place of those that stand there."""
    for row in rows:
        key = (involvements.c[name] == row[name] for name in ("case_id", "seq", "place"))
        connection.execute(delete(involvements).where(*key))
        connection.execute(insert(involvements), dict(row))


def keep_all(connection: Connection, case_id: int, rows: Iterable[InvolvementRow]) -> None:
    """Let just these be the rows of a case."""
    connection.execute(delete(involvements).where(involvements.c.case_id == case_id))
    keep(connection, list(rows))


def lapse(connection: Connection, case_id: int, number: int, at: datetime) -> None:
    """A task is closed: nobody is to answer at it any longer."""
    which = involvements.update().where(involvements.c.case_id == case_id, involvements.c.number == number)
    connection.execute(which.where(involvements.c.status.in_(PENDING)).values(status="lapsed", settled_at=at))


def involved(connection: Connection, case_id: int, user_id: int) -> bool:
    """Whether a person was brought into a task of the case and not taken out again, or brought somebody in, or has
    answered in somebody's place."""
    in_place = or_(involvements.c.settled_by == str(user_id), involvements.c.settled_by.startswith(f"{user_id}/"))
    own = or_(involvements.c.user_id == user_id, involvements.c.by_id == user_id, in_place)
    found = select(involvements.c.seq).where(involvements.c.case_id == case_id, own, involvements.c.status != "removed")
    return connection.execute(found.limit(1)).first() is not None


def open_for(user_id: int, instead: Collection[int] = ()) -> ColumnElement[bool]:
    """Of tasks: whether it is a person's turn to answer there. ``instead``: who would have a part in it if somebody did
    in his place; none of them has asked for it or takes part in the task already.
    """
    i = involvements.alias("own")
    at = select(i.c.case_id).where(i.c.user_id == user_id, i.c.status == literal_column("'open'"))
    own = select(involvements.c.seq).where(involvements.c.user_id == user_id, OPEN)
    if instead:
        free = or_(involvements.c.kind == "ask", not_(_takes_part(instead)))
        own = own.where(involvements.c.by_id.not_in(sorted(instead)), free)
    found = own.where(involvements.c.case_id == tasks.c.case_id, involvements.c.number == tasks.c.number)
    # The cases first, by which an index leads to their tasks: of all tasks it would be asked one by one.
    return tasks.c.case_id.in_(at) & found.correlate(tasks).exists()


def _takes_part(people: Collection[int]) -> ColumnElement[bool]:
    """Of who is brought in: whether one of these people signs or decides at the same task, or has for somebody."""
    other = involvements.alias("other")
    by = literal_column("'/'").concat(other.c.settled_by).concat("/")
    who = or_(other.c.user_id.in_(sorted(people)), *(by.contains(f"/{one}/") for one in sorted(people)))
    same = (other.c.case_id == involvements.c.case_id, other.c.number == involvements.c.number)
    takes = (other.c.kind.in_((*TAKING_PART, "decision")), other.c.status != "removed")
    return select(other.c.seq).where(*same, *takes, who).correlate(involvements).exists()


def took_part(
    connection: Connection, case_id: int, elements: Iterable[str], outcome: str | None = None
) -> list[TookPart]:
    """Who answered as delegate or signer at a task of these elements, with that outcome where one is given."""
    said: dict[str, object] = {f"e{index}": element for index, element in enumerate(sorted(set(elements)))}
    found = _took_part(len(said), outcome is not None)
    said |= {"case_id": case_id} if outcome is None else {"case_id": case_id, "outcome": outcome}
    return cast(list[TookPart], found.all(connection, said))


@cache
def _took_part(count: int, with_outcome: bool) -> Prepared:
    """As many elements as a step names that must be done by others. Every step comes here."""
    found = _answered().where(
        tasks.c.case_id == bindparam("case_id"),
        tasks.c.element.in_([bindparam(f"e{index}") for index in range(count)]),
    )
    return Prepared(found.where(tasks.c.outcome == bindparam("outcome")) if with_outcome else found)


def took_part_in(connection: Connection, case_ids: Select[tuple[int]]) -> set[int]:
    """Who answered as delegate or signer at any task of these cases, and in whose place somebody did."""
    found = select(involvements.c.user_id, involvements.c.settled_by)
    found = found.where(involvements.c.case_id.in_(case_ids), *_ANSWERED)
    return set().union(*(everybody(*row) for row in connection.execute(found)))


def everybody(user_id: int, settled_by: str | None) -> set[int]:
    """Who was brought in, and whoever has answered in his place."""
    return {user_id, *(int(one) for one in (settled_by or "").split("/") if one)}


def _answered() -> Select[tuple[int, str | None, str | None]]:
    same = (tasks.c.case_id == involvements.c.case_id, tasks.c.number == involvements.c.number)
    by = (involvements.c.user_id.label("completed_by"), involvements.c.settled_by)
    who = select(*by, tasks.c.instances).select_from(involvements)
    return who.join(tasks, same[0] & same[1]).where(*_ANSWERED)


def reachable(
    connection: Connection, words: Sequence[str], *, path: str = "", code: str = "", role: str = "",
    user_id: int | None = None,
) -> list[Reachable]:  # fmt: skip
    """Active people with their roles, by place and name. ``path``: in this subtree; ``code``, ``role``: just these."""
    m, o = memberships.alias("held"), organisations.alias("at")  # what the words ask is about the tables themselves
    found = (
        select(users.c.id, users.c.name, users.c.login, m.c.role, o.c.name.label("organisation"))
        .join_from(users, m, m.c.user_id == users.c.id)
        .join(o, m.c.organisation_code == o.c.code)
        .where(users.c.active, o.c.valid, m.c.valid_to.is_(None), *fitting(connection, words))
    )
    if path:
        found = found.where(o.c.path.startswith(path, autoescape=True))
    for column, wanted in ((o.c.code, code), (m.c.role, role), (users.c.id, user_id)):
        found = found.where(column == wanted) if wanted else found
    found = found.order_by(o.c.path, users.c.name, users.c.id, m.c.role).limit(MOST_READ)
    return rows_of(connection, found, Reachable)


MOST_READ = 400
"""Roles of people that are read to choose from; whoever is not among them is found by his name."""
