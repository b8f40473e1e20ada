"""What the pages of the calendar share: days in a row, and dates and numbers as a reader types them. No addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template
from flask_babel import lazy_gettext

from engine import letters
from engine.calendar.days import LEGAL_ZONE
from engine.directory.duties import CALENDARS
from engine.errors import BadInput
from engine.words import Said, Words
from web.common.context import actor, application
from web.common.words import say

WEEKDAYS = (
    lazy_gettext("周一"),
    lazy_gettext("周二"),
    lazy_gettext("周三"),
    lazy_gettext("周四"),
    lazy_gettext("周五"),
    lazy_gettext("周六"),
    lazy_gettext("周日"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the year's page. ``kind``: work, rest, off (holiday), shift (make-up working day) or closed."""

    day: date
    kind: str
    why: Said
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row of one kind and for one reason."""

    first: date
    last: date
    kind: str
    why: Said

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


def weekday(day: date) -> str:
    """``周四``."""
    return str(WEEKDAYS[day.weekday()])


def stretches(cells: Iterable[Cell]) -> list[Stretch]:
    """Days in order, those in a row that are alike taken together."""
    found: list[Stretch] = []
    for cell in cells:
        last = found[-1] if found else None
        if last and last.last + timedelta(days=1) == cell.day and (last.kind, last.why) == (cell.kind, cell.why):
            found[-1] = Stretch(last.first, cell.day, cell.kind, cell.why)
        else:
            found.append(Stretch(cell.day, cell.day, cell.kind, cell.why))
    return found


def page(template: str, **shown: Any) -> str:
    """A page of the calendar."""
    return render_template(template, may_change=actor().may(CALENDARS), **shown)


def today() -> date:
    """Today in Shanghai, by the installation's clock."""
    found: date = application().clock.now().astimezone(LEGAL_ZONE).date()
    return found


def typed_number(given: Mapping[str, str], name: str, least: int, most: int, otherwise: int) -> int:
    """A number of the address or of a form; ``otherwise`` when it makes no sense."""
    text = letters.narrow(given.get(name, ""))
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most
    return int(text) if fits else otherwise


def typed_day(given: Mapping[str, str], name: str, label: Words) -> date:
    """A date of the address or of a form. Raises BadInput."""
    text = letters.narrow(given.get(name, ""))
    try:
        if len(text) == len("2026-01-01"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    reason = say("请填写日期，如 2026-11-23")
    raise BadInput(field=label, reason=reason)
