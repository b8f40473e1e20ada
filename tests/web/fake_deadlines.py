"""One running deadline of three working days, in the case and in the list."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.calendar.days import RECEIPT, WEEKEND, WORKING
from engine.directory.actors import Actor
from engine.views.deadlines import LedgerLine, RunningDeadline, RunningFilters, RunningPage, TaskDeadline
from engine.views.timers import CountedPeriod, CountedTime
from engine.words import both
from tests.web.fake_registers import NOW, PLACE
from tests.web.fake_verbs import NoVerbs

STEP = ("市总工会初审", "City review")


def task_deadline() -> TaskDeadline:
    """Three working days from Friday, 20 November 2026: the weekend lies between."""
    days = ((20, RECEIPT), (21, WEEKEND[0]), (22, WEEKEND[1]), (23, WORKING), (24, WORKING), (25, WORKING))
    ledger = tuple(LedgerLine(date(2026, 11, day), why == WORKING, both(why)) for day, why in days)
    return TaskDeadline(
        case_id="41", task_id="41-2", task=STEP, holder="石家庄市总工会", status="open", suspended=False, started_at=NOW,
        due_at=datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC), days=3, extra=0, days_left=3, warn_days=1,
        calendar="1.11+0", provisional=False, ledger=ledger, pauses=(), may=frozenset({"suspend", "extend"}),
        extend_left=5, suspend_left=8,
    )  # fmt: skip


class FakeDeadlines:
    """One running deadline, in the case and in the list."""

    verb_reading = NoVerbs()

    def of_case(self, actor: Actor, case_id: str, ended: int | None = None) -> tuple[TaskDeadline, ...]:
        return (task_deadline(),)

    def times(self, actor: Actor, case_id: str) -> tuple[CountedTime, ...]:
        period = CountedPeriod(3, False, task_deadline().ledger)
        return (
            CountedTime(("异议期满", "Time for objections over"), task_deadline().due_at, "1.11+0", True, (period,)),
        )

    def running(self, actor: Actor, filters: RunningFilters) -> RunningPage:
        one = task_deadline()
        row = RunningDeadline(
            one.case_id, one.task_id, "GW2026-00012", "长安区总工会申请新增岗位 3 个", PLACE.name, one.task, one.holder,
            one.due_at, one.days_left, one.warn_days, False, False, False,
        )  # fmt: skip
        return RunningPage((row,), 1, None, {"": 1, "late": 0, "suspended": 0, "near": 0})

    def late(self, actor: Actor) -> int:
        return 0
