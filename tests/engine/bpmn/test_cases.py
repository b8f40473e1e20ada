"""Every walk once more through the acts on cases: what is stored is what must be so, and the events rebuild it."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from engine import semantics
from engine.cases.base import open_tasks_of
from engine.errors import Refusal, TaskNotOpen
from engine.model import Thrown, Wait
from storage import cases as rows
from storage import jobs, rounds, waits
from storage.database import utc_text
from storage.tables import cases
from storage.tables import jobs as job_rows
from tests.engine.bpmn.player import fits, said
from tests.engine.bpmn.walks import Construct, Step, constructs
from tests.house import START, House, build_house

OFFICER, PLACE = "changan", "130102"
WALKED = [pytest.param(c, id=c.folder.name) for c in constructs() if not c.refused]


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An installation with every supported construct published."""
    workflows = tmp_path_factory.mktemp("constructs")
    for construct in constructs():
        if not construct.refused:
            write(workflows / construct.folder.name, construct)
    made = build_house(tmp_path_factory.mktemp("house"), workflows)
    yield made
    made.application.database.close()
    shutil.rmtree(workflows)


def write(folder: Path, construct: Construct) -> None:
    for name, data in construct.files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("construct", WALKED)
def test_a_stored_case_follows_its_walk_and_is_rebuilt_from_its_events(house, construct):
    case = Case(house, construct.folder.name)
    for step in construct.steps:
        if step.fails:
            with pytest.raises(Refusal):
                case.act(step)
        else:
            case.act(step)
            assert case.seen() == (sorted(step.open), sorted(step.waits), step.ended)
    assert house.proof(case.id) == []


@pytest.mark.parametrize("construct", [pytest.param(c, id=c.folder.name) for c in constructs() if c.before])
def test_a_case_that_met_a_fault_is_rebuilt_as_it_ran_and_goes_on_by_today(house, construct, monkeypatch):
    case = Case(house, construct.folder.name)
    with monkeypatch.context() as once:
        once.setattr(semantics, "CURRENT", semantics.UNNAMED)
        for step in construct.before:
            case.act(step)
            assert case.seen() == (sorted(step.open), sorted(step.waits), step.ended)
    assert house.proof(case.id) == []
    if case.seen()[2] is None:
        case.finish()
        assert house.proof(case.id) == []


def test_a_task_that_one_trigger_of_several_has_cancelled_is_said_to_be_gone_by_that_event(house):
    (construct,) = (one for one in constructs() if one.folder.name == "boundary_multiple_interrupting")
    case = Case(house, construct.folder.name)
    case.act(construct.steps[0])
    (number,) = [row["number"] for row in case._tasks()]
    case.act(construct.steps[1])
    with pytest.raises(TaskNotOpen) as refusal:
        case.cases.acting.complete(house.actor_once(OFFICER), f"{case.id}-{number}", {}, "done")
    assert "待付" in refusal.value.words.text("zh")


class Case:
    """A stored case; everything known of it is read from the database."""

    def __init__(self, house: House, key: str) -> None:
        self.house, self.key, self.id = house, key, ""
        self.cases, self.database = house.application.cases, house.application.database

    def act(self, step: Step) -> None:
        """Do what the step says, by the doors that people and the worker use."""
        officer = self.house.actor_once(OFFICER)
        if step.act == "act":
            self.house.clock.at = START
            self.id = self.cases.acting.start(officer, self.key, PLACE, {}).case_id
        elif step.act == "opened":
            self._open(step)
        elif step.act == "complete":
            number = [row["number"] for row in self._tasks() if row["element"] == step.target][step.instance - 1]
            self.cases.acting.complete(officer, f"{self.id}-{number}", step.submission, "done")
        else:
            self._happen(step)

    def _open(self, step: Step) -> None:
        """Have the message or signal come that opens a case, and find the case."""
        self.house.clock.at = START
        with self.database.write() as connection:
            definition = self.house.application.catalog.current(connection, self.key)
            element = definition.elements[step.target]
            assert element.event is not None
            if element.event.kind == "timer":
                self._round(connection, step)
            else:
                thrown = Thrown(element.event.kind, element.event.name, None, step.payload)
                self.cases.openings.open(connection, definition, element, thrown, None)
            query = select(cases.c.id).where(cases.c.key == self.key).order_by(cases.c.id.desc())
            self.id = str(connection.execute(query).scalar())

    def _round(self, connection: Any, step: Step) -> None:
        """The turn of one organisation in a round."""
        place: rounds.RoundPlace = {
            "key": self.key, "element": step.target, "due_at": START, "subject": step.payload["code"],
        }  # fmt: skip
        rounds.add(connection, place)
        payload = {"key": self.key, "due_at": utc_text(START), "subject": place["subject"]}
        jobs.add(connection, {"kind": jobs.OPEN, "payload": payload, "run_at": START, "element": step.target})
        job = jobs.glance(connection, connection.execute(select(func.max(job_rows.c.id))).scalar_one())
        assert job is not None
        self.cases.rounds.open(connection, job)
        connection.execute(delete(job_rows).where(job_rows.c.id == job["id"]))

    def _happen(self, step: Step) -> None:
        kind = "timer" if step.act == "fire" else step.act
        wait = [one for one in self._waits() if one.kind == kind and fits(one, step)][step.instance - 1]
        due = datetime.fromisoformat(wait.due_at) if wait.due_at else None
        if wait.due_at:
            self.house.clock.at = max(self.house.clock.at, datetime.fromisoformat(step.at or wait.due_at))
        with self.database.write() as connection:
            self.cases.events.happen(connection, int(self.id), wait.number, wait.element, step.payload, due)

    def finish(self) -> None:
        """Complete every open task."""
        officer = self.house.actor_once(OFFICER)
        for row in self._tasks():
            self.cases.acting.complete(officer, f"{self.id}-{row['number']}", {}, "done")

    def seen(self) -> tuple[list[str], list[str], str | None]:
        """The elements of the open tasks, everything waited for, and the end event."""
        with self.database.read() as connection:
            case = rows.get(connection, int(self.id))
        assert case is not None
        return sorted(row["element"] for row in self._tasks()), sorted(map(said, self._waits())), case["end_element"]

    def _tasks(self) -> list[Any]:
        with self.database.read() as connection:
            return sorted(open_tasks_of(connection, int(self.id)), key=lambda row: row["number"])

    def _waits(self) -> list[Wait]:
        with self.database.read() as connection:
            found = waits.of_case(connection, int(self.id))
        made = [
            Wait(
                row["number"], row["element"], row["kind"], utc_text(row["run_at"]) if "run_at" in row else None,
                row.get("name") or "", row.get("key"),
            )
            for row in found
        ]  # fmt: skip
        return sorted(made, key=lambda wait: (wait.number, wait.element))
