"""What of a case is confidential to a reader now (``gw:confidential``): fields of steps, or steps and their holders."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from engine.cases.event_types import CASE_HANDED_OVER, FILE_ATTACHED
from engine.cases.veil.cutting import Extent
from engine.cases.veil.hands import Hands
from engine.definition import Definition
from engine.diagram.seeing import Confidential
from engine.directory.actors import PERSONAL, Actor
from storage import log
from storage.database import Connection
from storage.events import LoggedEvent
from storage.rows import CaseRow, TaskRow


class Secrets:
    """What one case keeps from one reader. A case that ends before the event keeps it."""

    def __init__(
        self, connection: Connection, actor: Actor | None, case: CaseRow, definition: Definition, hands: Hands
    ) -> None:
        self._connection, self._actor, self._case, self._hands = connection, actor, case, hands
        self.fields: dict[str, frozenset[str]] = {}
        """By the element that keeps something: the fields, none for the whole step."""
        self.watched: set[str] = set()
        """Of those the whole steps of which the reader sees who has them and who has handed in."""
        for element in definition.elements.values() if definition.keeps_secrets else ():
            kept = [one for one in element.confidential if not self._released(one)]
            if kept:
                whole = any(not one.fields for one in kept)
                self.fields[element.id] = frozenset[str]().union(*(() if whole else one.fields for one in kept))
                if all(self._has(one.watch) for one in kept):
                    self.watched.add(element.id)

    def __bool__(self) -> bool:
        return bool(self.fields)

    def _released(self, one: Confidential) -> bool:
        passages = self._case["passages"]
        went = passages["elements"] if passages is not None else {}
        if any(name in went and went[name]["times"] for name in one.until):
            return True
        return self._has(one.before)

    def _has(self, roles: Iterable[str]) -> bool:
        return self._actor is not None and any(self._actor.has(role) for role in roles)

    def whole(self, element: str) -> bool:
        """Whether an element is confidential as a whole, with who has it."""
        return element in self.fields and not self.fields[element] and element not in self.watched

    def left(self, event: LoggedEvent, element: str, shown: Extent) -> Extent | None:
        """What is left of what would be shown of an event at an element; None: nothing of it."""
        if self._actor is not None and event["actor_id"] == self._actor.user_id:
            return shown
        if element not in self.fields:
            beside = not element and event["actor_id"] in self.people
            return None if beside or (self.people and event["name"] == CASE_HANDED_OVER) else shown
        if self.whole(element) or event["name"] == FILE_ATTACHED:
            return None
        if element in self.watched:
            return Extent(frozenset())
        return Extent(shown.only, shown.without | self.fields[element])

    @cached_property
    def people(self) -> frozenset[int]:
        """Who has or had such a step: what else they do in the case would tell who they are."""
        whole = [name for name in self.fields if self.whole(name)]
        tasks = log.at_elements(self._connection, self._case["id"], whole) if whole else []
        return frozenset(one for task in tasks if not self._hands.holds(task) for one in _who(task))


def _who(task: TaskRow) -> list[int]:
    personal = task["candidate"].removeprefix(PERSONAL)
    named = [int(personal)] if task["candidate"].startswith(PERSONAL) else []
    return [*named, *(one for one in (task["claimed_by"], task["completed_by"]) if one is not None)]
