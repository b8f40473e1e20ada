"""Designs: folders of a process that designers work on, every revision of them, and their files by content hash.

Nothing here runs. A page that edits a design says so with a session; a revision is kept only over the one that it has
seen.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TypedDict

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from storage.database import Json, UtcTime, metadata, new_id, row_of, rows_of

designs = Table(
    "designs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False),  # of the process that it is to be
    Column("title", String(200), nullable=False),
    Column("based_on", String(64)),  # digest of the version that was copied; null: of none
    Column("revision", Integer, nullable=False),
    Column("created_by", ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("saved_by", ForeignKey("users.id"), nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("editor_id", ForeignKey("users.id")),  # who has it open to edit; null: nobody
    Column("session", String(40), nullable=False),  # the page in which he has; empty: none
    Column("heard_at", UtcTime),  # when that page was heard of last
    Column("editors", Json, nullable=False),  # ids of all who have ever saved it, whatever of its history is kept
    Index("ix_designs_saved_at", "saved_at"),
)
design_revisions = Table(
    "design_revisions",
    metadata,
    Column("design_id", ForeignKey("designs.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("files", Json, nullable=False),  # name in the folder to digest
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("session", String(40), nullable=False),
    Column("began_at", UtcTime, nullable=False),  # when the first of what went into it was saved
    Column("saved_at", UtcTime, nullable=False),
    Column("snapshot", String(60)),  # its name; null: it has none
)
design_contents = Table(
    "design_contents",
    metadata,
    Column("design_id", ForeignKey("designs.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),  # SHA-256 of the content
    Column("content", LargeBinary, nullable=False),  # packed by zlib
)
_d, _r, _c = designs.c, design_revisions.c, design_contents.c


class NewDesign(TypedDict):
    """A design before it has its id."""

    key: str
    title: str
    based_on: str | None
    revision: int
    created_by: int
    created_at: datetime
    saved_by: int
    saved_at: datetime
    editor_id: int | None
    session: str
    heard_at: datetime | None
    editors: list[int]


class DesignRow(NewDesign):
    """A design."""

    id: int


class RevisionRow(TypedDict):
    """A revision."""

    design_id: int
    number: int
    files: dict[str, str]
    user_id: int
    session: str
    began_at: datetime
    saved_at: datetime
    snapshot: str | None


class ContentRow(TypedDict):
    """The content of a file."""

    design_id: int
    digest: str
    content: bytes


def add(connection: Connection, row: NewDesign) -> int:
    """A new design; its id."""
    return new_id(connection, designs, row)


def get(connection: Connection, number: int) -> DesignRow | None:
    """One of them."""
    return row_of(connection, select(designs).where(_d.id == number), DesignRow)


def newest(connection: Connection, most: int) -> list[DesignRow]:
    """Those that were saved last."""
    return rows_of(connection, select(designs).order_by(_d.saved_at.desc(), _d.id.desc()).limit(most), DesignRow)


def of_key(connection: Connection, key: str, most: int) -> list[DesignRow]:
    """Those of a process that were saved last."""
    found = select(designs).where(_d.key == key).order_by(_d.saved_at.desc(), _d.id.desc()).limit(most)
    return rows_of(connection, found, DesignRow)


def count_of(connection: Connection, user_id: int) -> int:
    """How many a person has begun."""
    found = select(func.count()).select_from(designs).where(_d.created_by == user_id)
    return int(connection.execute(found).scalar_one())


def advance(connection: Connection, row: DesignRow, by: int, now: datetime, session: str) -> bool:
    """Count one revision further, over the one and in the session of ``row``; whether they still stood.

    ``session``: the one that edits from now on; empty: none.
    """
    seen = (_d.id == row["id"], _d.revision == row["revision"], _d.session == row["session"])
    change = update(designs).where(*seen)
    values: dict[str, object] = {"revision": row["revision"] + 1, "saved_by": by, "saved_at": now, "heard_at": now}
    values["editors"] = sorted({*row["editors"], by})
    values |= {"session": session, "editor_id": by if session else None}
    return connection.execute(change.values(values)).rowcount == 1


def hold(connection: Connection, number: int, seen: tuple[int, str], by: int | None, session: str,
         now: datetime) -> bool:  # fmt: skip
    """Let a session edit a design, or (empty) nobody; whether the revision and the session before still stood."""
    change = update(designs).where(_d.id == number, _d.revision == seen[0], _d.session == seen[1])
    return connection.execute(change.values(editor_id=by, session=session, heard_at=now)).rowcount == 1


def revision(connection: Connection, number: int, which: int) -> RevisionRow | None:
    """One revision of a design."""
    found = select(design_revisions).where(_r.design_id == number, _r.number == which)
    return row_of(connection, found, RevisionRow)


def revisions(connection: Connection, number: int) -> list[RevisionRow]:
    """All revisions of a design that are kept, the newest first."""
    found = select(design_revisions).where(_r.design_id == number).order_by(_r.number.desc())
    return rows_of(connection, found, RevisionRow)


def keep(connection: Connection, row: RevisionRow, contents: Mapping[str, bytes]) -> None:
    """A revision, with the contents by digest that may be new."""
    there = set(connection.execute(select(_c.digest).where(_c.design_id == row["design_id"])).scalars())
    for digest in contents.keys() - there:
        packed = {"design_id": row["design_id"], "digest": digest, "content": zlib.compress(contents[digest], 6)}
        connection.execute(insert(design_contents), packed)
    connection.execute(insert(design_revisions), dict(row))


def name(connection: Connection, number: int, which: int, snapshot: str) -> None:
    """Make a revision a snapshot."""
    own = (_r.design_id == number, _r.number == which)
    connection.execute(update(design_revisions).where(*own).values(snapshot=snapshot))


def forget(connection: Connection, number: int, which: Collection[int]) -> None:
    """Forget revisions of a design, and what no other one has."""
    if not which:
        return
    connection.execute(delete(design_revisions).where(_r.design_id == number, _r.number.in_(list(which))))
    named = {digest for row in revisions(connection, number) for digest in row["files"].values()}
    there = set(connection.execute(select(_c.digest).where(_c.design_id == number)).scalars())
    for digest in there - named:
        connection.execute(delete(design_contents).where(_c.design_id == number, _c.digest == digest))


def contents(connection: Connection, number: int, digests: Collection[str]) -> dict[str, bytes]:
    """The contents of files by digest."""
    found = select(_c.digest, _c.content).where(_c.design_id == number, _c.digest.in_(list(digests)))
    return {digest: zlib.decompress(packed) for digest, packed in connection.execute(found)}


def remove(connection: Connection, number: int) -> None:
    """Forget a design with all that was ever in it."""
    for table, column in ((design_contents, _c.design_id), (design_revisions, _r.design_id), (designs, _d.id)):
        connection.execute(delete(table).where(column == number))


def forget_old(connection: Connection, designs_before: datetime, history_before: datetime) -> int:
    """Forget designs that nobody has saved since, and revisions without a name of others; how many in all.

    The revision that a design stands at stays.
    """
    old = list(connection.execute(select(_d.id).where(_d.saved_at < designs_before)).scalars())
    for number in old:
        remove(connection, number)
    gone = select(_r.design_id, _r.number).join(designs, _d.id == _r.design_id)
    gone = gone.where(_r.saved_at < history_before, _r.snapshot.is_(None), _r.number != _d.revision)
    by_design: dict[int, list[int]] = {}
    for number, which in connection.execute(gone):
        by_design.setdefault(number, []).append(which)
    for number, several in by_design.items():
        forget(connection, number, several)
    return len(old) + sum(map(len, by_design.values()))
