"""How a trial stands, as its page shows it, read from its own database. Changes nothing but that people come to be."""

from __future__ import annotations

from engine.calendar.days import Calendar
from engine.cases.base import Parts
from engine.cases.reading.history import history_lines
from engine.cases.veil import Veil
from engine.desks.playback_views import Position
from engine.desks.played import PositionReading
from engine.errors import NotFound
from engine.evidence.positions import Places
from engine.trials.player import Player
from engine.trials.stage import posts
from engine.trials.views import Hand, TrialCase, TrialState, TrialTask, WaitedMessage, Walked
from engine.trials.walking import TrialWalk
from engine.views import HistoryLine
from engine.words import Text, say
from storage import cases, events, schedule, waits
from storage.database import Connection
from storage.rows import TaskRow

NOBODY: Text = ("", "")
MESSAGE, SIGNAL = "message", "signal"


class Looking:
    """Reads one trial."""

    def __init__(self, walk: TrialWalk, key: str) -> None:
        self._walk, self._key, self._places = walk, key, Places()

    @property
    def _player(self) -> Player:
        return self._walk.player

    @property
    def _parts(self) -> Parts:
        return self._walk.stage.application.cases.parts

    def state(self) -> TrialState:
        """All of it but the positions."""
        open_tasks = self._player.open_tasks() if self._player.current else []
        hands = {task["number"]: self._hands(task) for task in open_tasks}
        with self._parts.database.read() as connection:
            return self._state(connection, open_tasks, hands)

    def _state(
        self, connection: Connection, open_tasks: list[TaskRow], hands: dict[int, tuple[Hand, ...]]
    ) -> TrialState:
        definition = self._parts.catalog.current(connection, self._key)
        current = cases.get(connection, self._player.current) if self._player.current else None
        lines: tuple[HistoryLine, ...] = ()
        messages: list[WaitedMessage] = []
        if current is not None:
            own = self._parts.definition(connection, current)
            lines = tuple(history_lines(own, events.of_case(connection, current["id"])))
            for one in waits.of_case(connection, current["id"]):
                if one["kind"] in (MESSAGE, SIGNAL) and current["status"] == "running":
                    element = own.waited(one["element"])
                    messages.append(WaitedMessage(element.id, element.name, one.get("name", "")))
        return TrialState(
            key=self._key, name=definition.process.name,
            organisation=str(self._player.scenario.get("organisation", "")), now=self._walk.stage.clock.now(),
            steps=tuple(self._walked(connection, number) for number in range(len(self._walk.steps))),
            cases=tuple(self._case(connection, *one) for one in enumerate(self._player.cases, 1)),
            current=str(self._player.current or ""),
            tasks=tuple(self._task(connection, task, hands[task["number"]]) for task in open_tasks),
            lines=lines, next_due=schedule.next_due(connection),
            may=("withdraw",) if current is not None and current["status"] == "running" else (),
            messages=tuple(messages), starter=self._player.starters.get(self._player.current, ""),
        )  # fmt: skip

    def position(self, case_id: int, seq: int) -> Position:
        """A case right after one of its events. Raises NotFound."""
        onlooker = self._walk.stage.actor(next(iter(self._walk.stage.people)))
        with self._parts.database.read() as connection:
            case = cases.get(connection, case_id)
            log = events.of_case(connection, case_id) if case is not None else []
            if case is None or not 1 <= seq <= len(log):
                raise NotFound(what=say("第 {number} 条流转记录", number=seq))
            definition = self._parts.definition(connection, case)
            veil = Unveiled(connection, None, case, definition)
            registers = self._parts.catalog.registers(connection)
            reading = PositionReading(connection, onlooker, case, definition, veil, None, log, registers)
            (found,) = reading.positions(self._places, seq, seq)
            return found

    def _case(self, connection: Connection, place: int, case_id: int) -> TrialCase:
        row = cases.get(connection, case_id)
        assert row is not None
        name = self._parts.definition(connection, row).process.name
        return TrialCase(str(case_id), place, row["number"], row["key"], name, row["title"], row["status"])

    def _task(self, connection: Connection, task: TaskRow, hands: tuple[Hand, ...]) -> TrialTask:
        case = cases.get(connection, task["case_id"])
        assert case is not None
        element = self._parts.definition(connection, case).elements[task["element"]]
        due = task["due_at"]
        left = Calendar.official().working_days_left(self._walk.stage.clock.now(), due) if due else None
        number = f"{task['case_id']}-{task['number']}"
        return TrialTask(number, task["element"], element.name, task["candidate"], hands, due, left)

    def _hands(self, task: TaskRow) -> tuple[Hand, ...]:
        """Whoever has the post already, and one more of it for when he must stand aside; or the person who is named."""
        stage, candidate = self._walk.stage, task["candidate"]
        if "@" in candidate:
            stage.actor(candidate)
            stage.actor(f"{candidate}#2")
        found = [names for names in stage.people if candidate in stage.actor(names).candidates]
        return tuple(Hand(names, stage.actor(names).name) for names in found)

    def _walked(self, connection: Connection, index: int) -> Walked:
        step, (at, case_id) = self._walk.steps[index], self._walk.moments[index]
        row = cases.get(connection, case_id) if case_id else None
        element, outcome = NOBODY, NOBODY
        if row is not None and "element" in step:
            found = self._parts.definition(connection, row).elements[step["element"]]
            element = found.name
            outcome = next((one.name for one in found.outcomes if one.id == step.get("outcome")), NOBODY)
        who = step.get("actor", "")
        name = self._walk.stage.actor(who).name if who in self._walk.stage.people and posts(who) else ""
        place = self._player.cases.index(case_id) + 1 if case_id in self._player.cases else 0
        return Walked(index + 1, step["do"], name, element, outcome, at, place, self._walk.seen[index])


class Unveiled(Veil):
    """That of somebody who sees everything, since nobody and nothing in a trial is real."""

    @property
    def whole(self) -> bool:
        return True

    def element(self, name: str) -> bool:
        return True

    def people_at(self, name: str) -> bool:
        return True

    def task(self, task: TaskRow) -> bool:
        return True
