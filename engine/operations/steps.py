"""What the engine itself asks at every step with a deadline: when it is due. Recorded like any other answer."""

from __future__ import annotations

from typing import Any

from engine.calendar.deadlines import compute
from engine.errors import BadInput
from engine.operations.registry import Parameter, Scene, operation
from engine.operations.working_days import moment
from engine.words import say
from storage.database import utc_text


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
