"""Whatever is stored in a form of its own is listed in docs/formats.md with its readers."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from storage import access_log
from storage.database import Json
from storage.migrate import all_tables

LISTED = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


def with_a_form(tables: MetaData) -> set[str]:
    """Columns whose content is not told by their type."""
    formed = (Json, LargeBinary, Text)
    return {
        f"{table.name}.{column.name}"
        for table in tables.sorted_tables
        for column in table.c
        if isinstance(column.type, formed)
    }


def listed() -> set[str]:
    told = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", LISTED.read_text("utf-8")))
    return {name for name in told if not name.endswith((".py", ".json", ".jsonl"))}


def test_every_stored_form_is_listed_with_its_readers() -> None:
    tables = all_tables()
    every = (*tables.sorted_tables, *access_log.tables.sorted_tables)  # looks stand apart
    columns = {f"{table.name}.{column.name}" for table in every for column in table.c}
    assert with_a_form(access_log.tables) == set()
    assert with_a_form(tables) - listed() == set()
    assert listed() - columns == set()


def test_a_form_that_nobody_lists_would_be_seen() -> None:
    planted = MetaData()
    Table("planted", planted, Column("number", Integer), Column("content", Json))
    assert with_a_form(planted) == {"planted.content"}
