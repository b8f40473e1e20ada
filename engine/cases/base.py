"""What acts and readings share: the parts of an installation that cases need, and the ids of cases and tasks. No act.

``Readable`` is all of a database that a reading is given: what reads cannot write.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final, Protocol, TypedDict

from engine.calendar.days import Calendar
from engine.calendar.in_force import Calendars
from engine.cases.event_types import HOLDER_NAMED, payload
from engine.cases.periods import acts_on_period
from engine.cases.verb_types import HolderNamed
from engine.definition import Definition
from engine.diagram import Outcome
from engine.directory import organisations
from engine.directory.organisations import Organisation
from engine.errors import (
    BadInput,
    DataUnreadable,
    EngineFailed,
    ExpressionFailed,
    NoRuleMatched,
    NoTableInForce,
    NotFound,
    NotWaiting,
    OperationFailed,
    Suspended,
)
from engine.feel import BudgetExceeded, Environment, compile_expression, present
from engine.files.store import FileStore
from engine.model import Clock
from engine.operations.holders import resolve
from engine.operations.registry import Once, Scene
from engine.publishing.catalog import Catalog
from engine.spiff import Stored
from engine.words import say
from storage import cases as rows
from storage import events, log
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow, TaskRow

logger = logging.getLogger(__name__)

FAULTS: Final = (
    BadInput,
    ExpressionFailed,
    NoRuleMatched,
    NoTableInForce,
    OperationFailed,
    EngineFailed,
    BudgetExceeded,
    NotWaiting,
    DataUnreadable,
    Suspended,
)
"""Why something may not be computed again: the diagram's fault, which must keep no notice from coming in force."""
LONGEST_ID = 9
"""Digits of an id that fits into a database's integer (32 bits)."""


class TaskPlace(TypedDict):
    """What of a row says which task it is, or is about."""

    case_id: int
    number: int


class Readable(Protocol):
    """A database of which one snapshot after another can be read."""

    def read(self) -> AbstractContextManager[Connection]:
        """One consistent snapshot; nothing written in it is kept."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of an installation on which every act and every reading of cases rests. Shared between threads."""

    database: Readable
    catalog: Catalog
    clock: Clock
    files: FileStore
    calendars: Calendars = field(default_factory=Calendars)

    def now(self) -> datetime:
        """The moment of the step under way."""
        return present(self.clock.now)

    def definition(self, connection: Connection, case: CaseRow) -> Definition:
        """The definition by which a case runs, for life; the columns of lists are those of the version in force."""
        return self.catalog.listed(connection, case["digest"], case["listed_by"])

    def calendar_of(self, connection: Connection, case: CaseRow) -> Calendar:
        """The calendar in force for the organisation of a case."""
        return self.calendars.by_path(connection)(case["organisation_path"])

    def scene(
        self,
        connection: Connection,
        organisation: Organisation,
        starter_id: int,
        now: datetime,
        definition: Definition | None = None,
    ) -> Scene:
        """What operations may ask of the world for a case of an organisation at one moment, each looked up once."""
        registers = Once(partial(self.catalog.registers, connection))
        calendar = Once(partial(self.calendars.of, connection, organisation))
        documents = definition.documents if definition else {}
        return Scene(
            connection,
            now,
            organisation,
            starter_id,
            registers,
            calendar,
            process=definition.key if definition else "",
            documents=documents,
            keep=self.files.put,
            find_table=partial(self.catalog.tables.current, connection),
        )

    def scene_of(self, connection: Connection, case: CaseRow, now: datetime) -> Scene:
        """The same for a case that stands."""
        organisation = organisations.get(connection, case["organisation_code"])
        definition = self.definition(connection, case)
        scene = self.scene(connection, organisation, case["starter_id"], now, definition)
        scene.case_id, scene.find_acts = case["id"], partial(acts_on_period, connection, definition, case["id"])
        scene.find_named = partial(_named_for, connection, case["id"])
        return scene


def _named_for(connection: Connection, case_id: int, element: str) -> str | None:
    """The inbox key of whom an operator has named last for an element of a case."""
    named = [payload(event, HolderNamed) for event in events.named(connection, case_id, HOLDER_NAMED)]
    return next((one["candidate"] for one in reversed(named) if one["element"] == element), None)


def task_and_case(connection: Connection, task_id: str, *, lock: bool = False) -> tuple[TaskRow, CaseRow]:
    """The rows of a task and its case. Raises NotFound for an id that is none."""
    case_id, number = parse_task_id(task_id)
    case = rows.lock(connection, case_id) if lock else rows.get(connection, case_id)
    task = rows.task(connection, case_id, number) if case else None
    if case is None or task is None:
        raise NotFound(what=say("这项任务"))
    return task, case


def open_tasks_of(connection: Connection, case_id: int) -> list[TaskRow]:
    """The open task rows of a case."""
    return log.open_tasks(connection, case_id)


def admit(definition: Definition) -> None:
    """Before anything is done by a definition. Raises Suspended, also when others must come first."""
    if definition.owner is not None:
        definition.owner.begin()


def stands(definition: Definition, case: CaseRow, seen: Mapping[str, Any], text: str) -> Any:
    """What an expression of the diagram gives for what a task of a case sees as it stands; it asks no operation."""
    return compile_expression(text).evaluate(seen, Environment(now=case["opened_at"], owner=definition.owner))


def seen_at(connection: Connection, case: CaseRow, task: TaskPlace) -> Mapping[str, Any]:
    """The variables that a task of a case sees as it stands: an instance of a multi-instance has its own."""
    return Stored(case["state"], Pieces(connection, case["id"])).seen(task["number"])


def not_before(connection: Connection, case: CaseRow, now: datetime) -> datetime:
    """The moment of an act on a case that is locked: ``now``, but never before its newest event.

    A clock may be set back, and two machines may differ; the order of what happened is the events' own.
    """
    newest = events.newest_at(connection, case["id"], case["revision"])
    if newest is None or newest <= now:
        return now
    _tell_of_clock(newest - now)
    return newest


@cache
def _told_of(_hours: int) -> None:
    logger.warning(
        "the clock is behind what has happened already, by about %s hours: such cases stay at the moment of their"
        " newest event until it has caught up",
        _hours,
    )


def _tell_of_clock(behind: timedelta) -> None:
    """One line, and one more each time that it is another number of hours."""
    _told_of(-(-behind // timedelta(hours=1)))


def parse_case_id(text: str) -> int:
    """``17``. Raises NotFound for anything else."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        return int(text)
    raise NotFound(what=say("这个事项"))


def parse_task_id(text: str) -> tuple[int, int]:
    """``17-3`` as case and number. Raises NotFound for anything else."""
    case, dash, number = text.partition("-")
    if dash and all(part.isascii() and part.isdigit() and len(part) <= LONGEST_ID for part in (case, number)):
        return int(case), int(number)
    raise NotFound(what=say("这项任务"))


def task_id(row: TaskPlace) -> str:
    """The id of a task row as people and programs see it."""
    return f"{row['case_id']}-{row['number']}"


def within_reach(
    connection: Connection, organisation: Organisation, definition: Definition, outcome: Outcome
) -> Outcome:
    """The outcome with those targets only where the tree has somebody to ask, seen from the case's organisation."""
    if len(outcome.targets) < 2:
        return outcome
    named = {one for one in outcome.targets if any(a.by_data for a in definition.elements[one].assignments)}
    rules = {one: [(a.role, a.where, a.kinds) for a in definition.elements[one].assignments] for one in outcome.targets}
    return replace(
        outcome, targets=tuple(one for one in rules if one in named or resolve(connection, organisation, rules[one]))
    )
