"""Times of timer events: what is constant must be a time that the engine can begin. Reads no clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from engine.calendar import timers
from engine.checks.feel_trees import constant
from engine.checks.report import Page
from engine.diagram import Element, Event
from engine.feel import FeelError, to_json

_ANY_TIME: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the faults of a constant time do not depend on the present
_WORDS: Final = {"date": ("日期", "date"), "duration": ("时长", "duration"), "cycle": ("周期", "cycle")}


def check_timer(page: Page, element: Element, event: Event) -> None:
    """The time of one timer event."""
    if not event.text:
        page.error(
            element,
            "定时事件没有填写时间。",
            "the timer says no time.",
            ("请填写日期、时长或周期，例如P10D。", "Give a date, a duration or a cycle, such as P10D."),
        )
        return
    try:
        value: Any = to_json(constant(event.text)) if event.text.startswith("=") else event.text
    except (FeelError, LookupError):
        return  # not constant, or told with the expressions
    try:
        timers.begin(event.timer, value, _ANY_TIME)
    except timers.NoTime as wrong:
        zh, en = _WORDS[event.timer]
        page.error(
            element,
            f"定时的{zh}“{value}”有误：{wrong.reason[0]}。",
            f"the {en} “{value}” of the timer is wrong: {wrong.reason[1]}.",
        )
