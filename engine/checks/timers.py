"""Times of timer events and deadlines: what is constant must be one that the engine can begin. Reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from engine.calendar import timers
from engine.calendar.days import LONGEST_PERIOD
from engine.checks.feel_trees import constant
from engine.checks.report import Page
from engine.diagram import Deadline, Element, Event
from engine.feel import FeelError, to_json
from engine.words import say

_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the faults of a constant time do not depend on the present
_WORDS: Final = {"date": say("日期"), "duration": say("时长"), "cycle": say("周期")}


def check_deadline(page: Page, element: Element, deadline: Deadline) -> None:
    """The working days of a deadline: what is constant must be a period that the calendar can count."""
    text = deadline.working_days.removeprefix("=").strip()
    try:
        days = constant(f"={text}")
    except (FeelError, LookupError):
        return  # not constant, or told with the expressions
    hint = say("请写工作日数，例如5，或FEEL。")
    number = isinstance(days, int | Decimal) and not isinstance(days, bool)
    if number and days > LONGEST_PERIOD:
        what = say("办理期限“{days}”超过{most}个工作日。", days=text, most=LONGEST_PERIOD)
        page.error(element, what, hint)
    elif not number or days < 1 or days % 1:
        page.error(element, say("办理期限“{days}”应为正整数（工作日）。", days=text), hint)


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
