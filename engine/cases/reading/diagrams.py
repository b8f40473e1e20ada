"""The coloured diagram of a case: which ways it went and how often, what was returned, where its tokens stand.

It costs what it shows: the counts are kept with each run (``engine.cases.recording.passages``), of tasks the newest are
looked up by their numbers. Only of a case that an earlier program began the events are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from engine.cases.base import Parts
from engine.cases.event_types import CASE_STARTED, TASK_COMPLETED, payload
from engine.cases.reading.history import articles_of, submission_of
from engine.cases.shown import open_task
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.diagram import Element, shown
from engine.directory.actors import Actor
from engine.views import DiagramView, ElementView, Visit
from engine.views.diagrams import FlowView, ReturnView
from storage import accounts, events, log, regulation, waits
from storage.database import Connection
from storage.events import LoggedEvent
from storage.passages import FORMAT, Passages, Passed, added, no_passages
from storage.rows import CaseRow, TaskRow


class _Ran(TypedDict, total=False):
    """What an event says of a run."""

    element: str
    passed: list[str]
    opened: list[tuple[int, str]]


def diagram_of(parts: Parts, connection: Connection, actor: Actor, case: CaseRow) -> DiagramView:
    """The case's own diagram and all that it shows."""
    definition = parts.definition(connection, case)
    went = case["passages"]
    if went is None or went.get("format") != FORMAT:
        went = read_from(definition, events.of_case(connection, case["id"]))
    standing = log.standing(connection, case["id"])
    numbers = {number for one in went["elements"].values() for number in one["tasks"]}
    veil = Veil(connection, actor, case, definition)
    found = log.numbered(connection, case["id"], sorted(numbers | {number for number, _ in standing.values()}))
    tasks = list(filter(veil.task, found))
    tokens = tokens_at(definition, standing, [row["element"] for row in waits.of_case(connection, case["id"])])
    visits = _visits(parts, connection, actor, case, definition, tasks)
    if case["starter_id"] and veil.starter():
        _began(definition, case, went, visits)
    official = regulation.texts(
        connection, {one for element in definition.elements.values() for one in element.articles}
    )
    views = {}
    for element in definition.elements.values():
        newest = [task for task in tasks if task["element"] == element.id]
        passed, here = went["elements"].get(element.id), tokens.get(element.id, 0)
        mark = _marks(veil, element.id, newest, passed, here)
        views[element.id] = replace(
            mark, name=element.name, visits=tuple(visits.get(element.id, [])),
            articles=articles_of(definition, element.articles, official),
        )  # fmt: skip
    flows = [one for one in _flows(definition, went["flows"]) if veil.element(one.source) and veil.element(one.target)]
    returns = [one for one in _returns(went["returns"]) if veil.element(one.source) and veil.element(one.target)]
    return DiagramView(shown(definition.key, definition.xml), views, tuple(flows), tuple(returns))


def _marks(veil: Veil, name: str, newest: list[TaskRow], passed: Passed | None, here: int) -> ElementView:
    """How an element is coloured and counted; of a step that is hidden only what of it is the reader's own."""
    if not veil.element(name):
        mine = sum(task["status"] == "open" for task in newest)
        return ElementView(name, ("", ""), _state(mine, bool(newest), newest), (), (), times=len(newest), tokens=mine)
    times, last = (passed["times"], passed["last"]) if passed else (0, None)
    if not veil.people_at(name):  # how many there are is confidential, too
        times, here = min(times, 1), min(here, 1)
    moment = datetime.fromisoformat(last) if last else None
    return ElementView(
        name, ("", ""), _state(here, bool(passed), newest), (), (), times=times, last=moment, tokens=here
    )


def read_from(definition: Definition, log: Sequence[LoggedEvent]) -> Passages:
    """The counts as the events tell them, of a case that was not counted as it ran.

    By which flow a token went they do not say: it is taken to have gone every one between two elements of a run.
    """
    found = no_passages()
    flows = [(flow, one.id) for one in definition.elements.values() for flow in one.incoming]
    sources = _sources(definition)
    for event in log:
        data = payload(event, _Ran)
        acted = data.get("element", "") if event["name"] in (CASE_STARTED, TASK_COMPLETED) else ""
        passed, opened = data.get("passed", []), data.get("opened", [])
        there = {*passed, acted}
        reached = {*passed, *(name for _, name in opened)}
        submission = submission_of(definition, event) or {}
        taken = [(flow, to) for flow, to in flows if to in reached and sources.get((flow, to)) in there]
        element = definition.element_of(acted)
        returned = element is not None and any(
            one.kind == "return" and one.id == submission.get("outcome") for one in element.outcomes
        )
        extra = [acted] if acted and acted not in passed else []
        found = added(found, [*extra, *passed], taken, opened, event["at"], acted if returned else "")
    return found


def tokens_at(
    definition: Definition, standing: Mapping[str, tuple[int, int]], awaited: Iterable[str]
) -> dict[str, int]:
    """How many tokens stand at each element: at tasks, at what waits, in each sub-process and call around them."""
    found = {name: count for name, (_, count) in standing.items()}
    for name in awaited:
        element = definition.element_of(name)
        if element is not None and not (element.attached_to or element.tag == "startEvent" or element.id in standing):
            found[element.id] = found.get(element.id, 0) + 1
    for name in list(found):
        for around in _around(definition, definition.element_of(name)):
            found.setdefault(around, 1)
    return found


def _around(definition: Definition, element: Element | None) -> Iterable[str]:
    seen: set[str] = set()
    while element is not None and element.id not in seen:
        seen.add(element.id)
        process = element.process_id
        caller = next((one.id for one in definition.elements.values() if one.called == process), None)
        name = element.parent or caller
        if name is None:
            return
        yield name
        element = definition.element_of(name)


def _visits(
    parts: Parts, connection: Connection, actor: Actor, case: CaseRow, definition: Definition, tasks: list[TaskRow]
) -> dict[str, list[Visit]]:
    """The newest stays of people at each element, oldest first."""
    names = accounts.names_of(connection, [task["completed_by"] for task in tasks])
    now, calendar = parts.clock.now(), parts.calendar_of(connection, case)
    found: dict[str, list[Visit]] = {}
    for task in tasks:
        element = definition.elements[task["element"]]
        if task["status"] == "open":
            asked = open_task(task, definition, actor, calendar, now).waits_for
            found.setdefault(element.id, []).append(Visit(asked, task["opened_at"], None, None))
        elif task["completed_at"] is not None and task["completed_by"] is not None:
            name = names[task["completed_by"]][0] if task["completed_by"] in names else ""
            seconds = int((task["completed_at"] - task["opened_at"]).total_seconds())
            outcome = next((one.name for one in element.outcomes if one.id == task["outcome"]), None)
            stay = Visit((name, name), task["opened_at"], task["completed_at"], seconds, outcome)
            found.setdefault(element.id, []).append(stay)
    return found


def _began(definition: Definition, case: CaseRow, went: Passages, visits: dict[str, list[Visit]]) -> None:
    """Who has opened the case, at the start event where that was."""
    for name in went["elements"]:
        element, who = definition.element_of(name), case["starter_name"]
        begins = element is not None and element.tag == "startEvent" and element.parent is None and not element.opens
        if element is not None and begins and element.process_id == definition.process.id:
            visits[name] = [Visit((who, who), case["opened_at"], case["opened_at"], 0)]


def _state(tokens: int, passed: bool, newest: list[TaskRow]) -> str:
    if tokens:
        return "current"
    done = [task for task in newest if task["status"] == "completed"]
    if done and done[-1]["outcome_kind"] == "return":
        return "returned"
    return "done" if passed else ""


def _sources(definition: Definition) -> dict[tuple[str, str], str]:
    """Where each flow begins, by its id and the element to which it leads: ids of flows are one process's own."""
    begins = {(one.process_id, flow): one.id for one in definition.elements.values() for flow in one.outgoing}
    return {
        (flow, one.id): begins[one.process_id, flow]
        for one in definition.elements.values()
        for flow in one.incoming
        if (one.process_id, flow) in begins
    }


def _flows(definition: Definition, counts: Mapping[str, int]) -> tuple[FlowView, ...]:
    found = []
    for (flow, target), source in _sources(definition).items():
        times = counts.get(f"{target}/{flow}", 0)
        if times:
            found.append(FlowView(flow, source, target, times))
    return tuple(found)


def _returns(counts: Mapping[str, int]) -> tuple[ReturnView, ...]:
    return tuple(ReturnView(*name.partition("/")[::2], times) for name, times in counts.items())
