"""Who hears of what a run has done: of a task that came or came back, of a task that is gone, of the end of a case.

A task for an office of many people tells nobody by name: they find it in their inbox, which counts it at once. Whom the
diagram itself tells something in the same run hears nothing beside, nor does who has acted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from engine.cases.event_types import TASK_COMPLETED, TaskCompleted, payload
from engine.cases.recusal import excluded
from engine.cases.veil import Veil
from engine.cases.veil.cutting import OPINION
from engine.definition import Definition
from engine.diagram import Outcome
from engine.directory.actors import PERSONAL
from engine.directory.substitutes import substitutes_of
from engine.messages.kinds import ARRIVED, DECIDED, NOT_NEEDED, RETURNED
from engine.messages.telling import OfCase, notice, tell
from engine.model import OpenedTask, RunResult
from engine.words import Text, say
from storage import people as rows
from storage.database import Connection
from storage.events import LoggedEvent, NewEvent
from storage.rows import CaseRow, TaskRow

MOST_TOLD = 10
"""So many people are told of a task that came to their office; where more may take it, nobody is."""
_ENDED = say("已办结")


def tell_of_run(
    connection: Connection, definition: Definition, case: CaseRow, event: NewEvent, result: RunResult,
    chosen: Outcome | None,
) -> None:  # fmt: skip
    """Tell whom it concerns. ``case``: as the run leaves it; ``chosen``: the outcome by which a person let it go on."""
    now, actor = event["at"], event["actor_id"]
    for one in result.messages:
        notice(connection, now, [one.to], one.title, one.text, case if one.shows_case else None)
    heard = {actor, *(one.to for one in result.messages)}
    for task in result.opened:
        people = _who_may(connection, definition, case, task, now)
        _tell_of_task(connection, definition, case, event, task, chosen, people - heard)
    if case["status"] != "running" and result.ended_at_element is not None and case["starter_id"] not in heard:
        tell(connection, now, DECIDED, [case["starter_id"]], case, result=_ending(definition, result.ended_at_element))


def tell_of_gone(connection: Connection, case: OfCase, tasks: Iterable[TaskRow], now: datetime, by: int | None) -> None:
    """Who had taken a task that is taken away hears that he need not do it."""
    for task in tasks:
        if task["claimed_by"] != by:
            step = task["name_zh"], task["name_en"]
            tell(connection, now, NOT_NEEDED, [task["claimed_by"]], case, step=step)


def _tell_of_task(
    connection: Connection, definition: Definition, case: CaseRow, event: NewEvent, task: OpenedTask,
    chosen: Outcome | None, people: Iterable[int],
) -> None:  # fmt: skip
    came_back = chosen is not None and chosen.kind == "return" and event["name"] == TASK_COMPLETED
    opinion = _opinion(connection, definition, case, event) if came_back else ""
    tell(
        connection, event["at"], RETURNED if came_back else ARRIVED, people, case, task=task.number,
        words=opinion or None, step=definition.elements[task.element].name,
    )  # fmt: skip


def _opinion(connection: Connection, definition: Definition, case: CaseRow, event: NewEvent) -> str:
    """What was said with a return; nothing while the diagram keeps it confidential.

    Whoever gets it back reads it on the page of the case once he may.
    """
    said = str(payload(event, TaskCompleted)["submission"].get("opinion") or "")
    if not (said and definition.keeps_secrets):
        return said
    shown = Veil(connection, None, case, definition).fields(cast(LoggedEvent, event))
    return said if shown is not None and shown.has(OPINION) else ""


def _who_may(
    connection: Connection, definition: Definition, case: CaseRow, task: OpenedTask, now: datetime
) -> set[int]:
    """Who may take a task, and who stands in for them, but whoever must stand aside; nobody where they are many."""
    role, _, code = task.candidate.partition("@")
    if not code:
        one = {int(role.removeprefix(PERSONAL))}
        return one | substitutes_of(connection, one, task.candidate, case["key"], now)
    people = set(rows.holding(connection, role, code, MOST_TOLD + 1))
    if not people or len(people) > MOST_TOLD:
        return set()
    people |= substitutes_of(connection, people, task.candidate, case["key"], now)
    return people - excluded(connection, case, definition, task.element, task.other_cases, task.instances)


def _ending(definition: Definition, element: str) -> Text | str:
    end = definition.elements.get(element)
    name = end.name if end is not None else ("", "")
    return name if any(name) else (_ENDED.text(), _ENDED.text("en"))
