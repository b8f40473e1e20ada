"""Functions that make one kind of value of another (clause 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.formats import text_of
from engine.feel.texts import (
    MOST_OFFSET,
    parse_date,
    parse_duration,
    parse_moment,
    parse_time,
    parse_zone,
    readable,
)
from engine.feel.values import SECOND, Date, DateTime, DaysDuration, MonthsDuration, Time, Zone, number
from engine.semantics import FEEL_LETTER
from engine.words import Words, say

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_ZONE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(?:/[A-Za-z0-9_+\-]+){0,3}")


def _no(env: Environment, text: str, kind: Words) -> Any:
    return env.null(say("“{text}”不是{kind}"), text=text[:40], kind=kind)


def _read(env: Environment, text: str, value: Any, kind: Words) -> Any:
    """What a text was read as, if the semantics of the environment reads it."""
    if value is None or not readable(text, env.semantics):
        return _no(env, text, kind)
    return value


def _whole(value: Decimal) -> int | None:
    return int(value) if value == value.to_integral_value() and abs(value) < 10**10 else None


@builtin("date(from: string)")
def date_of_text(env: Environment, text: str) -> Date | None:
    return parse_date(text) or _no(env, text, say("日期"))


@builtin("date(from: day)")
def date_of_day(env: Environment, value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@builtin("date(year: number, month: number, day: number)")
def date_of_parts(env: Environment, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = _whole(year), _whole(month), _whole(day)
    made = None if None in parts else Date.make(*parts)  # type: ignore[arg-type]
    return made or env.null(say("没有这一天"))


@builtin("date and time(from: string)")
def moment_of_text(env: Environment, text: str) -> Any:
    return _read(env, text, parse_moment(text), say("日期时间"))


@builtin("date and time(from: day)")
def moment_of_day(env: Environment, value: Date | DateTime) -> DateTime:
    return value if isinstance(value, DateTime) else DateTime(value, 0, 0)


@builtin("date and time(date: day, time: time)")
def moment_of_both(env: Environment, date: Date | DateTime, time: Time) -> DateTime:
    return DateTime(date.date if isinstance(date, DateTime) else date, time.nanos, time.zone)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin(f"date and time({_PARTS})", f"date and time({_PARTS}, offset: days and time duration?)")
def moment_of_parts(env: Environment, *parts: Any) -> DateTime | None:
    date = date_of_parts(env, *parts[:3])
    time = time_of_parts(env, *parts[3:6], parts[6] if len(parts) > 6 else None)
    return None if date is None or time is None else DateTime(date, time.nanos, time.zone)


@builtin(f"date and time({_PARTS}, timezone: string)")
def moment_in_zone(env: Environment, *parts: Any) -> DateTime | None:
    zone = named_zone(parts[6])
    plain = moment_of_parts(env, *parts[:6])
    if zone is None or plain is None:
        return None if zone is not None else _no(env, parts[6], say("时区"))
    return DateTime(plain.date, plain.nanos, zone)


def named_zone(text: str) -> Zone | None:
    """``Asia/Shanghai`` or ``+08:00`` as a zone."""
    if len(text) > 60:
        return None
    if _ZONE_NAME.fullmatch(text):
        text = "@" + text if text not in ("Z", "z") else text
    elif not re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", text):
        return None
    zone = parse_zone(text)
    return zone if zone is None or type(zone) is not object else None  # type: ignore[return-value]


@builtin("time(from: string)")
def time_of_text(env: Environment, text: str) -> Any:
    return _read(env, text, parse_time(text), say("时间"))


@builtin("time(from: clock)")
def time_of_clock(env: Environment, value: Time | DateTime) -> Time:
    return Time(value.nanos, value.zone) if isinstance(value, DateTime) else value


@builtin("time(from: date)")
def time_of_date(env: Environment, value: Date) -> Time:
    return Time(0, 0)


@builtin("time(hour: number, minute: number, second: number, offset: days and time duration?)")
def time_of_parts(
    env: Environment, hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None
) -> Any:
    whole = _whole(hour), _whole(minute)
    if whole[0] is None or whole[1] is None or not (0 <= whole[0] < 24 and 0 <= whole[1] < 60 and 0 <= second < 60):
        return env.null(say("没有这个时间"))
    nanos = (whole[0] * 3600 + whole[1] * 60) * SECOND + int(second * SECOND)
    if offset is None:
        return Time(nanos)
    if abs(offset.nanos) > MOST_OFFSET * SECOND:
        return env.null(say("时差超出范围"))
    return Time(nanos, offset.nanos // SECOND)


@builtin("number(from: string, grouping separator: string?, decimal separator: string?)")
def number_of(env: Environment, text: str, grouping: str | None, point: str | None) -> Any:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (point and grouping == point):
        return env.null(say("分隔符只能是空格、逗号或句点，且不能相同"))
    env.check_text(len(text))
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    made = number(plain) if len(plain) <= 1000 and _NUMBER.fullmatch(plain) else None
    return made if made is not None else _no(env, text, say("数字"))


@builtin("number(from: number)")
def number_of_number(env: Environment, value: Decimal) -> Decimal:
    return value


@builtin("string(from: any)")
def string_of(env: Environment, value: Any) -> str | None:
    return None if value is None else text_of(value, env)


@builtin("duration(from: string)")
def duration_of_text(env: Environment, text: str) -> Any:
    return _read(env, text, parse_duration(text), say("时长"))


@builtin("duration(from: duration)")
def duration_of_duration(env: Environment, value: Any) -> Any:
    return value


@builtin("years and months duration(from: day, to: day)")
def months_between(env: Environment, start: Date | DateTime, end: Date | DateTime) -> MonthsDuration:
    """Whole months between two days: a month that is not full does not count, and no time of day."""
    a, b = _day_and_nanos(start, env), _day_and_nanos(end, env)
    if (a[0].days, a[1]) > (b[0].days, b[1]):
        return MonthsDuration(-_months(b, a))
    return MonthsDuration(_months(a, b))


def _day_and_nanos(value: Date | DateTime, env: Environment) -> tuple[Date, int]:
    if isinstance(value, Date):
        return value, 0
    return value.date, value.nanos if env.semantics < FEEL_LETTER else 0


def _months(a: tuple[Date, int], b: tuple[Date, int]) -> int:
    months = (b[0].year - a[0].year) * 12 + b[0].month - a[0].month
    return months - ((b[0].day, b[1]) < (a[0].day, a[1]))
