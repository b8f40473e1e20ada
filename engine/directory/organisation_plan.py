"""The tree as it would be after an import, beside the tree as it is: what is wrong with it, and what changes.

Knows no file and no cell; what is written and told of it is the import's matter (``organisation_import``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from engine.directory.columns import titles
from engine.directory.contents import Directory
from engine.directory.organisation_rows import Problems, Row
from engine.letters import folded
from engine.words import Said, Text, Words, say
from storage import handover
from storage import organisations as stored
from storage.database import Connection
from storage.organisations import OrganisationRow

KEPT = ("code", "name", "short_name", "kind", "parent_code", "path", "level", "figures", "valid", "source")


@dataclass(frozen=True, slots=True)
class Move:
    """An organisation whose path changed; what stores paths elsewhere must follow."""

    code: str
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """What a column held, and what it will hold; empty for nothing."""

    column: Text
    old: Said
    new: Said


@dataclass(frozen=True, slots=True)
class OrganisationChange:
    """An organisation that is new or will be different."""

    code: str
    name: str
    differences: tuple[ColumnChange, ...]


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do: new ones first, ``added`` of them; ``named`` are in the file. ``mark`` stands for it."""

    changes: tuple[OrganisationChange, ...]
    added: int
    named: int
    notes: tuple[Said, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``moved`` also holds those below a moved organisation."""

    added: int
    changed: int
    unchanged: int
    moved: tuple[Move, ...]


@dataclass(slots=True)
class Plan:
    """The tree as it would be after the import, beside the tree as it is."""

    filename: str
    directory: Directory
    before: dict[str, OrganisationRow]
    problems: Problems
    after: dict[str, OrganisationRow] = field(init=False)  # a new one may lack what the file has wrong
    given: dict[str, Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.after = dict(self.before)

    def take(self, rows: tuple[Row, ...], source: str) -> None:
        for row in rows:
            if row.code in self.given:
                what = say("与第 {line} 行重复", line=self.given[row.code].line)
                self._problem(row, "code", what)
                continue
            self.given[row.code] = row
            old = self.before.get(row.code)
            if old is None:
                self._missing(row)
            self.after[row.code] = _merged(old, row, source)

    def _missing(self, row: Row) -> None:
        for column in ("name", "kind"):
            # A cell that was wrong has its own problem already.
            if column not in row.values and column not in row.faulty:
                self._problem(row, column, say("新单位必须填写"))

    def check(self) -> None:
        """Every organisation that the file names, and every one directly under such a one."""
        for code, one in self.after.items():
            row = self.given.get(code) or self.given.get(one["parent_code"] or "")
            if row is None or row.faulty & {"kind", "parent_code"} or "kind" not in one:
                continue
            for column, what in self._wrong(code, one):
                if row.code != code:
                    what = say("（下级 {code} {name}）{what}", code=code, name=one.get("name", ""), what=what)
                self._problem(row, column, what)

    def check_closed(self, connection: Connection) -> None:
        """Every organisation that the file closes: nothing may run in its name, or nobody could go on with it."""
        for code, row in self.given.items():
            closed = code in self.before and self.before[code]["valid"] and not self.after[code]["valid"]
            count = (
                len(handover.running_of(connection, code)) + len(handover.open_at(connection, code)) if closed else 0
            )
            if count:
                what = say("还有{count}项事项或任务在办，请先在单位页面办理“单位变更”，指定接替单位", count=count)
                self._problem(row, "valid", what)

    def check_twins(self) -> None:
        """No two organisations in force with one name, kind and superior: nobody could tell them apart."""
        first: dict[tuple[str, str, str], str] = {}
        for code in sorted(self.after, key=lambda code: code in self.given):  # those that the file does not name, first
            one = self.after[code]
            if not one["valid"] or "name" not in one or "kind" not in one:
                continue
            twin = first.setdefault((folded(one["name"]), one["kind"], one["parent_code"] or ""), code)
            if twin != code and code in self.given:
                what = say("“{name}”与 {code} 的名称、类型、上级都相同", name=one["name"], code=twin)
                self._problem(self.given[code], "name", what)

    def renamed(self) -> list[str]:
        """The organisations that have another name than before."""
        return [
            code for code, row in self.after.items() if code in self.before and row["name"] != self.before[code]["name"]
        ]

    def _wrong(self, code: str, one: OrganisationRow) -> Iterator[tuple[str, Words]]:
        kinds, figures = self.directory.kinds, self.directory.figures
        kind, parent_code = kinds[one["kind"]], one["parent_code"]
        for name in one["figures"]:
            if figures[name].kinds and kind.id not in figures[name].kinds:
                yield name, say("“{kind}”不填这一项", kind=kind.name)
        if not parent_code:
            if kind.parents:
                yield "parent_code", say("“{kind}”必须有上级单位", kind=kind.name)
            return
        parent = self.after.get(parent_code)
        if parent is None:
            yield "parent_code", say("没有编码为“{code}”的单位", code=parent_code)
        elif self._circular(code):
            yield "parent_code", say("上下级关系形成了循环")
        elif parent.get("kind") in kinds and parent["kind"] not in kind.parents:
            above = kinds[parent["kind"]]
            what, name = say("“{kind}”不能隶属于“{above}”（{name}）"), parent.get("name", parent_code)
            yield "parent_code", what.about(kind=kind.name, above=above.name, name=name)
        elif one["valid"] and not parent["valid"]:
            yield "valid", say("上级单位 {code} 已停用", code=parent_code)

    def _circular(self, code: str) -> bool:
        """Whether it stands above itself. One that only hangs below a circle is not at fault."""
        seen: set[str] = set()
        above = code
        while above in self.after and above not in seen:
            seen.add(above)
            above = self.after[above]["parent_code"] or ""
        return above == code

    def _problem(self, row: Row, column: str, what: Words) -> None:
        self.problems.append(row.problem(self.filename, column, what))

    def save(self, connection: Connection) -> Imported:
        """Write what is new or different; the rest is not touched."""
        added, changed = self.added(), self.changed()
        moved = [
            Move(row["code"], self.before[row["code"]]["path"], row["path"])
            for row in changed
            if self.before[row["code"]]["path"] != row["path"]
        ]
        stored.save(connection, [_columns(row) for row in added], [_columns(row) for row in changed])
        touched = {row["code"] for row in changed}
        in_file = sum(code in touched for code in self.given)
        return Imported(len(added), in_file, len(self.given) - len(added) - in_file, tuple(moved))

    def added(self) -> list[OrganisationRow]:
        """The organisations that are new."""
        return [row for code, row in self.after.items() if code not in self.before]

    def changed(self) -> list[OrganisationRow]:
        """Those that are different, or stand elsewhere because one above them moves."""
        return [row for code, row in self.after.items() if code in self.before and _differs(self.before[code], row)]

    def mark(self) -> str:
        """A digest of what is changed, and from what."""
        told = [(self.before.get(row["code"]), row) for row in (*self.added(), *self.changed())]
        kept = [[[old and old[name], new[name]] for name in KEPT] for old, new in told]  # type: ignore[literal-required]
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def foreseen(self, notes: tuple[Said, ...]) -> ImportPreview:
        """What the file would change, for people."""
        changes = [
            OrganisationChange(row["code"], row["name"], self._differences(row))
            for row in (*self.added(), *self.changed())
        ]
        return ImportPreview(tuple(changes), len(self.added()), len(self.given), notes, self.mark())

    def _differences(self, row: OrganisationRow) -> tuple[ColumnChange, ...]:
        old = self.before.get(row["code"])
        names, found = titles(self.directory), []
        for column in (name for name in names if name not in ("code", "remark")):
            was, now = (self._shown(one, column) for one in (old, row))
            if was != now:
                found.append(ColumnChange(names[column], was, now))
        if old is not None and not found:  # it moves with one above it
            found.append(ColumnChange(names["parent_code"], old["path"], row["path"]))
        return tuple(found)

    def _shown(self, row: OrganisationRow | None, column: str) -> Said:
        if row is None:
            return ""
        if column == "kind":
            return self.directory.kinds[row["kind"]].name
        if column == "valid":
            return say("是") if row["valid"] else say("否")
        if column == "parent_code":
            return row["parent_code"] or ""
        if column in ("name", "short_name"):
            return row["name"] if column == "name" else row["short_name"]
        value = row["figures"].get(column, "")
        choices = {choice.id: choice.name for choice in self.directory.figures[column].choices}
        return choices.get(value, str(value))

    def place(self) -> None:
        """Say of each where in the tree it stands."""
        for code in self.after:
            codes = [code]
            while above := self.after[codes[0]]["parent_code"]:
                codes.insert(0, above)
            self.after[code] = {**self.after[code], "path": f"/{'/'.join(codes)}/", "level": len(codes)}


def _merged(old: OrganisationRow | None, row: Row, source: str) -> OrganisationRow:
    start: dict[str, object] = {"code": row.code, "parent_code": None, "valid": True, "figures": {}, "source": source}
    merged = cast(OrganisationRow, {**start, **(old or {}), **row.values})
    figures = {**merged["figures"], **row.figures}
    merged["figures"] = {name: value for name, value in figures.items() if value is not None}
    if "name" in merged:
        merged.setdefault("short_name", merged["name"])
    if old is not None and _differs(old, merged):
        merged["source"] = source
    return merged


def _differs(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    return any(old[column] != new[column] for column in KEPT if column != "source")


def _columns(row: Mapping[str, object]) -> dict[str, object]:
    return {column: row[column] for column in KEPT}
