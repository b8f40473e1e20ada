"""One bad value at a time in a database, behind the system's back, and the pages of every role over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, LargeBinary, text

from engine.application import open_application
from engine.directory import in_force
from storage.columns import Flag, Json, UtcTime
from storage.migrate import all_tables
from tests.house import House
from tests.web.office import Office

NOT_ALONE = {"events", "event_payloads"}
"""What is hashed is judged by the proofs (``tests/engine/evidence/test_worst_data.py``)."""
AT = "2026-11-23T01:00:00.000000Z"
OFF = '{"off": {"2026-12-01": ["停电", ""]}, "working": {}}'
MORE = (
    "INSERT INTO incidents (case_id, act, code, message_zh, message_en, opened_at)"
    f" VALUES (1, 'start', 'X', 'a', 'a', '{AT}'), (2, 'start', 'X', 'a', 'a', '{AT}')",
    "INSERT INTO incidents (case_id, act, code, message_zh, message_en, opened_at, settled_at, settled_by, settlement)"
    f" VALUES (1, 'start', 'X', 'a', 'a', '{AT}', '{AT}', 1, 'x')",
    "INSERT INTO calendar_proposals (id, kind, organisation_code, title, content, digest, proposed_at, proposed_by)"
    f" VALUES (1, 'closure', '130102', 'x', '{OFF}', 'd', '{AT}', 1), (2, 'closure', '130102', 'y', '{OFF}', 'd', '{AT}', 1)",
    "INSERT INTO calendar_decisions (proposal_id, sequence, decision, reason, decided_at, decided_by)"
    f" VALUES (1, 1, 'in_force', 'x', '{AT}', 2)",
    "INSERT INTO timetable (name, worker, last_at, outcome, error, told, next_at, executed, failed, missed)"
    f" VALUES ('look', 'w', '{AT}', 'executed', '', '{{}}', '{AT}', 1, 0, 0)",
    "INSERT INTO ticks (worker, first_at, last_at, ahead, skew, running, done, failed)"
    f" VALUES ('w', '{AT}', '{AT}', 0, 0, 0, 0, 0)",
    "INSERT INTO messages (user_id, kind, title, title_en, text, text_en, opens, sent_at)"
    f" SELECT id, 'notice', 'a', '', 'b', '', 0, '{AT}' FROM users WHERE login = 'changan'",
)
"""Rows for what the cases leave empty."""


def formed() -> dict[str, list[str]]:
    """By table the columns whose value is read as something else than it is stored."""
    kinds = (Flag, Json, LargeBinary, UtcTime)
    found = {
        table.name: [column.name for column in table.c if isinstance(column.type, kinds)]
        for table in all_tables().sorted_tables
        if table.name not in NOT_ALONE
    }
    return {name: columns for name, columns in found.items() if columns}


def open_up(house: House) -> None:
    """Let everything be changed, and put a row where there is none."""
    with house.application.database.write() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in connection.exec_driver_sql(triggers).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in MORE:
            connection.execute(text(statement.replace(":", r"\:")))


@contextmanager
def damaged(office: Office, table: str, columns: Sequence[str], value: Any) -> Iterator[bool]:
    """The office over a database in which one row has ``value`` in these columns; False when there is no row."""
    database = office.house.application.database
    with database.write() as connection:
        found = connection.execute(
            text(f"SELECT rowid, {', '.join(columns)} FROM {table} ORDER BY {_first(table)} LIMIT 1")
        )
        row = found.first()
        _put(connection, table, row, dict.fromkeys(columns, value))
    in_force._known.clear()  # as a program that starts now
    office.app.extensions["gangwei"] = opened = open_application(office.house.folder, office.house.clock)
    try:
        yield row is not None
    finally:
        opened.database.close()
        with database.write() as connection:
            connection.execute(text("DELETE FROM incidents WHERE act = 'read'"))
            _put(connection, table, row, dict(zip(columns, row[1:], strict=True)) if row is not None else {})


def _put(connection: Connection, table: str, row: Any, values: dict[str, Any]) -> None:
    if row is not None:
        changes = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(text(f"UPDATE {table} SET {changes} WHERE rowid = :row_"), {**values, "row_": row[0]})


def _first(table: str) -> str:
    """Which row is damaged: nobody's of those who look, and of definitions no directory, without which nobody is."""
    keys = {
        "definitions": "key LIKE '~_%' ESCAPE '~'",
        "users": "login <> 'dingzhou'",
        "memberships": "user_id <> (SELECT id FROM users WHERE login = 'dingzhou')",
        "organisations": "code <> '130682'",
    }
    return ", ".join([*([keys[table]] if table in keys else []), "rowid"])
