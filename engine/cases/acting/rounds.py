"""Cases that begin by the calendar: a round comes due, and opens one case for each record or organisation it is for.

A round is one transaction that names its subjects; each subject is then a job of its own, so that a case that cannot
be opened keeps no other one waiting, and however often a round comes, nobody is named twice in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict, cast

from engine.calendar import timers
from engine.calendar.days import LEGAL_ZONE
from engine.cases.acting.opening import Origin, open_case, starter_of, starting, text_of
from engine.cases.base import Parts, admit
from engine.cases.recording.record import Recorder
from engine.definition import Definition
from engine.diagram import Element, ForEach
from engine.directory import organisations
from engine.directory.organisations import Organisation
from engine.errors import BadInput, ExpressionFailed, NotFound
from engine.feel import BudgetExceeded, Environment, FeelError, compile_expression, to_kept, to_stored
from engine.operations.tree import facts
from engine.publishing.withdrawing import DefinitionWithdrawn
from engine.words import say
from storage import jobs, records, rounds
from storage.database import Connection, utc_text
from storage.rounds import RoundPlace
from storage.rows import JobRow, RecordRow

MOST: Final = 5_000
"""Cases that one round may open."""
Item = Mapping[str, Any]


class Round(TypedDict):
    """Of which definition a start event is due; the job's ``element`` says which, its ``run_at`` when."""

    key: str


class Subject(TypedDict):
    """For what a round opens a case."""

    key: str
    due_at: str
    subject: str


@dataclass(frozen=True, slots=True)
class TimedOpenings:
    """Lets rounds come, and opens what they are for, in the caller's transaction."""

    parts: Parts

    def come(self, connection: Connection, job: JobRow) -> None:
        """Name everything that a round which is due opens a case for, and when the next round is.

        Of rounds that are over meanwhile the newest stands for all, as it would have come had nobody been down, unless
        the diagram says that each is to come. A job of a start event that was published otherwise since does nothing.
        """
        key, name = cast(Round, job["payload"])["key"], job["element"] or ""
        row = rounds.locked(connection, key, name)
        if row is None or row["due_at"] != job["run_at"]:
            return
        definition = self.parts.catalog.current(connection, key)
        element = definition.elements.get(name)
        if element is None or element.for_each is None:
            return
        admit(definition)
        now, timer = self.parts.now(), timers.read(cast(timers.Record, row["timer"]))
        over = None if element.for_each.every else timer.missed(now)
        due = over.last if over else timer.due
        found = list(self._subjects(connection, definition, element.for_each, now))
        if len(found) > MOST:
            reason = say("一轮要为{count}项发起事项，最多{most}项", count=len(found), most=MOST)
            raise BadInput(field=element.name, reason=reason)
        for subject in found:
            place: RoundPlace = {"key": key, "element": name, "due_at": due, "subject": subject}
            if rounds.add(connection, place):
                told: Subject = {"key": key, "due_at": utc_text(due), "subject": subject}
                jobs.add(connection, {"kind": jobs.OPEN, "payload": told, "run_at": now, "element": name})
        row["last_at"], row["last_subjects"], row["missed"] = due, len(found), over.rounds if over else 0
        _go_on(connection, row, timer.next(timer.due if element.for_each.every else now))

    def open(self, connection: Connection, job: JobRow) -> None:
        """Open the case of one subject of a round, once; none when it is no longer what the round is for.

        The record or the organisation is asked again as it stands now. Raises BadInput, NotFound, NotAllowed,
        ExpressionFailed, and what the process itself may raise.
        """
        said, name = cast(Subject, job["payload"]), job["element"] or ""
        due = datetime.fromisoformat(said["due_at"])
        place: RoundPlace = {"key": said["key"], "element": name, "due_at": due, "subject": said["subject"]}
        known = rounds.get(connection, place)
        if known is None or known["had_turn"]:
            return
        definition, case_id = self._current(connection, said["key"]), None
        element = definition.elements.get(name) if definition is not None else None
        if definition is not None and element is not None and element.for_each is not None:
            admit(definition)
            item = self._item(connection, element.for_each, said["subject"])
            if item is not None and holds(definition, element.for_each, item, self.parts.now()):
                case_id = self._open(connection, definition, element, item, said)
        rounds.settle(connection, place, case_id)

    def _current(self, connection: Connection, key: str) -> Definition | None:
        """None: it was withdrawn after a round had named its subjects."""
        try:
            return self.parts.catalog.current(connection, key)
        except DefinitionWithdrawn:
            return None

    def _open(self, connection: Connection, definition: Definition, element: Element, item: Item, said: Subject) -> int:
        opening, each, now = element.opening, element.for_each, self.parts.now()
        assert opening is not None and each is not None
        due = datetime.fromisoformat(said["due_at"]).astimezone(LEGAL_ZONE)
        given = {each.result: item} | ({each.round: due} if each.round else {})
        code = text_of(definition, opening.organisation, given, now, say("单位"))
        login = text_of(definition, opening.starter, given, now, say("发起人")) if opening.starter else ""
        organisation = organisations.get(connection, code)
        who = starter_of(connection, definition, organisation, element.assignments, login, now)
        origin = Origin(round={"due_at": said["due_at"], "subject": said["subject"]})
        it = starting(connection, definition, organisation, who, now, origin)
        variables = {"case": it.context, **{name: to_stored(to_kept(value)) for name, value in given.items()}}
        ask = Recorder(self.parts.scene(connection, organisation, it.actor.user_id, now, definition))
        open_case(connection, it, variables, element.id, [], ask, at=element.id)
        return it.case_id

    def _subjects(self, connection: Connection, definition: Definition, each: ForEach, now: datetime) -> Iterator[str]:
        """For what a case is to be opened. What cannot be judged is named, too: its own job then says why."""
        for subject, item in self._items(connection, each):
            try:
                wanted = holds(definition, each, item, now)
            except (ExpressionFailed, BudgetExceeded, FeelError):
                wanted = True
            if wanted:
                yield subject

    def _items(self, connection: Connection, each: ForEach) -> Iterator[tuple[str, Item]]:
        if each.register:
            yield from ((row["number"], _record(row)) for row in records.in_force(connection, each.register))
            return
        owners = records.owners(connection, each.having) if each.having else []
        for one in organisations.subtree(connection, "/"):
            if _is_meant(each, one, owners):
                yield one.code, facts(one)

    def _item(self, connection: Connection, each: ForEach, subject: str) -> Item | None:
        """A subject as it stands now; None when it is no longer in force."""
        if each.register:
            row = records.current(connection, each.register, subject)
            return None if row is None else _record(row)
        try:
            one = organisations.get(connection, subject)
        except NotFound:
            return None
        owners = records.owners(connection, each.having) if each.having else []
        return facts(one) if one.valid and _is_meant(each, one, owners) else None


def _go_on(connection: Connection, row: rounds.TimedStartRow, following: timers.Timer | None) -> None:
    """Wait for the round after one that has come."""
    row["due_at"] = following.due if following else None
    if following is not None:
        row["timer"] = dict(following.record())
        payload: Round = {"key": row["key"]}
        again = {"kind": rounds.ROUND, "payload": payload, "run_at": following.due, "element": row["element"]}
        jobs.add(connection, again)
    rounds.put(connection, row)


def _is_meant(each: ForEach, one: Organisation, owners: Sequence[str]) -> bool:
    """Whether an organisation is of the kinds, and has of the register what a round asks for."""
    kind = not each.kinds or one.kind in each.kinds
    return kind and (not each.having or any(path.startswith(one.path) for path in owners))


def _record(row: RecordRow) -> Item:
    return {**row["data"], "number": row["number"]}


def holds(definition: Definition, each: ForEach, item: Item, now: datetime) -> bool:
    """Whether a case is to be opened for one of them. Raises ExpressionFailed for neither yes nor no."""
    if not each.when:
        return True
    environment = Environment(now=now.astimezone(LEGAL_ZONE), owner=definition.owner)
    value = compile_expression(each.when).evaluate({**item, each.result: item}, environment)
    if not isinstance(value, bool):
        reason = say("{text} 的结果不是“是”或“否”", text=each.when)
        raise ExpressionFailed(element=definition.process.name, reason=reason)
    return value
