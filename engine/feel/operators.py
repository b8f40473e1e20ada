"""Equality, order and arithmetic of FEEL values (clause 10.3.2.15). Knows no syntax; null is the answer to nonsense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, DecimalException, Overflow
from typing import Any

from engine.feel.environment import Environment
from engine.feel.functions import FeelFunction
from engine.feel.values import DAY, NUMBERS, Date, DateTime, DaysDuration, MonthsDuration, Range, Time, lift
from engine.semantics import FEEL_LETTER
from engine.words import Words, say

KIND_NAMES = {
    Decimal: say("数字"),
    str: say("文字"),
    bool: say("是否值"),
    type(None): say("null"),
    list: say("列表"),
    dict: say("上下文"),
    Date: say("日期"),
    Time: say("时间"),
    DateTime: say("日期时间"),
    DaysDuration: say("天时时长"),
    MonthsDuration: say("年月时长"),
    Range: say("区间"),
}
_FUNCTION = say("函数")
ZONED = 8  # what a moment or time costs that may be in a named zone, which asks the calendar of its country
MOST_EXPONENT = 999_999_999  # table 60
MOST_DIGITS = 27
MOST_NANOS = 10**MOST_DIGITS  # a billion years and more; keeps durations from growing without end
ORDERED = (Decimal, str, Date, Time, DateTime, DaysDuration, MonthsDuration)


def kind_name(value: Any) -> Words:
    """What a person calls this kind of value."""
    return KIND_NAMES.get(type(value), _FUNCTION)


def order_key(value: Any) -> Any:
    """Something that Python orders as FEEL orders the value (one kind only)."""
    kind = type(value)
    if kind is Date:
        return value.days
    if kind is DateTime or kind is Time:
        return value.instant
    if kind is DaysDuration:
        return value.nanos
    return value.months if kind is MonthsDuration else value


def comparable(a: Any, b: Any) -> bool:
    """Whether FEEL orders these two: they must be of one kind that has an order."""
    return type(a) is type(b) and type(a) in ORDERED


def _same_zone(a: Any, b: Any) -> tuple[Any, Any]:
    """A time without a zone takes the zone of the other (clause 10.3.2.15, table 54)."""
    if a.zone is None and b.zone is not None:
        return replace(a, zone=b.zone), b
    if b.zone is None and a.zone is not None:
        return a, replace(b, zone=a.zone)
    return a, b


def equal(a: Any, b: Any, env: Environment) -> bool | None:
    """Clause 10.3.2.15, table 53: null when the two are of different kinds and neither is null."""
    a, b = lift(a), lift(b)
    if a is None or b is None:
        return a is b
    kind = type(a)
    if kind is not type(b):
        return None
    if kind is list:
        return _equal_lists(a, b, env)
    if kind is dict:
        return _equal_contexts(a, b, env)
    if kind in ORDERED:
        if kind in (Time, DateTime):
            if (a.zone is None) != (b.zone is None):
                return False
            env.charge(ZONED)
        elif kind is str:
            env.charge(min(len(a), len(b)) // 64)
        return bool(order_key(a) == order_key(b))
    if kind is Range:
        same = (a.low_closed, a.high_closed, a.apart) == (b.low_closed, b.high_closed, b.apart)
        return same and equal(a.low, b.low, env) is True and equal(a.high, b.high, env) is True
    if kind is FeelFunction and a.origin and b.origin and env.semantics >= FEEL_LETTER:
        (body, scope), (other, beside) = a.origin, b.origin
        env.charge(body.weight)
        return scope is beside and body == other
    return bool(a == b)


def _equal_lists(a: list[Any], b: list[Any], env: Environment) -> bool:
    env.charge(4)
    if len(a) != len(b):
        return False
    return all(equal(x, y, env) is True for x, y in env.each(zip(a, b, strict=True)))


def _equal_contexts(a: dict[str, Any], b: dict[str, Any], env: Environment) -> bool:
    env.charge(4 + len(a) // 8)
    if a.keys() != b.keys():
        return False
    return all(equal(value, b[key], env) is True for key, value in env.each(a.items()))


def compare(sign: str, a: Any, b: Any, env: Environment) -> bool | None:
    """``<``, ``<=``, ``>``, ``>=``. Null, with a note, when the two cannot be ordered."""
    if not comparable(a, b):
        if a is not None and b is not None:
            env.null(say("{a}与{b}不能比较大小"), a=kind_name(a), b=kind_name(b))
        else:
            env.null(say("null 不能比较大小"))
        return None
    if type(a) is DateTime or type(a) is Time:
        env.charge(ZONED)
        a, b = _same_zone(a, b)
    elif type(a) is str:
        env.charge(min(len(a), len(b)) // 64)
    left, right = order_key(a), order_key(b)
    if sign == "<":
        return bool(left < right)
    if sign == "<=":
        return bool(left <= right)
    return bool(left > right) if sign == ">" else bool(left >= right)


def within(value: Any, span: Range, env: Environment) -> bool | None:
    """Whether a range holds a value; null when they cannot be compared."""
    if span.apart:
        same = equal(value, span.low, env)
        return None if same is None else not same
    low = True if span.low is None else compare(">=" if span.low_closed else ">", value, lift(span.low), env)
    high = True if span.high is None else compare("<=" if span.high_closed else "<", value, lift(span.high), env)
    if low is False or high is False:
        return False
    return True if low and high else None


def negate(value: Any, env: Environment) -> Any:
    """Clause 10.3.2.15: numbers and durations have a negative."""
    kind = type(value)
    if kind is Decimal:
        return value.copy_negate() if value else value
    if kind is DaysDuration:
        return DaysDuration(-value.nanos)
    if kind is MonthsDuration:
        return MonthsDuration(-value.months)
    return env.null(say("{kind}不能取负"), kind=kind_name(value))


Rule = Callable[[Any, Any, Environment], Any]


def _join(a: str, b: str, env: Environment) -> str:
    env.check_text(len(a) + len(b))
    return a + b


def _shift_date(date: Date, length: DaysDuration) -> Date | None:
    moved = DateTime(date, 0).plus(length.nanos)
    return moved.date if moved else None


def _shift_months(moment: DateTime, months: int) -> DateTime | None:
    date = moment.date.plus_months(months)
    return DateTime(date, moment.nanos, moment.zone) if date else None


def _between(a: Date | DateTime, b: Date | DateTime) -> DaysDuration | None:
    """A date stands for its midnight in UTC; a moment with a zone and one without have no distance."""
    left = DateTime(a, 0, 0) if isinstance(a, Date) else a
    right = DateTime(b, 0, 0) if isinstance(b, Date) else b
    if (left.zone is None) != (right.zone is None):
        return None
    return DaysDuration(left.instant - right.instant)


def _times(length: int, factor: Decimal, env: Environment) -> int:
    """The fraction is cut off, as where durations are divided. Raises Overflow for what is no duration."""
    product = _short(NUMBERS.multiply(Decimal(length), factor))
    return int(product if env.semantics >= FEEL_LETTER else NUMBERS.to_integral_value(product))


def _divided(length: int, divisor: Decimal) -> int:
    return int(_short(NUMBERS.divide(Decimal(length), divisor)))


def _short(length: Decimal) -> Decimal:
    """What can be a duration at all: no whole number of thousands of digits is made of it before that is asked."""
    if length and length.adjusted() > MOST_DIGITS:
        raise Overflow
    return length


def _power(base: Decimal, exponent: Decimal, env: Environment) -> Decimal:
    if abs(exponent) > MOST_EXPONENT and env.semantics >= FEEL_LETTER:
        raise Overflow
    env.charge(4 if abs(exponent) < 100 and exponent == exponent.to_integral_value() else 120)
    return NUMBERS.power(base, exponent) if base or exponent else Decimal(1)


def _later(moment: DateTime, nanos: int, env: Environment) -> DateTime | None:
    env.charge(ZONED)
    return moment.plus(nanos)


ADD: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b, e: NUMBERS.add(a, b),
    (str, str): _join,
    (DaysDuration, DaysDuration): lambda a, b, e: DaysDuration(a.nanos + b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b, e: MonthsDuration(a.months + b.months),
    (Date, DaysDuration): lambda a, b, e: _shift_date(a, b),
    (Date, MonthsDuration): lambda a, b, e: a.plus_months(b.months),
    (DateTime, DaysDuration): lambda a, b, e: _later(a, b.nanos, e),
    (DateTime, MonthsDuration): lambda a, b, e: _shift_months(a, b.months),
    (Time, DaysDuration): lambda a, b, e: Time((a.nanos + b.nanos) % DAY, a.zone),
}
for _left, _right in [key for key in ADD if key[0] is not key[1]]:
    ADD[_right, _left] = lambda a, b, e, rule=ADD[_left, _right]: rule(b, a, e)  # type: ignore[misc]

SUBTRACT: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b, e: NUMBERS.subtract(a, b),
    (DaysDuration, DaysDuration): lambda a, b, e: DaysDuration(a.nanos - b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b, e: MonthsDuration(a.months - b.months),
    (Date, DaysDuration): lambda a, b, e: _shift_date(a, DaysDuration(-b.nanos)),
    (Date, MonthsDuration): lambda a, b, e: a.plus_months(-b.months),
    (DateTime, DaysDuration): lambda a, b, e: _later(a, -b.nanos, e),
    (DateTime, MonthsDuration): lambda a, b, e: _shift_months(a, -b.months),
    (Time, DaysDuration): lambda a, b, e: Time((a.nanos - b.nanos) % DAY, a.zone),
    (Time, Time): lambda a, b, e: DaysDuration(a.instant - b.instant) if (a.zone is None) == (b.zone is None) else None,
    (Date, Date): lambda a, b, e: _between(a, b),
    (Date, DateTime): lambda a, b, e: _between(a, b),
    (DateTime, Date): lambda a, b, e: _between(a, b),
    (DateTime, DateTime): lambda a, b, e: _between(a, b),
}
MULTIPLY: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b, e: NUMBERS.multiply(a, b),
    (DaysDuration, Decimal): lambda a, b, e: DaysDuration(_times(a.nanos, b, e)),
    (MonthsDuration, Decimal): lambda a, b, e: MonthsDuration(_times(a.months, b, e)),
    (Decimal, DaysDuration): lambda a, b, e: DaysDuration(_times(b.nanos, a, e)),
    (Decimal, MonthsDuration): lambda a, b, e: MonthsDuration(_times(b.months, a, e)),
}
DIVIDE: dict[tuple[type, type], Rule] = {
    (Decimal, Decimal): lambda a, b, e: NUMBERS.divide(a, b),
    (DaysDuration, Decimal): lambda a, b, e: DaysDuration(_divided(a.nanos, b)),
    (MonthsDuration, Decimal): lambda a, b, e: MonthsDuration(_divided(a.months, b)),
    (DaysDuration, DaysDuration): lambda a, b, e: NUMBERS.divide(Decimal(a.nanos), Decimal(b.nanos)),
    (MonthsDuration, MonthsDuration): lambda a, b, e: NUMBERS.divide(Decimal(a.months), Decimal(b.months)),
}
POWER: dict[tuple[type, type], Rule] = {(Decimal, Decimal): _power}
RULES = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}


def arithmetic(sign: str, a: Any, b: Any, env: Environment) -> Any:
    """``a sign b``. Null, with a note, for kinds that do not fit, division by zero and results out of range."""
    rule = RULES[sign].get((type(a), type(b)))
    if rule is None:
        return env.null(say("{a}与{b}不能用“{sign}”运算"), a=kind_name(a), b=kind_name(b), sign=sign)
    try:
        result = rule(a, b, env)
    except (DecimalException, ZeroDivisionError):
        why = say("除数为零") if sign == "/" and not order_key(b) else say("结果超出范围")
        return env.null(why)
    kind = type(result)
    if kind is Decimal:
        return result
    if (kind is DaysDuration or kind is MonthsDuration) and abs(order_key(result)) > MOST_NANOS:
        return env.null(say("时长超出范围"))
    if result is None:
        return env.null(say("日期超出范围，或只有一方带时区"))
    return result
