"""What the events carry by which people are brought into a task, and the kinds of that. Stored: nothing is renamed."""

from __future__ import annotations

from typing import Any, Final, NotRequired, TypedDict

FORWARD: Final = "forward"
DELEGATE: Final = "delegate"
BEFORE: Final = "before"
BESIDE: Final = "beside"
AFTER: Final = "after"
ASK: Final = "ask"
DECISION: Final = "decision"
"""The holder has decided; what he handed in waits for those who sign beside or after him."""
SIGNING: Final = (BEFORE, BESIDE, AFTER)

Name = list[Any]
"""[id, name] of a person."""


class ActedFor(TypedDict):
    """One in whose place somebody acted while he was away."""

    id: int
    name: str


class InPlaceOf(TypedDict):
    """What an act on a task says when it is done in somebody's place: whose task it is, then who stands in between."""

    acted_for: NotRequired[list[ActedFor]]


class Moved(TypedDict):
    """After such an act somebody else may have the task: ``held_by``; None: everybody who may."""

    task: int
    held_by: Name | None


class Involved(Moved, InPlaceOf):
    """Its holder has brought people into a task."""

    element: str
    kind: str
    people: list[Name]
    reason: str


class Answered(Moved, InPlaceOf):
    """A person has answered at a task, or was taken out. ``back``: the decision that waited is the holder's again."""

    element: str
    kind: str
    involvement: list[int]  # [seq, place]
    people: list[Name]
    answer: str
    opinion: str
    back: NotRequired[bool]


class TaskDecided(Moved, InPlaceOf):
    """The holder has handed in his decision, and others have yet to sign."""

    element: str
    submission: dict[str, Any]
    consulted: list[list[Any]]


class CaseCopied(InPlaceOf):
    """People were given a copy: they may read the case."""

    task: int
    element: str
    people: list[Name]
    reason: str


class TaskUrged(TypedDict):
    """Somebody who waits has urged those whose turn it is."""

    task: int
    element: str
    people: list[Name]
    reason: str


class ActTakenBack(TypedDict):
    """A person took his last act back: the case stands as before it, but for its numbers, which are not given twice."""

    sequence: int  # of the event
    act: str  # its name
    task: int
    element: str
    reason: str


class HolderNamed(TypedDict):
    """An operator named who gets the task at an element whenever its own rules give nobody."""

    element: str
    candidate: str
    successor: str  # the holder by name
    reason: str
