"""How a design is kept: who edits it, revisions over the one that was seen, what of its history stays. Knows no page.

Nothing is overwritten in silence: a page saves in its own session and over the revision that it has seen, or not at
all. What one session saves within a few minutes is one revision of the history.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.designing.folder import must_fit
from engine.designing.views import DesignLine
from engine.directory.actors import Actor
from engine.errors import NotFound, Refusal
from engine.words import Words, say
from storage import accounts
from storage import designs as rows
from storage.database import Connection

HEARD: Final = timedelta(minutes=3)
"""How long a page that edits may be silent before another one edits without asking."""
TOGETHER: Final = timedelta(minutes=2)
"""How long what one session saves goes into one revision of the history."""
MOST_REVISIONS: Final = 100
"""Kept of one design without a name."""
DESIGN: Final = say("这份设计稿")
ACT: Final = say("编辑设计稿")


class HeldByAnother(Refusal):
    """Somebody else edits this design now, or the same person on another page. Nothing was changed."""

    sentence = say("{name}正在编辑这份设计稿（{at}）。您可以查看，也可以接手编辑。")


class TakenOver(Refusal):
    """A page that no longer edits: another one does, or somebody has saved meanwhile. Nothing was overwritten."""

    sentence = say("{name}已在{at}接手或改动这份设计稿，您的改动没有保存到其中。可以先下载您画的流程图，再重新打开。")


def found(connection: Connection, number: int) -> rows.DesignRow:
    """A design. Raises NotFound."""
    row = rows.get(connection, number)
    if row is None:
        raise NotFound(what=DESIGN)
    return row


def files_of(connection: Connection, number: int, revision: int) -> dict[str, bytes]:
    """The files of a revision by name. Raises NotFound."""
    row = rows.revision(connection, number, revision)
    if row is None:
        raise NotFound(what=say("这个版本"))
    contents = rows.contents(connection, number, set(row["files"].values()))
    return {name: contents[digest] for name, digest in row["files"].items()}


def is_held(design: rows.DesignRow, now: datetime) -> bool:
    """Whether a page edits it that was heard of."""
    heard = design["heard_at"]
    return bool(design["session"]) and heard is not None and now - heard < HEARD


def line_of(connection: Connection, row: rows.DesignRow, now: datetime) -> DesignLine:
    """A design as lists show it."""
    names = accounts.names_of(connection, [row["saved_by"], row["editor_id"]])
    editor = names.get(row["editor_id"], ("", ""))[0] if is_held(row, now) else ""
    saved_by = names.get(row["saved_by"], ("", ""))[0]
    return DesignLine(row["id"], row["key"], row["title"], row["saved_at"], saved_by, editor)


def is_editor(actor: Actor, row: rows.DesignRow, revisions: list[rows.RevisionRow]) -> bool:
    """Whether somebody has edited it, as far as its history tells."""
    return actor.user_id in {row["created_by"], *(one["user_id"] for one in revisions)}


def moment_of(row: rows.DesignRow) -> Words:
    """When its editor was heard of, as a page says it."""
    at = (row["heard_at"] or row["saved_at"]).astimezone(LEGAL_ZONE)
    return say("{hour}:{minute}", hour=f"{at.hour:02}", minute=f"{at.minute:02}")


def taken_over(connection: Connection, number: int, now: datetime) -> TakenOver:
    """What to tell a page that came too late. Raises NotFound."""
    row = found(connection, number)
    line = line_of(connection, row, now)
    return TakenOver(name=line.editor or line.saved_by, at=moment_of(row))


def advance(connection: Connection, actor: Actor, now: datetime, row: rows.DesignRow, files: Mapping[str, bytes],
            session: str = "") -> int:  # fmt: skip
    """The next revision with these files, over the one in ``row``; its number. ``session``: which edits from then on.

    Raises TakenOver, and BadInput for what a folder may not hold.
    """
    must_fit(files)
    if not rows.advance(connection, row, actor.user_id, now, session):
        raise taken_over(connection, row["id"], now)
    return _keep(connection, row, files, actor, session, now)


def _keep(connection: Connection, design: rows.DesignRow, files: Mapping[str, bytes], by: Actor, session: str,
          now: datetime) -> int:  # fmt: skip
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    contents = {digests[name]: data for name, data in files.items()}
    number = design["revision"] + 1
    before = rows.revision(connection, design["id"], design["revision"]) if design["revision"] else None
    together = before is not None and _goes_on(before, by, session, now)
    began = before["began_at"] if together and before is not None else now
    kept: rows.RevisionRow = {
        "design_id": design["id"], "number": number, "files": digests, "user_id": by.user_id, "session": session,
        "began_at": began, "saved_at": now, "snapshot": None,
    }  # fmt: skip
    rows.keep(connection, kept, contents)
    gone = [design["revision"]] if together else _beyond(rows.revisions(connection, design["id"]))
    rows.forget(connection, design["id"], gone)
    return number


def _goes_on(before: rows.RevisionRow, by: Actor, session: str, now: datetime) -> bool:
    same = bool(session) and before["session"] == session and before["user_id"] == by.user_id
    return same and before["snapshot"] is None and now - before["began_at"] < TOGETHER


def _beyond(revisions: list[rows.RevisionRow]) -> list[int]:
    """The oldest ones without a name beyond so many."""
    return [row["number"] for row in revisions if row["snapshot"] is None][MOST_REVISIONS:]
