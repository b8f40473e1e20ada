"""Who looked at what: rows that are only added, batch after batch, each batch hashed with the one before.

On SQLite, which has one writer for a file, a file of its own beside the database; on PostgreSQL tables of the same
database, by connections of their own. So no look waits for a case. Knows no page and no person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypedDict

import orjson
from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    func,
    insert,
    inspect,
    select,
    true,
    type_coerce,
)

from storage.database import Database, UtcTime, rows_of, utc_text
from storage.paging import Listing
from storage.triggers import append_only

FORMAT: Final = 1
"""How a batch is hashed: SHA-256 of the JSON of its number, format, time, the hash before, and its looks."""
FIRST_HASH: Final = "0" * 64
FILE: Final = "access.db"
PATIENCE_SECONDS: Final = 2
"""A page waits so long for its look to be written, and is then not shown."""

tables = MetaData()
batches = append_only(
    Table(
        "access_batches",
        tables,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("format", Integer, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("last_look", Integer, nullable=False),
        Column("previous_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
    )
)
looks = append_only(
    Table(
        "access_looks",
        tables,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("batch", Integer, nullable=False),
        Column("at", UtcTime, nullable=False),
        Column("user_id", Integer),  # none: nobody was signed in
        Column("address", String(45), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("what", String(20), nullable=False),
        Column("subject", String(200), nullable=False),  # the id of what was looked at, none of its values
        Index("ix_access_looks_user_id", "user_id", "id"),
        Index("ix_access_looks_what_subject", "what", "subject", "id"),
    )
)


class Look(TypedDict):
    """Somebody looked at something, took it along, or was refused."""

    at: datetime
    user_id: int | None
    address: str
    kind: str
    what: str
    subject: str


class LookRow(Look):
    """The same as it is kept."""

    id: int
    batch: int


class BatchRow(TypedDict):
    """Looks that were written together."""

    id: int
    format: int
    at: datetime
    last_look: int
    previous_hash: str
    hash: str


_l = looks.c
_b = batches.c


def open_access_log(beside: Database) -> Database:
    """The log that belongs to a database. Nothing is made before something is written."""
    found = beside.engine.url
    if found.get_backend_name() == "sqlite" and found.database and found.database != ":memory:":
        found = found.set(database=str(Path(found.database).with_name(FILE)))
    return Database(found.render_as_string(hide_password=False))


def prepare(connection: Connection) -> None:
    """Make the tables if they are not there, in the transaction that writes; two servers may at once."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20171130)")
    tables.create_all(connection)


def append(connection: Connection, at: datetime, found: Sequence[Look]) -> None:
    """Add one batch at the end of the chain."""
    if connection.dialect.name == "postgresql":  # two servers must not both follow the same batch
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'")
        connection.exec_driver_sql("LOCK TABLE access_batches IN SHARE ROW EXCLUSIVE MODE")
    last = connection.execute(select(_b.id, _b.last_look, _b.hash).order_by(_b.id.desc()).limit(1)).first()
    number, look, previous = (last.id + 1, last.last_look, last.hash) if last else (1, 0, FIRST_HASH)
    rows: list[LookRow] = [{**one, "id": look + 1 + place, "batch": number} for place, one in enumerate(found)]
    batch: BatchRow = {
        "id": number, "format": FORMAT, "at": at, "last_look": look + len(rows), "previous_hash": previous, "hash": "",
    }  # fmt: skip
    connection.execute(insert(batches), {**batch, "hash": _hash(batch, rows)})
    connection.execute(insert(looks), [dict(row) for row in rows])


def look_list(
    kind: str = "", what: str = "", subject: str = "", users: Sequence[int] | None = None
) -> Listing[LookRow]:
    """The looks that fit, the newest first; ``users``: by one of them, None: by whomever."""
    asked = ((_l.kind, kind), (_l.what, what), (_l.subject, subject))
    where = [column == value for column, value in asked if value]
    if users is not None:
        where.append(_l.user_id.in_(users))
    return Listing(LookRow, [looks], looks, [and_(true(), *where)], [("id", _l.id)], True)


def looked_at(
    connection: Connection, what: str, subjects: Collection[str], but: int | None, by: Collection[int] | None
) -> bool:
    """Whether somebody ``but`` one has looked at one of these; ``by``: one of these people, None: anybody."""
    query = select(_l.id).where(_l.what == what, _l.subject.in_(list(subjects)), _l.kind == "seen")
    query = query.where(_l.user_id.is_distinct_from(but))
    if by is not None:
        query = query.where(_l.user_id.in_(list(by)))
    return connection.execute(query.limit(1)).first() is not None


def end(connection: Connection) -> tuple[int, int, str]:
    """How many looks and batches there are, and the hash of the last batch."""
    last = connection.execute(select(_b.id, _b.hash).order_by(_b.id.desc()).limit(1)).first()
    count = int(connection.execute(select(func.count()).select_from(looks)).scalar_one())
    return (count, last.id, last.hash) if last else (count, 0, FIRST_HASH)


def broken(connection: Connection) -> Iterator[int]:
    """The batches that do not hold: changed, lost or slipped in, looks of theirs too. Reads every row."""
    previous, expected, look = FIRST_HASH, 1, 0
    for batch in rows_of(connection, _plain(batches).order_by(_b.id), BatchRow):
        rows = rows_of(connection, _plain(looks).where(_l.batch == batch["id"]).order_by(_l.id), LookRow)
        ids = [row["id"] for row in rows]
        wanted = list(range(look + 1, batch["last_look"] + 1))
        holds = (batch["id"], batch["previous_hash"], ids) == (expected, previous, wanted)
        if not holds or batch["hash"] != _hash_of_texts(batch, rows):
            yield int(batch["id"])
        previous, expected, look = batch["hash"], batch["id"] + 1, batch["last_look"]
    if connection.execute(select(_l.id).where(_l.id > look).limit(1)).first() is not None:
        yield expected  # looks that no batch holds


def exists(connection: Connection) -> bool:
    """Whether anything was ever written."""
    return bool(inspect(connection).has_table(batches.name))


def _plain(table: Table) -> Select[Any]:
    """A query that gives moments as the texts that are stored: what cannot be read is a finding, no error."""
    return select(
        *(type_coerce(one, String).label(one.name) if isinstance(one.type, UtcTime) else one for one in table.c)
    )


def _hash(batch: BatchRow, rows: Sequence[LookRow]) -> str:
    told = [{**row, "at": utc_text(row["at"])} for row in rows]
    return _hash_of_texts({**batch, "at": utc_text(batch["at"])}, told)


def _hash_of_texts(batch: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> str:
    told = [[row[name] for name in ("id", "at", "user_id", "address", "kind", "what", "subject")] for row in rows]
    content = [*(batch[name] for name in ("id", "format", "at", "previous_hash")), told]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()
