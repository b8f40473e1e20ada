"""Who may do what to which case or task. Pure: rows and the actor in, an answer or NotAllowed out. Knows no SQL."""

from __future__ import annotations

from engine.directory.actors import Actor, personal
from engine.directory.substitutes import Represented
from engine.errors import NotAllowed, NotFound
from engine.words import Words, say
from storage.rows import CaseRow, TaskRow
from storage.todo import Reached

OPEN = "open"
ACT, REMARK = say("办理这项任务"), say("留言或上传附件")


def must_see(actor: Actor, case: CaseRow | None, *, acted: bool = False) -> CaseRow:
    """A person sees the cases inside his organisations' subtrees, his own, and those in which he acted or
    of which he was told.

    Raises NotFound: what one may not see does not exist for him.
    """
    if case is not None and sees(actor, case, acted=acted):
        return case
    raise NotFound(what=say("这个事项"))


def sees(actor: Actor, case: CaseRow, *, acted: bool = False) -> bool:
    """Whether the actor may look at the case. Whoever has no business role has no business, whatever he did before."""
    took_part = acted or case["starter_id"] == actor.user_id
    return actor.in_business and (took_part or actor.sees(case["organisation_path"]))


def reader(actor: Actor) -> int:
    """Whose lists of past business are shown: his own; nobody's (0) when he has no business role any more."""
    return actor.user_id if actor.in_business else 0


def must_act(actor: Actor, task: TaskRow, kind: str, excluded: set[int]) -> Represented | None:
    """Only a holder of the task's role at its organisation acts, or who stands in for him while he is away.

    Gives for whom he acts; None: in his own right, which goes first. Never one who is excluded, nor for one who is
    (separation of duties). ``kind``: of the case; ``excluded``: who acted where the diagram says that this task's actor
    must not have. Raises NotAllowed.
    """
    ways = ways_to(actor, task["candidate"], kind)
    if not ways:
        raise NotAllowed(act=ACT, reason=say("它不是交给您的"))
    if actor.user_id in excluded:
        reason = say("您参与过本事项的前序环节，应当回避")
        raise NotAllowed(act=ACT, reason=reason)
    free = [way for way in ways if task["claimed_by"] in (None, way.user_id if way else actor.user_id)]
    if not free:
        name = task["claimed_name"]
        raise NotAllowed(act=ACT, reason=say("{name}已签收", name=name))
    for way in free:
        if way is None or not way.people & excluded:
            return way
    aside = next(name for way in free if way for one, name in way.path if one in excluded)
    raise NotAllowed(act=ACT, reason=say("您代理的{name}参与过本事项的前序环节，应当回避", name=aside))


def ways_to(actor: Actor, candidate: str, kind: str) -> list[Represented | None]:
    """In whose right the actor reaches the tasks of an inbox key, of a case of that kind.

    None for his own right, then those he stands in for.
    """
    own: list[Represented | None] = [None] if candidate in actor.candidates else []
    return own + [one for one in actor.represents if actor.candidates and one.reaches(candidate, kind)]


def aside(actor: Actor, candidate: str, kind: str, excluded: set[int]) -> bool:
    """Whether he reaches a task, and must stand aside at it: he himself, or everybody for whom he would act."""
    ways = ways_to(actor, candidate, kind)
    return bool(ways) and (actor.user_id in excluded or all(way and way.people & excluded for way in ways))


def place_at(actor: Actor, task: TaskRow, kind: str) -> Represented | None:
    """In whose place the actor would act on an open task, who must stand aside left out of account."""
    ways = ways_to(actor, task["candidate"], kind)
    fitting = [way for way in ways if task["claimed_by"] in (None, way.user_id if way else actor.user_id)]
    return next(iter(fitting or ways), None)


def reached(actor: Actor) -> list[Reached]:
    """The inboxes into which the actor looks: his own, and those of who is away and for whom he acts."""
    own = [Reached(one, reader(actor)) for one in actor.candidates]
    others = actor.represents if own else ()
    return own + [
        Reached(key, one.user_id, one.kinds, one.people | {actor.user_id}, key == personal(one.user_id))
        for one in others
        for key in one.keys
    ]


def may_contribute(actor: Actor) -> bool:
    """Remarks and files come from people with a part in business; a role that only reads leaves nothing behind."""
    return bool(actor.candidates)


def must_contribute(actor: Actor, act: Words = REMARK) -> None:
    """Raises NotAllowed, which names the act."""
    if not may_contribute(actor):
        raise NotAllowed(act=act, reason=say("您的角色只能查看"))


def may_withdraw(actor: Actor, case: CaseRow) -> bool:
    """Who acts for the applicant now (same role, same organisation), while no one has decided.

    Not who began the case and has left that post since; nor, of a case that somebody opened for himself, another one.
    """
    candidate = case["starter_candidate"]
    personal = actor.directory.acts_for_himself(candidate)
    own = candidate in actor.candidates and (case["starter_id"] == actor.user_id or not personal)
    return own and case["status"] == "running" and not case["decided"]


def must_withdraw(actor: Actor, case: CaseRow) -> None:
    """Raises NotAllowed with the reason."""
    if may_withdraw(actor, case):
        return
    reason = say("只有申请单位可以撤回")
    if case["decided"]:
        reason = say("已有审核意见或者已经正式提交，不能再撤回")
    raise NotAllowed(act=say("撤回"), reason=reason)
