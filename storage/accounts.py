"""Tables of people: users, their roles, their sessions and what happened to them. Knows no rule about any of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Index, Integer, String, Table, and_, or_, select, text

from storage.database import Json, UtcTime, metadata, utc_text
from storage.organisations import organisations
from storage.triggers import append_only

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(32), nullable=False, unique=True),  # lower case
    Column("name", String(50), nullable=False),  # shown to people
    Column("password_hash", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("failed_count", Integer, nullable=False),
    Column("locked_until", UtcTime),
    Column("must_change_password", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

memberships = Table(
    "memberships",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("organisation_code", ForeignKey("organisations.code"), nullable=False),
    Column("valid_from", UtcTime, nullable=False),
    Column("valid_to", UtcTime),
    Index("ix_memberships_user_id", "user_id"),
    Index("ix_memberships_organisation_code", "organisation_code"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(43), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("address", String(45), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("ix_sessions_user_id", "user_id"),
)

account_events = append_only(
    Table(
        "account_events",
        metadata,
        Column("sequence", Integer, primary_key=True, autoincrement=False),
        Column("at", UtcTime, nullable=False),
        Column("kind", String(40), nullable=False),
        Column("user_id", Integer),  # whose account; none: unknown
        Column("actor_id", Integer),  # who did it; none: nobody signed in, or the command line
        Column("address", String(45), nullable=False),
        Column("facts", Json, nullable=False),
        Column("previous_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        Index("ix_account_events_user_id", "user_id"),
        Index("ix_account_events_address_at", "address", "at"),
    )
)

Row = Mapping[Any, Any]
FIRST_HASH = "0" * 64
_open = and_(memberships.c.organisation_code == organisations.c.code, organisations.c.valid)


def user(connection: Connection, user_id: int) -> Row | None:
    """One account by id."""
    return connection.execute(select(users).where(users.c.id == user_id)).mappings().first()


def user_by_login(connection: Connection, login: str) -> Row | None:
    """One account by its login name, which is stored in lower case."""
    return connection.execute(select(users).where(users.c.login == login)).mappings().first()


def add_user(connection: Connection, values: Row) -> int:
    """Insert an account; returns its id."""
    return int(connection.execute(users.insert().values(**values).returning(users.c.id)).scalar_one())


def change_user(connection: Connection, user_id: int, **values: Any) -> None:
    """Set columns of one account."""
    connection.execute(users.update().where(users.c.id == user_id).values(**values))


def count_failure(connection: Connection, user_id: int) -> int:
    """One more failed sign-in; returns how many there are now."""
    more = users.update().where(users.c.id == user_id).values(failed_count=users.c.failed_count + 1)
    return int(connection.execute(more.returning(users.c.failed_count)).scalar_one())


def memberships_of(connection: Connection, user_id: int, now: datetime) -> Sequence[Row]:
    """The roles that hold at ``now``, each with all columns of its organisation, by organisation and role."""
    m = memberships.c
    found = (
        select(m.role, m.valid_from, m.valid_to, organisations)
        .join_from(memberships, organisations, _open)
        .where(m.user_id == user_id, _holds(now))
        .order_by(organisations.c.path, m.role)
    )
    return connection.execute(found).mappings().all()


def _holds(now: datetime) -> Any:
    m = memberships.c
    return and_(m.valid_from <= now, or_(m.valid_to.is_(None), m.valid_to > now))
