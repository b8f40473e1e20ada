"""Cases that other cases open: by a message or a signal, or because a run has asked for one of another kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.cases.acting.opening import Origin, open_case, starter_of, starting, text_of
from engine.cases.acting.submissions import submission_of
from engine.cases.base import Parts, admit
from engine.cases.opening_types import OpenedBy
from engine.cases.recording.record import Recorder
from engine.definition import Definition
from engine.diagram import Element
from engine.directory import organisations
from engine.errors import BadInput, Runaway
from engine.feel import from_stored, to_stored
from engine.model import CaseStart, Thrown
from engine.words import say
from storage import accounts, families
from storage import cases as rows
from storage.database import Connection
from storage.jobs import Place
from storage.rows import CaseRow

SENDER: Final = ("number", "key", "organisation")
"""What ``sender`` holds besides its starter: of the case that has thrown what opens another."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Opens cases in the caller's transaction (BPMN 2.0, 10.5.2 and 13.5.1)."""

    parts: Parts

    def opened_by(self, connection: Connection, kind: str, name: str) -> list[tuple[Definition, Element]]:
        """The definitions, as they are now, that a message or a signal of that name opens a case of, and where."""
        return [(one, element) for one in self.parts.catalog.all(connection) for element in _openers(one, kind, name)]

    def open(
        self, connection: Connection, definition: Definition, element: Element, thrown: Thrown, by: Place | None
    ) -> None:
        """Open a case by what another one has thrown, in the name of the person whom the diagram says.

        That person must be one who may start such a case for that organisation himself. ``by``: which event has
        thrown it. Raises BadInput, NotFound, NotAllowed, and what the process itself may raise.
        """
        admit(definition)
        now = self.parts.now()
        sender = rows.get(connection, by["case_id"]) if by is not None else None
        seen = {"message": from_stored(thrown.payload), "sender": _sender(connection, sender)}
        opening = element.opening
        assert opening is not None
        code = text_of(definition, opening.organisation, seen, now, say("单位"))
        login = text_of(definition, opening.starter, seen, now, say("发起人")) if opening.starter else ""
        organisation = organisations.get(connection, code)
        who = starter_of(connection, definition, organisation, element.assignments, login, now)
        origin = Origin(parent=_parent(connection, sender, by))
        it = starting(connection, definition, organisation, who, now, origin)
        result = element.correlation.result
        variables = {"case": it.context, **({result: thrown.payload} if result else {})}
        ask = Recorder(self.parts.scene(connection, organisation, it.actor.user_id, now, definition))
        open_case(connection, it, variables, element.id, [], ask, at=element.id)

    def start(self, connection: Connection, asked: CaseStart, by: Place | None) -> Thrown | None:
        """Open the case for which a run has asked, its start form filled in with what the run hands over.

        The form is checked as if a person handed it in. What the case that asked is to hear, if it wants to. Raises
        NotFound, NotAllowed, BadInput, InvalidForm, and what the process itself may raise.
        """
        definition = self.parts.catalog.current(connection, asked.process)
        admit(definition)
        start, now = definition.process.start, self.parts.now()
        if start is None:
            reason = say("{name}没有可以由人填写的开始事件", name=definition.process.name)
            raise BadInput(field=say("流程"), reason=reason)
        sender = rows.get(connection, by["case_id"]) if by is not None else None
        organisation = organisations.get(connection, asked.organisation)
        who = starter_of(connection, definition, organisation, definition.process.starters, asked.starter, now)
        origin = Origin(parent=_parent(connection, sender, by))
        it = starting(connection, definition, organisation, who, now, origin)
        scene = self.parts.scene(connection, organisation, it.actor.user_id, now, definition)
        handed = submission_of(definition, start, {"case": it.context}, asked.data, it.actor, scene)
        variables = {"case": it.context, start.into or start.id: handed.data}
        open_case(connection, it, variables, start.id, handed.consulted, Recorder(scene))
        if not asked.reply or sender is None:
            return None
        told = to_stored({"number": it.number, "process": definition.key})
        return Thrown("message", asked.reply, sender["number"], told, sender["status"] != "running", format=2)


def _openers(definition: Definition, kind: str, name: str) -> Iterator[Element]:
    for element in definition.process.elements.values():
        if element.opens and any((event.kind, event.known_as) == (kind, name) for event in element.events):
            yield element


def _sender(connection: Connection, case: CaseRow | None) -> dict[str, str] | None:
    """The case that has thrown it, as FEEL sees it."""
    if case is None:
        return None
    named = accounts.names_of(connection, [case["starter_id"]]).get(case["starter_id"])
    values = (case["number"], case["key"], case["organisation_code"])
    return dict(zip(SENDER, values, strict=True)) | {"starter": named[1] if named else ""}


def _parent(connection: Connection, case: CaseRow | None, by: Place | None) -> OpenedBy | None:
    """The case that opens another one. Raises Runaway where a family would grow without end."""
    if case is None or by is None:
        return None
    if len(families.ancestors(connection, case["id"])) >= families.DEEPEST:
        raise Runaway(limit=say("{most}代事项", most=families.DEEPEST))
    return {"id": case["id"], "number": case["number"], "event": by["event_seq"]}
