"""What can be called from FEEL: the shapes of functions. How they are called is in ``calls``."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Weighed(Protocol):
    """What costs so many steps to look at."""

    @property
    def weight(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FeelFunction:
    """A function that FEEL can call. ``call`` takes the environment and one FEEL value per parameter.

    ``required`` is how many of the parameters must be given (all, if negative); the others arrive as null.
    ``kinds`` and ``result`` are types where they are declared, of ``engine.feel.types``. ``origin``: the node and the
    scope of a function that an expression makes; those of one node and scope are equal. ``told``: who hears of what a
    decision gives that is called so. ``named``: it is only called by names, and gets them all as one context, whatever
    they are.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    required: int = -1
    kinds: tuple[Any, ...] = ()
    result: Any = None
    origin: tuple[Weighed, object] | None = None
    told: Callable[[Any], None] | None = None
    named: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in. ``kinds`` are names of types; ``variadic``: many arguments stand for one list;

    ``open_ended``: any number of arguments, passed on unchecked; ``cost``: steps that a call is charged.
    """

    parameters: tuple[str, ...]
    kinds: tuple[str, ...]
    required: int
    variadic: bool
    call: Callable[..., Any]
    open_ended: bool = False
    cost: int = 4


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of clause 10.3.4, with all its signatures."""

    name: str
    signatures: tuple[Signature, ...]


def wrap(name: str, function: FeelFunction | Callable[..., Any]) -> FeelFunction:
    """A function of the environment as a FEEL function; a plain callable's parameters come from its signature."""
    if isinstance(function, FeelFunction):
        return function
    found = inspect.signature(function).parameters.values()
    defaults = [parameter.default for parameter in found]
    required = sum(default is inspect.Parameter.empty for default in defaults)

    def call(_: Any, *values: Any) -> Any:
        given = list(values)
        while len(given) > required and given[-1] is None:
            given.pop()  # what was left out takes the callable's own default
        return function(*given)

    return FeelFunction(name, tuple(parameter.name for parameter in found), call, required)
