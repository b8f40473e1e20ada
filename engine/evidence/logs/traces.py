"""What an event log says of cases, one case after another. Reads, and writes nothing; knows no format of a file.

What is confidential in a case is left out with its events, as for an auditor everywhere; while a step of it is, its
records are, too. What people wrote, titles, summaries and fields are never read from an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypedDict

from engine.calendar.days import Calendar
from engine.calendar.working_time import working_minutes
from engine.cases.base import Parts
from engine.cases.event_types import TASK_COMPLETED, payload
from engine.cases.reading.history import outcome_at
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.diagram import Element
from engine.directory import in_force
from engine.errors import BadInput, DataUnreadable
from engine.evidence.logs.kinds import kind_of
from engine.evidence.logs.pseudonyms import Pseudonyms
from engine.registers import Register
from engine.words import Text
from storage import audit, cases, events, records
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import TaskRow

PERSON: Final = "person"


@dataclass(frozen=True, slots=True)
class LoggedThing:
    """A record that a case has written: its register, and its number, or a pseudonym of that."""

    register: str
    number: str


@dataclass(frozen=True, slots=True)
class TraceEvent:
    """An event. ``resource``: a pseudonym, empty for the system; ``minutes``: of working days since the task came."""

    sequence: int
    at: datetime
    kind: str
    name: Text
    transition: str
    resource: str
    role: Text | None
    outcome: Text | None
    minutes: int | None
    things: tuple[LoggedThing, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A case. ``key``: of its process."""

    number: str
    key: str
    process: Text
    status: str


@dataclass(frozen=True, slots=True)
class Trace:
    """A case with its events, oldest first. ``unreadable``: how many events more there are that cannot be read."""

    head: Head
    events: tuple[TraceEvent, ...]
    unreadable: int


class _Handed(TypedDict, total=False):
    """What is read of an event that may be any."""

    element: str
    task: int
    submission: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    """An event with what it takes to tell of it. ``tasks``: of its case, by number."""

    definition: Definition
    calendar: Calendar
    event: LoggedEvent
    tasks: Mapping[int, TaskRow]
    things: tuple[LoggedThing, ...]

    @property
    def element(self) -> Element | None:
        return self.definition.element_of(str(payload(self.event, _Handed).get("element")))

    @property
    def outcome(self) -> Text | None:
        if self.event["name"] != TASK_COMPLETED:
            return None
        return outcome_at(self.element, payload(self.event, _Handed).get("submission") or {})[0]

    @property
    def minutes(self) -> int | None:
        """Working time from the coming of a task to its completion, by the calendar in force."""
        number = payload(self.event, _Handed).get("task")
        task = self.tasks.get(number) if self.event["name"] == TASK_COMPLETED and number is not None else None
        if task is not None and isinstance(task["opened_at"], datetime):  # else it cannot be read
            with suppress(BadInput):
                return working_minutes(self.calendar, task["opened_at"], self.event["at"])
        return None


class Traces:
    """The cases of one export, at the moment of one reading."""

    def __init__(self, connection: Connection, parts: Parts, wanted: audit.Wanted) -> None:
        self._connection, self._parts, self._wanted = connection, parts, wanted
        self._pseudonyms = Pseudonyms()
        self._roles = in_force.in_force(connection).roles
        self._registers: Mapping[str, Register] = parts.catalog.registers(connection)

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """What each register is called."""
        return {name: one.title for name, one in self._registers.items()}

    def every(self) -> Iterator[Trace]:
        """Each case with its events."""
        for row in audit.logged_cases(self._connection, self._wanted).every(self._connection):
            yield self._trace(row)

    def things(self) -> Iterator[tuple[Head, tuple[LoggedThing, ...]]]:
        """Each case, with the records that no case before it has written: over all of them each record once."""
        for row in audit.logged_cases(self._connection, self._wanted).every(self._connection):
            definition = self._definition(row)
            told = dict.fromkeys(
                self._thing(one) for one in self._written(row, definition) if self._is_first(row["id"], one)
            )
            yield _head(row, definition), tuple(told)

    def _trace(self, row: audit.LoggedCase) -> Trace:
        definition = self._definition(row)
        if definition is None:  # what it keeps confidential is not known either
            return Trace(_head(row, None), (), row["revision"])
        log, broken = events.readable_of_case(self._connection, row["id"])
        veil = self._veil(row, definition)
        tasks = {one["number"]: one for one in cases.tasks_of(self._connection, row["id"])}
        things: dict[int, list[LoggedThing]] = {}
        for one in self._written(row, definition):
            things.setdefault(one["event_seq"], []).append(self._thing(one))
        shown = log if veil is None else veil.log(log)
        calendar = self._calendar(row["organisation_path"])
        told = (_Told(definition, calendar, event, tasks, tuple(things.get(event["seq"], ()))) for event in shown)
        return Trace(_head(row, definition), tuple(map(self._event, told)), len(broken))

    def _event(self, told: _Told) -> TraceEvent:
        event, element, kind = told.event, told.element, kind_of(told.event["name"])
        role = self._roles.get(event["actor_role"].partition("@")[0])
        return TraceEvent(
            sequence=event["seq"],
            at=event["at"],
            kind=event["name"],
            name=element.name if element is not None and any(element.name) else kind.name,
            transition=kind.transition,
            resource="" if event["actor_id"] is None else self._pseudonyms.of(PERSON, str(event["actor_id"])),
            role=role.name if role is not None else None,
            outcome=told.outcome,
            minutes=told.minutes,
            things=told.things,
        )

    @cached_property
    def _calendar(self) -> Callable[[str], Calendar]:
        return self._parts.calendars.by_path(self._connection)

    def _definition(self, row: audit.LoggedCase) -> Definition | None:
        with suppress(DataUnreadable):
            return self._parts.catalog.definition(self._connection, row["digest"])
        return None

    def _veil(self, row: audit.LoggedCase, definition: Definition) -> Veil | None:
        case = cases.get(self._connection, row["id"]) if definition.keeps_secrets else None
        return None if case is None else Veil(self._connection, None, case, definition)

    def _written(self, row: audit.LoggedCase, definition: Definition | None) -> list[records.WrittenBy]:
        """What a case has written; nothing of a case of which something is confidential."""
        if definition is None:
            return []
        veil = self._veil(row, definition)
        return records.written_by(self._connection, row["id"]) if veil is None or veil.whole else []

    def _is_first(self, case_id: int, record: records.WrittenBy) -> bool:
        """Whether no case before it in this export tells of the record."""
        for other in records.writers(self._connection, record["register"], record["number"]):
            if other >= case_id:
                return True
            found = audit.logged_cases(self._connection, replace(self._wanted, only=other))
            rows = found.page(self._connection, "", 1)
            if rows and self._written(rows[0], self._definition(rows[0])):
                return False
        return True

    def _thing(self, record: records.WrittenBy) -> LoggedThing:
        """A record by its number; one that is about a person, or of a register that is not there, by a pseudonym."""
        register, number = self._registers.get(record["register"]), record["number"]
        plain = register is not None and not register.persons
        return LoggedThing(record["register"], number if plain else self._pseudonyms.of(record["register"], number))


def _head(row: audit.LoggedCase, definition: Definition | None) -> Head:
    process = (row["key"], row["key"]) if definition is None else definition.process.name
    return Head(row["number"], row["key"], process, row["status"])
