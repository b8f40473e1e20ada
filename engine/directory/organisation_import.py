"""Takes a table of organisations into the tree: all of it, or nothing and a list of every mistake. Knows no page.

A row names an organisation by its code. A cell that is empty, or a column that is not there, leaves what is known;
``-`` clears a figure. So a table of codes and one figure is enough to bring that figure up to date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from engine.database import writing
from engine.directory.actors import Actor
from engine.directory.contents import Directory
from engine.directory.duties import ORGANISATIONS, require
from engine.directory.in_force import in_force
from engine.directory.organisation_rows import Problems, Row, read_rows
from engine.directory.organisations import Organisation, from_row
from engine.errors import Problem, Refusal
from engine.files.sheets import read_sheet
from engine.words import Words, say
from storage import account_events as events
from storage import cases as case_rows
from storage import handover
from storage import organisations as stored
from storage.database import Connection, Database
from storage.organisations import OrganisationRow

KEPT = ("code", "name", "short_name", "kind", "parent_code", "path", "level", "figures", "valid", "source")


class ImportRefused(Refusal):
    """A file of organisations of which nothing was taken; ``problems`` says what in it is wrong."""

    sentence = say("文件中有 {count} 处错误，没有作任何更改。")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


@dataclass(frozen=True, slots=True)
class Move:
    """An organisation whose path changed; what stores paths elsewhere must follow."""

    code: str
    old_path: str
    new_path: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``moved`` also holds those below a moved organisation."""

    added: int
    changed: int
    unchanged: int
    moved: tuple[Move, ...]


Renamed = Callable[[Connection, Organisation, Organisation], None]
"""Told of an organisation as it was and as it is now called, in the transaction that gives it another name."""


def load(
    database: Database, filename: str, data: bytes, now: datetime, by: Actor | None = None, source: str = "",
    renamed: Renamed | None = None,
) -> Imported:  # fmt: skip
    """Import a CSV or Excel file in one transaction; ``by`` is none for the command line.

    Raises SheetUnreadable, ImportRefused with every problem, NotAllowed, NoDirectory, Conflict.
    """
    if by is not None:
        require(by, ORGANISATIONS, say("导入单位"))
    sheet = read_sheet(filename, data)
    with writing(database) as connection:
        directory = in_force(connection)
        rows, problems = read_rows(filename, sheet, directory)
        before = {row["code"]: row for row in stored.everything(connection)}
        plan = _Plan(filename, directory, before, problems)
        plan.take(rows, source or filename)
        plan.check()
        plan.check_closed(connection)
        if plan.problems:
            raise ImportRefused(tuple(problem for _, problem in sorted(plan.problems, key=lambda one: one[0])))
        done = plan.save(connection)
        for move in done.moved:
            case_rows.follow_organisation(connection, move.code, move.old_path, move.new_path)
        if renamed is not None:
            for code in plan.renamed():
                renamed(connection, from_row(before[code]), from_row(plan.after[code]))
        facts = {"file": filename, "sha256": hashlib.sha256(data).hexdigest(), "added": done.added}
        facts |= {"changed": done.changed, "moved": len(done.moved)}
        events.append(connection, now, "organisations_imported", actor_id=by.user_id if by else None, facts=facts)
    return done


@dataclass(slots=True)
class _Plan:
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
        self._place()
        added = [row for code, row in self.after.items() if code not in self.before]
        changed = [row for code, row in self.after.items() if code in self.before and _differs(self.before[code], row)]
        moved = [
            Move(row["code"], self.before[row["code"]]["path"], row["path"])
            for row in changed
            if self.before[row["code"]]["path"] != row["path"]
        ]
        stored.save(connection, [_columns(row) for row in added], [_columns(row) for row in changed])
        touched = {row["code"] for row in changed}
        in_file = sum(code in touched for code in self.given)
        return Imported(len(added), in_file, len(self.given) - len(added) - in_file, tuple(moved))

    def _place(self) -> None:
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
