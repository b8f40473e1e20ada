"""Brings a database to the newest schema, all steps in one transaction. Knows Alembic and no table.

There are no downgrades: evidence is not unmade. Go back by restoring a backup.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError

import storage
from storage.database import Database, Unavailable, metadata

UPGRADE_LOCK = 7_301_022
"""A number of our own: PostgreSQL's advisory locks have no names."""


def all_tables() -> MetaData:
    """The metadata with the tables of every module of ``storage``, so that none is forgotten."""
    for module in pkgutil.iter_modules(storage.__path__):
        importlib.import_module(f"storage.{module.name}")
    return metadata


def upgrade(database: Database, to: str = "head") -> tuple[str, ...]:
    """Apply what is missing, up to a revision; two programs at once queue up. The revisions applied, oldest first."""
    with database.write() as connection:
        if not database.is_sqlite:  # SQLite's writers queue anyway
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
        before = current(connection)
        command.upgrade(_config(connection), to)
        return tuple(_between(before, current(connection)))


def current(connection: Connection) -> str | None:
    """The revision of this database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this code needs."""
    return _scripts().get_current_head()


def revision_of(database: Database) -> str | None:
    """The revision that this database stands at; None when it is empty. Raises ConnectionError."""
    try:
        with database.read() as connection:
            return current(connection)
    except (DBAPIError, Unavailable) as error:
        told = getattr(error, "orig", error)
        raise ConnectionError(f"{database.engine.url.render_as_string()}: {told}") from error


def is_known(revision: str) -> bool:
    """Whether this code has the migration of that name; a newer program's is unknown."""
    return any(script.revision == revision for script in _scripts().walk_revisions())


def is_current(database: Database) -> bool:
    """Whether the database has the schema that this code needs."""
    return revision_of(database) == newest()


def differences(database: Database) -> list[Any]:
    """What Alembic would still change between the database and the tables in code; empty when they agree."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours})
        return list(compare_metadata(context, all_tables()))


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether Alembic compares it; each database has an index of words of its own kind."""
    return not (kind == "table" and str(name).startswith("words_index")) and (kind, name) != ("index", "ix_words_grams")


def draft(database: Database, message: str) -> str:
    """Write a new migration from the differences, for a person to read and tidy. Returns its path."""
    with database.write() as connection:
        script = command.revision(_config(connection), message, autogenerate=True)
    return str(script.path)  # type: ignore[union-attr]


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("file_template", "m%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _between(before: str | None, after: str | None) -> list[str]:
    if before == after:
        return []
    steps = [script.revision for script in _scripts().iterate_revisions(after, before)]
    return steps[::-1]
