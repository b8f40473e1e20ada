"""Rows that can only be added: triggers that refuse UPDATE and DELETE. Knows no table by name.

A row of evidence must outlive a mistake in our own code and a curious hand at the database's console. The triggers
come with the table (``append_only``), and a migration asks for the same text (``statements``).
"""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

_WORDS = "rows of {table} are evidence and cannot be changed"


def append_only(table: Table) -> Table:
    """Create the triggers whenever ``table`` is created from the metadata. Returns the table."""
    for dialect in ("sqlite", "postgresql"):
        for statement in statements(table.name, dialect, [column.name for column in table.primary_key]):
            # DDL formats with %, so a literal one is doubled.
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            ddl = ddl.execute_if(dialect=dialect)
            event.listen(table, "after_create", ddl)
    return table


def statements(table: str, dialect: str, key: list[str]) -> list[str]:
    """The DDL for ``table`` with primary key ``key``. Raises ValueError for a dialect that we do not know."""
    words = _WORDS.format(table=table)
    if dialect == "sqlite":
        return [
            _sqlite(table, words, "update", "BEFORE UPDATE ON"),
            _sqlite(table, words, "delete", "BEFORE DELETE ON"),
            # INSERT OR REPLACE deletes without firing a delete trigger.
            _sqlite(table, words, "replace", "BEFORE INSERT ON", _taken(table, key)),
        ]
    if dialect == "postgresql":
        body = f"BEGIN RAISE EXCEPTION '{words}'; END"
        function = f"{table}_refuse_change()"
        return [
            f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}",
        ]
    raise ValueError(dialect)


def _sqlite(table: str, words: str, name: str, moment: str, condition: str = "") -> str:
    return f"CREATE TRIGGER {table}_no_{name} {moment} {table} {condition} BEGIN SELECT RAISE(ABORT, '{words}'); END"


def _taken(table: str, key: list[str]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables
