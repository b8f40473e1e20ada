"""The directory in force, read from the database once for each digest. Knows neither files nor how it came there.

What was read is kept by its digest, which names the very bytes: another process that publishes changes the digest that
the next statement finds, and nothing here has to be told. Safe between threads.
"""

from __future__ import annotations

import threading

from engine.directory.contents import EMPTY, Directory, read_directory
from engine.errors import Refusal
from engine.words import say
from storage import definitions as rows
from storage.database import Connection, Unreachable

_known: dict[str, Directory] = {}
_lock = threading.Lock()


class NoDirectory(Refusal):
    """An installation without roles and kinds of organisation: none have been published."""

    sentence = say("还没有发布角色和单位类型，请先执行 gangwei workflows publish。")


class DirectoryUnreadable(Refusal):
    """Roles and kinds of organisation that are in force and stand damaged in the database: nobody has a role."""

    sentence = say("角色和单位类型的数据已损坏，请由系统管理员重新发布同一份文件：gangwei workflows publish。")


def in_force(connection: Connection) -> Directory:
    """The directory in force. Raises NoDirectory."""
    digest = rows.digest_of_directory(connection)
    if digest is None:
        raise NoDirectory
    return by_digest(connection, digest)


def by_digest(connection: Connection, digest: str | None) -> Directory:
    """The directory of a digest that a row of an account names; for none an empty one: nobody may anything.

    Raises DirectoryUnreadable.
    """
    if digest is None:
        return EMPTY
    found = _known.get(digest)
    if found is None:
        made = _read(connection, digest)
        with _lock:
            found = _known.setdefault(digest, made)
    return found


def _read(connection: Connection, digest: str) -> Directory:
    try:
        stored = rows.get(connection, digest)
        return EMPTY if stored is None else read_directory(stored.files)
    except Unreachable:
        raise
    except Exception as error:
        raise DirectoryUnreadable from error
