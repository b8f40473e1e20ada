"""Writings that are one transaction: what each of them sees, takes back and leaves, on both databases."""

import pytest

from storage import page_keys
from storage.database import Database
from storage.migrate import all_tables
from tests.house import START


@pytest.fixture
def database(database_url):
    made = Database(database_url)
    all_tables().create_all(made.engine)
    yield made
    made.close()


def take(database, key):
    with database.write() as connection:
        assert page_keys.take(connection, 1, key, "content", START)


def keys(database):
    with database.read() as connection:
        return [key for key in "abcd" if page_keys.used(connection, 1, key)]


def first(connection):
    assert page_keys.take(connection, 1, "a", "content", START)


def test_all_that_is_written_together_is_seen_by_others_at_the_end(database, database_url):
    other = Database(database_url)
    with database.together(first) as whole:
        before = whole.connection
        take(database, "b")
        take(database, "c")
        assert before is None
        assert keys(database) == ["a", "b", "c"]
        assert whole.connection is not None
        page_keys.keep(whole.connection, 1, "b", {"status": 303})
        with database.autocommit() as connection:
            found = page_keys.used(connection, 1, "b")
            assert found is not None and found["answer"] == {"status": 303}
    assert keys(other) == keys(database) == ["a", "b", "c"]
    other.close()


def test_others_see_nothing_before_the_end(database, database_url):
    other = Database(database_url)

    def fails():
        with database.together(first):
            take(database, "b")
            assert database.is_sqlite or keys(other) == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert keys(other) == []
    take(database, "d")
    assert keys(other) == ["d"]
    other.close()


def test_a_part_that_fails_takes_back_itself_alone(database):
    with database.together(first):
        take(database, "b")
        with pytest.raises(ZeroDivisionError), database.write() as connection:
            page_keys.take(connection, 1, "c", "content", START)
            page_keys.keep(connection, 1, "c", {})
            raise ZeroDivisionError
        assert keys(database) == ["a", "b"]
        take(database, "d")
    assert keys(database) == ["a", "b", "d"]


def test_a_first_part_that_fails_leaves_nothing_and_the_next_is_the_first(database):
    with database.together(first):
        with pytest.raises(ZeroDivisionError), database.write() as connection:
            page_keys.take(connection, 1, "b", "content", START)
            raise ZeroDivisionError
        assert keys(database) == []
        take(database, "c")
    assert keys(database) == ["a", "c"]


def test_without_a_writing_nothing_begins(database):
    with database.together(lambda _: pytest.fail("nothing is written")):
        assert keys(database) == []
    take(database, "b")
    assert keys(database) == ["b"]
