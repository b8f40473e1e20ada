"""What a page shows of a trial. Pictures without rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.trials.shapes import Expectation, Step
from engine.views import HistoryLine
from engine.words import Text


@dataclass(frozen=True, slots=True)
class TrialCase:
    """A case that the trial has begun. ``place``: its number in the walk, from 1."""

    id: str
    place: int
    number: str
    key: str
    name: Text
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody who could act. ``names``: as a scenario calls him."""

    names: str
    name: str


@dataclass(frozen=True, slots=True)
class TrialTask:
    """An open task of the current case, and who could act on it."""

    id: str
    element: str
    name: Text
    candidate: str
    hands: tuple[Hand, ...]
    due_at: datetime | None = None
    days_left: int | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    """A step of the walk as it was done. ``case``: the current one after it; ``sees``: what may be expected of it."""

    number: int
    do: str
    who: str
    element: Text
    outcome: Text
    at: datetime
    case: int
    sees: Expectation


@dataclass(frozen=True, slots=True)
class WrittenWalk:
    """A walk as a scenario says it. ``seen``: what may be expected after each step; ``people``: who were there."""

    steps: list[Step]
    seen: list[Expectation]
    organisation: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class WaitedMessage:
    """A BPMN message for which the current case waits."""

    element: str
    name: Text
    message: str


@dataclass(frozen=True, slots=True)
class TrialState:
    """How a trial stands. ``lines``: the events of the current case; ``next_due``: when something is due next."""

    key: str
    name: Text
    organisation: str
    now: datetime
    steps: tuple[Walked, ...]
    cases: tuple[TrialCase, ...]
    current: str
    tasks: tuple[TrialTask, ...]
    lines: tuple[HistoryLine, ...]
    next_due: datetime | None = None
    may: tuple[str, ...] = ()  # withdraw
    starter: str = ""  # of the current case, as a scenario calls him
    messages: tuple[WaitedMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Reached:
    """What walks have reached of a definition: elements, flows, ``element/outcome``, rows of tables."""

    elements: tuple[str, ...] = ()
    flows: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverable:
    """Something that a walk can reach. ``kind``: element, flow, outcome, row; ``of``: the element or the table."""

    kind: str
    id: str
    name: Text
    of: Text = ("", "")


@dataclass(frozen=True, slots=True)
class TrialOffer:
    """What there is to begin with: who may start the process, and where. ``organisations``: by role, code and name."""

    key: str
    name: Text
    xml: str
    roles: tuple[tuple[str, Text], ...]
    organisations: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    coverable: tuple[Coverable, ...] = ()
