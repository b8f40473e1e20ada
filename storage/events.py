"""The append-only log: one gap-free sequence of events per case, each hashed with the one before.

The database refuses UPDATE and DELETE here (``storage.triggers``); this module offers no such statement either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, cast

import orjson
from sqlalchemy import Connection, bindparam, insert, select

from storage.database import rows_of, utc_text
from storage.prepared import Prepared
from storage.rows import EventHead, EventRow
from storage.tables import events
from storage.triggers import append_only

append_only(events)

FIRST = "0" * 64
"""What stands as the previous hash of the first event of a case."""

_APPEND = Prepared(insert(events).values({column.name: bindparam(column.name) for column in events.c}))


class By(TypedDict):
    """Who acted: None and nothing for the system itself."""

    actor_id: int | None
    actor_name: str
    actor_role: str


class Happening(By):
    """That something happened: what, when, by whom."""

    name: str
    at: datetime


class NewEvent(Happening):
    """An event that is about to be written."""

    data: Mapping[str, Any]


class LoggedEvent(EventHead):
    """An event as it is read: ``data`` is parsed, ``text`` is what was hashed."""

    data: dict[str, Any]
    text: str


def sealed(case_id: int, seq: int, previous: str, event: NewEvent) -> EventRow:
    """One event as it is stored, with its hash."""
    row: EventRow = {
        "case_id": case_id, "seq": seq, "previous": previous, "name": event["name"], "at": event["at"],
        "actor_id": event["actor_id"], "actor_name": event["actor_name"], "actor_role": event["actor_role"],
        "data": orjson.dumps(event["data"], option=orjson.OPT_SORT_KEYS).decode(), "hash": "",
    }  # fmt: skip
    return {**row, "hash": event_hash(row, row["data"])}


def append(connection: Connection, event: EventRow) -> None:
    """Write one event that is sealed."""
    _APPEND.write(connection, event)


def names_since(connection: Connection, case_id: int, seq: int) -> list[str]:
    """The names of the events of a case after ``seq``."""
    query = select(events.c.name).where(events.c.case_id == case_id, events.c.seq > seq)
    return list(connection.execute(query).scalars())


def event_hash(row: EventHead, data: str) -> str:
    """SHA-256 over everything that an event says, the previous hash included. ``data``: the stored text."""
    parts = [
        row["previous"],
        row["case_id"],
        row["seq"],
        row["name"],
        utc_text(row["at"]),
        row["actor_id"],
        row["actor_name"],
        row["actor_role"],
        data,
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def of_case(connection: Connection, case_id: int) -> list[LoggedEvent]:
    """All events of a case in order; ``data`` is parsed, ``text`` is what was hashed."""
    query = select(events).where(events.c.case_id == case_id).order_by(events.c.seq)
    rows = rows_of(connection, query, EventRow)
    return [cast(LoggedEvent, row | {"text": row["data"], "data": orjson.loads(row["data"])}) for row in rows]
