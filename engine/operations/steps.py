"""What the engine itself asks at every step: who gets a task, and when it is due. Recorded like any other answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine import accounts, organisations
from engine.deadlines import reckon
from engine.errors import NotAllowed
from engine.organisations import Organisation
from engine.services import Parameter, Scene, operation
from storage.database import Connection, utc_text


@operation(
    "assignment",
    ("确定承办人", "Find who is asked"),
    Parameter("assignments", "list", ("承办规则", "Rules of assignment")),
    Parameter("element", "text", ("环节", "Element")),
    read_only=True,
)
def _assignment(scene: Scene, assignments: list[list[Any]], element: str) -> dict[str, str]:
    """The inbox key of the first rule that finds somebody, and what stands for him on pages.

    ``role@code`` with the organisation's name; of the starter ``user:id`` with his own.
    """
    if assignments and assignments[0][1] == "starter":
        name = accounts.actor(scene.connection, scene.starter_id).name
        return {"candidate": accounts.personal(scene.starter_id), "organisation": name}
    found = resolve(scene.connection, scene.organisation, assignments)
    if found is None:
        reason = (f"环节“{element}”找不到承办单位", f"nobody can be asked at “{element}”")
        raise NotAllowed(act=("继续办理", "go on"), reason=reason)
    role, asked = found
    return {"candidate": f"{role}@{asked.code}", "organisation": asked.name}


def resolve(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> tuple[str, Organisation] | None:
    """The role and the organisation of the first assignment (role, where, kinds) that fits, seen from a place.

    ``starter`` is everywhere: the role is then empty.
    """
    above: tuple[Organisation, ...] | None = None
    for role, where, kinds in assignments:
        if where == "starter":
            return "", organisation
        if where == "same":
            candidates: tuple[Organisation, ...] = (organisation,)
        else:
            above = organisations.above(connection, organisation) if above is None else above
            candidates = above
        fitting = next((one for one in candidates if not kinds or one.kind in kinds), None)
        if fitting is not None:
            return role, fitting
    return None


@operation(
    "deadline",
    ("计算期限", "Reckon a deadline"),
    Parameter("working_days", "number", ("工作日数", "Working days")),
    Parameter("warn_days", "number", ("提醒提前工作日数", "Days of warning"), required=False),
    Parameter("since", "text", ("起算时刻", "Counted from"), required=False),
    Parameter("element", "text", ("环节", "Element"), required=False),
    read_only=True,
)
def _deadline(
    scene: Scene, working_days: float, warn_days: int = 3, since: str = "", element: str = ""
) -> dict[str, Any]:
    """When a period of working days ends that began now or at ``since``, when it is near, and its ledger.

    What was granted to an earlier step of the same period holds for this one, too.
    """
    if not since:
        return {**reckon(scene.calendar, scene.now, working_days, warn_days).told(), "days": int(working_days)}
    began = datetime.fromisoformat(since)
    acts = scene.find_acts(element, began) if scene.find_acts else {}
    due = reckon(scene.calendar, began, working_days, warn_days, **acts).told()
    return {**due, **acts, "days": int(working_days), "since": utc_text(began)}
