"""What goes to the driver directly stores and reads the very values that SQLAlchemy would, on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, String, Table, bindparam, insert, select

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
