"""The migrations make the very tables that the code describes, triggers included."""

import threading

import pytest
from sqlalchemy import text

from engine import schema
from storage import migrate
from storage.database import Database


@pytest.fixture
def database(tmp_path):
    database = Database(url(tmp_path))
    yield database
    database.close()


def url(tmp_path):
    return f"sqlite:///{tmp_path / 'migrated.db'}"


def objects(database, kind):
    query = text("SELECT name, tbl_name FROM sqlite_master WHERE type = :kind AND name NOT LIKE 'sqlite_%'")
    with database.read() as connection:
        found = {tuple(row) for row in connection.execute(query, {"kind": kind})}
    return found - {("alembic_version", "alembic_version")}


def test_migrations_and_tables_agree(database):
    migrate.upgrade(database)
    assert migrate.differences(database) == []


@pytest.mark.parametrize("kind", ["table", "index", "trigger"])
def test_migrations_make_what_the_metadata_makes(database, tmp_path, kind):
    migrate.upgrade(database)
    fresh = Database(f"sqlite:///{tmp_path / 'fresh.db'}")
    with fresh.write() as connection:
        migrate.all_tables().create_all(connection)
    assert objects(database, kind) == objects(fresh, kind) != set()
    fresh.close()


def test_a_difference_would_be_seen(database):
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE stray (id INTEGER)"))
    assert [entry[0] for entry in migrate.differences(database)] == ["remove_table"]


def test_a_second_upgrade_changes_nothing(database, tmp_path):
    assert schema.upgrade(url(tmp_path)) != ()
    assert schema.upgrade(url(tmp_path)) == ()
    schema.require_current(database)


def test_an_empty_database_is_refused_with_the_command_that_helps(database):
    with pytest.raises(schema.SchemaOutdated, match="gangwei db upgrade"):
        schema.require_current(database)


def test_a_database_of_a_newer_program_is_left_alone(database, tmp_path):
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        schema.upgrade(url(tmp_path))
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        schema.require_current(database)


def test_a_file_that_is_no_database_is_told_plainly(tmp_path):
    (tmp_path / "migrated.db").write_text("a letter, not a database; long enough to be looked at " * 20)
    with pytest.raises(OSError, match="not a database"):
        schema.upgrade(url(tmp_path))


def test_a_migration_that_fails_leaves_nothing_behind(database):
    with database.write() as connection:
        connection.execute(text("CREATE TABLE tasks (id INTEGER)"))  # in the way of the first migration
    with pytest.raises(Exception, match="tasks"):
        migrate.upgrade(database)
    assert objects(database, "table") == {("tasks", "tasks")}


def test_two_upgrades_at_once_queue_up(database):
    failures: list[BaseException] = []

    def upgrade():
        try:
            migrate.upgrade(database)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrate.is_current(database)
