"""One task or one case as its reader may see it, with history, submissions and the coloured diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.cases.access import may_cancel, must_act, must_hold, seen, seen_task
from engine.cases.base import Parts, open_tasks_of, seen_at, task_and_case, within_reach
from engine.cases.filling import Filling, fields_of, standing, start_filling, task_filling
from engine.cases.papers_ahead import papers_ahead
from engine.cases.reading.concerns import concerns_of
from engine.cases.reading.diagrams import diagram_of
from engine.cases.reading.family import has_family
from engine.cases.reading.files import files_of
from engine.cases.reading.grown import Grown
from engine.cases.reading.history import articles_of
from engine.cases.reading.opened import form_view
from engine.cases.reading.proposed import proposal_of
from engine.cases.reading.sealing import sealing_view
from engine.cases.recusal import Recusal, standing_aside
from engine.cases.saved_rows import place_of_start
from engine.cases.sealing import must_be_free
from engine.cases.shown import attachment_view, deadline_view, ending_of, open_task
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.directory import organisations, policy
from engine.directory.actors import PERSONAL, Actor
from engine.errors import NotAllowed, Suspended
from engine.feel import BudgetExceeded
from engine.forms.guard import must_be_object
from engine.views import (
    Article,
    CaseHead,
    CaseView,
    Checked,
    DiagramView,
    FormView,
    HistoryAsked,
    OpenTask,
    OrganisationName,
    OutcomeView,
    StartView,
    Target,
    TaskView,
)
from storage import cases as rows
from storage import deadlines, regulation
from storage.database import Connection
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class CaseReading:
    """Readings of one task, one case, one start page."""

    parts: Parts

    def task(self, actor: Actor, task_id: str) -> TaskView:
        """An open or finished task. Raises NotFound; a finished one has nothing left that one may do."""
        with self.parts.database.read() as connection:
            task, case, veil = seen_task(self.parts, connection, actor, task_id)
            now, definition = self.parts.clock.now(), self.parts.definition(connection, case)
            element = definition.elements[task["element"]]
            may = _may_task(connection, actor, task, case, definition)
            draft = rows.draft(connection, actor.user_id, f"task:{task_id}")
            place = policy.place_at(actor, task, case["key"])
            organisation = organisations.get(connection, case["organisation_code"])
            form = None
            if may:
                variables = seen_at(connection, case, task)
                filling = task_filling(self.parts, connection, task, case, variables)
                form = form_view(connection, filling, standing(variables, element), draft, f"task:{task_id}")
            calendar = self.parts.calendar_of(connection, case)
            running = deadlines.get(connection, case["id"], task["number"])
            return TaskView(
                id=task_id,
                element_id=element.id,
                name=element.name,
                case=_head(case, definition, veil),
                revision=case["revision"],
                outcomes=tuple(
                    _outcome_view(within_reach(connection, organisation, definition, one), definition)
                    for one in element.outcomes
                ),
                articles=_articles(connection, definition, element.articles),
                may=may,
                arrived_at=task["opened_at"],
                description=element.description,
                makes_papers=bool(may) and not element.sealing.kind and papers_ahead(definition, element, veil),
                sealing=sealing_view(connection, definition, case, task, now) if may else None,
                form=form,
                deadline=deadline_view(task, definition, calendar, now, running),
                claimed_by=task["claimed_name"],
                claimed_by_me=task["claimed_by"] == (place.user_id if place else actor.user_id),
                in_place_of=place.name if place else "",
                draft_saved_at=draft["saved_at"] if draft else None,
            )

    def start_form(self, actor: Actor, key: str, organisation_code: str) -> StartView:
        """The page that starts a case, with the person's draft in it. Raises NotAllowed."""
        with self.parts.database.read() as connection:
            filling = start_filling(self.parts, connection, actor, key, organisation_code)
            definition = self.parts.catalog.current(connection, key)
            organisation = organisations.get(connection, organisation_code)
            draft = rows.draft(connection, actor.user_id, f"start:{key}:{organisation_code}")
            process, start = definition.process, definition.process.start
            place = place_of_start(key, organisation_code, actor.user_id)
            form = form_view(connection, filling, {}, draft, place)
            return StartView(
                key=key,
                name=process.name,
                description=process.description,
                organisation=OrganisationName(organisation.code, organisation.name),
                form=form or FormView(_no_form, {}, {}),
                articles=_articles(connection, definition, start.articles if start else ()),
                last=rows.last_started(connection, actor.user_id, key, organisation.code),
            )

    def must_be_in_force(self, key: str) -> None:
        """Raises NotFound for a kind that nobody has published, DefinitionWithdrawn for one that begins no longer."""
        with self.parts.database.read() as connection:
            self.parts.catalog.current(connection, key)

    def case(self, actor: Actor, case_id: str, asked: HistoryAsked | None = None) -> CaseView:
        """A case with its open tasks and files, a page of its history and of what was handed in. Raises NotFound."""
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            now = self.parts.clock.now()
            definition = self.parts.definition(connection, case)
            veil = Veil(connection, actor, case, definition)
            grown = Grown(connection, definition, case["id"], asked or HistoryAsked(), veil)
            waiting = open_tasks_of(connection, case["id"])
            calendar = self.parts.calendar_of(connection, case)
            recusal = Recusal(connection, case, definition)
            running = deadlines.of_tasks(connection, [(task["case_id"], task["number"]) for task in waiting])
            open_tasks = [
                open_task(task, definition, actor, calendar, now, running.get((task["case_id"], task["number"])))
                for task in waiting
            ]
            return CaseView(
                head=_head(case, definition, veil),
                tasks=tuple(
                    _whose(recusal, actor, case["key"], *pair)
                    for pair in veil.open_tasks(zip(waiting, open_tasks, strict=True))
                ),
                history=grown.history(),
                submissions=grown.submissions(),
                attachments=tuple(map(attachment_view, files_of(connection, case["id"], veil))),
                may=_may_case(connection, actor, definition, case, now),
                concerns=() if veil.outside else concerns_of(self.parts, connection, actor, case),
                earlier=grown.earlier,
                handed_earlier=grown.handed_earlier,
                resubmitted=grown.resubmitted(),
                has_family=has_family(connection, actor, case),
                proposes=proposal_of(connection, case, definition, veil) is not None,
            )

    def diagram(self, actor: Actor, case_id: str) -> DiagramView:
        """The case's own diagram: what was done, where it stands, what was returned. Raises NotFound."""
        with self.parts.database.read() as connection:
            return diagram_of(self.parts, connection, actor, seen(connection, actor, case_id))

    def check(self, actor: Actor, task_id: str, data: Mapping[str, Any]) -> Checked:
        """What the form would say if it were handed in now, with every derived value. Nothing is kept."""
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            must_act(self.parts, connection, actor, task, case)
            variables = seen_at(connection, case, task)
            filling = task_filling(self.parts, connection, task, case, variables)
            element = self.parts.definition(connection, case).elements[task["element"]]
            return _checked(filling, data, standing(variables, element))

    def check_start(self, actor: Actor, key: str, organisation_code: str, data: Mapping[str, Any]) -> Checked:
        """The same for a start form."""
        with self.parts.database.read() as connection:
            return _checked(start_filling(self.parts, connection, actor, key, organisation_code), data, {})


def _may_task(
    connection: Connection, actor: Actor, task: TaskRow, case: CaseRow, definition: Definition
) -> frozenset[str]:
    if task["status"] != policy.OPEN:
        return frozenset()
    try:
        must_hold(connection, actor, task, case)
        policy.must_act(actor, task, case["key"], standing_aside(connection, case, definition, task))
    except NotAllowed:
        return frozenset()
    may = {"complete", "draft"} if not definition.elements[task["element"]].sealing.kind else {"complete"}
    if task["claimed_by"] is not None:
        may.add("release")
    elif not task["candidate"].startswith(PERSONAL):  # nobody else could take it
        may.add("claim")
    return frozenset(may)


def _whose(recusal: Recusal, actor: Actor, kind: str, row: TaskRow, task: OpenTask) -> OpenTask:
    """The task as it is to a reader who may have to stand aside at it: then it is his post's, but not his."""
    with suppress(BudgetExceeded, Suspended):  # the case stays readable; who acts on the task is refused
        if task.mine and policy.aside(actor, row["candidate"], kind, recusal.at(row, task.element_id)):
            return replace(task, mine=False, aside=True)
    return task


def _may_case(
    connection: Connection, actor: Actor, definition: Definition, case: CaseRow, now: datetime
) -> frozenset[str]:
    may = {"comment"} if policy.may_contribute(actor) else set()
    if case["status"] == "running":
        if policy.may_contribute(actor):
            may.add("attach")
        if policy.may_withdraw(actor, case):
            with suppress(NotAllowed):  # what was handed in sealed binds
                must_be_free(connection, case, now)
                may.add("withdraw")
        if may_cancel(connection, actor, definition, case):
            may.add("cancel")
    return frozenset(may)


def _articles(connection: Connection, definition: Definition, numbers: Iterable[str]) -> tuple[Article, ...]:
    wanted = list(numbers)
    official = regulation.texts(connection, wanted)
    return articles_of(definition, wanted, official)


def _no_form(_: str) -> dict[str, Any]:
    return {"type": "default", "components": []}


def _head(case: CaseRow, definition: Definition, veil: Veil) -> CaseHead:
    return CaseHead(
        id=str(case["id"]),
        number=case["number"],
        key=case["key"],
        process=definition.process.name,
        title=veil.title(),
        summary=veil.summary(),
        status=case["status"],
        organisation=OrganisationName(case["organisation_code"], case["organisation_name"]),
        starter=veil.starter(),
        opened_at=case["opened_at"],
        ended_at=case["ended_at"],
        ending=ending_of(definition, case["end_element"], case["status"]),
    )


def _outcome_view(outcome: Any, definition: Definition) -> OutcomeView:
    places = definition.process.lanes
    targets = tuple(
        Target(one.id, one.name, places[one.lane_id].name if one.lane_id in places else ("", ""))
        for one in map(definition.elements.__getitem__, outcome.targets)
    )
    return OutcomeView(outcome.id, outcome.name, outcome.kind, outcome.opinion, targets)


def _checked(filling: Filling | None, data: Mapping[str, Any], initial: Mapping[str, Any]) -> Checked:
    must_be_object(data)
    if filling is None:
        return Checked({}, {})
    return filling.form.check(
        fields_of(data), initial=initial, context=filling.context, environment=filling.environment
    )
