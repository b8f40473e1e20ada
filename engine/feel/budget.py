"""How much evaluations may take: each by itself, and all of a step together. Knows no syntax and no value."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from engine.errors import Refusal, Runaway
from engine.words import say

if TYPE_CHECKING:
    from engine.feel.ahead import WorkedOut

MUCH: Final = 0.25
"""Seconds of the processor in one step of which an owner hears: a usual step takes less even when its process is used
for the first time on a machine with much else to do; else it would have to let others go first. Nobody keeps others
from writing for longer than this and one evaluation."""
STEP_SECONDS: Final = 2.0
"""Of the processor: what all evaluations of one step of a case, one page or one job may take together."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one evaluation, calls of functions included. Passing one raises ``BudgetExceeded``."""

    steps: int = 150_000  # of half a microsecond: about one per part of the expression per round of a loop
    depth: int = 100  # calls within calls
    text: int = 200_000  # characters of any one text
    items: int = 100_000  # members of any one list
    seconds: float = 0.5  # of the processor


R = TypeVar("R", bound=Refusal)
Answer = TypeVar("Answer")


class Owner(Protocol):
    """Whose expressions are evaluated."""

    def admit(self) -> None:
        """Before an evaluation: raises what refuses them, if something does."""

    def begin(self) -> None:
        """The same before a step, when nothing has been done for it yet."""

    def too_slow(self, why: Refusal) -> None:
        """Hear that one of them took too long."""

    def took(self, seconds: float, step: Allowance) -> Refusal | None:
        """Hear that a step has taken so much of the processor for them, or so much more, which is a lot; the refusal
        of going on, if others must come first."""


class TakesLong(BaseException):
    """Expressions take long while nobody else can write: what they give is to be worked out before, and then done.

    No failure, so nobody who goes on after one catches it.
    """


USUAL: Final = Budget()
UNHURRIED: Final = Budget(steps=10 * USUAL.steps, seconds=math.inf)
"""For a history that is played again: what was done in time once may take any time now. Its steps bound the memory, and
are so many that what a later version counts otherwise still passes."""


class Allowance:
    """The budget of each evaluation of a step, and the ``left`` seconds of the processor that all of them may take.

    ``cpu`` tells how long the thread has kept the processor: so nothing is refused because others are busy.
    ``again``: a history is played again, which no owner is asked about.
    """

    __slots__ = (
        "__weakref__", "_since", "again", "ahead", "budget", "cpu", "exceeded", "held", "known",
        "left", "over", "repeated", "seconds", "spent", "stop",
    )  # fmt: skip

    def __init__(
        self,
        seconds: float = STEP_SECONDS,
        budget: Budget = USUAL,
        cpu: Callable[[], float] = time.thread_time,
        again: bool = False,
    ) -> None:
        self.seconds = self.left = seconds
        self.budget = budget
        self.cpu = cpu
        self._since = cpu() if again else 0.0  # asking the system takes as long as many an expression
        self.again = again
        self.spent = 0.0  # of which an owner has heard
        self.exceeded = False  # whether an owner has heard that it did not suffice: of one step he hears once
        self.held = False  # others wait to write meanwhile
        self.repeated = False  # whoever has begun the step does it once more after TakesLong
        self.ahead = False  # it took long while others waited, so it is worked out ahead and done again
        self.known: WorkedOut | None = None  # what was worked out ahead
        self.stop: BaseException | None = None  # what the next evaluation raises
        self.over = False

    def must_last(self) -> None:
        """Raises Runaway when a history that is played again has taken all its seconds, in expressions or beside."""
        if self.again and self.cpu() - self._since > self.seconds:
            raise Runaway(limit=say("{seconds:g}秒", seconds=self.seconds))

    def spend(self, seconds: float, owner: Owner | None) -> None:
        """Take what an evaluation took; its owner hears of it when all together is much."""
        self.left -= seconds
        spent = self.seconds - self.left
        if spent > MUCH and owner is not None:
            self.stop = self.stop or owner.took(spent - self.spent, self)
            self.spent = spent
        if self.held and self.stop is None and self._holds_up(spent):
            self.stop = TakesLong()

    def _holds_up(self, spent: float) -> bool:
        """Whether others wait for too long. Once it was worked out ahead, only what has changed since counts: what was
        not worth it then is evaluated again as quickly as it is compared, however often."""
        if self.known is not None:
            return self.known.changed > MUCH
        return spent > MUCH and not self.ahead

    def redo(self) -> None:
        """The step is done again, after TakesLong: what it needs is worked out ahead."""
        self.left, self.spent, self.stop = self.seconds, 0.0, None
        self.ahead, self.held = True, False

    def until(self, seconds: float) -> float:
        """When a run must be over that begins now and may take so long; as long as there is, when it is run again."""
        return self.cpu() + (self.left if self.again else seconds)

    def told(self, why: R, owner: Owner | None) -> R:
        """The refusal of what took too long, an expression or its process itself; its owner has heard of it."""
        if owner is not None and not self.again and not self.exceeded:
            self.exceeded = True
            owner.too_slow(why)
        return why


_open: ContextVar[Allowance | None] = ContextVar("allowance", default=None)


def allowance() -> Allowance:
    """That of the step under way in this thread, else a new one."""
    return _open.get() or Allowance()


@contextmanager
def step(given: Allowance | None = None) -> Iterator[Allowance]:
    """Let all evaluations inside, in this thread, share one allowance: the given one, else that of the step around."""
    shared = given or allowance()
    token = _open.set(shared)
    try:
        yield shared
    finally:
        _open.reset(token)
        shared.over = token.old_value is Token.MISSING or token.old_value is None


def again_if_long(do: Callable[[], Answer]) -> Answer:
    """What ``do`` gives; done once more when its expressions took long while others waited: by then they are worked out
    ahead. For whoever begins the transaction around an act."""
    with step() as allowed:
        allowed.repeated = True
        try:
            return do()
        except TakesLong:
            return do()
        finally:
            allowed.repeated = False


def present(now: Callable[[], datetime]) -> datetime:
    """The moment of the step under way: what was worked out ahead for it has the same."""
    known = allowance().known
    return now() if known is None else known.now
