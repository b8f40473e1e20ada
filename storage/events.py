"""The append-only log: one gap-free sequence of events per case, each hashed with the one before.

The chain (``events``) and what was said (``event_payloads``) stand apart: the chain commits to every field of a payload
by itself (``storage.commitments``), so a field can be hidden and the chain still proves the rest. Format 1, of old
events, hashes the payload as one text. The database refuses UPDATE and DELETE here (``storage.triggers``); this module
offers no such statement either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypedDict, cast

import orjson
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    type_coerce,
    union_all,
)

from storage import exact
from storage.commitments import commitment, fresh_salts, opens
from storage.database import UtcTime, metadata, rows_of, utc_text
from storage.prepared import Prepared
from storage.rows import EventPayloadRow, EventRow
from storage.triggers import append_only

events = append_only(
    Table(
        "events",
        metadata,
        Column("case_id", Integer, ForeignKey("cases.id"), primary_key=True),
        Column("seq", Integer, primary_key=True),  # 1, 2, 3 … without a gap
        Column("format", Integer, nullable=False),
        Column("semantics", Integer, nullable=False),  # the version of the engine under which it ran
        Column("name", String(60), nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("commitment", String(64)),  # to the payload; null in format 1
        Column("previous", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        Index("ix_events_name", "case_id", "name", "seq"),
    )
)
payloads = append_only(
    Table(
        "event_payloads",
        metadata,
        Column("case_id", Integer, primary_key=True),
        Column("seq", Integer, primary_key=True),
        Column("actor_id", Integer),  # null: the system itself
        Column("actor_name", String(100), nullable=False),
        Column("actor_role", String(120), nullable=False),
        Column("data", Text, nullable=False),  # JSON
        Column("salts", Text),  # what opens the commitments; null in format 1
        ForeignKeyConstraint(["case_id", "seq"], ["events.case_id", "events.seq"]),
    )
)

FIRST = "0" * 64
"""What stands as the previous hash of the first event of a case."""
FORMAT: Final = 2
"""How events are written now."""

_APPEND = Prepared(insert(events).values({column.name: bindparam(column.name) for column in events.c}))
_APPEND_PAYLOAD = Prepared(insert(payloads).values({column.name: bindparam(column.name) for column in payloads.c}))
_AT = Prepared(select(events.c.at).where(events.c.case_id == bindparam("b_case"), events.c.seq == bindparam("b_seq")))
_SAID = ("actor_id", "actor_name", "actor_role", "data", "salts")
_BOTH = (events.c.case_id == payloads.c.case_id) & (events.c.seq == payloads.c.seq)
SAID_IN_CASE = select(events, *(payloads.c[name] for name in _SAID)).join(payloads, _BOTH)


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


class Sealed(TypedDict):
    """An event as it is stored: a link of the chain, and what it commits to."""

    link: EventRow
    payload: EventPayloadRow


class _Joined(EventRow, By):
    """A link with its payload, as one query finds them."""

    data: str
    salts: str | None


class LoggedEvent(EventRow, By):
    """An event as it is read: ``data`` is parsed, ``text`` as it stands."""

    data: dict[str, Any]
    text: str
    salts: str | None


def sealed(case_id: int, seq: int, previous: str, event: NewEvent, semantics: int) -> Sealed:
    """One event as it is stored, with its commitments and its hash."""
    salts = fresh_salts()
    link: EventRow = {
        "case_id": case_id, "seq": seq, "format": FORMAT, "semantics": semantics, "name": event["name"],
        "at": event["at"], "commitment": commitment(content(event, event["data"]), salts),
        "previous": previous, "hash": "",
    }  # fmt: skip
    payload: EventPayloadRow = {
        "case_id": case_id, "seq": seq, "actor_id": event["actor_id"], "actor_name": event["actor_name"],
        "actor_role": event["actor_role"], "salts": salts,
        "data": exact.dumps(event["data"]).decode(),
    }  # fmt: skip
    return {"link": {**link, "hash": link_hash(link)}, "payload": payload}


def append(connection: Connection, event: Sealed) -> None:
    """Write one event that is sealed."""
    _APPEND.write(connection, event["link"])
    _APPEND_PAYLOAD.write(connection, event["payload"])


def newest_at(connection: Connection, case_id: int, seq: int) -> datetime | None:
    """When the event of that number was; None when there is none or its time cannot be read."""
    found = _AT.value(connection, {"b_case": case_id, "b_seq": seq})
    return found if isinstance(found, datetime) else None


def names_since(connection: Connection, case_id: int, seq: int) -> list[str]:
    """The names of the events of a case after ``seq``."""
    query = select(events.c.name).where(events.c.case_id == case_id, events.c.seq > seq)
    return list(connection.execute(query).scalars())


def link_hash(link: EventRow) -> str:
    """SHA-256 over a link of format 2, the previous hash included."""
    parts = [
        link["format"], link["semantics"], link["previous"], link["case_id"], link["seq"], link["name"],
        utc_text(link["at"]), link["commitment"],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def holds(event: LoggedEvent) -> bool:
    """Whether an event says what its hash stands for. False, too, for a format that nobody has written."""
    if event["format"] == 1:
        untouched = event["salts"] is None and event["commitment"] is None and event["semantics"] <= 1
        return untouched and event["hash"] == _first_hash(event)
    if event["format"] != FORMAT or event["hash"] != link_hash(event):
        return False
    return opens(content(event, event["data"]), event["salts"] or "", event["commitment"])


def of_case(connection: Connection, case_id: int) -> list[LoggedEvent]:
    """All events of a case in order, with what they say. Raises ValueError when one cannot be read."""
    return logged(connection, SAID_IN_CASE.where(events.c.case_id == case_id).order_by(events.c.seq))


def named(connection: Connection, case_id: int, *names: str) -> list[LoggedEvent]:
    """The events of these names in a case, oldest first. Raises ValueError when one cannot be read."""
    return logged(connection, _of_names([case_id], names))


def _of_names(case_ids: Sequence[int], names: Iterable[str]) -> Select[Any]:
    """Those events in order, looked up name by name: an index holds each, whatever else happened in the cases."""
    e = events.c
    each = (SAID_IN_CASE.where(e.case_id.in_(case_ids), e.name == name) for name in sorted(names))
    found = union_all(*each).subquery()
    return select(found).order_by(found.c.case_id, found.c.seq)


def at(connection: Connection, case_id: int, seq: int) -> LoggedEvent:
    """One event of a case. Raises IndexError."""
    return logged(connection, SAID_IN_CASE.where(events.c.case_id == case_id, events.c.seq == seq))[0]


def of_names(connection: Connection, case_ids: Sequence[int], names: Iterable[str]) -> list[LoggedEvent]:
    """The events of these names of some cases, in order; what cannot be read is left out."""
    found = []
    for row in rows_of(connection, _of_names(case_ids, names), _Joined):
        with suppress(ValueError):
            if isinstance(row["at"], datetime):
                found.append(_logged(row))
    return found


def logged(connection: Connection, query: Select[Any]) -> list[LoggedEvent]:
    """The events that a query made of ``SAID_IN_CASE`` finds. Raises ValueError when one cannot be read."""
    return [_logged(row) for row in rows_of(connection, query, _Joined)]


def readable_of_case(connection: Connection, case_id: int) -> tuple[list[LoggedEvent], list[int]]:
    """The events of a case that can be read, and the numbers of those that cannot: for a proof."""
    query = SAID_IN_CASE.with_only_columns(
        *(type_coerce(column, String) if column.name == "at" else column for column in SAID_IN_CASE.selected_columns)
    )
    found: list[LoggedEvent] = []
    broken: list[int] = []
    for row in rows_of(connection, query.where(events.c.case_id == case_id).order_by(events.c.seq), _Joined):
        try:
            found.append(_logged(row | {"at": datetime.fromisoformat(str(row["at"]))}))
        except ValueError:
            broken.append(row["seq"])
    return found, broken


def _logged(row: _Joined) -> LoggedEvent:
    data = exact.loads(row["data"])
    if not isinstance(data, dict):
        raise ValueError("what an event carries is an object")
    return cast(LoggedEvent, row | {"text": row["data"], "data": data})


def content(by: By, data: Mapping[str, Any]) -> dict[str, Any]:
    """To what the chain commits of an event: who acted, and what it carries, under ``data``."""
    return {
        "actor_id": by["actor_id"], "actor_name": by["actor_name"], "actor_role": by["actor_role"], "data": data,
    }  # fmt: skip


def _first_hash(event: LoggedEvent) -> str:
    """SHA-256 over everything that an event of format 1 says."""
    parts = [
        event["previous"], event["case_id"], event["seq"], event["name"], utc_text(event["at"]), event["actor_id"],
        event["actor_name"], event["actor_role"], event["text"],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
