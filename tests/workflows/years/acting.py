"""What a walk does and sees in an installation of its own: time, acts through the doors of everybody, what is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final

from engine import errors
from engine.calendar.days import LEGAL_ZONE
from engine.directory.actors import Actor
from engine.evidence import replay
from engine.spiff import Stored
from engine.trials.player import PAPER, Player, merged
from storage import cases, records
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow, TaskRow
from tests.workflows.world import World
from tests.workflows.years.answers import ANSWERS, PUT_OFF, Asked
from tests.workflows.years.promises import Promises, Replaced, Staff

AGENT, OFFICER = "contractor_agent", "county_officer"
CITY: Final = "130682"
"""A city that decides the results of its own staff."""
FIRST_DAY: Final = datetime(2026, 4, 13, 1, 0, tzinfo=UTC)
WINTER: Final = (12, 1, 2)
"""When results are decided, appealed against and followed."""


@dataclass(slots=True)
class Acting:
    """One staff and those who answer for it. ``random`` decides where people would."""

    world: World
    random: Random
    player: Player = field(init=False)
    promises: Promises = field(default_factory=Promises)
    acts: int = 0
    over: set[int] = field(default_factory=set)  # cases that have ended
    held: set[str] = field(default_factory=set)  # replacements that have once been held
    replacements: dict[str, Replaced] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Everybody who acts is there from the beginning: who must stand aside has colleagues."""
        self.world.clock.time = FIRST_DAY
        self.player = Player(self.world, "annual_evaluation", {"organisation": CITY, "now": "", "step": []})
        for role, code in ((OFFICER, CITY), ("province_approver", "130000"), ("province_leader", "130000")):
            for number in ("", "#2", "#3"):
                self.world.actor(f"{role}@{code}{number}")
        for code in ("C0001", "C0002"):
            self.world.actor(f"{AGENT}@{code}")

    # -- time -----------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The legal day."""
        return self.world.clock.now().astimezone(LEGAL_ZONE).date()

    def until(self, day: date) -> None:
        """Days go by, a week at a time in winter, else three; what is due is done, and what is open is answered."""
        while self.today < day:
            self.world.wait(min(7 if self.today.month in WINTER else 21, (day - self.today).days))
            self.answer_all()

    # -- acts -----------------------------------------------------------------------------------------------------

    def start(self, who: str, key: str, data: Any, organisation: str = CITY) -> int:
        """Somebody starts a case; its id."""
        self.player.act({
            "do": "start", "actor": who, "process": key, "organisation": organisation, "data": data,
        })  # fmt: skip
        self._acted()
        return self.player.current

    def answer_all(self) -> None:
        """Everything due is done, and everything open answered that nobody puts off."""
        met: dict[str, bool] = {}
        self.world.work()
        while any([self._answer(case, task) for case, task in self.open_tasks() if not self._put_off(task, met)]):
            pass

    def _put_off(self, task: TaskRow, met: dict[str, bool]) -> bool:
        """Whether somebody leaves a task for another week; asked once a week, which ``met`` remembers."""
        name = f"{task['case_id']}-{task['number']}"
        if name not in met:
            met[name] = self.random.random() < PUT_OFF.get(task["element"], 0)
        return met[name]

    def open_tasks(self) -> list[tuple[CaseRow, TaskRow]]:
        """Those of all cases that somebody answers."""
        with self.world.application.database.read() as connection:
            running = [row for row in self._running(connection) if row["status"] == "running"]
            tasks = [(row, task) for row in running for task in cases.tasks_of(connection, row["id"])]
        return [(row, task) for row, task in tasks if task["status"] == "open" and task["element"] in ANSWERS]

    def _answer(self, case: CaseRow, task: TaskRow) -> bool:
        """Whether a task was answered: it may have gone meanwhile. Raises what refuses the answer, with the place."""
        desk = task["candidate"] if "@" in task["candidate"] else f"{OFFICER}@{CITY}"  # his own, who has filed
        for number in ("", "#2", "#3"):
            try:
                self._hand_in(self.world.actor(f"{desk}{number}"), case["id"], task)
            except (errors.NotAllowed, errors.NotFound, errors.Conflict):
                continue
            except errors.Refusal as refused:
                detail = refused.errors if isinstance(refused, errors.InvalidForm) else ""
                refused.add_note(f"{case['number']} {task['element']} {detail} on {self.today}")
                raise
            self._acted()
            return True
        return False

    def _hand_in(self, who: Actor, case_id: int, task: TaskRow) -> None:
        door, name = self.world.application.cases, f"{case_id}-{task['number']}"
        form = door.reading.task(who, name).form
        values = form.values if form else {}
        asked = Asked(self.random, self.today, self.variables(case_id), values, self.next_contract)
        said = ANSWERS[task["element"]](asked)
        papers = said.files.items()
        files = {name: door.acting.attach(who, str(case_id), file, PAPER).digest for name, file in papers}
        door.acting.complete(who, name, merged(values, said.data) | files, said.outcome)

    def _acted(self) -> None:
        self.acts += 1
        self.world.work()
        self.promises.ask(self.staff())

    def complete(self, who: str, element: str, outcome: str, data: Any, files: dict[str, str] | None = None) -> None:
        """A task of the current case is completed, by a colleague where the first must stand aside."""
        step = {"do": "complete", "element": element, "outcome": outcome, "data": data, "files": files or {}}
        try:
            self.player.act(step | {"actor": who})  # type: ignore[arg-type]
        except errors.NotAllowed:
            self.player.act(step | {"actor": f"{who}#2"})  # type: ignore[arg-type]
        self._acted()

    def opened(self, key: str) -> int:
        """The case of that kind which the act before has opened is the current one; its id."""
        self.world.work()
        with self.world.application.database.read() as connection:
            self.player.current = max(row["id"] for row in self._running(connection) if row["key"] == key)
        return self.player.current

    # -- what is there --------------------------------------------------------------------------------------------

    @property
    def next_contract(self) -> str | None:
        """The newest contract in force."""
        found = [one for one in self.register("contract").values() if one["state"] == "active"]
        return max(found, key=lambda one: one["begins_on"])["number"] if found else None

    def register(self, name: str) -> dict[str, dict[str, Any]]:
        """The records in force of a register, by their numbers."""
        with self.world.application.database.read() as connection:
            return {row["number"]: dict(row["data"]) for row in records.in_force(connection, name)}

    def staff(self) -> Staff:
        """All that the promises are about."""
        with self.world.application.database.read() as connection:
            found = self._running(connection)
        for row in found:
            if row["key"] != "replacement":
                continue
            known, end = self.variables(row["id"]), row["end_element"] or row["status"]
            self.held |= {row["number"]} if known.get("held") is True else set()
            self.replacements[row["number"]] = Replaced(end, known.get("subject"), known.get("ground"))
        self.over |= {row["id"] for row in found if row["status"] != "running"}
        return Staff(
            workers=self.register("worker"), posts=self.register("post"), contracts=self.register("contract"),
            evaluations=self.register("evaluation"), rounds=self.register("evaluation_round"),
            replacements=dict(self.replacements),
        )  # fmt: skip

    def variables(self, case_id: int) -> dict[str, Any]:
        """What a case holds."""
        with self.world.application.database.read() as connection:
            row = cases.get(connection, case_id)
            assert row is not None
            return dict(Stored(row["state"], Pieces(connection, case_id)).variables)

    def _running(self, connection: Connection) -> list[CaseRow]:
        """Those that run, and those that have ended since the promises were asked last."""
        ids = [one for one in cases.case_ids(connection) if one not in self.over]
        return [row for one in ids if (row := cases.get(connection, one))]

    def proved(self) -> list[str]:
        """Every case that its events do not give again; none, where all is well."""
        application = self.world.application
        with application.database.read() as connection:
            found = [
                (one, replay.differences(connection, application.catalog, one)) for one in cases.case_ids(connection)
            ]
        return [f"case {one}: {differences}" for one, differences in found if differences]

    def close(self) -> None:
        """The installation is left."""
        self.world.application.database.close()
