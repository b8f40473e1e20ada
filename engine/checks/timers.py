"""Times of timer events: what is constant must be a time that the engine can begin. Reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from engine.calendar import timers
from engine.checks.feel_trees import constant
from engine.checks.report import Page
from engine.diagram import Element, Event
from engine.feel import FeelError, to_json
from engine.words import say

_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the faults of a constant time do not depend on the present
_WORDS: Final = {"date": say("日期"), "duration": say("时长"), "cycle": say("周期")}


def check_timer(page: Page, element: Element, event: Event) -> None:
    """The time of one timer event."""
    if not event.text:
        page.error(
            element,
            say("定时事件没有填写时间。"),
            say("请填写日期、时长或周期，例如P10D。"),
        )
        return
    try:
        value: Any = to_json(constant(event.text)) if event.text.startswith("=") else event.text
    except (FeelError, LookupError):
        return  # not constant, or told with the expressions
    try:
        timers.begin(event.timer, value, _ANY_TIME)
    except timers.NoTime as wrong:
        what = _WORDS[event.timer]
        page.error(
            element,
            say("定时的{what}“{value}”有误：{reason}。", what=what, value=value, reason=wrong.reason),
            say("日期如2026-03-01T09:00:00+08:00，时长如P10D，周期如R3/P1D。"),
        )
