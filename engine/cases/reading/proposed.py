"""What a case is to put in force, beside what that replaces: for whoever sees the whole case. Knows no page.

Which proposal it is says the diagram itself, at the step that puts it in force; a reader needs no power of a designer.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.cases.access import seen
from engine.cases.base import Parts, stands
from engine.cases.veil import Veil
from engine.comparing.apart import compared
from engine.definition import Definition
from engine.designing.sides import Found, SidesCompared, drawn, of_proposal
from engine.directory.actors import Actor
from engine.errors import NotFound, Suspended
from engine.feel import FeelError
from engine.feel.values import lift
from engine.operations.changes import PROPOSAL, PUBLISH
from engine.spiff import Stored
from engine.words import say
from storage import proposals
from storage.database import Connection
from storage.pieces import Pieces
from storage.rows import CaseRow

SIDES: Final = ("before", "after")
_LARGEST: Final = 2**31


@dataclass(frozen=True, slots=True)
class ProposedReading:
    """Readings of what cases are to put in force."""

    parts: Parts

    def difference(self, actor: Actor, case_id: str) -> SidesCompared:
        """What differs between the version in force and what is proposed. Raises NotFound, NotCompared."""
        with self.parts.database.read() as connection:
            (before, old), (after, new) = self._sides(connection, actor, case_id)
        return SidesCompared(before, after, tuple(compared(old, new)))

    def diagram(self, actor: Actor, case_id: str, side: str, file: str) -> str:
        """A diagram of one of the two ``SIDES``, with a drawing. Raises NotFound."""
        with self.parts.database.read() as connection:
            sides = dict(zip(SIDES, self._sides(connection, actor, case_id), strict=True))
            return drawn(sides[side][1] if side in sides else {}, file)

    def _sides(self, connection: Connection, actor: Actor, case_id: str) -> tuple[Found, Found]:
        case = seen(connection, actor, case_id)
        definition = self.parts.definition(connection, case)
        number = proposal_of(connection, case, definition, Veil(connection, actor, case, definition))
        row = proposals.get(connection, number) if number is not None else None
        if row is None:
            raise NotFound(what=say("提请发布的设计稿"))
        return of_proposal(connection, row)


def proposal_of(connection: Connection, case: CaseRow, definition: Definition, veil: Veil) -> int | None:
    """The number of the proposal that a case is to put in force as it stands; None for none, or where it is hidden."""
    calls = (one.operation for one in definition.elements.values() if one.operation is not None)
    asked = next((dict(call.parameters) for call in calls if call.name == PUBLISH), None)
    if asked is None or not veil.whole:
        return None
    variables = Stored(case["state"], Pieces(connection, case["id"])).variables
    try:
        number = lift(stands(definition, case, variables, asked[PROPOSAL]))
    except (FeelError, Suspended):  # the case stays readable
        return None
    return int(number) if isinstance(number, Decimal) and 0 < number < _LARGEST else None
