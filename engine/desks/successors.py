"""What an act would leave with nobody, and the refusal that asks for a successor. Knows no page and no act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from engine.cases.acting import transaction
from engine.cases.acting.answering import leave
from engine.cases.acting.claims import give_back
from engine.cases.acting.handing_over import Cause, HandingOver, Party
from engine.cases.base import Parts, task_id
from engine.cases.reading.aside import all_aside
from engine.cases.reading.stranded import EVERYWHERE, stranded_keys
from engine.cases.recording.record import SYSTEM
from engine.directory.actors import Actor
from engine.errors import Refusal
from engine.words import Said, listed, say
from storage import cases, handover
from storage.accounts import AccountRow
from storage.database import Connection
from storage.events import By
from storage.rows import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class Successor:
    """Who is to take over, by login. ``nobody``: it was said that nobody is to, for now."""

    login: str = ""
    nobody: bool = False


NOBODY = Successor()


_STARTERS = say("发起人办理的环节")
NAMED = 5
"""How many tasks the sentence names; the page shows them all."""


class LeavesNobody(Refusal):
    """An act after which nobody could take some open tasks, and nobody is named in the place of who goes.

    ``tasks``: (number of the case, step, who has it so far).
    """

    sentence = say(
        "这样做以后，{count} 项任务没有人办理：{tasks}。请指定接替的人；确需暂不指定的，请勾选“暂不指定接替的人”。"
    )

    def __init__(self, tasks: tuple[tuple[str, Said, str], ...]) -> None:
        self.tasks = tasks
        named = listed([say("{case}“{step}”", case=case, step=step) for case, step, _ in tasks[:NAMED]], by=say("、"))
        rest = say("{named}等", named=named) if len(tasks) > NAMED else named
        super().__init__(count=len(tasks), tasks=rest)


def left_alone(
    connection: Connection,
    without: Collection[tuple[int, str, str]],
    gone: int | None,
    parts: Parts | None = None,
) -> list[TaskRow]:
    """The open tasks that somebody can take now, and nobody could without these roles or that person.

    With the ``parts`` of cases also those at which all the others must stand aside.
    """
    before = set(stranded_keys(connection))
    after = stranded_keys(connection, without, gone)
    found = handover.open_of(connection, [key for key in after if key not in before])
    return found + (_newly_aside(parts, connection, without, gone) if parts else [])


def _newly_aside(
    parts: Parts, connection: Connection, without: Collection[tuple[int, str, str]], gone: int | None
) -> list[TaskRow]:
    held = handover.held_keys(connection)
    leaves = [one for one in held if one["user_id"] == gone or _as_told(one) in without]
    keys = {(one["role"], one["organisation_code"]) for one in leaves}
    there = [one for one in held if (one["role"], one["organisation_code"]) in keys]
    left = [one for one in there if one not in leaves]
    already = {(task["case_id"], task["number"]) for task in all_aside(parts, connection, there, EVERYWHERE)}
    found = all_aside(parts, connection, left, EVERYWHERE)
    return [task for task in found if (task["case_id"], task["number"]) not in already]


def _as_told(one: handover.HeldKey) -> tuple[int, str, str]:
    return one["user_id"], one["role"], one["organisation_code"]


def refuse(connection: Connection, tasks: list[TaskRow], waiting: list[CaseRow]) -> None:
    """Raises LeavesNobody, when there are tasks, or running cases whose diagram comes back to who started them."""
    if not tasks and not waiting:
        return
    numbers = {one: cases.get(connection, one) for one in {task["case_id"] for task in tasks}}
    told: list[tuple[str, Said, str]] = []
    for task in tasks:
        case = numbers[task["case_id"]]
        step = (task["name_zh"], task["name_en"])
        told.append((case["number"] if case else task_id(task), step, task["organisation_name"]))
    told += [(case["number"], _STARTERS, case["starter_name"]) for case in waiting]
    raise LeavesNobody(tuple(told))


def roles_of(tasks: list[TaskRow]) -> list[tuple[str, str]]:
    """The roles (role, organisation) for which tasks wait."""
    keys = {task["candidate"].partition("@") for task in tasks}
    return sorted((role, code) for role, at, code in keys if at)


def by_of(actor: Actor | None) -> By:
    """Who acts, as an event of a case keeps it; the system itself at the command line."""
    return SYSTEM if actor is None else transaction.by_of(actor, "")


def hand_over(
    handing_over: HandingOver, connection: Connection, by: Actor | None, row: AccountRow, new: AccountRow
) -> None:
    """Give what stands in the name of one person to another: tasks for him alone, running cases that he started."""
    carried = handing_over.of_person(connection, row["id"])
    cause = Cause(by_of(by), handing_over.parts.clock.now(), say("账号停用，由接替的人办理").text())
    before, after = (Party(one["id"], one["login"], one["name"]) for one in (row, new))
    handing_over.to_person(connection, carried, before, after, cause)


def give_all_back(
    handing_over: HandingOver | None, connection: Connection, user_id: int, candidate: str | None, now: datetime
) -> None:
    """What a person has claimed as ``candidate``, or at all, and where he was brought in and may answer no longer."""
    if handing_over is not None:
        leave(connection, handing_over.parts, user_id, now)
    give_back(connection, user_id, candidate, now)
