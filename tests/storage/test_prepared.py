"""What goes to the driver directly stores and reads the very values that SQLAlchemy would, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table, bindparam, insert, select, update

from storage.database import Database, Json, LostRace, UtcTime
from storage.prepared import Prepared

KINDS = Table(
    "kinds",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", String(20)),
    Column("json", Json),
    Column("at", UtcTime),
    Column("flag", Boolean),
    Column("data", LargeBinary),
)
ADD = Prepared(insert(KINDS).values({column.name: bindparam(column.name) for column in KINDS.c}).returning(KINDS.c.id))
CHANGE = Prepared(update(KINDS).where(KINDS.c.id == bindparam("b_id")).values(text=bindparam("text")))
GET = Prepared(select(KINDS).where(KINDS.c.id == bindparam("id")))
ROWS: list[dict[str, Any]] = [
    {
        "id": 1,
        "text": "100% 省 :x %(y)s '",
        "json": {"二": [1.5, None, True], "一": "%s"},
        "at": datetime(2026, 11, 22, 3, 5, tzinfo=UTC) + timedelta(microseconds=7),
        "flag": True,
        "data": b"\x00\xff%",
    },
    {"id": 2, "text": None, "json": None, "at": None, "flag": False, "data": None},
]


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    with database.write() as connection:
        KINDS.create(connection)
    yield database
    database.close()


def test_both_ways_store_and_read_the_same(database):
    with database.write() as connection:
        assert [ADD.value(connection, row) for row in ROWS] == [1, 2]
    with database.read() as connection:
        assert [dict(row) for row in connection.execute(select(KINDS).order_by(KINDS.c.id)).mappings()] == ROWS
        assert [GET.one(connection, {"id": row["id"]}) for row in ROWS] == ROWS
        assert GET.one(connection, {"id": 3}) is None and GET.all(connection, {"id": 3}) == []


def test_what_was_written_before_a_failure_is_not_kept(database):
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        ADD.value(connection, ROWS[0])
        raise ZeroDivisionError
    with database.read() as connection:
        assert GET.one(connection, {"id": 1}) is None


def test_a_time_without_a_zone_is_refused_here_as_well(database):
    with pytest.raises(ValueError, match="zone"), database.write() as connection:
        ADD.value(connection, {**ROWS[0], "at": datetime(2026, 1, 5)})


def test_a_key_that_another_transaction_took_is_a_lost_race_on_postgresql(postgresql):
    database = Database(postgresql.url(postgresql.create()))
    with database.write() as connection:
        KINDS.create(connection)
        ADD.value(connection, ROWS[0])
    with pytest.raises(LostRace), database.write() as connection:
        ADD.value(connection, ROWS[0])
    database.close()


def changes_together(postgresql):
    database = Database(postgresql.url(postgresql.create()))
    with database.write() as connection:
        KINDS.create(connection)
    return database


def test_writes_that_wait_go_before_whatever_is_said_next_and_with_the_commit(postgresql):
    database = changes_together(postgresql)
    with database.write() as connection:
        for number in range(9):
            ADD.write(connection, {**ROWS[0], "id": number})
        assert connection.execute(select(KINDS.c.id).order_by(KINDS.c.id)).scalars().all() == list(range(9))
        ADD.write(connection, {**ROWS[1], "id": 9})
        assert GET.one(connection, {"id": 9}) == {**ROWS[1], "id": 9}
        CHANGE.write(connection, {"b_id": 9, "text": "a"})
        CHANGE.write(connection, {"b_id": 9, "text": "b"})
        ADD.write(connection, {**ROWS[0], "id": 10})
        CHANGE.write(connection, {"b_id": 10, "text": "c"})
    with database.read() as connection:
        texts = connection.execute(select(KINDS.c.text).where(KINDS.c.id >= 9).order_by(KINDS.c.id))
        assert texts.scalars().all() == ["b", "c"]
    database.close()


def test_what_waits_is_forgotten_when_the_transaction_is_rolled_back(postgresql):
    database = changes_together(postgresql)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        ADD.write(connection, ROWS[0])
        raise ZeroDivisionError
    with database.read() as connection:
        assert connection.execute(select(KINDS)).all() == []
    with database.write() as connection:
        assert connection.execute(select(KINDS)).all() == []
    database.close()


def test_a_race_that_shows_only_at_the_end_is_lost_all_the_same(postgresql):
    database = changes_together(postgresql)
    with pytest.raises(LostRace), database.write() as connection:
        ADD.write(connection, ROWS[0])
        ADD.write(connection, ROWS[0])
    database.close()


def test_a_connection_that_the_server_has_ended_is_replaced(postgresql):
    database = changes_together(postgresql)
    for number in range(3):
        with database.write() as connection:
            ADD.write(connection, {**ROWS[0], "id": number})
        postgresql.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with database.read() as connection:
        assert connection.execute(select(KINDS.c.id).order_by(KINDS.c.id)).scalars().all() == [0, 1, 2]
    database.close()


def test_writes_during_which_the_server_ends_the_connection_are_not_kept(postgresql):
    database = changes_together(postgresql)
    with pytest.raises(Exception, match="terminat"), database.write() as connection:
        ADD.value(connection, ROWS[0])
        postgresql.command("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        ADD.value(connection, ROWS[1])
    with database.write() as connection:
        assert GET.all(connection, {"id": 1}) == []
        ADD.write(connection, ROWS[0])
    with database.read() as connection:
        assert GET.one(connection, {"id": 1}) == ROWS[0]
    database.close()
