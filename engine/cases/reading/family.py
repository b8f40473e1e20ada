"""The family of a case as its reader may see it: the cases above it, and those that it has opened, a page at a time.

Of a case that he may not see he hears only that there is one: no number, no kind, no state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.cases.access import may_see, seen
from engine.cases.base import Parts, open_tasks_of
from engine.cases.shown import ending_of, waits_for
from engine.cases.veil import HIDDEN, Veil
from engine.definition import Definition
from engine.directory.actors import Actor
from engine.views.families import FamilyView, Relative
from engine.words import Text
from storage import families, waits
from storage.database import Connection
from storage.rows import CaseRow

SHOWN: Final = 20
"""Children on a page."""
MOST_LOOKED_AT: Final = 2_000
"""Children among which those are found in which somebody from outside takes part."""
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
            if actor.outside:  # of what he takes no part in he does not even hear that it is there
                return self._own(connection, actor, case, above, after)
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

    def _own(
        self, connection: Connection, actor: Actor, case: CaseRow, above: Sequence[Relative | None], after: int
    ) -> FamilyView:
        found = families.children(connection, case["id"], 0, MOST_LOOKED_AT)
        own = [row for row in found if may_see(connection, actor, row)]
        page = [row for row in own if row["id"] > after][: SHOWN + 1]
        return FamilyView(
            case=self._relative(connection, actor, case),
            above=tuple(one for one in reversed(above) if one is not None),
            children=tuple(self._relative(connection, actor, row) for row in page[:SHOWN]),
            hidden=0,
            total=len(own),
            next=str(page[SHOWN - 1]["id"]) if len(page) > SHOWN else "",
        )

    def _shown(self, connection: Connection, actor: Actor, case: CaseRow) -> Relative | None:
        return self._relative(connection, actor, case) if may_see(connection, actor, case) else None

    def _relative(self, connection: Connection, actor: Actor, case: CaseRow) -> Relative:
        definition = self.parts.definition(connection, case)
        veil = Veil(connection, actor, case, definition)
        return Relative(
            id=str(case["id"]),
            number=case["number"],
            title=veil.title(),
            process=definition.process.name,
            status=case["status"],
            ending=ending_of(definition, case["end_element"], case["status"]),
            organisation=case["organisation_name"],
            waits=_waits(connection, actor, case, definition, veil),
            children=0 if veil.outside else families.count(connection, case["id"]),
        )


def _waits(
    connection: Connection, actor: Actor, case: CaseRow, definition: Definition, veil: Veil
) -> tuple[tuple[Text, Text], ...]:
    """Where a case waits, and for whom; where nobody has a task, for which events of its diagram."""
    if case["status"] != "running":
        return ()
    tasks = open_tasks_of(connection, case["id"])
    if tasks:
        shown = [row for row in tasks if veil.element(row["element"]) or veil.task(row)][:STEPS_SHOWN]
        named = {row["element"]: waits_for(row, actor) if veil.task(row) else HIDDEN for row in shown}
        return tuple(((row["name_zh"], row["name_en"]), named[row["element"]]) for row in shown)
    awaited = [row for row in waits.of_case(connection, case["id"]) if veil.element(row["element"])][:STEPS_SHOWN]
    return tuple((definition.waited(row["element"]).name, ("", "")) for row in awaited)


def has_family(connection: Connection, actor: Actor, case: CaseRow) -> bool:
    """Whether there is a family to be shown to a reader."""
    if not families.has_any(connection, case):
        return False
    if not actor.outside:
        return True
    beside = [
        *families.ancestors(connection, case["id"]),
        *families.children(connection, case["id"], 0, MOST_LOOKED_AT),
    ]
    return any(may_see(connection, actor, one) for one in beside)
