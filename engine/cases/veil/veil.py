"""The veil over a case: what its reader sees of title, steps, tasks, events and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from engine.cases.event_types import FILE_ATTACHED, Run, payload
from engine.cases.veil.cutting import ALL, OPINION, Extent, cut, texts
from engine.cases.veil.hands import Hands
from engine.cases.veil.secrets import Secrets
from engine.definition import Definition
from engine.diagram.seeing import OUTSIDE, Seen
from engine.directory.actors import Actor
from engine.operations.papers import RENDER
from engine.views import OpenTask
from engine.words import both, say
from storage import cases as rows
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import AttachmentRow, CaseRow, TaskRow

TITLE: Final = "title"
SUMMARY: Final = "summary"
HIDDEN: Final = both(say("保密"))
"""Stands where the name of a holder would stand."""
_OF_OTHERS: Final = ("decisions", "consulted")
"""What an event says of the inside of a run."""


def is_hung(actor: Actor | None, definition: Definition) -> bool:
    """Whether something of cases of a definition may be hidden from a reader; told by no case."""
    return definition.keeps_secrets or (actor is not None and actor.outside)


def shown_of(seen: Iterable[Seen], actor: Actor | None) -> Extent | None:
    """What a diagram shows to a reader from outside; None: nothing."""
    found = [one.fields for one in seen if OUTSIDE in one.by or (actor and any(actor.has(role) for role in one.by))]
    if not found:
        return None
    return ALL if any(not fields for fields in found) else Extent(frozenset[str]().union(*found))


class Veil:
    """Asked for one case, one reader, one reading. ``actor`` None: one who sees no business, such as an auditor."""

    def __init__(self, connection: Connection, actor: Actor | None, case: CaseRow, definition: Definition) -> None:
        self._connection, self._actor, self._case, self._definition = connection, actor, case, definition
        self._hands = Hands(connection, actor, case, definition)
        self._secrets = Secrets(connection, actor, case, definition, self._hands)
        self.outside = actor is not None and actor.outside

    @property
    def whole(self) -> bool:
        """Whether the reader sees all of the case."""
        return not (self.outside or self._secrets)

    def title(self) -> str:
        """The title of the case, or the name of its kind."""
        return self._case["title"] if self._of_process.has(TITLE) else self._definition.process.name[0]

    def summary(self) -> str:
        """The summary of the case, or nothing."""
        return self._case["summary"] if self._of_process.has(SUMMARY) else ""

    def starter(self) -> str:
        """Who has opened the case, for whoever sees what was handed in there; else nothing."""
        start = self._definition.process.start
        mine = self._actor is not None and self._case["starter_id"] == self._actor.user_id
        return self._case["starter_name"] if mine or start is None or self.element(start.id) else ""

    def element(self, name: str) -> bool:
        """Whether he sees that and how often a case has come to an element."""
        element = self._definition.element_of(name)
        return not self.outside or (element is not None and shown_of(element.seen, self._actor) is not None)

    def people_at(self, name: str) -> bool:
        """Whether he sees who has tasks at an element, and how many there are."""
        return self.element(name) and not self._secrets.whole(name)

    def hides(self, user_id: int) -> bool:
        """Whether nobody may hear that a person takes part: he has a step that is confidential."""
        return user_id in self._secrets.people

    def task(self, task: TaskRow) -> bool:
        """Whether he sees a task: that it is there, who has it, when it is due."""
        return self._hands.holds(task) or self.people_at(task["element"])

    def open_tasks(self, waiting: Iterable[tuple[TaskRow, OpenTask]]) -> list[tuple[TaskRow, OpenTask]]:
        """Of the tasks that wait those that he sees; of a confidential step, once, that it is reached."""
        found: list[tuple[TaskRow, OpenTask]] = []
        told: set[str] = set()
        for row, task in waiting:
            if self.task(row):
                found.append((row, task))
            elif not self.outside and row["element"] not in told:
                told.add(row["element"])
                unnamed = replace(task, waits_for=HIDDEN, claimed_by=None, deadline=None, in_place_of="")
                found.append((row, replace(unnamed, hidden=True)))
        return found

    def fields(self, event: LoggedEvent) -> Extent | None:
        """Which fields of what was handed in by an event he sees; None: he does not see the event at all."""
        place = self._place_of(event)
        if not self.outside:
            return self._secrets.left(event, place, ALL)
        if self._hands.did(event):
            return ALL
        element = self._definition.element_of(place)
        shown = shown_of(element.seen, self._actor) if element is not None else None
        if shown is None and self._hands.gets_back(event):
            shown = Extent(frozenset({OPINION}))
        return None if shown is None else self._secrets.left(event, place, shown)

    def log(self, events: Iterable[LoggedEvent]) -> list[LoggedEvent]:
        """Of these events those that he sees, each with no more in it than he sees."""
        if self.whole:
            return list(events)
        return [self._cut(event, shown) for event in events if (shown := self.fields(event)) is not None]

    def files(
        self, files: Iterable[AttachmentRow], events: Mapping[int, LoggedEvent], handed: Iterable[LoggedEvent]
    ) -> list[AttachmentRow]:
        """Of the files of a case those that he sees. ``events``: with which they came, by number; ``handed``: all by
        which something was handed in, as he sees them: a file that stands in a field goes with the field."""
        if self.whole:
            return list(files)
        named = {text for event in handed for text in texts(event["data"])}
        return [row for row in files if row["digest"] in named or self._came_with(row, events.get(row["event_seq"]))]

    def papers(self, steps: Iterable[str]) -> bool:
        """Whether he sees what the steps make that render papers."""
        return all(self.element(name) for name in steps)

    @cached_property
    def _of_process(self) -> Extent:
        if not self.outside:
            return ALL
        return shown_of(self._definition.process.seeing.seen, self._actor) or Extent(frozenset())

    def _place_of(self, event: LoggedEvent) -> str:
        """The element of an event; of a file, that of the task with which it was handed in. Empty: none."""
        data = event["data"]
        if event["name"] != FILE_ATTACHED or not data.get("task"):
            return str(data.get("element") or "")
        task = rows.task(self._connection, self._case["id"], int(str(data["task"]).rpartition("-")[2]))
        return task["element"] if task is not None else ""

    def _cut(self, event: LoggedEvent, shown: Extent) -> LoggedEvent:
        data: dict[str, object] = {name: value for name, value in event["data"].items() if name not in _OF_OTHERS}
        if "opened" in data:
            opened = payload(event, Run)["opened"]
            data["opened"] = [one for one in opened if not self.outside and self.people_at(str(one[1]))]
        return {**event, "data": data if shown.whole else data | cut(self._definition, event, shown)}

    def _came_with(self, row: AttachmentRow, event: LoggedEvent | None) -> bool:
        if event is None or row["digest"] in texts(event["data"].get("submission")):
            return False
        if event["name"] == FILE_ATTACHED or "file" in event["data"]:
            return self._hands.did(event) if self.outside else self.fields(event) is not None
        elements = map(self._definition.element_of, event["data"].get("passed", ()))
        made = [one.id for one in elements if one and one.operation is not None and one.operation.name == RENDER]
        return self.papers(made) and (bool(made) or not self.outside)
