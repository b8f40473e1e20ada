"""Random acts on deadlines and calendars, on both databases in turn; after each, everything is compared with a slow
count of the test's own (``tests/engine/calendar/deadline_oracle.py``), and what was refused must have changed nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from engine.calendar.days import LEGAL_ZONE
from engine.calendar.deadlines import Grounds
from engine.desks.calendar import ACCEPT, REFUSE
from engine.errors import Conflict, Refusal
from engine.files.uploads import Upload
from storage import cases as rows
from storage.rows import TaskRow
from tests import postgres
from tests.engine.calendar import deadline_oracle as oracle
from tests.engine.calendar.deadline_oracle import Days, Told
from tests.house import ROOT, House, build_house
from tests.postgres import Server
from tests.soak.watch import Score

COUNT, STEPS, MOST_CASES, AT_FIRST = 300, 60, 5, 3
FOLDERS = tuple(ROOT / "tests" / "data" / name for name in ("periods", "deadlines", "called_off"))
KEYS = ("shared_period", "shared_period", "shared_period", "answer_in_time", "put_in_order")
PLACES = {"130102": ("changan", "shijiazhuang"), "130203": ("lubei", "tangshan")}
CLOSED = ("130102", "130100", "130000", "130203", "130681")
PROVINCE, OPERATOR = "province", "operator"
TWIN = {"shijiazhuang": "shijiazhuang2", PROVINCE: "province2"}  # others who hold the same role
PAPER, WRONG = Upload("决定.pdf", b"%PDF-1.7 order"), Upload("决定.pdf", b"MZ no paper")
OUTCOME = {"answer_in_time": "answered"}
BEGINNINGS = (0, 21, 56)  # days after the first of all houses


class Nothing(Refusal):
    """There is nothing to do this to."""


@dataclass
class Walk:
    """Some cases in one house, what was done to them, and how it went."""

    house: House
    chance: Random
    told: list[Told] = field(default_factory=list)
    days: Days = field(default_factory=Days)
    settled: bool = True
    still: bool = False
    outcomes: Counter[str] = field(default_factory=Counter)
    trail: list[str] = field(default_factory=list)

    def run(self, steps: int) -> list[str]:
        """Everything that is wrong after the first act that went wrong; nothing when all went well."""
        acts: list[Callable[[], str]] = [
            self.start, self.complete, self.complete, self.complete, self.suspend, self.suspend, self.suspend,
            self.resume, self.resume, self.extend, self.extend, self.wait, self.wait, self.close, self.close,
            self.reopen, self.notice, self.end, self.both, self.both, self.midnight,
        ]  # fmt: skip
        for step in range(steps):
            if not self.still:
                self.house.clock.move(seconds=self.chance.randint(1, 900))
                if self.settled or self.chance.random() < 0.5:
                    self.settle()
            self.still = False
            lines = [*self.safely(self.start if step < AT_FIRST else self.chance.choice(acts))]
            self.settled = self.settled and self.settle()  # what is due at once by this act
            lines += oracle.wrong(self.house, self.told, self.days, settled=self.settled)
            if lines:
                return [*lines, *self.trail[-8:]]
        return []

    def safely(self, act: Callable[[], str]) -> Iterator[str]:
        """Do it; a refusal must leave everything as it was."""
        before, name = oracle.stored(self.house), act.__name__
        try:
            said = act()
        except Refusal as refusal:
            said = refusal.code
            if oracle.stored(self.house) != before:
                yield f"{name} was refused ({refusal.code}) and changed something"
        self.trail.append(f"{self.house.clock.now()} {name} {said}")
        self.outcomes[f"{name} {said.partition(' ')[0]}"] += 1

    # -- acts ----------------------------------------------------------------------------------------------------

    def start(self) -> str:
        if sum(bool(self._open(one)) for one in self.told) >= MOST_CASES:
            return "enough"
        place, key = self.chance.choice(sorted(PLACES)), self.chance.choice(KEYS)
        officer, city = PLACES[place]
        made, now = (
            self.house.application.cases.acting.start(self.house.actor_once(officer), key, place, {}),
            self.house.clock.now(),
        )
        one = Told(int(made.case_id), key, officer, city, ("130000", f"{place[:4]}00", place), now)
        one.fixed = now + timedelta(days=1) if key == "put_in_order" else None
        self.told.append(one)
        return f"done {one.id}"

    def complete(self) -> str:
        one, row = self._task()
        who = self.house.actor_once(self._holder(one, row) if self.chance.random() < 0.9 else "dingzhou")
        now, number = self.house.clock.now(), row["number"]
        outcome = "received" if row["element"] == "thank" else OUTCOME.get(one.key, "done")
        self.house.application.cases.acting.complete(who, f"{one.id}-{number}", {}, outcome)
        one.done[number] = row["due_at"] is None or not oracle.over(row["due_at"], now)
        if row["element"] == "sign":
            one.counted = now
        elif one.key == "answer_in_time" and row["element"] == "answer":
            one.fixed = oracle.end_of(oracle.counted_days(now, 3, (), self.days.works(one.path))[-1])
        return f"done {one.id}-{number}"

    def suspend(self) -> str:
        return self._somehow(self._suspend)

    def _suspend(self, one: Told, number: int, who: str, grounds: Grounds) -> str:
        now = self.house.clock.now()
        until = now.astimezone(LEGAL_ZONE).date() + timedelta(days=self.chance.randint(-1, 9))
        self.house.application.cases.deadlines.suspend(self.house.actor_once(who), f"{one.id}-{number}", until, grounds)
        one.pauses.append([now, oracle.end_of(until), None])
        return f"done {one.id}-{number} until {until}"

    def resume(self) -> str:
        return self._somehow(self._resume)

    def _resume(self, one: Told, number: int, who: str, grounds: Grounds) -> str:
        self.house.application.cases.deadlines.resume(self.house.actor_once(who), f"{one.id}-{number}", grounds)
        one.pauses[-1][2] = self.house.clock.now()
        return f"done {one.id}-{number}"

    def extend(self) -> str:
        return self._somehow(self._extend)

    def _extend(self, one: Told, number: int, who: str, grounds: Grounds) -> str:
        days = self.chance.randint(0, 3)
        self.house.application.cases.deadlines.extend(self.house.actor_once(who), f"{one.id}-{number}", days, grounds)
        one.extra += days
        return f"done {one.id}-{number} by {days}"

    def _somehow(self, act: Callable[[Told, int, str, Grounds], str]) -> str:
        one, row = self._task()
        return act(one, row["number"], self._somebody(one, row), self._grounds())

    def both(self) -> str:
        """Two people act on what both of them saw: the second one is told to look again."""
        one, row = self._task()
        lines = self.house.application.cases.ledgers.of_case(self.house.actor_once(PROVINCE), str(one.id))
        mark = {line.task_id: line.mark for line in lines}.get(f"{one.id}-{row['number']}", "none")
        acts = self.chance.sample([self._suspend, self._resume, self._extend], 2)
        acts[0](one, row["number"], first := self._holder(one, row), Grounds("先到", seen=mark))
        self.house.clock.move(seconds=1)
        try:
            acts[1](one, row["number"], TWIN.get(first, first), Grounds("后到", seen=mark))
        except Conflict:
            return "conflict"
        except Refusal as refusal:
            return refusal.code
        raise AssertionError("the second one acted on what was no more")

    def wait(self) -> str:
        hours = self.chance.choice([1, 5, 20, 24, 24, 48, 72])
        self.house.clock.move(hours=hours)
        self.settled = False
        if self.chance.random() < 0.8:
            self.settle()
        return f"done {hours} h{'' if self.settled else ', nobody looks'}"

    def midnight(self) -> str:
        """To half a second before or after a day ends: the last second belongs to the day."""
        night = oracle.end_of(self.house.clock.now().astimezone(LEGAL_ZONE).date()) + oracle.SECOND
        self.house.clock.at = max(self.house.clock.at, night + timedelta(seconds=self.chance.choice([-0.5, 0, 0.5])))
        self.settle()
        self.still = True  # the next act is done at that very moment
        return "done"

    def settle(self) -> bool:
        """Let the worker run everything that is due."""
        while self.house.application.worker.run_due():
            pass
        self.settled = True
        for one in self.told:
            one.come(self.house.clock.now(), self.days.works(one.path))
        return True

    def close(self) -> str:
        first = self.house.clock.now().astimezone(LEGAL_ZONE).date() + timedelta(days=self.chance.randint(-6, 14))
        last = first + timedelta(days=self.chance.randint(0, 3))
        place, desk = self.chance.choice(CLOSED), self.house.application.calendar
        made = desk.propose_closure(self.house.actor_once(OPERATOR), place, first, last, "办公楼检修")
        if self.chance.random() < 0.1:
            desk.decide(self.house.actor_once(PROVINCE), made, REFUSE, "不必")
            return "refused"
        self._decide(made)
        self.days.closed[made] = (place, (first, last))
        return f"done {place} {first} {last}"

    def reopen(self) -> str:
        if not self.days.closed:
            raise Nothing()
        closure, desk = self.chance.choice(sorted(self.days.closed)), self.house.application.calendar
        self._decide(desk.propose_reopening(self.house.actor_once(OPERATOR), closure, "提前完工"))
        return f"done {self.days.closed.pop(closure)}"

    def notice(self) -> str:
        number = self.chance.randrange(len(oracle.NOTICES))
        desk, operator = self.house.application.calendar, self.house.actor_once(OPERATOR)
        self._decide(desk.propose_notice(operator, 2027, "国办发明电〔2026〕9号", oracle.NOTICES[number][0]))
        self.days.notice = number
        return f"done {number}"

    def _decide(self, proposal: int) -> None:
        """In force, after it was foreseen; what falls due by it happens at the next look."""
        self.house.application.calendar.change(self.house.actor_once(PROVINCE), proposal)
        self.house.application.calendar.decide(self.house.actor_once(PROVINCE), proposal, ACCEPT)
        self.settled = False

    def end(self) -> str:
        if not self.told:
            raise Nothing()
        one, application = self.chance.choice(self.told), self.house.application
        how, word = self.chance.choice(["withdraw", "cancel", "terminate"]), self.chance.choice(["填错了", "坏"])
        if self.chance.random() < 0.5:
            return "spared"
        if how == "terminate":
            with application.database.write() as connection:
                application.cases.endings.terminate(connection, self.house.actor_once(OPERATOR), one.id, word)
        else:
            getattr(application.cases.acting, how)(self.house.actor_once(one.officer), str(one.id), word)
        one.fixed = one.counted = None
        return f"done {how} {one.id}"

    # -- parts ---------------------------------------------------------------------------------------------------

    def _open(self, one: Told) -> list[TaskRow]:
        with self.house.application.database.read() as connection:
            return [row for row in rows.tasks_of(connection, one.id) if row["status"] == "open"]

    def _task(self) -> tuple[Told, TaskRow]:
        """Mostly an open task, sometimes one that is done or gone."""
        waiting = [(one, row) for one in self.told for row in self._open(one)]
        if self.told and self.chance.random() < 0.1:
            one = self.chance.choice(self.told)
            with self.house.application.database.read() as connection:
                waiting = [(one, row) for row in rows.tasks_of(connection, one.id)]
        if not waiting:
            raise Nothing()
        return self.chance.choice(waiting)

    def _somebody(self, one: Told, row: TaskRow) -> str:
        """Mostly who may; who is told upwards may act, too, where the diagram names him."""
        return self._holder(one, row) if self.chance.random() < 0.8 else self.chance.choice([PROVINCE, one.officer])

    def _holder(self, one: Told, row: TaskRow) -> str:
        role = row["candidate"].partition("@")[0]
        return {"county_officer": one.officer, "city_reviewer": one.city}.get(role, PROVINCE)

    def _grounds(self) -> Grounds:
        paper = self.chance.choice([None] * 6 + [PAPER] * 3 + [WRONG])
        return Grounds(self.chance.choice(["补充材料"] * 9 + [" "]), "28", paper)


def walk(house: House, chance: Random, steps: int = STEPS) -> tuple[list[str], Counter[str]]:
    """One walk in a house of its own; everything that is wrong, and how the acts went."""
    house.clock.move(days=chance.choice(BEGINNINGS))
    made = Walk(house, chance)
    return made.run(steps), made.outcomes


@contextmanager
def _house(server: Server | None) -> Iterator[House]:
    with TemporaryDirectory() as folder:
        house = build_house(Path(folder), *FOLDERS, server=server)
        try:
            yield house
        finally:
            house.application.database.close()


def soak(count: int = COUNT, seed: int = 1) -> Score:
    """``count`` walks, the same for the same seed; every fourth on PostgreSQL. The worst time is not judged."""
    score = Score("deadlines", limit=float("inf"))
    with postgres.running() as server:
        for number in range(count):
            began = time.monotonic()
            with _house(None if number % 4 else server) as house:
                lines, _ = walk(house, Random(f"{seed} {number}"))
            score.took(time.monotonic() - began, f"walk {number}")
            score.tried += 1
            score.outcomes["wrong" if lines else "proved"] += 1
            score.broken += [f"walk {number}: {line}" for line in lines]
    return score
