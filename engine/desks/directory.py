"""The security administrator's desk of roles, kinds of organisation and figures: what is in force, and putting another
directory in force. Knows no page and no password.

Nobody gains anything by what he publishes himself. The checks leave the security administrator's role nothing to gain;
should they ever, a role of his own that may more is for another one to publish.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.database import writing
from engine.directory.actors import Actor, actor
from engine.directory.changes import Change, changes
from engine.directory.contents import Directory
from engine.directory.duties import ACCOUNTS, require
from engine.directory.in_force import by_digest, in_force
from engine.errors import NotAllowed
from engine.model import Clock
from engine.publishing.directory import DirectoryGuarded, Offer, directory_in, put_in_force, tried
from engine.words import listed, say
from storage import definitions as rows
from storage.database import Connection, Database

_ACT = say("发布角色和单位类型")


class DirectoryDesk:
    """Every method is one transaction. ``guarded``: only the security administrator changes what is in force."""

    def __init__(self, database: Database, clock: Clock, *, guarded: bool) -> None:
        self._database = database
        self._clock = clock
        self._guarded = guarded

    def in_force(self) -> Directory:
        """The directory in force. Raises NoDirectory."""
        with self._database.read() as connection:
            return in_force(connection)

    def read(self, files: Mapping[str, bytes | str]) -> tuple[Offer, tuple[Change, ...]]:
        """The directory among files of workflows by path, and what it would change. Raises DefinitionInvalid."""
        offer = tried(directory_in(files))
        with self._database.read() as connection:
            return offer, changes(_before(connection), offer.directory)

    def publish(self, by: Actor | None, offer: Offer) -> int:
        """Put a directory in force: its version, 0 when it was so already. ``by``: none for the command line.

        Raises NotAllowed, DirectoryGuarded, Conflict, and DefinitionInvalid for what is still in use.
        """
        with writing(self._database) as connection:
            if by is not None:
                by = actor(connection, by.user_id, self._clock.now())  # what he holds at this moment
                require(by, ACCOUNTS, _ACT)
                _refuse_gain(by, changes(_before(connection), offer.directory))
            elif self._guarded and rows.digest_of_directory(connection) not in (None, offer.digest):
                raise DirectoryGuarded
            version, _ = put_in_force(connection, offer, self._clock.now(), by.user_id if by else None)
            return version


def _before(connection: Connection) -> Directory:
    return by_digest(connection, rows.digest_of_directory(connection))


def _refuse_gain(by: Actor, done: tuple[Change, ...]) -> None:
    for change in done:
        if change.gains and by.has(change.id):
            name = change.name
            reason = say(
                "它会给您自己担任的“{name}”增加权限（{gains}），须由另一位安全管理员发布",
                name=name,
                gains=listed(change.gains),
            )
            raise NotAllowed(act=_ACT, reason=reason)
