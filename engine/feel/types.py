"""Types of FEEL (clause 10.3.2.2) and whether a value conforms to one. Knows no syntax of tables or diagrams."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from engine.feel.environment import Environment
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.nodes import TypeNode
from engine.feel.scope import Scope
from engine.feel.values import Date, DateTime, DaysDuration, MonthsDuration, Range, Time, lift
from engine.words import say

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


Siblings = Mapping[str, Any]
NO_SIBLINGS: Siblings = {}


@dataclass(frozen=True)
class FeelType:
    """``name`` is a simple type, list, context, range, function, ``Any`` or, when unknown, anything else.

    ``element`` is what a list or range holds or a function answers; ``parameters`` None: a function of any.
    ``allowed`` says what values an item definition admits; ``values`` are those, if they are listed.
    """

    name: str
    element: FeelType | None = None
    members: Mapping[str, FeelType] = field(default_factory=dict)
    parameters: tuple[FeelType, ...] | None = None
    allowed: Callable[[Any, Environment, Siblings], bool] | None = None
    values: tuple[Any, ...] = ()

    @property
    def known(self) -> bool:
        return self.name == "Any" or self.name in SIMPLE

    @property
    def complete(self) -> bool:
        """Whether all its parts are known: else the item definitions of a file must say what they are."""
        parts = (*self.members.values(), *(self.parameters or ()), *((self.element,) if self.element else ()))
        return self.known and all(part.complete for part in parts)


ANY = FeelType("Any")


def type_of_node(node: TypeNode) -> FeelType:
    """The type that was written in an expression."""
    inner = tuple(type_of_node(argument) for argument in node.arguments)
    if node.name == "context":
        return FeelType("context", members=dict(zip(node.members, inner, strict=True)))
    if node.name == "function":
        return FeelType("function", element=inner[-1], parameters=inner[:-1]) if inner else FeelType("function")
    return FeelType(node.name, element=inner[0] if inner else None)


def resolved(kind: FeelType, scope: Scope) -> FeelType:
    """The type with the item definitions in sight of the scope put in for their names."""
    return kind if kind.complete else _filled(kind, scope.types)


def _filled(kind: FeelType, types: Mapping[str, Any]) -> FeelType:
    if not kind.known:
        found = types.get(kind.name, kind)
        return found if isinstance(found, FeelType) else kind
    return replace(
        kind,
        element=kind.element and _filled(kind.element, types),
        members={name: _filled(member, types) for name, member in kind.members.items()},
        parameters=kind.parameters and tuple(_filled(one, types) for one in kind.parameters),
    )


def conforms(
    value: Any, kind: FeelType, env: Environment, siblings: Siblings = NO_SIBLINGS, restricted: bool = True
) -> bool:
    """Whether a value that is not null belongs to the type. ``siblings``: the context that it is a member of.

    ``restricted``: whether it must be one of the allowed values, too.
    """
    value = lift(value)
    if kind.name == "Any":
        fits = value is not None
    else:
        fits = type(value) in SIMPLE.get(kind.name, ()) and _parts_conform(value, kind, env, restricted)
    return fits and (kind.allowed is None or not restricted or kind.allowed(value, env, siblings))


def _parts_conform(value: Any, kind: FeelType, env: Environment, restricted: bool) -> bool:
    if kind.name == "list" and kind.element:
        return all(
            item is None or conforms(item, kind.element, env, NO_SIBLINGS, restricted) for item in env.each(value)
        )
    if kind.name == "context":
        return all(
            key in value and (value[key] is None or conforms(value[key], member, env, value, restricted))
            for key, member in env.each(kind.members.items())
        )
    if kind.name == "range" and kind.element:
        return all(
            end is None or conforms(end, kind.element, env, NO_SIBLINGS, restricted) for end in (value.low, value.high)
        )
    if kind.name == "function" and kind.parameters is not None:
        return _callable_with(value, kind.parameters, kind.element or ANY)
    return True


def _callable_with(function: FeelFunction | Builtin, parameters: tuple[FeelType, ...], result: FeelType) -> bool:
    """Takes at least these parameters and answers at most this result (clause 10.3.2.9.2)."""
    if isinstance(function, Builtin):
        return any(one.open_ended or len(one.parameters) == len(parameters) for one in function.signatures)
    kinds = function.kinds or (ANY,) * len(function.parameters)
    if len(kinds) != len(parameters):
        return False
    return all(map(is_part_of, parameters, kinds)) and is_part_of(function.result or result, result)


def is_part_of(kind: FeelType, whole: FeelType) -> bool:
    """Whether every value of one type is one of the other (clause 10.3.2.9.2)."""
    if whole.name == "Any" or kind.name == "Null":
        return True
    if SIMPLE.get(kind.name, kind.name) != SIMPLE.get(whole.name, whole.name):
        return False
    if whole.element and not (kind.element and is_part_of(kind.element, whole.element)):
        return False
    if whole.name == "function" and whole.parameters is not None:
        taken = kind.parameters
        if taken is None or len(taken) != len(whole.parameters) or not all(map(is_part_of, whole.parameters, taken)):
            return False
    return all(
        name in kind.members and is_part_of(kind.members[name], member) for name, member in whole.members.items()
    )


def coerce(value: Any, kind: FeelType, env: Environment) -> Any:
    """The value as that type (clause 10.3.2.9.4): itself, in or out of a list, a date as midnight, else null."""
    if value is None or (kind.name == "Any" and kind.allowed is None) or conforms(value, kind, env):
        return value
    if kind.name == "list" and (kind.element or type(value) is not list):
        many = [value]
        return many if conforms(many, kind, env) else _unfit(kind, env)
    if type(value) is list and len(value) == 1 and conforms(value[0], kind, env):
        return lift(value[0])
    if type(value) is Date and kind.name in ("date and time", "dateTime"):
        return DateTime(value, 0, 0)
    return _unfit(kind, env)


def _unfit(kind: FeelType, env: Environment) -> Any:
    return env.null(say("值不属于类型“{name}”"), name=kind.name)
