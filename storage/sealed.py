"""Keys to which is sealed, and what was sealed to them: all of it follows from the events. Nothing here opens anything.

A key stands with its public half and its wrapped shares; an entry by the hash of its cipher text, which is a file.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import Column, Connection, Index, Integer, String, Table, insert, or_, select, update

from storage.database import Json, UtcTime, metadata, row_of, rows_of
from storage.events import SAID_IN_CASE, LoggedEvent, events, logged
from storage.organisations import organisations
from storage.tables import cases

sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", Integer, nullable=False),  # in which it was made, by that event
    Column("event_seq", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("opened_case", Integer),  # in which it was used, by that event; null: it was not
    Column("opened_seq", Integer),
    Index("ix_sealing_keys_case", "case_id"),
    Index("ix_sealing_keys_opened", "opened_case"),
)
sealed_entries = Table(
    "sealed_entries",
    metadata,
    Column("case_id", Integer, primary_key=True),
    Column("event_seq", Integer, primary_key=True),
    Column("element", String(200), nullable=False),
    Column("candidate", String(120), nullable=False),  # whose task it was: his later one takes its place
    Column("key_id", String(32), nullable=False),
    Column("digest", String(64), nullable=False),  # of the cipher text
    Column("size", Integer, nullable=False),  # of it, in bytes
    Column("received_at", UtcTime, nullable=False),
    Column("closes_at", UtcTime, nullable=False),
    Index("ix_sealed_entries_key", "key_id", "case_id", "event_seq"),
)

_GONE: Final = ("withdrawn", "cancelled")


class SealingKeyRow(TypedDict):
    """A key. ``body``: ``engine.sealing.keys.SealingKey``."""

    id: str
    case_id: int
    event_seq: int
    body: dict[str, object]
    opened_case: int | None
    opened_seq: int | None


class SealedEntryRow(TypedDict):
    """Something that was handed in sealed."""

    case_id: int
    event_seq: int
    element: str
    candidate: str
    key_id: str
    digest: str
    size: int
    received_at: datetime
    closes_at: datetime


class PlacedEntry(SealedEntryRow):
    """The same with its case."""

    case_number: str
    organisation_code: str
    organisation_name: str


def add_key(connection: Connection, row: SealingKeyRow) -> None:
    """Keep a new key."""
    connection.execute(insert(sealing_keys).values(**row))


def key(connection: Connection, key_id: str, *, lock: bool = False) -> SealingKeyRow | None:
    """A key. ``lock``: nobody opens with it, or seals to it, until this transaction ends."""
    query = select(sealing_keys).where(sealing_keys.c.id == key_id)
    return row_of(connection, query.with_for_update() if lock else query, SealingKeyRow)


def mark_opened(connection: Connection, key_id: str, case_id: int, event_seq: int) -> None:
    """What was sealed to a key lies open from that event on."""
    here = update(sealing_keys).where(sealing_keys.c.id == key_id)
    connection.execute(here.values(opened_case=case_id, opened_seq=event_seq))


def keys_of(connection: Connection, case_id: int) -> list[SealingKeyRow]:
    """The keys that were made or used in a case."""
    own = (sealing_keys.c.case_id == case_id) | (sealing_keys.c.opened_case == case_id)
    return rows_of(connection, select(sealing_keys).where(own).order_by(sealing_keys.c.id), SealingKeyRow)


def said_of(connection: Connection, key_id: str, name: str, kinds: Collection[str]) -> list[LoggedEvent]:
    """The events of a name about a key in whatever case of these kinds, by their ``key``, the oldest first."""
    own = select(cases.c.id).where(cases.c.key.in_(sorted(kinds)))
    found = logged(connection, SAID_IN_CASE.where(events.c.case_id.in_(own), events.c.name == name))
    return sorted((one for one in found if one["data"].get("key") == key_id), key=lambda one: one["at"])


def add_entry(connection: Connection, row: SealedEntryRow) -> None:
    """Keep what was handed in."""
    connection.execute(insert(sealed_entries).values(**row))


def entries_of(connection: Connection, case_id: int) -> list[SealedEntryRow]:
    """All that was ever handed in in a case, in order."""
    query = select(sealed_entries).where(sealed_entries.c.case_id == case_id)
    return rows_of(connection, query.order_by(sealed_entries.c.event_seq), SealedEntryRow)


def counted(connection: Connection, key_id: str) -> list[PlacedEntry]:
    """What of all that was sealed to a key counts, the earliest first: the last that each desk handed in at each step.

    Nothing counts of a case that was withdrawn or called off in time; what ends a case after the last moment, an
    operator's act among them, takes nothing back. The desk of an organisation that has gone into another is that one's.
    """
    place = (cases.c.number.label("case_number"), cases.c.organisation_code, cases.c.organisation_name)
    query = select(sealed_entries, *place).join(cases, cases.c.id == sealed_entries.c.case_id)
    stood = or_(cases.c.status.not_in(_GONE), cases.c.ended_at > sealed_entries.c.closes_at)
    order = (sealed_entries.c.case_id, sealed_entries.c.event_seq)
    found = rows_of(connection, query.where(sealed_entries.c.key_id == key_id, stood).order_by(*order), PlacedEntry)
    heirs = _heirs(connection) if found else {}
    last: dict[tuple[int, str, str], PlacedEntry] = {}
    for one in found:
        last[one["case_id"], one["element"], _desk(one["candidate"], heirs)] = one
    return sorted(last.values(), key=lambda one: (one["received_at"], one["case_id"], one["event_seq"]))


def _heirs(connection: Connection) -> dict[str, str]:
    """Into which organisation each has gone, by code."""
    code, heir = organisations.c.code, organisations.c.successor_code
    return {row[0]: row[1] for row in connection.execute(select(code, heir).where(heir.is_not(None)))}


def _desk(candidate: str, heirs: dict[str, str]) -> str:
    """``role@code`` with the organisation that has it now; somebody's own desk is his."""
    role, at, code = candidate.partition("@")
    seen: set[str] = set()
    while code in heirs and code not in seen:
        seen.add(code)
        code = heirs[code]
    return f"{role}{at}{code}"
