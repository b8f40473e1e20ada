"""Who was brought into a task and what of it the reader may do: what a page offers is what the acts allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import letters
from engine.cases.access import must_act, seen_task
from engine.cases.allowing import urgeable
from engine.cases.base import Parts, task_and_case
from engine.cases.event_types import CASE_COPIED, payload
from engine.cases.involving import in_right, verdicts, waits_for
from engine.cases.reading.answers import answered_with
from engine.cases.receiving import Receiving
from engine.cases.recusal import standing_aside
from engine.cases.turns import refused, turns_of
from engine.cases.veil import Veil
from engine.cases.verb_types import DECISION, DELEGATE, SIGNING, CaseCopied
from engine.definition import Definition
from engine.diagram.verbs import TO_PEOPLE, verb_of
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import NotAllowed, Refusal
from engine.messages.kinds import COPIED
from engine.views.verbs import Choosable, CopyView, InvolvementView, TaskVerbs
from engine.words import Text
from storage import accounts, events, involvements, messages
from storage.database import Connection
from storage.involvements import PENDING, InvolvementRow
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class VerbReading:
    """Readings of what may be done with one task beside deciding."""

    parts: Parts

    def of_task(self, actor: Actor, task_id: str) -> TaskVerbs:
        """The people of a task, and what the reader may do. Raises NotFound."""
        with self.parts.database.read() as connection:
            task, case, veil = seen_task(self.parts, connection, actor, task_id)
            definition, now = self.parts.definition(connection, case), self.parts.clock.now()
            found = involvements.of_task(connection, case["id"], task["number"])
            aside = standing_aside(connection, case, definition, task)
            turns = [
                one for one in turns_of(actor, case["key"], found) if not refused(connection, actor, one, found, aside)
            ]
            own, place = next(iter(turns), (None, None))
            running = task["status"] == policy.OPEN
            ways = policy.ways_to(actor, task["candidate"], case["key"]) if running else []
            rights = {actor.user_id if way is None else way.user_id for way in ways}
            names = _substitutes(connection, found)
            waits = waits_for(found) if running else None
            return TaskVerbs(
                task_id=task_id,
                may=self._may(connection, actor, task, case, definition, now) if running else frozenset(),
                people=tuple(
                    _view(
                        definition,
                        task,
                        one,
                        removable=_removable(connection, rights, one),
                        by=names.get(one["settled_by"], ""),
                    )
                    for one in found
                    if one["kind"] != DECISION
                ),
                copies=() if veil.outside else _copies(connection, case, veil),
                mine=_view(definition, task, own) if own and running else None,
                in_place_of=place.name if place and running else "",
                answers=_answers(definition, task, own) if own else (),
                waits=waits["user_name"] if waits else "",
            )

    def people(self, actor: Actor, task_id: str, verb: str, words: str = "") -> tuple[Choosable, ...]:
        """Those whom the actor may bring in by a verb. Raises NotFound, NotAllowed, TaskNotOpen."""
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            definition = self.parts.definition(connection, case)
            if verb not in TO_PEOPLE or not verb_of(definition.elements[task["element"]].verbs, verb).allowed:
                return ()
            receiving = Receiving(connection, actor, case, task, definition, verb, self.parts.clock.now())
            return receiving.people(letters.words(words))

    def _may(
        self, connection: Connection, actor: Actor, task: TaskRow, case: CaseRow, definition: Definition, now: datetime
    ) -> frozenset[str]:
        declared = definition.elements[task["element"]].verbs
        may: set[str] = set()
        try:
            must_act(self.parts, connection, actor, task, case)
            may = {name for name in TO_PEOPLE if verb_of(declared, name).allowed}
        except Refusal:
            pass
        try:
            policy.must_contribute(actor)
            urgeable(connection, actor, case, task, definition, now)
            may.add("urge")
        except NotAllowed:
            pass
        return frozenset(may)


def _removable(connection: Connection, rights: set[int], row: InvolvementRow) -> bool:
    """Whether somebody may take out again who was brought in, by whose rights he acts on the task."""
    if not rights or row["status"] not in PENDING:
        return False
    own, _ = in_right(events.at(connection, row["case_id"], row["seq"]))
    return own is not None and own[0] in rights


def _substitutes(connection: Connection, people: Sequence[InvolvementRow]) -> dict[str | None, str]:
    """The names of those who have answered in somebody's place, as rows say who did."""
    said = {row["settled_by"]: int(row["settled_by"].partition("/")[0]) for row in people if row["settled_by"]}
    known = accounts.names_of(connection, said.values()) if said else {}
    return {text: known[who][0] for text, who in said.items() if who in known}


def _view(
    definition: Definition, task: TaskRow, row: InvolvementRow, *, removable: bool = False, by: str = ""
) -> InvolvementView:
    return InvolvementView(
        id=f"{row['case_id']}-{row['number']}-{row['seq']}-{row['place']}",
        kind=row["kind"],
        who=row["user_name"],
        by=row["by_name"],
        reason=row["reason"],
        status=row["status"],
        opened_at=row["opened_at"],
        answer=answered_with(definition.elements[task["element"]], row["answer"]),
        opinion=row["opinion"],
        settled_at=row["settled_at"],
        answered_by=by,
        removable=removable,
    )


def _answers(definition: Definition, task: TaskRow, row: InvolvementRow) -> tuple[tuple[str, Text], ...]:
    """What a person may answer where it is his turn; nothing where only his words are asked."""
    if row["kind"] in SIGNING:
        return tuple(verdicts().items())
    if row["kind"] == DELEGATE:
        return tuple((one.id, one.name) for one in definition.elements[task["element"]].outcomes)
    return ()


def _copies(connection: Connection, case: CaseRow, veil: Veil) -> tuple[CopyView, ...]:
    """Who was given a copy of the case; he has read it when he has read what he was told since."""
    found = []
    for event in veil.log(events.named(connection, case["id"], CASE_COPIED)):
        for user_id, name in payload(event, CaseCopied)["people"]:
            read_at = messages.read_since(connection, case["id"], user_id, COPIED.name, event["at"])
            found.append(CopyView(name, event["actor_name"], event["at"], read_at))
    return tuple(found)
