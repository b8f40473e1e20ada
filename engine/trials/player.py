"""Plays the steps of a scenario as people would: it opens the form, fills in what the step says, and hands it in.

The format is told in ``workflows/README.md``. Knows no process, element, decision or register by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine import errors
from engine.cases.acting.sealing import Named
from engine.directory.actors import Actor
from engine.errors import BadInput
from engine.files.uploads import Upload
from engine.sealing.codes import new_code
from engine.trials.shapes import Scenario, Step
from engine.trials.stage import Stage
from engine.words import say
from storage import cases, waits
from storage.rows import TaskRow

PAPER: Final = b"%PDF-1.4 a scan"
_PAGE: Final = "page"
PHRASES: Final = ("seven herons over a slow green river", "lanterns drift past the old stone mill", "")
"""Of those who hold a share: two pass phrases; the third prints a code."""


@dataclass(slots=True)
class Player:
    """One scenario being played. ``cases``: started so far; steps act on ``current``, the latest unless told."""

    stage: Stage
    key: str
    scenario: Scenario
    cases: list[int] = field(default_factory=list)
    starters: dict[int, str] = field(default_factory=dict)
    current: int = 0
    secrets: list[str] = field(default_factory=list)

    def followed(self, stage: Stage, key: str, scenario: Scenario) -> Player:
        """Who plays on in a copy of the installation: with the same people, cases, secrets and forms."""
        forms = {**self.scenario.get("forms", {}), **scenario.get("forms", {})}
        told: Scenario = {"organisation": self.scenario["organisation"], **scenario, "forms": forms}
        return Player(stage, key, told, list(self.cases), dict(self.starters), self.current, list(self.secrets))

    def enter(self) -> None:
        """Everybody is there from the beginning: who must stand aside has a colleague."""
        for names in self.scenario.get("people", ()):
            self.stage.actor(names)
        for step in self.scenario["step"]:
            if "actor" in step:
                self.stage.actor(step["actor"])

    def act(self, step: Step) -> None:
        """Do what a step says. Raises whatever refuses it."""
        if "case" in step:
            self.current = self.cases[step["case"] - 1]
        getattr(self, f"do_{step['do']}")(step)

    def do_start(self, step: Step) -> None:
        """Somebody starts a case."""
        actor = self.stage.actor(step["actor"])
        organisation = step.get("organisation", self.scenario.get("organisation", ""))
        key, door = step.get("process", self.key), self.stage.application.cases
        data = self.filled(step, door.reading.start_form(actor, key, organisation).form.values)
        receipt = door.acting.start(actor, key, organisation, data)
        self.current = int(receipt.case_id)
        self.cases.append(self.current)
        self.starters[self.current] = step["actor"]

    def do_propose(self, step: Step) -> None:
        """A design is made from the first version of a process, its diagram changed (before: after), and proposed."""
        actor, workshop = self.stage.actor(step["actor"]), self.stage.application.workshop
        number = workshop.beginning.copy(actor, step["process"], 1)
        opened = workshop.editing.edit(actor, number, _PAGE)
        text = opened.diagrams["process.bpmn"]
        for before, after in step.get("data", {}).items():
            if before not in text:
                raise BadInput(field=say("情景"), reason=say("流程图里没有“{text}”", text=before))
            text = text.replace(before, after)
        workshop.editing.save(actor, number, (opened.revision, _PAGE), {"process.bpmn": text.encode()})
        workshop.proposing.propose(actor, number)

    def do_complete(self, step: Step) -> None:
        """Somebody completes a task."""
        actor, task = self.at_task(step)
        form = self.stage.application.cases.reading.task(actor, task).form
        data = self.filled(step, form.values if form else {}) | self.uploaded(actor, step)
        self.stage.application.cases.acting.complete(actor, task, data, step.get("outcome", ""))

    def uploaded(self, actor: Actor, step: Step) -> dict[str, str]:
        """Field to the digest of a paper of that name, handed in beside the form."""
        attach = self.stage.application.cases.acting.attach
        papers = step.get("files", {}).items()
        return {name: attach(actor, str(self.current), file, PAPER + file.encode()).digest for name, file in papers}

    def do_share(self, step: Step) -> None:
        """A share of a sealing key is made under a secret of one's own: a phrase, or a code where that is asked."""
        actor, task = self.at_task(step)
        secret = PHRASES[len(self.secrets) % 3] or new_code()
        self.stage.application.cases.unsealing.share(actor, task, secret, secret, {}, step.get("outcome", ""))
        self.secrets.append(secret)

    def do_hand_in(self, step: Step) -> None:
        """A form is handed in sealed, with papers."""
        actor, task = self.at_task(step)
        papers = [Named(name, Upload(file, PAPER + file.encode())) for name, file in step.get("files", {}).items()]
        data = self.filled(step, {}) | {paper.name: [paper.name] for paper in papers}
        self.stage.application.cases.sealed_handing.hand_in(actor, task, data, papers, step.get("outcome", ""))

    def do_unseal(self, step: Step) -> None:
        """Two holders of the key that was made last open what was sealed to it; they are counted from 1."""
        actor, task = self.at_task(step)
        given = {holder - 1: self.secrets[holder - 4] for holder in step["holders"]}
        self.stage.application.cases.unsealing.unseal(actor, task, given, {}, step.get("outcome", ""))

    def do_withdraw(self, step: Step) -> None:
        """Whoever started a case takes it back."""
        actor = self.stage.actor(step["actor"])
        self.stage.application.cases.acting.withdraw(actor, str(self.current), step["reason"])

    def do_cancel(self, step: Step) -> None:
        """Whoever may do so cancels a case."""
        actor = self.stage.actor(step["actor"])
        self.stage.application.cases.acting.cancel(actor, str(self.current), step["reason"])

    def do_terminate(self, step: Step) -> None:
        """An operator ends it."""
        actor, door = self.stage.actor(step["actor"]), self.stage.application.cases
        with self.stage.application.database.write() as connection:
            door.endings.terminate(connection, actor, self.current, step["reason"])

    def do_send(self, step: Step) -> None:
        """A BPMN message or a signal for which the case waits at an element comes, with ``data`` in it."""
        with self.stage.application.database.write() as connection:
            found = [one for one in waits.of_case(connection, self.current) if one["element"] == step["element"]]
            if not found:
                raise BadInput(field=say("环节"), reason=say("“{element}”没有在等消息", element=step["element"]))
            happen = self.stage.application.cases.events.happen
            happen(connection, self.current, found[0]["number"], step["element"], step.get("data", {}), None)

    def do_wait(self, step: Step) -> None:
        """Days go by; then everything that is due is done."""
        self.stage.wait(step["days"])
        self.stage.work()
        self.opened()

    def opened(self) -> None:
        """Cases that a message or another case has opened, or a time of the scenario's own process, are played on like
        those that somebody started. What the calendar brings up elsewhere is none of its business.
        """
        with self.stage.application.database.read() as connection:
            found = (cases.get(connection, case_id) for case_id in cases.case_ids(connection))
            new = [row["id"] for row in found if row and (row["parent_id"] or row["key"] == self.key)]
        new = [case_id for case_id in new if case_id not in self.cases]
        self.cases += new
        self.current = new[-1] if new else self.current

    def filled(self, step: Step, below: Any) -> Any:
        """What is handed in: the form with what the step types over it, or (``whole``) only what the step says."""
        named = self.scenario["forms"][step["form"]] if "form" in step else {}
        typed = merged(named, step.get("data", {}))
        return typed if step.get("whole") else merged(below, typed)

    def at_task(self, step: Step) -> tuple[Actor, str]:
        """Who acts, and the id of the task. Raises BadInput when none is open at the element."""
        return self.stage.actor(step["actor"]), self.task(step["element"], step["actor"])

    def task(self, element: str, actor: str) -> str:
        """The open task of an element; of several, one that waits for the actor or for a role of his."""
        found = [task for task in self.open_tasks() if task["element"] == element]
        if not found:
            raise BadInput(field=say("环节"), reason=say("“{element}”没有待办任务", element=element))
        own = [task for task in found if task["candidate"] in self.stage.actor(actor).candidates]
        return f"{self.current}-{(own or found)[0]['number']}"

    def open_tasks(self) -> list[TaskRow]:
        """Those of the current case."""
        with self.stage.application.database.read() as connection:
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


def refusal(name: str) -> type[errors.Refusal] | None:
    """The refusal of that name, as a scenario expects it."""
    found = getattr(errors, name, None)
    return found if isinstance(found, type) and issubclass(found, errors.Refusal) else None
