"""Opening a case: its row, its first run, its first event; and in whose name, where no person does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Any

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.cases.access import starter_candidate
from engine.cases.acting.transaction import event_by
from engine.cases.event_types import CASE_STARTED, CaseOfRound, CaseOpened, CaseStarted
from engine.cases.filling import case_context, starter_context
from engine.cases.opening_types import OfRound, OpenedBy
from engine.cases.recording.record import Recorder, run_data, write_result
from engine.cases.recusal import excluded_first
from engine.definition import Definition
from engine.diagram import Assignment
from engine.directory import actors
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotAllowed, NotFound
from engine.feel import Environment, compile_expression
from engine.model import RunResult
from engine.operations.holders import resolve
from engine.runtime import commands
from engine.words import Words, say
from storage import accounts, events, numbering
from storage.database import Connection
from storage.passages import no_passages
from storage.rows import CaseRow


@dataclass(frozen=True, slots=True)
class Origin:
    """How a case came to be opened: by another case, by a round of a timer, or, with neither, by a person."""

    parent: OpenedBy | None = None
    round: OfRound | None = None


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
    origin: Origin = field(default_factory=Origin)

    @property
    def context(self) -> Mapping[str, Any]:
        """What FEEL sees as ``case``."""
        starter = starter_context(self.actor, self.candidate)
        return case_context(self.definition, self.number, self.organisation, starter, self.now)


def starting(
    connection: Connection,
    definition: Definition,
    organisation: Organisation,
    who: tuple[Actor, str],
    now: datetime,
    origin: Origin | None = None,
) -> Starting:
    """A case to come, with its id and number. ``who``: the actor, and as whom he opens it."""
    year = now.astimezone(LEGAL_ZONE).year
    case_id, sequence = numbering.next_case(
        connection, "case:" + definition.process.number.split("{seq")[0].format(year=year)
    )
    number = definition.process.number.format(year=year, seq=sequence)
    return Starting(definition, organisation, *who, now, case_id, number, origin or Origin())


def open_case(
    connection: Connection, it: Starting, variables: dict[str, Any], element: str, consulted: list[list[Any]],
    ask: Recorder, at: str = "",
) -> tuple[CaseRow, RunResult]:  # fmt: skip
    """Run a case for the first time and write all that it says. ``at``: what has come that opens it."""
    definition, organisation, origin = it.definition, it.organisation, it.origin
    ask.scene.find_excluded = cache(partial(excluded_first, connection, definition, it.actor.user_id))
    result = commands.start(definition, variables, it.now, ask, at=at)
    case: CaseRow = {
        "id": it.case_id, "number": it.number, "key": definition.key, "digest": definition.digest,
        "organisation_code": organisation.code, "organisation_name": organisation.name,
        "organisation_path": organisation.path, "starter_id": it.actor.user_id, "starter_name": it.actor.name,
        "starter_candidate": it.candidate, "opened_at": it.now,
        "title": "", "summary": "", "status": "running", "updated_at": it.now, "ended_at": None,
        "end_element": None, "decided": False, "revision": 0, "head": events.FIRST, "state": b"",
        "passages": no_passages(),
        "parent_id": origin.parent["id"] if origin.parent else None,
        "parent_seq": origin.parent["event"] if origin.parent else None,
        "listed_by": definition.digest if definition.process.columns else None,
    }  # fmt: skip
    said: CaseStarted = {
        "definition": definition.digest, "variables": variables, "element": element, "consulted": consulted,
        **run_data(result, ask),
    }  # fmt: skip
    event = event_by(it.actor, it.candidate, CASE_STARTED, it.now, _told(said, origin))
    write_result(connection, definition, case, event, result, seen=ask.scene.versions)
    return case, result


def _told(said: CaseStarted, origin: Origin) -> CaseStarted:
    """With what has opened the case, when no person has."""
    if origin.parent is not None:
        opened: CaseOpened = {**said, "parent": origin.parent}
        return opened
    if origin.round is not None:
        timed: CaseOfRound = {**said, "round": origin.round}
        return timed
    return said


def starter_of(
    connection: Connection, definition: Definition, organisation: Organisation, rules: Sequence[Assignment], login: str,
    now: datetime,
) -> tuple[Actor, str]:  # fmt: skip
    """In whose name a case is opened that no person opens, and as whom.

    The person of that login, who must be one that may start it himself; without a login whoever has held the longest,
    at the organisation, the role that the lane names. Raises NotFound, NotAllowed.
    """
    if login:
        actor = _person(connection, login, now)
        return actor, starter_candidate(connection, actor, definition, organisation, rules)
    for one in rules if organisation.valid else ():
        found = resolve(connection, organisation, [(one.role, one.where, one.kinds)])
        held = accounts.longest_holder(connection, found[1].code, found[0]) if found is not None else None
        if found is not None and held is not None:
            return actors.actor(connection, held, now), f"{found[0]}@{found[1].code}"
    reason = say("{name}没有人担任可以发起的角色", name=organisation.name)
    raise NotAllowed(act=say("发起这类事项"), reason=reason)


def text_of(definition: Definition, text: str, seen: Mapping[str, Any], now: datetime, what: Words) -> str:
    """The text that an expression of an opening gives. Raises BadInput when it gives none."""
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
