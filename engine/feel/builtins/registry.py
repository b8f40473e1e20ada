"""How built-in functions enter their table: one line of text says name, parameters and kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.functions import Builtin, Signature

BUILTINS: dict[str, Builtin] = {}
Implementation = Callable[..., Any]


def builtin(*shapes: str, cost: int = 4) -> Callable[[Implementation], Implementation]:
    """Register a function under each shape: ``"name(first: number, second: string?)"``.

    ``?`` marks what may be left out, ``...`` on the only parameter lets many arguments stand for one list. Arguments
    come checked and lifted; a null where a kind is asked for never arrives. ``cost``: what a call is charged, in steps
    of about half a microsecond, besides what the function charges for the size of its arguments.
    """

    def register(function: Implementation) -> Implementation:
        for shape in shapes:
            name, _, rest = shape.rstrip(")").partition("(")
            pairs = [part.split(": ") for part in rest.split(", ") if part]
            kinds = tuple(kind.rstrip("?.") for _, kind in pairs)
            required = sum(not kind.endswith("?") for _, kind in pairs)
            signature = Signature(
                tuple(label for label, _ in pairs), kinds, required, rest.endswith("..."), function, cost=cost
            )
            known = BUILTINS[name].signatures if name in BUILTINS else ()
            BUILTINS[name] = Builtin(name, (*known, signature))
        return function

    return register
