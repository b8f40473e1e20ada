"""What a database that goes away in the midst of a transaction is called, wherever it happens. And how it is told apart
from what a program of ours has done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Integer, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from storage.database import Connection, Database
from storage.failing import AWAY, READ_ONLY, Unavailable
from storage.prepared import Prepared
from tests.postgres import Server

Opening = Callable[[Database], AbstractContextManager[Connection]]
PREPARED = Prepared(select(literal_column("1", Integer).label("one")))
PID = text("SELECT pg_backend_pid()")


@contextmanager
def further(database: Database) -> Iterator[Connection]:
    """The second writing of a transaction that several share."""
    with database.together(lambda _: None):
        with database.write() as connection:
            connection.execute(PID)
        with database.write() as connection:
            yield connection


@pytest.fixture
def database(postgresql: Server) -> Iterator[Database]:
    made = Database(postgresql.url(postgresql.create()))
    yield made
    made.close()


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("opened", [Database.read, Database.write, Database.autocommit, further])
def test_a_server_that_goes_in_the_midst_is_away_and_nothing_else(
    database: Database, postgresql: Server, opened: Opening, prepared: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Unavailable) as told, opened(database) as connection:
        postgresql.command(f"SELECT pg_terminate_backend({connection.execute(PID).scalar_one()})")
        if prepared:
            PREPARED.one(connection, {})
        connection.execute(PID)
    assert told.value.why == AWAY
    assert [one.name for one in caplog.records if one.levelname == "ERROR"] == ["storage.failing"]
    with opened(database) as connection:
        assert connection.execute(PID).scalar_one()


def test_a_writing_of_our_own_in_a_reading_is_no_outage_and_a_database_for_reading_alone_is(database: Database) -> None:
    made = text("CREATE TABLE kept (n integer)")
    with pytest.raises(DBAPIError), database.read() as connection:
        connection.execute(made)
    assert database.outage.why is None
    with pytest.raises(Unavailable) as told, database.write() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        connection.execute(made)
    assert told.value.why == database.outage.why == READ_ONLY
