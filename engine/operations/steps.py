"""What the engine itself asks at every step: who gets a task, and when it is due. Recorded like any other answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.calendar.deadlines import compute
from engine.directory import actors, organisations
from engine.directory.organisations import Organisation
from engine.errors import BadInput, NotAllowed
from engine.model import Holder
from engine.operations.registry import Parameter, Scene, operation
from engine.operations.working_days import moment
from engine.words import say
from storage.accounts import members as members_of
from storage.accounts import names_of
from storage.database import Connection, utc_text


@operation(
    "assignment",
    say("确定办理人"),
    Parameter("assignments", "list", say("承办规则")),
    Parameter("element", "text", say("环节")),
    Parameter("cases", "list", say("应当回避的事项编号"), required=False),
    Parameter("instances", "text", say("所在的多实例"), required=False),
    read_only=True,
)
def _assignment(
    scene: Scene, assignments: list[list[Any]], element: str, cases: Sequence[str] | None = None,
    instances: str | None = None,
) -> Holder:  # fmt: skip
    """The inbox key of the first rule that finds somebody who need not stand aside, and what stands for him on pages.

    ``role@code`` with the organisation's name; of the starter ``user:id`` with his own.
    """
    if assignments and assignments[0][1] == "starter":
        name = names_of(scene.connection, [scene.starter_id])[scene.starter_id][0]  # also of who has left: it is seen
        return {"candidate": actors.personal(scene.starter_id), "organisation": name}
    aside = scene.find_excluded(element, tuple(cases or ()), instances) if scene.find_excluded else set()
    reason = say("环节“{element}”找不到承办单位", element=element)
    for role, asked in _fitting(scene.connection, scene.organisation, assignments):
        if not aside or _somebody(scene, (role, asked), aside):
            return {"candidate": f"{role}@{asked.code}", "organisation": asked.name}
        reason = say("环节“{element}”的办理人都应当回避，没有可以接办的人", element=element)
    raise NotAllowed(act=say("继续办理"), reason=reason)


def _somebody(scene: Scene, held: tuple[str, Organisation], aside: set[int]) -> bool:
    """Whether a role somewhere has anybody left, or has nobody at all so far, who will not have to stand aside."""
    members = members_of(scene.connection, held[1].code)
    people = {member["id"] for member in members if member["role"] == held[0]}
    return not people or not people <= aside


def resolve(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> tuple[str, Organisation] | None:
    """The role and the organisation of the first assignment (role, where, kinds) that fits, seen from a place.

    ``starter`` is everywhere: the role is then empty.
    """
    return next(_fitting(connection, organisation, assignments), None)


def _fitting(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> Iterator[tuple[str, Organisation]]:
    above: tuple[Organisation, ...] | None = None
    for role, where, kinds in assignments:
        if where == "starter":
            yield "", organisation
            continue
        if where == "same":
            candidates: tuple[Organisation, ...] = (organisation,)
        else:
            above = organisations.above(connection, organisation) if above is None else above
            candidates = above
        fitting = next((one for one in candidates if not kinds or one.kind in kinds), None)
        if fitting is not None:
            yield role, fitting


@operation(
    "deadline",
    say("计算期限"),
    Parameter("working_days", "number", say("工作日数")),
    Parameter("warn_days", "number", say("提醒提前工作日数"), required=False),
    Parameter("since", "text", say("起算时刻"), required=False),
    Parameter("element", "text", say("环节"), required=False),
    read_only=True,
)
def _deadline(
    scene: Scene, working_days: float, warn_days: int = 3, since: str | None = "", element: str = ""
) -> dict[str, Any]:
    """When a period of working days ends that began now or at ``since``, when it is near, and its ledger.

    What was granted to an earlier step of the same period holds for this one, too. Raises BadInput, also when the
    diagram says since when and that is nothing: a period must not begin again unnoticed.
    """
    if since is None:
        raise BadInput(field=say("起算时刻"), reason=say("没有得出时间"))
    if not since:
        return {**compute(scene.calendar, scene.now, working_days, warn_days).told(), "days": int(working_days)}
    began = moment(since)
    acts = scene.find_acts(element, began) if scene.find_acts else {}
    due = compute(scene.calendar, began, working_days, warn_days, **acts).told()
    return {**due, **acts, "days": int(working_days), "since": utc_text(began)}
