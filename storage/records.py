"""Versioned records of the registers. A version is never changed but for the moment it stops being in force.

Knows no schema: which fields exist, are shown or searched is said by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, TypedDict

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from storage import words
from storage.columns import valid_json
from storage.database import row_of, rows_of
from storage.events import events, payloads
from storage.organisations import organisations
from storage.rows import RecordRow
from storage.tables import cases, records


class NewRecord(TypedDict):
    """A version that is to come in force, before it has its number."""

    register: str
    number: str
    data: Mapping[str, Any]
    organisation_path: str
    search: str
    valid_from: datetime
    valid_to: None
    case_id: int
    event_seq: int


class WrittenBy(TypedDict):
    """That an event has written a record."""

    register: str
    number: str
    event_seq: int


class MadeRecord(RecordRow):
    """A version of a record with the case and the person that brought it about."""

    case_number: str
    actor_name: str
    event_hash: str


def current(connection: Connection, register: str, number: str) -> RecordRow | None:
    """The version in force, or none."""
    return row_of(connection, _in_force(register, number), RecordRow)


def at_moment(connection: Connection, register: str, number: str, at: datetime) -> RecordRow | None:
    """The version that was in force at a moment, or none."""
    return row_of(connection, select(records).where(_is(register, number), standing_at(at)), RecordRow)


def standing_at(at: datetime | None) -> ColumnElement[bool]:
    """Whether a version is in force: now, or at a moment."""
    if at is None:
        return records.c.valid_to.is_(None)
    return and_(records.c.valid_from <= at, or_(records.c.valid_to.is_(None), records.c.valid_to > at))


def locked(connection: Connection, register: str, number: str) -> RecordRow | None:
    """The same for who will add the next version: others wait for him until the transaction ends."""
    query = _in_force(register, number).with_for_update()
    for _ in range(2):  # whoever waited for another writer looks again: the version that he waited for is past
        row = row_of(connection, query, RecordRow)
        if row is not None:
            return row
    return None


def held(connection: Connection, register: str, number: str) -> int:
    """The newest version of a record, 0 for none; nobody adds another before the transaction ends."""
    connection.execute(_in_force(register, number).with_for_update(read=True)).all()  # who writes it is waited for
    return newest(connection, register, number)


def newest(connection: Connection, register: str, number: str) -> int:
    """The newest version of a record, in force or not; 0 for none."""
    return connection.execute(select(func.max(records.c.version)).where(_is(register, number))).scalar() or 0


def _in_force(register: str, number: str) -> Select[Any]:
    return select(records).where(_is(register, number), records.c.valid_to.is_(None))


def add_version(connection: Connection, row: NewRecord) -> int:
    """Put a new version in force from ``row["valid_from"]`` on; its number. An older version ends at that moment.

    Also one that came in force later: who began first may write second, and at no moment two versions are in force.
    """
    register, number, moment = row["register"], row["number"], row["valid_from"]
    before = newest(connection, register, number)
    if before:
        longer = or_(records.c.valid_to.is_(None), records.c.valid_to > moment)
        connection.execute(update(records).where(_is(register, number), longer).values(valid_to=moment))
    connection.execute(insert(records), {**row, "version": before + 1})
    words.put(connection, words.RECORD, f"{register}/{number}", row["search"])
    return before + 1


def in_force(connection: Connection, register: str) -> list[RecordRow]:
    """All records of a register that are in force, by number."""
    query = select(records).where(records.c.register == register, records.c.valid_to.is_(None))
    return rows_of(connection, query.order_by(records.c.number), RecordRow)


def owners(connection: Connection, register: str) -> list[str]:
    """The paths of the organisations to which records of a register in force belong, each once."""
    query = select(records.c.organisation_path).where(records.c.register == register, records.c.valid_to.is_(None))
    return list(connection.execute(query.distinct()).scalars())


def versions(connection: Connection, register: str, number: str) -> list[MadeRecord]:
    """All versions, newest first, each with the case and the person that brought it about."""
    query = (
        select(
            records,
            cases.c.number.label("case_number"),
            payloads.c.actor_name,
            events.c.hash.label("event_hash"),
        )
        .join(cases, cases.c.id == records.c.case_id)
        .join(events, and_(events.c.case_id == records.c.case_id, events.c.seq == records.c.event_seq))
        .join(payloads, and_(payloads.c.case_id == records.c.case_id, payloads.c.seq == records.c.event_seq))
        .where(_is(register, number))
        .order_by(records.c.version.desc())
    )
    return rows_of(connection, query, MadeRecord)


def of_event(connection: Connection, case_id: int, seq: int) -> list[RecordRow]:
    """The versions that one event wrote."""
    query = select(records).where(records.c.case_id == case_id, records.c.event_seq == seq)
    return rows_of(connection, query.order_by(records.c.register, records.c.number), RecordRow)


def written_by(connection: Connection, case_id: int) -> list[WrittenBy]:
    """Which records the events of a case have written, without what stands in them; in the order of the events."""
    query = select(*(records.c[name] for name in WrittenBy.__annotations__)).where(records.c.case_id == case_id)
    by = (records.c.event_seq, records.c.register, records.c.number)
    return rows_of(connection, query.order_by(*by), WrittenBy)


def writers(connection: Connection, register: str, number: str) -> list[int]:
    """The cases that have written a record, each once, by their ids."""
    query = select(records.c.case_id).where(_is(register, number)).distinct().order_by(records.c.case_id)
    return list(connection.execute(query).scalars())


def standing_by(connection: Connection, case_id: int) -> list[RecordRow]:
    """The records in force whose newest version a case has written."""
    query = select(records).where(records.c.case_id == case_id, records.c.valid_to.is_(None))
    return rows_of(connection, query.order_by(records.c.register, records.c.number), RecordRow)


def before(connection: Connection, register: str, number: str, case_id: int, seq: int) -> Mapping[str, Any]:
    """What a record held before an event wrote it; nothing when that made it."""
    made = select(func.min(records.c.version)).where(
        _is(register, number), records.c.case_id == case_id, records.c.event_seq == seq
    )
    query = select(records).where(_is(register, number), records.c.version < made.scalar_subquery())
    row = row_of(connection, query.order_by(records.c.version.desc()).limit(1), RecordRow)
    return row["data"] if row else {}


class _Standing(TypedDict):
    """A version as it stands among those of its record, its moments as they are stored."""

    register: str
    number: str
    version: int
    since: str
    until: str | None
    case_id: int
    place: str | None


def misplaced(connection: Connection, case_id: int) -> list[_Standing]:
    """The versions that a case has written and that do not stand among the others as ``add_version`` puts them.

    Each ends when the earliest of those after it begins, none is missing before it, and it lies in the tree.
    """
    since, until = (type_coerce(one, String) for one in (records.c.valid_from, records.c.valid_to))
    mine = select(records.c.register, records.c.number).where(records.c.case_id == case_id)
    query = (
        select(
            records.c.register, records.c.number, records.c.version, since.label("since"), until.label("until"),
            records.c.case_id, organisations.c.code.label("place"),
        )
        .join_from(records, organisations, organisations.c.path == records.c.organisation_path, isouter=True)
        .where(tuple_(records.c.register, records.c.number).in_(mine))
        .order_by(records.c.register, records.c.number, records.c.version.desc())
    )  # fmt: skip
    found: list[_Standing] = []
    for _, versions_of in groupby(rows_of(connection, query, _Standing), lambda row: (row["register"], row["number"])):
        earliest: str | None = None
        rows = list(versions_of)
        for row in rows:
            expected = row["until"] == earliest and row["place"] is not None
            numbered = row["version"] <= len(rows)
            found += [row] if row["case_id"] == case_id and not (expected and numbered) else []
            earliest = row["since"] if earliest is None else min(earliest, row["since"])
    return found


def exists(connection: Connection, register: str, number: str) -> bool:
    """Whether there is a record of that number."""
    query = select(records.c.number).where(_is(register, number)).limit(1)
    return connection.execute(query).first() is not None


def field(connection: Connection, name: str) -> ColumnElement[str]:
    """One field of the data as text. ``name`` must be a field of a schema, never a user's text."""
    if connection.dialect.name == "postgresql":
        text: ColumnElement[str] = cast(valid_json(connection, records.c.data), JSONB)[name].astext
        return text
    data, path = valid_json(connection, records.c.data), literal_column(f"'$.\"{name}\"'", String)
    kind = func.json_type(data, path)  # to SQLite itself true is 1
    shown: ColumnElement[str] = case(
        (kind.in_(["true", "false"]), kind), else_=cast(func.json_extract(data, path), String)
    )
    return shown


def numbers_with(connection: Connection, register: str, name: str, value: str) -> list[str]:
    """The numbers of the records in force that hold a value in a field."""
    query = select(records.c.number).where(
        records.c.register == register, records.c.valid_to.is_(None), field(connection, name) == value
    )
    return list(connection.execute(query.order_by(records.c.number)).scalars())


def _is(register: str, number: str) -> ColumnElement[bool]:
    return and_(records.c.register == register, records.c.number == number)


def event_seqs(connection: Connection, case_id: int) -> list[int]:
    """The events of a case that wrote records."""
    query = select(records.c.event_seq).where(records.c.case_id == case_id).distinct()
    return list(connection.execute(query.order_by(records.c.event_seq)).scalars())
