"""What the expressions of an act give, worked out before the act's transaction, so that nobody waits for it to write.

Only where they take long: an act of a usual process evaluates in its transaction alone. What is worked out here counts
there only as far as everything that it rests on is the same then (``engine.feel.ahead``). Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar

from engine.cases.access import must_act, starter_candidate
from engine.cases.acting.opening import foreseen
from engine.cases.acting.submissions import answer_of, outcome_of, submission_of
from engine.cases.acting.transaction import Transactions
from engine.cases.base import Parts, admit, seen_at, task_and_case, within_reach
from engine.cases.recusal import PresentAct, excluded_next
from engine.definition import Definition
from engine.directory import organisations
from engine.directory.actors import Actor
from engine.errors import Conflict, Refusal
from engine.feel import Allowance, TakesLong, WorkedOut, allowance, step
from engine.operations.registry import REGISTRY, Scene, ask
from engine.runtime import commands
from storage.pieces import Pieces

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ahead:
    """Does acts so that their expressions keep nobody from writing."""

    parts: Parts
    transactions: Transactions

    def done(self, work_out: Callable[[], None], act: Callable[[], R]) -> R:
        """The act. Its transaction is given up as soon as its expressions take long in it, and done again when they are
        worked out; where it is a part of a greater one, by whoever has begun that. Raises TakesLong for him."""
        with step() as allowed:
            if not allowed.ahead:
                if self.parts.catalog.suspensions.slow():
                    self._work_out(allowed, work_out)
                allowed.held = allowed.known is None and (
                    allowed.repeated or not self.transactions.database.is_together
                )
                try:
                    return act()
                except TakesLong:
                    allowed.redo()
                    if self.transactions.database.is_together:
                        raise
                finally:
                    allowed.held, allowed.known = False, None
            self._work_out(allowed, work_out)
            try:
                return act()
            finally:
                allowed.ahead, allowed.known = False, None

    def _work_out(self, allowed: Allowance, work_out: Callable[[], None]) -> None:
        known = WorkedOut(self.transactions.clock.now())
        allowed.known = known
        with suppress(Refusal):  # the act refuses it, too, and says it to whom it should
            work_out()
        known.noting = False
        if not known.found:
            allowed.known = None

    def _wanted(self, definition: Definition) -> bool:
        return allowance().ahead or self.parts.catalog.suspensions.slow(definition.digest)

    def completion(self, actor: Actor, task_id: str, data: Mapping[str, Any], outcome: str) -> None:
        """What completing a task evaluates."""
        with self.parts.database.read() as connection:
            task, case = task_and_case(connection, task_id)
            definition = self.parts.definition(connection, case)
            if not self._wanted(definition):
                return
            must_act(self.parts, connection, actor, task, case)
            admit(definition)
            scene, element = self.parts.scene_of(connection, case, self._now()), definition.elements[task["element"]]
            chosen = outcome_of(element, outcome)
            if chosen is not None:
                chosen = within_reach(connection, scene.organisation, definition, chosen)
            answer = answer_of(chosen, data)
            handed = submission_of(definition, element, seen_at(connection, case, task), data, actor, scene, case["id"])
            acts = PresentAct(frozenset({actor.user_id}), element.id, outcome or None, task["instances"])
            scene.find_excluded = cache(partial(excluded_next, connection, case, definition, acts))
            submission, pieces = handed.data | answer, Pieces(connection, case["id"])
            ready = _Reading(scene)
            commands.complete(definition, case["state"], task["number"], submission, scene.now, ready, beside=pieces)

    def opening(self, actor: Actor, key: str, code: str, data: Mapping[str, Any]) -> None:
        """What opening a case evaluates."""
        with self.parts.database.read() as connection:
            definition = self.parts.catalog.current(connection, key)
            if not self._wanted(definition):
                return
            organisation = organisations.get(connection, code)
            candidate = starter_candidate(connection, actor, definition, organisation)
            admit(definition)
            scene = self.parts.scene(connection, organisation, actor.user_id, self._now(), definition)
            it = foreseen(connection, definition, organisation, (actor, candidate), scene.now)
            start = definition.process.start
            assert start is not None
            handed = submission_of(definition, start, {"case": it.context}, data, actor, scene)
            variables = {"case": it.context, start.into or start.id: handed.data}
            commands.start(definition, variables, it.now, _Reading(scene))

    def _now(self) -> datetime:
        known = allowance().known
        assert known is not None
        return known.now


@dataclass(frozen=True, slots=True)
class _Reading:
    """Answers the operations of a run that only read; whatever comes after another one is worked out in the act."""

    scene: Scene

    def __call__(self, name: str, parameters: Mapping[str, Any]) -> Any:
        known = REGISTRY.get(name)
        if known is None or not known.read_only:
            raise Conflict()
        return ask(self.scene, name, parameters)
