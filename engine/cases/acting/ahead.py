"""What the expressions of an act give, worked out before the act's transaction, so that nobody waits for it to write.

Only where they take long: an act of a usual process evaluates in its transaction alone. What is worked out here counts
there only as far as everything that it rests on is the same then (``engine.feel.ahead``). Knows no act: each is done as
it is, on what stands, up to its first writing (``storage.database.Database.foreseeing``).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from engine.errors import Conflict
from engine.feel import Allowance, TakesLong, WorkedOut, step
from engine.model import Clock
from engine.publishing.suspending import NothingSlow, Suspensions
from storage.database import Database

R = TypeVar("R")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Ahead:
    """Does acts so that their expressions keep nobody from writing."""

    database: Database
    clock: Clock
    suspensions: Suspensions

    def done(self, act: Callable[[], R]) -> R:
        """The act. Its transaction is given up as soon as its expressions take long in it, and done again when they are
        worked out; where it is a part of a greater one, by whoever has begun that. Raises TakesLong for him.

        Raises Conflict when that has changed meanwhile on which they rest.
        """
        with step() as allowed:
            if allowed.held or allowed.known is not None:  # a part of another act
                return act()
            try:
                if not allowed.ahead:
                    try:
                        return self._first(allowed, act)
                    except TakesLong:
                        allowed.redo()
                        if self.database.is_together:
                            raise
                self._work_out(allowed, act)
                allowed.held = True
                try:
                    return act()
                except TakesLong:
                    raise Conflict() from None
                finally:
                    allowed.ahead = False
            finally:
                allowed.held, allowed.known = False, None
                allowed.stop = None if isinstance(allowed.stop, TakesLong) else allowed.stop

    def _first(self, allowed: Allowance, act: Callable[[], R]) -> R:
        """Raises TakesLong."""
        if self.suspensions.slow():
            self._work_out(allowed, act)
        allowed.held = allowed.repeated or not self.database.is_together
        return act()

    def _work_out(self, allowed: Allowance, act: Callable[[], object]) -> None:
        known = allowed.known = WorkedOut(self.clock.now())
        # Whatever it raises, the act raises, too, and says it to whom it should.
        with suppress(Exception, NothingSlow), self.database.foreseeing():
            act()
        known.noting = False
        if not known.found:
            allowed.known = None


class _Transactions(Protocol):
    @property
    def ahead(self) -> Ahead: ...


class _Acts(Protocol):
    @property
    def transactions(self) -> _Transactions: ...


A = TypeVar("A", bound=_Acts)


def ahead(act: Callable[Concatenate[A, P], R]) -> Callable[Concatenate[A, P], R]:
    """An act of a person whose expressions keep nobody from writing."""

    @wraps(act)
    def done(self: A, /, *words: P.args, **named: P.kwargs) -> R:
        return self.transactions.ahead.done(lambda: act(self, *words, **named))

    return done
