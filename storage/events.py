"""The append-only log: one gap-free sequence of events per case, each hashed with the one before.

The database refuses UPDATE and DELETE here (``storage.triggers``); this module offers no such statement either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, insert, select

from storage.database import utc_text
from storage.prepared import Prepared
from storage.tables import events
from storage.triggers import append_only

append_only(events)

Row = Mapping[str, Any]
FIRST = "0" * 64
"""What stands as the previous hash of the first event of a case."""

_APPEND = Prepared(insert(events).values({column.name: bindparam(column.name) for column in events.c}))


def sealed(event: Row) -> Row:
    """One event as it is stored, with its hash.

    Keys: case_id, seq, name, at, actor_id, actor_name, actor_role, data, previous.
    """
    row = {**event, "data": orjson.dumps(event["data"], option=orjson.OPT_SORT_KEYS).decode()}
    return {**row, "hash": event_hash(row)}


def append(connection: Connection, event: Row) -> None:
    """Write one event that is sealed."""
    _APPEND.write(connection, event)


def names_since(connection: Connection, case_id: int, seq: int) -> list[str]:
    """The names of the events of a case after ``seq``."""
    query = select(events.c.name).where(events.c.case_id == case_id, events.c.seq > seq)
    return list(connection.execute(query).scalars())


def event_hash(row: Row) -> str:
    """SHA-256 over everything that the row says, the previous hash included. ``data`` is the stored text."""
    at = row["at"]
    parts = [
        row["previous"],
        row["case_id"],
        row["seq"],
        row["name"],
        utc_text(at) if isinstance(at, datetime) else at,
        row["actor_id"],
        row["actor_name"],
        row["actor_role"],
        row["data"],
    ]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def of_case(connection: Connection, case_id: int) -> list[Row]:
    """All events of a case in order; ``data`` is parsed, ``text`` is what was hashed."""
    query = select(events).where(events.c.case_id == case_id).order_by(events.c.seq)
    rows = connection.execute(query).mappings()
    return [{**row, "text": row["data"], "data": orjson.loads(row["data"])} for row in rows]
