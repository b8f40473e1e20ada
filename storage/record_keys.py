"""What of the records in force stands once: a row for each key, so that two writers at once cannot both have it.

The rows follow from the records and the schemas (``engine.registers.register.Register.keys``). Knows neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from sqlalchemy import Column, Connection, Index, String, Table, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import metadata
from storage.prepared import is_foreseen

record_keys = Table(
    "record_keys",
    metadata,
    Column("register", String(60), primary_key=True),
    Column("rule", String(200), primary_key=True),
    Column("key", String(64), primary_key=True),  # a digest of the values
    Column("number", String(80), nullable=False),  # of the record that has it
    Index("ix_record_keys_number", "register", "number"),
)


class RecordKeyRow(TypedDict):
    """One key of a record in force."""

    register: str
    rule: str
    key: str
    number: str


def of_record(connection: Connection, register: str, number: str) -> dict[str, str]:
    """The keys that a record has, by rule."""
    query = select(record_keys.c.rule, record_keys.c.key).where(
        record_keys.c.register == register, record_keys.c.number == number
    )
    return {row.rule: row.key for row in connection.execute(query)}


def take(connection: Connection, register: str, number: str, keys: Mapping[str, str]) -> tuple[str, str] | None:
    """Give a record these keys in place of those it has. (rule, number of the other record) when one is taken.

    Whoever asks for a key that another transaction is about to take waits for how that ends. What is only foreseen
    takes none.
    """
    if is_foreseen(connection):
        return None
    has = of_record(connection, register, number)
    for rule in has:
        if has[rule] != keys.get(rule):
            connection.execute(
                delete(record_keys).where(
                    record_keys.c.register == register, record_keys.c.rule == rule, record_keys.c.number == number
                )
            )
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    for rule, key in keys.items():
        if has.get(rule) == key:
            continue
        row: RecordKeyRow = {"register": register, "rule": rule, "key": key, "number": number}
        fresh = kind.insert(record_keys).values(**row).on_conflict_do_nothing()
        query = select(record_keys.c.number).where(
            record_keys.c.register == register, record_keys.c.rule == rule, record_keys.c.key == key
        )
        holder = None
        while holder is None:  # whoever had it may give it up between the two statements
            connection.execute(fresh)
            holder = connection.execute(query).scalar_one_or_none()
        if holder != number:
            return rule, str(holder)
    return None


def replace_all(connection: Connection, rows: Iterable[RecordKeyRow]) -> None:
    """All keys again, for new rules: the caller has seen that no two are the same."""
    connection.execute(delete(record_keys))
    found = [dict(row) for row in rows]
    if found:
        connection.execute(insert(record_keys), found)
