"""Calling functions: arguments by position or by name, kinds checked, nonsense answered by null and a note."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from engine.feel.environment import Environment
from engine.feel.functions import Builtin, FeelFunction, Signature
from engine.feel.values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time, lift
from engine.semantics import FEEL_LETTER
from engine.words import say

UNFIT = object()
KINDS: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "context": (dict,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "day": (Date, DateTime),
    "clock": (Time, DateTime),
    "days and time duration": (DaysDuration,),
    "years and months duration": (MonthsDuration,),
    "duration": (DaysDuration, MonthsDuration),
    "range": (Range,),
    "point": (Decimal, str, Date, Time, DateTime, DaysDuration, MonthsDuration),
    "function": (FeelFunction, Builtin),
}


def fit(value: Any, kind: str) -> Any:
    """The value as an argument of that kind, a list of one being its member and a member a list of one, or UNFIT."""
    if kind == "any":
        return value
    if kind == "list":
        return value if type(value) is list else (UNFIT if value is None else [value])
    if type(value) is list and len(value) == 1:
        value = lift(value[0])
    return value if type(value) in KINDS[kind] else UNFIT


def invoke(function: Any, values: Sequence[Any], names: Sequence[str] | None, env: Environment) -> Any:
    """Call a function value with lifted arguments; ``names`` if they are named."""
    if type(function) is Builtin:
        return _invoke_builtin(function, values, names, env)
    if type(function) is not FeelFunction:
        return env.null(say("被调用的不是函数"))
    if function.named:
        if names is None:
            return env.null(say("调用“{name}”时，参数要写明名称"), name=function.name)
        return lift(function.call(env, dict(zip(names, values, strict=True))))
    parameters = function.parameters
    required = len(parameters) if function.required < 0 else function.required
    if names is None:
        if not required <= len(values) <= len(parameters):
            return _wrong_arguments(function.name, env)
        if len(values) < len(parameters):
            values = [*values, *[None] * (len(parameters) - len(values))]
    else:
        if not set(names) <= set(parameters):  # what is not supplied is null (clause 10.3.2.13.5)
            return _wrong_arguments(function.name, env)
        given = dict(zip(names, values, strict=True))
        values = [given.get(name) for name in parameters]
    return lift(function.call(env, *values))


def _wrong_arguments(name: str, env: Environment) -> Any:
    return env.null(say("函数“{name}”的参数数量或名称不符"), name=name)


def _invoke_builtin(function: Builtin, values: Sequence[Any], names: Sequence[str] | None, env: Environment) -> Any:
    signatures = function.signatures
    if names is not None:  # before(range: r, point: p) and before(point: p, range: r) differ by their order alone
        signatures = tuple(sorted(signatures, key=lambda one: one.parameters != tuple(names)))
    for signature in signatures:
        if signature.open_ended and values and (names is None or tuple(names) == signature.parameters):
            env.charge(signature.cost)
            return signature.call(env, *values)
        placed = _place(signature, values, names, env)
        if placed is None:
            continue
        fitted = _fit_all(signature, placed)
        if fitted is not None:
            env.charge(signature.cost)
            return signature.call(env, *fitted)
    return env.null(say("函数“{name}”的参数不符"), name=function.name)


def _place(
    signature: Signature, values: Sequence[Any], names: Sequence[str] | None, env: Environment
) -> Sequence[Any] | None:
    """The values in the order of the parameters; None if they do not fit. What a named call leaves out is null."""
    parameters, required = signature.parameters, signature.required
    if names and signature.variadic and _numbered(names) and env.semantics >= FEEL_LETTER:
        return [list(values)]
    if names is not None:
        least = set() if env.semantics >= FEEL_LETTER else set(parameters[:required])
        if not least <= set(names) <= set(parameters):
            return None
        given = dict(zip(names, values, strict=True))
        return [given.get(name) for name in parameters]
    if signature.variadic:
        if not values:
            return None
        return values if len(values) == 1 and type(values[0]) is list else [list(values)]
    if not required <= len(values) <= len(parameters):
        return None
    return [*values, *[None] * (len(parameters) - len(values))] if len(values) < len(parameters) else values


def _numbered(names: Sequence[str]) -> bool:
    """Whether many arguments are named as the tables of clause 10.3.4 name them, by a letter and a number."""
    return names[0][:1] in ("b", "c", "n") and list(names) == [f"{names[0][0]}{at + 1}" for at in range(len(names))]


def _fit_all(signature: Signature, values: Sequence[Any]) -> list[Any] | None:
    fitted: list[Any] = []
    for index, value in enumerate(values):
        if value is None and index >= signature.required:
            fitted.append(None)
            continue
        value = fit(value, signature.kinds[index])
        if value is UNFIT:
            return None
        fitted.append(value)
    return fitted
