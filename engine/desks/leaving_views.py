"""What a page shows of somebody who leaves: pictures without rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.desks.substitute_views import Deputy
from engine.words import Text, Words

ROLE: Final = "role"
TASKS: Final = "tasks"
CASES: Final = "cases"
DRAFTS: Final = "drafts"


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """A group of what somebody has in hand. ``key``: the inbox key of a post, or a kind of cases.

    ``others``: who else holds the post; ``comes_back``: the diagram may ask the one who started such a case again.
    """

    kind: str
    key: str
    count: int
    name: Text = ("", "")
    others: tuple[str, ...] = ()
    comes_back: bool = False

    @property
    def id(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Everything that a person has in hand. ``lines`` get a receiver; the counts end, or stay, by themselves.

    ``claimed``: tasks of his posts that go back to them; ``with_deadline``: of his own tasks; ``substitutions``: given
    and taken, which end with the account; ``unread``: messages, which stay his.
    """

    user_id: int
    login: str
    name: str
    active: bool
    lines: tuple[WorkGroup, ...]
    receivers: tuple[Deputy, ...]
    claimed: int
    with_deadline: int
    substitutions: int
    unread: int


@dataclass(frozen=True, slots=True)
class Result:
    """What becomes of a line (by its id; ``close``: of the account). ``receiver``: his name, empty for nobody."""

    line: str
    count: int
    receiver: str
    problem: Words | None
