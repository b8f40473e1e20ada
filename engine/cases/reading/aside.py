"""Open tasks whose holders must all stand aside: the role is held, and nobody may take the task. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from engine.cases.base import Parts
from engine.cases.recusal import standing_aside
from engine.errors import Suspended
from engine.feel import BudgetExceeded
from storage import cases, handover
from storage.database import Connection

FEW: Final = 3
"""People by whom a role is held: of more of them not all take part in the same cases."""
MOST: Final = 200
"""Tasks that are looked at one by one."""


def all_aside(
    parts: Parts, connection: Connection, held: Sequence[handover.HeldKey], paths: Sequence[str]
) -> Iterator[handover.StrandedTask]:
    """Those of cases inside the subtrees whose few holders, as ``held`` says, must all stand aside."""
    people = holders(held)
    few = [key for key, who in people.items() if len(who) <= FEW]
    places = [
        (digest, element)
        for digest in handover.running_digests(connection)
        for element in sorted(parts.catalog.definition(connection, digest).recusing)
    ]
    for task in handover.waiting(connection, few, places, paths, MOST):
        case = cases.get(connection, task["case_id"])
        assert case is not None
        who = people[task["candidate"]]
        with suppress(BudgetExceeded, Suspended):  # whose process takes too long is told at its own place
            if who <= standing_aside(connection, case, parts.definition(connection, case), task):
                yield task


def holders(held: Sequence[handover.HeldKey]) -> Mapping[str, set[int]]:
    """Who looks into each inbox of a role."""
    found: dict[str, set[int]] = defaultdict(set)
    for one in held:
        found[f"{one['role']}@{one['organisation_code']}"].add(one["user_id"])
    return found
