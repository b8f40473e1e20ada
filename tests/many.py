"""Copies one case by SQL until many tasks are open, each with a deadline that runs: for SQLite. Knows no page.

The copies are of every organisation of the tree in turn. Of the tasks one in fifty waits in the largest inbox, the
others in 999 further ones. What a case's own page reads of a copy (events) is left out.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Integer, cast, func, select

from engine.cases.columns import number_key
from storage import words
from storage.case_columns import case_columns, task_columns
from storage.database import Database
from storage.tables import cases, deadlines, jobs, records, tasks

LARGEST = "province_approver@130000"
INBOXES = 1_000
ROLES = ("county_officer", "city_reviewer", "city_leader", "province_leader", "social_worker", "observer")
BATCH = 50_000
NUMBERS = "WITH RECURSIVE numbers(i) AS (VALUES(:first) UNION ALL SELECT i + 1 FROM numbers WHERE i < :last)"
"""Minutes by which copies differ: 30 days around the model's."""
SPREAD = 43_200


def fill(database: Database, model: int, count: int) -> None:
    """Let ``count`` copies of the case ``model``, which has one open task with a deadline, stand beside it."""
    with database.write() as connection:
        first = connection.execute(select(func.max(cases.c.id))).scalar_one() + 1
        _inboxes(connection)
    for begin in range(first, first + count, BATCH):
        numbers = {"model": model, "first": begin, "last": min(begin + BATCH, first + count) - 1}
        with database.write() as connection:
            for table, own in COPIED:
                _copy(connection, table, own, numbers)
            index(connection)


def index(connection: Connection) -> None:
    """Let cases and records that were copied be found by words, too."""
    c, r = cases.c, records.c
    known = select(cast(words.words.c.subject, Integer)).where(words.words.c.kind == words.CASE)
    said = select(c.id, c.number, c.title, c.summary, c.organisation_name).where(c.id.not_in(known))
    words.put_all(connection, words.CASE, ((row[0], row[1:]) for row in connection.execute(said)))
    found = connection.execute(select(r.register, r.number, r.search).where(r.valid_to.is_(None)))
    for register, number, text in found:
        words.put(connection, words.RECORD, f"{register}/{number}", text)


def _inboxes(connection: Connection) -> None:
    """The organisations by number, and the inbox keys of tasks by number."""
    say = connection.exec_driver_sql
    say(
        "CREATE TEMP TABLE IF NOT EXISTS places AS SELECT row_number() OVER (ORDER BY path) - 1 AS at, * FROM organisations"
    )
    say("CREATE INDEX IF NOT EXISTS temp.ix_places ON places (at)")
    say("CREATE TEMP TABLE IF NOT EXISTS inboxes (at INTEGER PRIMARY KEY, candidate TEXT)")
    codes = [row.code for row in say("SELECT code FROM places ORDER BY at")]
    keys = [f"{role}@{code}" for role in ROLES for code in codes if f"{role}@{code}" != LARGEST][: INBOXES - 1]
    say("INSERT OR IGNORE INTO inboxes VALUES (?, ?)", list(enumerate(keys)))


def _moved(column: str, by: str) -> str:
    """A moment of the model, moved by minutes."""
    return f"strftime('%Y-%m-%dT%H:%M:%S.000000Z', m.{column}, ({by}) || ' minutes')"


PAUSE = '{"from": "2020-01-01T00:00:00.000000Z", "until": "2099-01-01T00:00:00.000000Z"}'
DUE = f"i * 7919 % {SPREAD} - {SPREAD} / 2"
OPENED = f"-(i * 31 % {SPREAD})"
CANDIDATE = (
    f"CASE WHEN i % 50 = 0 THEN '{LARGEST}' ELSE"
    " (SELECT candidate FROM inboxes WHERE at = i % (SELECT count(*) FROM inboxes)) END"
)
RARE = "m.field = 'post_approval.opened' AND i % 5000 = 50"
"""Of which copies the first column has a value that few have."""
VALUE = f"CASE WHEN {RARE} THEN '{number_key(Decimal(7))}' ELSE m.value END"
PLACE = "(SELECT {0} FROM places WHERE at = i % (SELECT count(*) FROM places))"
COPIED: tuple[tuple[Any, dict[str, str]], ...] = (
    (cases, {
        "id": "i", "number": "'BENCH-' || printf('%07d', i)", "opened_at": _moved("opened_at", OPENED),
        "updated_at": _moved("updated_at", OPENED), "starter_id": "-1", "organisation_code": PLACE.format("code"),
        "organisation_name": PLACE.format("name"), "organisation_path": PLACE.format("path"),
    }),
    (tasks, {
        "case_id": "i", "opened_at": _moved("opened_at", OPENED), "due_at": _moved("due_at", DUE),
        "due_key": _moved("due_at", DUE), "warn_at": _moved("warn_at", DUE),
        "candidate": CANDIDATE,
    }),
    (deadlines, {
        "case_id": "i", "due_at": _moved("due_at", DUE), "warn_at": _moved("warn_at", DUE),
        "organisation_code": PLACE.format("code"),
        "pauses": f"CASE WHEN i % 500 = 7 THEN '[{PAUSE}]' ELSE '[]' END",
    }),
    (jobs, {"id": "NULL", "case_id": "i", "run_at": "'2099' || substr(m.run_at, 5)"}),
    (case_columns, {"case_id": "i", "value": VALUE, "shown": f"CASE WHEN {RARE} THEN '7' ELSE m.shown END"}),
    (task_columns, {"case_id": "i", "value": VALUE, "candidate": CANDIDATE}),
)  # fmt: skip


def _copy(connection: Connection, table: Any, own: dict[str, str], numbers: dict[str, int]) -> None:
    names = [column.name for column in table.c]
    values = ", ".join(own.get(name, f"m.{name}") for name in names)
    which, most = "id" if table is cases else "case_id", "" if table in (case_columns, task_columns) else " LIMIT 1"
    model = f"(SELECT * FROM {table.name} WHERE {which} = :model{most}) m"
    driver: Any = connection.connection.driver_connection
    driver.execute(
        f"{NUMBERS} INSERT INTO {table.name} ({', '.join(names)}) SELECT {values} FROM numbers, {model}", numbers
    )


def grow(database: Database, case_id: int, first: int, last: int) -> None:
    """Let so much stand behind everything else: events of one case, versions of its definition, jobs, incidents."""
    moment = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-11-23', (-(i * 97 % 43000) - 5) || ' minutes')"
    later = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '2026-11-24', (i * 97 % 9000) || ' minutes')"
    numbers = {"model": case_id, "first": first, "last": last}
    done = {"id": "NULL", "retry_at": "NULL", "case_id": "NULL"}
    with database.write() as connection:
        say: Any = connection.connection.driver_connection
        digest = say.execute("SELECT digest FROM cases WHERE id = ?", [case_id]).fetchone()[0]
        for table, own, which in (
            ("events", {"seq": "i + 10", "name": "'comment_added'"}, "case_id = :model AND seq = 1"),
            ("event_payloads", {"seq": "i + 10", "data": '\'{"text": "好"}\''}, "case_id = :model AND seq = 1"),
            (
                "definitions",
                {"digest": "'other' || i", "version": "100 + i", "current": "0"},
                f"digest = '{digest}' AND :model",
            ),
            ("jobs", {**done, "status": "'done'", "finished_at": moment, "run_at": moment}, "case_id = :model"),
            ("jobs", {**done, "status": "'failed'", "finished_at": moment, "run_at": moment}, "case_id = :model"),
            ("jobs", {**done, "status": "'waiting'", "run_at": later}, "case_id = :model"),
        ):
            names = [row[1] for row in say.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(own.get(name, f"m.{name}") for name in names)
            model = f"(SELECT * FROM {table} WHERE {which} LIMIT 1) m"
            say.execute(f"{NUMBERS} INSERT INTO {table} SELECT {values} FROM numbers, {model}", numbers)
        say.execute("UPDATE cases SET revision = :last + 10 WHERE id = :model", numbers)
        say.execute(
            f"{NUMBERS} INSERT INTO incidents (act, code, message_zh, message_en, opened_at, settled_at, settled_by)"
            f" SELECT 'start', 'X', '坏' || i, 'bad', {moment}, CASE WHEN i % 2 THEN {moment} END, 1 FROM numbers",
            numbers,
        )
        say.execute(
            f"{NUMBERS} INSERT INTO ticks (worker, first_at, last_at, ahead, skew, running, done, failed)"
            f" SELECT 'w', {later}, {later}, 0, 0, 0, 1, 0 FROM numbers",
            numbers,
        )
