"""That something is new for somebody: a line for each inbox key or person, read by the servers. Knows not what.

The lines only say where to look; old ones are removed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, cast

from sqlalchemy import Column, Connection, Integer, String, Table, bindparam, delete, func, insert, select

from storage.database import UtcTime, metadata
from storage.prepared import Prepared
from storage.tables import tasks

news = Table(
    "news",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(120), nullable=False),  # role@organisation, or user:id
    Column("at", UtcTime, nullable=False),  # in no index: every act writes here, and old lines are removed seldom
)


class NewsRow(TypedDict):
    """Something is new for a subject."""

    id: int
    subject: str
    at: datetime


_ADD = Prepared(insert(news).values(subject=bindparam("subject"), at=bindparam("at")))
_LAST = Prepared(select(func.max(news.c.id).label("last")))
_SINCE = Prepared(select(news.c.id, news.c.subject).where(news.c.id > bindparam("after")).order_by(news.c.id))
_OF_TASK = select(tasks.c.candidate, bindparam("b_at", type_=UtcTime)).where(
    tasks.c.case_id == bindparam("b_case"), tasks.c.number == bindparam("b_number")
)
_TASK = Prepared(insert(news).from_select(["subject", "at"], _OF_TASK))


def add(connection: Connection, subjects: Iterable[str], at: datetime) -> None:
    """Something is new for these."""
    for subject in dict.fromkeys(subjects):
        _ADD.write(connection, {"subject": subject, "at": at})


def of_task(connection: Connection, case_id: int, number: int, at: datetime) -> None:
    """The same for whoever may take a task, as its row stands."""
    _TASK.write(connection, {"b_case": case_id, "b_number": number, "b_at": at})


def last(connection: Connection) -> int:
    """The id of the newest line; 0 for none."""
    return int(_LAST.value(connection, {}) or 0)


def since(connection: Connection, after: int) -> list[tuple[int, str]]:
    """Lines behind an id, with for whom they are."""
    rows = cast(list[NewsRow], _SINCE.all(connection, {"after": after}))
    return [(row["id"], row["subject"]) for row in rows]


def forget(connection: Connection, before: datetime) -> int:
    """Remove old lines, but the newest: ids only grow. How many."""
    newest = select(func.max(news.c.id)).scalar_subquery()
    return connection.execute(delete(news).where(news.c.at < before, news.c.id < newest)).rowcount
