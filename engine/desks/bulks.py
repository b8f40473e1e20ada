"""Handling many tasks in one go (批量办理): what is chosen, a rehearsal, the go itself, how each went. Knows no page.

Nothing is done here: ``engine.jobs.bulks`` carries it out. A person reads and stops his own alone.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from engine.cases import Cases
from engine.cases.acting.many import COMPLETE, URGE, VERBS
from engine.cases.base import Parts, parse_task_id, task_and_case, task_id
from engine.cases.veil import Veil, is_hung
from engine.database import undone, writing
from engine.definition import Definition
from engine.diagram.verbs import verb_of
from engine.directory import policy
from engine.directory.actors import Actor
from engine.errors import BadInput, NotFound, Refusal
from engine.feel import Allowance, again_if_long, step
from engine.forms import Field
from engine.forms.for_all import fields_for_all
from engine.jobs.bulks import asked_of, without_words
from engine.views import CaseFilters, InboxFilters, OutcomeView, Target
from engine.views.bulks import (
    BulkChoice,
    BulkField,
    BulkGroup,
    BulkResult,
    BulkTask,
    BulkView,
    Picked,
    Rehearsed,
    Wanted,
)
from engine.views.deadlines import RunningFilters
from engine.words import Words, say
from storage import bulks
from storage.bulks import BulkRow, ChosenTask, NewItem, ShownItem
from storage.database import Connection, Database
from storage.rows import CaseRow

MOST: Final = 500
"""Tasks in one go."""
SHOWN: Final = 20
_CHOSEN = say("所选任务")


class BulkDesk:
    """The door of a person who handles many tasks in one go."""

    def __init__(self, database: Database, cases: Cases) -> None:
        self._database = database
        self._cases = cases

    def choose(self, actor: Actor, ids: Sequence[str], verb: str = COMPLETE) -> BulkChoice:
        """The tasks of these ids, by what is to be answered. Raises BadInput for none or too many, NotFound."""
        wanted = list(dict.fromkeys(ids))
        if not 0 < len(wanted) <= MOST:
            raise BadInput(field=_CHOSEN, reason=say("请选择1至{most}件", most=MOST))
        with self._database.read() as connection:
            found = self._own(connection, actor, wanted, verb)
            groups = self._groups(connection, actor, found)
        return BulkChoice(groups, len(wanted) - len(found), len(wanted))

    def choose_all(self, actor: Actor, filters: InboxFilters) -> BulkChoice:
        """The tasks that match, the first ``MOST`` of them in the order of the list. Raises BadInput for none."""
        ids, total = self._cases.inbox.first_ids(actor, filters, MOST)
        found = self.choose(actor, ids)
        return BulkChoice(found.groups, found.left_out, total)

    def choose_to_urge(self, actor: Actor, filters: CaseFilters | InboxFilters | RunningFilters) -> BulkChoice:
        """The open tasks that match, of running cases, ``MOST`` at most, in the list's order. Raises BadInput for none.

        ``filters``: of all cases, of those that the actor has begun, or of running deadlines.
        """
        if isinstance(filters, RunningFilters):
            ids, total = self._cases.ledgers.first_ids(actor, filters, MOST)
        else:
            running = filters if filters.state else replace(filters, state="running")
            ids, total = self._at_cases(actor, running)
        return replace(self.choose(actor, ids, URGE), total=max(total, len(ids)))

    def _at_cases(self, actor: Actor, filters: CaseFilters | InboxFilters) -> tuple[list[str], int]:
        if isinstance(filters, CaseFilters):
            ids, total = self._cases.visible.first_ids(actor, filters, MOST)
        else:
            ids, total = self._cases.inbox.first_begun(actor, filters, MOST)
        with self._database.read() as connection:
            tasks = bulks.open_tasks(connection, ids)[:MOST]
        return [f"{case_id}-{number}" for case_id, number in tasks], total

    def rehearse(
        self, actor: Actor, verb: str, parts: Sequence[Wanted], picked: Sequence[Picked], seconds: float = math.inf
    ) -> list[Rehearsed]:
        """What would happen to each task, and why not: each is done by itself and undone. Raises BadInput.

        ``seconds``: after which no further one is begun; at least one is told of.
        """
        _must_fit(verb, parts, picked)
        found, ends = list[Rehearsed](), time.monotonic() + seconds
        for one in picked:
            if found and time.monotonic() > ends:
                break
            found.append(self._rehearsed(actor, verb, parts[one.part], one))
        return found

    def _rehearsed(self, actor: Actor, verb: str, wanted: Wanted, picked: Picked) -> Rehearsed:
        said: list[Words] = []

        def act() -> None:
            with undone(self._database):
                said.append(self._cases.many_rehearsed.act(verb, actor, picked, wanted))

        try:
            with step(Allowance()):
                again_if_long(act)
        except Refusal as refused:
            return Rehearsed(picked, False, refused.words)
        return Rehearsed(picked, True, said[-1])

    def begin(self, actor: Actor, verb: str, parts: Sequence[Wanted], picked: Sequence[Picked]) -> int:
        """Have it done with each of these tasks, one after the other; the number of the go. Raises BadInput."""
        _must_fit(verb, parts, picked)
        with writing(self._database) as connection:
            own = {task_id(one) for one in self._own(connection, actor, [one.task_id for one in picked], verb)}
            wanted = {one.task_id: one for one in picked if one.task_id in own}
            if not wanted:
                raise BadInput(
                    field=_CHOSEN, reason=say("都不在您的待办中") if verb != URGE else say("都是您不能查看的事项")
                )
            items = [_item(place, one) for place, one in enumerate(wanted.values())]
            row = {"user_id": actor.user_id, "verb": verb, "asked": asked_of(parts)}
            return bulks.add(connection, {**row, "made_at": self._cases.parts.clock.now()}, items)

    def page(self, actor: Actor, number: int) -> BulkView:
        """How a go stands, task by task. Raises NotFound for another person's."""
        with self._database.read() as connection:
            row = _of(connection, actor, number)
            items = bulks.items(connection, number)
            seen = self._seen(connection, actor, items) if row["verb"] == URGE else None  # he has acted in none of them
            results = tuple(_result(actor, one, seen) for one in items)
            counts = bulks.counts(connection, [number])[number]
        return BulkView(row["id"], row["verb"], row["made_at"], row["ended_at"], counts, results)

    def latest(self, actor: Actor) -> tuple[BulkView, ...]:
        """The newest of a person."""
        with self._database.read() as connection:
            rows = bulks.of_person(connection, actor.user_id, SHOWN)
            counts = bulks.counts(connection, [row["id"] for row in rows])
        return tuple(
            BulkView(row["id"], row["verb"], row["made_at"], row["ended_at"], counts[row["id"]]) for row in rows
        )

    def running(self, actor: Actor) -> int | None:
        """The number of one of his that has not ended."""
        with self._database.read() as connection:
            return bulks.running_of(connection, actor.user_id)

    def stop(self, actor: Actor, number: int) -> None:
        """Let the tasks be that still wait; what is done stays done. Raises NotFound."""
        now = self._cases.parts.clock.now()
        with writing(self._database) as connection:
            row = _of(connection, actor, number)
            if row["ended_at"] is None:
                bulks.stop(connection, number, now)
                bulks.end(connection, number, without_words(row["asked"]), now)

    def _own(self, connection: Connection, actor: Actor, ids: Sequence[str], verb: str) -> list[ChosenTask]:
        """Those of these tasks into whose inbox he looks, whatever became of them; to be urged: whose cases he sees."""
        found = bulks.chosen(connection, [parse_task_id(one) for one in ids])
        if verb == URGE:
            seen = self._seen(connection, actor, found)
            parts = self._cases.parts
            return [one for one in found if one["case_number"] in seen and _shown(parts, connection, actor, one)]
        return [one for one in found if policy.ways_to(actor, one["candidate"], one["key"])]

    def _seen(self, connection: Connection, actor: Actor, found: Sequence[ChosenTask | ShownItem]) -> frozenset[str]:
        return self._cases.visible.seen(connection, actor, {one["case_number"] for one in found})

    def _groups(self, connection: Connection, actor: Actor, found: Sequence[ChosenTask]) -> tuple[BulkGroup, ...]:
        """By step and by what may be answered there: versions of a process that ask the same are one group."""
        groups: dict[tuple[object, ...], list[ChosenTask]] = {}
        for one in found:
            definition = self._cases.parts.catalog.definition(connection, one["digest"])
            name = one["element"]
            asked = (
                one["key"],
                name,
                _outcomes(definition, name),
                _fields(definition, name),
                _allows(definition, name),
            )
            groups.setdefault(asked, []).append(one)
        return tuple(self._group(connection, actor, tasks) for tasks in groups.values())

    def _group(self, connection: Connection, actor: Actor, tasks: Sequence[ChosenTask]) -> BulkGroup:
        definition = self._cases.parts.catalog.definition(connection, tasks[0]["digest"])
        name = tasks[0]["element"]
        hides = actor.outside  # a title is of what others have done
        named = tuple(
            BulkTask(task_id(one), one["revision"], one["case_number"], "" if hides else one["title"]) for one in tasks
        )
        asked = (_outcomes(definition, name), _fields(definition, name), _allows(definition, name))
        return BulkGroup(definition.process.name, definition.elements[name].name, named, *asked)


def _shown(parts: Parts, connection: Connection, actor: Actor, one: ChosenTask) -> bool:
    """Whether he sees a task of a case that he sees."""
    definition = parts.catalog.definition(connection, one["digest"])
    if not is_hung(actor, definition):
        return True
    task, case = task_and_case(connection, task_id(one))
    return Veil(connection, actor, case, definition).task(task)


def _outcomes(definition: Definition, name: str) -> tuple[OutcomeView, ...]:
    elements = definition.elements
    return tuple(
        OutcomeView(one.id, one.name, one.kind, one.opinion, tuple(Target(to, elements[to].name) for to in one.targets))
        for one in elements[name].outcomes
    )


def _fields(definition: Definition, name: str) -> tuple[BulkField, ...]:
    verb = verb_of(definition.elements[name].verbs, "bulk")
    return tuple(_field(one) for one in fields_for_all(definition.form_of(name), verb.fields))


def _field(one: Field) -> BulkField:
    kind = "choice" if one.options is not None else one.subtype if one.type == "datetime" else one.type
    options = tuple((str(option.value), option.label) for option in one.options or ())
    return BulkField(one.path[0], one.label, kind, one.rules.required, options)


def _allows(definition: Definition, name: str) -> bool:
    return verb_of(definition.elements[name].verbs, "bulk").allowed


def _must_fit(verb: str, parts: Sequence[Wanted], picked: Sequence[Picked]) -> None:
    """Raises BadInput."""
    if verb not in VERBS:
        raise BadInput(field=say("操作"), reason=say("不认识“{name}”", name=verb))
    if not 0 < len(picked) <= MOST:
        raise BadInput(field=_CHOSEN, reason=say("请选择1至{most}件", most=MOST))
    if any(not 0 <= one.part < len(parts) for one in picked):
        raise BadInput(field=_CHOSEN, reason=say("请重新选择"))


def _item(place: int, one: Picked) -> NewItem:
    case_id, number = parse_task_id(one.task_id)
    return {"place": place, "case_id": case_id, "number": number, "part": one.part, "revision": one.revision}


def _of(connection: Connection, actor: Actor, number: int) -> BulkRow:
    row = bulks.get(connection, number)
    if row is None or row["user_id"] != actor.user_id:
        raise NotFound(what=say("这次批量办理"))
    return row


def _result(actor: Actor, row: ShownItem, known: frozenset[str] | None) -> BulkResult:
    """``known``: the cases that he sees; None: those also in which he has acted by this."""
    if known is None:
        seen = policy.sees(actor, cast(CaseRow, row), acted=row["status"] == bulks.DONE)
    else:
        seen = row["case_number"] in known
    title, said = row["title"] if seen and not actor.outside else "", (row["said_zh"], row["said_en"])
    return BulkResult(str(row["case_id"]), task_id(row), row["case_number"], title, row["status"], said)
