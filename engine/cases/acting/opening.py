"""Opening a case: its row, its first run, its first event. By a person, or by a message or signal that starts one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.cases.access import starter_candidate
from engine.cases.acting.transaction import event_by
from engine.cases.base import Parts, admit
from engine.cases.event_types import CASE_STARTED, CaseStarted
from engine.cases.filling import case_context, starter_context
from engine.cases.recording.record import Recorder, run_data, write_result
from engine.definition import Definition
from engine.diagram import Element
from engine.directory import actors, organisations
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotFound
from engine.feel import Environment, compile_expression, from_stored
from engine.model import RunResult, Thrown
from engine.runtime import commands
from engine.words import Words, say
from storage import accounts, events, numbering
from storage import cases as rows
from storage.database import Connection
from storage.rows import CaseRow

SENDER: Final = ("number", "key", "organisation")
"""What ``sender`` holds besides its starter: of the case that has thrown what opens another."""


@dataclass(frozen=True, slots=True)
class Starting:
    """Who opens which case for which organisation, when."""

    definition: Definition
    organisation: Organisation
    actor: Actor
    candidate: str
    now: datetime
    case_id: int
    number: str

    @property
    def context(self) -> Mapping[str, Any]:
        """What FEEL sees as ``case``."""
        starter = starter_context(self.actor, self.candidate)
        return case_context(self.definition, self.number, self.organisation, starter, self.now)


def starting(
    connection: Connection,
    definition: Definition,
    organisation: Organisation,
    actor: Actor,
    candidate: str,
    now: datetime,
) -> Starting:
    """A case to come, with its id and number."""
    year = now.astimezone(LEGAL_ZONE).year
    series = definition.process.number.split("{seq")[0].format(year=year)
    case_id, sequence = numbering.next_case(connection, f"case:{series}")
    number = definition.process.number.format(year=year, seq=sequence)
    return Starting(definition, organisation, actor, candidate, now, case_id, number)


def open_case(
    connection: Connection, it: Starting, variables: dict[str, Any], element: str, consulted: list[list[Any]],
    ask: Recorder, at: str = "",
) -> tuple[CaseRow, RunResult]:  # fmt: skip
    """Run a case for the first time and write all that it says. ``at``: what has come that opens it."""
    definition, organisation = it.definition, it.organisation
    result = commands.start(definition, variables, it.now, ask, at=at)
    case: CaseRow = {
        "id": it.case_id, "number": it.number, "key": definition.key, "digest": definition.digest,
        "organisation_code": organisation.code, "organisation_name": organisation.name,
        "organisation_path": organisation.path, "starter_id": it.actor.user_id, "starter_name": it.actor.name,
        "starter_candidate": it.candidate, "opened_at": it.now,
        "title": "", "summary": "", "status": "running", "updated_at": it.now, "ended_at": None,
        "end_element": None, "decided": False, "revision": 0, "head": events.FIRST, "state": b"",
    }  # fmt: skip
    said: CaseStarted = {
        "definition": definition.digest, "variables": variables, "element": element, "consulted": consulted,
        **run_data(result, ask),
    }  # fmt: skip
    event = event_by(it.actor, it.candidate, CASE_STARTED, it.now, said)
    write_result(connection, definition, case, event, result)
    return case, result


@dataclass(frozen=True, slots=True)
class Openings:
    """Opens cases when a message or a signal comes (BPMN 2.0, 10.5.2 and 13.5.1)."""

    parts: Parts

    def opened_by(self, connection: Connection, kind: str, name: str) -> list[tuple[Definition, Element]]:
        """The definitions, as they are now, that a message or a signal of that name opens a case of, and where."""
        return [(one, element) for one in self.parts.catalog.all(connection) for element in _openers(one, kind, name)]

    def open(
        self, connection: Connection, definition: Definition, element: Element, thrown: Thrown, sender_id: int | None
    ) -> None:
        """Open a case in the caller's transaction, in the name of the person whom the diagram says.

        That person must be one who may start such a case for that organisation himself. Raises BadInput, NotFound,
        NotAllowed, and what the process itself may raise.
        """
        admit(definition)
        now = self.parts.clock.now()
        seen = {"message": from_stored(thrown.payload), "sender": _sender(connection, sender_id)}
        opening = element.opening
        assert opening is not None
        code = _text(definition, opening.organisation, seen, now, say("单位"))
        organisation = organisations.get(connection, code)
        actor = _person(connection, _text(definition, opening.starter, seen, now, say("发起人")), now)
        candidate = starter_candidate(connection, actor, definition, organisation, element.assignments)
        it = starting(connection, definition, organisation, actor, candidate, now)
        variables: dict[str, Any] = {"case": it.context}
        if element.correlation.result:
            variables[element.correlation.result] = thrown.payload
        ask = Recorder(self.parts.scene(connection, organisation, actor.user_id, now, definition))
        open_case(connection, it, variables, element.id, [], ask, at=element.id)


def _openers(definition: Definition, kind: str, name: str) -> Iterator[Element]:
    for element in definition.process.elements.values():
        if element.opens and any((event.kind, event.known_as) == (kind, name) for event in element.events):
            yield element


def _sender(connection: Connection, case_id: int | None) -> dict[str, str] | None:
    """The case that has thrown it, as FEEL sees it."""
    case = rows.get(connection, case_id) if case_id is not None else None
    if case is None:
        return None
    named = accounts.names_of(connection, [case["starter_id"]]).get(case["starter_id"])
    values = (case["number"], case["key"], case["organisation_code"])
    return dict(zip(SENDER, values, strict=True)) | {"starter": named[1] if named else ""}


def _text(definition: Definition, text: str, seen: Mapping[str, Any], now: datetime, what: Words) -> str:
    environment = Environment(now=now.astimezone(LEGAL_ZONE), owner=definition.owner)
    value = compile_expression(text).evaluate(seen, environment)
    if not isinstance(value, str) or not letters.is_visible(value):
        raise BadInput(field=what, reason=say("{text} 没有得出文字", text=text))
    return letters.tidy(value)


def _person(connection: Connection, login: str, now: datetime) -> Actor:
    row = accounts.user_by_login(connection, letters.login(login))
    if row is None:
        raise NotFound(what=say("用户“{login}”", login=login))
    return actors.actor(connection, row["id"], now)
