"""The history of a design, for those who have edited it: snapshots, restoring, forgetting. Knows no page."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from engine import letters
from engine.database import writing
from engine.designing.keeping import (
    ACT,
    HeldByAnother,
    advance,
    files_of,
    found,
    is_editor,
    is_held,
    line_of,
    moment_of,
)
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import BadInput, NotFound
from engine.model import Clock
from engine.words import say
from storage import designs as rows
from storage.database import Connection, Database

LONGEST_NAME: Final = 60
DESIGNS_KEPT: Final = timedelta(days=365)
"""How long a design is kept that nobody saves."""
HISTORY_KEPT: Final = timedelta(days=90)
"""How long is kept how a design stood, but for its snapshots: what was uploaded may hold real data."""
_HISTORY = say("这份设计稿的历史")


class History:
    """Every act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def snapshot(self, actor: Actor, number: int, name: str) -> None:
        """Give the newest revision a name. Raises BadInput, NotFound."""
        require(actor, DESIGNS, ACT)
        words = letters.tidy(name)
        if not 0 < len(words) <= LONGEST_NAME:
            raise BadInput(field=say("快照名称"), reason=say("请填写1至{most}个字", most=LONGEST_NAME))
        with writing(self._database) as connection:
            rows.name(connection, number, found(connection, number)["revision"], words)

    def restore(self, actor: Actor, number: int, revision: int) -> None:
        """Let it stand as it stood at a revision; what is there now stays in the history. Raises HeldByAnother."""
        require(actor, DESIGNS, ACT)
        with writing(self._database) as connection:
            row = self._editors_own(connection, actor, number)
            if is_held(row, self._clock.now()) and row["editor_id"] != actor.user_id:
                raise HeldByAnother(name=line_of(connection, row, self._clock.now()).editor, at=moment_of(row))
            advance(connection, actor, self._clock.now(), row, files_of(connection, number, revision), session="")

    def purge(self, actor: Actor, number: int) -> None:
        """Forget its history, snapshots too. Raises NotAllowed, NotFound."""
        require(actor, DESIGNS, ACT)
        with writing(self._database) as connection:
            row = self._editors_own(connection, actor, number)
            gone = [one["number"] for one in rows.revisions(connection, number) if one["number"] != row["revision"]]
            rows.forget(connection, number, gone)

    def discard(self, actor: Actor, number: int) -> None:
        """Forget all of it. Raises NotAllowed, NotFound, HeldByAnother."""
        require(actor, DESIGNS, ACT)
        with writing(self._database) as connection:
            row = self._editors_own(connection, actor, number)
            if is_held(row, self._clock.now()) and row["editor_id"] != actor.user_id:
                raise HeldByAnother(name=line_of(connection, row, self._clock.now()).editor, at=moment_of(row))
            rows.remove(connection, number)

    def forget_old(self) -> int:
        """Forget designs that nobody has saved for long, and the history of the others; how many revisions and designs.

        For the nightly upkeep (``engine.jobs.upkeep``).
        """
        now = self._clock.now()
        with writing(self._database) as connection:
            return rows.forget_old(connection, now - DESIGNS_KEPT, now - HISTORY_KEPT)

    def _editors_own(self, connection: Connection, actor: Actor, number: int) -> rows.DesignRow:
        row = found(connection, number)
        if not is_editor(actor, row, rows.revisions(connection, number)):
            raise NotFound(what=_HISTORY)
        return row
