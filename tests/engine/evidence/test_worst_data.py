"""A proof meets the worst data there is: it names what cannot be read, proves the rest, and goes on with the next case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, text

from engine.desks import proofs
from engine.evidence import replay
from engine.publishing.catalog import Catalog
from storage import account_events
from storage.database import Json, UtcTime
from storage.migrate import all_tables
from tests.engine.evidence.test_rebuild import APPROVAL, PLACE, REQUEST
from tests.house import House, build_house

OF_CASES = (
    "cases",
    "events",
    "event_payloads",
    "tasks",
    "deadlines",
    "waits",
    "attachments",
    "concerns",
    "definitions",
)
GARBAGE = ("不是数据", "{", "", "[1]", '{"a":1}', "9" * 400, "2026-13-45T99:00:00Z")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = build_house(tmp_path_factory.mktemp("worst"), APPROVAL)
    for _ in range(2):
        receipt = made.start("changan", "approval", PLACE, REQUEST)
        made.application.cases.acting.attach(made.actor("changan"), receipt.case_id, "清单.txt", "桌椅若干".encode())
    with made.application.database.write() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in connection.exec_driver_sql(triggers).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield made
    made.application.database.close()


class _Undo(Exception):
    """Ends a transaction of which nothing is to be kept."""


def formed(table: Table) -> list[Any]:
    """The columns whose text is parsed when it is read."""
    return [column for column in table.c if isinstance(column.type, Json | UtcTime | LargeBinary)]


def places() -> list[tuple[str, str]]:
    tables = all_tables().tables
    said = [("event_payloads", "data"), ("event_payloads", "salts")]
    return said + [(name, column.name) for name in OF_CASES for column in formed(tables[name])]


def proved_with(house: House, statement: str, values: dict[str, Any]) -> dict[int, list[str]]:
    """What the proofs of both cases say after a change behind the system's back, of which nothing is kept."""
    found: dict[int, list[str]] = {}
    with pytest.raises(_Undo), house.application.database.write() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        changed = connection.execute(text(statement), values).rowcount
        if changed:
            opened = house.application
            catalog = Catalog(opened.database) if "definitions" in statement else opened.catalog
            found = {number: list(replay.differences(connection, catalog, number)) for number in (1, 2)}
        raise _Undo
    return found


@pytest.mark.parametrize(("table", "column"), places())
def test_what_cannot_be_read_is_named_and_the_other_case_is_proved(house: House, table: str, column: str) -> None:
    of_one = "" if table == "definitions" else " WHERE id = 1" if table == "cases" else " WHERE case_id = 1"
    for garbage in GARBAGE:
        found = proved_with(house, f"UPDATE {table} SET {column} = :garbage{of_one}", {"garbage": garbage})
        if found and column != "published_at":
            assert found[1] != [], (garbage, found)
        if found and table != "definitions":
            assert found[2] == [], (garbage, found)


def test_every_proof_of_all_is_given_whatever_one_row_holds(house: House) -> None:
    application = house.application
    with application.database.write() as connection:
        connection.exec_driver_sql("UPDATE event_payloads SET data = '{' WHERE case_id = 1 AND seq = 1")
        connection.exec_driver_sql("UPDATE cases SET opened_at = 'gestern' WHERE id = 1")
        connection.exec_driver_sql("UPDATE account_events SET at = 'x' WHERE sequence = 2")
        connection.exec_driver_sql("UPDATE account_events SET facts = '{' WHERE sequence = 3")
    found = {one.case_id: one.differences for one in proofs.prove_all(application.database, application.catalog)}
    assert "event 1 cannot be read" in found["1"] and found["2"] == ()
    auditor = house.actor("auditor")
    page = application.audit.cases(auditor, prove=True)
    assert [bool(row.differences) for row in page.rows] == [True, False] and page.rows[0].opened_at is None
    assert [bool(line.differences) for line, _ in application.audit.proofs(auditor)] == [True, False]
    with application.database.read() as connection:
        assert list(account_events.broken(connection)) == [2, 3]
