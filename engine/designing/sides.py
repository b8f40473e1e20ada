"""What can be set beside each other (versions, designs, snapshots, proposals), and what differs. Knows no page.

A side is named by one word, which travels in an address: ``version:KEY:N``, ``design:N`` or ``design:N:REVISION``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.comparing.apart import compared
from engine.comparing.views import FileChange
from engine.designing.folder import DESIGN
from engine.designing.keeping import ACT, files_of, found, is_editor
from engine.designing.unpacking import as_drawn
from engine.directory.actors import Actor
from engine.directory.duties import DESIGNS, require
from engine.errors import NotFound
from engine.words import Text, Words, say
from storage import definitions as published
from storage import designs as rows
from storage.database import Connection, Database
from storage.proposals import ProposalRow

MOST: Final = 50
"""Of each sort that are offered."""
_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class Side:
    """One of them. ``name``: of the process or the design; ``which``: version, design, snapshot; ``at``: since when."""

    ref: str
    key: str
    name: Text
    which: Words
    at: datetime


Found = tuple[Side, dict[str, bytes]]
"""A side with its files by name."""


@dataclass(frozen=True, slots=True)
class SidesCompared:
    """Two sides, and the files that differ."""

    before: Side
    after: Side
    files: tuple[FileChange, ...]


class Sides:
    """What designers set beside each other. Writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def offered(self, actor: Actor, ref: str) -> tuple[Side, ...]:
        """All that can be compared with a side: of the same process. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            key = _found(connection, actor, ref)[0].key
            return (*_versions(connection, key), *_designs(connection, actor, key))

    def beside(self, actor: Actor, ref: str) -> str:
        """What a side is compared with when nobody has chosen: what it was copied from, what is in force, itself."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            side, _ = _found(connection, actor, ref)
            row = rows.get(connection, _number(ref.split(":")[1])) if ref.startswith("design:") else None
            based = published.get(connection, row["based_on"]) if row and row["based_on"] else None
            if based is not None:
                return f"version:{based.key}:{based.version}"
            now = published.version(connection, side.key, None)
            return f"version:{side.key}:{now['version']}" if now else ref

    def difference(self, actor: Actor, before: str, after: str) -> SidesCompared:
        """What differs between two sides. Raises NotFound, NotCompared."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            one, old = _found(connection, actor, before)
            other, new = _found(connection, actor, after)
        return SidesCompared(one, other, tuple(compared(old, new)))

    def diagram(self, actor: Actor, ref: str, file: str) -> str:
        """A diagram of a side, with a drawing. Raises NotFound."""
        require(actor, DESIGNS, ACT)
        with self._database.read() as connection:
            return drawn(_found(connection, actor, ref)[1], file)


def drawn(files: Mapping[str, bytes], file: str) -> str:
    """A diagram among files, with a drawing. Raises NotFound."""
    if not file.endswith(".bpmn") or file not in files:
        raise NotFound(what=say("这个文件"))
    return as_drawn(file, files[file])


def of_proposal(connection: Connection, row: ProposalRow) -> tuple[Found, Found]:
    """What a proposal replaces, and what it is. Once it is in force: what was in force when it was proposed."""
    name, at = (row["title"], ""), row["proposed_at"]
    now = published.current_digests(connection).get(row["key"])
    stored = published.get(connection, (row["based_on"] if row["published_at"] else now) or "")
    before: Found = Side("", row["key"], name, say("还没有发布过"), at), {}
    if stored is not None:
        before = _published(connection, row["key"], stored.version)
    return before, (Side("", row["key"], name, say("提请发布的内容"), at), published.unpacked(row["files"]))


def _published(connection: Connection, key: str, number: int) -> Found:
    row = published.version(connection, key, number)
    stored = published.get(connection, row["digest"]) if row else None
    if row is None or stored is None:
        raise NotFound(what=say("这个流程定义"))
    return _version(row), stored.files


def _found(connection: Connection, actor: Actor, ref: str) -> Found:
    sort, _, told = ref.partition(":")
    if sort == "version":
        key, _, number = told.rpartition(":")
        return _published(connection, key, _number(number))
    number, _, revision = told.partition(":")
    if sort != "design":
        raise NotFound(what=DESIGN)
    design = found(connection, _number(number))
    if not revision:
        return _design(design), files_of(connection, design["id"], design["revision"])
    kept = rows.revision(connection, design["id"], _number(revision))
    if kept is None or not is_editor(actor, design, rows.revisions(connection, design["id"])):
        raise NotFound(what=say("这个版本"))
    return _kept(design, kept), files_of(connection, design["id"], kept["number"])


def _number(text: str) -> int:
    """Raises NotFound: what is no number names nothing."""
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return int(text)
    raise NotFound(what=say("这个版本"))


def _versions(connection: Connection, key: str) -> Iterator[Side]:
    found, _ = published.versions(key).piece(connection, "", MOST)
    yield from map(_version, found)


def _designs(connection: Connection, actor: Actor, key: str) -> Iterator[Side]:
    for design in rows.of_key(connection, key, MOST):
        yield _design(design)
        kept = rows.revisions(connection, design["id"])
        if is_editor(actor, design, kept):
            yield from (_kept(design, one) for one in kept[:MOST] if one["number"] != design["revision"])


def _version(row: published.ListedDefinition) -> Side:
    name = (row["name_zh"], row["name_en"])
    which = say("第{version}版", version=row["version"])
    return Side(f"version:{row['key']}:{row['version']}", row["key"], name, which, row["published_at"])


def _design(row: rows.DesignRow) -> Side:
    return Side(f"design:{row['id']}", row["key"], (row["title"], ""), DESIGN, row["saved_at"])


def _kept(design: rows.DesignRow, row: rows.RevisionRow) -> Side:
    which = say("快照“{name}”", name=row["snapshot"]) if row["snapshot"] else say("设计稿的历史版本")
    return Side(f"design:{design['id']}:{row['number']}", design["key"], (design["title"], ""), which, row["saved_at"])
