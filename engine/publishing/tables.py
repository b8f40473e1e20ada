"""Effective tables as they are published: found by name, by digest for good; and whom a new one would not fit.

A publication of a table is a row of its own with all versions of the table, so what an event names by its digest can
always be read again. Knows no case.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.checks.around import Surroundings
from engine.damage import note
from engine.definition import TABLES, Files, table_of
from engine.dmn.effective import Dated, EffectiveTable, read_table
from engine.errors import DataUnreadable, NotFound, Problem
from engine.publishing.quarantine import inspect
from engine.words import Text, say
from storage import definitions as rows
from storage.database import Connection, Database, Unreachable


class PublishedTables:
    """The effective tables of one database. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._made: dict[str, EffectiveTable] = {}
        self._lock = threading.Lock()

    def current(self, connection: Connection, name: str) -> EffectiveTable | None:
        """The newest publication of a table; None when there is none. Raises DataUnreadable."""
        digest = rows.current_digests(connection).get(f"{TABLES}/{name}")
        return None if digest is None else self._get(connection, digest)

    def all(self, connection: Connection) -> dict[str, EffectiveTable]:
        """The newest publication of every table by name; what cannot be read is left out, and noted."""
        found = {}
        for key in sorted(rows.current_digests(connection)):
            try:
                table = self.current(connection, table_of(key)) if table_of(key) else None
            except DataUnreadable as error:
                note(say("决策表{name}", name=table_of(key)), error)
                continue
            if table is not None:
                found[table.id] = table
        return found

    def by_digest(self, digest: str) -> EffectiveTable:
        """A publication, however old. Raises NotFound, DataUnreadable."""
        known = self._made.get(digest)
        if known is not None:
            return known
        with self._database.read() as connection:
            return self._get(connection, digest)

    def _get(self, connection: Connection, digest: str) -> EffectiveTable:
        found = self._made.get(digest)
        if found is None:
            made = _read(connection, digest)
            with self._lock:
                found = self._made.setdefault(digest, made)
        return found

    def named_in(self, connection: Connection, files: Files) -> NamedTables:
        """The tables that these files may ask: those of whose name some text of theirs speaks."""
        return NamedTables(self, frozenset(_mentioned(files, map(table_of, rows.current_digests(connection)))))


@dataclass(frozen=True, slots=True)
class NamedTables:
    """The effective tables that one definition may ask (``engine.dmn.effective.Tables``)."""

    published: PublishedTables
    names: frozenset[str]

    def version(self, digest: str, file: str) -> Dated:
        """A version of one of them. Raises NotFound, DataUnreadable, LookupError."""
        return self.published.by_digest(digest).file(file)


def _read(connection: Connection, digest: str) -> EffectiveTable:
    try:
        stored = rows.get(connection, digest)
        if stored is not None:
            return read_table(table_of(stored.key), stored.files, digest, stored.version)
    except Unreachable:
        raise
    except Exception as error:
        raise DataUnreadable(what=say("决策表")) from error
    raise NotFound(what=say("这张决策表"))


def _mentioned(files: Files, names: Iterable[str]) -> set[str]:
    texts = [data for name, data in files.items() if name.endswith((".bpmn", ".json"))]
    return {name for name in names if name and any(name.encode() in text for text in texts)}


def inputs_of(tables: Mapping[str, EffectiveTable], today: date) -> dict[str, tuple[str, ...]]:
    """What callers of each table must give: the inputs of all its versions that are in force or to come."""
    return {
        name: tuple(dict.fromkeys(one for dated in table.from_now(today) for one in dated.decision.parameters))
        for name, table in tables.items()
    }


def differing(table: EffectiveTable, today: date) -> Iterator[Problem]:
    """Versions of one table, in force or to come, whose answers have other entries: no caller could fit both."""
    first, *others = table.from_now(today) or (None,)
    for one in others:
        if first is not None and one.outputs != first.outputs:
            what = say("输出与{file}的不同：现行和将施行的版本，输出的名称必须一致。", file=first.file)
            hint = say("需要增加输出的，请在各个版本里都加上。")
            yield Problem(f"{TABLES}/{table.id}/{one.file}", table.id, what, hint)


@dataclass(frozen=True, slots=True)
class TableChange:
    """A publication as it concerns tables: those in force ``before`` it, and those that it brings."""

    before: Mapping[str, EffectiveTable]
    brought: Mapping[str, EffectiveTable]

    @property
    def after(self) -> Mapping[str, EffectiveTable]:
        """All tables once it is done."""
        return {**self.before, **self.brought}

    def name(self, key: str) -> Text | None:
        """What a table is called that it brings; None for anything else."""
        found = self.brought.get(table_of(key))
        return found.versions[-1].decision.name if found is not None else None

    def overtaken(self, current: Mapping[str, str]) -> bool:
        """Whether somebody else has published a table since ``before`` was read."""
        return {table_of(key): digest for key, digest in current.items() if table_of(key)} != {
            name: one.digest for name, one in self.before.items()
        }

    def unfit(
        self, database: Database, around: Surroundings, replaced: Collection[str], today: date
    ) -> Iterator[Problem]:
        """Why the tables must not come in force: versions that differ, and definitions that would be left behind.

        Those are in force or of running cases, and fit the tables as they were, but not as they come (``around``).
        ``replaced``: keys of the definitions that come in force together with them; of those only running cases count.
        """
        for one in self.brought.values():
            yield from differing(one, today)
        was = replace(around, tables=inputs_of(self.before, today))
        dropped = {name for name, one in self.before.items() if _loses(one, self.after[name], today)}
        names = {name for name in was.tables if was.tables[name] != around.tables[name]} | dropped
        if not names:
            return
        with database.read() as connection:
            for row in rows.listed(connection):
                if row["key"][0] != "_" and ((row["current"] and row["key"] not in replaced) or row["running"]):
                    yield from _left_behind(row, _files(connection, row), names, dropped, (was, around))


def _loses(one: EffectiveTable, other: EffectiveTable, today: date) -> bool:
    """Whether the answers of a table come to have fewer or other entries."""
    before, after = ({name for dated in table.from_now(today) for name in dated.outputs} for table in (one, other))
    return bool(one.from_now(today)) and (bool(before - after) or bool(before) != bool(after))


def _left_behind(
    row: rows.ListedDefinition, files: Files, names: set[str], dropped: set[str], around: tuple[Surroundings, ...]
) -> Iterator[Problem]:
    asked, which = _mentioned(files, names), {"key": row["key"], "version": row["version"]}
    for name in sorted(asked & dropped):
        what = say("{key}第{version}版还在用这张表，输出的名称不能减少或改变。", **which)
        yield Problem(f"{TABLES}/{name}", name, what, say("请保留原有的输出；要改的，请另建一张表。"))
    was, now = (inspect({row["key"]: files}, one)[row["key"]].problems if asked else () for one in around)
    for problem in now:
        if problem.severity == "error" and problem not in was:
            what = say("{key}第{version}版（现行，或者有在办事项）不符：{what}", what=problem.what, **which)
            yield Problem(TABLES, problem.place, what, say("请先发布改好的流程，等旧版的事项办结；或者另建一张表。"))


def _files(connection: Connection, row: rows.ListedDefinition) -> Files:
    try:
        stored = rows.get(connection, row["digest"])
    except Unreachable:
        raise
    except Exception as error:  # nobody can tell what a damaged definition needs
        note(say("流程定义{key}", key=row["key"]), error)
        return {}
    return stored.files if stored is not None else {}
