"""What an evaluation may use: the clock's answer, functions, limits, and the notes it leaves. Knows no syntax."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine import semantics as versions
from engine.errors import Refusal
from engine.feel import errors
from engine.feel.ahead import Beside, WorkedOut
from engine.feel.budget import Budget, Owner, allowance
from engine.feel.errors import BudgetExceeded
from engine.feel.functions import FeelFunction, wrap
from engine.words import Words

T = TypeVar("T")
MOST_NOTES = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # the present of what is worked out in advance and asks for none


Ask = Callable[[str, Mapping[str, Any]], Any]


def _nothing_answers(name: str, _parameters: Mapping[str, Any]) -> Any:
    raise LookupError(name)


LOOK_EVERY = 500
"""Steps between two looks at the processor's clock, which costs as much as one or two of them."""
STEP = 0.5e-6
"""Seconds that a step is taken for as long as nobody has looked."""


class Environment:
    """One per step of a case; not for several threads at once.

    ``now`` must be aware: its zone is the zone of ``now()`` and the day of ``today()``. ``functions`` maps names to
    ``FeelFunction`` or to plain callables, whose parameter names are then read from their signature. ``strict``:
    whether decisions refuse gaps, clashes and values outside of those declared, or answer null, as DMN has it.
    ``ask``: what functions that were handed in may ask of the world outside, by name and parameters.
    ``semantics``: the version of what FEEL means (``engine.semantics``), None for today's. ``budget``: of each
    evaluation; None for that of the step under way, whose seconds all its evaluations share (``engine.feel.budget``).
    ``owner``: whose expressions they are; it may refuse them.
    """

    __slots__ = (
        "_allowance", "_ask", "_began", "_done", "_look_at", "_owner", "_until", "_wrapped", "beside", "budget",
        "functions", "level", "now", "rules", "semantics", "steps", "strict", "warnings",
    )  # fmt: skip

    def __init__(
        self,
        now: datetime,
        functions: Mapping[str, FeelFunction | Callable[..., Any]] | None = None,
        budget: Budget | None = None,
        strict: bool = True,
        semantics: int | None = None,
        ask: Ask = _nothing_answers,
        owner: Owner | None = None,
    ) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be aware")
        self.now = now
        self.functions = {} if functions is None else functions
        self._allowance = allowance()
        self.budget = self._allowance.budget if budget is None else budget
        self.strict = strict
        self._ask = ask
        self.beside: Beside | None = (
            None  # what the evaluation under way does beside giving a value, when that is noted
        )
        self.semantics = versions.CURRENT if semantics is None else semantics
        self.warnings: list[Words] = []  # why something was null
        self.rules: list[str] = []  # ids of the rules of decision tables that applied, in order
        self.steps = self.budget.steps
        self._look_at = max(0, self.steps - LOOK_EVERY)
        self._began: float | None = None  # by the processor's clock; None: nobody has looked yet
        self._until = 0.0
        self._owner = None if self._allowance.again else owner
        self.level = 0
        self._wrapped: dict[str, FeelFunction] = {}
        self._done: set[Hashable] = set()

    def ask(self, name: str, parameters: Mapping[str, Any]) -> Any:
        """Ask the world outside."""
        answer = self._ask(name, parameters)
        if self.beside is not None:
            self.beside.asked.append((name, parameters, answer))
        return answer

    def decided(self, name: str, result: Any, tell: Callable[[Any], None]) -> None:
        """A decision that was handed in as a function of that name was asked; ``tell`` hears of it."""
        tell(result)
        if self.beside is not None:
            self.beside.decided.append((name, result))

    @property
    def owner(self) -> Owner | None:
        """Whose expressions they are; None: nobody is asked about them."""
        return self._owner

    @property
    def known(self) -> WorkedOut | None:
        """What was worked out ahead for the step under way, to the outermost level of an evaluation."""
        return self._allowance.known if self.level == 0 else None

    def function(self, name: str) -> FeelFunction | None:
        """The function of that name that was handed in, ready to be called from FEEL."""
        if name not in self._wrapped:
            if name not in self.functions:
                return None
            self._wrapped[name] = wrap(name, self.functions[name])
        return self._wrapped[name]

    def charge(self, steps: int) -> None:
        """Count work done. Raises ``BudgetExceeded``."""
        self.steps -= steps
        if self.steps < self._look_at:
            self.look()

    def look(self) -> None:
        """Stop here when the time is over: before whatever takes long by itself. Raises ``BudgetExceeded``."""
        if self.steps < 0:
            raise self._too_slow(errors.STEPS)
        now = self._allowance.cpu()
        if self._began is None:
            self._began = now - (self.budget.steps - self.steps) * STEP
            self._until = self._began + min(self.budget.seconds, self._allowance.left)
        if now > self._until:
            if self.budget.seconds < self._allowance.left:
                raise self._too_slow(errors.SECONDS.about(seconds=self.budget.seconds))
            raise self._too_slow(errors.STEP_SECONDS.about(seconds=self._allowance.seconds))
        self._look_at = max(0, self.steps - LOOK_EVERY)

    def _too_slow(self, limit: Words) -> BudgetExceeded:
        return self._allowance.told(BudgetExceeded(limit), self._owner)

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """One after the other, each counted: so going through a list of any length ends in time."""
        for item in items:
            self.steps -= 1
            if self.steps < self._look_at:
                self.look()
            yield item

    def charge_once(self, what: Hashable, steps: int) -> None:
        """Count work whose result is kept: only its first use in an evaluation pays, whatever others kept before."""
        if what not in self._done:
            self._done.add(what)
            self.charge(steps)

    def enter(self) -> None:
        """Go one level deeper; the outermost level starts a fresh count of steps and of seconds.

        Raises ``BudgetExceeded``, TakesLong, and what the owner of the expressions refuses.
        """
        if self.level == 0:
            if self._allowance.stop is not None:
                raise self._allowance.stop
            if self._owner is not None:
                self._owner.admit()
            self._begin()
        if self.level >= self.budget.depth:
            raise BudgetExceeded(errors.DEPTH)
        self.level += 1

    def leave(self) -> None:
        """Undo ``enter``; the outermost level takes its time from that of the step."""
        self.level -= 1
        if self.level == 0:
            began = self._began
            took = (self.budget.steps - self.steps) * STEP if began is None else self._allowance.cpu() - began
            self._allowance.spend(took, self._owner)
            self._begin()

    def _begin(self) -> None:
        self.steps = self.budget.steps
        self._look_at = max(0, self.steps - LOOK_EVERY) if self._allowance.left > 0 else self.steps
        self._began = None
        self._done.clear()

    def check_text(self, length: int) -> None:
        """Refuse a text that would become too long. Raises ``BudgetExceeded``."""
        self.check_length(length)
        self.charge(1 + length // 64)

    def check_length(self, length: int) -> None:
        """``check_text`` for a text that grows piece by piece, its pieces paid for. Raises ``BudgetExceeded``."""
        if length > self.budget.text:
            raise BudgetExceeded(errors.TEXT)

    def check_items(self, length: int) -> None:
        """Refuse a list that would become too long. Raises ``BudgetExceeded``."""
        self.check_count(length)
        self.charge(length)

    def check_count(self, length: int) -> None:
        """``check_items`` for a list that grows one by one, its members paid for. Raises ``BudgetExceeded``."""
        if length > self.budget.items:
            raise BudgetExceeded(errors.ITEMS)

    def refuse(self, refusal: Refusal) -> Any:
        """Raise it, or note it and give null, as ``strict`` says."""
        if self.strict:
            raise refusal
        return self.null(refusal.words)

    def null(self, why: Words, **facts: Any) -> Any:
        """Note why the answer is null, with these facts, and give null."""
        if len(self.warnings) < MOST_NOTES:
            self.warnings.append(why.about(**facts) if facts else why)
        return None


def worked_out(work: Callable[[Environment], Any]) -> Any:
    """What ``work`` gives for good, to be kept in place of its expression; None when that depends on the semantics."""
    known = range(versions.FIRST, versions.CURRENT + 1)
    newest, *older = (work(Environment(EPOCH, semantics=version)) for version in reversed(known))
    return newest if all(type(one) is type(newest) and one == newest for one in older) else None
