"""The family of a case as its reader may see it: the cases above it, and those that it has opened, a page at a time.

Of a case that he may not see he hears only that there is one: no number, no kind, no state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.cases.access import may_see, seen
from engine.cases.base import Parts, open_tasks_of
from engine.cases.shown import ending_of, waits_for
from engine.definition import Definition
from engine.directory.actors import Actor
from engine.views.families import FamilyView, Relative
from engine.words import Text
from storage import families, waits
from storage.database import Connection
from storage.rows import CaseRow

SHOWN: Final = 20
"""Children on a page."""
STEPS_SHOWN: Final = 3
"""Steps of one relative at which it waits."""


@dataclass(frozen=True, slots=True)
class FamilyReading:
    """Readings of families."""

    parts: Parts

    def of_case(self, actor: Actor, case_id: str, after: int = 0) -> FamilyView:
        """The family of a case, with the children behind the id ``after``. Raises NotFound."""
        with self.parts.database.read() as connection:
            case = seen(connection, actor, case_id)
            above = [self._shown(connection, actor, one) for one in families.ancestors(connection, case["id"])]
            found = families.children(connection, case["id"], after, SHOWN + 1)
            page = found[:SHOWN]
            shown = [one for row in page if (one := self._shown(connection, actor, row)) is not None]
            return FamilyView(
                case=self._relative(connection, actor, case),
                above=tuple(reversed(above)),
                children=tuple(shown),
                hidden=len(page) - len(shown),
                total=families.count(connection, case["id"]),
                next=str(page[-1]["id"]) if len(found) > SHOWN else "",
            )

    def _shown(self, connection: Connection, actor: Actor, case: CaseRow) -> Relative | None:
        return self._relative(connection, actor, case) if may_see(connection, actor, case) else None

    def _relative(self, connection: Connection, actor: Actor, case: CaseRow) -> Relative:
        definition = self.parts.definition(connection, case)
        return Relative(
            id=str(case["id"]),
            number=case["number"],
            title=case["title"],
            process=definition.process.name,
            status=case["status"],
            ending=ending_of(definition, case["end_element"], case["status"]),
            organisation=case["organisation_name"],
            waits=_waits(connection, actor, case, definition),
            children=families.count(connection, case["id"]),
        )


def _waits(
    connection: Connection, actor: Actor, case: CaseRow, definition: Definition
) -> tuple[tuple[Text, Text], ...]:
    """Where a case waits, and for whom; where nobody has a task, for which events of its diagram."""
    if case["status"] != "running":
        return ()
    tasks = open_tasks_of(connection, case["id"])[:STEPS_SHOWN]
    if tasks:
        return tuple(((row["name_zh"], row["name_en"]), waits_for(row, actor)) for row in tasks)
    awaited = waits.of_case(connection, case["id"])[:STEPS_SHOWN]
    return tuple((definition.waited(row["element"]).name, ("", "")) for row in awaited)
