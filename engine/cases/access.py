"""Who may come to which case, task or deadline: the rows looked up, the policy asked. Changes nothing.

Acts and readings ask the same functions, so that what a page offers is what an act allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from engine.calendar.deadlines import OPEN
from engine.cases.base import Parts, open_tasks_of, parse_case_id, seen_at, stands, task_and_case
from engine.cases.gone import gone
from engine.cases.involving import waits_for
from engine.cases.recusal import standing_aside
from engine.cases.turns import stands_in_for
from engine.cases.veil import Veil
from engine.definition import Definition
from engine.diagram import Assignment, Deadline
from engine.directory import organisations, policy
from engine.directory.actors import Actor
from engine.directory.organisations import Organisation
from engine.directory.substitutes import Represented, represented, substitutes_of
from engine.errors import NotAllowed, NotFound, Refusal
from engine.operations.holders import resolve
from engine.words import say
from storage import accounts, deadlines, involvements, standing
from storage import cases as rows
from storage.database import Connection
from storage.involvements import InvolvementRow
from storage.rows import CaseRow, DeadlineRow, TaskRow

_LIMIT = say("期限的变动")


def seen(connection: Connection, actor: Actor, case_id: str, *, lock: bool = False) -> CaseRow:
    """A case that the actor may see. Raises NotFound."""
    number = parse_case_id(case_id)
    case = rows.lock(connection, number) if lock else rows.get(connection, number)
    return policy.must_see(actor, case, acted=case is not None and _has_part(connection, actor, case))


def seen_task(parts: Parts, connection: Connection, actor: Actor, task_id: str) -> tuple[TaskRow, CaseRow, Veil]:
    """A task that the actor may see, with its case and what is hidden of it. Raises NotFound."""
    task, case = task_and_case(connection, task_id)
    mine = bool(policy.ways_to(actor, task["candidate"], case["key"]))
    mine = mine or any(row["number"] == task["number"] for row in _answers_for(connection, actor, case))
    policy.must_see(actor, case, acted=mine or rows.acted_in(connection, case["id"], actor.user_id))
    veil = Veil(connection, actor, case, parts.definition(connection, case))
    if not (mine or veil.task(task)):
        raise NotFound(what=say("这项任务"))
    return task, case, veil


def may_see(connection: Connection, actor: Actor, case: CaseRow) -> bool:
    """Whether the actor may see a case that is at hand."""
    return policy.sees(actor, case) or policy.sees(actor, case, acted=_has_part(connection, actor, case))


def _has_part(connection: Connection, actor: Actor, case: CaseRow) -> bool:
    """Whether he has acted in a case, was told of it, or may act in it now."""
    return (
        rows.acted_in(connection, case["id"], actor.user_id)
        or any(policy.ways_to(actor, task["candidate"], case["key"]) for task in open_tasks_of(connection, case["id"]))
        or bool(_answers_for(connection, actor, case))
    )


def _answers_for(connection: Connection, actor: Actor, case: CaseRow) -> list[InvolvementRow]:
    """Where in a case it is the turn of somebody who is away, and for whom he acts, to answer."""
    ways = stands_in_for(actor, case["key"])
    return involvements.at_tasks(connection, ways, [case["id"]]) if ways else []


def no_longer_open(
    connection: Connection, actor: Actor, definition: Definition, task: TaskRow, case: CaseRow
) -> Refusal:
    """What is told of a task that is no longer open: who was first with it, to whoever sees it; to nobody else."""
    mine = bool(policy.ways_to(actor, task["candidate"], case["key"]))
    if mine or Veil(connection, actor, case, definition).task(task):
        return gone(connection, definition, task)
    return NotFound(what=say("这项任务"))


def must_act(parts: Parts, connection: Connection, actor: Actor, task: TaskRow, case: CaseRow) -> Represented | None:
    """In whose place the actor acts on the task now; None: in his own right.

    Raises NotFound, NotAllowed or TaskNotOpen unless he may.
    """
    policy.must_see(actor, case, acted=bool(policy.ways_to(actor, task["candidate"], case["key"])))
    definition = parts.definition(connection, case)
    if task["status"] != policy.OPEN:
        raise no_longer_open(connection, actor, definition, task, case)
    must_hold(connection, actor, task, case)
    return policy.must_act(actor, task, case["key"], standing_aside(connection, case, definition, task))


def must_hold(connection: Connection, actor: Actor, task: TaskRow, case: CaseRow) -> list[InvolvementRow]:
    """Those who are brought into a task. Raises NotAllowed while one of them must answer before its holder goes on."""
    rows = involvements.of_task(connection, task["case_id"], task["number"])
    row = waits_for(rows)
    if row is not None and policy.ways_to(actor, task["candidate"], case["key"]):
        raise NotAllowed(act=policy.ACT, reason=say("正在等{name}答复", name=row["user_name"]))
    return rows


def must_stand_in(connection: Connection, actor: Actor, place: Represented | None, now: datetime) -> None:
    """Hold the substitutions by which he acts until the transaction ends. Raises NotAllowed when they are over."""
    if place is None:
        return
    standing.hold(connection, place.links)
    if not any(one.links == place.links for one in represented(connection, actor.directory, actor.user_id, now)):
        raise NotAllowed(act=say("代为办理"), reason=say("您对{name}的代理已经结束", name=place.name))


def starter_candidate(
    connection: Connection,
    actor: Actor,
    definition: Definition,
    organisation: Organisation,
    assignments: Sequence[Assignment] | None = None,
) -> str:
    """As whom (``role@code``) the actor starts a case for an organisation. Raises NotAllowed.

    ``assignments``: who may, where it is not those of the plain start event.
    """
    rules = [(a.role, a.where, a.kinds) for a in (definition.process.starters if assignments is None else assignments)]
    for rule in rules:
        found = resolve(connection, organisation, [rule])
        if found and organisation.valid and f"{found[0]}@{found[1].code}" in actor.candidates:
            return f"{found[0]}@{found[1].code}"
    reason = say("您不是{name}的经办人", name=organisation.name)
    raise NotAllowed(act=say("发起这类事项"), reason=reason)


def may_cancel(connection: Connection, actor: Actor, definition: Definition, case: CaseRow) -> bool:
    """Whether the diagram names the actor among those who may cancel the case."""
    organisation = organisations.get(connection, case["organisation_code"])
    named = [(a.role, a.where, a.kinds) for a in definition.process.cancellers]
    found = [resolve(connection, organisation, [one]) for one in named]
    return any(f"{one[0]}@{one[1].code}" in actor.candidates for one in found if one)


def running_deadline(
    parts: Parts, connection: Connection, actor: Actor, task_id: str, *, lock: bool = False
) -> tuple[CaseRow, TaskRow, DeadlineRow, Deadline]:
    """The case, the open task, its deadline and what the diagram says of it. Whoever is told upwards may act, too.

    Raises NotFound, TaskNotOpen, NotAllowed.
    """
    task, case = task_and_case(connection, task_id, lock=lock)
    mine = bool(policy.ways_to(actor, task["candidate"], case["key"]))
    policy.must_see(actor, case, acted=mine)
    row = deadlines.get(connection, case["id"], task["number"])
    definition = parts.definition(connection, case)
    if task["status"] != policy.OPEN or row is None or row["status"] not in OPEN:
        raise no_longer_open(connection, actor, definition, task, case)
    declared = definition.elements[task["element"]].deadline
    assert declared is not None
    organisation = organisations.get(connection, case["organisation_code"])
    now = parts.now()
    place = (connection, definition, case, task, organisation)
    above = people_named(*place, declared.escalate, now) if not mine else set()
    if not mine and actor.user_id not in above:
        raise NotAllowed(act=_LIMIT, reason=say("它不是交给您的"))
    return case, task, row, declared


def holders(connection: Connection, task: TaskRow, kind: str, now: datetime) -> set[int]:
    """Who has the task: whoever claimed it, else everybody who may; and who stands in for them while they are away."""
    own = _own_holders(connection, task, now)
    return own | substitutes_of(connection, own, task["candidate"], kind, now)


def _own_holders(connection: Connection, task: TaskRow, now: datetime) -> set[int]:
    if task["claimed_by"] is not None:
        return {task["claimed_by"]}
    role, _, code = task["candidate"].partition("@")
    if not code:
        return {int(role.partition(":")[2])}
    return {one["id"] for one in accounts.members(connection, code) if one["role"] == role}


def people_named(
    connection: Connection, definition: Definition, case: CaseRow, task: TaskRow, organisation: Organisation,
    whom: Iterable[Assignment], now: datetime,
) -> set[int]:  # fmt: skip
    """The people whom a diagram names by role and place, where its condition holds for what the task sees."""
    found: set[int] = set()
    for one in whom:
        if one.when and stands(definition, case, seen_at(connection, case, task), one.when) is not True:
            continue
        place = resolve(connection, organisation, [(one.role, one.where, one.kinds)])
        if place is not None:
            members = accounts.members(connection, place[1].code)
            found |= {member["id"] for member in members if member["role"] == place[0]}
    return found
