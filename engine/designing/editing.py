"""Editing a design: the page that edits it holds it, saves over what it has seen, and may be taken over knowingly."""

from __future__ import annotations

from collections.abc import Mapping

from engine.database import writing
from engine.designing.folder import is_shared, own
from engine.designing.keeping import (
    ACT,
    HeldByAnother,
    advance,
    files_of,
    found,
    is_held,
    line_of,
    moment_of,
    taken_over,
)
from engine.designing.unpacking import as_drawn
from engine.designing.views import EditState, OpenDesign
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.documents import WORD
from engine.errors import BadInput
from engine.model import Clock
from engine.words import say
from storage import designs as rows
from storage.database import Database


class Editing:
    """What a page does that has a design open. Every act is one transaction."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def edit(self, actor: Actor, number: int, session: str, take_over: bool = False) -> OpenDesign:
        """Let a page edit it. Raises HeldByAnother while another page does, unless it is taken over knowingly."""
        require(actor, DESIGNS, ACT)
        now = self._clock.now()
        with writing(self._database) as connection:
            row = found(connection, number)
            if row["session"] != session and is_held(row, now) and not take_over:
                raise HeldByAnother(name=line_of(connection, row, self._clock.now()).editor, at=moment_of(row))
            if not rows.hold(connection, number, (row["revision"], row["session"]), actor.user_id, session, now):
                raise taken_over(connection, number, self._clock.now())
            files = files_of(connection, number, row["revision"])
        return _opened(row["revision"], files)

    def read(self, actor: Actor, number: int) -> OpenDesign:
        """The same for a page that only reads. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            row = found(connection, number)
            files = files_of(connection, number, row["revision"])
        return _opened(row["revision"], files)

    def leave(self, actor: Actor, number: int, session: str) -> None:
        """The page edits no longer."""
        require(actor, DESIGNS, ACT)
        with writing(self._database) as connection:
            row = found(connection, number)
            if session and row["session"] == session and row["editor_id"] == actor.user_id:
                rows.hold(connection, number, (row["revision"], session), None, "", self._clock.now())

    def save(self, actor: Actor, number: int, seen: tuple[int, str], changes: Mapping[str, bytes | None]) -> int:
        """Keep what a page has changed (None: the file goes) over the revision that it has seen; the new revision.

        ``seen``: revision and session. Raises TakenOver, and BadInput for what a folder may not hold.
        """
        require(actor, DESIGNS, ACT)
        if any(map(is_shared, changes)):
            raise BadInput(field=say("文件"), reason=say("各流程共用的文件不能在这里改"))
        with writing(self._database) as connection:
            row = found(connection, number)
            if (row["revision"], row["session"]) != seen or row["editor_id"] != actor.user_id or not seen[1]:
                raise taken_over(connection, number, self._clock.now())
            before = files_of(connection, number, row["revision"])
            after: dict[str, bytes | None] = {**before, **changes}
            kept = {name: data for name, data in after.items() if data is not None}
            if kept == before:
                return row["revision"]
            return advance(connection, actor, self._clock.now(), row, kept, session=seen[1])

    def standing(self, actor: Actor, number: int, session: str) -> EditState:
        """How it stands for a page that has it open; the page is heard of by that. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        now = self._clock.now()
        with writing(self._database) as connection:
            row = found(connection, number)
            mine = bool(session) and (row["session"], row["editor_id"]) == (session, actor.user_id)
            if mine:
                rows.hold(connection, number, (row["revision"], session), actor.user_id, session, now)
            line = line_of(connection, row, self._clock.now())
        return EditState(row["revision"], mine, line.editor, line.saved_at, line.saved_by)


def _opened(revision: int, files: Mapping[str, bytes]) -> OpenDesign:
    """Each diagram of the folder itself with a drawing, every other file as what it is."""
    ours = own(files)
    diagrams = {name: as_drawn(name, data) for name, data in ours.items() if name.endswith(".bpmn")}
    papers = tuple(sorted(name for name in ours if name.endswith(WORD)))
    texts = {name: told(data) for name, data in ours.items() if name not in diagrams and name not in papers}
    tables = {name: told(data) for name, data in files.items() if is_shared(name) and name.endswith(".dmn")}
    return OpenDesign(revision, diagrams, texts, papers, tables, tuple(sorted(files)))


def told(data: bytes) -> str:
    """A file as text; what is none in it is replaced, for it can be seen there and mended."""
    return data.decode("utf-8", "replace")
