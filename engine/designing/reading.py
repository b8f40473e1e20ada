"""Designs as they are read: the list, one with its files and history, its folder to take along. Writes nothing."""

from __future__ import annotations

from typing import Final

from engine.designing.folder import is_shared, packed
from engine.designing.keeping import ACT, files_of, found, is_editor, line_of
from engine.designing.views import DesignLine, DesignView, FileLine, RevisionLine
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import NotFound
from engine.model import Clock
from engine.words import say
from storage import accounts
from storage import definitions as published
from storage import designs as rows
from storage.database import Database

SHOWN: Final = 200
"""Designs in the list."""


class DesignReading:
    """What designers read."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def designs(self, actor: Actor) -> tuple[DesignLine, ...]:
        """Those that were saved last."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            return tuple(line_of(connection, row, self._clock.now()) for row in rows.newest(connection, SHOWN))

    def design(self, actor: Actor, number: int) -> DesignView:
        """One of them. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            row = found(connection, number)
            files = files_of(connection, number, row["revision"])
            revisions = rows.revisions(connection, number)
            names = accounts.names_of(connection, [one["user_id"] for one in revisions])
            based = published.get(connection, row["based_on"]) if row["based_on"] else None
            line = line_of(connection, row, self._clock.now())
        mine = is_editor(actor, row, revisions)
        history = tuple(
            RevisionLine(
                one["number"], one["saved_at"], names.get(one["user_id"], ("", ""))[0], one["snapshot"] or "",
                one["number"] == row["revision"],
            )
            for one in revisions
        )  # fmt: skip
        listed = tuple(FileLine(name, len(data), is_shared(name)) for name, data in sorted(files.items()))
        based_on = (based.key, based.version) if based else None
        return DesignView(line, row["revision"], listed, history if mine else (), mine, based_on)

    def file(self, actor: Actor, number: int, name: str) -> bytes:
        """A file of the newest revision. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            files = files_of(connection, number, found(connection, number)["revision"])
        if name not in files:
            raise NotFound(what=say("这个文件"))
        return files[name]

    def files(self, actor: Actor, number: int) -> tuple[str, int, dict[str, bytes]]:
        """Key, revision and files of the newest revision. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            row = found(connection, number)
            return row["key"], row["revision"], files_of(connection, number, row["revision"])

    def archive(self, actor: Actor, number: int) -> tuple[str, bytes]:
        """Its key and its folder as a zip file. Raises NotFound."""
        key, _, files = self.files(actor, number)
        return key, packed(key, files)
