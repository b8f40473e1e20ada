"""Sessions for lists: one moment for all that is read, nothing written is kept, few statements however long the list."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from storage import mapped
from storage.account_lists import account_list
from storage.accounts import user_by_login, users
from storage.database import Database
from storage.migrate import all_tables
from tests.statements import statements

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    all_tables().create_all(made.engine)
    yield made
    made.close()


def add(database, *logins):
    row = {"password_hash": "", "active": True, "must_change_password": False, "created_at": NOW}
    with database.write() as connection:
        connection.execute(users.insert(), [{"login": login, "name": login, **row} for login in logins])


def logins(session):
    return [one.login for one in accounts(session)]


def accounts(session):
    wanted = account_list(session.connection(), ())
    found = mapped.accounts_of(session, wanted.page(session.connection(), "", 50))
    assert wanted.count(session.connection(), 50) == len(found)
    return found


def test_a_session_sees_one_moment_whatever_others_write_meanwhile(database):
    add(database, "anna")
    with database.session() as session:
        assert logins(session) == ["anna"]
        add(database, "berta")
        assert logins(session) == ["anna"]
    with database.session() as session:
        assert logins(session) == ["anna", "berta"]


def test_a_session_sees_the_moment_of_the_snapshot_in_which_it_is_opened(database, database_url):
    add(database, "anna")
    other = Database(database_url)
    with database.snapshot():
        with database.read() as connection:
            assert user_by_login(connection, "berta") is None
        add(other, "berta")
        with database.session() as session:
            assert logins(session) == ["anna"]
        with database.read() as connection:
            assert user_by_login(connection, "berta") is None
    with database.session() as session:
        assert logins(session) == ["anna", "berta"]
    other.close()


def test_nothing_that_is_changed_in_a_session_is_kept(database):
    add(database, "anna")
    with suppress(DBAPIError), database.session() as session:  # PostgreSQL refuses
        (one,) = accounts(session)
        one.name = "other"
        session.flush()
    with database.session() as session:
        (one,) = accounts(session)
        assert one.name == "anna"


def test_a_list_asks_as_much_for_fifty_accounts_as_for_one(database):
    add(database, "anna")
    with statements(database) as few, database.session() as session:
        assert len(logins(session)) == 1
    add(database, *(f"person{number}" for number in range(49)))
    with statements(database) as many, database.session() as session:
        assert len(logins(session)) == 50
    assert len(many) == len(few)


def test_every_session_of_a_database_gives_its_connection_back(database):
    for _ in range(database.engine.pool.size() + 40):
        with database.session() as session:
            logins(session)
    assert database.engine.pool.checkedout() == 0
