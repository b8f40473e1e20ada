"""Functions of dates and times (clauses 10.3.4.6, 10.3.4.7, 10.3.4.11). ``now`` is the environment's, no clock's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.operators import equal
from engine.feel.values import Date, DateTime, Time, days_of, from_python

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def _date(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("now()", cost=10)
def now(env: Environment) -> Any:
    return from_python(env.now)


@builtin("today()")
def today(env: Environment) -> Date:
    return Date(env.now.year, env.now.month, env.now.day)


@builtin("is(value1: any, value2: any)")
def is_same(env: Environment, a: Any, b: Any) -> bool:
    """Same kind and same value; a time with a zone is not one without."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Time | DateTime):
        return bool(a == b)
    return equal(a, b, env) is True


@builtin("day of year(date: day)")
def day_of_year(env: Environment, date: Date | DateTime) -> Decimal:
    day = _date(date)
    return Decimal(day.days - days_of(day.year, 1, 1) + 1)


@builtin("day of week(date: day)")
def day_of_week(env: Environment, date: Date | DateTime) -> str:
    return WEEKDAYS[_date(date).weekday - 1]


@builtin("month of year(date: day)")
def month_of_year(env: Environment, date: Date | DateTime) -> str:
    return MONTHS[_date(date).month - 1]


@builtin("week of year(date: day)")
def week_of_year(env: Environment, date: Date | DateTime) -> Decimal:
    """ISO 8601: the week of the year that the Thursday of the day's week lies in."""
    day = _date(date)
    thursday = day.days - day.weekday + 4
    year = Date.from_days(thursday)
    return Decimal((thursday - days_of(year.year if year else day.year, 1, 1)) // 7 + 1)
