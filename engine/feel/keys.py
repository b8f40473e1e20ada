"""A key for every value, the same for values that FEEL holds equal: by it members of a list are found at once.

Python's own hashes of numbers and dates follow from the value alone, so somebody could choose values that all have the
same one, and everything that is looked up among them would take as long as all of them together. These keys depend on
a secret that each process draws for itself; no result does, nor the order of any.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from hashlib import blake2b
from typing import Any, Final

from engine.feel.environment import Environment
from engine.feel.functions import Builtin, FeelFunction
from engine.feel.operators import ZONED, order_key
from engine.feel.values import DateTime, Range, Time, lift

_SECRET: Final = secrets.token_bytes(32)
_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)  # nothing is rounded
Write = Callable[[bytes], None]


def key_of(value: Any, env: Environment) -> bytes | None:
    """The key of a value; None for one that holds a function: those are equal by what they were made of, and where.

    Raises ``BudgetExceeded``.
    """
    made = blake2b(digest_size=16, key=_SECRET)
    return made.digest() if _write(value, made.update, env) else None


def _write(value: Any, write: Write, env: Environment) -> bool:
    """Tell everything that makes the value what it is; false when a function is in it."""
    env.charge(1)
    value = lift(value)
    kind = type(value)
    if kind is FeelFunction or kind is Builtin:
        return False
    if kind is list:
        write(b"list%d:" % len(value))
        return all(_write(item, write, env) for item in value)
    if kind is dict:
        write(b"context%d:" % len(value))
        return all(_text(key, write, env) and _write(value[key], write, env) for key in sorted(value, key=str))
    if kind is Range:
        write(b"range%d%d%d:" % (value.low_closed, value.high_closed, value.apart))
        return _write(value.low, write, env) and _write(value.high, write, env)
    if kind is str:
        return _text(value, write, env)
    if kind is Decimal:
        write(b"number%s;" % (str(_EXACT.normalize(value)) if value else "0").encode())
        return True
    if kind is DateTime or kind is Time:
        env.charge(ZONED)
        write(b"local:" if value.zone is None else b"zoned:")
    write(f"{kind.__name__} {order_key(value)};".encode())
    return True


def _text(text: str, write: Write, env: Environment) -> bool:
    env.charge(len(text) // 64)
    data = str(text).encode("utf-8", "surrogatepass")
    write(b"text%d:" % len(data))
    write(data)
    return True
