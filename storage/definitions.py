"""Published definitions: immutable rows by digest, one of each key current. Knows nothing of what the files say."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Label,
    ScalarSelect,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from storage.columns import Unreadable
from storage.database import row_of, rows_of
from storage.paging import Listing
from storage.prepared import Prepared
from storage.rows import DefinitionRow
from storage.tables import RUNNING, cases, definitions

Packed = str | dict[str, str]
"""The content of a file in a row."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A definition with its files as bytes."""

    key: str
    version: int
    files: dict[str, bytes]


class ListedDefinition(TypedDict):
    """A definition without its files, and how many cases run by it, ``MOST_RUNNING`` and one at most."""

    digest: str
    key: str
    version: int
    name_zh: str
    name_en: str
    published_at: datetime
    published_by: int | None
    current: bool
    running: int


IS_CURRENT: Final = text("definitions.current")
"""As the index of the current ones says it: only then is it used."""
_CURRENT = Prepared(select(definitions.c.key, definitions.c.digest).where(IS_CURRENT))
_CURRENT_OF = Prepared(select(definitions.c.digest).where(definitions.c.key == bindparam("key"), IS_CURRENT))
MOST_RUNNING: Final = 999
"""So far the running cases of a definition are counted; one more stands for more than that."""

DIRECTORY = "_directory"
"""The key under which roles, kinds of organisation and figures are published."""


def directory() -> Label[str | None]:
    """The digest of the directory in force as a column of another statement, so that nobody asks for it by itself."""
    found = select(definitions.c.digest).where(definitions.c.key == DIRECTORY, IS_CURRENT)
    return found.scalar_subquery().label("directory")


def digest_of_directory(connection: Connection) -> str | None:
    """The digest of the directory in force, or None."""
    return cast("str | None", _CURRENT_OF.value(connection, {"key": DIRECTORY}))


def get(connection: Connection, digest: str) -> Stored | None:
    """The definition of that digest."""
    row = row_of(connection, select(definitions).where(definitions.c.digest == digest), DefinitionRow)
    return None if row is None else Stored(row["key"], row["version"], unpacked(row["files"]))


def readable(connection: Connection, digest: str) -> bool:
    """Whether the files of that digest can be read as they stand."""
    row = row_of(connection, select(definitions).where(definitions.c.digest == digest), DefinitionRow)
    try:
        return row is not None and bool(unpacked(row["files"])) and not isinstance(row["published_at"], Unreadable)
    except (AttributeError, LookupError, TypeError, ValueError):
        return False


def current_digests(connection: Connection) -> dict[str, str]:
    """Key to digest of every current definition."""
    rows = cast(list[DefinitionRow], _CURRENT.all(connection, {}))
    return {row["key"]: row["digest"] for row in rows}


def newest_digests(connection: Connection) -> dict[str, str]:
    """Key to digest of what is in force or, where all is withdrawn, of what was published last."""
    order = (definitions.c.current, definitions.c.version)
    found = connection.execute(select(definitions.c.key, definitions.c.digest).order_by(*order))
    return {row.key: row.digest for row in found}


_LISTED = ("digest", "key", "version", "name_zh", "name_en", "published_at", "published_by", "current")


def running_cases(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many running cases are of this kind, of another statement's definition."""
    found = select(literal_column("1", Integer).label("one")).select_from(cases).where(text(f"cases.{RUNNING}"), *which)
    few = found.limit(MOST_RUNNING + 1).correlate(definitions).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


_PLAIN = tuple(definitions.c[name] for name in _LISTED)
_OF_KEY = cases.c.key == definitions.c.key
_OWN = running_cases(_OF_KEY, cases.c.digest == definitions.c.digest).label("running")


def current(connection: Connection) -> list[ListedDefinition]:
    """The current definitions by key, without their files; each with the running cases of all its versions."""
    query = select(*_PLAIN, running_cases(_OF_KEY).label("running")).where(IS_CURRENT)
    return rows_of(connection, query.order_by(definitions.c.key), ListedDefinition)


def versions(key: str) -> Listing[ListedDefinition]:
    """The definitions of a key, the newest first, without their files."""
    order = [("version", definitions.c.version)]
    of_key = definitions.c.key == key
    return Listing(ListedDefinition, [*_PLAIN, _OWN], definitions, [of_key], order, descending=True)


def version(connection: Connection, key: str, number: int | None) -> ListedDefinition | None:
    """One version of a key, the current one for none, without its files."""
    which = IS_CURRENT if number is None else definitions.c.version == number
    return row_of(connection, select(*_PLAIN, _OWN).where(definitions.c.key == key, which), ListedDefinition)


def listed(connection: Connection, key: str | None = None) -> list[ListedDefinition]:
    """All definitions without their files, or those of one key, the newest first."""
    found = select(*_PLAIN, _OWN).order_by(definitions.c.key, definitions.c.version.desc())
    return rows_of(connection, found if key is None else found.where(definitions.c.key == key), ListedDefinition)


def publish(connection: Connection, key: str, digest: str, name: tuple[str, str], files: Mapping[str, bytes],
            at: datetime, by: int | None) -> int:  # fmt: skip
    """Make these files the current definition of ``key``; the version number.

    A digest seen before is made current, and its files are written again: the stored ones may be damaged.
    """
    connection.execute(update(definitions).where(definitions.c.key == key).values(current=False))
    seen = connection.execute(select(definitions.c.version).where(definitions.c.digest == digest)).scalar()
    if seen is not None:
        again = {"current": True, "files": packed(files), "name_zh": name[0], "name_en": name[1], "published_at": at}
        connection.execute(update(definitions).where(definitions.c.digest == digest).values(again))
        return int(seen)
    newest = connection.execute(select(func.max(definitions.c.version)).where(definitions.c.key == key)).scalar()
    version = (newest or 0) + 1
    row = {"digest": digest, "key": key, "version": version, "name_zh": name[0], "name_en": name[1]}
    kept = {"files": packed(files), "published_at": at, "published_by": by, "current": True}
    connection.execute(insert(definitions), {**row, **kept})
    return version


def withdrawn(connection: Connection) -> list[ListedDefinition]:
    """The newest version of each key of which none is in force, by key, without its files.

    Keys are found one after the other in the index: it costs no more where each has many versions.
    """
    keys = select(func.min(definitions.c.key).label("key")).cte("keys", recursive=True)
    following = select(func.min(definitions.c.key)).where(definitions.c.key > keys.c.key).scalar_subquery()
    keys = keys.union_all(select(following).where(keys.c.key.is_not(None)))
    held, all_of = definitions.alias("held"), definitions.alias("all_of")
    in_force = select(held.c.digest).where(held.c.key == keys.c.key, text("held.current")).exists()
    newest = select(func.max(all_of.c.version)).where(all_of.c.key == keys.c.key).scalar_subquery()
    query = select(*_PLAIN, running_cases(_OF_KEY).label("running")).select_from(keys)
    found = query.join(definitions, and_(definitions.c.key == keys.c.key, definitions.c.version == newest))
    return rows_of(connection, found.where(~in_force).order_by(definitions.c.key), ListedDefinition)


def withdraw(connection: Connection, key: str) -> None:
    """Let none of its versions be in force; all stay."""
    connection.execute(update(definitions).where(definitions.c.key == key).values(current=False))


def packed(files: Mapping[str, bytes]) -> dict[str, Packed]:
    """Files by name as rows keep them: text as text, anything else in base64."""
    found: dict[str, Packed] = {}
    for name, data in files.items():
        try:
            found[name] = data.decode("utf-8")
        except UnicodeDecodeError:
            found[name] = {"base64": base64.b64encode(data).decode()}
    return found


def unpacked(files: Mapping[str, Packed]) -> dict[str, bytes]:
    """The same the other way."""
    return {
        name: content.encode() if isinstance(content, str) else base64.b64decode(content["base64"])
        for name, content in files.items()
    }
