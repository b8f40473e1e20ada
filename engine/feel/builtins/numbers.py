"""Functions of numbers (clauses 10.3.4.5 and 10.3.4.2)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    DecimalException,
)
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.environment import Environment
from engine.feel.operators import negate
from engine.feel.values import NUMBERS, DaysDuration, MonthsDuration
from engine.words import say

LEAST_SCALE, MOST_SCALE = -6111, 6176
# Rounding may need more digits than a number has: decimal(1/3, 40) is 1/3 with zeros, then cut to 34.
_WIDE = Context(prec=12_400, Emin=-12_400, Emax=12_400)


def _rounded(env: Environment, n: Decimal, scale: Decimal | None, how: str) -> Any:
    places = Decimal(0) if scale is None else scale.to_integral_value(ROUND_DOWN)
    if not LEAST_SCALE <= places <= MOST_SCALE:
        return env.null(say("小数位数超出范围"))
    exponent = n.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return n
    _weigh(env, n.adjusted() + int(places))
    try:
        return NUMBERS.plus(n.quantize(Decimal(1).scaleb(-int(places), _WIDE), how, _WIDE))
    except DecimalException:
        return env.null(say("结果超出范围"))


def _weigh(env: Environment, digits: int) -> None:
    """Pay for so many digits of a number that is written out on the way."""
    env.charge(max(0, digits) // 16)
    env.look()


@builtin("decimal(n: number, scale: number)")
def decimal_(env: Environment, n: Decimal, scale: Decimal) -> Any:
    return _rounded(env, n, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number)", "floor(n: number, scale: number)")
def floor(env: Environment, n: Decimal, scale: Decimal | None = None) -> Any:
    return _rounded(env, n, scale, ROUND_FLOOR)


@builtin("ceiling(n: number)", "ceiling(n: number, scale: number)")
def ceiling(env: Environment, n: Decimal, scale: Decimal | None = None) -> Any:
    return _rounded(env, n, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: number)")
def round_up(env: Environment, n: Decimal, scale: Decimal) -> Any:
    return _rounded(env, n, scale, ROUND_UP)


@builtin("round down(n: number, scale: number)")
def round_down(env: Environment, n: Decimal, scale: Decimal) -> Any:
    return _rounded(env, n, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: number)")
def round_half_up(env: Environment, n: Decimal, scale: Decimal) -> Any:
    return _rounded(env, n, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: number)")
def round_half_down(env: Environment, n: Decimal, scale: Decimal) -> Any:
    return _rounded(env, n, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number)", "abs(n: duration)")
def absolute(env: Environment, n: Any) -> Any:
    if isinstance(n, DaysDuration):
        return negate(n, env) if n.nanos < 0 else n
    if isinstance(n, MonthsDuration):
        return negate(n, env) if n.months < 0 else n
    return n.copy_abs()


@builtin("modulo(dividend: number, divisor: number)", cost=10)
def modulo(env: Environment, dividend: Decimal, divisor: Decimal) -> Any:
    """The rest has the sign of the divisor."""
    if not divisor:
        return env.null(say("除数为零"))
    _weigh(env, dividend.adjusted() - divisor.adjusted())
    rest = _WIDE.remainder(dividend, divisor)
    return NUMBERS.plus(_WIDE.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest)


@builtin("sqrt(number: number)", cost=10)
def sqrt(env: Environment, number: Decimal) -> Decimal | None:
    return NUMBERS.sqrt(number) if number >= 0 else env.null(say("负数没有平方根"))


@builtin("log(number: number)", cost=40)
def log(env: Environment, number: Decimal) -> Decimal | None:
    return NUMBERS.ln(number) if number > 0 else env.null(say("对数只用于正数"))


@builtin("exp(number: number)", cost=40)
def exp(env: Environment, number: Decimal) -> Any:
    try:
        return NUMBERS.exp(number)
    except DecimalException:
        return env.null(say("结果超出范围"))


@builtin("odd(number: number)", cost=10)
def odd(env: Environment, number: Decimal) -> bool:
    _weigh(env, number.adjusted())
    return bool(_WIDE.remainder(number, Decimal(2)).copy_abs() == 1)


@builtin("even(number: number)", cost=10)
def even(env: Environment, number: Decimal) -> bool:
    _weigh(env, number.adjusted())
    return bool(_WIDE.remainder(number, Decimal(2)) == 0)


@builtin("not(negand: boolean)")
def negation(env: Environment, negand: bool) -> bool:
    return not negand
