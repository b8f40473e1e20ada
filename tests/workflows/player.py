"""Plays a scenario file as people would: it opens the form, fills in what the file says, and hands it in.

The format is told in ``workflows/README.md``. Knows no process, element, decision or register by name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine import errors
from engine.calendar.days import Calendar
from engine.cases.acting.sealing import Named
from engine.directory.actors import Actor
from engine.evidence import replay
from engine.feel import Environment, compile_expression
from engine.files.uploads import Upload
from engine.sealing.codes import new_code
from engine.spiff import Stored
from storage import cases, events, records
from storage.pieces import Pieces
from tests.workflows.world import World

SCENARIO = {"follows", "organisation", "now", "people", "forms", "step"}
STEP = {
    "case", "actor", "do", "process", "form", "data", "files", "element", "outcome", "reason", "days", "organisation",
    "holders", "expect",
}  # fmt: skip
EXPECT = {"status", "end", "tasks", "rules", "days", "holds", "records", "told", "error", "fields", "files", "case"}
PAPER = b"%PDF-1.4 a scan"
PHRASES = ("青山一道同云雨的后半句是明月", "莫道桑榆晚为霞尚满天是谁写的", "")  # two openers; the third prints a code


def read(path: Path) -> dict[str, Any]:
    """A scenario; a word that the format does not know is refused, so that no expectation is passed over."""
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    assert not scenario.keys() - SCENARIO, scenario.keys() - SCENARIO
    for number, step in enumerate(scenario["step"], 1):
        wrong = (step.keys() - STEP) | (step.get("expect", {}).keys() - EXPECT)
        assert not wrong, f"step {number}: {wrong}"
    return scenario


def play(world: World, key: str, scenario: Mapping[str, Any], before: Player | None = None) -> Player:
    """Play a scenario to its end; every case of it must then be rebuilt from its events without a difference.

    ``before``: who has played the one that it follows, whose installation ``world`` is a copy of.
    """
    if before is None:
        world.clock.time = datetime.fromisoformat(scenario["now"]).astimezone(UTC)
        player = Player(world, key, scenario)
    else:
        player = before.followed(world, key, scenario)
    for names in scenario.get("people", ()):
        world.actor(names)
    for step in scenario["step"]:  # everybody is there from the beginning: who must stand aside has a colleague
        if "actor" in step:
            world.actor(step["actor"])
    for number, step in enumerate(scenario["step"], 1):
        try:
            player.step(step)
        except (AssertionError, errors.Refusal) as failure:
            details = failure.errors if isinstance(failure, errors.InvalidForm) else ""
            failure.add_note(f"at step {number}: {step['do']} {step.get('element', '')} {details}")
            raise
    with world.application.database.read() as connection:
        for case_id in player.cases:
            assert replay.differences(connection, world.application.catalog, case_id) == []
    return player


@dataclass(slots=True)
class Player:
    """One scenario being played. ``cases`` are those started so far; steps act on ``current``, the latest unless told."""

    world: World
    key: str
    scenario: Mapping[str, Any]
    cases: list[int] = field(default_factory=list)
    starters: dict[int, str] = field(default_factory=dict)
    current: int = 0
    secrets: list[str] = field(default_factory=list)

    def followed(self, world: World, key: str, scenario: Mapping[str, Any]) -> Player:
        """Who plays on in a copy of the installation: with the same people, cases, secrets and forms, at the same time."""
        world.clock.time, world.people = self.world.clock.time, dict(self.world.people)
        beside = {"forms": {**self.scenario.get("forms", {}), **scenario.get("forms", {})}}
        told = {"organisation": self.scenario["organisation"], **scenario, **beside}
        return Player(world, key, told, list(self.cases), dict(self.starters), self.current, list(self.secrets))

    def step(self, step: Mapping[str, Any]) -> None:
        expected = step.get("expect", {})
        self.current = self.cases[step["case"] - 1] if "case" in step else self.current
        act = getattr(self, f"do_{step['do']}")
        if "error" not in expected:
            act(step)
            self.check(expected)
            return
        with pytest.raises(getattr(errors, expected["error"])) as refusal:
            act(step)
        if isinstance(refusal.value, errors.InvalidForm):
            assert sorted(refusal.value.errors) == sorted(expected["fields"]), refusal.value.errors

    # -- what people do --------------------------------------------------------------------------------------------

    def do_start(self, step: Mapping[str, Any]) -> None:
        actor = self.world.actor(step["actor"])
        organisation = step.get("organisation", self.scenario["organisation"])
        key = step.get("process", self.key)
        form = self.world.application.cases.reading.start_form(actor, key, organisation).form
        data = merged(form.values, self.filled(step))
        receipt = self.world.application.cases.acting.start(actor, key, organisation, data)
        self.current = int(receipt.case_id)
        self.cases.append(self.current)
        self.starters[self.current] = step["actor"]

    def do_complete(self, step: Mapping[str, Any]) -> None:
        actor, task = self.world.actor(step["actor"]), self.task(step["element"], step["actor"])
        form = self.world.application.cases.reading.task(actor, task).form
        data = merged(form.values if form else {}, self.filled(step)) | self.uploaded(actor, step)
        self.world.application.cases.acting.complete(actor, task, data, step.get("outcome", ""))

    def uploaded(self, actor: Actor, step: Mapping[str, Any]) -> dict[str, str]:
        """Field to the digest of a paper of that name, handed in beside the form."""
        attach = self.world.application.cases.acting.attach
        papers = step.get("files", {}).items()
        return {name: attach(actor, str(self.current), file, PAPER + file.encode()).digest for name, file in papers}

    def do_share(self, step: Mapping[str, Any]) -> None:
        """A share of a sealing key is made under a secret of one's own: a phrase, or the code where phrases are refused."""
        actor, task = self.world.actor(step["actor"]), self.task(step["element"], step["actor"])
        secret = PHRASES[len(self.secrets) % 3] or new_code()
        self.world.application.cases.unsealing.share(actor, task, secret, secret, {}, step.get("outcome", ""))
        self.secrets.append(secret)

    def do_hand_in(self, step: Mapping[str, Any]) -> None:
        """A form is handed in sealed, with papers."""
        actor, task = self.world.actor(step["actor"]), self.task(step["element"], step["actor"])
        papers = [Named(name, Upload(file, PAPER + file.encode())) for name, file in step.get("files", {}).items()]
        data = self.filled(step) | {paper.name: [paper.name] for paper in papers}
        self.world.application.cases.sealed_handing.hand_in(actor, task, data, papers, step.get("outcome", ""))

    def do_unseal(self, step: Mapping[str, Any]) -> None:
        """Two holders of the key that was made last open what was sealed to it; they are counted from 1."""
        actor, task = self.world.actor(step["actor"]), self.task(step["element"], step["actor"])
        given = {holder - 1: self.secrets[holder - 4] for holder in step["holders"]}
        self.world.application.cases.unsealing.unseal(actor, task, given, {}, step.get("outcome", ""))

    def do_withdraw(self, step: Mapping[str, Any]) -> None:
        actor = self.world.actor(step["actor"])
        self.world.application.cases.acting.withdraw(actor, str(self.current), step["reason"])

    def do_cancel(self, step: Mapping[str, Any]) -> None:
        actor = self.world.actor(step["actor"])
        self.world.application.cases.acting.cancel(actor, str(self.current), step["reason"])

    def do_terminate(self, step: Mapping[str, Any]) -> None:
        """An operator ends it."""
        actor, cases = self.world.actor(step["actor"]), self.world.application.cases
        with self.world.application.database.write() as connection:
            cases.endings.terminate(connection, actor, self.current, step["reason"])

    def do_wait(self, step: Mapping[str, Any]) -> None:
        """Days go by; then everything that is due is done."""
        self.world.wait(step["days"])
        while self.world.application.worker.run_due():
            pass
        self.opened()

    def opened(self) -> None:
        """Cases that a message or another case has opened, or a time of the scenario's own process, are played on like
        those that somebody started. What the calendar brings up elsewhere is none of its business.
        """
        with self.world.application.database.read() as connection:
            found = (cases.get(connection, case_id) for case_id in cases.case_ids(connection))
            new = [row["id"] for row in found if row and (row["parent_id"] or row["key"] == self.key)]
        new = [case_id for case_id in new if case_id not in self.cases]
        self.cases += new
        self.current = new[-1] if new else self.current

    def filled(self, step: Mapping[str, Any]) -> Any:
        named = self.scenario["forms"][step["form"]] if "form" in step else {}
        return merged(named, step.get("data", {}))

    def task(self, element: str, actor: str) -> str:
        """The open task of an element; of several, one that waits for the actor or for a role of his."""
        found = [task for task in self.open_tasks() if task["element"] == element]
        assert found, f"no open task {element}"
        own = [task for task in found if task["candidate"] in self.world.actor(actor).candidates]
        return f"{self.current}-{(own or found)[0]['number']}"

    # -- what must be true then --------------------------------------------------------------------------------------

    def check(self, expected: Mapping[str, Any]) -> None:
        for name, value in expected.items():
            getattr(self, f"expect_{name}")(value)

    def expect_status(self, status: str) -> None:
        assert self.case()["status"] == status

    def expect_end(self, element: str) -> None:
        assert self.case()["end_element"] == element

    def expect_tasks(self, tasks: Mapping[str, str]) -> None:
        assert {task["element"]: task["candidate"] for task in self.open_tasks()} == tasks

    def expect_days(self, days: Mapping[str, int]) -> None:
        calendar, now = Calendar.official(), self.world.clock.now()
        due = {task["element"]: task["due_at"] for task in self.open_tasks()}
        assert {name: calendar.working_days_left(now, due[name]) for name in days} == days

    def expect_rules(self, rules: list[str]) -> None:
        with self.world.application.database.read() as connection:
            last = events.of_case(connection, self.current)[-1]
        asked = [*last["data"]["decisions"], *last["data"].get("consulted", ())]  # by the steps, and by the form
        fired = {rule for _, hit, *_ in asked for rule in hit}
        assert set(rules) <= fired, fired

    def expect_holds(self, texts: list[str]) -> None:
        with self.world.application.database.read() as connection:
            variables = Stored(self.case()["state"], Pieces(connection, self.current)).variables
            for text in texts:
                environment = Environment(now=self.world.clock.now())
                assert compile_expression(text).evaluate(variables, environment) is True, (text, environment.warnings)

    def expect_records(self, wanted: list[dict[str, Any]]) -> None:
        for fields in wanted:
            with self.world.application.database.read() as connection:
                newest = records.versions(connection, fields["register"], fields["number"])[0]
            said = {name: value for name, value in fields.items() if name != "register"}
            assert {name: newest["data"].get(name) for name in said} == said

    def expect_told(self, text: str) -> None:
        self.world.application.worker.run_due()
        messages = self.world.application.messages.page(self.world.actor(self.starters[self.current]))
        assert text in messages.rows[0].text[0]

    def expect_files(self, names: list[str]) -> None:
        with self.world.application.database.read() as connection:
            assert [row["name"] for row in cases.attachments_of(connection, self.current)] == names

    def expect_case(self, fields: Mapping[str, Any]) -> None:
        case = self.case()
        assert {name: case[name] for name in fields} == fields

    def case(self) -> Mapping[str, Any]:
        with self.world.application.database.read() as connection:
            case = cases.get(connection, self.current)
        assert case is not None
        return case

    def open_tasks(self) -> list[Mapping[str, Any]]:
        with self.world.application.database.read() as connection:
            return [task for task in cases.tasks_of(connection, self.current) if task["status"] == "open"]


def merged(below: Any, above: Any) -> Any:
    """What is typed over what stands there: contexts by key, rows by number, everything else replaced."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
    rows = isinstance(above, list) and all(isinstance(row, Mapping) for row in above)
    if rows and isinstance(below, list):
        longer = [*below, *[{}] * (len(above) - len(below))]
        return [merged(row, above[n]) if n < len(above) else row for n, row in enumerate(longer)]
    return above
