"""Tamperings as a database administrator could do them: for every table and column that is evidence, by direct SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Integer, LargeBinary, Table, text

from engine.evidence.anchors import proving
from engine.evidence.anchors.covered import TABLES, How
from engine.evidence.anchors.mismatch import Mismatch
from engine.publishing.catalog import Catalog
from storage.columns import Flag, Json, UtcTime
from storage.migrate import all_tables
from tests.house import House

BESIDE = {"access_batches", "access_looks"}
"""In a database of their own, where SQLite is."""
LATER = "2031-01-01T00:00:00.000000Z"


Done = tuple[str, dict[str, Any]]
"""A statement with its values."""


class Tampering(NamedTuple):
    """What is done to a row of a table."""

    name: str
    table: str
    statement: str
    values: dict[str, Any]


class _Undo(Exception):
    """Ends a transaction of which nothing is to be kept."""


def tables() -> list[Table]:
    """The tables of the one database that are evidence."""
    known = all_tables().tables
    return [known[name] for name, one in TABLES.items() if one.how and name not in BESIDE]


def other(column: Column[Any], was: Any) -> Any:
    """Another value that the column could hold just as well."""
    if isinstance(column.type, Flag):
        return 0 if was else 1
    if isinstance(column.type, UtcTime):
        return LATER
    if isinstance(column.type, Json):
        return '{"forged":1}'
    if isinstance(column.type, LargeBinary):
        return b"{}"
    if isinstance(column.type, Integer):
        return (was or 0) - 1 if column.table.name == "sequences" else (was or 0) + 1000
    return f"{was or ''}0"


def tamperings(connection: Connection, rows: int = 1, every: bool = False) -> Iterator[Tampering]:
    """Every column of the first rows changed, and each of these rows deleted.

    Of what is hashed row by row, column after column in the same way, two columns unless ``every`` is asked.
    """
    for table in tables():
        keys = [column.name for column in table.primary_key]
        found = connection.execute(text(f"SELECT * FROM {table.name} ORDER BY {', '.join(keys)}")).mappings()
        where = " AND ".join(f"{name} = :key{place}" for place, name in enumerate(keys))
        for row in found.fetchmany(rows):
            key = {f"key{place}": row[name] for place, name in enumerate(keys)}
            columns = [column for column in table.c if column.name not in TABLES[table.name].free]
            if not every and TABLES[table.name].how[-1] in (How.ROWS, How.BYTES) and table.name != "records":
                columns = [columns[0], columns[-1]]
            for column in columns:
                changed = f"UPDATE {table.name} SET {column.name} = :value WHERE {where}"
                values = {**key, "value": other(column, row[column.name])}
                yield Tampering(f"{table.name}.{column.name}", table.name, changed, values)
            yield Tampering(f"{table.name} deleted", table.name, f"DELETE FROM {table.name} WHERE {where}", key)


@contextmanager
def done(house: House, *statements: Done) -> Iterator[None]:
    """The house with this done to it behind its back; nothing of it is kept."""
    try:
        with house.application.database.together(lambda _: None):
            with house.application.database.write() as connection:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
                for statement, values in statements:
                    assert connection.execute(text(statement), values).rowcount, statement
            yield
            raise _Undo
    except _Undo:
        pass


def findings(house: House, deep: bool = True, catalog: Catalog | None = None) -> list[Mismatch]:
    """What the proof over the house says; ``deep``: with every case played again."""
    parts = house.application.anchors.house
    if catalog is not None:
        parts = proving.House(parts.database, parts.log, catalog, parts.files, parts.book)
    return proving.prove(parts, replays=deep).survey.findings


def found_with(house: House, tampering: Tampering) -> list[Mismatch]:
    """What the proof finds after one tampering."""
    how = TABLES[tampering.table].how
    deep = How.ROWS not in how or tampering.table == "records"
    catalog = Catalog(house.application.database) if tampering.table == "definitions" else None
    with done(house, (tampering.statement, tampering.values)):
        return findings(house, deep or tampering.table == "event_payloads", catalog)


def is_located(tampering: Tampering, found: Mismatch) -> bool:
    """Whether a finding says where: the table itself, or the case whose row it is."""
    return found.kind in (tampering.table, "cases", "files", "definitions") and bool(
        found.subject or found.case_id is not None
    )
