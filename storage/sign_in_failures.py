"""Failed sign-ins as they are counted: by account and by where they came from. Knows no rule of how long one waits.

Whoever types a password into the field of the login name must not find it here: logins stand as their SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict

from sqlalchemy import Column, Connection, Index, Integer, String, Table, case, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import UtcTime, metadata, rows_of

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("login", String(64), primary_key=True),  # its SHA-256; ANY: of whatever account
    Column("source", String(64), primary_key=True),  # where it came from; ANY: from wherever
    Column("failures", Integer, nullable=False),
    Column("waits_until", UtcTime),  # until then nothing is compared; null: at once
    Column("forgotten_at", UtcTime, nullable=False),
    Index("ix_sign_in_failures_forgotten_at", "forgotten_at"),
)

ANY = "*"
Key = tuple[str, str]
"""A login, or ANY, and a source, or ANY."""


class FailureRow(TypedDict):
    """What has failed so far for one key."""

    login: str
    source: str
    failures: int
    waits_until: datetime | None
    forgotten_at: datetime


_f = sign_in_failures.c
_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}  # alike, of no common type


def of_keys(connection: Connection, keys: Iterable[Key], now: datetime) -> dict[Key, FailureRow]:
    """What is not forgotten by ``now`` of these keys."""
    asked = {_stored(key): key for key in keys}
    found = select(sign_in_failures).where(tuple_(_f.login, _f.source).in_(list(asked)), _f.forgotten_at > now)
    return {asked[row["login"], row["source"]]: row for row in rows_of(connection, found, FailureRow)}


def count(connection: Connection, key: Key, now: datetime, forgotten_at: datetime) -> int:
    """One more failure; how many there are now. One statement, so that two at once are two."""
    login, source = _stored(key)
    new = {"login": login, "source": source, "failures": 1, "waits_until": None, "forgotten_at": forgotten_at}
    more = case((_f.forgotten_at <= now, 1), else_=_f.failures + 1)
    insert = _INSERTS[connection.dialect.name](sign_in_failures).values(new)
    counted = insert.on_conflict_do_update(
        index_elements=[_f.login, _f.source], set_={"failures": more, "forgotten_at": forgotten_at}
    )
    return int(connection.execute(counted.returning(_f.failures)).scalar_one())


def wait(connection: Connection, key: Key, until: datetime, forgotten_at: datetime) -> None:
    """Compare nothing for this key until then."""
    login, source = _stored(key)
    which = update(sign_in_failures).where(_f.login == login, _f.source == source)
    connection.execute(which.values(waits_until=until, forgotten_at=forgotten_at))


def waits_until(connection: Connection, login: str, now: datetime) -> datetime | None:
    """Until when somebody has to wait for this account, from whichever source; None: nobody has to."""
    found = select(_f.waits_until).where(_f.login == _digest(login), _f.waits_until > now)
    return connection.execute(found.order_by(_f.waits_until.desc()).limit(1)).scalar()


def forget(connection: Connection, login: str, source: str = "") -> None:
    """Begin again for an account: for one source, or for all."""
    which = delete(sign_in_failures).where(_f.login == _digest(login))
    connection.execute(which.where(_f.source == source) if source else which)


def forget_old(connection: Connection, now: datetime) -> None:
    """Remove what no longer counts."""
    connection.execute(delete(sign_in_failures).where(_f.forgotten_at <= now))


def _stored(key: Key) -> Key:
    login, source = key
    return (login if login == ANY else _digest(login), source)


def _digest(login: str) -> str:
    return hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()
