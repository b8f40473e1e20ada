"""Cases whose organisation or person is gone go to a successor: each by an event, with its tasks and its records.

Knows neither why an organisation or a person goes (``engine.desks``) nor who may say so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from engine.cases.base import Parts, not_before
from engine.cases.event_types import CASE_HANDED_OVER
from engine.cases.filling import organisation_context
from engine.cases.handover_types import HandedOver, OrganisationFacts
from engine.cases.recording.handed_over import handed_over
from engine.cases.recording.record import note
from engine.cases.recording.recusals import follow_case
from engine.definition import Definition
from engine.directory.actors import personal
from engine.directory.organisations import Organisation
from engine.errors import Conflict
from engine.registers import Register
from storage import cases as rows
from storage import handover, record_keys, records
from storage.database import Connection
from storage.events import By
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with an account, as a case names him."""

    user_id: int
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Cause:
    """Who says so, when, and why."""

    by: By
    now: datetime
    reason: str


@dataclass(slots=True)
class Carried:
    """What goes to a successor: the ids of cases, open tasks, records by register, for each case that tells of it."""

    cases: set[int] = field(default_factory=set)
    tasks: dict[int, list[TaskRow]] = field(default_factory=lambda: defaultdict(list))
    records: dict[int, list[tuple[Register, str]]] = field(default_factory=lambda: defaultdict(list))

    @property
    def told(self) -> list[int]:
        """Every case that gets an event, in their order."""
        return sorted({*self.cases, *self.tasks, *self.records})

    def add(self, tasks: Iterable[TaskRow]) -> None:
        """Tasks, each with its case."""
        for task in tasks:
            self.tasks[task["case_id"]].append(task)


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Puts successors in the place of who is gone, inside a transaction of the caller."""

    parts: Parts

    def of_organisation(self, connection: Connection, code: str) -> Carried:
        """What stands in the name of an organisation: running cases, open tasks of any case, records in force."""
        found = Carried(set(handover.running_of(connection, code)))
        found.add(handover.open_at(connection, code))
        for register in self.parts.catalog.registers(connection).values():
            numbers = records.numbers_with(connection, register.name, register.organisation, code)
            made = handover.cases_with_records(connection, register.name, numbers) if numbers else {}
            for number, case_id in made.items():
                found.records[case_id].append((register, number))
        return found

    def of_person(self, connection: Connection, user_id: int) -> Carried:
        """What stands in the name of a person: running cases that he has started, open tasks for him alone."""
        found = Carried(set(handover.running_by(connection, user_id)))
        found.add(handover.open_of(connection, [personal(user_id)]))
        return found

    def waiting_for(self, connection: Connection, user_id: int) -> list[CaseRow]:
        """The running cases that a person has started and whose diagram may come back to him alone."""
        found = []
        for case_id in handover.running_by(connection, user_id):
            case = rows.get(connection, case_id)
            if case is not None and _asks_starter(self.parts.definition(connection, case)):
                found.append(case)
        return found

    def to_organisation(
        self, connection: Connection, carried: Carried, before: Organisation, after: Organisation, cause: Cause
    ) -> None:
        """Give what stands in the name of ``before`` to ``after``, which may be the same under another name.

        Raises Conflict when a record would be twice at the successor.
        """
        for case_id in carried.told:
            case = _locked(connection, case_id)
            said: HandedOver = {
                "reason": cause.reason, "predecessor": before.name, "successor": after.name,
                "tasks": [
                    [task["number"], f"{task['candidate'].partition('@')[0]}@{after.code}", after.name]
                    for task in carried.tasks.get(case_id, ())
                ],
                "records": [
                    _moved(connection, register, number, after)
                    for register, number in carried.records.get(case_id, ())
                ] if before.code != after.code else [],
            }  # fmt: skip
            if case_id in carried.cases:
                said["organisation"] = cast(OrganisationFacts, organisation_context(after))
            _write(connection, case, said, cause, {"organisation_path": after.path})

    def to_person(self, connection: Connection, carried: Carried, before: Party, after: Party, cause: Cause) -> None:
        """Give what stands in the name of one person to another."""
        for case_id in carried.told:
            case = _locked(connection, case_id)
            tasks = [[task["number"], personal(after.user_id), after.name] for task in carried.tasks.get(case_id, ())]
            said: HandedOver = {
                "reason": cause.reason, "predecessor": before.name, "successor": after.name,
                "tasks": tasks, "records": [],
            }  # fmt: skip
            if case_id in carried.cases:
                said["starter"] = {"id": after.user_id, "login": after.login, "name": after.name}
            fresh = _write(connection, case, said, cause, {})
            follow_case(connection, self.parts.definition(connection, fresh), fresh)


def _asks_starter(definition: Definition) -> bool:
    return any(one.where == "starter" for element in definition.elements.values() for one in element.assignments)


def _locked(connection: Connection, case_id: int) -> CaseRow:
    case = rows.lock(connection, case_id)
    assert case is not None
    return case


def _moved(connection: Connection, register: Register, number: str, after: Organisation) -> list[Any]:
    """A record as it stands in the name of its new organisation."""
    row = records.locked(connection, register.name, number)
    assert row is not None
    data = {**row["data"], register.organisation: after.code}
    if record_keys.take(connection, register.name, number, register.keys(data)) is not None:
        raise Conflict()
    return [register.name, number, data, register.search_text(number, data)]


def _write(
    connection: Connection, case: CaseRow, said: HandedOver, cause: Cause, place: Mapping[str, object]
) -> CaseRow:
    """The event, and everything as it says; the case as it stands then."""
    fresh, now = handed_over(case, said), not_before(connection, case, cause.now)
    note(connection, fresh, {"name": CASE_HANDED_OVER, "at": now, "data": said, **cause.by})
    if "organisation" in said or "starter" in said:
        names = ("organisation_code", "organisation_name", "starter_id", "starter_name")
        own = {name: fresh[name] for name in names}  # type: ignore[literal-required]
        handover.put(connection, case["id"], {**own, **(place if "organisation" in said else {})})
        rows.index(connection, fresh)
    for number, candidate, name in said["tasks"]:
        handover.give(connection, case["id"], number, candidate, name)
    for register, number, data, search in said["records"]:
        records.add_version(
            connection,
            {
                "register": register, "number": number, "data": data, "search": search, "valid_to": None,
                "organisation_path": str(place["organisation_path"]), "valid_from": now,
                "case_id": case["id"], "event_seq": case["revision"] + 1,
            },
        )  # fmt: skip
    return fresh
