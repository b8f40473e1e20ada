"""Puts the directory of an installation in force, and tells the log of accounts. Knows no page and no password.

Who may do what follows from the directory: in production a changed one is a matter for the security administrator, not
for whoever may publish processes. The first one of a new installation is not: nobody holds anything yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.checks.around import Surroundings
from engine.definition import Files, definitions_in, digest_of
from engine.directory.changes import Change, changes
from engine.directory.contents import DIRECTORY, Directory, read_directory
from engine.directory.in_force import by_digest, in_force
from engine.errors import DefinitionInvalid, Refusal
from engine.publishing.in_use import left_behind
from engine.publishing.quarantine import inspect
from engine.words import both, say
from storage import account_events as events
from storage import definitions as rows
from storage.database import Connection

PUBLISHED = "directory_published"
NAME = say("角色、单位类型和数据项")
_NOTHING = Surroundings((), (), {})


class DirectoryGuarded(Refusal):
    """A changed directory, which in production the security administrator alone publishes."""

    sentence = say(
        "角色和单位类型（_directory）有改动，正式运行环境须由安全管理员发布：gangwei directory publish --by 用户名。"
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """A directory that was read from files and found in order."""

    digest: str
    files: Files
    directory: Directory


def directory_in(files: Mapping[str, bytes | str]) -> Files:
    """The files of the directory among files by path; none when there is none. Raises as ``definitions_in`` does."""
    own = {path: data for path, data in files.items() if path.startswith(f"{DIRECTORY}/")}
    return definitions_in(own).get(DIRECTORY, {})


def tried(files: Mapping[str, bytes]) -> Offer:
    """The directory of these files, checked in the process apart. Raises DefinitionInvalid with every problem."""
    problems = inspect({DIRECTORY: files}, _NOTHING)[DIRECTORY].problems
    if problems:
        raise DefinitionInvalid(problems)
    return Offer(digest_of(DIRECTORY, files), files, read_directory(files))


def offered(connection: Connection, files: Files | None, *, guarded: bool) -> Offer:
    """The directory that these files say, or the one in force when there are none or they say the same.

    Raises NoDirectory when there is none at all, DefinitionInvalid, and DirectoryGuarded when it differs and must not.
    """
    digest = rows.digest_of_directory(connection)
    damaged = digest is not None and not rows.readable(connection, digest)
    if files is None or (digest_of(DIRECTORY, files) == digest and not damaged):
        return Offer(digest or "", files or {}, in_force(connection))
    if guarded and digest not in (None, digest_of(DIRECTORY, files)):
        raise DirectoryGuarded
    return tried(files)


def put_in_force(
    connection: Connection, offer: Offer, now: datetime, actor_id: int | None, replaced: Iterable[str] = ()
) -> tuple[int, tuple[Change, ...]]:
    """Put a directory in force: its version, and what has changed; no change: it was in force already.

    ``replaced``: keys of the definitions that the same transaction publishes. Raises DefinitionInvalid when something
    that goes is still in use.
    """
    digest = rows.digest_of_directory(connection)
    if digest == offer.digest and rows.readable(connection, digest):
        return 0, ()
    before = offer.directory if digest == offer.digest else by_digest(connection, digest)
    problems = left_behind(connection, before, offer.directory, now, replaced)
    if problems:
        raise DefinitionInvalid(problems)
    done = changes(before, offer.directory)
    version = rows.publish(connection, DIRECTORY, offer.digest, both(NAME), offer.files, now, actor_id)
    told = {how: [one.place for one in done if one.how == how] for how in sorted({one.how for one in done})}
    facts = {"version": version, "before": digest, "after": offer.digest, **told}
    events.append(connection, now, PUBLISHED, actor_id=actor_id, facts=facts)
    return version, done
