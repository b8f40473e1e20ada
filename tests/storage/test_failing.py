"""What a database that goes away in the midst of a transaction is called, wherever it happens. And how it is told apart
from what a program of ours has done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import Integer, literal_column, select, text

from storage.database import Connection, Database
from storage.failing import AWAY, Unavailable
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
