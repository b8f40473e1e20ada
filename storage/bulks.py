"""Many tasks that a person handles in one go: what he asked for, and of each task how it went. Knows no verb.

How an item went is written in the transaction of the act itself: what is reported here is done, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from storage.database import Json, UtcTime, metadata, row_of, rows_of
from storage.tables import cases, tasks

WAITING, DONE, REFUSED, FAILED, STOPPED = "waiting", "done", "refused", "failed", "stopped"
RUNNING: Final = "ended_at IS NULL"

bulks = Table(
    "bulks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("verb", String(20), nullable=False),
    Column("asked", Json, nullable=False),  # of each group what is to be done; what people wrote goes when it has ended
    Column("made_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),  # null while items wait
    Index("ix_bulks_user_id", "user_id"),
    Index("ix_bulks_running", "id", sqlite_where=text(RUNNING), postgresql_where=text(RUNNING)),
)
bulk_items = Table(
    "bulk_items",
    metadata,
    Column("bulk_id", ForeignKey("bulks.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("number", Integer, nullable=False),  # of the task
    Column("part", Integer, nullable=False),  # which of ``asked`` is meant
    Column("revision", Integer, nullable=False),  # of the case, as the person saw it
    Column("status", String(10), nullable=False),  # waiting, done, refused, failed, stopped
    Column("said_zh", Text, nullable=False),
    Column("said_en", Text, nullable=False),
    Column("settled_at", UtcTime),
)
_b, _i = bulks.c, bulk_items.c


class AskedPart(TypedDict):
    """What is to be done with each task of a group; of what has ended the outcome alone is left."""

    outcome: str
    words: str
    return_to: str
    data: dict[str, object]
    people: list[int]


class Asked(TypedDict):
    """What is to be done, group by group. ``format``: 1."""

    format: int
    parts: list[AskedPart]


class BulkRow(TypedDict):
    """One go: whose, with what, when."""

    id: int
    user_id: int
    verb: str
    asked: Asked
    made_at: datetime
    ended_at: datetime | None


class NewItem(TypedDict):
    """A task of it, before it was tried."""

    place: int
    case_id: int
    number: int
    part: int
    revision: int


class ItemRow(NewItem):
    """A task of it, and how it went."""

    bulk_id: int
    status: str
    said_zh: str
    said_en: str
    settled_at: datetime | None


class ShownItem(ItemRow):
    """The same with what a list says of its case."""

    case_number: str
    title: str
    organisation_path: str
    starter_id: int


class ChosenTask(TypedDict):
    """A task as somebody chooses it, with what of its case says which one it is."""

    case_id: int
    number: int
    element: str
    status: str
    candidate: str
    case_number: str
    key: str
    digest: str
    title: str
    revision: int


def add(connection: Connection, row: Mapping[str, object], items: Iterable[NewItem]) -> int:
    """Insert one with its items, all of which wait; its id."""
    made = connection.execute(insert(bulks).values(**row).returning(_b.id)).scalar_one()
    fresh = {"bulk_id": made, "status": WAITING, "said_zh": "", "said_en": ""}
    connection.execute(insert(bulk_items), [{**fresh, **one} for one in items])
    return int(made)


def get(connection: Connection, number: int) -> BulkRow | None:
    """One of them."""
    return row_of(connection, select(bulks).where(_b.id == number), BulkRow)


def of_person(connection: Connection, user_id: int, limit: int) -> list[BulkRow]:
    """Those of a person, the newest first."""
    return rows_of(connection, select(bulks).where(_b.user_id == user_id).order_by(_b.id.desc()).limit(limit), BulkRow)


def running_of(connection: Connection, user_id: int) -> int | None:
    """The newest of a person that has not ended."""
    query = select(func.max(_b.id)).where(text(RUNNING), _b.user_id == user_id)
    return connection.execute(query).scalar()


def counts(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of each how many items stand how."""
    found: dict[int, dict[str, int]] = {one: {} for one in numbers}
    query = select(_i.bulk_id, _i.status, func.count()).where(_i.bulk_id.in_(list(numbers)))
    for number, status, count in connection.execute(query.group_by(_i.bulk_id, _i.status)):
        found[number][status] = int(count)
    return found


def items(connection: Connection, number: int) -> list[ShownItem]:
    """All items of one, in their order."""
    beside = (cases.c.number.label("case_number"), cases.c.title, cases.c.organisation_path, cases.c.starter_id)
    query = select(bulk_items, *beside).join(cases, cases.c.id == _i.case_id).where(_i.bulk_id == number)
    return rows_of(connection, query.order_by(_i.place), ShownItem)


def next_of_each(connection: Connection, beyond: Mapping[int, int]) -> list[ItemRow]:
    """Of each that has not ended the first item that waits, behind the place that ``beyond`` names for it."""
    found = []
    for number in connection.execute(select(_b.id).where(text(RUNNING)).order_by(_b.id)).scalars().all():
        query = select(bulk_items).where(_i.bulk_id == number, _i.status == WAITING, _i.place > beyond.get(number, -1))
        found += rows_of(connection, query.order_by(_i.place).limit(1), ItemRow)
    return found


def take(connection: Connection, item: ItemRow) -> bool:
    """Lock an item until the transaction ends; False when it no longer waits, or another worker has it."""
    query = select(_i.place).where(_i.bulk_id == item["bulk_id"], _i.place == item["place"], _i.status == WAITING)
    return connection.execute(query.with_for_update(skip_locked=True)).first() is not None


def settle(connection: Connection, item: ItemRow, status: str, said: tuple[str, str], now: datetime) -> None:
    """Write how an item went."""
    query = update(bulk_items).where(_i.bulk_id == item["bulk_id"], _i.place == item["place"])
    connection.execute(query.values(status=status, said_zh=said[0], said_en=said[1], settled_at=now))


def stop(connection: Connection, number: int, now: datetime) -> None:
    """Let what still waits be."""
    query = update(bulk_items).where(_i.bulk_id == number, _i.status == WAITING)
    connection.execute(query.values(status=STOPPED, settled_at=now))


def waits(connection: Connection, number: int) -> bool:
    """Whether an item of it still waits."""
    found = exists().where(_i.bulk_id == number, _i.status == WAITING)
    return bool(connection.execute(select(found)).scalar())


def end(connection: Connection, number: int, asked: Asked, now: datetime) -> None:
    """Nothing waits any more. ``asked``: what is kept of what was asked for."""
    connection.execute(update(bulks).where(_b.id == number, text(RUNNING)).values(ended_at=now, asked=asked))


def forget_before(connection: Connection, moment: datetime) -> int:
    """Remove those that ended before; how many."""
    old = select(_b.id).where(_b.ended_at < moment)
    connection.execute(delete(bulk_items).where(_i.bulk_id.in_(old)))
    return connection.execute(delete(bulks).where(_b.ended_at < moment)).rowcount


_CHOSEN = (
    *(tasks.c[name] for name in ("case_id", "number", "element", "status", "candidate")),
    cases.c.number.label("case_number"), *(cases.c[name] for name in ("key", "digest", "title", "revision")),
)  # fmt: skip


def open_tasks(connection: Connection, case_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Case and number of each open task of these cases, in the given order of the cases."""
    query = select(tasks.c.case_id, tasks.c.number).where(tasks.c.case_id.in_(list(case_ids)))
    found = connection.execute(query.where(tasks.c.status == literal_column("'open'"))).all()
    place = {one: at for at, one in enumerate(case_ids)}
    return sorted(((row[0], row[1]) for row in found), key=lambda one: (place[one[0]], one[1]))


def chosen(connection: Connection, wanted: Sequence[tuple[int, int]]) -> list[ChosenTask]:
    """The tasks of these cases and numbers, in the given order; what is none is left out."""
    query = select(*_CHOSEN).join(cases, cases.c.id == tasks.c.case_id)
    query = query.where(tasks.c.case_id.in_({case_id for case_id, _ in wanted}))
    found = {(row["case_id"], row["number"]): row for row in rows_of(connection, query, ChosenTask)}
    return [found[one] for one in dict.fromkeys(wanted) if one in found]
