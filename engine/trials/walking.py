"""A walk: the steps of a trial, each as a scenario says it, and the way back to any of them. Knows no page."""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from engine.calendar.days import LEGAL_ZONE
from engine.errors import BadInput, NotFound
from engine.trials.offering import sees
from engine.trials.player import PAPER, Player
from engine.trials.shapes import Expectation, Step
from engine.trials.stage import Stage
from engine.words import say
from storage import cases, schedule
from storage.furnishing import bytes_of, put_back

MOST_STEPS: Final = 200
WORKING_DAY, DUE = "working_day", "due"
_DAY: Final = timedelta(days=1)
_NINE: Final = 9
_FAST: Final = 1  # of zlib


@dataclass(frozen=True, slots=True)
class WalkState:
    """The trial after a step. ``content``: of the database, packed."""

    content: bytes
    at: datetime
    people: dict[str, int]
    player: tuple[list[int], dict[int, str], int, list[str]]


@dataclass(slots=True)
class TrialWalk:
    """``steps``: as a scenario says them; ``seen``: what could be expected after each; ``kept``: 0 is the beginning."""

    stage: Stage
    player: Player
    keeper: sqlite3.Connection
    steps: list[Step] = field(default_factory=list)
    seen: list[Expectation] = field(default_factory=list)
    moments: list[tuple[datetime, int]] = field(default_factory=list)
    kept: list[WalkState] = field(default_factory=list)
    chosen: int = 0
    papers: dict[str, str] = field(default_factory=dict)  # digest to name, of files that were handed in

    def __post_init__(self) -> None:
        self._keep()

    def choose(self, place: int) -> None:
        """Another case becomes the current one; the next step that is taken says so. Raises NotFound."""
        if not 0 < place <= len(self.player.cases):
            raise NotFound(what=say("这个事项"))
        self.player.current = self.player.cases[place - 1]
        self.chosen = place

    def take(self, step: Step) -> None:
        """Take a step; what it leaves to be done at once is a step of its own. Raises whatever refuses it."""
        if self.chosen and step["do"] != "start":
            step, self.chosen = {"case": self.chosen, **step}, 0
        if len(self.steps) >= MOST_STEPS:
            raise BadInput(field=say("试运行"), reason=say("最多{most}步", most=MOST_STEPS))
        self.player.act(step)
        self._note(self._as_said(step))
        if step["do"] != "wait" and self._is_due():
            before = self._standing()
            self.player.act({"do": "wait", "days": 0})
            if self._standing() != before:
                self._note({"do": "wait", "days": 0})

    def let_pass(self, how: str) -> None:
        """To the next moment at which something is due, or to nine o'clock of the next working day, stopping wherever
        something is due before. Raises BadInput when nothing is."""
        goal = self._goal(how)
        for _ in range(MOST_STEPS):
            due = self._next_due()
            until = goal if due is None else min(goal, max(due, self.stage.clock.now()))
            days = -(-(until - self.stage.clock.now()) // timedelta(seconds=1)) / (_DAY / timedelta(seconds=1))
            self.take({"do": "wait", "days": days})
            if until >= goal:
                return

    def back(self, number: int) -> None:
        """Let it stand as it stood after so many steps. Raises NotFound."""
        if not 0 <= number < len(self.kept):
            raise NotFound(what=say("第{number}步", number=number))
        found = self.kept[number]
        put_back(self.keeper, zlib.decompress(found.content))
        self.stage.clock.time = found.at
        self.stage.people.clear()
        self.stage.people.update(found.people)
        started, starters, current, secrets = found.player
        self.player.cases[:], self.player.secrets[:] = started, secrets
        self.player.starters.clear()
        self.player.starters.update(starters)
        self.player.current = current
        del self.steps[number:], self.seen[number:], self.moments[number:], self.kept[number + 1 :]

    def attached(self, actor: str, name: str) -> str:
        """Attach a paper of that name; its digest."""
        attach, by = self.stage.application.cases.acting.attach, self.stage.actor(actor)
        digest = attach(by, str(self.player.current), name, PAPER + name.encode()).digest
        self.papers[digest] = name
        return digest

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        self.seen.append(sees(self.player))
        self.moments.append((self.stage.clock.now(), self.player.current))
        self._keep()

    def _keep(self) -> None:
        player = self.player
        beside = (list(player.cases), dict(player.starters), player.current, list(player.secrets))
        content = zlib.compress(bytes_of(self.keeper), _FAST)
        self.kept.append(WalkState(content, self.stage.clock.now(), dict(self.stage.people), beside))

    def _as_said(self, step: Step) -> Step:
        """The step as it is written down: papers by their names, not by what they hold."""
        files: dict[str, str] = {}
        for name, value in step.get("data", {}).items():
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str) and first in self.papers:
                files[name] = self.papers[first]
        if not files:
            return step
        data = {name: value for name, value in step.get("data", {}).items() if name not in files}
        return {**step, "data": data, "files": files}

    def _goal(self, how: str) -> datetime:
        now, due = self.stage.clock.now(), self._next_due()
        if how == DUE:
            if due is None:
                raise BadInput(field=say("试运行"), reason=say("没有会到期的事"))
            return max(due, now)
        if how != WORKING_DAY:
            raise BadInput(field=say("试运行"), reason=say("没有这种调整"))
        with self.stage.application.database.read() as connection:
            calendar = self.stage.application.cases.calendars.of(connection, None)
        day = calendar.add_working_days(now, 1).at.astimezone(LEGAL_ZONE)
        return day.replace(hour=_NINE, minute=0, second=0, microsecond=0)

    def _next_due(self) -> datetime | None:
        with self.stage.application.database.read() as connection:
            return schedule.next_due(connection)

    def _is_due(self) -> bool:
        due = self._next_due()
        return due is not None and due <= self.stage.clock.now()

    def _standing(self) -> list[tuple[int, int]]:
        with self.stage.application.database.read() as connection:
            found = (cases.get(connection, case_id) for case_id in cases.case_ids(connection))
            return [(row["id"], row["revision"]) for row in found if row]
