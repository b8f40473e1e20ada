"""The log of looks: batch after batch, each hashed with the one before, alike on both databases."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from engine.directory.looks import EXPORTED, SEEN, LookNotWritten, Looks
from storage import access_log as rows
from storage.database import Database
from tests.house import TestClock

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture
def log(database_url: str) -> Iterator[Database]:
    beside = Database(database_url)
    log = rows.open_access_log(beside)
    yield log
    log.close()
    beside.close()


def write(looks: Looks, subject: str, kind: str = SEEN) -> None:
    looks.write(7, "192.0.2.1", kind, "case", subject)


def found(log: Database, **asked: Any) -> list[rows.LookRow]:
    with log.read() as connection:
        return list(rows.look_list(**asked).every(connection))


def broken(log: Database) -> list[int]:
    with log.read() as connection:
        return list(rows.broken(connection))


def spoil(log: Database, *statements: str) -> None:
    """As a hand at the database's console could, which takes the triggers away first."""
    with log.write() as connection:
        if log.is_sqlite:
            for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in ("access_looks", "access_batches"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_looks_are_found_as_they_were_written_and_the_chain_holds(log: Database) -> None:
    clock = TestClock(NOW)
    looks = Looks(log, clock)
    for number in range(5):
        write(looks, str(number), EXPORTED if number == 3 else SEEN)
        clock.at += timedelta(seconds=1)
    assert [(row["id"], row["subject"]) for row in found(log)] == [(5, "4"), (4, "3"), (3, "2"), (2, "1"), (1, "0")]
    assert [row["subject"] for row in found(log, kind=EXPORTED)] == ["3"]
    assert [row["subject"] for row in found(log, what="case", subject="2", users=[7, 8])] == ["2"]
    assert found(log, users=[8]) == []
    (newest, *_) = found(log)
    assert (newest["at"], newest["user_id"], newest["address"]) == (NOW + timedelta(seconds=4), 7, "192.0.2.1")
    assert broken(log) == []
    other = Looks(log, clock)  # another server, or this one after a restart, goes on with the chain
    write(other, "5")
    assert broken(log) == []
    with log.read() as connection:
        assert rows.end(connection)[:2] == (6, 6)


def test_no_row_can_be_changed_or_taken_away(log: Database) -> None:
    write(Looks(log, TestClock(NOW)), "1")
    for statement in (
        "UPDATE access_looks SET subject = '2'",
        "DELETE FROM access_looks",
        "DELETE FROM access_batches",
    ):
        with pytest.raises(DatabaseError), log.write() as connection:
            connection.exec_driver_sql(statement)
    assert broken(log) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE access_looks SET subject = 'x' WHERE id = 2", [2]),
        ("UPDATE access_looks SET at = 'nonsense' WHERE id = 2", [2]),
        ("UPDATE access_looks SET user_id = NULL WHERE id = 2", [2]),
        ("DELETE FROM access_looks WHERE id = 2", [2]),
        ("DELETE FROM access_batches WHERE id = 2", [3]),
        ("UPDATE access_batches SET at = '2026-01-01T00:00:00.000000Z' WHERE id = 1", [1]),
        ("INSERT INTO access_looks SELECT 9, batch, at, user_id, address, kind, what, subject FROM access_looks WHERE id = 3", [3, 4]),
        ("INSERT INTO access_looks SELECT 9, 9, at, user_id, address, kind, what, subject FROM access_looks WHERE id = 3", [4]),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_named_by_its_batch(tmp_path: Path, statement: str, told: list[int]) -> None:
    beside = Database(f"sqlite:///{tmp_path / 'gangwei.db'}")
    log = rows.open_access_log(beside)
    looks = Looks(log, TestClock(NOW))
    for number in range(3):
        write(looks, str(number))
    spoil(log, statement)
    assert broken(log) == told
    log.close()
    beside.close()


def test_who_waits_is_written_together_with_others_in_one_batch(log: Database) -> None:
    looks = Looks(log, TestClock(NOW))
    write(looks, "first")
    looks._writing.acquire()
    threads = [threading.Thread(target=write, args=(looks, str(number))) for number in range(6)]
    for thread in threads:
        thread.start()
    while len(looks._waiting) < 6:
        threading.Event().wait(0.001)
    looks._writing.release()
    for thread in threads:
        thread.join()
    assert {row["batch"] for row in found(log)} == {1, 2}
    assert len(found(log)) == 7
    assert broken(log) == []


def test_a_look_waits_for_no_case(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gangwei.db'}")
    log = rows.open_access_log(database)
    with database.write() as connection:  # somebody who holds the only writer of the cases
        connection.exec_driver_sql("CREATE TABLE held (id INTEGER)")
        write(Looks(log, TestClock(NOW)), "1")
        assert len(found(log)) == 1
    assert (tmp_path / "access.db").is_file()
    log.close()
    database.close()


def test_what_cannot_be_written_is_refused_and_the_next_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rows, "PATIENCE_SECONDS", 0.1)
    beside = Database(f"sqlite:///{tmp_path / 'gangwei.db'}")
    log, stuck = rows.open_access_log(beside), Database(f"sqlite:///{tmp_path / 'access.db'}")
    looks = Looks(log, TestClock(NOW))
    with caplog.at_level(logging.CRITICAL), stuck.write() as connection:
        connection.exec_driver_sql("CREATE TABLE held (id INTEGER)")
        with pytest.raises(LookNotWritten):
            write(looks, "1")
    write(looks, "2")
    assert [row["subject"] for row in found(log)] == ["2"]
    for one in (log, stuck, beside):
        one.close()
