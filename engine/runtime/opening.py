"""The tasks that a run has opened: who gets each, and when it is due. Asks by what is said for each one alone.

An instance of a multi-instance sees data of its own, so its holder and its deadline are its own, too. What comes to the
same for many is asked once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from engine.model import Ask, Holder, OpenedTask
from engine.runtime.aside import people_of
from engine.semantics import HOLDER_PER_INSTANCE, INSTANCES_APART
from engine.spiff import Instance, Place, Token
from engine.words import Words, say

_OTHER_CASE = say("应当回避的事项编号")


class Run(Protocol):
    """What is asked of the run (``engine.runtime.run``)."""

    semantics: int
    instance: Instance

    @property
    def ask(self) -> Ask:
        """The operations."""

    def holds(self, text: str, place: Place, beside: Mapping[str, Any] | None = None) -> bool:
        """A condition."""

    def plain(self, text: str, place: Place) -> Any:
        """An expression as plain JSON, for the operations."""

    def naming(self, text: str, place: Place, element: str, what: Words) -> str:
        """The text or number by which an expression names something."""


def opened(run: Run) -> tuple[OpenedTask, ...]:
    """The tasks that wait for a person since this run. Raises what their expressions and the operations raise."""
    asking = _Asking(run)
    return tuple(asking.task(number, token) for number, token in run.instance.opened.items())


class _Asking:
    """Keeps the answers of one run, by what was asked."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._answers: dict[str, object] = {}
        self._holders: dict[str, Holder] = {}
        self._each = run.semantics >= HOLDER_PER_INSTANCE
        self._many = self._each and len(run.instance.opened) > 1

    def task(self, number: int, token: Token) -> OpenedTask:
        """One task, as its token sees the case."""
        element, cases = token.task_spec.element, self._other_cases(token)
        instances = _instances(token) if self._run.semantics >= INSTANCES_APART else None
        if self._each or element.id not in self._holders:
            self._holders[element.id] = self._once("assignment", self._assignment(token, cases, instances))
        holder = self._holders[element.id]
        due = self._once("deadline", self._deadline(token)) if element.deadline is not None else None
        return OpenedTask(number, element.id, holder["candidate"], holder["organisation"], due, cases, instances)

    def _once(self, name: str, parameters: Mapping[str, Any]) -> Any:
        if not self._many:
            return self._run.ask(name, parameters)
        asked = f"{name} {parameters}"
        if asked not in self._answers:
            self._answers[asked] = self._run.ask(name, parameters)
        return self._answers[asked]

    def _assignment(self, token: Token, cases: tuple[str, ...], instances: str | None) -> Mapping[str, Any]:
        element = token.task_spec.element
        held = [one for one in element.assignments if not one.when or self._run.holds(one.when, token)]
        assignments = [
            [one.role, one.where, list(one.kinds)]
            + ([self._run.plain(one.of, token), one.register, one.field] if one.by_data else [])
            for one in held
        ]
        asked: dict[str, object] = {"assignments": assignments, "element": element.id}
        if cases:
            asked["cases"] = list(cases)
        return {**asked, "instances": instances} if instances else asked

    def _deadline(self, token: Token) -> Mapping[str, Any]:
        element, run = token.task_spec.element, self._run
        deadline = element.deadline
        assert deadline is not None
        asked = {"working_days": run.plain(deadline.working_days, token), "warn_days": deadline.warn_days}
        return asked | ({"since": run.plain(deadline.since, token), "element": element.id} if deadline.since else {})

    def _other_cases(self, token: Token) -> tuple[str, ...]:
        """The numbers of the cases whose actors must stand aside, and ``@login`` of people who must.

        Raises ExpressionFailed for what is no number.
        """
        element = token.task_spec.element
        if not self._each:
            return ()
        cases = (self._run.naming(text, token, element.id, _OTHER_CASE) for text in element.not_actor_of_cases)
        return (*cases, *(one for text in element.not_people for one in people_of(self._run.plain(text, token))))


def _instances(token: Token) -> str | None:
    """The instances of multi-instance sub-processes that a token is in (``OpenedTask.instances``)."""
    found: list[str] = []
    scope = token.around
    while (owner := scope.owner) is not None:
        if owner.task_spec.private:
            found.append(f"{owner.label}:{scope.number}")
        scope = owner.around
    return "/".join(reversed(found)) or None
