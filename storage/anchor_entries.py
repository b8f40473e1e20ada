"""What was anchored, thing by thing: rows that are only added, in one order, which is that of the leaves of the tree.

The newest entry of a subject says what stood there when the house was anchored last. Knows no subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypedDict

from sqlalchemy import Column, Connection, Index, Integer, String, Table, cast, func, insert, select, text

from storage.database import metadata, rows_of
from storage.triggers import append_only

anchor_entries = append_only(
    Table(
        "anchor_entries",
        metadata,
        Column("position", Integer, primary_key=True, autoincrement=False),  # 0, 1, 2 … without a gap
        Column("kind", String(40), nullable=False),  # a table, or what else is anchored
        Column("subject", String(400), nullable=False),  # the key of the row, as JSON
        Column("upto", Integer, nullable=False),  # of what grows: so far; of a numbered row: its number
        Column("hash", String(64), nullable=False),
        Index("ix_anchor_entries_subject", "kind", "subject", "position"),
        Index("ix_anchor_entries_upto", "kind", "upto"),
    )
)
_e = anchor_entries.c
SLICE = 500
"""Rows read or written at a time."""


class NewEntry(TypedDict):
    """What stands in the house, before it has its position."""

    kind: str
    subject: str
    upto: int
    hash: str


class EntryRow(NewEntry):
    """The same as it was anchored."""

    position: int


def count(connection: Connection) -> int:
    """How many there are: the position of the next one."""
    return 1 + (connection.execute(select(func.max(_e.position))).scalar() or 0) if _any(connection) else 0


def _any(connection: Connection) -> bool:
    return connection.execute(select(_e.position).limit(1)).first() is not None


def append(connection: Connection, found: Sequence[NewEntry]) -> None:
    """Add some at the end; two programs that do so at once follow each other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE anchor_entries IN SHARE ROW EXCLUSIVE MODE"))
    first = count(connection)
    if found:
        connection.execute(insert(anchor_entries), [{**one, "position": first + i} for i, one in enumerate(found)])


def all_of(connection: Connection, since: int = 0) -> Iterator[EntryRow]:
    """Every entry from a position on, in order."""
    while True:
        query = select(anchor_entries).where(_e.position >= since).order_by(_e.position).limit(20 * SLICE)
        found = rows_of(connection, query, EntryRow)
        yield from found
        if not found:
            return
        since = found[-1]["position"] + 1


def newest(connection: Connection, kind: str, subjects: Iterable[str]) -> dict[str, EntryRow]:
    """The newest entry of each of these subjects that has one; some hundreds of them at most."""
    query = select(anchor_entries).where(_e.kind == kind, _e.subject.in_(list(subjects))).order_by(_e.position)
    return {row["subject"]: row for row in rows_of(connection, query, EntryRow)}


def highest(connection: Connection, kind: str) -> int:
    """The highest number that was anchored of a kind; 0 for none."""
    return int(connection.execute(select(func.max(_e.upto)).where(_e.kind == kind)).scalar() or 0)


def highest_number(connection: Connection, kind: str) -> int:
    """The highest number among the keys of a kind; 0 for none."""
    number = cast(func.substr(_e.subject, 2, func.length(_e.subject) - 2), Integer)
    return int(connection.execute(select(func.max(number)).where(_e.kind == kind)).scalar() or 0)


def count_subjects(connection: Connection, kind: str) -> int:
    """How many things of a kind were ever anchored."""
    return int(connection.execute(select(func.count(_e.subject.distinct())).where(_e.kind == kind)).scalar() or 0)


def reached(connection: Connection, kind: str, position: int) -> int:
    """How far what grows had come when the entry at a position was made; 0: it had not begun."""
    query = select(func.max(_e.upto)).where(_e.kind == kind, _e.position <= position)
    return int(connection.execute(query).scalar() or 0)


def subjects(connection: Connection, kind: str) -> Iterator[list[str]]:
    """The subjects of a kind, slice by slice."""
    after = ""
    while True:
        query = select(_e.subject).where(_e.kind == kind, _e.subject > after).distinct()
        found = list(connection.execute(query.order_by(_e.subject).limit(SLICE)).scalars())
        if not found:
            return
        yield found
        after = found[-1]
