"""The first page of who takes part in business: tallies, each with what its list is asked, which shows just these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from engine.views.basic import OrganisationName
from engine.views.deadlines import RunningFilters
from engine.views.inbox import InboxFilters, Row
from engine.views.visible import CaseFilters, ListedCase

Asked: TypeAlias = InboxFilters | CaseFilters | RunningFilters


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a list has; one more than ``MOST_COUNTED`` for more. ``view``: of the inbox, where it is that."""

    count: int
    asked: Asked
    view: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """What somebody has completed in a week, from its Monday to its Sunday."""

    first: date
    last: date
    done: Tally


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What waits for the reader, for whom he waits, what he has done.

    ``median_days``: of the tasks that he has completed in this month, how many days of 24 hours passed between their
    coming and their completion, the middle one; None: he has completed none.
    """

    waiting: Tally
    late: Tally
    today: Tally
    week: Tally
    others: Tally
    done_week: Tally
    done_month: Tally
    median_days: float | None
    weeks: tuple[Week, ...]
    first: tuple[Row, ...]  # of what waits for him, the most urgent
    longest: tuple[ListedCase, ...]  # of what he waits for, what was opened first


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How the deadlines of a subtree stand, and how many of its cases have ended in this month."""

    unit: OrganisationName
    late: Tally
    near: Tally
    ended: Tally


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What one person has, of that late, and in how many cases he has completed a task in this month."""

    name: str
    held: Tally
    late: Tally
    done: Tally


@dataclass(frozen=True, slots=True)
class Overview:
    """The page. ``own``: None for who gets no tasks; ``late``, ``near``: None for who sees no subtree.

    ``units``: those of which there is something to tell; ``below``: whether there are any. ``more_units``,
    ``more_people``: whether not all were looked at.
    """

    own: OwnWork | None
    late: Tally | None
    near: Tally | None
    units: tuple[UnitLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    below: bool = False
    more_units: bool = False
    more_people: bool = False
