"""The schema as a program's start meets it, and a transaction whose loss is a fact for a person. Knows no table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import Conflict, Refusal
from engine.words import say
from storage import migrate
from storage.database import Connection, Database, LostRace, Unavailable, engine_options, metadata
from storage.failing import AWAY, BUSY, FULL, READ_ONLY, Hurry, hurry
from storage.failing import why as reason_of

# For whoever opens the database in another way than by its URL.
__all__ = [
    "AWAY",
    "BUSY",
    "FULL",
    "READ_ONLY",
    "Database",
    "Unavailable",
    "engine_options",
    "hurried",
    "metadata",
    "reason_of",
]


class SchemaOutdated(Refusal):
    """A database with an older schema than this program needs."""

    sentence = say("数据库结构不是最新，请先执行 gangwei db upgrade。")


class SchemaUnknown(Refusal):
    """A database with a newer schema than this program knows."""

    sentence = say("数据库已由新版程序升级（{revision}），请用新版。")


def upgrade(database: Database) -> tuple[str, ...]:
    """Apply the missing migrations; their names, none when nothing was missing. Raises SchemaUnknown, OSError."""
    _refuse_unknown(database)
    return migrate.upgrade(database)


def revision_of(database: Database) -> str | None:
    """The migration at which a database stands; None when it is empty. Raises SchemaUnknown, OSError."""
    _refuse_unknown(database)
    return migrate.revision_of(database)


def is_current(database: Database) -> bool:
    """Whether the database answers and has the schema that this code needs."""
    return migrate.is_current(database)


def require_current(database: Database) -> None:
    """Raises SchemaOutdated or SchemaUnknown unless this code fits this database; OSError when it is out of reach."""
    _refuse_unknown(database)
    if not migrate.is_current(database):
        raise SchemaOutdated


def _refuse_unknown(database: Database) -> None:
    revision = migrate.revision_of(database)
    if revision is not None and not migrate.is_known(revision):
        raise SchemaUnknown(revision=revision)


@contextmanager
def hurried(seconds: float) -> Iterator[None]:
    """Somebody waits for an answer to all that is done inside, in this thread: no writing waits longer for others."""
    token = hurry.set(Hurry(seconds))
    try:
        yield
    finally:
        hurry.reset(token)


@contextmanager
def raced() -> Iterator[None]:
    """Raises Conflict when another was first and nothing of a transaction inside was kept."""
    try:
        yield
    except LostRace as lost:
        raise Conflict() from lost


class _Undone(Exception):
    """Ends what is undone."""


@contextmanager
def undone(database: Database) -> Iterator[None]:
    """All that is written inside, in this thread, is one transaction and is rolled back at the end: for a rehearsal."""
    try:
        with database.together(lambda _: None):
            yield
            raise _Undone
    except _Undone:
        pass


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One transaction. Raises Conflict when another was first and nothing of this one was kept."""
    try:  # not ``raced``: every act comes this way
        with database.write() as connection:
            yield connection
    except LostRace as lost:
        raise Conflict() from lost
