"""The migrations make the very tables that the code describes, triggers included."""

import threading

import pytest
from sqlalchemy import text

from engine import database as schema
from engine.checks.directory import check_directory
from engine.definition import digest_of
from engine.directory.contents import DIRECTORY
from engine.publishing.catalog import Catalog
from engine.publishing.directory import DirectoryGuarded
from storage import definitions, migrate, waits
from storage.database import Database
from tests.directory import OURS, changed
from tests.engine.cases.test_acts import APPROVAL, begun
from tests.house import build_house

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
    assert schema.upgrade(database_url) != ()
    assert schema.upgrade(database_url) == ()
    schema.require_current(database)


def test_an_empty_database_is_refused_with_the_command_that_helps(database):
    with pytest.raises(schema.SchemaOutdated, match="gangwei db upgrade"):
        schema.require_current(database)


def test_a_database_of_a_newer_program_is_left_alone(database, database_url):
    migrate.upgrade(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        schema.upgrade(database_url)
    with pytest.raises(schema.SchemaUnknown, match="from_the_future"):
        schema.require_current(database)


def test_a_file_that_is_no_database_is_told_plainly(tmp_path):
    letter = tmp_path / "letter.db"
    letter.write_text("a letter, not a database; long enough to be looked at " * 20)
    with pytest.raises(OSError, match="not a database"):
        schema.upgrade(f"sqlite:///{letter}")


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


# --- what was in a database before -----------------------------------------------------------------------------------


def as_before_the_directory(database):
    """The database as the program left it that read roles and kinds from files beside itself."""
    with database.write() as connection:
        connection.execute(text("DELETE FROM definitions WHERE key = '_directory'"))
        connection.execute(text("DROP TABLE concerns"))
        connection.execute(text("DROP TABLE record_keys"))
        connection.execute(text("UPDATE alembic_version SET version_num = 'kinds_of_jobs'"))


def test_an_old_database_keeps_its_roles_and_kinds_and_its_cases_rebuild_equal(tmp_path, server):
    house = build_house(tmp_path, APPROVAL, server=server)
    case_id = begun(house)
    application = house.application
    as_before_the_directory(application.database)
    assert house.actor("changan").candidates == ()  # without a directory nobody is anybody
    assert schema.upgrade(house.folder.database_url) == ("directory", "record_keys", "concerns")
    assert application.directory.in_force() == OURS
    assert house.actor("changan").candidates != ()
    with application.database.read() as connection:
        row = next(one for one in definitions.listed(connection, DIRECTORY) if one["current"])
        stored = definitions.get(connection, row["digest"])
    assert stored and row["digest"] == digest_of(DIRECTORY, stored.files)
    assert check_directory(stored.files) == ()
    assert house.proof(case_id) == []
    guarded = Catalog(application.database, guarded=True)
    with pytest.raises(DirectoryGuarded):  # what the migration put there is as good as published
        guarded.publish(changed(add=True), house.clock.now())
    application.database.close()


def test_a_new_database_waits_for_the_directory_of_its_own_folder(database, database_url):
    schema.upgrade(database_url)
    with database.read() as connection:
        assert definitions.digest_of_directory(connection) is None
