"""What the engine itself asks at every step: who gets a task, and when it is due. Recorded like any other answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine import organisations
from engine.calendar import LEGAL_ZONE
from engine.errors import BadInput, NotAllowed
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
    """The inbox key ``role@code`` of the first rule that finds an organisation in the tree, and that one's name."""
    found = resolve(scene.connection, scene.organisation, assignments)
    if found is None:
        reason = (f"环节“{element}”找不到承办单位", f"nobody can be asked at “{element}”")
        raise NotAllowed(act=("继续办理", "go on"), reason=reason)
    role, asked = found
    return {"candidate": f"{role}@{asked.code}", "organisation": asked.name}


def resolve(
    connection: Connection, organisation: Organisation, assignments: Iterable[Iterable[Any]]
) -> tuple[str, Organisation] | None:
    """The role and the organisation of the first assignment (role, where, kinds) that fits, seen from a place."""
    above: tuple[Organisation, ...] | None = None
    for role, where, kinds in assignments:
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
    read_only=True,
)
def _deadline(scene: Scene, working_days: float, warn_days: int = 3) -> dict[str, Any]:
    """When a period of working days that begins now ends, and from when on it is shown as near."""
    if int(working_days) != working_days:
        raise BadInput(field=("工作日数", "working days"), reason=(f"应为整数：{working_days}", "must be whole"))
    due = scene.calendar.add_working_days(scene.now, int(working_days))
    counted = [entry.day for entry in due.ledger if entry.counted]
    near: date = counted[-1 - warn_days] if len(counted) > warn_days else due.ledger[0].day
    warn = datetime.combine(near, time(), LEGAL_ZONE).astimezone(UTC)
    return {
        "due_at": utc_text(due.at),
        "warn_at": utc_text(min(warn, due.at - timedelta(seconds=1))),
        "calendar": due.calendar,
        "provisional": due.provisional,
    }
