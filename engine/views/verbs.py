"""What a page says of the people who are brought into a task, and of whom the reader may bring in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.words import Text


@dataclass(frozen=True, slots=True)
class InvolvementView:
    """One person who was brought into a task. ``status``: waiting (not his turn yet), open, done, removed, lapsed.

    ``kind``: forward, delegate, before, beside, after, ask, decision; ``removable``: the reader may take him out again.
    """

    id: str
    kind: str
    who: str
    by: str
    reason: str
    status: str
    opened_at: datetime
    answer: Text | None = None
    opinion: str = ""
    settled_at: datetime | None = None
    removable: bool = False
    answered_by: str = ""  # the name of the substitute who has answered


@dataclass(frozen=True, slots=True)
class CopyView:
    """One person who was given a copy, and when he has read it."""

    who: str
    by: str
    at: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TaskVerbs:
    """What may be done with a task beside deciding. ``may``: the verbs that the reader may use now.

    ``mine``: where it is the reader's turn to answer, with what he may answer; ``waits``: who must answer first.
    """

    task_id: str
    may: frozenset[str]
    people: tuple[InvolvementView, ...] = ()
    copies: tuple[CopyView, ...] = ()
    mine: InvolvementView | None = None
    answers: tuple[tuple[str, Text], ...] = ()
    in_place_of: str = ""  # who is away, for whom the reader would answer
    waits: str = ""
    take_back: int = 0  # the event that the reader may take back; 0: none


@dataclass(frozen=True, slots=True)
class Choosable:
    """Somebody who may be chosen: his name, and where he is what."""

    id: int
    name: str
    posts: Text
