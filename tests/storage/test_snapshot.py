"""Readings at one moment: a page asks many questions and gets the answers of one snapshot."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, event, select, text

from storage import prepared, ticks
from storage.database import Database, metadata
from storage.prepared import Prepared
from tests.house import START


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    metadata.create_all(made.engine)
    yield made
    made.close()


def put(database, hours):
    with database.write() as connection:
        ticks.move(connection, {"at": START, "ahead": timedelta(hours=hours) // timedelta(seconds=1), "user_id": 1})


def ahead(database):
    with database.read() as connection:
        return ticks.ahead(connection) // 3600


def begun(database):
    """A list that grows by one with every transaction that is begun to read."""
    taken = []
    event.listen(database.engine, "begin", lambda _: taken.append(1))
    return taken


def test_readings_inside_a_snapshot_are_one_transaction(database):
    taken = begun(database)
    with database.snapshot():
        assert [ahead(database) for _ in range(5)] == [0] * 5
    assert len(taken) == 1
    ahead(database)
    assert len(taken) == 2


def test_what_others_write_meanwhile_is_not_seen(database, database_url):
    other = Database(database_url)
    with database.snapshot():
        assert ahead(database) == 0
        put(other, 3)
        assert ahead(database) == 0
    assert ahead(database) == 3
    other.close()


def test_what_is_written_inside_is_seen_after_it(database):
    with database.snapshot():
        assert ahead(database) == 0
        put(database, 5)
        assert ahead(database) == 5


def test_a_snapshot_that_reads_nothing_begins_nothing(database):
    taken = begun(database)
    with database.snapshot():
        pass
    assert taken == []


def test_after_a_statement_that_failed_the_next_reading_gets_an_answer(database):
    with database.snapshot():
        with pytest.raises(Exception, match="nowhere"), database.read() as connection:
            connection.execute(text("select 1 from nowhere"))
        assert ahead(database) == 0


def in_transaction(connection):
    driver = connection.connection.driver_connection
    return driver.in_transaction if hasattr(driver, "in_transaction") else driver.info.transaction_status.name != "IDLE"


def test_reading_by_single_statements_begins_no_transaction(database):
    with database.read() as connection:
        ticks.ahead(connection)
        assert in_transaction(connection)
    with database.autocommit() as connection:
        ticks.ahead(connection)
        assert not in_transaction(connection)


def test_each_single_statement_stands_at_a_moment_of_its_own_but_for_a_snapshot(database, database_url):
    other = Database(database_url)
    with database.autocommit() as connection:
        assert ticks.ahead(connection) == 0
        put(other, 1)
        assert ticks.ahead(connection) // 3600 == 1
    with database.snapshot(), database.autocommit() as connection:
        assert ticks.ahead(connection) // 3600 == 1
        put(other, 2)
        assert ticks.ahead(connection) // 3600 == 1
    other.close()


def test_after_single_statements_a_transaction_is_whole_again(database):
    with database.autocommit() as connection:
        ticks.ahead(connection)
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        ticks.move(connection, {"at": START, "ahead": 3600, "user_id": 1})
        assert in_transaction(connection)
        raise ZeroDivisionError
    assert ahead(database) == 0


def test_a_snapshot_of_one_database_is_none_of_another(database, tmp_path):
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    metadata.create_all(other.engine)
    with database.snapshot():
        ahead(database)
        put(other, 7)
        assert (ahead(other), ahead(database)) == (7, 0)
    other.close()


MOVES = Prepared(select(ticks.clock_moves.c.ahead).where(ticks.clock_moves.c.user_id == bindparam("user")))


def said(database, act, monkeypatch):
    """How often ``act`` asks the driver."""
    asked = []
    say = prepared._say

    def heard(*words):
        asked.append(words)
        say(*words)

    with monkeypatch.context() as patch:
        patch.setattr(prepared, "_say", heard)
        act()
    return len(asked)


def moves(database, user=1):
    with database.read() as connection:
        return MOVES.all(connection, {"user": user})


def test_the_same_question_is_asked_once_of_a_snapshot_and_each_has_rows_of_his_own(database, monkeypatch):
    put(database, 3)

    def read():
        with database.snapshot():
            first, second = moves(database), moves(database)
            assert first == second == [{"ahead": 3 * 3600}]
            first[0]["ahead"] = 0
            assert moves(database) == second and moves(database, user=2) == []

    assert said(database, read, monkeypatch) == 2
    assert said(database, lambda: [moves(database), moves(database)], monkeypatch) == 2, "no snapshot, so each asks"


def test_what_was_answered_is_asked_again_after_a_writing_and_in_the_next_snapshot(database):
    with database.snapshot():
        assert moves(database) == []
        put(database, 3)
        assert len(moves(database)) == 1
        with pytest.raises(ZeroDivisionError):
            fail(database)
        put(database, 4)
        assert len(moves(database)) == 2
    put(database, 5)
    with database.snapshot():
        assert len(moves(database)) == 3


def fail(database):
    with database.read():
        raise ZeroDivisionError


def test_a_snapshot_that_asks_without_end_keeps_only_so_much(database, monkeypatch):
    monkeypatch.setattr(prepared, "_REMEMBERED", 3)

    def read():
        with database.snapshot():
            for user in (1, 2, 3, 4, 4, 1):
                moves(database, user)

    assert said(database, read, monkeypatch) == 5
