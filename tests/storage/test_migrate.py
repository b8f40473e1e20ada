"""The migrations make the very tables that the code describes, triggers included."""

import threading

import pytest
from sqlalchemy import text

from engine import database as schema
from engine import upgrading
from storage import definitions, migrate, waits
from storage.database import Database

OBJECTS = {
    "sqlite": {
        # The order of a table's constraints says nothing; what a table holds, Alembic compares.
        kind: f"SELECT name, tbl_name, {what} FROM sqlite_master WHERE type = '{kind}' AND name NOT LIKE 'sqlite_%'"
        for kind, what in (("table", "name"), ("index", "sql"), ("trigger", "sql"))
    },
    "postgresql": {
        "table": "SELECT table_name, table_name, string_agg(concat(column_name, data_type, is_nullable), ',' ORDER BY"
        " column_name) FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name",
        "index": "SELECT indexname, tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "trigger": "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal",
    },
}


@pytest.fixture
def database(database_url):
    database = Database(database_url)
    yield database
    database.close()


def objects(database, kind):
    with database.read() as connection:
        found = connection.execute(text(OBJECTS[connection.dialect.name][kind]))
        return {(name, plain(sql)) for name, table, sql in found if table != "alembic_version"}


def plain(sql):
    """A text of SQL without what only its writer sees."""
    return "".join(sql.split()).replace('"', "")


def test_migrations_and_tables_agree(database):
    migrate.upgrade(database)
    assert migrate.differences(database) == []


@pytest.mark.parametrize("kind", ["table", "index", "trigger"])
def test_migrations_make_what_the_metadata_makes(database, server, tmp_path, kind):
    migrate.upgrade(database)
    fresh = Database(server.url(server.create()) if server else f"sqlite:///{tmp_path / 'fresh.db'}")
    with fresh.write() as connection:
        migrate.all_tables().create_all(connection)
    assert objects(database, kind) == objects(fresh, kind) != set()
    fresh.close()


def test_a_difference_would_be_seen(database):
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE stray (id INTEGER)"))
    assert [entry[0] for entry in migrate.differences(database)] == ["remove_table"]


def test_a_second_upgrade_changes_nothing(database, database_url):
    assert upgrading.upgrade(database_url) != ()
    assert upgrading.upgrade(database_url) == ()
    schema.require_current(database)


def test_an_empty_database_is_refused_with_the_command_that_helps(database):
    with pytest.raises(schema.SchemaOutdated, match="gangwei db upgrade"):
        schema.require_current(database)


def test_a_database_of_a_newer_program_is_left_alone(database, database_url):
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        upgrading.upgrade(database_url)
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        schema.require_current(database)


def test_a_file_that_is_no_database_is_told_plainly(tmp_path):
    letter = tmp_path / "letter.db"
    letter.write_text("a letter, not a database; long enough to be looked at " * 20)
    with pytest.raises(OSError, match="not a database"):
        upgrading.upgrade(f"sqlite:///{letter}")


def test_a_migration_that_fails_leaves_nothing_behind(database):
    with database.write() as connection:
        connection.execute(text("CREATE TABLE tasks (id INTEGER)"))  # in the way of the first migration
    with pytest.raises(Exception, match="tasks"):
        migrate.upgrade(database)
    assert {name for name, _ in objects(database, "table")} == {"tasks"}


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


def test_jobs_of_an_older_program_say_by_their_kind_what_their_payload_told(database):
    migrate.upgrade(database, to="timetable")
    told = {1: "{}", 2: '{"counted":true}', 3: '{"payload":null}'}
    with database.write() as connection:
        for number, payload in told.items():
            row = {"id": number, "payload": payload, "at": "2026-11-24T01:00:00.000000Z"}
            query = "INSERT INTO jobs (id, kind, payload, run_at, attempts, status) VALUES (:id, 'happen', :payload, :at, 0, 'waiting')"
            connection.execute(text(query), row)
    migrate.upgrade(database)
    with database.read() as connection:
        kinds = dict(connection.execute(text("SELECT id, kind FROM jobs")).fetchall())
    assert kinds == {1: waits.TIMER, 2: waits.TIMER, 3: waits.SIGNAL}


def test_a_new_database_waits_for_the_directory_of_its_own_folder(database, database_url):
    upgrading.upgrade(database_url)
    with database.read() as connection:
        assert definitions.digest_of_directory(connection) is None
