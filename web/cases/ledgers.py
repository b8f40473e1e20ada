"""How deadlines are told: their standing, the days of their ledgers, what was done to them. Knows no request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, lazy_gettext, ngettext

from engine.calendar.days import RECEIPT, WEEKEND, WORKING
from engine.calendar.deadlines import HELD
from engine.cases import event_types as events
from engine.views import DeadlineView, HistoryLine
from engine.views.deadlines import LedgerLine, RunningDeadline, TaskDeadline
from engine.words import Said, worded
from web.common.i18n import day

ENDED = {"met": "met", "late": "ended_late", "cancelled": "cancelled"}
LOOKS = {
    "open": ("blue", "clock-play", lazy_gettext("办理中")),
    "near": ("amber", "clock-exclamation", lazy_gettext("即将到期")),
    "late": ("red", "alert-triangle", lazy_gettext("已逾期")),
    "suspended": ("", "clock-pause", lazy_gettext("已中止")),
    "met": ("green", "circle-check", lazy_gettext("按时办结")),
    "ended_late": ("red", "clock-x", lazy_gettext("逾期办结")),
    "cancelled": ("", "ban", lazy_gettext("已终止")),
}
"""Of each standing: a colour, a shape and a word."""
MARKS = {
    "receipt": lazy_gettext("收到"),
    "held": lazy_gettext("中止"),
    "rest": lazy_gettext("休"),
    "off": lazy_gettext("假"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a ledger. ``number``: the how-manieth working day it is, 0 when it is not counted.

    ``kind``: work, shift (make-up working day), receipt, held (suspended), rest (weekend), off (holiday or closure).
    """

    day: date
    number: int
    kind: str
    why: Said


def standing(one: TaskDeadline | RunningDeadline | DeadlineView) -> str:
    """How a deadline stands, as a word of ``LOOKS``. Lateness goes over all else."""
    if isinstance(one, TaskDeadline):
        if one.status in ENDED:
            return ENDED[one.status]
        late = one.status == "passed" or one.days_left < 0
    else:
        late = one.late
    if late:
        return "late"
    if one.suspended:
        return "suspended"
    return "near" if one.days_left <= one.warn_days else "open"


def days_of(ledger: Iterable[LedgerLine]) -> list[Day]:
    """The days of a ledger, the counted ones numbered."""
    found: list[Day] = []
    number = 0
    for line in ledger:
        number += line.counted
        found.append(Day(line.day, number if line.counted else 0, _kind(line), line.why))
    return found


_WHY = {RECEIPT.text(): "receipt", HELD.text(): "held"} | dict.fromkeys((day.text() for day in WEEKEND), "rest")


def _kind(line: LedgerLine) -> str:
    why = worded(line.why, "zh")  # a ledger is stored in both languages
    if line.counted:
        return "work" if why == WORKING.text() else "shift"
    return _WHY.get(why, "off")


def lines_of(history: Sequence[HistoryLine], task_id: str) -> list[HistoryLine]:
    """What happened to the deadline of a task, the newest first."""
    return [line for line in reversed(history) if line.event in events.DEADLINES and _about(line, task_id)]


def end_of(history: Sequence[HistoryLine], task_id: str) -> HistoryLine | None:
    """The event by which a task was done."""
    return next((line for line in history if line.event == events.TASK_COMPLETED and _about(line, task_id)), None)


def _about(line: HistoryLine, task_id: str) -> bool:
    return str(line.facts.get("task")) == task_id.rpartition("-")[2]


def facts_of(line: HistoryLine) -> list[tuple[str, str]]:
    """What an act on a deadline says besides its reason, as (label, value)."""
    facts, told = line.facts, []
    timer = line.event == events.TIMER_RECOMPUTED
    if line.event == events.DEADLINE_SUSPENDED:
        told.append((gettext("中止至"), day(facts["until"])))
    if line.event == events.DEADLINE_EXTENDED:
        number = facts["extra"]
        told.append((gettext("累计延长"), ngettext("%(num)d 个工作日", "%(num)d 个工作日", number)))
    if facts.get("article"):
        told.append((gettext("依据"), _article(facts["article"])))
    if "missed" in facts:
        rounds = facts["missed"]
        told.append((gettext("循环定时"), ngettext("合并了错过的 %(num)d 次", "合并了错过的 %(num)d 次", rounds)))
    if "before" in facts:
        told.append((gettext("原到期日") if timer else gettext("原应办结日"), day(facts["before"])))
    if timer or line.event in events.DEADLINES:
        told.append((gettext("到期日") if timer else gettext("应办结日"), day(line.due_at)))
    return told


def _article(text: str) -> str:
    return str(gettext("第 %(number)s 条", number=text)) if text.isdigit() else text
