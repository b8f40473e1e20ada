"""The outbox of what is told outside the product: each mail or post, with its fate. Knows no channel.

What is not yet in one of them waits in ``storage.deliveries``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, TypedDict

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    String,
    Table,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)

from storage.database import UtcTime, metadata, new_id, row_of, rows_of
from storage.deliveries import deliveries
from storage.messages import MessageRow, messages
from storage.paging import Listing
from storage.tables import cases, definitions

WAITING, SENT, FAILED, DROPPED = "waiting", "sent", "failed", "dropped"
LONGEST_PAUSE: Final = timedelta(hours=1)
"""No try waits so long for the next one; what does waits by a clock that was set back since."""
LONGEST_WHY: Final = 300

notifications = Table(
    "notifications",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", String(32), nullable=False, unique=True),  # the same in every try
    Column("user_id", Integer, nullable=False),
    Column("address_id", Integer),  # null: of no person's, a test
    Column("channel", String(40), nullable=False),
    Column("address", String(254), nullable=False),
    Column("language", String(2), nullable=False),
    Column("about", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcTime, nullable=False),
    Column("taken_until", UtcTime),  # somebody is sending it
    Column("queued_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("why_zh", String(LONGEST_WHY), nullable=False),
    Column("why_en", String(LONGEST_WHY), nullable=False),
    Index(
        "ix_notifications_waiting",
        "next_at",
        "id",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index("ix_notifications_user_id", "user_id", "id"),
    Index("ix_notifications_status", "status", "id"),
)
_d, _n, _m = deliveries.c, notifications.c, messages.c
_FRESH: Final = {"status": WAITING, "attempts": 0, "why_zh": "", "why_en": ""}


class NewNotification(TypedDict):
    """A notification before it has its id."""

    token: str
    user_id: int
    address_id: int | None
    channel: str
    address: str
    language: str
    about: str
    next_at: datetime
    queued_at: datetime


class NotificationRow(NewNotification):
    """One mail, or one post of a robot."""

    id: int
    status: str
    attempts: int
    taken_until: datetime | None
    finished_at: datetime | None
    why_zh: str
    why_en: str


class ToldOutside(MessageRow):
    """A message as it is told outside: with the number of its case, and of which kind that is."""

    case_number: str | None
    name_zh: str | None
    name_en: str | None


def is_ready(connection: Connection, now: datetime) -> bool:
    """Whether a notification waits whose time has come."""
    return connection.execute(select(_n.id).where(_waits(now)).limit(1)).first() is not None


def queue(connection: Connection, row: NewNotification) -> int:
    """Put one mail or post into the outbox; its id."""
    return new_id(connection, notifications, {**_FRESH, **row})


def take(
    connection: Connection, now: datetime, until: datetime, channels: Sequence[str], only: int | None = None
) -> NotificationRow | None:
    """The next that is due for one of these channels, which nobody else sends until then."""
    free = or_(_n.taken_until.is_(None), _n.taken_until <= now, _n.taken_until > until)
    where = [_waits(now), free, _n.channel.in_(list(channels))]
    query = select(notifications).where(*where, *(() if only is None else (_n.id == only,)))
    query = query.order_by(_n.next_at, _n.id).limit(1).with_for_update(skip_locked=True)
    found = row_of(connection, query, NotificationRow)
    if found is not None:
        connection.execute(update(notifications).where(_n.id == found["id"]).values(taken_until=until))
    return found


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(_n.status == WAITING, or_(_n.next_at <= now, _n.next_at > now + LONGEST_PAUSE))


def also_due(connection: Connection, channel: str, now: datetime) -> list[NotificationRow]:
    """What else of a channel is due: while the channel is away, it need not be tried."""
    free = or_(_n.taken_until.is_(None), _n.taken_until <= now)
    return rows_of(connection, select(notifications).where(_waits(now), free, _n.channel == channel), NotificationRow)


def settle(connection: Connection, number: int, **values: object) -> bool:
    """Write how a try ended; False when it waits no longer."""
    query = update(notifications).where(_n.id == number, _n.status == WAITING)
    return connection.execute(query.values(**{"taken_until": None, **values})).rowcount == 1


def again(connection: Connection, number: int, now: datetime) -> bool:
    """Let one that was given up wait again; False when it was not."""
    query = update(notifications).where(_n.id == number, _n.status == FAILED)
    fresh = {**_FRESH, "next_at": now, "queued_at": now, "finished_at": None}
    return connection.execute(query.values(**fresh)).rowcount == 1


def drop_waiting(connection: Connection, address_id: int, at: datetime, why: tuple[str, str]) -> None:
    """Nothing that waits for an address is sent."""
    query = update(notifications).where(_n.address_id == address_id, _n.status == WAITING)
    connection.execute(query.values(status=DROPPED, finished_at=at, why_zh=why[0], why_en=why[1]))


def told(connection: Connection, number: int) -> list[ToldOutside]:
    """The messages of a notification, the oldest first."""
    query = (
        select(messages, cases.c.number.label("case_number"), definitions.c.name_zh, definitions.c.name_en)
        .join(deliveries, _d.message_id == _m.id)
        .join(cases, cases.c.id == _m.case_id, isouter=True)
        .join(definitions, definitions.c.digest == cases.c.digest, isouter=True)
        .where(_d.notification_id == number)
        .order_by(_m.id)
    )
    return rows_of(connection, query, ToldOutside)


def newest_of(connection: Connection, user_id: int, limit: int) -> list[NotificationRow]:
    """What was sent to a person last, or is to be, the newest first."""
    query = select(notifications).where(_n.user_id == user_id).order_by(_n.id.desc()).limit(limit)
    return rows_of(connection, query, NotificationRow)


def listing(status: str = "") -> Listing[NotificationRow]:
    """All of them, the newest first, or those of one status."""
    where = _n.status == status if status else _n.id > 0
    return Listing(NotificationRow, (notifications,), notifications, [where], [("id", _n.id)], descending=True)


def count_since(connection: Connection, user_id: int, about: str, since: datetime) -> int:
    """How many of a purpose a person has had queued since then."""
    where = (_n.user_id == user_id, _n.about == about, _n.queued_at >= since)
    return int(connection.execute(select(func.count()).select_from(notifications).where(*where)).scalar_one())


class Tally(TypedDict):
    """How a channel stands: what waits, is tried again, was sent or given up lately, and when it went well last."""

    channel: str
    waiting: int
    retrying: int
    sent: int
    failed: int
    last_at: datetime | None


def tallies(connection: Connection, since: datetime) -> list[Tally]:
    """How each channel stands. ``since``: from when on what was sent counts; what was given up always does."""
    waits = _n.status == WAITING
    query = select(
        _n.channel,
        func.coalesce(func.sum(case((and_(waits, _n.attempts == 0), 1), else_=0)), 0).label("waiting"),
        func.coalesce(func.sum(case((and_(waits, _n.attempts > 0), 1), else_=0)), 0).label("retrying"),
        func.coalesce(func.sum(case((and_(_n.status == SENT, _n.finished_at >= since), 1), else_=0)), 0).label("sent"),
        func.coalesce(func.sum(case((_n.status == FAILED, 1), else_=0)), 0).label("failed"),
        func.max(case((_n.status == SENT, _n.finished_at))).label("last_at"),
    )
    return rows_of(connection, query.group_by(_n.channel).order_by(_n.channel), Tally)


def forget_old(connection: Connection, before: datetime) -> int:
    """Remove what was settled before then, with its deliveries; how many."""
    old = select(_n.id).where(_n.status != WAITING, _n.finished_at < before)
    connection.execute(delete(deliveries).where(_d.notification_id.in_(old)))
    return connection.execute(delete(notifications).where(_n.id.in_(old))).rowcount


def held(connection: Connection) -> int:
    """How many wait, those among them that are still deliveries or marked messages."""
    queries = (
        select(func.count()).select_from(notifications).where(_n.status == WAITING),
        select(func.count()).select_from(deliveries).where(_d.notification_id.is_(None)),
        select(func.count()).select_from(messages).where(_m.outgoing),
    )
    return sum(int(connection.execute(query).scalar_one()) for query in queries)
