"""Failed sign-ins are counted by one statement, alike on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import sign_in_failures as rows
from storage.database import Database, metadata

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY, OTHER, ANYBODY = ("officer", "address:192.0.2.1"), ("officer", rows.ANY), (rows.ANY, "address:192.0.2.1")


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    metadata.create_all(database.engine)
    yield database
    database.close()


def test_failures_are_counted_until_they_are_forgotten(database):
    with database.write() as connection:
        assert [rows.count(connection, KEY, NOW, NOW + HOUR) for _ in range(3)] == [1, 2, 3]
        assert rows.count(connection, OTHER, NOW, NOW + HOUR) == 1
        rows.wait(connection, KEY, NOW + HOUR, NOW + 2 * HOUR)
        found = rows.of_keys(connection, [KEY, OTHER, ANYBODY], NOW)
        assert {key: row["failures"] for key, row in found.items()} == {KEY: 3, OTHER: 1}
        assert rows.waits_until(connection, "officer", NOW) == NOW + HOUR
        assert rows.waits_until(connection, "officer", NOW + HOUR) is None
        assert rows.count(connection, OTHER, NOW + HOUR, NOW + 2 * HOUR) == 1
        rows.forget_old(connection, NOW + 2 * HOUR)
        assert rows.of_keys(connection, [KEY, OTHER], NOW) == {}


def test_an_account_begins_again_for_one_source_or_for_all(database):
    with database.write() as connection:
        for key in (KEY, OTHER, ANYBODY):
            rows.count(connection, key, NOW, NOW + HOUR)
        rows.forget(connection, *KEY)
        assert set(rows.of_keys(connection, [KEY, OTHER, ANYBODY], NOW)) == {OTHER, ANYBODY}
        rows.forget(connection, "officer")
        assert set(rows.of_keys(connection, [KEY, OTHER, ANYBODY], NOW)) == {ANYBODY}


def test_what_was_typed_as_a_login_stands_in_no_row(database):
    with database.write() as connection:
        rows.count(connection, ("my secret password", rows.ANY), NOW, NOW + HOUR)
        stored = connection.exec_driver_sql("SELECT login, source FROM sign_in_failures").one()
    assert "secret" not in "".join(stored)
