"""Where the demo's clock is moved, and with it everything that falls due on the way. Without a demo there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.in_force import Calendars
from engine.clock import DemoClock
from engine.directory.actors import Actor
from engine.errors import BadInput, NotAllowed
from engine.model import Clock
from engine.words import say
from storage import account_events, schedule
from storage.database import Database

HOUR, WORKING_DAY, TEN_WORKING_DAYS, BACK = "hour", "working_day", "ten_working_days", "back"
MOVED = "clock_moved"
FURTHEST = timedelta(days=3660)
"""How far a demo may be ahead of the machine."""
MOST_STOPS = 500
"""A way past more due moments than this is not walked to its end: what is left runs late."""
MOST_TRIES = 3
"""Looks at one moment: a worker may be at its jobs, and several may be due at it."""
_OPENING = time_of_day(9, 0)
_CLOCK = say("演示时钟")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the banner says: the demo's time, and how far it is ahead of the machine's."""

    now: datetime
    ahead: timedelta


class ClockDesk:
    """Where the demo's clock is moved. Without a demo there is nothing to move."""

    def __init__(self, database: Database, clock: Clock, run_due: Callable[[], int], calendars: Calendars) -> None:
        self._database = database
        self._clock = clock if isinstance(clock, DemoClock) else None
        self._run_due = run_due
        self._calendars = calendars

    def shown(self) -> Shown | None:
        """The demo's clock; None when this is no demo."""
        return None if self._clock is None else Shown(self._clock.now(), self._clock.ahead())

    def move(self, actor: Actor, how: str) -> datetime:
        """Let time pass, and with it run everything that falls due, each at its own moment; the demo's time then.

        Raises NotAllowed when this is no demo, BadInput for a move that is none or leads too far.
        """
        if self._clock is None:
            reason = say("这不是演示环境")
            raise NotAllowed(act=say("调整时钟"), reason=reason)
        now, goal = self._clock.now(), self._goal(self._clock.now(), how)
        with self._database.write() as connection:
            facts = {"move": how, "from": now.isoformat(), "to": goal and goal.isoformat()}
            account_events.append(connection, now - self._clock.ahead(), MOVED, actor_id=actor.user_id, facts=facts)
        if goal is None:
            self._clock.put(None, actor.user_id)
        else:
            self._pass(self._clock, goal, actor.user_id)
        return self._clock.now()

    def _goal(self, now: datetime, how: str) -> datetime | None:
        assert self._clock is not None
        if how == BACK:
            return None
        local = now.astimezone(LEGAL_ZONE)
        if how == HOUR:
            goal = now + timedelta(hours=1)
        elif how in (WORKING_DAY, TEN_WORKING_DAYS):
            with self._database.read() as connection:
                calendar = self._calendars.of(connection, None)
            day = calendar.add_working_days(now, 1 if how == WORKING_DAY else 10).at.astimezone(LEGAL_ZONE).date()
            at = _OPENING if how == WORKING_DAY else local.time()
            goal = datetime.combine(day, at, LEGAL_ZONE).astimezone(UTC)
        else:
            raise BadInput(field=_CLOCK, reason=say("没有这种调整"))
        if goal - now + self._clock.ahead() > FURTHEST:
            raise BadInput(field=_CLOCK, reason=say("最多提前十年"))
        return goal

    def _pass(self, clock: DemoClock, goal: datetime, by: int) -> None:
        """Stop wherever something falls due, so that nothing is late that a day in the office would have done."""
        before, held = None, 0
        for _ in range(MOST_STOPS):
            with self._database.read() as connection:
                due = schedule.next_due(connection)
            held = held + 1 if due == before else 0
            if due is None or due > goal or held > MOST_TRIES:
                break
            if due > clock.now():
                clock.put(due, by)
            self._run_due()
            before = due
        clock.put(max(goal, clock.now()), by)
        self._run_due()
