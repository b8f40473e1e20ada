"""What random processes are made of (``tests.engine.runtime.models``): tasks, and how they follow on each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Task:
    name: str = ""


@dataclass(frozen=True)
class Seq:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Par:
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """A task whose answer says which branch is taken (``inclusive``: which branches are)."""

    ask: Task
    parts: tuple[Any, ...]
    inclusive: bool = False


@dataclass(frozen=True)
class Loop:
    """A body, then a task whose answer says whether it is done once more."""

    body: Any
    ask: Task


@dataclass(frozen=True)
class Sub:
    """An embedded sub-process."""

    body: Any


@dataclass(frozen=True)
class Watched:
    """A body beside which ``event`` may happen as long as it runs: then ``then`` is done instead of it, or as well."""

    body: Any
    event: Event
    then: Any
    interrupting: bool = True
    inside: bool = False  # drawn as an event sub-process, not as a boundary event


@dataclass(frozen=True)
class Race:
    """Several events, the first of which decides (an event-based gateway)."""

    parts: tuple[tuple[Event, Any], ...]


@dataclass(frozen=True)
class Many:
    """A task done ``count`` times, by all at once or one after the other."""

    task: Task
    count: int
    sequential: bool = False


@dataclass(frozen=True)
class Meet:
    """Branches side by side that meet at a task which uses up a token of each (startQuantity)."""

    parts: tuple[Any, ...]
    task: Task


@dataclass(frozen=True)
class SomeOf:
    """Branches side by side of which so many let ``then`` begin, whatever becomes of the others (a complex gateway)."""

    parts: tuple[Any, ...]
    need: int
    then: Any


@dataclass(frozen=True)
class AdHoc:
    """Tasks that may be done in any order, as often as one likes, until ``ask`` is answered with no ``again``."""

    tasks: tuple[Task, ...]
    ask: Task


@dataclass(frozen=True)
class Event:
    """A timer event."""

    name: str = ""


DONE = Seq(())
