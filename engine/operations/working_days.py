"""Working days as operations: answered by the calendar of the case's organisation, recorded like any other answer.

FEEL calls them by words of the field (``engine.calendar.feel_functions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from engine.calendar import timers
from engine.calendar.days import LEGAL_ZONE, Calendar, Due
from engine.errors import BadInput
from engine.operations.registry import Parameter, Scene, operation
from engine.words import say

WORKING: Final = "calendar.add_working_days"
NATURAL: Final = "calendar.add_natural_days"
_FROM: Final = Parameter("from", "text", say("起始日"))
_DAYS: Final = Parameter("days", "number", say("天数"))


@operation(WORKING, say("加若干工作日"), _FROM, _DAYS, read_only=True)
def _add_working_days(scene: Scene, days: float, **start: str) -> str:
    """The end of the last of so many working days after a day, as a date and time."""
    return _end(scene, WORKING, {"days": days, **start})


@operation(NATURAL, say("加若干自然日"), _FROM, _DAYS, read_only=True)
def _add_natural_days(scene: Scene, days: float, **start: str) -> str:
    """The end of the last of so many days after a day; an end on a day of rest moves on (Civil Code, art. 203)."""
    return _end(scene, NATURAL, {"days": days, **start})


@operation(
    "calendar.count_working_days",
    say("两日之间的工作日数"),
    _FROM,
    Parameter("to", "text", say("截止日")),
    read_only=True,
)
def _between(scene: Scene, to: str, **start: str) -> int:
    """Working days after the one day up to the other, that one included; negative the other way round."""
    first, last = moment(start["from"]), moment(to)
    if last < first:
        return -scene.calendar.working_days_left(last, first)
    return scene.calendar.working_days_left(first, last)


@operation(
    "calendar.is_working_day", say("是否工作日"), Parameter("day", "text", say("日期")),
    read_only=True,
)  # fmt: skip
def _is_working_day(scene: Scene, day: str) -> bool:
    """Whether a day is worked."""
    return scene.calendar.is_working_day(moment(day).astimezone(LEGAL_ZONE).date())


def period(calendar: Calendar, name: str, parameters: Mapping[str, Any]) -> Due | None:
    """The period behind the answer of an operation, with its ledger; None when it computes no period.

    Raises BadInput.
    """
    count = {WORKING: calendar.add_working_days, NATURAL: calendar.add_natural_days}.get(name)
    return count(moment(parameters["from"]), _whole(parameters["days"])) if count else None


def _end(scene: Scene, name: str, parameters: Mapping[str, Any]) -> str:
    due = period(scene.calendar, name, parameters)
    assert due is not None
    return due.at.astimezone(LEGAL_ZONE).isoformat()


def moment(text: str) -> datetime:
    """A day (its beginning) or a moment of the case, as timers read them, in UTC. Raises BadInput."""
    try:
        return timers.moment(text)
    except timers.NoTime as error:
        raise BadInput(field=say("日期"), reason=error.reason) from None


def _whole(days: float) -> int:
    if int(days) != days:
        raise BadInput(field=say("天数"), reason=say("应为整数：{days}", days=days))
    return int(days)
