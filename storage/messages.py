"""What the system tells people: one row for each person and each thing told. Knows no kind and no case's inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, cast

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from storage.addresses import addresses
from storage.columns import Flag
from storage.database import UtcTime, metadata
from storage.paging import Listing
from storage.prepared import Prepared
from storage.tables import cases

_UNREAD = text("read_at IS NULL")
_QUEUED = text("job_id IS NOT NULL")

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer),  # of what an older program queued: delivered once, however often it runs
    Column("user_id", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("title", String(300), nullable=False),
    Column("title_en", String(300), nullable=False),  # empty: as in Chinese
    Column("text", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("case_id", Integer),
    Column("number", Integer),  # of the task that it is about: when that is over, it counts as read
    Column("opens", Flag, nullable=False),  # who was told may read the case
    Column("sent_at", UtcTime, nullable=False),
    Column("read_at", UtcTime),
    Column("outgoing", Flag, nullable=False),  # to be told outside, too, as soon as somebody looks
    Index("ix_messages_job", "job_id", unique=True, sqlite_where=_QUEUED, postgresql_where=_QUEUED),
    Index("ix_messages_user", "user_id", "id"),
    Index("ix_messages_unread", "user_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
    Index("ix_messages_case", "case_id", "number", "user_id"),
    Index("ix_messages_outgoing", "id", sqlite_where=text("outgoing"), postgresql_where=text("outgoing")),
    Index("ix_messages_same", "user_id", "case_id", "kind", "id"),
)
_m = messages.c
_other = messages.alias("other")
_SAME = and_(
    *(_other.c[name] == _m[name] for name in ("user_id", "case_id", "kind", "title", "text")),
    _other.c.read_at.is_(None) == _m.read_at.is_(None),
)
"""What was told more than once in the same words, and is read or unread together: the newest stands for all."""
_STANDS = ~select(_other.c.id).where(_SAME, _other.c.id > _m.id).exists()
_TIMES = 1 + select(func.count()).select_from(_other).where(_SAME, _other.c.id < _m.id).scalar_subquery()


class NewMessage(TypedDict):
    """A message before it has its id."""

    user_id: int
    kind: str
    title: str
    title_en: str
    text: str
    text_en: str
    case_id: int | None
    number: int | None
    opens: bool
    sent_at: datetime


class MessageRow(NewMessage):
    """What the system told a person."""

    id: int
    job_id: int | None
    read_at: datetime | None
    outgoing: bool


class ToldMessage(MessageRow):
    """A message with the number of its case, and how often it was told in the same words."""

    case_number: str | None
    times: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a person's messages: ``kinds`` (none: all), only unread ones, those about a case, one."""

    kinds: Sequence[str] = ()
    unread: bool = False
    case_id: int | None = None
    only: int | None = None


_REACHED = exists().where(addresses.c.user_id == bindparam("reader"), addresses.c.verified_at.is_not(None))
_ADD = Prepared(
    insert(messages).values({**{name: bindparam(name) for name in NewMessage.__annotations__}, "outgoing": _REACHED})
)
_OF_TASK = (_m.case_id == bindparam("b_case"), _m.number == bindparam("b_number"), _m.read_at.is_(None))
_SETTLE = Prepared(update(messages).where(*_OF_TASK).values(read_at=bindparam("b_at")))


def add(connection: Connection, row: NewMessage) -> None:
    """Put a message into a person's box, in the transaction of what it tells; marked if he is reached outside, too."""
    _ADD.write(connection, {**row, "reader": row["user_id"]})


def deliver(connection: Connection, row: NewMessage, job_id: int) -> None:
    """The same for a job that an older program has queued, which delivers only once."""
    try:
        with connection.begin_nested():
            connection.execute(insert(messages), {**row, "job_id": job_id, "outgoing": False})
    except IntegrityError:  # this job has delivered before and died before it could say so
        return


def settle(connection: Connection, case_id: int, number: int, at: datetime) -> None:
    """A task is over: what was told about it is news no longer, to nobody."""
    _SETTLE.write(connection, {"b_case": case_id, "b_number": number, "b_at": at})


def listing(user_id: int, wanted: Wanted) -> Listing[ToldMessage]:
    """The list of a person's messages, the newest first, each with its case; what says the same is one."""
    where = [_m.user_id == user_id, _STANDS if wanted.only is None else _m.id == wanted.only]
    if wanted.kinds:
        where.append(_m.kind.in_(list(wanted.kinds)))
    if wanted.unread:
        where.append(_m.read_at.is_(None))
    if wanted.case_id is not None:
        where.append(_m.case_id == wanted.case_id)
    columns = (messages, cases.c.number.label("case_number"), _TIMES.label("times"))
    with_case = messages.join(cases, cases.c.id == _m.case_id, isouter=True)
    return Listing(ToldMessage, columns, with_case, [and_(*where)], [("id", _m.id)], True, messages)


def unread(connection: Connection, user_id: int, case_id: int | None = None, most: int = 1000) -> int:
    """How many messages a person has not read, in all or about one case; ``most`` for as many and more."""
    return listing(user_id, Wanted(unread=True, case_id=case_id)).count(connection, most - 1)


def newest(connection: Connection, user_id: int) -> int:
    """The id of a person's newest message; 0 for none."""
    return int(connection.execute(select(func.max(_m.id)).where(_m.user_id == user_id)).scalar() or 0)


def read(
    connection: Connection, user_id: int, at: datetime, case_id: int | None = None, up_to: int | None = None,
    only: MessageRow | None = None,
) -> int:  # fmt: skip
    """Mark what is in a person's box as read; how many.

    All, what is about one case, what had come by then, or one with those before it that say the same.
    """
    query = update(messages).where(_m.user_id == user_id, _m.read_at.is_(None))
    if case_id is not None:
        query = query.where(_m.case_id == case_id)
    if up_to is not None:
        query = query.where(_m.id <= up_to)
    if only is not None:
        same = and_(_m.id < only["id"], *(_m[name] == only[name] for name in ("case_id", "kind", "title", "text")))
        query = query.where(or_(_m.id == only["id"], same))
    return connection.execute(query.values(read_at=at)).rowcount


def read_since(connection: Connection, case_id: int, user_id: int, kind: str, since: datetime) -> datetime | None:
    """When a person has read what he was told of that kind about a case since then, if he has."""
    which = (_m.case_id == case_id, _m.user_id == user_id, _m.kind == kind, _m.sent_at >= since)
    query = select(_m.read_at).where(*which, _m.read_at.is_not(None)).order_by(_m.id).limit(1)
    return cast("datetime | None", connection.execute(query).scalar())


def kinds_at(connection: Connection, case_id: int, at: datetime) -> set[str]:
    """Of which kinds people were told something of a case at a moment."""
    return set(connection.execute(select(_m.kind).where(_m.case_id == case_id, _m.sent_at == at)).scalars())


def told(connection: Connection, case_id: int, user_id: int) -> bool:
    """Whether a person was told something of a case by which he may read it."""
    query = select(_m.id).where(_m.case_id == case_id, _m.user_id == user_id, _m.opens.is_not(false()))
    return connection.execute(query.limit(1)).first() is not None
