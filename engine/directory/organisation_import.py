"""Takes a table of organisations into the tree: all of it, or nothing and a list of every mistake. Knows no page.

A row names an organisation by its code. A cell that is empty, or a column that is not there, leaves what is known;
``-`` clears a figure. So a table of codes and one figure is enough to bring that figure up to date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from engine.database import writing
from engine.directory.actors import Actor
from engine.directory.duties import ORGANISATIONS, require
from engine.directory.in_force import in_force
from engine.directory.organisation_plan import Imported, ImportPreview, Plan
from engine.directory.organisation_rows import read_rows
from engine.directory.organisations import Organisation, from_row
from engine.errors import Conflict, Problem, Refusal
from engine.files.sheets import read_sheet
from engine.files.table import Sheet
from engine.words import say
from storage import account_events as events
from storage import cases as case_rows
from storage import organisations as stored
from storage.database import Connection, Database


class ImportRefused(Refusal):
    """A file of organisations of which nothing was taken; ``problems`` says what in it is wrong."""

    sentence = say("文件中有 {count} 处错误，没有作任何更改。")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


class NotAsForeseen(Conflict):
    """An import that would do something else than was shown before."""

    sentence = say("预览之后单位有了变动，没有导入。请重新选择文件，核对后再确认。")


Renamed = Callable[[Connection, Organisation, Organisation], None]
"""Told of an organisation as it was and as it is now called, in the transaction that gives it another name."""


def load(
    database: Database, filename: str, data: bytes, now: datetime, by: Actor | None = None, source: str = "",
    renamed: Renamed | None = None, foreseen: str = "",
) -> Imported:  # fmt: skip
    """Import a CSV or Excel file in one transaction; ``by`` is none for the command line.

    ``foreseen``: the mark of what was shown before (``foresee``), which must be what is done. Raises SheetUnreadable,
    ImportRefused with every problem, NotAllowed, NoDirectory, Conflict and its NotAsForeseen.
    """
    if by is not None:
        require(by, ORGANISATIONS, say("导入单位"))
    sheet = read_sheet(data)
    with writing(database) as connection:
        plan = _planned(connection, filename, sheet, source or filename)
        if foreseen and plan.mark() != foreseen:
            raise NotAsForeseen
        done = plan.save(connection)
        for move in done.moved:
            case_rows.follow_organisation(connection, move.old_path, move.new_path)
        if renamed is not None:
            for code in plan.renamed():
                renamed(connection, from_row(plan.before[code]), from_row(plan.after[code]))
        facts = {"file": filename, "sha256": hashlib.sha256(data).hexdigest(), "added": done.added}
        facts |= {"changed": done.changed, "moved": len(done.moved)}
        events.append(connection, now, "organisations_imported", actor_id=by.user_id if by else None, facts=facts)
    return done


def foresee(database: Database, filename: str, data: bytes, by: Actor) -> ImportPreview:
    """What ``load`` would change now. Changes nothing. Raises what ``load`` raises."""
    require(by, ORGANISATIONS, say("导入单位"))
    sheet = read_sheet(data)
    with database.read() as connection:
        plan = _planned(connection, filename, sheet, filename)
    return plan.foreseen(sheet.notes)


def _planned(connection: Connection, filename: str, sheet: Sheet, source: str) -> Plan:
    directory = in_force(connection)
    rows, problems = read_rows(filename, sheet, directory)
    before = {row["code"]: row for row in stored.everything(connection)}
    plan = Plan(filename, directory, before, problems)
    plan.take(rows, source)
    plan.check()
    plan.check_twins()
    plan.check_closed(connection)
    if plan.problems:
        raise ImportRefused(tuple(problem for _, problem in sorted(plan.problems, key=lambda one: one[0])))
    plan.place()
    return plan
