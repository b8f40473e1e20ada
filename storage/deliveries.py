"""What is to reach an address: a message that was marked in its own transaction, and each of its deliveries.

After the commit marked messages (``storage.messages``) become deliveries, one for each address; those that go together
are put into one notification (``storage.notifications``). Knows no channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    text,
    update,
)

from storage.database import UtcTime, metadata, rows_of
from storage.messages import MessageRow, messages

deliveries = Table(
    "deliveries",
    metadata,
    Column("message_id", Integer, primary_key=True),
    Column("address_id", Integer, primary_key=True),
    Column("mode", String(10), nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("notification_id", Integer),  # null: in none yet
    Index("ix_deliveries_notification_id", "notification_id"),
    Index(
        "ix_deliveries_waiting",
        "mode",
        "due_at",
        sqlite_where=text("notification_id IS NULL"),
        postgresql_where=text("notification_id IS NULL"),
    ),
    Index("ix_deliveries_address_id", "address_id"),
)
_d, _m = deliveries.c, messages.c


class DeliveryRow(TypedDict):
    """That a message is to reach an address."""

    message_id: int
    address_id: int
    mode: str
    due_at: datetime
    notification_id: int | None


class DueDelivery(DeliveryRow):
    """A delivery with what settles when it goes out."""

    kind: str
    read_at: datetime | None


def is_marked(connection: Connection) -> bool:
    """Whether a message is marked and not yet delivered to anything."""
    return connection.execute(select(_m.id).where(_m.outgoing).limit(1)).first() is not None


def is_due(connection: Connection, mode: str, now: datetime) -> bool:
    """Whether a delivery of a mode is due that is in no notification yet."""
    query = select(_d.message_id).where(_d.notification_id.is_(None), _d.mode == mode, _d.due_at <= now)
    return connection.execute(query.limit(1)).first() is not None


def outgoing(connection: Connection, limit: int) -> list[MessageRow]:
    """Messages that are marked and not yet delivered to anything, the oldest first."""
    query = select(messages).where(_m.outgoing).order_by(_m.id).limit(limit)
    return rows_of(connection, query.with_for_update(skip_locked=True), MessageRow)


def deliver(connection: Connection, numbers: Sequence[int], rows: Sequence[DeliveryRow]) -> None:
    """Make deliveries of these messages, which are marked no longer."""
    if rows:
        connection.execute(insert(deliveries), [dict(row) for row in rows])
    connection.execute(update(messages).where(_m.id.in_(list(numbers))).values(outgoing=False))


def due(connection: Connection, mode: str, now: datetime, limit: int) -> list[DueDelivery]:
    """Deliveries of a mode that are in no notification yet and whose time has come, the longest due first."""
    query = select(deliveries, _m.kind, _m.read_at).join(messages, _m.id == _d.message_id)
    query = query.where(_d.notification_id.is_(None), _d.mode == mode, _d.due_at <= now)
    query = query.order_by(_d.due_at, _d.message_id).limit(limit)
    return rows_of(connection, query.with_for_update(of=deliveries, skip_locked=True), DueDelivery)


def of_address(connection: Connection, address_id: int, mode: str) -> list[DueDelivery]:
    """What of a mode waits for an address."""
    query = select(deliveries, _m.kind, _m.read_at).join(messages, _m.id == _d.message_id)
    where = (_d.address_id == address_id, _d.mode == mode, _d.notification_id.is_(None))
    return rows_of(connection, query.where(*where).order_by(_d.message_id), DueDelivery)


def _these(address_id: int, numbers: Sequence[int]) -> ColumnElement[bool]:
    return and_(_d.address_id == address_id, _d.message_id.in_(list(numbers)), _d.notification_id.is_(None))


def put_off(connection: Connection, address_id: int, numbers: Sequence[int], until: datetime) -> None:
    """Let these deliveries wait."""
    connection.execute(update(deliveries).where(_these(address_id, numbers)).values(due_at=until))


def gather(connection: Connection, address_id: int, numbers: Sequence[int], notification_id: int) -> None:
    """Put these deliveries into a notification."""
    where = _these(address_id, numbers)
    connection.execute(update(deliveries).where(where).values(notification_id=notification_id))


def forget(connection: Connection, address_id: int, numbers: Sequence[int] | None = None) -> None:
    """Let these deliveries, or all that wait for an address, reach nobody."""
    where = (_d.address_id == address_id, _d.notification_id.is_(None))
    connection.execute(delete(deliveries).where(*where if numbers is None else (_these(address_id, numbers),)))
