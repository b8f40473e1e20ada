"""Types of FEEL (clause 10.3.2.2) and whether a value conforms to one. Knows no syntax of tables or diagrams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.feel.environment import Environment
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.nodes import TypeNode
from engine.feel.values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time, lift

SIMPLE: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "dateTime": (DateTime,),
    "days and time duration": (DaysDuration,),
    "dayTimeDuration": (DaysDuration,),
    "years and months duration": (MonthsDuration,),
    "yearMonthDuration": (MonthsDuration,),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (FeelFunction, Builtin),
    "Null": (type(None),),
}


@dataclass(frozen=True)
class FeelType:
    """``name`` is a simple type, list, context, range, function, ``Any`` or, when unknown, anything else."""

    name: str
    element: FeelType | None = None
    members: Mapping[str, FeelType] = field(default_factory=dict)
    parameters: tuple[FeelType, ...] = ()
    allowed: Callable[[Any, Environment], bool] | None = None  # what values an item definition admits

    @property
    def known(self) -> bool:
        return self.name == "Any" or self.name in SIMPLE


ANY = FeelType("Any")


def type_of_node(node: TypeNode) -> FeelType:
    """The type that was written in an expression."""
    inner = tuple(type_of_node(argument) for argument in node.arguments)
    if node.name == "context":
        return FeelType("context", members=dict(zip(node.members, inner, strict=True)))
    if node.name == "function":
        return FeelType("function", element=inner[-1] if inner else None, parameters=inner[:-1])
    return FeelType(node.name, element=inner[0] if inner else None)


def conforms(value: Any, kind: FeelType, env: Environment) -> bool:
    """Whether a value that is not null belongs to the type."""
    if kind.name == "Any":
        return value is not None and (kind.allowed is None or kind.allowed(value, env))
    value = lift(value)
    if type(value) not in SIMPLE.get(kind.name, ()) or not _parts_conform(value, kind, env):
        return False
    return kind.allowed is None or kind.allowed(value, env)


def _parts_conform(value: Any, kind: FeelType, env: Environment) -> bool:
    if kind.name == "list" and kind.element:
        env.charge(len(value))
        return all(item is None or conforms(item, kind.element, env) for item in value)
    if kind.name == "context":
        return all(
            key in value and (value[key] is None or conforms(value[key], member, env))
            for key, member in kind.members.items()
        )
    if kind.name == "range" and kind.element:
        return all(end is None or conforms(end, kind.element, env) for end in (value.low, value.high))
    if kind.name == "function" and kind.parameters:
        return type(value) is FeelFunction and len(value.parameters) == len(kind.parameters)
    return True


def coerce(value: Any, kind: FeelType, env: Environment) -> Any:
    """The value as that type (clause 10.3.2.9.4): itself, in or out of a list, a date as midnight, else null."""
    if value is None or (kind.name == "Any" and kind.allowed is None) or conforms(value, kind, env):
        return value
    if kind.name == "list" and type(value) is not list:
        return [value] if kind.element is None or conforms(value, kind.element, env) else _unfit(kind, env)
    if type(value) is list and len(value) == 1 and conforms(value[0], kind, env):
        return lift(value[0])
    if type(value) is Date and kind.name in ("date and time", "dateTime"):
        return DateTime(value, 0, 0)
    return _unfit(kind, env)


def _unfit(kind: FeelType, env: Environment) -> Any:
    return env.null(f"值不属于类型“{kind.name}”", f"the value is no {kind.name}")
