"""What happened to accounts: one chain of rows that are only added, each hashed with the one before.

Knows neither the kinds of events nor who may read them. What an event has changed in tables stands among its facts
(``ROWS``), row by row, as ``storage.told`` says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, cast

import orjson
from sqlalchemy import Column, Connection, Index, Integer, String, Table, func, select, type_coerce

from storage import told
from storage.database import Json, UtcTime, metadata, rows_of, utc_text
from storage.triggers import append_only

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
        Index("ix_account_events_user_id_kind", "user_id", "kind"),
        Index("ix_account_events_address_at", "address", "at"),
    )
)


class Signed(TypedDict):
    """What of an event is hashed."""

    sequence: int
    at: datetime
    kind: str
    user_id: int | None
    actor_id: int | None
    address: str
    facts: dict[str, Any]
    previous_hash: str


class AccountEventRow(Signed):
    """What happened to an account."""

    hash: str


FIRST_HASH = "0" * 64
ROWS = "rows"
"""The fact of an event that is no word for people: what it has changed, by table and key."""
_e = account_events.c


def append(
    connection: Connection,
    at: datetime,
    kind: str,
    *,
    user_id: int | None = None,
    actor_id: int | None = None,
    address: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one event at the end of the chain, after what it tells of was written. ``facts`` is plain JSON."""
    if connection.dialect.name == "postgresql":  # two writers must not both follow the same row
        connection.exec_driver_sql("LOCK TABLE account_events IN SHARE ROW EXCLUSIVE MODE")
    newest = select(_e.sequence, _e.hash).order_by(_e.sequence.desc()).limit(1)
    last = connection.execute(newest).first()
    rows = told.as_they_stand(connection, kind, user_id)
    row: Signed = {
        "sequence": last.sequence + 1 if last else 1,
        "at": at,
        "kind": kind,
        "user_id": user_id,
        "actor_id": actor_id,
        "address": address,
        "facts": {**(facts or {}), **({ROWS: rows} if rows else {})},
        "previous_hash": last.hash if last else FIRST_HASH,
    }
    connection.execute(account_events.insert().values(**row, hash=_hash(row)))


def of_user(connection: Connection, user_id: int, kinds: Sequence[str] = (), limit: int = 20) -> list[AccountEventRow]:
    """The newest events of one account, of these kinds when given."""
    found = select(account_events).where(_e.user_id == user_id).order_by(_e.sequence.desc()).limit(limit)
    return rows_of(connection, found.where(_e.kind.in_(kinds)) if kinds else found, AccountEventRow)


def has(connection: Connection, kind: str) -> bool:
    """Whether there is an event of a kind."""
    return connection.execute(select(_e.sequence).where(_e.kind == kind).limit(1)).first() is not None


def for_people(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an event says besides, without what only a proof reads."""
    return {name: value for name, value in facts.items() if name != ROWS}


def statements(connection: Connection, since: int) -> told.Statements:
    """What the events after one have told of rows."""
    found = told.Statements()
    kinds = sorted({kind for one in told.TOLD.values() for kind in one.kinds})
    query = select(_e.kind, _e.user_id, _e.facts).where(_e.sequence > since, _e.kind.in_(kinds))
    for row in connection.execute(query.order_by(_e.sequence).execution_options(yield_per=100)):
        found.add(row.kind, row.user_id, row.facts.get(ROWS) if isinstance(row.facts, dict) else None)
    return found


def end(connection: Connection) -> tuple[int, str]:
    """How many events there are, and the hash of the last one."""
    last = connection.execute(select(_e.hash).order_by(_e.sequence.desc()).limit(1)).scalar()
    count = connection.execute(select(func.count()).select_from(account_events)).scalar_one()
    return int(count), last or FIRST_HASH


def broken(connection: Connection) -> Iterator[int]:
    """The sequence numbers where the chain does not hold: changed, lost or slipped in. Reads every row."""
    previous, expected = FIRST_HASH, 1
    raw = (type_coerce(column, String) if column.name in ("at", "facts") else column for column in _e)
    for found in connection.execute(select(*raw).order_by(_e.sequence)).mappings():
        row = cast(AccountEventRow, found)
        if row["sequence"] != expected or row["previous_hash"] != previous or row["hash"] != _hash_of_text(found):
            yield row["sequence"]
        previous, expected = row["hash"], row["sequence"] + 1


def _hash_of_text(found: Mapping[Any, Any]) -> str | None:
    """The hash of a row as it is stored; None when it cannot be read, which no hash is."""
    try:
        at, facts = datetime.fromisoformat(found["at"]), orjson.loads(found["facts"])
        return _hash(cast(Signed, {**found, "at": at, "facts": facts}))
    except (TypeError, ValueError):
        return None


def _hash(row: Signed) -> str:
    signed = [row["sequence"], utc_text(row["at"]), row["kind"], row["user_id"], row["actor_id"], row["address"]]
    content = orjson.dumps([*signed, row["facts"], row["previous_hash"]], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()
