"""What a page shows of substitutions: pictures without rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.calendar.days import LEGAL_ZONE
from engine.directory.substitutes import Person
from engine.words import Text
from storage.standing import NamedSubstitution


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who could stand in. ``role``: one in which he acts there."""

    user_id: int
    name: str
    role: Text


@dataclass(frozen=True, slots=True)
class StandingIn:
    """One substitution. ``state``: coming, running, over, ended (before its time). Days are included, both of them."""

    number: int
    absent: Person
    substitute: Person
    first: date
    last: date
    kinds: tuple[Text, ...]
    reason: str
    state: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class AbsentPage:
    """Of one person: who could stand in, for which kinds of cases, and the newest that he has given or taken."""

    user_id: int
    name: str
    choices: tuple[Deputy, ...]
    kinds: tuple[tuple[str, Text], ...]
    standing: tuple[StandingIn, ...]


def standing_view(
    row: NamedSubstitution, now: datetime, kinds: Mapping[str, Text], *, may_end: bool = False
) -> StandingIn:
    """A row as it is shown at ``now``."""
    state = "ended" if row["ended_at"] else "over" if row["until_at"] <= now else "running"
    state = "coming" if state == "running" and row["from_at"] > now else state
    first, after = (at.astimezone(LEGAL_ZONE).date() for at in (row["from_at"], row["until_at"]))
    return StandingIn(
        number=row["id"],
        absent=(row["absent_id"], row["absent_name"]),
        substitute=(row["substitute_id"], row["substitute_name"]),
        first=first,
        last=after - timedelta(days=1),
        kinds=tuple(kinds.get(one, (one, one)) for one in row["kinds"]),
        reason=row["reason"],
        state=state,
        may_end=may_end and state in ("coming", "running"),
    )
